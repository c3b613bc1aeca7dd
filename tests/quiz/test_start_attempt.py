"""start_attempt: works · wrong person · too early, too late · twice · bad input."""

import threading
from datetime import timedelta

import pytest

from contest.editions.queries import entrant
from contest.errors import Closed, Conflict
from contest.quiz.commands import Started
from tests.world import World


def test_the_paper_comes_from_the_stored_seed_and_the_clock_starts(world: World) -> None:
    world.open_edition()
    started = world.start("minh")
    attempt = world.attempt("minh", started.code)

    assert started.is_new
    assert len(attempt.items) == 10
    assert attempt.deadline_at == world.clock() + timedelta(minutes=10)
    assert len({item.revision_id for item in attempt.items}) == 10


def test_a_second_tap_gives_the_same_paper_back(world: World) -> None:
    world.open_edition()
    first = world.start("minh")
    world.clock.tick(seconds=20)
    second = world.start("minh")

    assert (second.code, second.is_new) == (first.code, False)


def test_two_taps_at_once_draw_one_paper(world: World) -> None:
    world.open_edition()
    world.person("minh")
    found: list[Started] = []
    threads = [threading.Thread(target=lambda: found.append(world.start("minh"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({each.code for each in found}) == 1
    assert sum(each.is_new for each in found) == 1


def test_one_attempt_is_all_that_these_rules_allow(world: World) -> None:
    world.open_edition()
    world.submit("minh", world.start("minh").code)

    with pytest.raises(Conflict, match="attempts-used"):
        world.start("minh")


def test_where_the_rules_allow_more_a_second_attempt_may_follow(world: World) -> None:
    world.open_edition(attempt={"minutes": 10, "attempts": 2})
    first = world.start("minh").code
    world.submit("minh", first)

    assert world.start("minh").code != first


def test_an_organiser_may_not_enter(world: World) -> None:
    world.open_edition()
    with pytest.raises(Conflict, match="barred-role"):
        world.start("khanh")


def test_too_young_by_the_rules(world: World) -> None:
    world.open_edition(entry={"minimum_age": 60})
    with pytest.raises(Conflict, match="too-young"):
        world.start("minh")
    assert world.start("hoa").is_new


def test_before_the_opening_and_after_the_close_nobody_starts(world: World) -> None:
    world.open_edition()
    with pytest.raises(Closed, match="round-not-open"):
        world.start("minh", "tuan-2")
    world.clock.set(world.round().closes_at)
    with pytest.raises(Closed, match="round-closed"):
        world.start("minh")


def test_who_starts_late_has_until_the_close(world: World) -> None:
    world.open_edition()
    closes = world.round().closes_at
    world.clock.set(closes - timedelta(minutes=4))

    assert world.start("minh").deadline_at == closes


def test_the_unit_is_fixed_at_the_first_start(world: World) -> None:
    world.open_edition()
    world.start("minh")
    with world.db.read() as tx:
        found = entrant(tx, world.edition().id, world.accounts["minh"])

    assert found is not None
    assert len(found.entry_code) == 8
    assert found.entry_code != world.codes["minh"]
