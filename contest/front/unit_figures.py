"""What an officer sees of a unit: parts whose figures add up to the sum line.

Nothing of scores or places before a round is published: there is nothing of them in what comes in.
Counts of people are told however small; how many of them are minors only where no few are pointed
at, and no subtraction leads to them (rules/ages.FEWEST_MINORS).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from contest.rules.ages import FEWEST_MINORS
from contest.standings.unit_counts import Entered, Place, Placed, TookPart

# district, ward, school: has a page of its own. apart: neither, named by its key.
PartKind = Literal["district", "ward", "school", "apart"]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A line to be. `size`: a school's roll, None where it is not known."""

    key: str
    kind: PartKind
    name: str = ""
    size: int | None = None


class Minors(msgspec.Struct, frozen=True, kw_only=True):
    """
    `count` is what it is, and is told only with `is_told`; `at_least` may be told of a sum.

    `is_sum`: of several numbers, some of which may be withheld.
    """

    count: int
    is_told: bool
    at_least: int
    is_sum: bool = False


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """
    A part on a published board. `mean_milli`, `best`: None where nobody is on it, or so few of a
    school that a place would point at a child's line.
    """

    valid: int
    mean_milli: int | None
    best: int | None
    prizes: int


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """`submitted`, `results`: by round; `minors` is None where it is not told of such parts."""

    part: Part
    people: int
    minors: Minors | None
    submitted: dict[int, int]
    results: dict[int, Result]

    @property
    def share_percent(self) -> float | None:
        """People of the roll who entered, at most 100; None where the roll is not known."""
        if not self.part.size:
            return None
        return min(100.0, round(100 * self.people / self.part.size, 1))


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Lines and their sum; every person of the unit is in exactly one line."""

    lines: list[Line]
    total: Line

    @property
    def most(self) -> int:
        return max((line.people for line in self.lines), default=0)

    @property
    def leading(self) -> list[Line]:
        """The lines with most people first, at most eight, those of a name only."""
        named = [line for line in self.lines if line.part.kind != "apart" and line.people]
        return sorted(named, key=lambda line: -line.people)[:8]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted of an edition; `placed`: published round → places of its board."""

    entered: Sequence[Entered]
    took_part: Sequence[TookPart]
    placed: Mapping[int, Sequence[Placed]]


def minors_of(count: int) -> Minors:
    is_told = count == 0 or count >= FEWEST_MINORS
    return Minors(count=count, is_told=is_told, at_least=count if is_told else 0)


def sum_of_minors(parts: Iterable[Minors]) -> Minors:
    """A sum is told when nothing is withheld in it, or so much that no part can be inferred."""
    every = list(parts)
    withheld = [each.count - each.at_least for each in every if not each.is_told]
    is_told = not withheld or (len(withheld) > 1 and sum(withheld) >= FEWEST_MINORS)
    count = sum(each.count for each in every)
    at_least = count if is_told else sum(each.at_least for each in every)
    return Minors(count=count, is_told=is_told, at_least=at_least, is_sum=True)


def table(
    counts: Counts,
    parts: Sequence[Part],
    key_of: Callable[[Place], str | None],
    *,
    leaf_of: Callable[[Place], str] | None = None,
    tells_minors: bool = True,
    total: Part,
) -> Table:
    """
    One line a part. `key_of` says of which part a place is, None: not of this unit.

    `leaf_of`: the ward or school by whose number minors are withheld, the part itself without it.
    `tells_minors`: of each line; the sum has them always, as those of one leaf.
    """
    people: dict[str, int] = {}
    leaves: dict[str, dict[str, int]] = {}
    submitted: dict[str, dict[int, int]] = {}
    boards: dict[str, dict[int, list[Placed]]] = {}
    for each in counts.entered:
        key = key_of(each.place)
        if key is not None:
            people[key] = people.get(key, 0) + each.people
            leaf = leaf_of(each.place) if leaf_of else key
            of_part = leaves.setdefault(key, {})
            of_part[leaf] = of_part.get(leaf, 0) + each.minors
    for took in counts.took_part:
        key = key_of(took.place)
        if key is not None:
            of_round = submitted.setdefault(key, {})
            of_round[took.round_id] = of_round.get(took.round_id, 0) + took.submitted
    for round_id, board in counts.placed.items():
        for line in board:
            key = key_of(line.place)
            if key is not None:
                boards.setdefault(key, {}).setdefault(round_id, []).append(line)
    lines = [
        Line(
            part=part,
            people=people.get(part.key, 0),
            minors=_minors(leaves.get(part.key, {})) if tells_minors else None,
            submitted=submitted.get(part.key, {}),
            results={
                round_id: _result(boards.get(part.key, {}).get(round_id, []), part.kind)
                for round_id in counts.placed
            },
        )
        for part in parts
    ]
    everybody = [each for of_key in boards.values() for each in of_key.items()]
    return Table(
        lines=lines,
        total=Line(
            part=total,
            people=sum(line.people for line in lines),
            minors=sum_of_minors(line.minors for line in lines if line.minors)
            if tells_minors
            else minors_of(sum(sum(of_part.values()) for of_part in leaves.values())),
            submitted={
                round_id: sum(line.submitted.get(round_id, 0) for line in lines)
                for round_id in {each for line in lines for each in line.submitted}
            },
            results={
                round_id: _result(
                    [line for at, board in everybody if at == round_id for line in board],
                    total.kind,
                )
                for round_id in counts.placed
            },
        ),
    )


def _minors(leaves: Mapping[str, int]) -> Minors:
    if len(leaves) <= 1:
        return minors_of(sum(leaves.values()))
    return sum_of_minors(minors_of(count) for count in leaves.values())


def _result(board: Sequence[Placed], kind: PartKind) -> Result:
    valid = sum(each.valid for each in board)
    tells = valid > 0 and (kind != "school" or valid >= FEWEST_MINORS)
    score = sum(each.score_milli for each in board)
    return Result(
        valid=valid,
        mean_milli=(2 * score + valid) // (2 * valid) if tells else None,
        best=min(each.best for each in board) if tells else None,
        prizes=sum(each.prizes for each in board),
    )
