"""What a key is: made at random, and checked before it reaches a path or an address."""

import re

from contest.infra.chance import Chance, code

PRIVATE = "private"
# 32 letters of base 32 are 160 bits: nobody finds a file by trying.
_KEY_LETTERS = 32
_PART = "[a-z0-9][a-z0-9.-]*"
_KEY = re.compile(f"{_PART}(/{_PART})+")
_FOLDER = re.compile(f"{_PART}(/{_PART})*")
_LONGEST = 200


def new_key(chance: Chance, *under: str) -> str:
    """A random key below these folders: new_key(chance, PRIVATE, "consents")."""
    name = code(chance, _KEY_LETTERS).lower()
    return "/".join((*under, name[:2], name[2:]))


def is_key(text: str) -> bool:
    return _fits(_KEY, text)


def check_key(key: str) -> None:
    # Keys come out of our own tables; a wrong one is a fault of ours and must not reach a path.
    if not is_key(key):
        raise ValueError(f"not a key of the storage: {key[:40]!r}")


def check_folder(prefix: str) -> None:
    """A whole folder of keys: "recordings", "recordings/ab"; never the whole storage."""
    if not _fits(_FOLDER, prefix):
        raise ValueError(f"not a folder of the storage: {prefix[:40]!r}")


def _fits(form: re.Pattern[str], text: str) -> bool:
    return bool(form.fullmatch(text)) and ".." not in text and len(text) <= _LONGEST
