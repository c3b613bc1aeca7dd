"""Five invented people, ranked and explained by the same rules as everybody: the public method."""

import msgspec

from contest.rules.document import EditionDocument, max_score_milli, points_milli
from contest.rules.explanation import Step, explain
from contest.rules.predictions import distance, truth
from contest.rules.ranking import Entry, chain_key, rank


class ExampleRow(msgspec.Struct, frozen=True, kw_only=True):
    place: int
    name: str
    score_milli: int
    prediction: int | None
    distance: int | None
    ranking_time_ms: int
    submission_order: int


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """The board of the five, best first, and why `explained` stands where it does."""

    rows: list[ExampleRow]
    truth: int | None
    explained: ExampleRow
    steps: list[Step]
    sharing: int


class _Invented(msgspec.Struct, frozen=True):
    """`questions_missed`; predictions as a count of five and as units of 0.00001 %."""

    name: str
    questions_missed: int
    count: int | None
    percent: int | None
    time_ms: int
    order: int


_PEOPLE = (
    _Invented("An", 0, 4, 8_000_000, 372_400, 2),
    _Invented("Bình", 0, 2, 6_000_000, 130_250, 4),
    _Invented("Chi", 0, 6, 10_000_000, 161_905, 3),
    _Invented("Dũng", 0, None, None, 118_070, 1),
    _Invented("Giang", 1, 4, 8_000_000, 90_000, 5),
)
# With every chain somebody is ahead of her and somebody behind.
_EXPLAINED = "Chi"


def worked_example(document: EditionDocument) -> Example:
    """The example by the chain and the prediction of a rule document."""
    kind, chain = document.rules.prediction.kind, document.rules.chain
    full = max_score_milli(document, document.rounds[0])
    perfect = sum(1 for each in _PEOPLE if not each.questions_missed)
    true_value = None if kind == "none" else truth(perfect, len(_PEOPLE), kind)
    predicted = {
        each.name: {"none": None, "perfect-count": each.count, "perfect-percent": each.percent}[
            kind
        ]
        for each in _PEOPLE
    }
    entries = [
        Entry(
            key=each.name,
            score_milli=full - each.questions_missed * points_milli(document),
            distance=None if true_value is None else distance(predicted[each.name], true_value),
            ranking_time_ms=each.time_ms,
            submitted_ms=each.order,
        )
        for each in _PEOPLE
    ]
    placed = rank(entries, chain)
    rows = [
        ExampleRow(
            place=each.place,
            name=str(each.key),
            score_milli=each.entry.score_milli,
            prediction=predicted[str(each.key)],
            distance=each.entry.distance,
            ranking_time_ms=each.entry.ranking_time_ms,
            submission_order=each.entry.submitted_ms,
        )
        for each in placed
    ]
    line = next(at for at, row in enumerate(rows) if row.name == _EXPLAINED)
    keys = [chain_key(each.entry, chain) for each in placed]
    ties = []
    for step in range(1, len(chain) + 1):
        equal = [at for at, key in enumerate(keys, start=1) if key[:step] == keys[line][:step]]
        ties.append((equal[0], equal[-1]))
    return Example(
        rows=rows,
        truth=true_value,
        explained=rows[line],
        steps=explain(chain, ties, len(rows)),
        sharing=ties[-1][1] - ties[-1][0] + 1,
    )
