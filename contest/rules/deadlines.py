"""
How long one may complain, and by when that is answered. Pure: standard library alone.

Days are those of the contest's zone, which comes in. A period ends with its last day: the last
whole millisecond counts, so that "until Friday" means the whole of Friday. Public holidays are
not known here; a working day is one from Monday to Friday.
"""

from datetime import UTC, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)
_MILLISECOND = timedelta(milliseconds=1)
_SATURDAY = 5


def complain_until(result_at: datetime, within_days: int, zone: tzinfo) -> datetime:
    """The last moment to complain about a result made or adjusted at `result_at`."""
    return _end_of(result_at.astimezone(zone), within_days * _DAY)


def answer_due(filed_at: datetime, answer_days: int, zone: tzinfo) -> datetime:
    """
    The last moment to answer in time: the end of the `answer_days`-th working day after.

    The day of the complaint itself does not count, whatever the hour.
    """
    local = filed_at.astimezone(zone)
    ahead, left = timedelta(), answer_days
    while left:
        ahead += _DAY
        left -= (local.date() + ahead).weekday() < _SATURDAY
    return _end_of(local, ahead)


def is_last_day(due_at: datetime, now: datetime, zone: tzinfo) -> bool:
    """Whether the day on which it must be done is today."""
    return due_at.astimezone(zone).date() == now.astimezone(zone).date()


def _end_of(local: datetime, ahead: timedelta) -> datetime:
    next_day = local.date() + ahead + _DAY
    midnight = datetime.combine(next_day, time(), tzinfo=local.tzinfo)
    return midnight.astimezone(UTC) - _MILLISECOND
