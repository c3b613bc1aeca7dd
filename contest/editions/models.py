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
