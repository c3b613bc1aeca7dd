"""The parent by link: works, expires, is replaced, is taken back; what it never gives away."""

import pytest

from contest.errors import Conflict, Invalid
from contest.ledger.queries import entries_of
from contest.people.consent import PURPOSES, links
from contest.people.consent.machine import State
from contest.people.consent.queries import history, open_withdrawals, representatives
from tests.people.consent.families import (
    ELEVEN,
    FIVE,
    MOTHER,
    SIXTEEN_TOMORROW,
    TAKE_PART,
    THIRTY,
    WITH_NAME,
    child,
    is_named,
    letter,
    letters,
    make,
    opened,
    state,
)
from tests.server import Visitor
from tests.site import Site
from tests.world import World

EMAIL = "mai@example.vn"


def asked(site: Site, an: Visitor, email: str = EMAIL) -> str:
    """The child's account asks the mother; gives the address in her letter."""
    answer = an.post("/dong-y/lien-ket", {"email": email, "tiep": "/thi"})
    assert answer.headers["location"] == "/dong-y?tiep=/thi&xong=thu"
    assert "m••••@example.vn" in an.get("/dong-y").text
    to, address = letter(site.world)
    assert to == email
    return address


def test_a_mother_signs_by_her_own_link_and_the_name_appears(site: Site):
    an = child(site, "an", ELEVEN)
    an.post("/dong-y/em", WITH_NAME)
    address = asked(site, an)

    mother = opened(site, address)
    page = mother.get(address)
    for words in ("Lê Bảo An", "Trường Tiểu học Hoa Gạo", "L. B. An"):
        assert words in page.text
    assert "checked" not in page.text
    assert page.text.count("Con đã chọn điều này") == 2
    signed = mother.post(address, WITH_NAME | MOTHER)

    assert signed.headers["location"] == f"{address}?xong=ky"
    assert is_named(site.world, "an")
    again = mother.get(signed.headers["location"])
    assert "Đỗ Thị Mai" in again.text
    assert 'name="full_name"' not in again.text
    with site.world.db.read() as tx:
        (known,) = representatives(tx, site.world.accounts["an"])
        signatures = history(tx, site.world.accounts["an"])
    assert (known.email, known.relation) == (EMAIL, "mother")
    hers = [each for each in signatures if each.signer == "representative"]
    assert {each.proof for each in hers} == {"link"}
    assert {each.given_by for each in hers} == {known.ref}


def test_she_signs_for_what_the_child_did_not_choose_and_it_waits(site: Site):
    an = child(site, "an", ELEVEN)
    an.post("/dong-y/em", TAKE_PART)
    address = asked(site, an)

    opened(site, address).post(address, WITH_NAME | MOTHER)

    assert state(site.world, "an", "name-on-boards") is State.NEEDS_CHILD
    assert not is_named(site.world, "an")


def test_her_link_makes_good_for_the_same_phone(site: Site):
    an = child(site, "an", ELEVEN)
    an.post("/dong-y/em", WITH_NAME)
    an.post("/dong-y/phu-huynh", {"agrees": "1", **MOTHER})
    address = asked(site, an)

    answer = opened(site, address).post(address, {"name-on-boards": "1", **MOTHER})

    assert answer.status_code == 303
    assert is_named(site.world, "an")


@pytest.mark.parametrize("taken_back", ["name-on-boards", "take-part"])
def test_she_takes_back_one_or_all_by_the_same_link(site: Site, taken_back: str):
    an = child(site, "an", ELEVEN)
    an.post("/dong-y/em", WITH_NAME)
    address = asked(site, an)
    mother = opened(site, address)
    mother.post(address, WITH_NAME | MOTHER)

    site.world.clock.tick(days=90)  # long after one could first sign by it
    assert mother.get(address).status_code == 200
    for _ in range(2):
        answer = mother.post(address, {"withdraw": taken_back})
        assert answer.headers["location"] == f"{address}?xong=rut"

    assert not is_named(site.world, "an")
    takes_part = state(site.world, "an", "take-part")
    assert (takes_part is State.STANDS) == (taken_back == "name-on-boards")
    with site.world.db.read() as tx:
        (case,) = open_withdrawals(tx, limit=5)
        (known,) = representatives(tx, site.world.accounts["an"])
        last = entries_of(tx, site.world.ref("an"))[-1]
    assert case.by_whom == "representative"
    assert (last.kind, last.by) == ("people.withdraw_consent", known.ref)


def test_the_child_too_takes_back_what_she_signed(site: Site):
    an = child(site, "an", ELEVEN)
    an.post("/dong-y/em", WITH_NAME)
    address = asked(site, an)
    mother = opened(site, address)
    mother.post(address, WITH_NAME | MOTHER)

    an.post("/dong-y/rut", {"purpose": "name-on-boards"})

    assert not is_named(site.world, "an")
    # Neither of the two brings it back alone.
    mother.post(address, {"name-on-boards": "1"})
    assert state(site.world, "an", "name-on-boards") is State.NEEDS_CHILD


