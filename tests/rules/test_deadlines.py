"""Pure: how long one may complain, by when it is answered; over weekends and at midnight."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.deadlines import end_of_days, end_of_working_days, is_last_day

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)


def hanoi(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


@pytest.mark.parametrize(
    ("filed", "days", "due"),
    [
        ("2026-11-30 10:00", 3, "2026-12-03"),  # Monday to Thursday
        ("2026-12-03 10:00", 3, "2026-12-08"),  # Thursday: Friday, Monday, Tuesday
        ("2026-12-04 23:59", 1, "2026-12-07"),  # Friday to Monday
        ("2026-12-05 08:00", 1, "2026-12-07"),  # Saturday to Monday
        ("2026-12-06 23:59", 1, "2026-12-07"),  # Sunday night: Monday, hours later
        ("2026-12-07 00:00", 1, "2026-12-08"),  # the day itself does not count
        ("2026-12-03 10:00", 10, "2026-12-17"),
        ("2026-12-31 10:00", 1, "2027-01-01"),
    ],
)
def test_an_answer_is_due_at_the_end_of_a_working_day(filed: str, days: int, due: str):
    assert end_of_working_days(hanoi(filed), days, HANOI) == hanoi(f"{due} 23:59:59.999")


@pytest.mark.parametrize(
    ("result", "until"),
    [
        ("2026-11-30 10:00", "2026-12-05"),
        ("2026-11-30 00:00", "2026-12-05"),
        ("2026-11-30 23:59:59.999", "2026-12-05"),
        ("2026-12-29 10:00", "2027-01-03"),
    ],
)
def test_one_may_complain_to_the_end_of_the_last_day(result: str, until: str):
    assert end_of_days(hanoi(result), 5, HANOI) == hanoi(f"{until} 23:59:59.999")


def test_the_day_is_that_of_hanoi_not_of_the_server():
    late_evening_in_utc = datetime(2026, 11, 30, 18, tzinfo=UTC)  # Tuesday 01:00 in Hanoi

    assert end_of_working_days(late_evening_in_utc, 1, HANOI) == hanoi("2026-12-02 23:59:59.999")


@given(filed=MOMENTS, days=st.integers(1, 30))
def test_the_due_day_is_a_working_day_and_so_many_lie_after_the_complaint(
    filed: datetime, days: int
):
    due = end_of_working_days(filed, days, HANOI)
    first, last = filed.astimezone(HANOI).date(), due.astimezone(HANOI).date()
    after = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]

    assert sum(day.weekday() < 5 for day in after) == days
    assert last.weekday() < 5
    assert (due + timedelta(milliseconds=1)).astimezone(HANOI).strftime("%H:%M:%S.%f") == (
        "00:00:00.000000"
    )


@given(filed=MOMENTS, later=st.integers(0, 10**9), days=st.integers(1, 29))
def test_who_writes_later_or_may_wait_longer_is_never_answered_earlier(
    filed: datetime, later: int, days: int
):
    due = end_of_working_days(filed, days, HANOI)

    assert end_of_working_days(filed + timedelta(milliseconds=later), days, HANOI) >= due
    assert end_of_working_days(filed, days + 1, HANOI) > due


@given(result=MOMENTS, days=st.integers(1, 60))
def test_the_period_holds_at_least_its_days_and_less_than_one_more(result: datetime, days: int):
    length = end_of_days(result, days, HANOI) - result

    assert timedelta(days=days) <= length + timedelta(milliseconds=1) <= timedelta(days=days + 1)


def test_the_last_day_is_known():
    due = hanoi("2026-12-03 23:59:59.999")

    assert is_last_day(due, hanoi("2026-12-03 00:00"), HANOI)
    assert not is_last_day(due, hanoi("2026-12-02 23:59"), HANOI)
    assert not is_last_day(due, hanoi("2026-12-04 00:00"), HANOI)
