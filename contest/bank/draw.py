"""
The draw of a paper from a pool: which questions, in which order, with which order of choices.

All order comes from HMAC-SHA256 under the attempt's seed over the question's id, never over its
text, its language or its key, and never from the order in which candidates are listed. The same
seed gives the same paper again, on any machine and in any version of Python.
"""

import hmac
from collections.abc import Collection, Sequence
from typing import Final

from msgspec import Struct

from contest.rules.shape import BlueprintCell

ANY: Final = "any"


class Candidate(Struct, frozen=True, kw_only=True):
    """
    A question of the pool in its current revision.

    `shuffles` is False where the order of choices carries meaning: true-false shows "true" first.
    """

    question_id: str
    revision_id: int
    domain: str
    level: str
    choice_count: int
    shuffles: bool


class PaperItem(Struct, frozen=True, kw_only=True):
    """`order[i]` is the original position of the choice shown at position i."""

    revision_id: int
    order: tuple[int, ...]


class Shortage(Struct, frozen=True, kw_only=True):
    """A line of the blueprint that the pool cannot fill: `had` is what it could give at most."""

    cell: BlueprintCell
    wanted: int
    had: int


class NotEnough(Exception):
    """The pool cannot fill the blueprint; `check_blueprint` says so before a round opens."""

    def __init__(self, shortage: Shortage) -> None:
        self.shortage = shortage
        self.cell, self.wanted, self.had = shortage.cell, shortage.wanted, shortage.had
        cell = shortage.cell
        super().__init__(
            f"{cell.domain}, {cell.level}: {self.wanted} questions wanted, {self.had} to be had"
        )


def draw(
    seed: bytes | str,
    candidates: Sequence[Candidate],
    blueprint: Sequence[BlueprintCell],
    exclude: Collection[str] = (),
) -> list[PaperItem]:
    """
    The paper of one attempt.

    `exclude` holds question ids that may not come again: those an attempt saw before it was
    re-opened. Raises NotEnough when the rest of the pool cannot fill the blueprint, ValueError
    for an empty seed or a question listed twice.
    """
    key = seed.encode() if isinstance(seed, str) else seed
    if not key:
        raise ValueError("an empty seed would give everyone the same paper")
    drawn, shortages = _allot(key, candidates, blueprint, frozenset(exclude))
    if shortages:
        raise NotEnough(shortages[0])
    # Another label than for choosing: else each paper would begin with the questions that won.
    drawn.sort(key=lambda each: _hash(key, "place", each.question_id))
    return [PaperItem(revision_id=each.revision_id, order=_order(key, each)) for each in drawn]


def check_blueprint(
    candidates: Sequence[Candidate],
    blueprint: Sequence[BlueprintCell],
    exclude: Collection[str] = (),
) -> list[Shortage]:
    """
    The lines that cannot be filled; an empty list means that no seed can fail.

    Whether a pool suffices does not depend on the seed: the draw moves questions between
    overlapping `any` lines until no line can get another.
    """
    return _allot(b"check", candidates, blueprint, frozenset(exclude))[1]


def _order(key: bytes, candidate: Candidate) -> tuple[int, ...]:
    choices = range(candidate.choice_count)
    if not candidate.shuffles:
        return tuple(choices)
    return tuple(
        sorted(choices, key=lambda at: _hash(key, "choice", candidate.question_id, str(at)))
    )


def _hash(key: bytes, *parts: str) -> bytes:
    # The zero byte keeps the parts apart; an id cannot hold one.
    return hmac.digest(key, "\0".join(parts).encode(), "sha256")


def _allot(
    key: bytes,
    candidates: Sequence[Candidate],
    blueprint: Sequence[BlueprintCell],
    exclude: frozenset[str],
) -> tuple[list[Candidate], list[Shortage]]:
    """Questions for every line, exact lines first, then those with one `any`, then with two."""
    if len({each.question_id for each in candidates}) != len(candidates):
        raise ValueError("a question is listed twice: give one revision of each")
    left = sorted(
        (each for each in candidates if each.question_id not in exclude),
        key=lambda each: _hash(key, "draw", each.question_id),
    )
    drawn: list[Candidate] = []
    shortages = []
    open_lines = []
    for cell in blueprint:
        if ANY in (cell.domain, cell.level):
            open_lines.append(cell)
            continue
        fitting = [each for each in left if _fits(each, cell)][: cell.take]
        taken = {each.question_id for each in fitting}
        left = [each for each in left if each.question_id not in taken]
        drawn += fitting
        if len(fitting) < cell.take:
            shortages.append(Shortage(cell=cell, wanted=cell.take, had=len(fitting)))
    # Sorted by name too, so that the order of lines in the document decides nothing.
    open_lines.sort(
        key=lambda cell: ((cell.domain, cell.level).count(ANY), cell.domain, cell.level)
    )
    holders: dict[str, int] = {}
    for at, cell in enumerate(open_lines):
        had = 0
        while had < cell.take and _give_one(at, left, open_lines, holders, set()):
            had += 1
        if had < cell.take:
            shortages.append(Shortage(cell=cell, wanted=cell.take, had=had))
    return drawn + [each for each in left if each.question_id in holders], shortages


def _give_one(
    at: int,
    left: Sequence[Candidate],
    lines: Sequence[BlueprintCell],
    holders: dict[str, int],
    asked: set[int],
) -> bool:
    """
    Gives line `at` one more question; when none is free, another line gives way to a free one.

    Augmenting paths as in bipartite matching, since `any` lines overlap and a greedy choice may
    leave a later line empty though the pool suffices. `asked` holds the lines already on the
    path: a line is asked once, as all its questions are alike to the one who asks.
    """
    asked.add(at)
    fitting = [each for each in left if _fits(each, lines[at])]
    for each in fitting:
        if each.question_id not in holders:
            holders[each.question_id] = at
            return True
    for each in fitting:
        other = holders[each.question_id]
        if other not in asked and _give_one(other, left, lines, holders, asked):
            holders[each.question_id] = at
            return True
    return False


def _fits(candidate: Candidate, cell: BlueprintCell) -> bool:
    return cell.domain in (ANY, candidate.domain) and cell.level in (ANY, candidate.level)
