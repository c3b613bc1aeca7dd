"""Filing: works · somebody else's attempt · too early, too late · twice · too short, too many."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from contest.complaints import queries
from contest.complaints.commands import (
    MOST_A_ROUND,
    TEXT_AT_MOST,
    Filed,
    answer_complaint,
    file_complaint,
    withdraw_complaint,
)
from contest.errors import Closed, Conflict, Invalid, NotFound
from contest.infra.clock import HANOI
from contest.rules.deadlines import end_of_days, end_of_working_days
from contest.rulings.commands import propose_disqualification
from contest.standings import commands as standings
from contest.standings.settle import try_ruling
from tests.complaints.published import ANSWER, TEXT, attempt_of, decisions, published, the_complaint
from tests.world import World


def withdraw(world: World, handle: str, attempt: str, code: str) -> None:
    world.db.write(
        withdraw_complaint,
        complaint_code=code,
        attempt_code=attempt,
        account_id=world.accounts[handle],
        by=world.ref(handle),
        now=world.clock(),
    )


def test_a_complaint_waits_with_its_deadline(world: World) -> None:
    attempt = published(world)

    filed = world.complain("minh", attempt, f"  {TEXT}\r\n\r\nMinh  \n")

    kept = the_complaint(world, filed.complaint.code)
    assert (filed.is_new, kept.state, kept.text) == (True, "open", f"{TEXT}\n\nMinh")
    assert kept.due_at == end_of_working_days(world.clock(), 3, HANOI)


def test_the_ledger_knows_of_it_and_names_nobody(world: World) -> None:
    attempt = published(world)

    code = world.complain("minh", attempt).complaint.code
    withdraw(world, "minh", attempt, code)

    filed, withdrawn = decisions(world, code)
    assert (filed.kind, withdrawn.kind) == (
        "complaints.file_complaint",
        "complaints.withdraw_complaint",
    )
    assert filed.by == world.ref("minh")
    assert set(filed.facts) == {"round", "due_at"}
    assert withdrawn.facts == {}


def test_a_complaint_does_not_outdate_the_settlement(world: World) -> None:
    attempt = published(world)
    with world.db.read() as tx:
        before = standings.basis(tx, world.round().id)

    world.complain("minh", attempt)

    with world.db.read() as tx:
        assert standings.basis(tx, world.round().id) == before


def test_another_s_attempt_does_not_exist(world: World) -> None:
    attempt = published(world)
    code = world.complain("minh", attempt).complaint.code
    own = attempt_of(world, "hoa")

    with pytest.raises(NotFound, match="no-attempt"):
        world.complain("hoa", attempt)
    with pytest.raises(NotFound, match="no-attempt"):
        withdraw(world, "hoa", attempt, code)
    with pytest.raises(NotFound, match="no-complaint"):
        withdraw(world, "hoa", own, code)
    assert the_complaint(world, code).state == "open"


def test_before_publishing_there_is_nothing_to_complain_about(world: World) -> None:
    world.open_edition()
    attempt = world.play("minh")
    world.close()
    world.settle()

    with pytest.raises(Closed, match="not-published"):
        world.complain("minh", attempt)


def test_the_last_moment_counts_and_the_next_does_not(world: World) -> None:
    attempt = published(world, "minh", "hoa", complaints={"within_days": 2})
    until = end_of_days(world.clock(), 2, HANOI)

    world.clock.set(until)
    assert world.complain("minh", attempt).is_new
    world.clock.set(until + timedelta(milliseconds=1))
    with pytest.raises(Closed, match="complaint-period-over"):
        world.complain("hoa", attempt_of(world, "hoa"))


def test_an_adjustment_opens_the_period_again_and_who_is_out_may_complain(world: World) -> None:
    attempt = published(world)
    world.clock.tick(days=10)
    with pytest.raises(Closed):
        world.complain("minh", attempt)
    disqualify(world, "minh", attempt)

    assert world.complain("minh", attempt).is_new


def disqualify(world: World, handle: str, attempt: str) -> str:
    proposed = world.db.write(
        propose_disqualification,
        round_id=world.round().id,
        entrant_id=world.attempt(handle, attempt).entrant_id,
        reason="Một người dự thi bằng hai tài khoản.",
        by="tests",
        chance=world.chance,
        now=world.clock(),
    )
    try_ruling(world.db, proposed.code, world.clock)
    world.db.write(
        standings.decide_ruling, ruling_code=proposed.code, by="tests", now=world.clock()
    )
    return proposed.code


def test_one_waits_at_a_time_and_a_second_press_gives_it_back(world: World) -> None:
    attempt = published(world)
    first = world.complain("minh", attempt)

    again = world.complain("minh", attempt)
    other = world.complain("minh", attempt, "Một lời khác hẳn, cũng đủ dài để gửi.")

    assert (again.is_new, other.is_new) == (False, False)
    assert again.complaint == other.complaint == first.complaint
    assert len(decisions(world, first.complaint.code)) == 1


def test_of_four_presses_at_once_one_is_kept(world: World) -> None:
    attempt = published(world)
    by = world.ref("minh")

    def press(number: int) -> Filed:
        return world.db.write(
            file_complaint,
            attempt_code=attempt,
            account_id=world.accounts["minh"],
            text=TEXT,
            new_code=f"PRESS{number}",
            by=by,
            now=world.clock(),
        )

    with ThreadPoolExecutor(4) as pool:
        filed = list(pool.map(press, range(4)))

    assert sum(each.is_new for each in filed) == 1
    assert len({each.complaint.code for each in filed}) == 1


def test_another_round_and_another_person_have_complaints_of_their_own(world: World) -> None:
    attempt = published(world)

    assert world.complain("minh", attempt).is_new
    assert world.complain("hoa", attempt_of(world, "hoa")).is_new


def test_so_many_a_round_and_no_more(world: World) -> None:
    attempt = published(world)
    for _ in range(MOST_A_ROUND):
        withdraw(world, "minh", attempt, world.complain("minh", attempt).complaint.code)

    with pytest.raises(Conflict, match="complaints-used"):
        world.complain("minh", attempt)


def test_too_little_or_too_much_is_refused(world: World) -> None:
    attempt = published(world)

    for text in ("", " \n " * 30, "Quá ngắn", "a" * (TEXT_AT_MOST + 1)):
        with pytest.raises(Invalid, match="complaint-text"):
            world.complain("minh", attempt, text)


def test_withdrawn_is_withdrawn_and_answered_stays_answered(world: World) -> None:
    attempt = published(world)
    first = world.complain("minh", attempt).complaint.code
    withdraw(world, "minh", attempt, first)
    withdraw(world, "minh", attempt, first)
    assert len(decisions(world, first)) == 2

    second = world.complain("minh", attempt).complaint.code
    world.db.write(
        answer_complaint,
        complaint_code=second,
        outcome="rejected",
        answer=ANSWER,
        by="tests",
        now=world.clock(),
    )
    with pytest.raises(Conflict, match="complaint-answered"):
        withdraw(world, "minh", attempt, second)


def test_the_person_s_own_list_has_them_all_with_a_way_to_each(world: World) -> None:
    attempt = published(world)
    first = world.complain("minh", attempt).complaint.code
    withdraw(world, "minh", attempt, first)
    second = world.complain("minh", attempt).complaint.code

    with world.db.read() as tx:
        own = queries.own_complaints(tx, world.accounts["minh"])
        nobodys = queries.own_complaints(tx, world.accounts["hoa"])
    assert [(each.complaint.code, each.complaint.state) for each in own] == [
        (second, "open"),
        (first, "withdrawn"),
    ]
    assert {(each.edition_slug, each.round_slug, each.attempt_code) for each in own} == {
        ("thu-nghiem", "tuan-1", attempt)
    }
    assert nobodys == []
