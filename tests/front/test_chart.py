"""The drawing of attempts by the hour: right numbers at right places, nothing beyond the edges."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contest.front import chart
from contest.front.chart import Series

OPENS = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # Monday, 10:00 in Hanoi
WEEK = 156

COUNTS = st.lists(st.integers(0, 2_000_000), max_size=200)


def series(*counts: int) -> Series:
    return Series(opens_at=OPENS, counts=counts)


def numbers(path: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", path)]


def test_a_line_goes_through_the_middle_of_its_hours():
    drawn = chart.draw(series(0, 10, 20, 10), None, hours=4)

    assert drawn is not None
    assert drawn.span == 1
    assert [(each.value, each.top) for each in drawn.grid] == [
        (5, 75.0),
        (10, 50.0),
        (15, 25.0),
        (20, 0.0),
    ]
    # x of each hour's middle out of 1000; 20 is the top, 0 the bottom.
    assert drawn.now is not None
    anchors = [(0, 125, 1000), (1, 375, 500), (2, 625, 0), (3, 875, 500)]
    points = re.findall(r"(\d+) (\d+)(?=C|$)", drawn.now.path)
    assert [(int(x), int(y)) for x, y in points] == [(x, y) for _, x, y in anchors]
    assert (drawn.now.total, drawn.now.most) == (40, 20)
    assert drawn.now.most_at == OPENS + timedelta(hours=2)


def test_a_week_is_drawn_by_means_of_three_hours():
    drawn = chart.draw(series(*[3, 6, 9] * 10), series(*[12] * WEEK), hours=WEEK)

    assert drawn is not None
    assert drawn.now is not None
    assert drawn.before is not None
    assert drawn.span == 3
    assert set(numbers(drawn.now.path)[1::2]) == {500}
    assert drawn.now.most == 9
    assert drawn.now.total == 180


def test_days_are_named_in_their_middle_by_the_clock_of_hanoi():
    drawn = chart.draw(series(*[1] * 40), None, hours=WEEK)

    assert drawn is not None
    assert drawn.is_by_weekday
    assert [each.weekday for each in drawn.days] == [0, 1, 2, 3, 4, 5, 6]
    assert [each.date for each in drawn.days][::6] == ["23/11", "29/11"]
    assert drawn.days[0].left == round(100 * 7 / WEEK, 1)


def test_a_long_round_names_at_most_eight_days_by_their_dates():
    drawn = chart.draw(series(*[1] * 40), None, hours=40 * 24)

    assert drawn is not None
    assert not drawn.is_by_weekday
    assert len(drawn.days) <= 8


def test_nothing_is_drawn_before_there_are_two_points():
    assert chart.draw(series(), None, hours=WEEK) is None
    assert chart.draw(series(5), None, hours=10) is None
    assert chart.draw(series(5, 5), None, hours=0) is None
    assert chart.draw(series(), series(1, 2, 3), hours=10) is not None


def test_names_at_the_same_end_are_kept_apart():
    drawn = chart.draw(series(*[5] * WEEK), series(*[5] * WEEK), hours=WEEK)

    assert drawn is not None
    assert drawn.now is not None
    assert drawn.before is not None
    assert abs(drawn.now.top - drawn.before.top) >= 9


@given(now=COUNTS, before=COUNTS, hours=st.integers(1, 400))
def test_no_point_and_no_name_leaves_the_drawing(now, before, hours):
    drawn = chart.draw(series(*now), series(*before), hours=hours)

    if drawn is None:
        return
    assert 1 <= len(drawn.grid) <= 4
    assert drawn.grid[-1].top == 0
    for line in (drawn.now, drawn.before):
        if line is not None:
            assert all(0 <= each <= 1000 for each in numbers(line.path))
            assert 0 <= line.left <= 100
            assert 0 <= line.top <= 100
    assert all(0 <= each.left <= 100 for each in drawn.days)


@given(counts=COUNTS, late=st.integers(0, 10_000))
def test_the_table_holds_every_hour_once(counts, late):
    opens = OPENS + timedelta(minutes=late)
    made = chart.table(Series(opens_at=opens, counts=counts))

    told = [count for _, cells in made.rows for count in cells if count is not None]
    assert sorted(told) == sorted(counts)
    assert len(made.rows) == 24
    assert all(len(cells) == len(made.days) for _, cells in made.rows)


def test_only_hours_that_are_over_are_told_of_a_running_round():
    closes = OPENS + timedelta(hours=5, minutes=30)

    def whole(minutes: int) -> int:
        return chart.whole_hours(OPENS, closes, OPENS + timedelta(minutes=minutes))

    assert [whole(minutes) for minutes in (-5, 0, 59, 60, 329, 330, 9000)] == [0, 0, 0, 1, 5, 6, 6]


def test_the_change_against_the_time_before():
    assert chart.change(114, 100) == 14
    assert chart.change(1, 3) == -67
    assert chart.change(5, 0) is None
