"""save_answer: works · wrong person · too late · twice · stale tabs · bad input."""

import threading
from datetime import timedelta

import pytest

from contest.errors import Invalid, NotFound
from contest.quiz import queries
from contest.quiz.papers import PREDICTION
from contest.quiz.timing import SaveVerdict
from tests.world import World


@pytest.fixture
def code(world: World) -> str:
    world.open_edition()
    world.person("minh")
    world.person("hoa")
    return world.start("minh").code


def current(world: World, code: str) -> dict[int, int | None]:
    attempt = world.attempt("minh", code)
    with world.db.read() as tx:
        found = queries.current_answers(tx, attempt.id)
    return {place: answer.value for place, answer in found.items()}


def test_an_answer_is_kept_as_the_file_orders_its_choices(world: World, code: str) -> None:
    attempt = world.attempt("minh", code)
    saved = world.save("minh", code, 1, (1,))

    assert (saved.verdict, saved.n, saved.current_shown) == (SaveVerdict.COUNTED, 1, (1,))
    assert current(world, code) == {1: 1 << attempt.items[0].order[1]}


def test_two_tabs_at_once_are_both_kept_each_under_a_number_of_its_own(
    world: World, code: str
) -> None:
    verdicts: list[SaveVerdict] = []

    def save(tab: str) -> None:
        for _ in range(20):
            verdicts.append(world.save("minh", code, 1, (0,), tab=tab).verdict)

    threads = [threading.Thread(target=save, args=(tab,)) for tab in ("tab1", "tab2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(verdicts) == 40
    assert set(verdicts) == {SaveVerdict.COUNTED, SaveVerdict.STALE}
    assert list(current(world, code)) == [1]


def test_changing_ones_mind_keeps_both_and_counts_the_last(world: World, code: str) -> None:
    world.save("minh", code, 1, (0,))
    saved = world.save("minh", code, 1, (1,), based_on=1)

    assert saved.n == 2
    assert saved.current_shown == (1,)


def test_somebody_elses_attempt_does_not_exist(world: World, code: str) -> None:
    with pytest.raises(NotFound):
        world.save("hoa", code, 1, (0,))
    assert current(world, code) == {}


def test_a_retry_after_a_lost_acknowledgement_changes_nothing(world: World, code: str) -> None:
    world.save("minh", code, 1, (0,), seq=7)
    again = world.save("minh", code, 1, (0,), seq=7)

    assert (again.verdict, again.n) == (SaveVerdict.REPEATED, 1)


def test_a_stale_tab_is_told_and_its_answer_kept_but_not_current(world: World, code: str) -> None:
    world.save("minh", code, 1, (0,), tab="phone", seq=1)
    world.save("minh", code, 1, (1,), tab="laptop", seq=1, based_on=1)
    stale = world.save("minh", code, 1, (0,), tab="phone2", seq=1, based_on=1)

    assert stale.verdict is SaveVerdict.STALE
    assert stale.current_shown == (1,)
    assert stale.n == 2


def test_what_comes_within_the_grace_counts_and_later_is_kept_as_late(
    world: World, code: str
) -> None:
    deadline = world.attempt("minh", code).deadline_at

    within = world.save("minh", code, 1, (0,), received=deadline + timedelta(seconds=5))
    late = world.save("minh", code, 2, (0,), received=deadline + timedelta(seconds=5.001))

    assert within.verdict is SaveVerdict.COUNTED
    assert late.verdict is SaveVerdict.LATE
    assert set(current(world, code)) == {1}
    with world.db.read() as tx:
        assert queries.late_answers(tx, world.attempt("minh", code).id) == 1


def test_nothing_counts_after_the_submission(world: World, code: str) -> None:
    world.save("minh", code, 1, (0,))
    world.submit("minh", code)
    world.clock.tick(seconds=1)

    after = world.save("minh", code, 1, (1,), based_on=1)

    assert after.verdict is SaveVerdict.AFTER_SUBMISSION
    assert after.current_shown == (0,)


def test_a_save_received_before_the_submission_counts_though_written_after(
    world: World, code: str
) -> None:
    received = world.clock()
    world.clock.tick(seconds=1)
    world.submit("minh", code)

    assert world.save("minh", code, 1, (0,), received=received).verdict is SaveVerdict.COUNTED


def test_an_answer_can_be_taken_back(world: World, code: str) -> None:
    world.save("minh", code, 1, (0,))
    saved = world.save("minh", code, 1, (), based_on=1)

    assert saved.current_shown == ()
    assert current(world, code) == {1: None}


def test_a_prediction_is_kept_as_its_value(world: World, code: str) -> None:
    saved = world.save("minh", code, PREDICTION, prediction=4971)

    assert saved.current_prediction == 4971


@pytest.mark.parametrize(("place", "shown"), [(11, (0,)), (-1, (0,)), (1, (9,))])
def test_a_place_or_choice_that_is_not_there_is_refused(
    world: World, code: str, place: int, shown: tuple[int, ...]
) -> None:
    with pytest.raises(Invalid):
        world.save("minh", code, place, shown)
    assert current(world, code) == {}


def test_two_choices_where_one_is_asked_are_refused(world: World, code: str) -> None:
    attempt = world.attempt("minh", code)
    single = next(at for at, item in enumerate(attempt.items, 1) if item.type == "single")

    with pytest.raises(Invalid):
        world.save("minh", code, single, (0, 1))
