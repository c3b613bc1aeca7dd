"""What an outage gives back, without a database: examples, then properties."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from contest.bank.draw import Candidate, NotEnough, draw
from contest.quiz.outages.planning import (
    AFTERMATH,
    GivenBack,
    Sat,
    Taken,
    attempts_left,
    count_short,
    given_back,
    lost_time,
    plan,
)
from contest.rules.shape import BlueprintCell

BEGAN = datetime(2026, 11, 29, 13, 0, tzinfo=UTC)
ENDED = BEGAN + timedelta(minutes=20)
GRACE = timedelta(seconds=10)


def at(minutes: float) -> datetime:
    """So many minutes after the outage began."""
    return BEGAN + timedelta(minutes=minutes)


def sat(start: float, end: float, number: int = 1, *, handed_in: float | None = None) -> Sat:
    return Sat(
        attempt_id=number,
        started_at=at(start),
        deadline_at=at(end),
        final_at=at(end) + GRACE,
        submitted_at=None if handed_in is None else at(handed_in),
        submitted_by_itself=None if handed_in is None else False,
    )


def ended_by_itself(start: float, end: float) -> Sat:
    return Sat(
        attempt_id=1,
        started_at=at(start),
        deadline_at=at(end),
        final_at=at(end) + GRACE,
        submitted_at=at(end),
        submitted_by_itself=True,
    )


def gets(attempt: Sat, now: float) -> tuple[str, float] | None:
    """The effect and the lost minutes."""
    found = given_back(attempt, began=BEGAN, ended=ENDED, now=at(now))
    return None if found is None else (found.effect, found.lost / timedelta(minutes=1))


def test_who_runs_gets_what_the_outage_took() -> None:
    assert gets(sat(12, 32), now=21) == ("extended", 8)
    assert gets(sat(-5, 25), now=21) == ("extended", 20)
    assert gets(sat(-5, 21), now=21.1) == ("extended", 20)


def test_who_ended_by_itself_in_it_or_right_after_may_start_again() -> None:
    assert gets(ended_by_itself(-5, 5), now=30) == ("annulled", 5)
    assert gets(ended_by_itself(11, 21), now=30) == ("annulled", 9)
    # Over, and the sweep has not come yet.
    assert gets(sat(-5, 5), now=30) == ("annulled", 5)


def test_whose_time_went_on_after_it_and_has_ended_gets_nothing() -> None:
    assert gets(ended_by_itself(15, 25), now=30) is None


def test_who_handed_in_is_left_alone() -> None:
    assert gets(sat(-8, 2, handed_in=-1), now=30) is None
    assert gets(sat(-5, 15, handed_in=3), now=30) is None
    assert gets(sat(12, 32, handed_in=21), now=22) is None


def test_who_only_touched_it_lost_nothing() -> None:
    assert gets(sat(20, 40), now=21) is None
    assert gets(ended_by_itself(-10, 0), now=21) is None


def test_the_aftermath_has_an_end() -> None:
    last = 20 + AFTERMATH / timedelta(minutes=1)
    assert gets(ended_by_itself(12, last), now=60) is not None
    assert gets(ended_by_itself(12, last + 0.01), now=60) is None


seconds = st.integers(-3600, 3600)


@st.composite
def sittings(draw: st.DrawFn, number: int = 1) -> Sat:
    start = draw(seconds)
    end = start + draw(st.integers(1, 2400))
    how = draw(st.sampled_from(["open", "by-hand", "by-itself"]))
    submitted = {"open": None, "by-itself": end, "by-hand": start + draw(st.integers(0, 2400))}[how]
    return Sat(
        attempt_id=number,
        started_at=BEGAN + timedelta(seconds=start),
        deadline_at=BEGAN + timedelta(seconds=end),
        final_at=BEGAN + timedelta(seconds=end) + GRACE,
        submitted_at=None if submitted is None else BEGAN + timedelta(seconds=submitted),
        submitted_by_itself=None if how == "open" else how == "by-itself",
    )


@given(sittings(), st.integers(0, 3600))
def test_nobody_loses_time_and_nobody_gets_more_than_the_outage(sitting: Sat, later: int) -> None:
    now = ENDED + timedelta(seconds=later)
    found = given_back(sitting, began=BEGAN, ended=ENDED, now=now)
    if found is None:
        return
    assert timedelta(0) < found.lost <= ENDED - BEGAN
    assert found.deadline_before == sitting.deadline_at
    if found.effect == "extended" and sitting.deadline_at >= ENDED:
        longer = sitting.deadline_at + found.lost
        outside = (longer - sitting.started_at) - lost_time(
            sitting.started_at, longer, BEGAN, ENDED
        )
        assert outside == sitting.deadline_at - sitting.started_at


@given(st.lists(st.integers(1, 10**6), unique=True, max_size=8), st.data())
def test_the_order_of_the_attempts_decides_nothing(numbers: list[int], data: st.DataObject) -> None:
    attempts = [data.draw(sittings(number)) for number in numbers]
    other = data.draw(st.permutations(attempts))

    def of(these: list[Sat]) -> dict[int, GivenBack]:
        now = ENDED + timedelta(minutes=1)
        return {each.attempt_id: each for each in plan(these, began=BEGAN, ended=ENDED, now=now)}

    assert of(attempts) == of(other)


@given(st.integers(1, 19), sittings())
def test_an_outage_told_in_two_parts_gives_a_running_attempt_the_same(cut: int, one: Sat) -> None:
    middle, now = at(cut), ENDED
    whole = lost_time(one.started_at, one.deadline_at, BEGAN, ENDED)
    parts = lost_time(one.started_at, one.deadline_at, BEGAN, middle) + lost_time(
        one.started_at, one.deadline_at, middle, now
    )
    assert parts == whole


def test_an_annulled_attempt_is_not_used_up_and_after_the_close_only_it_comes_again() -> None:
    first = Taken(started_at=at(-60), is_annulled=True)
    again = Taken(started_at=at(70), is_annulled=False)
    whole = Taken(started_at=at(-90), is_annulled=False)

    def left(allowed: int, *taken: Taken, now: float) -> int:
        return attempts_left(allowed, taken, closes_at=at(60), now=at(now))

    assert left(1, first, now=30) == 1
    assert left(1, first, now=65) == 1
    assert left(1, first, again, now=80) == 0
    # Two attempts by the rules: the one never made is not caught up on after the close.
    assert [left(2, first, now=30), left(2, first, now=65)] == [2, 1]
    assert left(2, first, again, now=80) == 0
    assert left(2, whole, first, now=65) == 1
    assert left(1, whole, now=65) == 0
    # A second outage took the second one as well.
    assert left(1, first, Taken(started_at=at(70), is_annulled=True), now=80) == 1


cells = st.lists(
    st.tuples(st.sampled_from(["ai", "safety", "any"]), st.sampled_from(["basic", "any"])),
    min_size=1,
    max_size=3,
    unique=True,
)


@settings(max_examples=60)
@given(cells, st.integers(2, 8), st.data())
def test_whom_the_pool_is_short_for_is_told_as_the_draw_would(
    names: list[tuple[str, str]], size: int, data: st.DataObject
) -> None:
    blueprint = [BlueprintCell(domain=domain, level=level, take=1) for domain, level in names]
    candidates = [
        Candidate(
            question_id=f"q{number}",
            revision_id=number,
            domain=data.draw(st.sampled_from(["ai", "safety"])),
            level=data.draw(st.sampled_from(["basic", "advanced"])),
            choice_count=4,
            shuffles=True,
        )
        for number in range(size)
    ]
    ids = st.sets(st.sampled_from([each.question_id for each in candidates]))
    seen = data.draw(st.lists(ids, max_size=6))

    def fails(these: set[str]) -> bool:
        try:
            draw("seed", candidates, blueprint, exclude=these)
        except NotEnough:
            return True
        return False

    assert count_short(candidates, blueprint, seen) == sum(map(fails, seen))
