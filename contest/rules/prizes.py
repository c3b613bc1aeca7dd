"""
Individual prizes by place, with the rules' policy for a tie across a prize's edge.

The prizes of a document lie one behind another over the positions of the ranking: 1 first, 2
second and 3 third prizes are positions 1, 2-3 and 4-6. A group of n at a shared place p fills
the positions p to p + n - 1, as the next place counts them.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from contest.rules.shape import IndividualPrize, TiePolicy


class HasPlace(Protocol):
    """Anything placed: `ranking.Placed`, or a stored row of a settlement."""

    @property
    def place(self) -> int: ...
    @property
    def key(self) -> str | int: ...


class Award(Struct, frozen=True, kw_only=True):
    """`prize_index` counts from 0 in the document's list; `shared_by` is the size of the tie."""

    key: str | int
    place: int
    prize_index: int
    value_vnd: int
    shared_by: int


def award(
    placed: Sequence[HasPlace], prizes: Sequence[IndividualPrize], tie: TiePolicy
) -> list[Award]:
    """
    Who gets which prize, in the order of `placed`.

    `all-higher`: everyone of a group gets the prize of its first position, and the group uses up
    its positions; so more people than prizes can be paid. `share-money`: the money of the
    group's positions (those without a prize count 0) is summed and shared, rounded down to a
    dong; the title is that of the first position. What rounding leaves stays with the organiser.
    """
    positions = [index for index, prize in enumerate(prizes) for _ in range(prize.places)]
    size = Counter(each.place for each in placed if each.place <= len(positions))
    money: dict[int, int] = {}
    for place, count in size.items():
        filled = positions[place - 1 : place - 1 + count]
        if tie == "all-higher":
            money[place] = prizes[filled[0]].value_vnd
        else:
            money[place] = sum(prizes[index].value_vnd for index in filled) // count
    return [
        Award(
            key=each.key,
            place=each.place,
            prize_index=positions[each.place - 1],
            value_vnd=money[each.place],
            shared_by=size[each.place],
        )
        for each in placed
        if each.place <= len(positions)
    ]
