from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from contest.bank.formats.question import Question, content_hash, key_mask
from contest.bank.formats.yaml_files import Bank, BankFile
from contest.bank.models import BankFileRow, QuestionKey, QuestionRevision, QuestionRow
from contest.bank.queries import Body
from contest.errors import Conflict
from contest.infra.database import Tx
from contest.ledger.commands import append


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """What a load did, in numbers of questions."""

    new: int
    changed: int
    same: int
    retired: int


def load_bank(tx: Tx, *, bank: Bank, by: str, now: datetime) -> Loaded:
    """
    Takes checked files into the database, one way: a changed question is a new revision.

    Repeating it changes nothing. A question that left its file is retired: old papers keep it,
    new ones do not draw it. Raises Conflict when a question would change its pool, since a
    question that was practised can never be sealed again.
    """
    new = changed = same = retired = 0
    for file in bank.files:
        known = {
            row.id: row
            for row in tx.execute(
                sa.select(QuestionRow, QuestionRevision.content_hash, QuestionRevision.number)
                .outerjoin(QuestionRevision, QuestionRevision.id == QuestionRow.current_revision_id)
                .where(
                    sa.or_(
                        QuestionRow.id.in_([question.id for question in file.questions]),
                        sa.and_(QuestionRow.pool == file.pool, QuestionRow.file_name == file.name),
                    )
                )
            )
        }
        for question in file.questions:
            row = known.pop(question.id, None)
            if row is None:
                _insert_question(tx, file, question)
                _add_revision(tx, question, number=1, now=now)
                new += 1
                continue
            if row.pool != file.pool:
                raise Conflict("question-in-other-pool", question=question.id, pool=row.pool)
            if row.content_hash == content_hash(question) and row.retired_at is None:
                same += 1
                if row.file_name != file.name:
                    tx.execute(
                        sa.update(QuestionRow)
                        .where(QuestionRow.id == question.id)
                        .values(file_name=file.name)
                    )
                continue
            tx.execute(
                sa.update(QuestionRow)
                .where(QuestionRow.id == question.id)
                .values(
                    domain=question.domain,
                    level=question.level,
                    type=question.type,
                    file_name=file.name,
                    retired_at=None,
                )
            )
            if row.content_hash != content_hash(question):
                _add_revision(tx, question, number=(row.number or 0) + 1, now=now)
            changed += 1
        gone = [row.id for row in known.values() if row.retired_at is None]
        if gone:
            tx.execute(
                sa.update(QuestionRow).where(QuestionRow.id.in_(gone)).values(retired_at=now)
            )
            retired += len(gone)
        _keep_file(tx, file, now)
    if new or changed or retired:
        append(
            tx,
            kind="bank.load_bank",
            subject="bank",
            by=by,
            now=now,
            facts={"new": new, "changed": changed, "retired": retired},
        )
    return Loaded(new=new, changed=changed, same=same, retired=retired)


def _insert_question(tx: Tx, file: BankFile, question: Question) -> None:
    tx.execute(
        sa.insert(QuestionRow).values(
            id=question.id,
            pool=file.pool,
            file_name=file.name,
            domain=question.domain,
            level=question.level,
            type=question.type,
        )
    )


def _add_revision(tx: Tx, question: Question, *, number: int, now: datetime) -> None:
    body = Body(
        text={"vi": question.text.vi, "en": question.text.en},
        choices=[{"vi": choice.vi, "en": choice.en} for choice in question.choices],
    )
    revision_id = tx.execute(
        sa.insert(QuestionRevision)
        .values(
            question_id=question.id,
            number=number,
            content_hash=content_hash(question),
            choice_count=len(question.choices) or 2,
            body=msgspec.json.encode(body).decode(),
            made_at=now,
        )
        .returning(QuestionRevision.id)
    ).scalar_one()
    tx.execute(
        sa.insert(QuestionKey).values(
            revision_id=revision_id,
            key_mask=key_mask(question),
            explanation=msgspec.json.encode(question.explanation).decode(),
            source=msgspec.json.encode(question.source).decode(),
        )
    )
    tx.execute(
        sa.update(QuestionRow)
        .where(QuestionRow.id == question.id)
        .values(current_revision_id=revision_id)
    )


def _keep_file(tx: Tx, file: BankFile, now: datetime) -> None:
    insert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    values = {"content": file.content, "loaded_at": now}
    tx.execute(
        insert(BankFileRow)
        .values(pool=file.pool, name=file.name, **values)
        .on_conflict_do_update(index_elements=[BankFileRow.pool, BankFileRow.name], set_=values)
    )
