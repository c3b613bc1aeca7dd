from collections.abc import Collection

import msgspec
import sqlalchemy as sa

from contest.bank.draw import Candidate
from contest.bank.models import BankFileRow, QuestionKey, QuestionRevision, QuestionRow
from contest.infra.database import Tx

PRACTICE = "practice"


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What an entrant may read of a question before its key: texts in both languages.

    `choices` are in the file's order and empty for true-false.
    """

    text: dict[str, str]
    choices: list[dict[str, str]]


class QuestionBody(msgspec.Struct, frozen=True, kw_only=True):
    revision_id: int
    question_id: str
    domain: str
    level: str
    type: str
    choice_count: int
    body: Body


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """The sealed side: `key_mask` has bit i set when choice i of the file is correct."""

    revision_id: int
    type: str
    choice_count: int
    key_mask: int
    explanation: dict[str, str]
    cite: dict[str, str]
    basis: str


_CANDIDATES = (
    sa.select(
        QuestionRow.id,
        QuestionRow.current_revision_id,
        QuestionRow.domain,
        QuestionRow.level,
        QuestionRow.type,
        QuestionRevision.choice_count,
    )
    .join(QuestionRevision, QuestionRevision.id == QuestionRow.current_revision_id)
    .where(QuestionRow.pool == sa.bindparam("pool"), QuestionRow.retired_at.is_(None))
    .order_by(QuestionRow.id)
)


def candidates(tx: Tx, pool: str) -> list[Candidate]:
    """The pool's questions as the draw takes them, without a word of their keys."""
    return [
        Candidate(
            question_id=row.id,
            revision_id=row.current_revision_id,
            domain=row.domain,
            level=row.level,
            choice_count=row.choice_count,
            shuffles=row.type != "true-false",
        )
        for row in tx.execute(_CANDIDATES, {"pool": pool})
    ]


def types_of(tx: Tx, revision_ids: Collection[int]) -> dict[int, str]:
    """Revision id → single, multiple or true-false."""
    rows = tx.execute(
        sa.select(QuestionRevision.id, QuestionRow.type)
        .join(QuestionRow, QuestionRow.id == QuestionRevision.question_id)
        .where(QuestionRevision.id.in_(revision_ids))
    )
    return {row.id: row.type for row in rows}


def bodies(tx: Tx, revision_ids: Collection[int]) -> dict[int, QuestionBody]:
    """Revision id → what may be shown of it while the round runs."""
    rows = tx.execute(
        sa.select(
            QuestionRevision.id,
            QuestionRevision.question_id,
            QuestionRow.domain,
            QuestionRow.level,
            QuestionRow.type,
            QuestionRevision.choice_count,
            QuestionRevision.body,
        )
        .join(QuestionRow, QuestionRow.id == QuestionRevision.question_id)
        .where(QuestionRevision.id.in_(revision_ids))
    )
    return {
        row.id: QuestionBody(
            revision_id=row.id,
            question_id=row.question_id,
            domain=row.domain,
            level=row.level,
            type=row.type,
            choice_count=row.choice_count,
            body=msgspec.json.decode(row.body, type=Body),
        )
        for row in rows
    }


def keys(tx: Tx, revision_ids: Collection[int]) -> dict[int, Key]:
    """Revision id → key, explanation, source: for settlement, practice, published reviews."""
    rows = tx.execute(
        sa.select(
            QuestionKey.revision_id,
            QuestionRow.type,
            QuestionRevision.choice_count,
            QuestionKey.key_mask,
            QuestionKey.explanation,
            QuestionKey.source,
        )
        .join(QuestionRevision, QuestionRevision.id == QuestionKey.revision_id)
        .join(QuestionRow, QuestionRow.id == QuestionRevision.question_id)
        .where(QuestionKey.revision_id.in_(revision_ids))
    )
    found = {}
    for row in rows:
        source = msgspec.json.decode(row.source)
        found[row.revision_id] = Key(
            revision_id=row.revision_id,
            type=row.type,
            choice_count=row.choice_count,
            key_mask=row.key_mask,
            explanation=msgspec.json.decode(row.explanation),
            cite=source["cite"],
            basis=source["basis"],
        )
    return found


def pools(tx: Tx) -> dict[str, int]:
    """Pool → number of questions that can be drawn."""
    rows = tx.execute(
        sa.select(QuestionRow.pool, sa.func.count().label("questions"))
        .where(QuestionRow.retired_at.is_(None))
        .group_by(QuestionRow.pool)
        .order_by(QuestionRow.pool)
    )
    return {row.pool: row.questions for row in rows}


def bank_file(tx: Tx, pool: str, name: str) -> bytes | None:
    """A loaded file, byte for byte as it came."""
    return tx.execute(
        sa.select(BankFileRow.content).where(BankFileRow.pool == pool, BankFileRow.name == name)
    ).scalar_one_or_none()


def bank_files(tx: Tx) -> list[tuple[str, str]]:
    """Pool and name of every loaded file."""
    rows = tx.execute(
        sa.select(BankFileRow.pool, BankFileRow.name).order_by(BankFileRow.pool, BankFileRow.name)
    )
    return [(row.pool, row.name) for row in rows]
