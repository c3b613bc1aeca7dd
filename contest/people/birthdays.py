"""A birth date as people type it. Pure."""

import re
from datetime import date

from contest.rules.eligibility import age_on

_OLDEST = 120


def read_birth_date(day: str, month: str, year: str) -> date | None:
    """
    The three fields of the form; None when they are no date.

    A whole date pasted or filled in by the browser into the first field is understood too:
    1/2/1990, 01-02-1990, 1.2.1990, 01021990 and 1990-02-01 are all the first of February.
    A year of two digits is not guessed: 26 may be a child or somebody of a hundred.
    """
    if day.strip() and not month.strip() and not year.strip():
        return _whole(day.strip())
    return _date(day.strip(), month.strip(), year.strip())


def _whole(text: str) -> date | None:
    parts = re.split(r"[\s/.\-]+", text)
    if len(parts) == 3:
        if len(parts[0]) == 4:
            parts.reverse()
        return _date(*parts)
    if len(text) == 8:
        return _date(text[:2], text[2:4], text[4:])
    return None


def _date(day: str, month: str, year: str) -> date | None:
    numbers = (day, month, year)
    if not all(each.isascii() and each.isdigit() for each in numbers) or len(year) != 4:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def is_plausible(birth_date: date, today: date) -> bool:
    return 0 <= age_on(birth_date, today) <= _OLDEST
