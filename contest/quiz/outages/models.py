from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Model, RowId

EXTENDED, ANNULLED = "extended", "annulled"


class Outage(Model):
    """A time in which we were away in a round, and what was done about it, in one act."""

    __tablename__ = "outages"
    __table_args__ = (sa.CheckConstraint("began_at < ended_at", name="length"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    # Until then those whose attempt was annulled may start another; null where nobody may.
    reopen_until: Mapped[datetime | None]
    # Public: it stands on the rules page.
    reason: Mapped[str] = mapped_column(sa.Text)
    extended: Mapped[int]
    annulled: Mapped[int]
    decided_by: Mapped[str] = mapped_column(sa.String(40))
    decided_at: Mapped[datetime]
    height: Mapped[int] = mapped_column(sa.BigInteger)


class OutageAttempt(Model):
    """An attempt that was hit: it got its lost time back, or it may be taken again."""

    __tablename__ = "outage_attempts"
    __table_args__ = (
        sa.PrimaryKeyConstraint("outage_id", "attempt_id"),
        sa.Index("ix_outage_attempts_attempt", "attempt_id"),
        sa.CheckConstraint(f"effect in ('{EXTENDED}', '{ANNULLED}')", name="effect"),
        {"sqlite_with_rowid": False},
    )

    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("outages.id"))
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempts.id"))
    effect: Mapped[str] = mapped_column(sa.String(10))
    lost_ms: Mapped[int]
    deadline_before: Mapped[datetime]
