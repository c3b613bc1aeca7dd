"""Names of units."""

from contest.units.sorting import search_key


def bare_name(name: str, kind: str) -> str:
    """The name without the word or words of its kind: one of two words for a town or a city."""
    words = name.split(" ")
    kind_words = {"ward": 1, "commune": 1, "township": 2, "city": 2}.get(kind)
    if kind_words is None:  # a district: one word (quận, huyện) or two (thị xã)
        kind_words = 2 if search_key(name).startswith(" thi xa ") else 1
    return " ".join(words[kind_words:]) or name
