"""What a password must be: long, not common, not made of one's own name and number. Pure.

No rule about kinds of characters and no forced change: both make passwords worse (NIST SP 800-63B).
Ten characters where that standard asks fifteen of a password alone: entrants are pupils and people
of seventy who type on phones, an account here holds a quiz result, and tries are limited. Whoever
holds a role holds other people's data: fifteen.

Text is normalised to NFC, not NFKC: a Vietnamese keyboard may send either a composed or a split
letter, which must be the same; NFKC would besides make different characters alike.
"""

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Literal

from contest.access import Role
from contest.people.common_passwords import COMMON, STEMS
from contest.units.sorting import plain_words
from contest.web.i18n import without_tones

SHORTEST = 10
SHORTEST_FOR_STAFF = 15
LONGEST = 1000
# What must be left of a password when everything known about its owner is taken out.
_OWN_CHARACTERS = 6
_STRAIGHTS = ("01234567890" * 2, "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")

Fault = Literal["missing", "too-short", "too-long", "common", "personal"]


def normalised(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def is_staff(roles: Iterable[Role]) -> bool:
    """Whoever holds any role sees what is not their own."""
    return any(role not in (Role.VISITOR, Role.ENTRANT) for role in roles)


def is_short_for_staff(password: str) -> bool:
    return len(normalised(password)) < SHORTEST_FOR_STAFF


def find_fault(password: str, *, staff: bool, personal: Iterable[str] = ()) -> Fault | None:
    """
    What is wrong with a new password, or None.

    `personal`: the owner's name, contacts, birth dates, in any form; see `personal_texts`.
    """
    text = normalised(password)
    if not text:
        return "missing"
    if len(text) < (SHORTEST_FOR_STAFF if staff else SHORTEST):
        return "too-short"
    if len(text) > LONGEST:
        return "too-long"
    plain = _plain(text)
    if is_common(plain):
        return "common"
    return "personal" if _is_personal(plain, personal) else None


def personal_texts(
    full_name: str, birth_date: date | None, email: str | None, phone: str | None
) -> list[str]:
    """What others know of a person and would try first."""
    texts = [full_name]
    if email:
        texts.append(email.partition("@")[0])
    if phone:
        texts.append(phone)
    if birth_date:
        texts += [birth_date.strftime(form) for form in ("%d%m%Y", "%d%m%y", "%Y%m%d", "%Y")]
    return texts


def is_common(plain: str) -> bool:
    """A listed password, one piece over and over, a run of keys, or a common word and digits."""
    bare = "".join(each for each in plain if each.isalnum())
    return (
        not bare
        or plain in COMMON
        or bare in COMMON
        or _repeats(bare)
        or any(bare in run or bare in run[::-1] for run in _STRAIGHTS)
        or bare.strip("0123456789") in STEMS
    )


def _repeats(text: str) -> bool:
    """Whether the text is one piece of at most four characters over and over."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, 5))


def _plain(text: str) -> str:
    return without_tones(text).replace(" ", "")


def _is_personal(plain: str, personal: Iterable[str]) -> bool:
    pieces: set[str] = set()
    for text in personal:
        words = plain_words(without_tones(text))
        pieces.update(word for word in words if len(word) >= 2)
        pieces.add("".join(words))
    left = plain
    for piece in sorted(pieces, key=len, reverse=True):
        if len(piece) >= 2:
            left = left.replace(piece, "")
    return left != plain and len(left) < _OWN_CHARACTERS
