"""
A card: the class's code that stands on the board, and eight letters of the pupil's own. Pure.

The letters are derived from the account, the card's serial and the installation's key, so that a
card can be printed again; what is kept is only the digest of "<class code>.<letters>".
"""

import hashlib
import hmac

import msgspec

from contest.infra.chance import LETTERS, grouped, ungrouped

CLASS_CODE_LETTERS = 6
CARD_LETTERS = 8


class Card(msgspec.Struct, frozen=True):
    """What is typed or scanned: both codes in letters of contest/infra/chance.py, ungrouped."""

    class_code: str
    letters: str

    @property
    def digest(self) -> str:
        return card_digest(self.class_code, self.letters)

    @property
    def path(self) -> str:
        return f"/the/{self.class_code}-{self.letters}"


def card_letters(secret_key: bytes, ref: str, serial: int) -> str:
    """The eight letters of a pupil's card; another serial, other letters."""
    octets = hmac.digest(secret_key, f"card.{ref}.{serial}".encode(), "sha256")
    return "".join(LETTERS[octet & 31] for octet in octets[:CARD_LETTERS])


def card_digest(class_code: str, letters: str) -> str:
    return hashlib.sha256(f"{class_code}.{letters}".encode()).hexdigest()


def typed_class_code(text: str) -> str:
    """The code in what a person typed, "" where there is none: case, spaces, dashes forgiven."""
    return _letters(text, CLASS_CODE_LETTERS)


def typed_card(class_code: str, letters: str) -> Card | None:
    """
    The card in what a person typed into two fields; None where it can be none. Whoever types the
    whole card, class and all, into the second field is understood too.
    """
    own = ungrouped(letters)
    if len(own) == CLASS_CODE_LETTERS + CARD_LETTERS:
        return scanned_card(own)
    code, own = typed_class_code(class_code), _letters(letters, CARD_LETTERS)
    return Card(code, own) if code and own else None


def scanned_card(text: str) -> Card | None:
    """The card in the last part of its address, ABCDEF-GHJKMNPQ; None for anything else."""
    both = _letters(text, CLASS_CODE_LETTERS + CARD_LETTERS)
    return Card(both[:CLASS_CODE_LETTERS], both[CLASS_CODE_LETTERS:]) if both else None


def _letters(text: str, count: int) -> str:
    found = ungrouped(text)
    return found if len(found) == count and set(found) <= set(LETTERS) else ""


def shown_letters(letters: str) -> str:
    """7F3K92QD → 7F3K-92QD."""
    return grouped(letters)
