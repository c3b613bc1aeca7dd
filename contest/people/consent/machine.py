"""
When a consent stands. Pure: signatures, a birth date and a day in, a state out.

Under 7 the representative signs alone, from 7 to 15 both sign, from 16 on one signs oneself, and
whoever turns 16 is asked again: what was signed before then holds no longer (Law 91/2025/QH15 and
decree 356/2025/NĐ-CP, as docs/children.md reads them).
"""

from datetime import date
from enum import StrEnum
from typing import Final, Literal

import msgspec

from contest.people.consent import TAKE_PART
from contest.rules.eligibility import age_on

Signer = Literal["self", "representative"]
Proof = Literal["account", "same-phone", "link", "paper", "desk"]
Band = Literal["representative", "both", "self"]

CHILD_SIGNS_FROM: Final = 7
SELF_CONSENT_AGE: Final = 16

# How sure we are that the signer is who they say. Of oneself, one's own account is enough.
STRENGTH: Final[dict[str, int]] = {
    "account": 0,
    "same-phone": 1,
    "link": 2,
    "paper": 3,
    "desk": 4,
}
# What others get to see needs more of a representative than a press on the child's own phone.
NEEDED_IN_PUBLIC: Final = STRENGTH["link"]


class Signature(msgspec.Struct, frozen=True):
    """A signature that was not withdrawn. `given_on`: the day in Hà Nội."""

    signer: str
    proof: str
    given_on: date


class State(StrEnum):
    """Of one purpose. Only STANDS allows anything."""

    STANDS = "stands"
    NOT_GIVEN = "not-given"
    NEEDS_CHILD = "needs-child"
    NEEDS_REPRESENTATIVE = "needs-representative"
    NEEDS_PROOF = "needs-proof"
    ASK_AGAIN = "ask-again"


def band(birth_date: date, on: date) -> Band:
    """Who signs for a person of that age on that day."""
    age = age_on(birth_date, on)
    if age >= SELF_CONSENT_AGE:
        return "self"
    return "both" if age >= CHILD_SIGNS_FROM else "representative"


def signed_oneself(birth_date: date, own: Signature | None) -> bool:
    """Whether the person signed at an age at which nobody else has to."""
    return own is not None and age_on(birth_date, own.given_on) >= SELF_CONSENT_AGE


def state(
    purpose: str,
    birth_date: date,
    on: date,
    own: Signature | None,
    representative: Signature | None,
) -> State:
    """What the two signatures of a purpose (None: missing or withdrawn) amount to on a day."""
    who = band(birth_date, on)
    if who == "self":
        if signed_oneself(birth_date, own):
            return State.STANDS
        return State.ASK_AGAIN if own or representative else State.NOT_GIVEN
    needs_child = who == "both" and own is None
    if representative is None:
        return State.NOT_GIVEN if own is None or who != "both" else State.NEEDS_REPRESENTATIVE
    if needs_child:
        return State.NEEDS_CHILD
    if purpose != TAKE_PART and STRENGTH[representative.proof] < NEEDED_IN_PUBLIC:
        return State.NEEDS_PROOF
    return State.STANDS
