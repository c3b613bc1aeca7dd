"""A line explained: how many came ahead at each step, adding up to its place."""

import pytest

from contest.rules.explanation import explain
from contest.rules.shape import ChainStep

CHAIN: tuple[ChainStep, ...] = ("score", "distance", "time", "submitted")


def told(
    ties: list[tuple[int, int]], valid: int, chain: tuple[ChainStep, ...] = CHAIN
) -> list[str]:
    """Each step in short: step, ahead/equal/behind; * for the deciding one, - if not needed."""
    return [
        f"{each.step} {each.ahead}/{each.equal}/{each.behind}"
        + ("*" if each.is_deciding else "")
        + ("" if each.is_needed else "-")
        for each in explain(chain, ties, valid)
    ]


def test_the_hundred_and_twenty_seventh_of_fifteen_thousand() -> None:
    """Ten of ten; 13 off the truth; five of the ten who were 13 off too were faster."""
    assert told([(1, 4984), (122, 131), (127, 127), (127, 127)], 15_083) == [
        "score 0/4984/10099",
        "distance 121/10/4853*",
        "time 5/1/4",
        "submitted 0/1/0-",
    ]


def test_where_nobody_came_ahead_the_step_that_left_most_behind_decides() -> None:
    assert told([(1, 3), (1, 1), (1, 1), (1, 1)], 5) == [
        "score 0/3/2*",
        "distance 0/1/2",
        "time 0/1/0-",
        "submitted 0/1/0-",
    ]


def test_equal_in_the_whole_chain_is_equal_at_its_last_step() -> None:
    assert told([(2, 4), (2, 4)], 6, chain=("score", "time")) == ["score 1/3/2*", "time 0/3/0"]


def test_alone_on_the_board_no_step_is_needed_and_none_decides() -> None:
    assert told([(1, 1), (1, 1)], 1, chain=("score", "time")) == ["score 0/1/0-", "time 0/1/0-"]


@pytest.mark.parametrize(
    "ties",
    [[(1, 3), (2, 4)], [(2, 3), (1, 3)], [(0, 3), (1, 1)], [(1, 6), (1, 1)], [(3, 2), (3, 2)]],
)
def test_ranges_that_do_not_lie_one_within_the_other_are_refused(
    ties: list[tuple[int, int]],
) -> None:
    with pytest.raises(ValueError, match="do not lie within"):
        explain(("score", "time"), ties, 5)


def test_each_step_needs_its_range() -> None:
    with pytest.raises(ValueError, match="one range of lines"):
        explain(CHAIN, [(1, 1)], 5)
