"""What the organiser's desk computes: live figures, attempts by the hour, suspected questions."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from contest.editions.queries import EditionView, RoundView
from contest.front import chart
from contest.front.chart import Chart, HourTable, Series
from contest.infra import metrics
from contest.infra.clock import Clock
from contest.infra.database import Tx
from contest.infra.memory import Memory
from contest.quiz import queries as quiz
from contest.quiz.queries import Participation
from contest.standings.queries import Published
from contest.standings.question_figures import Figure, question_figures

REMEMBERED_FOR = timedelta(seconds=15)


class Remembered:
    """
    Counts of a round, and its doubtful questions, kept for fifteen seconds in this process.

    At a million attempts each is a walk along an index, and every open desk asks every ten
    seconds. What is decided by goes past it: whether a round can be published is asked afresh.
    """

    def __init__(self, clock: Clock) -> None:
        self._memory = Memory(clock, REMEMBERED_FOR)

    def participation(self, tx: Tx, round_id: int) -> Participation:
        return self._memory.of(("all", round_id), lambda: quiz.participation(tx, round_id))

    def started_after(self, tx: Tx, this: RoundView, length: timedelta) -> int:
        """Attempts that had been started when the round had been open for that long."""
        return self._memory.of(
            ("before", this.id),
            lambda: quiz.started_before(tx, this.id, this.opens_at + length),
        )

    def by_hour(self, tx: Tx, this: RoundView, hours: int) -> list[int]:
        return self._memory.of(
            ("hours", this.id, this.opens_at, hours),
            lambda: quiz.started_by_hour(tx, this.id, this.opens_at, hours),
        )

    def doubtful(self, tx: Tx, result: Published) -> list[Figure]:
        return self._memory.of(
            ("doubtful", result.settlement_id),
            lambda: [each for each in question_figures(tx, result) if each.is_doubtful],
        )


class Writes(msgspec.Struct, frozen=True):
    """How long saves took in this process lately: microseconds, rounded to what one reads."""

    median_us: int
    slowest_us: int


class LiveFigures(msgspec.Struct, frozen=True, kw_only=True):
    """
    The figures of a round at a moment. `before`: the round before it, or None.

    `change` is in percent against as many attempts as the round before had after the same time,
    or in all once the round is closed; None without anything to compare with.
    """

    round: RoundView
    before: RoundView | None
    is_open: bool
    attempts: int
    submitted: int
    running: int
    started_before: int
    change: int | None
    writes: Writes | None
    at: datetime


class Suspected(msgspec.Struct, frozen=True):
    """Questions of a published round that more people answered with one wrong answer than rightly.

    `right_percent` is that of the worst of them.
    """

    count: int
    right_percent: int


def round_to_watch(edition: EditionView, now: datetime) -> RoundView | None:
    """The open round, else the one that closed last; None before the first opens."""
    begun = [each for each in edition.rounds if each.state(now) != "scheduled"]
    return next((each for each in reversed(begun) if each.state(now) == "open"), None) or max(
        begun, key=lambda each: each.closes_at, default=None
    )


def round_before(edition: EditionView, this: RoundView) -> RoundView | None:
    earlier = [each for each in edition.rounds if each.number < this.number]
    return max(earlier, key=lambda each: each.number, default=None)


def live_figures(
    tx: Tx, remembered: Remembered, edition: EditionView, now: datetime
) -> LiveFigures | None:
    this = round_to_watch(edition, now)
    if this is None:
        return None
    before = round_before(edition, this)
    counted = remembered.participation(tx, this.id)
    is_open = this.state(now) == "open"
    earlier = 0
    if before is not None:
        open_for = now - this.opens_at if is_open else before.closes_at - before.opens_at
        earlier = remembered.started_after(tx, before, open_for)
    return LiveFigures(
        round=this,
        before=before,
        is_open=is_open,
        attempts=counted.attempts,
        submitted=counted.submitted,
        running=counted.attempts - counted.submitted,
        started_before=earlier,
        change=chart.change(counted.attempts, earlier),
        writes=_writes(),
        at=now,
    )


def _writes() -> Writes | None:
    found = metrics.RECENT_WRITES.figures()
    return Writes(_readable_us(found.median), _readable_us(found.slowest)) if found else None


def _readable_us(seconds: float) -> int:
    """0.00084 → 800, which reads 0,8 ms; from ten milliseconds on whole ones."""
    unit = 100 if seconds < 0.01 else 1000
    return max(unit, round(seconds * 1_000_000 / unit) * unit)


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """Attempts by the hour of a round and the one before it, drawn and as tables."""

    round: RoundView
    before: RoundView | None
    chart: Chart
    tables: list[tuple[RoundView, HourTable]]


def hours_of_round(
    tx: Tx, remembered: Remembered, edition: EditionView, now: datetime
) -> Hours | None:
    """The chart of the round to watch; None while there is nothing to draw."""
    this = round_to_watch(edition, now)
    if this is None:
        return None
    own = _series(tx, remembered, this, chart.whole_hours(this.opens_at, this.closes_at, now))
    before = round_before(edition, this)
    earlier = (
        _series(tx, remembered, before, chart.hours_of(before.opens_at, before.closes_at))
        if before
        else None
    )
    drawn = chart.draw(own, earlier, hours=chart.hours_of(this.opens_at, this.closes_at))
    if drawn is None:
        return None
    pairs = [(this, own), *([(before, earlier)] if before and earlier else [])]
    return Hours(
        round=this,
        before=before,
        chart=drawn,
        tables=[(each, chart.table(series)) for each, series in pairs if series.counts],
    )


def _series(tx: Tx, remembered: Remembered, this: RoundView, hours: int) -> Series:
    return Series(opens_at=this.opens_at, counts=remembered.by_hour(tx, this, hours))


def suspected_questions(
    tx: Tx, remembered: Remembered, results: Sequence[Published]
) -> dict[int, Suspected]:
    """Round → its questions whose key may be wrong, for published rounds that have such."""
    found = {}
    for result in results:
        doubtful = remembered.doubtful(tx, result)
        if doubtful:
            worst = min(100 * each.right // each.papers for each in doubtful)
            found[result.round_id] = Suspected(len(doubtful), worst)
    return found
