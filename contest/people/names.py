"""Names of people: order, search, and what of a name the public may see. Pure."""

import unicodedata
from functools import lru_cache

from contest.units.sorting import search_key, vietnamese_sort_key

LONGEST_NAME = 100
_TONES = {chr(code) for code in (0x300, 0x301, 0x303, 0x309, 0x323)}
_ALLOWED_MARKS = " .'’-"


def tidy_name(text: str) -> str:
    """
    A name as it is kept: NFC, single spaces; capitals where all letters were typed alike.

    "NGUYỄN  thu hà" keeps its mixed case, "nguyễn thu hà" and "NGUYỄN THU HÀ" do not.
    """
    words = " ".join(unicodedata.normalize("NFC", text).split())
    if words.islower() or words.isupper():
        return " ".join(word[:1].upper() + word[1:].lower() for word in words.split(" "))
    return words


def is_name(text: str) -> bool:
    """Letters of any script, spaces, dots, hyphens and apostrophes; with at least two letters."""
    letters = [each for each in text if unicodedata.category(each)[0] in "LM"]
    others = [each for each in text if unicodedata.category(each)[0] not in "LM"]
    return (
        len(letters) >= 2
        and len(text) <= LONGEST_NAME
        and all(each in _ALLOWED_MARKS for each in others)
    )


# A million lines of a board share far fewer names: they are remembered, and so are letters.
@lru_cache(maxsize=50_000)
def public_name(full_name: str) -> str:
    """Nguyễn Thu Hà → N. T. Hà: initials without tones before the given name."""
    words = full_name.split()
    initials = [f"{_without_tone(word[0]).upper()}." for word in words[:-1]]
    return " ".join([*initials, *words[-1:]])


@lru_cache(maxsize=1000)
def _without_tone(letter: str) -> str:
    split = unicodedata.normalize("NFD", letter)
    return unicodedata.normalize("NFC", "".join(each for each in split if each not in _TONES))


def name_key(full_name: str) -> str:
    """For lists: by the given name (the last word), then the family name, then what is between."""
    words = full_name.split()
    return vietnamese_sort_key(
        " ".join(words[-1:]), " ".join(words[:1] if len(words) > 1 else []), " ".join(words[1:-1])
    )


def name_search_key(full_name: str) -> str:
    return search_key(full_name)
