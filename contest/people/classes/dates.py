"""A birth date as class lists write it. Pure."""

import re
from datetime import date, timedelta
from typing import Final

import msgspec

# Excel counts days from here: right from March 1900 on, for it takes 1900 for a leap year.
_EXCEL_BEGAN: Final = date(1899, 12, 30)
_SERIAL: Final = re.compile(r"[1-9]\d{4}")
_PARTS: Final = re.compile(r"(\d{1,4})\s*[/.,\\\-\s]\s*(\d{1,2})\s*[/.,\\\-\s]\s*(\d{1,4})")
_TIME: Final = re.compile(r"(T|\s+)\d{1,2}:\d\d(:\d\d(\.0+)?)?(\s*[AaPp][Mm])?$")


class Born(msgspec.Struct, frozen=True):
    """`is_year`: only the year is known, and `day` is its last day. `is_short`: of two digits."""

    day: date
    is_year: bool = False
    is_short: bool = False


def read_date(text: str, today: date) -> Born | str:
    """
    A birth date, or the code of what is wrong (understanding.FAULT_WORDS).

    dd/mm/yyyy with any of / . , - or blanks between, yyyy-mm-dd, ddmmyyyy, yyyymmdd, in words
    (ngày … tháng … năm …), a time behind it; a year alone; Excel's number of days. A year of two
    digits is taken for one of this century up to now, else of the last.
    """
    plain = _TIME.sub("", text.strip().strip("'"))
    plain = re.sub(r"\b(ngày|tháng|năm)\b", " ", plain.lower()).strip()
    if not plain:
        return "no-birth-date"
    if re.fullmatch(r"(19|20)\d\d", plain):
        return Born(date(int(plain), 12, 31), is_year=True)
    if _SERIAL.fullmatch(plain):
        return Born(_EXCEL_BEGAN + timedelta(days=int(plain)))
    if re.fullmatch(r"\d{8}", plain):
        if plain[:2] in ("19", "20") and plain[4:6] not in ("19", "20"):
            return _of_parts(plain[6:], plain[4:6], plain[:4], today)
        return _of_parts(plain[:2], plain[2:4], plain[4:], today)
    parts = _PARTS.fullmatch(plain)
    if parts is None:
        return "wrong-birth-date"
    first, month, last = parts.groups()
    if len(first) == 4:
        first, last = last, first
    return _of_parts(first, month, last, today)


def of_three(day: str, month: str, year: str, today: date) -> Born | str:
    """The date of three columns; only the year of it may be given."""
    if not (day or month or year):
        return "no-birth-date"
    if year and not day and not month:
        return read_date(year, today)
    return _of_parts(day, month, year, today)


def _of_parts(day: str, month: str, year: str, today: date) -> Born | str:
    if not all(each.isascii() and each.isdigit() for each in (day, month, year)):
        return "wrong-birth-date"
    is_short = len(year) == 2
    if len(year) not in (2, 4) or len(day) > 2:
        return "wrong-birth-date"
    number = int(year)
    if is_short:
        number += 2000 if 2000 + number <= today.year else 1900
    try:
        return Born(date(number, int(month), int(day)), is_short=is_short)
    except ValueError:
        return "impossible-date"
