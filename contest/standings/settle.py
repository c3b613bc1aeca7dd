"""Settlement: a round's attempts and answers → every entrant's score, distance and place.

Reads one moment of the database, computes in columns, writes the lines in pieces that never hold
up an answer for long, and makes them valid with one last command. Repeatable: the same facts give
the same digest, and then nothing is written.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, repeat
from typing import Any, Final

import msgspec
import numpy as np

from contest.bank import queries as bank
from contest.bank.queries import Key
from contest.editions.queries import EditionView, round_by_id
from contest.errors import Conflict, NotFound
from contest.infra.clock import HANOI, Clock
from contest.infra.database import Database, Tx
from contest.ledger.queries import height
from contest.quiz import papers
from contest.rules.document import EditionDocument, points_milli
from contest.rules.scoring import Correction, Mark, Scored, mark, score_paper
from contest.rulings import queries as rulings
from contest.rulings.queries import InForce, RulingView
from contest.standings import commands, computing, lists
from contest.standings.computing import Computed
from contest.standings.raw_facts import MASKS, NO_PREDICTION, Array, RawFacts, read_raw_facts
from contest.standings.trials import effect_of

# Small enough that an answer which waits for the writer meanwhile does not notice.
ROWS_A_COMMAND: Final = 1000
_BLOCK: Final = 10_000


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What a settlement found. `is_new` is False when it equals the one before."""

    settlement_id: int
    attempts: int
    valid: int
    perfect: int
    truth: int | None
    digest: str
    is_new: bool


def settle_round(database: Database, round_id: int, clock: Clock) -> Settled:
    """
    Settles a round from its raw facts.

    Raises NotFound for no such round, Conflict("not-settled") while it is open, an attempt of it
    has not ended or may be taken again.
    """
    return _settle(database, round_id, clock, trial=None)


def try_ruling(database: Database, ruling_code: str, clock: Clock) -> Settled:
    """
    Settles a published round as if a proposed ruling were decided; nobody sees it but who decides.

    Raises NotFound for no such proposal, Conflict("ruling-decided") when it is none any more.
    """
    with database.read() as tx:
        proposed = rulings.ruling(tx, ruling_code)
    if proposed is None:
        raise NotFound("no-ruling")
    if proposed.state != "proposed":
        raise Conflict("ruling-decided")
    return _settle(database, proposed.round_id, clock, trial=proposed)


def _settle(
    database: Database, round_id: int, clock: Clock, *, trial: RulingView | None
) -> Settled:
    now = clock()
    ruling_id = trial.id if trial else None
    with database.read() as tx:
        found = round_by_id(tx, round_id)
        if found is None:
            raise NotFound("no-round")
        edition, this = found
        if not commands.is_over(tx, round_id, this.closes_at, now):
            raise Conflict("not-settled")
        at_height = height(tx)
        facts = read_raw_facts(tx, round_id, this.opens_at.astimezone(HANOI).date())
        computed = _computed(tx, edition, facts, rulings.in_force(tx, round_id, trial=trial))
        before = commands.ready_settlement(tx, round_id, ruling_id=ruling_id)
        is_known = (
            before is not None
            and before.digest == computed.digest
            and before.form == commands.FORM
            and before.height >= commands.basis(tx, round_id)
        )
        effect = "" if trial is None else effect_of(tx, edition, this, facts, computed)
    if before is not None and is_known:
        return _settled(before.id, computed, is_new=False)
    settlement_id = database.write(
        commands.begin_settlement,
        round_id=round_id,
        rules_version=edition.version,
        height=at_height,
        ruling_id=ruling_id,
        now=now,
        facts={
            name: getattr(computed, name)
            for name in ("attempts", "valid", "perfect", "disqualified", "truth", "digest")
        },
    )
    for table, rows in _rows(facts, computed, settlement_id):
        while piece := list(islice(rows, ROWS_A_COMMAND)):
            database.write(commands.write_rows, table=table, rows=piece)
    database.write(
        commands.finish_settlement,
        settlement_id=settlement_id,
        round_id=round_id,
        effect=effect,
        now=now,
    )
    return _settled(settlement_id, computed, is_new=True)


def _settled(settlement_id: int, computed: Computed, *, is_new: bool) -> Settled:
    return Settled(
        settlement_id=settlement_id,
        attempts=computed.attempts,
        valid=computed.valid,
        perfect=computed.perfect,
        truth=computed.truth,
        digest=computed.digest,
        is_new=is_new,
    )


def _computed(tx: Tx, edition: EditionView, facts: RawFacts, heeded: InForce) -> Computed:
    rules = edition.document.rules
    marks = {
        revision: _marks(key, edition.document, heeded.corrections.get(revision, ()))
        for revision, key in bank.keys(tx, facts.revisions).items()
    }
    return computing.compute(
        facts,
        marks,
        points_milli=points_milli(edition.document),
        disqualified=heeded.disqualified,
        chain=rules.chain,
        kind=rules.prediction.kind,
    )


def _marks(
    key: Key, document: EditionDocument, corrections: Sequence[Correction]
) -> list[Mark | None]:
    """The mark of every possible answer to a question, by its mask."""
    return [
        _mark(key.type, key, mask, key.choice_count, document, corrections)
        if mask < 1 << key.choice_count
        else None
        for mask in range(MASKS)
    ]


