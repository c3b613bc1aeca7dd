"""Where random codes come from, passed in like the clock so that a demo can be made twice alike."""

import random
import secrets
from typing import Protocol

# Crockford's base 32 without letters that people mix up when they copy by hand (I, L, O, U).
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Chance(Protocol):
    """A source of random bytes."""

    def octets(self, count: int) -> bytes: ...


class SystemChance:
    """The operating system's randomness: what everything but the demo uses."""

    def octets(self, count: int) -> bytes:
        return secrets.token_bytes(count)


class SeededChance:
    """The same codes for the same seed. For invented people only: it can be foreseen."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def octets(self, count: int) -> bytes:
        return self._random.randbytes(count)


def code(chance: Chance, length: int) -> str:
    """`length` letters of base 32, 5 bits each, without grouping."""
    return "".join(LETTERS[octet & 31] for octet in chance.octets(length))


def grouped(text: str, size: int = 4) -> str:
    """7F3K92QDM4TX → 7F3K-92QD-M4TX, as it is printed."""
    return "-".join(text[at : at + size] for at in range(0, len(text), size))


def ungrouped(text: str) -> str:
    """What a person typed → the code: case, spaces and dashes forgiven, look-alikes mended."""
    kept = "".join(letter for letter in text.upper() if letter.isalnum())
    return kept.translate(str.maketrans("ILOU", "110V"))
