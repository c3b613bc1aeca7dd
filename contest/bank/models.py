from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Model, RowId


class QuestionRow(Model):
    """A question by its id in the files. It belongs to one pool for good."""

    __tablename__ = "questions"
    __table_args__ = (sa.Index("ix_questions_pool", "pool"),)

    id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    pool: Mapped[str] = mapped_column(sa.String(64))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    domain: Mapped[str] = mapped_column(sa.String(20))
    level: Mapped[str] = mapped_column(sa.String(20))
    type: Mapped[str] = mapped_column(sa.String(20))
    current_revision_id: Mapped[int | None] = mapped_column(RowId)
    retired_at: Mapped[datetime | None]


class QuestionRevision(Model):
    """What an entrant sees of a question. Papers hold revisions, so an edit leaves them alone."""

    __tablename__ = "question_revisions"
    __table_args__ = (sa.UniqueConstraint("question_id", "number"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    question_id: Mapped[str] = mapped_column(sa.ForeignKey("questions.id"))
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    choice_count: Mapped[int]
    body: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime]


class QuestionKey(Model):
    """The sealed side of a revision, in a table of its own: a paper's query cannot touch it."""

    __tablename__ = "question_keys"

    revision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("question_revisions.id"), primary_key=True, autoincrement=False
    )
    key_mask: Mapped[int]
    explanation: Mapped[str] = mapped_column(sa.Text)
    source: Mapped[str] = mapped_column(sa.Text)


class BankFileRow(Model):
    """A file as it came, so that an export gives it back byte for byte."""

    __tablename__ = "bank_files"

    pool: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    loaded_at: Mapped[datetime]