def _mark(
    question_type: str,
    key: Key,
    value: int | None,
    choices: int,
    document: EditionDocument,
    corrections: Sequence[Correction],
) -> Mark:
    return mark(
        question_type,  # type: ignore[arg-type]
        key.key_mask,
        value,
        choices,
        document.rules.marking.multiple_choice,
        points_milli(document),
        corrections,
    )


def score_attempt(
    items: tuple[papers.Item, ...],
    values: Mapping[int, int | None],
    keys: Mapping[int, Key],
    edition: EditionView,
    corrections: Mapping[int, tuple[Correction, ...]],
) -> tuple[list[Mark], Scored]:
    """
    Marks of a paper's questions in order, and its score.

    `values`: answers by place; `corrections`: those in force, by revision.
    """
    marks = [
        _mark(
            item.type,
            keys[item.revision_id],
            values.get(place),
            len(item.order),
            edition.document,
            corrections.get(item.revision_id, ()),
        )
        for place, item in enumerate(items, start=1)
    ]
    return marks, score_paper(marks)


_Rows = Iterator[tuple[Any, ...]]


def _rows(facts: RawFacts, computed: Computed, settlement_id: int) -> list[tuple[str, _Rows]]:
    """The rows of each table, in the order of commands.WRITTEN; made as they are written."""
    return [
        ("standings", _standings(facts, computed, settlement_id)),
        ("entrant_lines", _entrant_lines(facts, computed, settlement_id)),
        ("standing_ties", _ties(computed, settlement_id)),
        ("board_groups", _groups(facts, computed, settlement_id)),
        ("board_blocks", _blocks(facts, computed, settlement_id)),
        ("question_figures", _figures(computed, settlement_id)),
    ]


def _standings(facts: RawFacts, computed: Computed, settlement_id: int) -> _Rows:
    lines = computed.lines
    wards = [*facts.wards, None]
    for start in range(0, len(lines.row), _BLOCK):
        block = slice(start, start + _BLOCK)
        row = lines.row[block]
        yield from zip(
            repeat(settlement_id),
            range(start + 1, start + 1 + len(row)),
            lines.place[block].tolist(),
            facts.entrant_id[row].tolist(),
            facts.attempt_id[row].tolist(),
            lines.score_milli[block].tolist(),
            lines.correct[block].tolist(),
            _or_none(facts.prediction[row]),
            _or_none(lines.distance[block]),
            facts.ranking_time_ms[row].tolist(),
            facts.submitted_ms[row].tolist(),
            lines.submission_order[block].tolist(),
            [wards[ward] for ward in facts.ward[row].tolist()],
            facts.age_group[row].tolist(),
            strict=False,
        )


def _or_none(values: Array) -> list[int | None]:
    return [None if value == NO_PREDICTION else value for value in values.tolist()]


def _entrant_lines(facts: RawFacts, computed: Computed, settlement_id: int) -> _Rows:
    entrants = facts.entrant_id[computed.lines.row]
    order = np.argsort(entrants).astype(np.int32)
    for start in range(0, len(order), _BLOCK):
        block = order[start : start + _BLOCK]
        yield from zip(
            repeat(settlement_id), entrants[block].tolist(), (block + 1).tolist(), strict=False
        )


def _ties(computed: Computed, settlement_id: int) -> _Rows:
    for step, (first, last) in computed.lines.ties.items():
        for one, other in zip(first.tolist(), last.tolist(), strict=True):
            yield settlement_id, step, one, other


def _groups(facts: RawFacts, computed: Computed, settlement_id: int) -> _Rows:
    for ward, age, lines in _by_group(facts, computed):
        yield settlement_id, ward, age, len(lines)


def _blocks(facts: RawFacts, computed: Computed, settlement_id: int) -> _Rows:
    """Blocks of every list by which a board can be filtered."""
    members: dict[str, list[Array]] = {}
    for ward, age, lines in _by_group(facts, computed):
        for name in lists.list_names(ward, age):
            members.setdefault(name, []).append(lines)
    for name in sorted(members):
        for block, packed in lists.blocks_of(np.sort(np.concatenate(members[name]))):
            yield settlement_id, name, block, packed


def _by_group(facts: RawFacts, computed: Computed) -> Iterator[tuple[str, int, Array]]:
    """Ward ("" for none of the list), age group, and the lines of both, in order."""
    row = computed.lines.row
    if not len(row):
        return
    both = facts.ward[row].astype(np.int32) * 100 + facts.age_group[row]
    order = np.argsort(both, kind="stable")
    groups, first = np.unique(both[order], return_index=True)
    wards = [*facts.wards, ""]
    for group, lines in zip(groups.tolist(), np.split(order + 1, first[1:]), strict=True):
        ward, age = divmod(group, 100)
        yield wards[ward], age, lines


def _figures(computed: Computed, settlement_id: int) -> _Rows:
    for revision, (papers_, right, answers) in sorted(computed.questions.items()):
        told = msgspec.json.encode({str(mask): count for mask, count in answers.items()}).decode()
        yield settlement_id, revision, papers_, right, told
