"""Vietnamese order and toneless search as plain text keys, the same on every database.

Order: a ă â b c d đ e ê … ; letters first, tones only between equal letters, in the dictionary's
sequence (none, huyền, hỏi, ngã, sắc, nặng). Where the tone mark stands in its syllable does not
matter: Hòa and Hoà are one word.
"""

import unicodedata

from contest.web.i18n import without_tones

_BREVE, _CIRCUMFLEX, _HORN = chr(0x306), chr(0x302), chr(0x31B)
_STROKED_D = chr(0x111)
_TONES = {chr(0x300): "1", chr(0x309): "2", chr(0x303): "3", chr(0x301): "4", chr(0x323): "5"}
_VARIANTS = {
    "a": ["a" + _BREVE, "a" + _CIRCUMFLEX],
    "d": [_STROKED_D],
    "e": ["e" + _CIRCUMFLEX],
    "o": ["o" + _CIRCUMFLEX, "o" + _HORN],
    "u": ["u" + _HORN],
}
_ALPHABET = [
    letter for base in "abcdefghijklmnopqrstuvwxyz" for letter in (base, *_VARIANTS.get(base, []))
]

# Two digits a letter. Only digits, because databases differ in how they collate anything else.
_NEXT_PART, _TONES_FOLLOW, _BETWEEN_WORDS, _UNKNOWN = "00", "01", "10", "99"
_WEIGHTS = {str(digit): str(20 + digit) for digit in range(10)} | {
    letter: str(40 + place) for place, letter in enumerate(_ALPHABET)
}


def vietnamese_sort_key(*parts: str) -> str:
    """
    A key whose plain order is the Vietnamese order of the text.

    With several parts the first decides, tones included, before the second is looked at: that is
    how a list with the given name in a column of its own is sorted.
    """
    return _NEXT_PART.join(_key(part) for part in parts)


def _key(text: str) -> str:
    words: list[str] = []
    tones: list[str] = []
    for word in plain_words(text):
        letters, tone = _split(word)
        words.append("".join(_WEIGHTS.get(letter, _UNKNOWN) for letter in letters))
        tones.append(tone)
    return _BETWEEN_WORDS.join(words) + _TONES_FOLLOW + "".join(tones)


def plain_words(text: str) -> list[str]:
    """Lower-case words of NFC letters and digits; what stands between them is dropped."""
    composed = unicodedata.normalize("NFC", text).lower()
    return "".join(letter if letter.isalnum() else " " for letter in composed).split()


def _split(word: str) -> tuple[list[str], str]:
    """A word → its letters with their own marks (ê, ơ) but no tone, and the word's tone."""
    letters: list[str] = []
    tone = "0"
    for mark in unicodedata.normalize("NFD", word):
        if mark in _TONES:
            tone = _TONES[mark]
        elif mark in (_BREVE, _CIRCUMFLEX, _HORN) and letters:
            letters[-1] += mark
        elif not unicodedata.combining(mark):
            letters.append(mark)
    return letters, tone


def search_key(text: str) -> str:
    """
    What a search runs over: toneless words, each with a space before it.

    A word that was typed is looked for with its space, so it matches the beginning of a word:
    "ha" finds Hà and Hạnh, not Thanh.
    """
    return "".join(f" {word}" for word in plain_words(without_tones(text)))


def search_words(text: str) -> list[str]:
    """What was typed, as the pieces that must all be found in a search key."""
    return [f" {word}" for word in plain_words(without_tones(text))][:8]
