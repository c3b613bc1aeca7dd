"""Tables of the ground itself: background jobs and mail on its way out."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Model, RowId


class JobRow(Model):
    """A nudge to do something; the truth is in the other tables, so a lost nudge is only late."""

    __tablename__ = "jobs"
    __table_args__ = (
        sa.Index("ix_jobs_ready", "state", "run_at"),
        sa.Index(
            "uq_jobs_waiting",
            "kind",
            "dedup_key",
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.CheckConstraint("state in ('waiting', 'running', 'dead')", name="state"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    dedup_key: Mapped[str] = mapped_column(sa.String(120), server_default="")
    payload: Mapped[str] = mapped_column(sa.Text, server_default="{}")
    state: Mapped[str] = mapped_column(sa.String(10), server_default="waiting")
    run_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(server_default="0")
    tries: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str] = mapped_column(sa.Text, server_default="")
    created_at: Mapped[datetime]


class MailRow(Model):
    """A letter, written in the transaction that caused it and sent by a job."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        sa.Index("ix_outgoing_mail_unsent", "sent_at", "id"),
        # Whoever takes their data along or leaves is asked for by it.
        sa.Index("ix_outgoing_mail_to", "to_address"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    to_address: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
