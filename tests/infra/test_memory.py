"""What is remembered is asked for again in time, by one at a time, and nobody waits for an answer
that stood before."""

import threading
from datetime import UTC, datetime, timedelta

from contest.infra.memory import Memory
from tests.clock import MovableClock

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Asked:
    """Counts how often it is asked; `takes` passes on the clock meanwhile."""

    def __init__(self, clock: MovableClock, takes: timedelta = timedelta()) -> None:
        self.clock, self.takes, self.times = clock, takes, 0

    def __call__(self) -> int:
        self.times += 1
        self.clock.tick(seconds=self.takes.total_seconds())
        return self.times


def test_an_answer_is_kept_as_long_as_was_said_and_says_of_when_it_is() -> None:
    clock = MovableClock(NOW)
    memory, ask = Memory(clock, MINUTE), Asked(clock)

    assert [memory.of("a", ask), memory.of("a", ask), memory.of("b", ask)] == [1, 1, 2]
    assert memory.asked_at("a") == NOW
    clock.tick(seconds=60)
    assert memory.of("a", ask) == 3
    assert memory.asked_at("a") == NOW + MINUTE
    assert memory.asked_at("c") is None
    memory.forget()
    assert memory.of("b", ask) == 4


def test_what_took_long_is_kept_longer_and_some_for_good() -> None:
    clock = MovableClock(NOW)
    memory = Memory(clock, MINUTE, times_its_cost=30)
    slow, fixed = Asked(clock, takes=timedelta(seconds=6)), Asked(clock)

    assert memory.of("slow", slow) == 1
    assert memory.of("fixed", fixed, for_good=True) == 1
    clock.tick(seconds=170)
    assert memory.of("slow", slow) == 1
    clock.tick(seconds=11)
    assert memory.of("slow", slow) == 2
    clock.tick(days=400)
    assert memory.of("fixed", fixed, for_good=True) == 1


def test_while_one_asks_the_others_are_told_what_stood_before() -> None:
    clock = MovableClock(NOW)
    memory = Memory(clock, MINUTE, stale_for=2 * MINUTE)
    assert memory.of("a", lambda: "old") == "old"
    clock.tick(minutes=2)
    is_asking, may_answer = threading.Event(), threading.Event()

    def ask_slowly() -> str:
        is_asking.set()
        assert may_answer.wait(10)
        return "new"

    first = threading.Thread(target=memory.of, args=("a", ask_slowly))
    first.start()
    assert is_asking.wait(10)

    assert memory.of("a", lambda: "a second one") == "old"

    may_answer.set()
    first.join(10)
    assert memory.of("a", lambda: "a second one") == "new"


def test_an_answer_that_fails_is_not_remembered() -> None:
    memory = Memory(MovableClock(NOW), MINUTE)

    def fail() -> int:
        raise ZeroDivisionError

    for _ in range(2):
        try:
            memory.of("a", fail)
        except ZeroDivisionError:
            continue
        raise AssertionError("it was remembered")
    assert memory.of("a", lambda: 1) == 1
