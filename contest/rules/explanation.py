"""
Why a line of a board has its place: at each step of the chain, how many are ahead, equal, behind.

Everybody ahead of a line overtook it at exactly one step: the first in which they differ. So the
numbers ahead, step by step, add up to the place less one. Source: DOMAIN "Equal in the whole chain
= shared place; the next place counts them".
"""

from collections.abc import Sequence

from msgspec import Struct

from contest.rules.shape import ChainStep


class Step(Struct, frozen=True, kw_only=True):
    """
    One step of the chain as it worked for one line.

    Of the `among` who were equal in all steps before (oneself included), `ahead` are better here,
    `equal` (oneself included) are the same and `behind` are worse. `is_needed` is False when
    nobody was equal any more; `is_deciding` marks one step of the explanation.
    """

    step: ChainStep
    among: int
    ahead: int
    equal: int
    behind: int
    is_needed: bool
    is_deciding: bool


def explain(chain: Sequence[ChainStep], ties: Sequence[tuple[int, int]], valid: int) -> list[Step]:
    """
    The steps for a line among `valid` lines.

    `ties[k]` are the first and the last line (from 1, both included) of those who are equal to it
    in the first k + 1 steps. Raises ValueError where the ranges do not lie one within the other.

    The deciding step is the one at which most people came ahead; where nobody did, the one that
    left most people behind; of equals the earlier.
    """
    if len(ties) != len(chain):
        raise ValueError("each step of the chain has one range of lines")
    outer = (1, valid)
    found: list[tuple[int, int, int, int]] = []
    for first, last in ties:
        if not outer[0] <= first <= last <= outer[1]:
            raise ValueError(f"lines {first} to {last} do not lie within {outer[0]} to {outer[1]}")
        found.append((outer[1] - outer[0] + 1, first - outer[0], last - first + 1, outer[1] - last))
        outer = (first, last)
    deciding = max(range(len(found)), key=lambda at: (found[at][1], found[at][3], -at), default=-1)
    return [
        Step(
            step=step,
            among=among,
            ahead=ahead,
            equal=equal,
            behind=behind,
            is_needed=among > 1,
            is_deciding=at == deciding and among > 1,
        )
        for at, (step, (among, ahead, equal, behind)) in enumerate(zip(chain, found, strict=True))
    ]
