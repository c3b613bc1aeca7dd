"""The ward that a class list means. Pure: nobody is asked, so only what is plain counts."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from contest.units.queries import UnitLine
from contest.units.sorting import plain_words, search_key

_KIND_SHORT = re.compile(r"^(p|x|tt)\s*\.\s*", re.IGNORECASE)


class Wards:
    """The wards of a day by what a class list calls them."""

    def __init__(self, wards: Sequence[UnitLine]) -> None:
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._toneless: dict[str, set[str]] = defaultdict(set)
        for ward in wards:
            # "Phường Ba Đình" is also called "Ba Đình"; a township's kind has two words.
            bare = 2 if ward.kind == "township" else 1
            for name in (ward.name, " ".join(ward.name.split()[bare:])):
                self._exact[" ".join(plain_words(name))].add(ward.id)
                self._toneless[search_key(name)].add(ward.id)

    def named(self, text: str) -> str | None:
        """The id, when the words name exactly one; "P. Ba Đình, Hà Nội" is understood too."""
        words = _KIND_SHORT.sub("", text.split(",")[0].strip())
        for names, key in (
            (self._exact, " ".join(plain_words(words))),
            (self._toneless, search_key(words)),
        ):
            found: Mapping[str, set[str]] = names
            if len(found.get(key, ())) == 1:
                return next(iter(found[key]))
        return None
