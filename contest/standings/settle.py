"""Settlement: a round's attempts and answers → every entrant's score, distance and place.

Reads one moment of the database, computes with the pure rules, writes the lines in pieces that
never hold up an answer for long, and makes them valid with one last command. Repeatable: the same
facts give the same digest, and then nothing is written.
"""

import hashlib
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import sqlalchemy as sa

from contest.bank import queries as bank
from contest.bank.queries import Key
from contest.editions.models import Entrant
from contest.editions.queries import EditionView, RoundView, round_by_id
from contest.errors import Conflict, NotFound
from contest.infra.clock import Clock, from_ms, to_ms
from contest.infra.database import Database, Tx
from contest.ledger.queries import height
from contest.quiz import papers
from contest.quiz import queries as quiz
from contest.quiz.models import COUNTED, Answer, Attempt
from contest.quiz.papers import PREDICTION
from contest.rules import predictions, ranking
from contest.rules.document import points_milli
from contest.rules.scoring import Mark, Scored, mark, score_paper
from contest.standings import commands
from contest.standings.commands import Line

_LINES_A_COMMAND = 500


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What a settlement found. `is_new` is False when it equals the one before."""

    settlement_id: int
    attempts: int
    valid: int
    perfect: int
    truth: int | None
    digest: str
    is_new: bool


class _Scored(msgspec.Struct, frozen=True, gc=False):
    """A submitted attempt with its score; `is_valid` when at least one question is answered."""

    attempt_id: int
    entrant_id: int
    entry_code: str
    score_milli: int
    correct: int
    is_perfect: bool
    is_valid: bool
    prediction: int | None
    ranking_time_ms: int
    submitted_ms: int


def settle_round(database: Database, round_id: int, clock: Clock) -> Settled:
    """
    Settles a round from its raw facts.

    Raises NotFound for no such round, Conflict("not-settled") while it is open or an attempt of
    it has not ended.
    """
    now = clock()
    with database.read() as tx:
        found = round_by_id(tx, round_id)
        if found is None:
            raise NotFound("no-round")
        edition, this = found
        if now < this.closes_at or quiz.is_anything_open(tx, round_id):
            raise Conflict("not-settled")
        at_height = height(tx)
        scored = list(_scored(tx, edition, this))
    valid = [each for each in scored if each.is_valid]
    best = _best_of_each(valid)
    perfect = sum(1 for each in best if each.is_perfect)
    kind = edition.document.rules.prediction.kind
    truth = None if kind == "none" else predictions.truth(perfect, len(best), kind)
    lines = _ranked(best, edition, truth)
    digest = hashlib.sha256(msgspec.json.encode(lines)).hexdigest()
    with database.read() as tx:
        before = commands.ready_settlement(tx, round_id)
    facts: dict[str, Any] = {
        "attempts": len(scored),
        "valid": len(best),
        "perfect": perfect,
        "truth": truth,
        "digest": digest,
    }
    if before is not None and before.digest == digest:
        return Settled(settlement_id=before.id, is_new=False, **facts)
    settlement_id = database.write(
        commands.begin_settlement,
        round_id=round_id,
        rules_version=edition.version,
        height=at_height,
        now=now,
        facts=facts,
    )
    for start in range(0, len(lines), _LINES_A_COMMAND):
        database.write(
            commands.write_lines,
            settlement_id=settlement_id,
            first=start + 1,
            lines=lines[start : start + _LINES_A_COMMAND],
        )
    database.write(
        commands.finish_settlement, settlement_id=settlement_id, round_id=round_id, now=now
    )
    return Settled(settlement_id=settlement_id, is_new=True, **facts)


def _best_of_each(valid: list[_Scored]) -> list[_Scored]:
    """Of several attempts the highest score counts, then the earliest submitted."""
    best: dict[int, _Scored] = {}
    for each in valid:
        rival = best.get(each.entrant_id)
        if rival is None or (-each.score_milli, each.submitted_ms) < (
            -rival.score_milli,
            rival.submitted_ms,
        ):
            best[each.entrant_id] = each
    return list(best.values())


def _ranked(best: list[_Scored], edition: EditionView, truth: int | None) -> list[Line]:
    by_code = {each.entry_code: each for each in best}
    entries = [
        ranking.Entry(
            key=each.entry_code,
            score_milli=each.score_milli,
            distance=None if truth is None else predictions.distance(each.prediction, truth),
            ranking_time_ms=each.ranking_time_ms,
            submitted_ms=each.submitted_ms,
        )
        for each in best
    ]
    lines = []
    for placed in ranking.rank(entries, edition.document.rules.chain):
        each = by_code[str(placed.key)]
        lines.append(
            Line(
                place=placed.place,
                entrant_id=each.entrant_id,
                attempt_id=each.attempt_id,
                score_milli=each.score_milli,
                correct=each.correct,
                prediction=each.prediction,
                distance=placed.entry.distance,
                ranking_time_ms=each.ranking_time_ms,
                submitted_at=from_ms(each.submitted_ms),
            )
        )
    return lines


def score_attempt(
    items: tuple[papers.Item, ...],
    values: Mapping[int, int | None],
    keys: Mapping[int, Key],
    edition: EditionView,
) -> tuple[list[Mark], Scored]:
    """Marks of a paper's questions in order, and its score; `values`: answers by place."""
    marks = [
        _mark(item, values.get(place), keys[item.revision_id], edition)
        for place, item in enumerate(items, start=1)
    ]
    return marks, score_paper(marks)


