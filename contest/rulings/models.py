from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Model, RowId

KINDS = ("accept-also", "give-all", "void", "disqualify", "lift")


class Ruling(Model):
    """
    A decision about a round: proposed first, to see its effect, then decided or dropped.

    A correction names a question's revision, a disqualification an entrant, `lift` the ruling that
    no longer holds. `masks`: JSON list of the answers that are right as well (file order).
    """

    __tablename__ = "rulings"
    __table_args__ = (
        sa.Index("ix_rulings_round", "round_id", "decided_at"),
        sa.CheckConstraint(
            "kind in ({})".format(", ".join(f"'{kind}'" for kind in KINDS)), name="kind"
        ),
        sa.CheckConstraint(
            "(revision_id is not null) = (kind in ('accept-also', 'give-all', 'void'))"
            " and (entrant_id is not null) = (kind = 'disqualify')"
            " and (lifts_id is not null) = (kind = 'lift')",
            name="subject",
        ),
        sa.CheckConstraint("decided_at is null or dropped_at is null", name="one_end"),
        sa.CheckConstraint("(decided_at is null) = (height is null)", name="decided_in_ledger"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("question_revisions.id"))
    entrant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entrants.id"), index=True)
    lifts_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rulings.id"))
    masks: Mapped[str] = mapped_column(sa.String(200), server_default="[]")
    # Public, in the organiser's words; names nobody.
    reason: Mapped[str] = mapped_column(sa.Text)
    proposed_by: Mapped[str] = mapped_column(sa.String(40))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(sa.String(40))
    decided_at: Mapped[datetime | None]
    dropped_by: Mapped[str | None] = mapped_column(sa.String(40))
    dropped_at: Mapped[datetime | None]
    height: Mapped[int | None] = mapped_column(sa.BigInteger)
