from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Model, RowId


class Edition(Model):
    __tablename__ = "editions"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    version: Mapped[int]
    rules_hash: Mapped[str] = mapped_column(sa.String(64))
    document: Mapped[str] = mapped_column(sa.Text)
    applied_at: Mapped[datetime]


class EditionVersion(Model):
    """Every rule document an edition ever ran by, as canonical JSON under its hash."""

    __tablename__ = "edition_versions"
    __table_args__ = (sa.PrimaryKeyConstraint("edition_id", "version"),)

    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("editions.id"))
    version: Mapped[int]
    rules_hash: Mapped[str] = mapped_column(sa.String(64))
    document: Mapped[str] = mapped_column(sa.Text)
    applied_at: Mapped[datetime]
    applied_by: Mapped[str] = mapped_column(sa.String(40))


class Round(Model):
    """A round as the document says, in columns for what is asked often."""

    __tablename__ = "rounds"
    __table_args__ = (sa.UniqueConstraint("edition_id", "slug"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("editions.id"))
    slug: Mapped[str] = mapped_column(sa.String(64))
    number: Mapped[int]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]


class Entrant(Model):
    """A person in an edition. The unit is fixed here, at the first start, whatever comes later."""

    __tablename__ = "entrants"
    __table_args__ = (
        sa.UniqueConstraint("edition_id", "account_id"),
        sa.UniqueConstraint("edition_id", "entry_code"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("editions.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    # Public: stands on boards where no name may. Opaque, and not what one signs in with.
    entry_code: Mapped[str] = mapped_column(sa.String(12))
    ward_id: Mapped[str | None] = mapped_column(sa.ForeignKey("units.id"))
    ward_other: Mapped[str] = mapped_column(sa.String(120), server_default="")
    school_id: Mapped[str | None] = mapped_column(sa.ForeignKey("schools.id"))
    school_other: Mapped[str] = mapped_column(sa.String(120), server_default="")
    entered_at: Mapped[datetime]


class ExtraTime(Model):
    """More time for one person in an edition's attempts, for a need they told the organiser."""

    __tablename__ = "extra_times"
    __table_args__ = (
        sa.Index(
            "uq_extra_times_held",
            "edition_id",
            "account_id",
            unique=True,
            sqlite_where=sa.text("ended_at is null"),
            postgresql_where=sa.text("ended_at is null"),
        ),
        sa.CheckConstraint("percent in (25, 50, 100)", name="percent"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("editions.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    percent: Mapped[int]
    # Health may stand here: for the organiser's eyes only, never in the ledger.
    need: Mapped[str] = mapped_column(sa.Text)
    granted_by: Mapped[str] = mapped_column(sa.String(40))
    granted_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(sa.String(40))
    ended_at: Mapped[datetime | None]


class RoundExtension(Model):
    """The close of a round moved back for everybody, and the public reason."""

    __tablename__ = "round_extensions"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    closes_before: Mapped[datetime]
    closes_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.Text)
    decided_by: Mapped[str] = mapped_column(sa.String(40))
    decided_at: Mapped[datetime]
    height: Mapped[int] = mapped_column(sa.BigInteger)
