"""
The last moment of a period that is counted in days or in working days. Pure.

Days are those of the contest's zone, which comes in. A period ends with its last day: the last
whole millisecond counts, so that "until Friday" means the whole of Friday. Public holidays are
not known here; a working day is one from Monday to Friday.
"""

from datetime import UTC, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)
_MILLISECOND = timedelta(milliseconds=1)
_SATURDAY = 5


def end_of_days(since: datetime, days: int, zone: tzinfo) -> datetime:
    """The end of the `days`-th day after the day of `since`."""
    return _end_of(since.astimezone(zone), days * _DAY)


def end_of_working_days(since: datetime, days: int, zone: tzinfo) -> datetime:
    """
    The end of the `days`-th working day after.

    The day of `since` itself does not count, whatever the hour.
    """
    local = since.astimezone(zone)
    ahead, left = timedelta(), days
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