def _mark(item: papers.Item, value: int | None, key: Key, edition: EditionView) -> Mark:
    return mark(
        item.type,  # type: ignore[arg-type]
        key.key_mask,
        value,
        len(item.order),
        edition.document.rules.marking.multiple_choice,
        points_milli(edition.document),
    )


def _scored(tx: Tx, edition: EditionView, this: RoundView) -> Iterator[_Scored]:
    keys = _AllKeys(tx)
    # Few answers are possible to a question, and a round has many papers: each is marked once.
    known: dict[tuple[int, int | None], Mark] = {}
    answers = groupby(_answers(tx, this.id), key=itemgetter(0))
    waiting = next(answers, None)
    for row in tx.execution_options(yield_per=2000).execute(_ATTEMPTS, {"round": this.id}):
        values: dict[int, int | None] = {}
        if waiting is not None and waiting[0] == row.id:
            values = {place: value for _attempt, place, value in waiting[1]}
            waiting = next(answers, None)
        marks = []
        for place, item in enumerate(papers.decode(row.paper), start=1):
            value = values.get(place)
            found = known.get((item.revision_id, value))
            if found is None:
                found = _mark(item, value, keys.of(item.revision_id), edition)
                known[item.revision_id, value] = found
            marks.append(found)
        result = score_paper(marks)
        yield _Scored(
            attempt_id=row.id,
            entrant_id=row.entrant_id,
            entry_code=row.entry_code,
            score_milli=result.score_milli,
            correct=result.correct_count,
            is_perfect=result.is_perfect,
            is_valid=any(value for place, value in values.items() if place != PREDICTION),
            prediction=values.get(PREDICTION),
            ranking_time_ms=row.ranking_time_ms,
            submitted_ms=to_ms(row.submitted_at),
        )


_ATTEMPTS = (
    sa.select(
        Attempt.id,
        Attempt.entrant_id,
        Entrant.entry_code,
        Attempt.paper,
        Attempt.ranking_time_ms,
        Attempt.submitted_at,
    )
    .join(Entrant, Entrant.id == Attempt.entrant_id)
    .where(Attempt.round_id == sa.bindparam("round"), Attempt.submitted_at.is_not(None))
    .order_by(Attempt.id)
)

# Ordered by n, so that the newest counted answer of a question comes last and stays.
_ANSWERS = (
    sa.select(Answer.attempt_id, Answer.position, Answer.value)
    .join(Attempt, Attempt.id == Answer.attempt_id)
    .where(
        Attempt.round_id == sa.bindparam("round"),
        Attempt.submitted_at.is_not(None),
        Answer.verdict == COUNTED,
    )
    .order_by(Answer.attempt_id, Answer.position, Answer.n)
)


def _answers(tx: Tx, round_id: int) -> Iterator[tuple[int, int, int | None]]:
    for row in tx.execution_options(yield_per=5000).execute(_ANSWERS, {"round": round_id}):
        yield row[0], row[1], row[2]


class _AllKeys:
    """Keys by revision, read when first needed: a round draws on few of the bank's questions."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._known: dict[int, Key] = {}

    def of(self, revision_id: int) -> Key:
        if revision_id not in self._known:
            self._known.update(bank.keys(self._tx, [revision_id]))
        return self._known[revision_id]
