from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Model, RowId


class Complaint(Model):
    """A complaint about one round's result; open until it is answered or taken back."""

    __tablename__ = "complaints"
    __table_args__ = (
        # One open complaint of an entrant about a round: a second press files nothing new.
        sa.Index(
            "uq_complaints_open",
            "round_id",
            "entrant_id",
            unique=True,
            sqlite_where=sa.text("answered_at is null and withdrawn_at is null"),
            postgresql_where=sa.text("answered_at is null and withdrawn_at is null"),
        ),
        sa.Index(
            "ix_complaints_waiting",
            "due_at",
            sqlite_where=sa.text("answered_at is null and withdrawn_at is null"),
            postgresql_where=sa.text("answered_at is null and withdrawn_at is null"),
        ),
        sa.CheckConstraint("outcome in ('upheld', 'rejected')", name="outcome"),
        sa.CheckConstraint("(answered_at is null) = (outcome is null)", name="outcome_with_answer"),
        sa.CheckConstraint("answered_at is null or withdrawn_at is null", name="one_end"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    entrant_id: Mapped[int] = mapped_column(sa.ForeignKey("entrants.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    # As the page told it when the complaint was written; a later change of rules does not move it.
    due_at: Mapped[datetime]
    filed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(sa.String(10))
    answer: Mapped[str] = mapped_column(sa.Text, server_default="")
    answered_by: Mapped[str | None] = mapped_column(sa.String(40))
    answered_at: Mapped[datetime | None]
    # The ruling that the answer led to, where there was one.
    ruling_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rulings.id"))
