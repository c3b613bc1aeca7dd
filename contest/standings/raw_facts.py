"""A round's raw facts as arrays: who submitted what when, as a settlement needs it.

A million attempts do not fit into Python objects of a small server; as columns they take about
60 MB. The database folds the ten million answers: for each attempt one number that holds the
chosen masks side by side, so that a tenth of the rows cross over.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

import msgspec
import numpy as np
import sqlalchemy as sa

from contest.editions.models import Entrant
from contest.infra.database import Tx
from contest.people.models import Account
from contest.quiz.models import COUNTED, Answer, Attempt
from contest.quiz.papers import PREDICTION
from contest.rules.ages import age_group

Array = np.ndarray[Any, np.dtype[Any]]

# A mask takes six bits, for six choices at most (bank/formats/question.py); ten masks fit into a
# number that both databases can add without a sign.
MASK_BITS: Final = 6
MASKS: Final = 1 << MASK_BITS
_MASKS_A_WORD: Final = 10
_ROWS: Final = 4000
NO_PREDICTION: Final = -1
# Entry codes are eight letters (editions.commands.enter): as wide as one number.
ENTRY: Final = np.dtype("S8")


class RawFacts(msgspec.Struct, frozen=True, kw_only=True):
    """
    Submitted attempts of a round that were not annulled, a row each, in the order of their ids.

    `entry` holds the entry code as ASCII bytes; `ward` points into `wards` (-1: none of the
    list). `answers[i, k]` is `revision * 64 + mask` of the question at place k + 1, where
    `revision` points into `revisions` and mask 0 is a blank; places beyond a shorter paper hold
    -1. `prediction` is NO_PREDICTION where none was made. Times in ms, `submitted_ms` since 1970.
    """

    attempt_id: Array
    entrant_id: Array
    entry: Array
    ward: Array
    wards: list[str]
    age_group: Array
    ranking_time_ms: Array
    submitted_ms: Array
    answers: Array
    revisions: list[int]
    prediction: Array

    def __len__(self) -> int:
        return len(self.attempt_id)


def read_raw_facts(tx: Tx, round_id: int, opened: date) -> RawFacts:
    """All of a round, in a few passes over it; `opened` is the day by which ages are counted."""
    first, last = tx.execute(
        sa.select(sa.func.min(Attempt.id), sa.func.max(Attempt.id)).where(
            Attempt.round_id == round_id
        )
    ).one()
    span = {"round": round_id, "first": first or 0, "last": last or 0}
    count = tx.execute(sa.select(sa.func.count()).where(_COUNTING), span).scalar_one()
    reading = _Reading(count, opened)
    for rows in _pieces(tx, _ATTEMPTS, span):
        reading.add(rows)
    facts = reading.facts()
    if count:
        _add_first_answers(tx, span, facts)
        _put_later_answers(tx, span, facts)
    return facts


class _Reading:
    """Columns as long as the round, filled piece by piece so that nothing is held twice."""

    def __init__(self, count: int, opened: date) -> None:
        self._opened = opened
        self._filled = 0
        self._ages: dict[str, int] = {}
        self._wards: dict[str, int] = {}
        self._revisions: dict[int, int] = {}
        self._answers = np.full((count, 1), -1, dtype=np.int16)
        self._columns = {
            "attempt_id": np.empty(count, dtype=np.int64),
            "entrant_id": np.empty(count, dtype=np.int64),
            "entry": np.empty(count, dtype=ENTRY),
            "ward": np.empty(count, dtype=np.int16),
            "age_group": np.empty(count, dtype=np.int8),
            "ranking_time_ms": np.empty(count, dtype=np.int32),
            "submitted_ms": np.empty(count, dtype=np.int64),
            "prediction": np.full(count, NO_PREDICTION, dtype=np.int64),
        }

    def add(self, rows: Sequence[Any]) -> None:
        """Some rows of _ATTEMPTS."""
        ids, entrants, entries, wards, births, papers, times, submitted = _columns(rows)
        if max(map(len, entries)) > ENTRY.itemsize:
            raise ValueError("an entry code is longer than the column that sorts by it")
        here = slice(self._filled, self._filled + len(rows))
        number = self._wards.setdefault
        for name, values in (
            ("attempt_id", ids),
            ("entrant_id", entrants),
            ("entry", entries),
            ("ward", [-1 if each is None else number(each, len(self._wards)) for each in wards]),
            ("age_group", [self._age(birth) for birth in births]),
            ("ranking_time_ms", times),
            ("submitted_ms", submitted),
        ):
            self._columns[name][here] = values
        self._add_papers(here, papers)
        self._filled = here.stop

    def facts(self) -> RawFacts:
        return RawFacts(
            answers=self._answers,
            revisions=list(self._revisions),
            wards=list(self._wards),
            **self._columns,
        )

    def _add_papers(self, here: slice, papers: Sequence[bytes]) -> None:
        """Puts the blank answer, which knows its question, at each place of these papers."""
        lengths = np.array([len(paper) for paper in papers]) // 4
        longest = int(lengths.max())
        if longest > self._answers.shape[1]:
            wider = np.full((len(self._answers), longest), -1, dtype=self._answers.dtype)
            wider[:, : self._answers.shape[1]] = self._answers
            self._answers = wider
        revisions, which = np.unique(np.frombuffer(b"".join(papers), "<i4"), return_inverse=True)
        numbers = [
            self._revisions.setdefault(each, len(self._revisions)) for each in revisions.tolist()
        ]
        if len(self._revisions) * MASKS > np.iinfo(self._answers.dtype).max:
            self._answers = self._answers.astype(np.int32)
        there = np.arange(self._answers.shape[1]) < lengths[:, None]
        blanks = np.array(numbers, dtype=self._answers.dtype) * MASKS
        self._answers[here][there] = blanks[which]

    def _age(self, birth: str) -> int:
        found = self._ages.get(birth)
        if found is None:
            found = self._ages[birth] = age_group(date.fromisoformat(birth), self._opened)
        return found


_COUNTING: Final = sa.and_(
    Attempt.id.between(sa.bindparam("first"), sa.bindparam("last")),
    Attempt.round_id == sa.bindparam("round"),
    Attempt.submitted_at.is_not(None),
    Attempt.annulled_at.is_(None),
)

# Plain columns: a million dates and times need not become objects on their way into an array.
_ATTEMPTS: Final = (
    sa.select(
        Attempt.id,
        Attempt.entrant_id,
        Entrant.entry_code,
        Entrant.ward_id,
        sa.cast(Account.birth_date, sa.String),
        Attempt.revisions,
        Attempt.ranking_time_ms,
        sa.type_coerce(Attempt.submitted_at, sa.BigInteger),
    )
    .join(Entrant, Entrant.id == Attempt.entrant_id)
    .join(Account, Account.id == Entrant.account_id)
    .where(_COUNTING)
    .order_by(Attempt.id)
)


def _add_first_answers(tx: Tx, span: dict[str, int], facts: RawFacts) -> None:
    """Adds the mask of each place's first save to the blank there, and the predictions."""
    words = -(-facts.answers.shape[1] // _MASKS_A_WORD)
    for rows in _pieces(tx, _first_answers(words), span):
        ids, told, *masks = (np.array(each, dtype=np.int64) for each in _columns(rows))
        at, ours = _rows_of(facts.attempt_id, ids)
        facts.prediction[at] = told[ours]
        for place in range(facts.answers.shape[1]):
            word, shift = divmod(place, _MASKS_A_WORD)
            facts.answers[at, place] += masks[word][ours] >> (MASK_BITS * shift) & (MASKS - 1)


def _put_later_answers(tx: Tx, span: dict[str, int], facts: RawFacts) -> None:
    """Where somebody changed their mind the newest counted answer takes the place of the first."""
    for rows in _pieces(tx, _LATER_ANSWERS, span):
        ids, places, values = (np.array(each, dtype=np.int64) for each in _columns(rows))
        # They come in the order of the saves; of several to one place only the last one stays.
        is_last = np.ones(len(ids), dtype=bool)
        is_last[:-1] = (ids[1:] != ids[:-1]) | (places[1:] != places[:-1])
        ids, places, values = ids[is_last], places[is_last], values[is_last]
        at, ours = _rows_of(facts.attempt_id, ids)
        places, values = places[ours], values[ours]
        told = places == PREDICTION
        facts.prediction[at[told]] = values[told]
        at, place, mask = at[~told], places[~told] - 1, np.maximum(values[~told], 0)
        facts.answers[at, place] = (facts.answers[at, place] & ~(MASKS - 1)) + mask


def _rows_of(attempt_id: Array, ids: Array) -> tuple[Array, Array]:
    """Rows of these attempts, and which of the ids they are: a span may hold other rounds' too."""
    at = np.minimum(np.searchsorted(attempt_id, ids), len(attempt_id) - 1)
    ours = attempt_id[at] == ids
    return at[ours], ours


_IN_SPAN: Final = sa.and_(
    Answer.attempt_id.between(sa.bindparam("first"), sa.bindparam("last")),
    Answer.verdict == COUNTED,
)
_LATER_ANSWERS: Final = (
    sa.select(Answer.attempt_id, Answer.position, sa.func.coalesce(Answer.value, NO_PREDICTION))
    .where(_IN_SPAN, Answer.n > 1)
    .order_by(Answer.attempt_id, Answer.position, Answer.n)
)


def _first_answers(words: int) -> sa.Select[Any]:
    """A row an attempt: the prediction, and the masks of its first saves, ten to a number."""
    value = sa.cast(Answer.value, sa.BigInteger)
    columns = [
        _whole(
            sa.func.sum(
                sa.case(
                    (
                        Answer.position.between(
                            _MASKS_A_WORD * word + 1, _MASKS_A_WORD * (word + 1)
                        ),
                        value.bitwise_lshift(
                            MASK_BITS * (Answer.position - 1 - _MASKS_A_WORD * word)
                        ),
                    )
                )
            )
        )
        for word in range(words)
    ]
    told = sa.case((Answer.position == PREDICTION, value))
    return (
        sa.select(Answer.attempt_id, sa.func.coalesce(sa.func.max(told), NO_PREDICTION), *columns)
        .where(_IN_SPAN, Answer.n == 1)
        .group_by(Answer.attempt_id)
    )


def _whole(total: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """A sum as a whole number: PostgreSQL adds such numbers up to a decimal."""
    return sa.cast(sa.func.coalesce(total, 0), sa.BigInteger)


def _columns(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True))


def _pieces(tx: Tx, statement: sa.Executable, span: dict[str, int]) -> Iterator[Sequence[Any]]:
    return tx.execution_options(yield_per=_ROWS).execute(statement, span).partitions(_ROWS)