def test_a_mother_who_knows_nothing_of_it_refuses_what_was_signed_in_her_name(site: Site):
    an = child(site, "an", ELEVEN)
    an.post("/dong-y/em", TAKE_PART)
    an.post("/dong-y/phu-huynh", {"agrees": "1", **MOTHER})
    address = asked(site, an)
    mother = opened(site, address)

    assert mother.post(address, {"withdraw": "take-part"}).status_code == 422
    answer = mother.post(address, {"withdraw": "take-part", **MOTHER})

    assert answer.headers["location"] == f"{address}?xong=rut"
    assert state(site.world, "an", "take-part") is State.NOT_GIVEN


def test_opening_the_link_uses_nothing_up_and_nothing_keeps_the_page(site: Site):
    address = asked(site, child(site, "an", FIVE))

    for _ in range(3):
        page = site.visitor().get(address)
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "same-origin"
    with site.world.db.read() as tx:
        assert history(tx, site.world.accounts["an"]) == []
    opened(site, address).post(address, TAKE_PART | MOTHER)
    assert state(site.world, "an", "take-part") is State.STANDS


def test_a_link_that_is_made_up_over_or_replaced_says_what_to_do(site: Site):
    an = child(site, "an", ELEVEN)
    first = asked(site, an)
    site.world.clock.tick(minutes=20)
    second = asked(site, an, "mai2@example.vn")
    mother = opened(site, second)

    for address in (first, "/dong-y/xac-nhan/" + "X" * 26):
        gone = mother.get(address)
        assert gone.status_code == 404
        assert "Lê Bảo An" not in gone.text
        assert "gửi lại thư" in gone.text
        assert gone.headers["cache-control"] == "no-store"
        assert mother.post(address, TAKE_PART | MOTHER).status_code == 404
    site.world.clock.tick(days=30)
    assert mother.get(second).status_code == 404
    assert mother.post(second, TAKE_PART | MOTHER).status_code == 404


def test_her_link_ends_with_the_sixteenth_birthday(site: Site):
    an = child(site, "an", SIXTEEN_TOMORROW)
    address = asked(site, an)
    mother = opened(site, address)
    mother.post(address, TAKE_PART | MOTHER)

    site.world.clock.tick(days=1)

    assert mother.get(address).status_code == 404
    assert an.post("/dong-y/lien-ket", {"email": EMAIL}).headers["location"] == "/dong-y"
    assert letters(site.world) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"full_name": "Lê Bảo An"}, "full_name"),
        ({"relation": ""}, "relation"),
        ({"take-part": ""}, "take-part"),
    ],
)
def test_her_form_that_is_not_whole_is_kept_as_typed(
    site: Site, changes: dict[str, str], field: str
):
    address = asked(site, child(site, "an", ELEVEN))
    mother = opened(site, address)

    refused = mother.post(address, WITH_NAME | MOTHER | changes)

    assert refused.status_code == 422
    assert f'href="#f-{field}"' in refused.text
    assert 'name="name-on-boards" value="1" checked' in refused.text
    with site.world.db.read() as tx:
        assert history(tx, site.world.accounts["an"]) == []


def test_somebody_who_ticks_nothing_is_told_so_once_taking_part_is_signed(site: Site):
    an = child(site, "an", ELEVEN)
    address = asked(site, an)
    mother = opened(site, address)
    mother.post(address, TAKE_PART | MOTHER)

    refused = mother.post(address, {})

    assert refused.status_code == 422
    assert 'href="#f-ticks"' in refused.text


@pytest.mark.parametrize("email", ["", "mai", "an@example.vn", "AN@example.vn"])
def test_a_letter_goes_to_an_address_that_is_not_the_account_s_own(site: Site, email: str):
    an = child(site, "an", ELEVEN, email="an@example.vn")

    refused = an.post("/dong-y/lien-ket", {"email": email})

    assert refused.status_code == 422
    assert 'href="#f-email"' in refused.text
    assert f'value="{email}"' in refused.text
    assert letters(site.world) == 0


def test_nobody_s_mailbox_is_filled(site: Site):
    an = child(site, "an", ELEVEN)
    for _ in range(3):
        assert an.post("/dong-y/lien-ket", {"email": EMAIL}).status_code == 303

    refused = an.post("/dong-y/lien-ket", {"email": EMAIL})

    assert refused.status_code == 429
    assert f'value="{EMAIL}"' in refused.text
    assert letters(site.world) == 3


def test_all_five_are_signed_and_then_nothing_is_left_to_tick(site: Site):
    address = asked(site, child(site, "an", FIVE))
    mother = opened(site, address)

    mother.post(address, dict.fromkeys(PURPOSES, "1") | MOTHER)

    assert {state(site.world, "an", each) for each in PURPOSES} == {State.STANDS}
    assert 'type="checkbox"' not in mother.get(address).text


def test_the_commands_keep_the_rules_themselves(world: World):
    def ask(handle: str, email: str) -> None:
        world.db.write(
            links.ask_representative,
            account_id=world.accounts[handle],
            email=email,
            token_digest="0" * 64,
            subject="",
            body="",
            by="tests",
            now=world.clock(),
        )

    make(world, "an", ELEVEN, email="an@example.vn")
    make(world, "binh", THIRTY)
    with pytest.raises(Invalid, match="own-email"):
        ask("an", "an@example.vn")
    with pytest.raises(Conflict, match="of-age"):
        ask("binh", EMAIL)
    with world.db.read() as tx:
        assert links.sent_link(tx, world.accounts["an"], world.clock()) is None
