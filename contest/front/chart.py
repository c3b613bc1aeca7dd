"""The desk's chart of attempts by the hour: numbers to places on a drawing. Pure.

The drawing is an SVG whose lines stretch with the page while its words keep their size, so places
are shares of its width and height: `left` and `top` in percent, a line's path on 1000 × 1000.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

import msgspec

from contest.infra.clock import HANOI

# A round of a week is drawn by means of three hours: single ones are noise on a phone's width.
_LONG_ROUND = 72
_SPAN = 3
_GRID_LINES = 4
_STEPS = (1, 2, 3, 5)
# A day shorter than this on the drawing gets no name: it would run into its neighbour's.
_NARROWEST_DAY = 0.04
# The last stretch of a line, above which its name may stand, and where names begin to be moved.
_NAME_SHARE = 0.14
_NAME_GAP = 9.0


class GridLine(msgspec.Struct, frozen=True):
    value: int
    top: float


class DayMark(msgspec.Struct, frozen=True):
    """A day's name below the drawing, in the middle of the day. `weekday` counts from Monday, 0."""

    weekday: int
    date: str
    left: float


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """
    A round's line and where its name stands. `anchor`: "start" after its end, "end" above it.

    `total`, `most` and `most_at` are for the words that say the same as the drawing.
    """

    path: str
    left: float
    top: float
    anchor: str
    total: int
    most: int
    most_at: datetime


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """`span`: of how many hours each point is the mean."""

    span: int
    grid: list[GridLine]
    days: list[DayMark]
    is_by_weekday: bool
    now: Line | None
    before: Line | None


class HourTable(msgspec.Struct, frozen=True, kw_only=True):
    """The same figures as a table: a row an hour of the day, a column a day; None: not in it."""

    days: list[datetime]
    rows: list[tuple[str, list[int | None]]]


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """A round's attempts by hours since its opening. The last number may be of a running hour."""

    opens_at: datetime
    counts: Sequence[int]


