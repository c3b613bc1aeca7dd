"""Papers: both signatures · the wrong age, day, proof · twice · after a withdrawal · by mistake."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from contest.errors import Conflict, Invalid, NotAllowed, NotFound
from contest.ledger.queries import entries_of
from contest.people.consent import NAME_ON_BOARDS, PRESS, PURPOSES, TAKE_PART, queries
from contest.people.consent.commands import sign, withdraw
from contest.people.consent.machine import Signer, State
from contest.people.consent.paper_queries import papers_of
from contest.people.consent.papers import Recorded, SignedBy, add_scan, record_paper, revoke_paper
from contest.people.consent.scans import fault_of, kind_of
from tests.people.consent import scans
from tests.people.consent.families import (
    ELEVEN,
    FIVE,
    SIXTEEN_TOMORROW,
    THIRTY,
    is_named,
    make,
    state,
)
from tests.world import World

MAI = SignedBy("Đỗ Thị Mai", "mother")
YESTERDAY = date(2026, 11, 23)
BOTH = (TAKE_PART, NAME_ON_BOARDS)


def record(world: World, handle: str = "an", **changes: Any) -> Recorded:
    """A paper signed yesterday by mother and child; `changes` override."""
    facts: dict[str, Any] = {
        "representative": MAI,
        "signed_on": YESTERDAY,
        "kept_where": "Tủ hồ sơ lớp 5A",
        "purposes_of_child": BOTH,
        "purposes_of_representative": BOTH,
        "form_key": "F" * 16,
        "by": world.ref("nam"),
    } | changes
    return world.db.write(
        record_paper,
        account_id=world.accounts[handle],
        chance=world.chance,
        now=world.clock(),
        **facts,
    )


def signatures_of(world: World, handle: str = "an") -> list[queries.SignatureLine]:
    with world.db.read() as tx:
        return queries.history(tx, world.accounts[handle])


def kinds(world: World, handle: str = "an") -> list[str]:
    with world.db.read() as tx:
        return [each.kind for each in entries_of(tx, world.ref(handle))]


def test_both_signatures_on_the_paper_make_a_consent_stand_and_show_the_name(world: World) -> None:
    make(world, "an", ELEVEN)

    made = record(world)

    assert made.is_new
    assert made.signed == BOTH
    assert state(world, "an", TAKE_PART) is State.STANDS
    assert is_named(world, "an")
    assert {(line.signer, line.proof, line.paper_ref) for line in signatures_of(world)} == {
        ("self", "paper", made.paper_ref),
        ("representative", "paper", made.paper_ref),
    }


@pytest.mark.parametrize(
    ("of_child", "of_parent", "missing"),
    [(BOTH, (), State.NEEDS_REPRESENTATIVE), ((), BOTH, State.NEEDS_CHILD)],
)
def test_one_signature_of_two_makes_nothing_stand(
    world: World, of_child: Sequence[str], of_parent: Sequence[str], missing: State
) -> None:
    make(world, "an", ELEVEN)

    record(world, purposes_of_child=of_child, purposes_of_representative=of_parent)

    assert state(world, "an", TAKE_PART) is missing
    assert not is_named(world, "an")


def test_what_only_one_of_the_two_wants_does_not_stand(world: World) -> None:
    make(world, "an", ELEVEN)

    record(world, purposes_of_child=(TAKE_PART,), purposes_of_representative=BOTH)

    assert state(world, "an", TAKE_PART) is State.STANDS
    assert state(world, "an", NAME_ON_BOARDS) is State.NEEDS_CHILD


def test_under_seven_the_parent_signs_alone_and_from_sixteen_oneself(world: World) -> None:
    make(world, "bi", FIVE)
    make(world, "tu", THIRTY)

    record(world, "bi", purposes_of_child=())
    record(world, "tu", representative=None, purposes_of_representative=())

    assert state(world, "bi", TAKE_PART) is State.STANDS
    assert state(world, "tu", NAME_ON_BOARDS) is State.STANDS
    with pytest.raises(Invalid, match="wrong-signer"):
        record(world, "bi")
    with pytest.raises(Invalid, match="wrong-signer"):
        record(world, "tu")


def test_at_the_desk_the_proof_is_the_desk(world: World) -> None:
    make(world, "an", ELEVEN)

    record(world, place="desk", by=world.ref("khanh"))

    assert {line.proof for line in signatures_of(world)} == {"desk"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"representative": SignedBy("", "mother")}, "full_name"),
        ({"representative": SignedBy("M4i", "mother")}, "full_name"),
        ({"representative": SignedBy("Đỗ Thị Mai", "aunt")}, "relation"),
        ({"representative": None}, "full_name"),
        ({"signed_on": date(2026, 11, 25)}, "signed_on"),
        ({"signed_on": date(2025, 11, 23)}, "signed_on"),
        ({"kept_where": "  "}, "kept_where"),
        ({"kept_where": "x" * 201}, "kept_where"),
        ({"purposes_of_child": (), "purposes_of_representative": ()}, "purposes"),
        ({"purposes_of_child": ("sell-data",), "purposes_of_representative": ()}, "purposes"),
    ],
)
def test_a_paper_says_who_signed_when_what_and_where_it_lies(
    world: World, changes: dict[str, Any], field: str
) -> None:
    make(world, "an", ELEVEN)

    with pytest.raises(Invalid) as refused:
        record(world, **changes)

    assert refused.value.facts["field"] == field
    assert signatures_of(world) == []


def test_a_scan_takes_the_place_of_where_the_paper_lies(world: World) -> None:
    make(world, "an", ELEVEN)

    made = record(world, kept_where="", scan_key="private/consents/ab/c")

    with world.db.read() as tx:
        (paper,) = papers_of(tx, world.accounts["an"])
    assert (paper.ref, paper.has_scan, paper.standing) == (made.paper_ref, True, BOTH)


def test_one_form_sent_twice_is_one_paper_and_other_words_are_another(world: World) -> None:
    make(world, "an", ELEVEN)

    first = record(world)
    again = record(world)
    other = record(world, purposes_of_child=(PRESS,), purposes_of_representative=(PRESS,))

    assert not again.is_new
    assert again.paper_ref == first.paper_ref
    assert other.is_new
    assert kinds(world).count("people.record_paper") == 2


def test_a_paper_that_adds_nothing_is_not_kept(world: World) -> None:
    make(world, "an", ELEVEN)
    record(world)

    with pytest.raises(Conflict, match="paper-adds-nothing"):
        record(world, form_key="G" * 16)

    with world.db.read() as tx:
        assert len(papers_of(tx, world.accounts["an"])) == 1


def test_what_was_withdrawn_after_the_paper_was_signed_does_not_come_back(world: World) -> None:
    make(world, "an", ELEVEN)
    world.agree("an", *BOTH)
    account_id = world.accounts["an"]
    world.db.write(
        withdraw, account_id=account_id, purposes=[NAME_ON_BOARDS], by="MOTHER", now=world.clock()
    )

    for day in (YESTERDAY, date(2026, 11, 24)):
        with pytest.raises(Conflict, match="withdrawn-since"):
            record(world, signed_on=day)
    assert not is_named(world, "an")

    record(world, signed_on=date(2026, 11, 24), place="desk", form_key="D" * 16)
    assert is_named(world, "an")


def test_a_new_paper_after_the_day_of_the_withdrawal_counts(world: World) -> None:
    make(world, "an", ELEVEN)
    record(world)
    account_id = world.accounts["an"]
    world.db.write(
        withdraw, account_id=account_id, purposes=[TAKE_PART], by="MOTHER", now=world.clock()
    )
    world.clock.tick(days=3)

    record(world, signed_on=date(2026, 11, 25))

    assert is_named(world, "an")


def test_who_turned_sixteen_since_signs_anew(world: World) -> None:
    make(world, "an", SIXTEEN_TOMORROW)
    world.clock.tick(days=2)

    with pytest.raises(Conflict, match="signed-at-other-age"):
        record(world, representative=None, purposes_of_representative=())

    today = world.clock().date()
    record(world, representative=None, purposes_of_representative=(), signed_on=today)
    assert state(world, "an", TAKE_PART) is State.STANDS


def test_a_child_who_was_under_seven_when_it_was_signed_signs_anew(world: World) -> None:
    make(world, "an", date(2019, 11, 24))  # seven today

    with pytest.raises(Conflict, match="signed-at-other-age"):
        record(world)

    record(world, purposes_of_child=())
    assert state(world, "an", TAKE_PART) is State.NEEDS_CHILD


def test_a_record_by_mistake_ends_what_it_signed_and_names_who_and_why(world: World) -> None:
    make(world, "an", ELEVEN)
    made = record(world)

    ended = world.db.write(
        revoke_paper,
        paper_ref=made.paper_ref,
        reason="wrong-person",
        by=world.ref("nam"),
        now=world.clock(),
    )

    assert ended == list(BOTH)
    assert not is_named(world, "an")
    with world.db.read() as tx:
        entry = entries_of(tx, world.ref("an"))[-1]
        assert queries.open_withdrawals(tx, limit=5) == []
    assert (entry.kind, entry.by) == ("people.revoke_paper", world.ref("nam"))
    assert entry.facts["reason"] == "wrong-person"


def test_a_record_by_mistake_gives_back_the_signature_whose_place_it_took(world: World) -> None:
    make(world, "an", ELEVEN)
    world.agree("an", *BOTH)
    world.clock.tick(minutes=5)
    made = record(world)

    revoke(world, made.paper_ref)

    assert is_named(world, "an")
    assert {line.proof for line in signatures_of(world) if line.withdrawn_at is None} == {
        "account",
        "link",
    }


def test_a_record_by_mistake_can_be_made_right_on_the_same_day(world: World) -> None:
    make(world, "an", ELEVEN)
    revoke(world, record(world).paper_ref)

    assert record(world, form_key="N" * 16).is_new
    assert is_named(world, "an")


def revoke(world: World, paper_ref: str, **changes: Any) -> list[str]:
    facts = {"reason": "other", "by": world.ref("nam")} | changes
    return world.db.write(revoke_paper, paper_ref=paper_ref, now=world.clock(), **facts)


def test_taking_a_record_back_twice_changes_nothing_and_needs_a_reason(world: World) -> None:
    make(world, "an", ELEVEN)
    made = record(world)

    with pytest.raises(Invalid, match="no-reason"):
        revoke(world, made.paper_ref, reason="because")
    revoke(world, made.paper_ref)
    before = kinds(world)
    assert revoke(world, made.paper_ref) == []
    assert kinds(world) == before
    with pytest.raises(NotFound, match="no-paper"):
        revoke(world, "X" * 16)


def test_a_teacher_changes_only_what_the_teacher_recorded(world: World) -> None:
    make(world, "an", ELEVEN)
    made = record(world, place="desk", by=world.ref("khanh"))
    nam = world.ref("nam")

    with pytest.raises(NotAllowed, match="not-own-paper"):
        revoke(world, made.paper_ref, only_by=nam)
    with pytest.raises(NotAllowed, match="not-own-paper"):
        world.db.write(
            add_scan,
            paper_ref=made.paper_ref,
            scan_key="private/a/b",
            only_by=nam,
            by=nam,
            now=world.clock(),
        )
    assert is_named(world, "an")


def test_a_consent_given_by_press_of_a_key_and_one_on_paper_go_together(world: World) -> None:
    make(world, "an", ELEVEN)
    signer: Signer = "self"
    world.db.write(
        sign,
        account_id=world.accounts["an"],
        purposes=PURPOSES,
        signer=signer,
        by="AN",
        now=world.clock() - timedelta(days=2),
    )

    record(world, purposes_of_child=(), purposes_of_representative=PURPOSES)

    assert {state(world, "an", each) for each in PURPOSES} == {State.STANDS}


@pytest.mark.parametrize("name", sorted(scans.GOOD))
def test_a_scan_is_known_by_its_bytes(name: str) -> None:
    content, kind = scans.GOOD[name]

    assert fault_of(content) is None
    assert kind_of(content) == kind


@pytest.mark.parametrize("name", sorted(scans.HOSTILE))
def test_what_is_no_scan_or_hides_something_is_refused(name: str) -> None:
    content, fault = scans.HOSTILE[name]

    assert fault_of(content) == fault
