"""Who may enter, by the rule document. One question at a time, answered with a stable code."""

from collections.abc import Collection
from datetime import date
from typing import Literal

from msgspec import Struct

from contest.rules.shape import EntryRules

BarredCode = Literal[
    "barred-role",
    "birth-date-missing",
    "birth-date-in-future",
    "too-young",
    "contact-not-verified",
]


class Barred(Struct, frozen=True, kw_only=True):
    """Why a person may not enter; `role` and `minimum_age` are set where the code needs them."""

    code: BarredCode
    role: str | None = None
    minimum_age: int | None = None


def age_on(birth_date: date, on: date) -> int:
    """
    Completed years of age on a day; negative before birth.

    Who was born on 29 February grows a year older on 1 March in a common year: the day before,
    no full year has passed.
    """
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return on.year - birth_date.year - (0 if had_birthday else 1)


def may_enter(
    entry: EntryRules,
    birth_date: date | None,
    roles: Collection[str],
    on: date,
    *,
    contact_verified: bool = False,
) -> Barred | None:
    """
    None when the person may enter on that day, by the calendar of Việt Nam.

    `roles` are those the person holds in the edition. What cannot be helped is said first, so
    that nobody verifies an address in order to be told of another obstacle.
    """
    for role in entry.barred_roles:
        if role in roles:
            return Barred(code="barred-role", role=role)
    if birth_date is not None and birth_date > on:
        return Barred(code="birth-date-in-future")
    if entry.minimum_age > 0:
        if birth_date is None:
            return Barred(code="birth-date-missing", minimum_age=entry.minimum_age)
        if age_on(birth_date, on) < entry.minimum_age:
            return Barred(code="too-young", minimum_age=entry.minimum_age)
    if entry.verified_contact and not contact_verified:
        return Barred(code="contact-not-verified")
    return None