def whole_hours(opens_at: datetime, closes_at: datetime, now: datetime) -> int:
    """Hours of a round that are over; the last of a closed round counts even when cut short."""
    if now >= closes_at:
        return hours_of(opens_at, closes_at)
    return max(0, (now - opens_at) // timedelta(hours=1))


def hours_of(opens_at: datetime, closes_at: datetime) -> int:
    """How many hours a round lasts, a begun one included."""
    return -((opens_at - closes_at) // timedelta(hours=1))


def draw(now: Series, before: Series | None, *, hours: int) -> Chart | None:
    """The chart of a round of `hours` hours against the one before it; None with nothing to draw.

    A line is drawn through the middle of each hour, or of each three of a long round. Of `before`,
    what lasted longer is left out.
    """
    span = _SPAN if hours > _LONG_ROUND else 1
    shown = _means(now.counts[:hours], span)
    earlier = _means(before.counts[:hours], span) if before else []
    if hours < 1 or (len(shown) < 2 and len(earlier) < 2):
        return None
    grid = _grid(ceil(max(shown + earlier)))
    ceiling = grid[-1].value
    own = _line(now, shown, ceiling, hours / span)
    other = _line(before, earlier, ceiling, hours / span) if before else None
    if own and other and _collide(own, other):
        top = own.top + _NAME_GAP if own.top <= other.top else own.top - _NAME_GAP
        other = msgspec.structs.replace(other, top=round(min(max(top, 3.0), 97.0), 1))
    days = _days(now.opens_at, hours)
    return Chart(
        span=span, grid=grid, days=days, is_by_weekday=hours <= 8 * 24, now=own, before=other
    )


def table(series: Series) -> HourTable:
    first = series.opens_at.astimezone(HANOI)
    cells: dict[tuple[int, int], int] = {}
    days: list[datetime] = []
    for number, count in enumerate(series.counts):
        at = first + timedelta(hours=number)
        if not days or days[-1].date() != at.date():
            days.append(at)
        cells[len(days) - 1, at.hour] = count
    return HourTable(
        days=days,
        rows=[
            (f"{hour:02d}:{first.minute:02d}", [cells.get((day, hour)) for day in range(len(days))])
            for hour in range(24)
        ],
    )


def change(now: int, before: int) -> int | None:
    """By how many percent there are more than before; negative: fewer. None without a before."""
    return None if before < 1 else round(100 * (now - before) / before)


def _grid(most: int) -> list[GridLine]:
    """At most four lines at round numbers, the highest at or above `most`."""
    step, power = 1, 1
    while step * _GRID_LINES < most:
        at = _STEPS.index(step // power)
        if at + 1 < len(_STEPS):
            step = _STEPS[at + 1] * power
        else:
            power *= 10
            step = power
    count = max(1, -(-most // step))
    return [GridLine(step * number, _percent(1 - number / count)) for number in range(1, count + 1)]


def _means(counts: Sequence[int], span: int) -> list[float]:
    """The mean of each whole span of hours; a rest that is shorter is not told yet."""
    whole = len(counts) // span
    return [sum(counts[span * at : span * (at + 1)]) / span for at in range(whole)]


def _line(series: Series, values: Sequence[float], ceiling: int, spans: float) -> Line | None:
    if len(values) < 2:
        return None
    points = [((at + 0.5) / spans, 1 - value / ceiling) for at, value in enumerate(values)]
    end, height = points[-1]
    is_room_left = end < 1 - _NAME_SHARE
    highest = height if is_room_left else min(y for x, y in points if x >= end - _NAME_SHARE)
    most = max(range(len(series.counts)), key=series.counts.__getitem__)
    return Line(
        path=_smooth([(1000 * x, 1000 * y) for x, y in points]),
        left=_percent(end),
        # Words stand on the line of their letters: beside a line's end, or above it.
        top=min(max(_percent(height) if is_room_left else _percent(highest) - 3, 3.0), 95.0),
        anchor="start" if is_room_left else "end",
        total=sum(series.counts),
        most=series.counts[most],
        most_at=series.opens_at + timedelta(hours=most),
    )


def _smooth(points: Sequence[tuple[float, float]]) -> str:
    """A curve through points of equal distance that never goes beyond them (Fritsch, Carlson)."""
    width = points[1][0] - points[0][0]
    rises = [(b[1] - a[1]) / width for a, b in pairwise(points)]
    slopes = [
        rises[0],
        # At a peak or a trough level, elsewhere the harmonic mean of both sides.
        *(2 * a * b / (a + b) if a * b > 0 else 0.0 for a, b in pairwise(rises)),
        rises[-1],
    ]
    path = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
    third = width / 3
    for (a, b), (from_slope, to_slope) in zip(pairwise(points), pairwise(slopes), strict=True):
        path += (
            f"C{a[0] + third:.0f} {a[1] + third * from_slope:.0f}"
            f" {b[0] - third:.0f} {b[1] - third * to_slope:.0f} {b[0]:.0f} {b[1]:.0f}"
        )
    return path


def _collide(one: Line, other: Line) -> bool:
    is_close = abs(one.left - other.left) < 100 * _NAME_SHARE or one.anchor == other.anchor
    return is_close and abs(one.top - other.top) < _NAME_GAP


def _days(opens_at: datetime, hours: int) -> list[DayMark]:
    begins = opens_at.astimezone(HANOI)
    ends = begins + timedelta(hours=hours)
    found = []
    start = begins
    while start < ends:
        end = min(
            ends,
            (start + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0),
        )
        middle = ((start - begins) + (end - begins)) / 2
        if (end - start) / timedelta(hours=hours) >= _NARROWEST_DAY:
            left = _percent(middle / timedelta(hours=hours))
            found.append(DayMark(start.weekday(), f"{start.day}/{start.month}", left))
        start = end
    # A long round: every second day, every third … so that there are at most eight names.
    return found[:: -(-len(found) // 8)] if found else []


def _percent(share: float) -> float:
    return round(100 * share, 1)
