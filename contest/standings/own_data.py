"""Results of a person, of published rounds only: for the file in which they get what is kept."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from contest.bank import queries as bank
from contest.editions.queries import EditionView
from contest.infra.database import Tx
from contest.quiz.papers import Item
from contest.rulings import queries as rulings
from contest.standings import explanations, queries
from contest.standings.explanations import verdict_of
from contest.standings.queries import Published
from contest.standings.settle import score_attempt


class OwnResult(msgspec.Struct, frozen=True, kw_only=True):
    """
    A published round as it ended for somebody. `place` and what belongs to it: None without a
    valid entry. Predictions are in their unit (docs/formats.md). `counted_attempt`: its code.
    `disqualified`: the public reason.
    """

    published_at: datetime
    adjusted_at: datetime | None
    entrants: int
    place: int | None = None
    counted_attempt: str | None = None
    score_milli: int | None = None
    questions_right: int | None = None
    ranking_time_ms: int | None = None
    prediction: int | None = None
    distance: int | None = None
    disqualified: str = ""


class OwnMark(msgspec.Struct, frozen=True, kw_only=True):
    """`verdict`: right, partly, wrong, none (unanswered), given, void (explanations.verdict_of)."""

    verdict: str
    got_milli: int


def own_result(tx: Tx, result: Published, entrant_id: int) -> OwnResult:
    found = OwnResult(
        published_at=result.published_at, adjusted_at=result.adjusted_at, entrants=result.valid
    )
    standing = queries.own_standing(tx, result, entrant_id)
    if standing is None:
        out = rulings.disqualification(tx, result.round_id, entrant_id)
        return msgspec.structs.replace(found, disqualified=out.reason if out else "")
    return msgspec.structs.replace(
        found,
        place=standing.place,
        counted_attempt=explanations.attempt_code(tx, standing.attempt_id),
        score_milli=standing.score_milli,
        questions_right=standing.correct,
        ranking_time_ms=standing.ranking_time_ms,
        prediction=standing.prediction,
        distance=standing.distance,
    )


def own_marks(
    tx: Tx,
    result: Published,
    edition: EditionView,
    items: tuple[Item, ...],
    values: Mapping[int, int | None],
) -> list[OwnMark]:
    """
    Marks of a paper's questions in their order, by what is in force.

    It takes the published result so that nobody can ask for them before.
    """
    keys = bank.keys(tx, [item.revision_id for item in items])
    heeded = rulings.in_force(tx, result.round_id).corrections
    marks, _ = score_attempt(items, values, keys, edition, heeded)
    corrections = [
        each
        for each in explanations.paper_corrections(tx, result.round_id, items)
        if each.state == "in-force"
    ]
    return [
        OwnMark(
            verdict=verdict_of(
                bool(item.to_shown(values.get(place))),
                mark,
                [each for each in corrections if each.place == place],
            ),
            got_milli=mark.got_milli,
        )
        for place, (item, mark) in enumerate(zip(items, marks, strict=True), start=1)
    ]
