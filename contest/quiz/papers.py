"""A paper as it is kept with its attempt, and its translation between shown and kept choices.

Pure. What a browser sends are positions as shown: the order differs from person to person, so
"the second one" told to a neighbour is worth nothing.
"""

from collections.abc import Mapping, Sequence

import msgspec

from contest.bank.draw import PaperItem

Mask = int
# The place of the prediction among a paper's answers; questions begin at 1.
PREDICTION = 0


class Item(msgspec.Struct, frozen=True, array_like=True):
    """`order[i]` is the original place of the choice shown at place i."""

    revision_id: int
    type: str
    order: tuple[int, ...]

    def to_original(self, shown: Sequence[int]) -> Mask | None:
        """Shown places → mask in the file's order; None when nothing is chosen.

        ValueError: a place that is not there, or several where one is allowed.
        """
        if not shown:
            return None
        if any(not 0 <= place < len(self.order) for place in shown):
            raise ValueError("no such choice")
        if self.type != "multiple" and len(set(shown)) > 1:
            raise ValueError("one choice only")
        return sum(1 << self.order[place] for place in set(shown))

    def to_shown(self, mask: Mask | None) -> tuple[int, ...]:
        if mask is None:
            return ()
        return tuple(place for place, original in enumerate(self.order) if mask >> original & 1)


_PAPER = msgspec.json.Decoder(tuple[Item, ...])


def encode(items: Sequence[PaperItem], types: Mapping[int, str]) -> str:
    """The drawn paper as compact JSON; `types` gives each revision's question type."""
    return msgspec.json.encode(
        [Item(each.revision_id, types[each.revision_id], each.order) for each in items]
    ).decode()


def packed_revisions(items: Sequence[PaperItem] | Sequence[Item]) -> bytes:
    """The revision ids of a paper in its order, four bytes each, little-endian."""
    return b"".join(item.revision_id.to_bytes(4, "little") for item in items)


def decode(paper: str) -> tuple[Item, ...]:
    return _PAPER.decode(paper)
