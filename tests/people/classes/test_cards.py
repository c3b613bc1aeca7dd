"""Cards: letters that can be printed again, what a person types, another card."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.errors import NotFound
from contest.infra.chance import LETTERS
from contest.ledger.queries import entries_of
from contest.people.classes import card_commands, card_queries
from contest.people.classes.card_commands import PrintedCard
from contest.people.classes.cards import (
    CARD_LETTERS,
    CLASS_CODE_LETTERS,
    Card,
    card_letters,
    scanned_card,
    typed_card,
)
from contest.people.classes.queries import ClassView
from contest.people.sign_in.queries import session_of
from contest.people.tokens import digest
from tests.people.classes.holding import LAN, card_of, class_of_two, renew
from tests.people.classes.teaching import KEY, bring_in, pupils, remove
from tests.world import World

CODES = st.text(LETTERS, min_size=CLASS_CODE_LETTERS, max_size=CLASS_CODE_LETTERS)
OWN = st.text(LETTERS, min_size=CARD_LETTERS, max_size=CARD_LETTERS)


@given(st.text(), st.integers(1, 10_000))
def test_the_same_key_pupil_and_serial_always_give_the_same_letters(ref: str, serial: int):
    letters = card_letters(KEY, ref, serial)

    assert letters == card_letters(KEY, ref, serial)
    assert len(letters) == CARD_LETTERS
    assert set(letters) <= set(LETTERS)
    assert letters != card_letters(KEY, ref, serial + 1)
    assert letters != card_letters(b"x" * 64, ref, serial)


@given(CODES, OWN)
def test_a_scanned_address_is_the_card_again(code: str, letters: str):
    card = Card(code, letters)

    assert scanned_card(card.path.removeprefix("/the/")) == card


@given(CODES, OWN, st.sampled_from(["", " ", "-", " - "]), st.booleans())
def test_spaces_dashes_small_letters_and_look_alikes_are_forgiven(
    code: str, letters: str, between: str, is_small: bool
):
    def as_typed(text: str) -> str:
        halves = f" {text[:4]}{between}{text[4:]} ".translate(str.maketrans("01V", "OIU"))
        return halves.lower() if is_small else halves

    assert typed_card(as_typed(code), as_typed(letters)) == Card(code, letters)
    assert typed_card("", as_typed(code) + as_typed(letters)) == Card(code, letters)


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_typed_is_a_card_or_none(code: str, letters: str):
    found = typed_card(code, letters)

    assert found is None or (len(found.class_code), len(found.letters)) == (6, 8)
    assert scanned_card(code) is None or len(code) >= 14


@pytest.mark.parametrize(
    "text", ["", "ABC", "ABCDEF", "ABCDEF-ABCDEFG", "ABCDEF-ABCDEFGHJ", "ếếếế"]
)
def test_what_is_too_short_too_long_or_no_letters_is_no_card(text: str):
    assert scanned_card(text) is None


def printed(world: World, this: ClassView, only: str | None = None, key: bytes = KEY):
    present = [each.ref for each in pupils(world, this)]
    return world.db.write(
        card_commands.print_cards,
        class_id=this.id,
        pupils=present if only is None else [only],
        secret_key=key,
        by=world.ref("nam"),
        now=world.clock(),
    )


def holder(world: World, card: Card) -> str | None:
    with world.db.read() as tx:
        found = card_queries.holder(tx, card)
    return found.full_name if found else None


def why_over(world: World, card: Card) -> str:
    with world.db.read() as tx:
        return card_queries.why_over(tx, card, secret_key=KEY)


def test_a_card_that_is_printed_twice_is_the_same_card(world: World):
    this, lan, an = class_of_two(world)

    first, second = printed(world, this), printed(world, this)

    assert first == second
    assert first == [
        PrintedCard(ref=lan.ref, full_name="Đỗ Ngọc Lan", card=card_of(this, lan)),
        PrintedCard(ref=an.ref, full_name="Nguyễn Văn An", card=card_of(this, an)),
    ]
    assert holder(world, first[0].card) == "Đỗ Ngọc Lan"


def test_printing_is_in_the_ledger_with_counts_only(world: World):
    this, lan, _ = class_of_two(world)
    printed(world, this)
    printed(world, this, only=lan.ref)

    with world.db.read() as tx:
        entries = [
            each
            for each in entries_of(tx, subject=f"class:{this.ref}")
            if each.kind == "people.print_cards"
        ]

    assert sorted(each.facts["cards"] for each in entries) == [1, 2]
    assert all(set(each.facts) == {"cards", "replaced"} for each in entries)
    assert all(each.by == world.ref("nam") for each in entries)


def test_after_the_installation_got_another_key_printing_replaces_the_cards(world: World):
    this, lan, _ = class_of_two(world)
    old, session = card_of(this, lan), signed_in(world, lan.account_id)
    # The old cards are still in the children's hands, and work until they are replaced.
    assert holder(world, old) == "Đỗ Ngọc Lan"

    first = printed(world, this, key=b"n" * 64)
    again = printed(world, this, key=b"n" * 64)

    assert first == again
    assert [each.card_serial for each in pupils(world, this)] == [2, 2]
    assert holder(world, first[0].card) == "Đỗ Ngọc Lan"
    assert holder(world, old) is None
    assert is_signed_in(world, session)
    with world.db.read() as tx:
        (entry,) = [e for e in entries_of(tx, subject=lan.ref) if e.kind == "people.renew_card"]
    assert entry.facts == {"class": this.ref, "serial": 2, "why": "other-key"}


def signed_in(world: World, account_id: int) -> str:
    world.accounts["pupil"] = account_id
    return world.session("pupil")


def is_signed_in(world: World, session: str) -> bool:
    with world.db.read() as tx:
        return session_of(tx, digest(session), world.clock()) is not None


def test_a_new_card_ends_the_old_one_and_the_sessions(world: World):
    this, lan, an = class_of_two(world)
    session, old = signed_in(world, lan.account_id), card_of(this, lan)

    done = renew(world, this, lan)

    assert done == card_commands.Renewed(account_id=lan.account_id, is_new=True)
    new = printed(world, this)[0].card
    assert holder(world, old) is None
    assert why_over(world, old) == "renewed"
    assert holder(world, new) == "Đỗ Ngọc Lan"
    assert holder(world, card_of(this, an)) == "Nguyễn Văn An"
    assert not is_signed_in(world, session)
    with world.db.read() as tx:
        (entry,) = [e for e in entries_of(tx, subject=lan.ref) if e.kind == "people.renew_card"]
    assert entry.facts == {"class": this.ref, "serial": 2}


def test_a_second_press_keeps_the_card_that_may_be_printed_already(world: World):
    this, lan, _ = class_of_two(world)
    renew(world, this, lan)
    first = printed(world, this)[0]

    done = renew(world, this, lan)

    assert not done.is_new
    assert printed(world, this)[0] == first


def test_only_who_is_in_the_class_gets_a_card(world: World):
    this, lan, an = class_of_two(world)
    remove(world, this, lan.ref)

    with pytest.raises(NotFound):
        renew(world, this, lan)
    assert printed(world, this, only=lan.ref) == []
    with pytest.raises(NotFound):
        renew(world, this, msgspec.structs.replace(an, ref="X" * 16))
    assert [each.ref for each in printed(world, this)] == [an.ref]


def test_who_left_is_told_so_and_who_comes_back_finds_the_card_good_again(world: World):
    this, lan, _ = class_of_two(world)
    card = card_of(this, lan)
    remove(world, this, lan.ref)

    assert holder(world, card) is None
    assert why_over(world, card) == "left"
    bring_in(world, this, [LAN])
    assert holder(world, card) == "Đỗ Ngọc Lan"


def test_letters_nobody_ever_had_tell_nothing(world: World):
    this, _, _ = class_of_two(world)

    assert why_over(world, Card(this.code, "00000000")) == "wrong"
    assert why_over(world, Card("000000", "00000000")) == "no-class"
