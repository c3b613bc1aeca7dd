"""Scores and places of a whole round as columns: the rules' arithmetic, a million lines at a time.

What is right is said by `rules.scoring` and `rules.ranking`; this gives the same, faster, and
tests/properties holds the two against each other. Pure: arrays in, arrays out.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from contest.rules import predictions
from contest.rules.scoring import Mark
from contest.rules.shape import ChainStep, PredictionKind
from contest.standings.raw_facts import ENTRY, MASK_BITS, MASKS, NO_PREDICTION, Array, RawFacts

# Further than any distance: who made no prediction ranks behind all who did.
_FAR = np.iinfo(np.int64).max
_BLOCK = 20_000


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """
    The board, best first: one value a line in each array. `row` points into the raw facts.

    `distance` is -1 without a prediction (and without a truth). `ties`: step (from 1) → first and
    last lines of those who are equal up to it, only groups of two or more.
    """

    row: Array
    place: Array
    score_milli: Array
    correct: Array
    distance: Array
    submission_order: Array
    ties: dict[int, tuple[Array, Array]]


class Computed(msgspec.Struct, frozen=True, kw_only=True):
    """A settlement's figures, its lines, and how its questions were answered."""

    attempts: int
    valid: int
    perfect: int
    disqualified: int
    truth: int | None
    digest: str
    lines: Lines
    # revision id → (papers, right, mask → how often)
    questions: dict[int, tuple[int, int, dict[int, int]]]


class _Scores(msgspec.Struct, frozen=True, kw_only=True):
    score_milli: Array
    correct: Array
    is_perfect: Array
    is_valid: Array


def compute(
    facts: RawFacts,
    marks: Mapping[int, Sequence[Mark | None]],
    *,
    points_milli: int,
    disqualified: frozenset[int],
    chain: Sequence[ChainStep],
    kind: PredictionKind,
) -> Computed:
    """
    Everything a settlement says, from raw facts and rules.

    `marks[revision id][mask]` is the mark of that answer, None for a mask nobody can choose.
    """
    table = _Table(facts.revisions, marks)
    scores = _scores(facts, table, points_milli)
    barred = np.isin(facts.entrant_id, np.fromiter(disqualified, dtype=np.int64))
    valid = np.flatnonzero(scores.is_valid & ~barred).astype(np.int32)
    rows = _best_rows(facts, scores, valid)
    perfect = int(scores.is_perfect[rows].sum())
    truth = None if kind == "none" else predictions.truth(perfect, len(rows), kind)
    lines = _ranked(facts, scores, rows, chain, truth)
    return Computed(
        attempts=len(facts),
        valid=len(rows),
        perfect=perfect,
        disqualified=len(np.unique(facts.entrant_id[barred])),
        truth=truth,
        digest=_digest(facts, lines, truth),
        lines=lines,
        questions=_questions(facts, lines.row, table),
    )


class _Table:
    """Marks by `revision * 64 + mask`."""

    def __init__(self, revisions: list[int], marks: Mapping[int, Sequence[Mark | None]]) -> None:
        size = max(1, len(revisions)) * MASKS
        self.got = np.full(size, -1, dtype=np.int32)
        self.right = np.zeros(size, dtype=bool)
        self.counted = np.zeros(size, dtype=bool)
        for at, revision in enumerate(revisions):
            for mask, mark in enumerate(marks[revision]):
                if mark is not None:
                    self.got[at * MASKS + mask] = mark.got_milli
                    self.right[at * MASKS + mask] = mark.is_right
                    self.counted[at * MASKS + mask] = mark.is_counted


