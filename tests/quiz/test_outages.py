"""make_good_outage: works · again · overlapping · published · bad input; what follows from it."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from contest.bank.commands import load_bank
from contest.errors import Closed, Conflict, Invalid, NotFound, Unavailable
from contest.ledger import queries as ledger
from contest.quiz import queries as quiz
from contest.quiz.outages import commands
from contest.quiz.outages.models import OutageAttempt
from contest.quiz.outages.queries import OutageView, outages_of_round
from contest.quiz.queries import AttemptView
from contest.standings import boards
from contest.standings import queries as standings
from tests.world import World, bank_of

REASON = "Máy chủ mất điện ở trung tâm dữ liệu"


def make_good(
    world: World,
    began: datetime,
    ended: datetime,
    *,
    reopen: timedelta | None = timedelta(hours=24),
    reason: str = REASON,
) -> OutageView:
    return world.db.write(
        commands.make_good_outage,
        round_id=world.round().id,
        began_at=began,
        ended_at=ended,
        reopen_until=world.clock() + reopen if reopen else None,
        reason=reason,
        by="tests",
        chance=world.chance,
        now=world.clock(),
    )


def more_questions(world: World) -> None:
    world.db.write(load_bank, bank=bank_of("sealed-1", 4), by="tests", now=world.clock())


def out(world: World, minutes: float) -> tuple[datetime, datetime]:
    """Lets so many minutes of outage pass, the sweep included."""
    began = world.clock()
    ended = world.clock.tick(minutes=minutes)
    world.sweep()
    return began, ended


def questions(world: World, attempt: AttemptView) -> set[int]:
    return {item.revision_id for item in attempt.items}


def test_who_runs_gets_the_lost_time_and_ranks_by_the_share_of_it(world: World) -> None:
    world.open_edition()
    code = world.start("minh").code
    before = world.attempt("minh", code)
    world.clock.tick(minutes=4)
    made = make_good(world, *out(world, 5))

    after = world.attempt("minh", code)
    assert (made.extended, made.annulled, made.reopen_until) == (1, 0, None)
    assert after.deadline_at == before.deadline_at + timedelta(minutes=5)
    assert after.final_at == before.final_at + timedelta(minutes=5)
    assert (after.base_ms, after.allowed_ms) == (600_000, 900_000)
    # A save after the old deadline counts, as the deadline is read at each one.
    world.clock.tick(minutes=3)
    saved = world.save("minh", code, 1, (0,))
    assert saved.verdict.value == "counted"
    assert saved.left_ms == 180_000
    world.submit("minh", code)
    assert world.attempt("minh", code).ranking_time_ms == 480_000


def test_the_lost_time_may_run_past_the_close(world: World) -> None:
    world.open_edition()
    closes = world.clock.set(world.round().closes_at - timedelta(minutes=6))
    code = world.start("minh").code
    make_good(world, *out(world, 5))

    assert world.attempt("minh", code).deadline_at == closes + timedelta(minutes=11)


def test_who_ended_by_itself_in_it_takes_another_with_other_questions(world: World) -> None:
    world.open_edition()
    more_questions(world)
    first = world.start("minh").code
    world.clock.tick(minutes=8)
    began, ended = out(world, 30)
    made = make_good(world, began, ended)

    assert (made.extended, made.annulled) == (0, 1)
    assert world.attempt("minh", first).annulled_at == world.clock()
    again = world.start("minh").code
    one, other = world.attempt("minh", first), world.attempt("minh", again)
    assert not questions(world, one) & questions(world, other)
    assert other.number == 2
    world.submit("minh", again)
    with pytest.raises(Conflict, match="attempts-used"):
        world.start("minh")


def test_after_the_close_only_they_may_start_and_have_their_whole_time(world: World) -> None:
    world.open_edition(attempt={"minutes": 10, "attempts": 2})
    more_questions(world)
    world.clock.set(world.round().closes_at - timedelta(minutes=5))
    world.start("minh")
    began, ended = out(world, 30)
    made = make_good(world, began, ended)
    world.person("hoa")
    with pytest.raises(Closed, match="round-closed"):
        world.start("hoa")

    assert made.reopen_until is not None
    now = world.clock.set(made.reopen_until - timedelta(minutes=1))
    again = world.start("minh")
    assert again.deadline_at == now + timedelta(minutes=10)
    world.submit("minh", again.code)
    # Two attempts by the rules, but the one that was not made in time does not come back.
    with pytest.raises(Conflict, match="attempts-used"):
        world.start("minh")


def test_when_the_time_for_it_is_over_nobody_starts_again(world: World) -> None:
    world.open_edition()
    more_questions(world)
    world.clock.set(world.round().closes_at - timedelta(minutes=5))
    world.start("minh")
    made = make_good(world, *out(world, 30))
    assert made.reopen_until is not None
    world.clock.set(made.reopen_until)

    with pytest.raises(Closed, match="round-closed"):
        world.start("minh")


def test_a_pool_that_is_short_is_told_before_and_refuses_until_it_is_filled(world: World) -> None:
    world.open_edition()
    world.start("minh")
    world.clock.tick(minutes=8)
    began, ended = out(world, 30)
    with world.db.read() as tx:
        planned = commands.plan_outage(
            tx, round_id=world.round().id, began_at=began, ended_at=ended, now=world.clock()
        )
    assert (planned.annulled, planned.short) == (1, 1)

    make_good(world, began, ended)
    with pytest.raises(Unavailable, match="pool-short"):
        world.start("minh")
    more_questions(world)
    assert world.start("minh").is_new


def test_the_annulled_attempt_counts_nowhere_and_the_other_counts(world: World) -> None:
    world.open_edition()
    more_questions(world)
    code = world.start("minh").code
    attempt = world.attempt("minh", code)
    for place in range(1, 11):
        world.save("minh", code, place, world.key(attempt, place))
    world.clock.tick(minutes=8)
    made = make_good(world, *out(world, 30))
    with world.db.read() as tx:
        assert quiz.participation(tx, world.round().id).attempts == 0
    again = world.play("minh", right=7)
    world.close()
    assert made.reopen_until is not None
    world.settle()
    world.publish()

    with world.db.read() as tx:
        result = standings.publication(tx, world.round().id)
        assert result is not None
        (line,) = boards.board_lines(tx, result, first=1, last=9, now=world.clock())
        own = standings.own_standing(tx, result, attempt.entrant_id)
    assert (result.attempts, result.perfect, line.score_milli) == (1, 0, 7000)
    assert own is not None
    assert own.attempt_id == world.attempt("minh", again).id


def test_the_result_waits_until_nobody_may_take_it_again(world: World) -> None:
    world.open_edition()
    more_questions(world)
    world.play("hoa")
    world.clock.set(world.round().closes_at - timedelta(minutes=5))
    world.start("minh")
    made = make_good(world, *out(world, 30))
    assert made.reopen_until is not None
    world.clock.set(made.reopen_until - timedelta(minutes=1))
    with world.db.read() as tx:
        assert standings.rounds_to_settle(tx, world.clock()) == []
    code = world.start("minh").code
    # Their time runs on past it, and the result with it.
    world.clock.tick(minutes=5)
    with pytest.raises(Conflict, match="not-settled"):
        world.settle()
    world.submit("minh", code)
    world.settle()
    world.publish()


def test_who_handed_in_is_left_alone(world: World) -> None:
    world.open_edition()
    code = world.start("minh").code
    world.clock.tick(minutes=4)
    world.submit("minh", code)
    made = make_good(world, *out(world, 5))

    assert (made.extended, made.annulled) == (0, 0)
    assert world.attempt("minh", code).annulled_at is None


def test_extra_time_and_an_earlier_outage_make_long_attempts_and_all_are_found(
    world: World,
) -> None:
    world.open_edition()
    code = world.start("minh").code
    world.clock.tick(minutes=1)
    make_good(world, *out(world, 8))
    world.clock.tick(minutes=8)
    make_good(world, *out(world, 0.5), reason="Máy chủ lại mất điện lần thứ hai")

    assert world.attempt("minh", code).allowed_ms == (10 + 8) * 60_000 + 30_000


def test_the_same_form_again_does_nothing_more(world: World) -> None:
    world.open_edition()
    code = world.start("minh").code
    world.clock.tick(minutes=4)
    began, ended = out(world, 5)
    first = make_good(world, began, ended)
    deadline = world.attempt("minh", code).deadline_at
    world.clock.tick(seconds=10)

    assert make_good(world, began, ended, reason=f" {REASON} ") == first
    assert world.attempt("minh", code).deadline_at == deadline
    with world.db.read() as tx:
        assert len(outages_of_round(tx, world.round().id)) == 1


def test_the_same_moments_are_given_back_once(world: World) -> None:
    world.open_edition()
    world.start("minh")
    world.clock.tick(minutes=1)
    began, ended = out(world, 5)
    make_good(world, began, ended)

    with pytest.raises(Conflict, match="outage-overlaps"):
        make_good(world, began + timedelta(minutes=4), ended, reason="Cùng lúc ấy, kể lại")
    world.clock.tick(minutes=1)
    assert make_good(world, ended, world.clock(), reason="Ngay sau đó lại mất").extended == 1


def test_the_decision_stands_in_the_ledger_with_no_word_about_a_person(world: World) -> None:
    world.open_edition()
    world.start("minh")
    began, ended = out(world, 5)
    made = make_good(world, began, ended)
    with world.db.read() as tx:
        (entry,) = ledger.entries_of(tx, f"round:{world.round().id}")
        (row,) = tx.execute(sa.select(OutageAttempt)).all()

    assert entry.kind == "quiz.make_good_outage"
    assert set(entry.facts) == {
        "outage", "began_ms", "ended_ms", "reopen_until_ms", "extended", "annulled",
    }  # fmt: skip
    assert entry.facts["outage"] == made.code
    assert (row.effect, row.lost_ms) == ("extended", 300_000)


def test_after_publishing_nothing_is_given_back(world: World) -> None:
    world.open_edition()
    world.play("minh")
    world.close()
    world.settle()
    world.publish()
    began, ended = out(world, 5)

    with pytest.raises(Conflict, match="round-published"):
        make_good(world, began, ended)


def test_bad_input_names_its_field(world: World) -> None:
    world.open_edition()
    now = world.clock()
    ago = now - timedelta(minutes=5)

    def refused(**facts: object) -> tuple[str, object]:
        with pytest.raises(Invalid) as fault:
            make_good(world, **({"began": ago, "ended": now} | facts))  # type: ignore[arg-type]
        return fault.value.code, fault.value.facts["field"]

    assert refused(began=now, ended=ago) == ("outage-length", "ended_at")
    assert refused(ended=now + timedelta(minutes=1)) == ("outage-not-over", "ended_at")
    assert refused(reopen=-timedelta(hours=1)) == ("reopen-over", "reopen_until")
    assert refused(reason="Sự cố") == ("reason-needed", "reason")


def test_who_must_start_again_needs_to_be_told_until_when(world: World) -> None:
    world.open_edition()
    world.start("minh")
    began, ended = out(world, 30)

    with pytest.raises(Invalid, match="reopen-needed"):
        make_good(world, began, ended, reopen=None)
    with world.db.read() as tx:
        assert outages_of_round(tx, world.round().id) == []


def test_no_such_round(world: World) -> None:
    with pytest.raises(NotFound, match="no-round"):
        world.db.write(
            commands.make_good_outage,
            round_id=99,
            began_at=world.clock() - timedelta(minutes=5),
            ended_at=world.clock(),
            reopen_until=None,
            reason=REASON,
            by="tests",
            chance=world.chance,
            now=world.clock(),
        )
