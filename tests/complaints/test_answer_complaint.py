"""Answering: works · twice · too late for it · what cannot be an answer; and the desk's lists."""

from datetime import timedelta

import pytest

from contest.complaints import queries
from contest.complaints.commands import answer_complaint
from contest.complaints.queries import ComplaintView
from contest.errors import Conflict, Invalid, NotFound
from tests.complaints.published import ANSWER, attempt_of, decisions, published, the_complaint
from tests.complaints.test_file_complaint import disqualify, withdraw
from tests.world import World


def answer(
    world: World,
    code: str,
    outcome: str = "rejected",
    words: str = ANSWER,
    ruling: str = "",
) -> ComplaintView:
    return world.db.write(
        answer_complaint,
        complaint_code=code,
        outcome=outcome,
        answer=words,
        ruling_code=ruling,
        by="ORGANISER",
        now=world.clock(),
    )


def test_an_answer_names_its_outcome_its_ruling_and_its_time(world: World) -> None:
    attempt = published(world)
    ruling = disqualify(world, "hoa", attempt_of(world, "hoa"))
    code = world.complain("minh", attempt).complaint.code
    world.clock.tick(hours=5)

    answer(world, code, "upheld", f" {ANSWER}\r\n", ruling)

    kept = the_complaint(world, code)
    assert (kept.state, kept.answer, kept.ruling) == ("upheld", ANSWER, ruling)
    assert (kept.answered_by, kept.answered_at) == ("ORGANISER", world.clock())


def test_the_ledger_has_outcome_and_ruling_and_no_words(world: World) -> None:
    attempt = published(world)
    ruling = disqualify(world, "hoa", attempt_of(world, "hoa"))
    code = world.complain("minh", attempt).complaint.code

    answer(world, code, "upheld", ruling=ruling)

    entry = decisions(world, code)[-1]
    assert (entry.kind, entry.by) == ("complaints.answer_complaint", "ORGANISER")
    assert entry.facts == {"outcome": "upheld", "ruling": ruling}


def test_the_same_answer_again_changes_nothing_and_another_is_refused(world: World) -> None:
    code = world.complain("minh", published(world)).complaint.code
    first = answer(world, code)
    world.clock.tick(hours=1)

    assert answer(world, code) == first
    for other in (("upheld", ANSWER), ("rejected", ANSWER + " Xin cảm ơn.")):
        with pytest.raises(Conflict, match="complaint-answered"):
            answer(world, code, *other)
    assert the_complaint(world, code) == first
    assert len(decisions(world, code)) == 2


def test_what_was_withdrawn_is_not_answered(world: World) -> None:
    attempt = published(world)
    code = world.complain("minh", attempt).complaint.code
    withdraw(world, "minh", attempt, code)

    with pytest.raises(Conflict, match="complaint-withdrawn"):
        answer(world, code)


def test_what_is_no_answer_is_refused(world: World) -> None:
    attempt = published(world)
    code = world.complain("minh", attempt).complaint.code

    with pytest.raises(Invalid, match="no-outcome"):
        answer(world, code, "maybe")
    with pytest.raises(Invalid, match="answer-text"):
        answer(world, code, words="Không.")
    with pytest.raises(Invalid, match="no-ruling"):
        answer(world, code, ruling="0" * 16)
    with pytest.raises(NotFound, match="no-complaint"):
        answer(world, "0" * 12)
    assert the_complaint(world, code).state == "open"


def test_after_an_answer_one_may_complain_again(world: World) -> None:
    attempt = published(world)
    answer(world, world.complain("minh", attempt).complaint.code)

    assert world.complain("minh", attempt).is_new


def test_the_desk_counts_what_waits_and_what_waits_too_long(world: World) -> None:
    attempt = published(world, complaints={"within_days": 30, "answer_days": 1})
    round_id = world.round().id
    with world.db.read() as tx:
        none = queries.open_complaints(tx, [round_id], now=world.clock())
    first = world.complain("minh", attempt).complaint
    world.clock.set(first.due_at + timedelta(milliseconds=1))
    second = world.complain("hoa", attempt_of(world, "hoa")).complaint

    with world.db.read() as tx:
        both = queries.open_complaints(tx, [round_id], now=world.clock())
        elsewhere = queries.open_complaints(tx, [world.round("tuan-2").id], now=world.clock())
    assert (none.count, none.overdue, none.next_due) == (0, 0, None)
    assert (both.count, both.overdue, both.next_due) == (2, 1, first.due_at)
    assert elsewhere == none
    answer(world, first.code)
    with world.db.read() as tx:
        left = queries.open_complaints(tx, [round_id], now=world.clock())
    assert (left.count, left.overdue, left.next_due) == (1, 0, second.due_at)


def test_both_lists_are_read_page_by_page_without_a_gap(world: World) -> None:
    people = ("an", "binh", "chi", "diep", "giang")
    published(world, *people)
    codes = [world.complain(name, attempt_of(world, name)).complaint.code for name in people]

    with world.db.read() as tx:
        assert paged(tx, queries.waiting) == codes
        assert paged(tx, queries.closed) == []
    for code in codes[:3]:
        answer(world, code)
    with world.db.read() as tx:
        assert paged(tx, queries.waiting) == codes[3:]
        assert paged(tx, queries.closed) == [codes[2], codes[1], codes[0]]


def paged(tx: object, ask: object, limit: int = 2) -> list[str]:
    found: list[str] = []
    after = ""
    while True:
        lines = ask(tx, after=after, limit=limit)  # type: ignore[operator]
        found += [line.complaint.code for line in lines[:limit]]
        if len(lines) <= limit:
            return found
        after = lines[limit - 1].complaint.code
