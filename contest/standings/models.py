from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Model, RowId


class Settlement(Model):
    """
    One whole computation of a round. `is_ready` turns true when its last line is written.

    `digest` is the SHA-256 of its lines: two settlements of the same facts have the same.
    """

    __tablename__ = "settlements"
    __table_args__ = (sa.Index("ix_settlements_round", "round_id", "is_ready"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    rules_version: Mapped[int]
    height: Mapped[int] = mapped_column(sa.BigInteger)
    settled_at: Mapped[datetime]
    is_ready: Mapped[bool]
    attempts: Mapped[int]
    valid: Mapped[int]
    perfect: Mapped[int]
    truth: Mapped[int | None]
    digest: Mapped[str] = mapped_column(sa.String(64))


class Standing(Model):
    """An entrant's line. `line` is its number on the board, without gaps; places may be shared."""

    __tablename__ = "standings"
    __table_args__ = (
        sa.PrimaryKeyConstraint("settlement_id", "line"),
        sa.Index("ix_standings_entrant", "settlement_id", "entrant_id", unique=True),
        {"sqlite_with_rowid": False},
    )

    settlement_id: Mapped[int] = mapped_column(sa.ForeignKey("settlements.id"))
    line: Mapped[int]
    place: Mapped[int]
    entrant_id: Mapped[int] = mapped_column(sa.ForeignKey("entrants.id"))
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempts.id"))
    score_milli: Mapped[int]
    correct: Mapped[int]
    prediction: Mapped[int | None] = mapped_column(sa.BigInteger)
    distance: Mapped[int | None] = mapped_column(sa.BigInteger)
    ranking_time_ms: Mapped[int]
    submitted_at: Mapped[datetime]


class Publication(Model):
    """The organiser's act that made a round official: who, when, which settlement."""

    __tablename__ = "publications"

    round_id: Mapped[int] = mapped_column(
        sa.ForeignKey("rounds.id"), primary_key=True, autoincrement=False
    )
    settlement_id: Mapped[int] = mapped_column(sa.ForeignKey("settlements.id"))
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(sa.String(40))
    height: Mapped[int] = mapped_column(sa.BigInteger)
