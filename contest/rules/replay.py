"""
A published round computed again from its file alone: truth, distances, places.

Anybody can do this without our database: the file holds the rule document, what each entrant has
(score, prediction, time, order of submission) and what we say follows from it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from contest.rules import predictions, ranking
from contest.rules.shape import ChainStep, PredictionKind

FORMAT: Final = "sanchoi-round/1"
CORRECTIONS: Final = ("accept-also", "give-all", "void")


class Corrected(Struct, frozen=True, kw_only=True):
    """A corrected key that is in force. `masks`: answers right as well (bit i: choice i)."""

    kind: str
    question: str
    masks: tuple[int, ...] = ()


class Head(Struct, frozen=True, kw_only=True):
    """
    What a file says of the whole round. `act` 1 published it, a later one adjusted it.

    `lines` is the number of entrants ranked: fewer in the file are a file that was cut short.
    """

    format: str
    edition: str
    round: str
    act: int
    published_at: datetime
    adjusted_at: datetime | None
    rules_hash: str
    chain: tuple[ChainStep, ...]
    prediction_kind: PredictionKind
    max_score_milli: int
    truth: int | None
    corrections: tuple[Corrected, ...]
    disqualified: int
    lines: int


class Line(Struct, frozen=True, gc=False):
    """What ranks an entrant; `place` and `distance` are what is to be found again."""

    place: int
    entry_code: str
    score_milli: int
    prediction: int | None
    distance: int | None
    ranking_time_ms: int
    submission_order: int


class Difference(Struct, frozen=True, kw_only=True):
    """Something that does not follow. `entry_code` is "" for what concerns the whole file."""

    entry_code: str
    what: str
    stands: str
    computed: str


class Replayed(Struct, frozen=True, kw_only=True):
    """`perfect` entrants have the full score; differences come in the order of the file."""

    perfect: int
    truth: int | None
    differences: list[Difference]


class _Marking(Struct):
    points_per_question: int


class _Prediction(Struct):
    kind: PredictionKind


class _Rules(Struct):
    marking: _Marking
    prediction: _Prediction
    chain: tuple[ChainStep, ...]


class _Cell(Struct):
    take: int


class _Round(Struct):
    slug: str
    blueprint: list[_Cell]


class _Document(Struct):
    """Those parts of a rule document that rank: another release may know more of the others."""

    edition: str
    rules: _Rules
    rounds: list[_Round]


def check_rules(head: Head, document: str) -> list[Difference]:
    """
    The head against the canonical rule document: its SHA-256, and what ranking takes from it.

    Raises ValueError where the document is none.
    """
    digest = hashlib.sha256(document.encode()).hexdigest()
    found = _compare("rules_hash", head.rules_hash, digest)
    try:
        read = msgspec.json.decode(document, type=_Document)
    except msgspec.DecodeError as error:
        raise ValueError(f"the rule document cannot be read: {error}") from error
    this = next((each for each in read.rounds if each.slug == head.round), None)
    if this is None:
        return [*found, *_compare("round", head.round, "not in the rule document")]
    points = read.rules.marking.points_per_question * 1000
    return [
        *found,
        *_compare("edition", head.edition, read.edition),
        *_compare("chain", " ".join(head.chain), " ".join(read.rules.chain)),
        *_compare("prediction_kind", head.prediction_kind, read.rules.prediction.kind),
        *_compare(
            "max_score_milli", head.max_score_milli, points * sum(c.take for c in this.blueprint)
        ),
    ]


def replay(head: Head, lines: Sequence[Line]) -> Replayed:
    """
    Ranks the lines anew by the chain of the head and compares.

    An entrant with the full score has all counted questions right, after corrections too, so the
    truth follows from the scores. Order of submission stands in for the moment: it ranks alike.
    """
    perfect = sum(1 for line in lines if line.score_milli == head.max_score_milli)
    kind = head.prediction_kind
    truth = None if kind == "none" else predictions.truth(perfect, len(lines), kind)
    found = [
        *_compare("lines", head.lines, len(lines)),
        *_compare("truth", _told(head.truth), _told(truth)),
        *_unsound_head(head),
        *_unsound_lines(head, lines),
    ]
    distances = [
        None if truth is None else predictions.distance(line.prediction, truth) for line in lines
    ]
    for line, distance in zip(lines, distances, strict=True):
        if line.distance != distance:
            found += _compare(
                "distance", _told(line.distance), _told(distance), code=line.entry_code
            )
    twice = {
        code for code, count in Counter(line.entry_code for line in lines).items() if count > 1
    }
    if twice:
        # Nobody is ranked twice, so there is no ranking to compare with.
        found += [
            Difference(entry_code=code, what="entry_code", stands="twice", computed="once")
            for code in sorted(twice)
        ]
        return Replayed(perfect=perfect, truth=truth, differences=found)
    places = _places(head, lines, distances)
    found += [
        Difference(
            entry_code=line.entry_code,
            what="place",
            stands=str(line.place),
            computed=str(places[line.entry_code]),
        )
        for line in lines
        if line.place != places[line.entry_code]
    ]
    return Replayed(perfect=perfect, truth=truth, differences=found)


def _places(
    head: Head, lines: Sequence[Line], distances: Sequence[int | None]
) -> dict[str | int, int]:
    entries = (
        ranking.Entry(
            key=line.entry_code,
            score_milli=line.score_milli,
            distance=distance,
            ranking_time_ms=line.ranking_time_ms,
            submitted_ms=line.submission_order,
        )
        for line, distance in zip(lines, distances, strict=True)
    )
    return {each.key: each.place for each in ranking.rank(entries, head.chain)}


def _unsound_head(head: Head) -> Iterator[Difference]:
    """Corrections that could not have been decided, and a chain that could not be ranked by."""
    seen = set()
    for each in head.corrections:
        told = " ".join([each.kind, each.question, *map(str, each.masks)])
        if each.kind not in CORRECTIONS:
            yield from _compare("correction", told, "one of " + ", ".join(CORRECTIONS))
        elif not each.question:
            yield from _compare("correction", told, "names a question")
        elif each.kind == "accept-also" and not (each.masks and min(each.masks) > 0):
            yield from _compare("correction", told, "names answers, each above 0")
        elif each.kind != "accept-also" and each.masks:
            yield from _compare("correction", told, "names no answers")
        elif told in seen:
            yield from _compare("correction", told, "stands once")
        seen.add(told)
    if head.disqualified < 0:
        yield from _compare("disqualified", head.disqualified, "0 or more")
    if head.max_score_milli <= 0:
        yield from _compare("max_score_milli", head.max_score_milli, "above 0")
    if len(set(head.chain)) != len(head.chain) or head.chain[:1] != ("score",):
        yield from _compare("chain", " ".join(head.chain), "begins with score, each step once")
    if head.prediction_kind == "none" and "distance" in head.chain:
        yield from _compare("chain", " ".join(head.chain), "no distance without a prediction")


def _unsound_lines(head: Head, lines: Sequence[Line]) -> Iterator[Difference]:
    for line in lines:
        code = line.entry_code
        if not 0 <= line.score_milli <= head.max_score_milli:
            limits = f"0 to {head.max_score_milli}"
            yield from _compare("score_milli", line.score_milli, limits, code=code)
        if line.ranking_time_ms < 0:
            yield from _compare("ranking_time_ms", line.ranking_time_ms, "0 or more", code=code)
        if line.submission_order < 1:
            yield from _compare("submission_order", line.submission_order, "1 or more", code=code)
        if line.prediction is not None and head.prediction_kind == "none":
            yield from _compare("prediction", line.prediction, "none", code=code)


def _compare(what: str, stands: object, computed: object, *, code: str = "") -> list[Difference]:
    if stands == computed:
        return []
    return [Difference(entry_code=code, what=what, stands=str(stands), computed=str(computed))]


def _told(value: int | None) -> str:
    return "none" if value is None else str(value)
