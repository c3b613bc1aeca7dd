"""
The prediction that closes a paper: how many, or what share, will have all questions right.

A value is a whole number: entrants for `perfect-count`, units of 0.00001 % for
`perfect-percent` (so 87,65432 % is 8 765 432). A document without a prediction (`none`) has no
value to read, and asking for one is an error of the caller (ValueError).
"""

import re
from collections.abc import Callable
from typing import Final, Literal

from msgspec import Struct

from contest.rules.shape import PredictionKind

LARGEST_COUNT: Final = 10_000_000
WHOLE_PERCENT: Final = 10_000_000  # 100 % in units of 0.00001 %
_UNITS_A_PERCENT: Final = 100_000

Lang = Literal["vi", "en"]
NotUnderstoodCode = Literal[
    "empty", "not-a-number", "not-whole", "bad-thousands", "too-many-decimals", "too-large"
]

_LONGEST_INPUT: Final = 40
_DIGITS: Final = re.compile(r"[0-9]+")
_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+")
_DIGITS_AND_MARKS: Final = re.compile(r"[0-9]+([.,][0-9]+)+")
_PERCENT: Final = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?\s?%?")


class Understood(Struct, frozen=True):
    """Show it (`format_prediction`) before saving: "1.234" is 1234 here, not 1 and a bit."""

    value: int


class NotUnderstood(Struct, frozen=True):
    code: NotUnderstoodCode


def parse_prediction(text: str, kind: PredictionKind) -> Understood | NotUnderstood:
    """
    Reads what was typed. Blanks around it (no-break ones too) mean nothing; inside they refuse.

    Whole numbers: digits, with dots as separators of thousands at most. A comma is refused even
    before three digits: Vietnamese and English readers would disagree on what it says. Shares:
    comma or point, at most 5 decimals, 0 to 100, with or without "%".
    """
    typed = text.strip()
    if not typed:
        return NotUnderstood("empty")
    if len(typed) > _LONGEST_INPUT:
        return NotUnderstood("not-a-number")
    if _asked(kind) == "perfect-count":
        return _parse_count(typed)
    return _parse_percent(typed)


def _parse_count(typed: str) -> Understood | NotUnderstood:
    if not (_DIGITS.fullmatch(typed) or _THOUSANDS.fullmatch(typed)):
        if not _DIGITS_AND_MARKS.fullmatch(typed):
            return NotUnderstood("not-a-number")
        return NotUnderstood("not-whole" if "," in typed else "bad-thousands")
    value = int(typed.replace(".", ""))
    return Understood(value) if value <= LARGEST_COUNT else NotUnderstood("too-large")


def _parse_percent(typed: str) -> Understood | NotUnderstood:
    match = _PERCENT.fullmatch(typed)
    if not match:
        return NotUnderstood("not-a-number")
    whole, decimals = match[1], match[2] or ""
    if len(decimals) > 5:
        return NotUnderstood("too-many-decimals")
    value = int(whole) * _UNITS_A_PERCENT + int(decimals.ljust(5, "0"))
    return Understood(value) if value <= WHOLE_PERCENT else NotUnderstood("too-large")


def format_prediction(value: int, kind: PredictionKind, lang: Lang) -> str:
    """vi: "4.971", "87,65432 %", "87,5 %"; en: "4,971", "87.65432 %". No zeros at the end."""
    thousands, decimal = (".", ",") if lang == "vi" else (",", ".")
    if _asked(kind) == "perfect-count":
        return f"{value:,}".replace(",", thousands)
    whole, rest = divmod(value, _UNITS_A_PERCENT)
    decimals = f"{rest:05d}".rstrip("0")
    return f"{whole}{decimal if decimals else ''}{decimals} %"


def teller(kind: PredictionKind, lang: str, *, none: str = "") -> Callable[[int | None], str]:
    """What says a prediction, a distance or a truth in one language; `none` where there is none."""
    spoken: Lang = "vi" if lang == "vi" else "en"
    return lambda value: none if value is None else format_prediction(value, kind, spoken)


def typed_prediction(value: int, kind: PredictionKind) -> str:
    """
    The value as one would type it, whatever the language: it reads back as the same value.

    What is shown may not: an English "4,971" is refused as input.
    """
    if _asked(kind) == "perfect-count":
        return str(value)
    return format_prediction(value, kind, "vi").removesuffix(" %")


def truth(perfect: int, valid: int, kind: PredictionKind) -> int:
    """
    The true value: of `valid` entrants, each once, `perfect` have all counted questions right.

    As a share it is rounded half up to 0.00001 %; without a valid entrant it is 0. It moves with
    each disqualification and corrected key: compute it anew, never keep it.
    """
    if not 0 <= perfect <= valid:
        raise ValueError(f"{perfect} perfect of {valid} valid entrants cannot be")
    if _asked(kind) == "perfect-count":
        return perfect
    if valid == 0:
        return 0
    return (2 * perfect * WHOLE_PERCENT + valid) // (2 * valid)


def distance(prediction: int | None, truth: int) -> int | None:
    """How far a prediction is from the truth; None (none was made) ranks behind every distance."""
    return None if prediction is None else abs(prediction - truth)


def _asked(kind: PredictionKind) -> Literal["perfect-count", "perfect-percent"]:
    if kind == "none":
        raise ValueError("the rules of this edition ask for no prediction")
    return kind
