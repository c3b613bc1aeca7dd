from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Model, RowId

# How `Answer.verdict` is kept; SaveVerdict.REPEATED writes nothing.
COUNTED, STALE, LATE, AFTER_SUBMISSION = 0, 1, 2, 3


class Attempt(Model):
    """One attempt. `code` stands in its address; `receipt` is what the entrant keeps."""

    __tablename__ = "attempts"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "entrant_id", "number"),
        sa.Index(
            "ix_attempts_unsubmitted",
            "final_at",
            sqlite_where=sa.text("submitted_at is null"),
            postgresql_where=sa.text("submitted_at is null"),
        ),
        sa.Index("ix_attempts_entrant", "entrant_id"),
        # The organiser's figures by the hour are read from the index alone.
        sa.Index("ix_attempts_started", "round_id", "started_at"),
        sa.CheckConstraint(
            "(submitted_at is null) = (receipt is null)", name="receipt_with_submission"
        ),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    entrant_id: Mapped[int] = mapped_column(sa.ForeignKey("entrants.id"))
    number: Mapped[int]
    rules_version: Mapped[int]
    seed: Mapped[str] = mapped_column(sa.String(32))
    paper: Mapped[str] = mapped_column(sa.Text)
    # The paper's revisions once more (papers.packed_revisions): a settlement reads a million of
    # them, and taking them out of the text would be a sixth of its time.
    revisions: Mapped[bytes] = mapped_column(sa.LargeBinary, server_default=sa.text("''"))
    started_at: Mapped[datetime]
    base_ms: Mapped[int]
    allowed_ms: Mapped[int]
    deadline_at: Mapped[datetime]
    # Deadline and grace: from here on nothing can count any more.
    final_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    submitted_by_itself: Mapped[bool | None]
    time_used_ms: Mapped[int | None]
    ranking_time_ms: Mapped[int | None]
    receipt: Mapped[str | None] = mapped_column(sa.String(16), unique=True)
    flags: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")
    # Hit by an outage of ours and given again (quiz/outages): kept, counted nowhere.
    annulled_at: Mapped[datetime | None]


class Answer(Model):
    """
    One save as it was received; never updated, never deleted.

    `value` is the mask of chosen choices in the file's order, at place 0 the prediction in its
    unit; null means that the answer was taken back. The current answer is the counted row with
    the highest `n`.
    """

    __tablename__ = "answers"
    __table_args__ = (
        sa.PrimaryKeyConstraint("attempt_id", "position", "n"),
        {"sqlite_with_rowid": False},
    )

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempts.id"))
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    n: Mapped[int] = mapped_column(sa.SmallInteger)
    value: Mapped[int | None] = mapped_column(sa.BigInteger)
    verdict: Mapped[int] = mapped_column(sa.SmallInteger)
    tab: Mapped[str] = mapped_column(sa.String(16))
    seq: Mapped[int]
    based_on: Mapped[int]
    received_at: Mapped[datetime]
