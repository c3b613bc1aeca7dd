from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Model

KINDS = ("city", "district", "ward", "commune", "township")
LEVELS = ("primary", "lower-secondary", "upper-secondary", "continuing", "university")


def _one_of(column: str, allowed: tuple[str, ...]) -> sa.CheckConstraint:
    words = ", ".join(f"'{word}'" for word in allowed)
    return sa.CheckConstraint(f"{column} in ({words})", name=column)


class Unit(Model):
    """An administrative unit from its first day to the first day on which it is no longer one."""

    __tablename__ = "units"
    __table_args__ = (
        sa.Index("ix_units_valid", "kind", "valid_from", "valid_to"),
        _one_of("kind", KINDS),
    )

    # "code@valid_from": codes were reused, so a code alone names nothing.
    id: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(8))
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(20))
    parent_id: Mapped[str | None] = mapped_column(sa.ForeignKey("units.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    search_key: Mapped[str] = mapped_column(sa.String(160))
    # By the name without its kind: Xã An Khánh stands before Phường Ba Đình.
    sort_key: Mapped[str] = mapped_column(sa.String(400))


class UnitSuccession(Model):
    """An old unit and one of those that came after it; many were divided."""

    __tablename__ = "unit_successions"

    from_id: Mapped[str] = mapped_column(sa.ForeignKey("units.id"), primary_key=True)
    to_id: Mapped[str] = mapped_column(sa.ForeignKey("units.id"), primary_key=True, index=True)
    on_day: Mapped[date]
    share: Mapped[str] = mapped_column(sa.String(40))
    is_default: Mapped[bool]
    basis: Mapped[str] = mapped_column(sa.Text)


class School(Model):
    """A school in a ward of today. `size` is its roll; None where nobody has told it."""

    __tablename__ = "schools"
    __table_args__ = (
        _one_of("level", LEVELS),
        sa.CheckConstraint("size is null or size > 0", name="size"),
    )

    id: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    level: Mapped[str] = mapped_column(sa.String(20))
    ward_id: Mapped[str] = mapped_column(sa.ForeignKey("units.id"), index=True)
    size: Mapped[int | None]
    search_key: Mapped[str] = mapped_column(sa.String(200), index=True)
    sort_key: Mapped[str] = mapped_column(sa.String(500))