def _scores(facts: RawFacts, table: _Table, points_milli: int) -> _Scores:
    count = len(facts)
    score = np.zeros(count, dtype=np.int32)
    correct = np.zeros(count, dtype=np.int16)
    perfect = np.zeros(count, dtype=bool)
    valid = np.zeros(count, dtype=bool)
    for start in range(0, count, _BLOCK):
        block = slice(start, start + _BLOCK)
        answers = facts.answers[block]
        there = answers >= 0
        answers = np.maximum(answers, 0)
        counts = table.counted[answers] & there
        each = table.got[answers]
        if (each[counts] < 0).any():
            raise ValueError("an answer names a choice that its question does not have")
        got = np.where(counts, each, 0).sum(axis=1, dtype=np.int64)
        possible = counts.sum(axis=1, dtype=np.int64) * points_milli
        full = there.sum(axis=1, dtype=np.int64) * points_milli
        right = (table.right[answers] & counts).sum(axis=1)
        score[block] = np.where(possible > 0, full * got // np.maximum(possible, 1), full)
        correct[block] = right
        perfect[block] = right == counts.sum(axis=1)
        valid[block] = ((answers & (MASKS - 1)) * there).any(axis=1)
    return _Scores(score_milli=score, correct=correct, is_perfect=perfect, is_valid=valid)


def _best_rows(facts: RawFacts, scores: _Scores, rows: Array) -> Array:
    """Of an entrant's attempts the highest score counts, then the earliest submitted."""
    entrants = np.sort(facts.entrant_id[rows])
    if not (entrants[1:] == entrants[:-1]).any():
        return rows
    order = np.lexsort(
        (facts.submitted_ms[rows], -scores.score_milli[rows], facts.entrant_id[rows])
    )
    rows = rows[order]
    entrants = facts.entrant_id[rows]
    is_first = np.ones(len(rows), dtype=bool)
    is_first[1:] = entrants[1:] != entrants[:-1]
    return rows[is_first]


def _ranked(
    facts: RawFacts, scores: _Scores, rows: Array, chain: Sequence[ChainStep], truth: int | None
) -> Lines:
    keys: dict[ChainStep, Array] = {
        "score": -scores.score_milli[rows],
        "distance": _distance(facts, rows, truth),
        "time": facts.ranking_time_ms[rows],
        "submitted": _dense_order(facts.submitted_ms[rows]),
    }
    keys["distance"][keys["distance"] == NO_PREDICTION] = _FAR
    # Those who share a place in the order of their codes, whose bytes compare as numbers.
    entry = facts.entry[rows].view(">u8")
    order = np.lexsort((entry, *(keys[step] for step in reversed(chain)))).astype(np.int32)
    del entry
    differs = np.zeros(len(rows), dtype=bool)
    differs[:1] = True
    ties: dict[int, tuple[Array, Array]] = {}
    first = np.zeros(0, dtype=np.int32)
    for number, step in enumerate(chain, start=1):
        key = keys[step][order]
        differs[1:] |= key[1:] != key[:-1]
        first = (np.flatnonzero(differs) + 1).astype(np.int32)
        last = np.append(first[1:] - 1, len(rows)).astype(np.int32)[: len(first)]
        shared = last > first
        ties[number] = (first[shared], last[shared])
    distance = keys["distance"][order]
    distance[distance == _FAR] = NO_PREDICTION
    return Lines(
        row=rows[order],
        place=np.repeat(first, np.diff(np.append(first, len(rows) + 1))) if len(rows) else first,
        score_milli=-keys["score"][order],
        correct=scores.correct[rows][order],
        distance=distance,
        submission_order=keys["submitted"][order],
        ties=ties,
    )


def _distance(facts: RawFacts, rows: Array, truth: int | None) -> Array:
    predicted = facts.prediction[rows]
    if truth is None:
        return np.full(len(rows), NO_PREDICTION, dtype=np.int64)
    return np.where(predicted == NO_PREDICTION, NO_PREDICTION, np.abs(predicted - truth))


def _dense_order(values: Array) -> Array:
    """1 for the smallest, equal ones alike, without gaps."""
    order = np.argsort(values, kind="stable").astype(np.int32)
    values = values[order]
    steps = np.ones(len(values), dtype=np.int32)
    steps[1:] = values[1:] != values[:-1]
    np.cumsum(steps, out=steps)
    found = np.empty(len(values), dtype=np.int32)
    found[order] = steps
    return found


def _digest(facts: RawFacts, lines: Lines, truth: int | None) -> str:
    """SHA-256 over the truth and each column in the order of lines, little-endian."""
    found = hashlib.sha256(repr((len(lines.row), truth, sorted(facts.wards))).encode())
    names = np.array([*facts.wards, ""], dtype="S20")
    columns: list[tuple[Callable[[Array, slice], Array], str]] = [
        (lambda _row, block: lines.place[block], "<i8"),
        (lambda row, _block: facts.entry[row], ENTRY.str),
        (lambda _row, block: lines.score_milli[block], "<i8"),
        (lambda row, _block: facts.prediction[row], "<i8"),
        (lambda _row, block: lines.distance[block], "<i8"),
        (lambda row, _block: facts.ranking_time_ms[row], "<i8"),
        (lambda row, _block: facts.submitted_ms[row], "<i8"),
        (lambda row, _block: names[facts.ward[row]], "S20"),
        (lambda row, _block: facts.age_group[row], "<i8"),
    ]
    for column, kind in columns:
        for start in range(0, len(lines.row), _BLOCK):
            block = slice(start, start + _BLOCK)
            found.update(column(lines.row[block], block).astype(kind).tobytes())
    return found.hexdigest()


def _questions(
    facts: RawFacts, rows: Array, table: _Table
) -> dict[int, tuple[int, int, dict[int, int]]]:
    counts = np.zeros(max(1, len(facts.revisions)) * MASKS, dtype=np.int64)
    for start in range(0, len(rows), _BLOCK):
        answers = facts.answers[rows[start : start + _BLOCK]]
        counts += np.bincount(answers[answers >= 0], minlength=len(counts))
    found: dict[int, tuple[int, int, dict[int, int]]] = {}
    for at, revision in enumerate(facts.revisions):
        own = counts[at << MASK_BITS : (at + 1) << MASK_BITS]
        right = table.right[at << MASK_BITS : (at + 1) << MASK_BITS]
        if own.any():
            how_often: dict[int, Any] = {int(mask): int(own[mask]) for mask in np.flatnonzero(own)}
            found[revision] = (int(own.sum()), int(own[right].sum()), how_often)
    return found
