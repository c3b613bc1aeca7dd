"""Submitting: once, by oneself or by the clock, and the same receipt ever after."""

from datetime import timedelta

import pytest

from contest.errors import NotFound
from contest.quiz import answering
from contest.quiz.answering import Save
from contest.quiz.timing import SaveVerdict
from tests.world import World


def test_a_receipt_is_given_and_given_again(world: World) -> None:
    world.open_edition()
    code = world.start("minh").code
    world.clock.tick(minutes=3, seconds=2.5)
    first = world.submit("minh", code)
    world.clock.tick(minutes=1)
    again = world.submit("minh", code)

    assert (first.is_new, again.is_new) == (True, False)
    assert first.receipt == again.receipt
    assert len(first.receipt) == 12
    assert first.time_used_ms == again.time_used_ms == 182_500


def test_a_stranger_cannot_submit_it(world: World) -> None:
    world.open_edition()
    code = world.start("minh").code
    world.person("hoa")

    with pytest.raises(NotFound):
        world.submit("hoa", code)


def test_at_the_deadline_it_is_submitted_with_nobody_looking(world: World) -> None:
    world.open_edition()
    started = world.start("minh")
    world.clock.set(started.deadline_at + timedelta(seconds=5))
    assert world.sweep() == 0
    # However late the sweep runs, as after a restart, the deadline is the time of submission.
    world.clock.tick(hours=3)
    assert world.sweep() == 1

    attempt = world.attempt("minh", started.code)
    assert attempt.submitted_at == started.deadline_at
    assert attempt.submitted_by_itself is True
    assert attempt.time_used_ms == 600_000


def test_a_submission_within_the_grace_counts_as_handed_in(world: World) -> None:
    world.open_edition()
    started = world.start("minh")
    world.clock.set(started.deadline_at + timedelta(seconds=4))

    done = world.submit("minh", started.code)

    assert done.by_itself is False
    assert done.time_used_ms == 600_000


def test_too_late_it_ended_by_itself_before(world: World) -> None:
    world.open_edition()
    started = world.start("minh")
    world.clock.set(started.deadline_at + timedelta(minutes=2))

    done = world.submit("minh", started.code)

    assert done.by_itself is True
    assert done.submitted_at == started.deadline_at


def _form(
    attempt_items: int, answers: dict[int, tuple[int, ...]], tab: str, **based: int
) -> list[Save]:
    return [
        Save(
            position=place,
            shown=answers.get(place, ()),
            tab=tab,
            seq=1,
            based_on=based.get(f"r{place}", 0),
        )
        for place in range(1, attempt_items + 1)
    ]


def test_a_whole_form_saves_only_what_was_touched(world: World) -> None:
    world.open_edition()
    code = world.start("minh").code
    world.save("minh", code, 3, (1,), tab="phone")

    saved = world.db.write(
        answering.save_paper,
        attempt_code=code,
        account_id=world.accounts["minh"],
        saves=_form(10, {1: (0,)}, "form"),
        received=world.clock(),
    )

    # Question 3 stands blank in the form, as it did when the page was made: not touched.
    assert [(each.position, each.verdict) for each in saved] == [(1, SaveVerdict.COUNTED)]


def test_handing_in_a_stale_form_submits_nothing(world: World) -> None:
    world.open_edition()
    code = world.start("minh").code
    world.save("minh", code, 1, (1,), tab="phone")
    facts = {
        "attempt_code": code,
        "account_id": world.accounts["minh"],
        "received": world.clock(),
        "chance": world.chance,
    }

    saved, submitted = world.db.write(
        answering.hand_in, saves=_form(10, {1: (0,)}, "form"), **facts
    )
    assert submitted is None
    assert saved[0].verdict is SaveVerdict.STALE
    assert saved[0].current_shown == (1,)

    _, submitted = world.db.write(
        answering.hand_in, saves=_form(10, {1: (1,), 2: (0,)}, "form2", r1=1), **facts
    )
    assert submitted is not None
