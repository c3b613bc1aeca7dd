"""A person's entries, for the file in which they get all that is kept of them."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.editions.models import Entrant, ExtraTime
from contest.infra.database import Tx
from contest.units.models import School, Unit


class OwnEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with the unit that was fixed at its first start, in words and by id."""

    entrant_id: int
    edition_id: int
    entry_code: str
    ward_id: str | None
    ward: str
    school_id: str | None
    school: str
    entered_at: datetime


class OwnExtraTime(msgspec.Struct, frozen=True, kw_only=True):
    """`need`: what was told to the organiser, which nobody else reads."""

    percent: int
    need: str
    granted_at: datetime
    ended_at: datetime | None


def own_entries(tx: Tx, account_id: int) -> list[OwnEntry]:
    rows = tx.execute(
        sa.select(
            Entrant.id.label("entrant_id"),
            Entrant.edition_id,
            Entrant.entry_code,
            Entrant.ward_id,
            sa.func.coalesce(Unit.name, Entrant.ward_other).label("ward"),
            Entrant.school_id,
            sa.func.coalesce(School.name, Entrant.school_other).label("school"),
            Entrant.entered_at,
        )
        .outerjoin(Unit, Unit.id == Entrant.ward_id)
        .outerjoin(School, School.id == Entrant.school_id)
        .where(Entrant.account_id == account_id)
        .order_by(Entrant.id)
    )
    return [OwnEntry(**row._mapping) for row in rows]


def own_extra_times(tx: Tx, account_id: int) -> dict[int, list[OwnExtraTime]]:
    """Edition → every grant of more time, the oldest first, ended ones too."""
    found: dict[int, list[OwnExtraTime]] = {}
    for row in tx.execute(
        sa.select(
            ExtraTime.edition_id,
            ExtraTime.percent,
            ExtraTime.need,
            ExtraTime.granted_at,
            ExtraTime.ended_at,
        )
        .where(ExtraTime.account_id == account_id)
        .order_by(ExtraTime.id)
    ):
        found.setdefault(row.edition_id, []).append(
            OwnExtraTime(
                percent=row.percent,
                need=row.need,
                granted_at=row.granted_at,
                ended_at=row.ended_at,
            )
        )
    return found
