"""Telephone numbers, e-mail addresses and sign-in codes as people type them. Pure."""

import re
from typing import Literal

import msgspec

from contest.infra.chance import ungrouped

CODE_LETTERS = 8
LONGEST_EMAIL = 254

_EMAIL = re.compile(r"[^\s@<>\"',;:()\\]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}", re.UNICODE)
# What people put between digits; a leading + is looked at before.
_BETWEEN_DIGITS = re.compile(r"[\s.\-()/]")
_HOME = re.compile(r"0[1-9][0-9]{8,9}")
_ABROAD = re.compile(r"\+[1-9][0-9]{7,14}")


class Identifier(msgspec.Struct, frozen=True):
    """What somebody signs in with, understood."""

    kind: Literal["code", "email", "phone"]
    value: str


def normal_email(text: str) -> str | None:
    """Lower case, or None when it is no address. What mail servers accept beyond it is rare."""
    address = text.strip().lower()
    if len(address) > LONGEST_EMAIL or ".." in address:
        return None
    return address if _EMAIL.fullmatch(address) else None


def normal_phone(text: str) -> str | None:
    """
    0912345678 for a number of this country (10 digits, a landline 11), else + and the digits.

    "+84 912 345 678", "0084912345678", "84912345678" and "0912.345.678" are the same number.
    """
    digits = _BETWEEN_DIGITS.sub("", text)
    if not digits.removeprefix("+").isascii():
        return None
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+84"):
        digits = "0" + digits[3:].removeprefix("0")
    elif digits.startswith("84") and len(digits) in (11, 12):
        digits = "0" + digits[2:]
    if _HOME.fullmatch(digits) or (_ABROAD.fullmatch(digits) and not digits.startswith("+84")):
        return digits
    return None


def identify(text: str) -> Identifier | None:
    """Which of the three a person typed to sign in; None when it can be none of them."""
    if "@" in text:
        email = normal_email(text)
        return Identifier("email", email) if email else None
    phone = normal_phone(text)
    if phone:
        return Identifier("phone", phone)
    code = ungrouped(text)
    return Identifier("code", code) if len(code) == CODE_LETTERS and code.isascii() else None


def masked_phone(phone: str | None) -> str:
    """Enough for its owner to recognise, too little to call: 091••••678."""
    return f"{phone[:3]}••••{phone[-3:]}" if phone else ""


def masked_email(email: str | None) -> str:
    """h••••@example.vn"""
    if not email:
        return ""
    name, _, host = email.partition("@")
    return f"{name[:1]}••••@{host}"
