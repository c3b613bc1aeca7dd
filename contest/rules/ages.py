"""Age groups by which a board can be filtered: wide enough that none of them names a person."""

from datetime import date
from typing import Final

from contest.rules.eligibility import age_on

# (number kept with a line, youngest, oldest); 0 is kept where no birth date is known.
AGE_GROUPS: Final[tuple[tuple[int, int, int | None], ...]] = (
    (1, 0, 10),
    (2, 11, 15),
    (3, 16, 17),
    (4, 18, 30),
    (5, 31, 45),
    (6, 46, 60),
    (7, 61, None),
)
UNKNOWN_AGE: Final = 0
# Groups of minors only. Of one ward they are listed only from so many lines on: in a village
# "aged 11 to 15" may be one child whom everybody knows.
MINORS: Final = frozenset(
    number for number, _youngest, oldest in AGE_GROUPS if oldest is not None and oldest < 18
)
FEWEST_MINORS: Final = 5


def age_group(birth_date: date | None, on: date) -> int:
    """The number of the group in which somebody is on a day: of a round, the day it opens."""
    if birth_date is None:
        return UNKNOWN_AGE
    age = age_on(birth_date, on)
    return next(
        number
        for number, youngest, oldest in AGE_GROUPS
        if age >= youngest and (oldest is None or age <= oldest)
    )
