"""A birth date as people type it."""

from datetime import date

import pytest

from contest.people.birthdays import is_plausible, read_birth_date

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "fields",
    [
        ("1", "2", "1990"),
        ("01", "02", "1990"),
        ("1/2/1990", "", ""),
        ("01-02-1990", "", ""),
        ("1.2.1990", "", ""),
        ("01021990", "", ""),
        ("1990-02-01", "", ""),
    ],
)
def test_many_ways_to_write_one_day(fields: tuple[str, str, str]):
    assert read_birth_date(*fields) == date(1990, 2, 1)


@pytest.mark.parametrize(
    "fields",
    [
        ("", "", ""),
        ("29", "2", "2023"),
        ("1", "13", "1990"),
        ("1", "2", "90"),
        ("1", "2", ""),
        ("một", "2", "1990"),
        ("1/2", "", ""),
        ("-1", "2", "1990"),
        ("١", "2", "1990"),
    ],
)
def test_what_is_no_date_is_refused(fields: tuple[str, str, str]):
    assert read_birth_date(*fields) is None


def test_nobody_is_born_tomorrow_or_a_hundred_and_thirty_years_ago():
    assert is_plausible(TODAY, TODAY)
    assert not is_plausible(date(2026, 11, 25), TODAY)
    assert not is_plausible(date(1896, 11, 24), TODAY)
