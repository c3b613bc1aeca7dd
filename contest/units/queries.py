from collections.abc import Collection
from datetime import date

import msgspec
import sqlalchemy as sa

from contest.infra.database import Tx
from contest.units.models import School, Unit, UnitSuccession
from contest.units.sorting import search_key, search_words

WARD_KINDS = ("ward", "commune", "township")
SUGGESTIONS = 12


class UnitLine(msgspec.Struct, frozen=True, kw_only=True):
    """A unit in a list to choose from; `name` begins with its kind ("Phường Ba Đình")."""

    id: str
    name: str
    kind: str
    parent_id: str | None


class SchoolLine(msgspec.Struct, frozen=True, kw_only=True):
    """A school to choose. `label` names its ward too and is what a person picks and sends."""

    id: str
    name: str
    level: str
    ward_id: str
    label: str
    size: int | None


_UNIT_COLUMNS = (Unit.id, Unit.name, Unit.kind, Unit.parent_id)

_VALID_ON = sa.and_(
    Unit.valid_from <= sa.bindparam("day", type_=sa.Date),
    sa.or_(Unit.valid_to.is_(None), Unit.valid_to > sa.bindparam("day", type_=sa.Date)),
)

UNITS_ON = (
    sa.select(*_UNIT_COLUMNS)
    .where(_VALID_ON, Unit.kind.in_(sa.bindparam("kinds", expanding=True)))
    .order_by(Unit.sort_key)
)

UNIT_NAME = sa.select(Unit.name).where(Unit.id == sa.bindparam("id"))

UNIT_NAMES = sa.select(Unit.id, Unit.name).where(Unit.id.in_(sa.bindparam("ids", expanding=True)))


def units_on(tx: Tx, day: date, kinds: Collection[str]) -> list[UnitLine]:
    """Units of these kinds that were valid on the day, in Vietnamese order of their bare names."""
    rows = tx.execute(UNITS_ON, {"day": day, "kinds": list(kinds)})
    return [UnitLine(**row) for row in rows.mappings()]


def wards_on(tx: Tx, day: date) -> list[UnitLine]:
    """Wards, communes and townships of the day: what a resident chooses from."""
    return units_on(tx, day, WARD_KINDS)


def is_ward_on(tx: Tx, unit_id: str, day: date) -> bool:
    """Whether somebody may live there on that day: a valid ward, commune or township."""
    asked = sa.select(Unit.id).where(_VALID_ON, Unit.kind.in_(WARD_KINDS), Unit.id == unit_id)
    return tx.execute(asked, {"day": day}).first() is not None


def search_units(tx: Tx, text: str, day: date, *, limit: int = SUGGESTIONS) -> list[UnitLine]:
    """Wards of the day that hold all the words typed, tones forgiven; the closest first."""
    words = search_words(text)
    if not words:
        return []
    found = tx.execute(
        sa.select(*_UNIT_COLUMNS, Unit.search_key)
        .where(
            _VALID_ON,
            Unit.kind.in_(WARD_KINDS),
            *(Unit.search_key.contains(word) for word in words),
        )
        .order_by(Unit.sort_key),
        {"day": day},
    ).all()
    wanted = search_key(text)
    # Stable: within each group the Vietnamese order stays. A name that ends as typed is the one.
    closest = sorted(found, key=lambda row: not row.search_key.endswith(wanted))[:limit]
    return [
        UnitLine(id=row.id, name=row.name, kind=row.kind, parent_id=row.parent_id)
        for row in closest
    ]


def unit_name(tx: Tx, unit_id: str | None) -> str | None:
    """The unit's name as it was in its days, or None when there is no such unit."""
    return tx.execute(UNIT_NAME, {"id": unit_id}).scalar_one_or_none() if unit_id else None


def unit_names(tx: Tx, unit_ids: Collection[str]) -> dict[str, str]:
    """Id → name, in one statement for a page of rows."""
    if not unit_ids:
        return {}
    rows = tx.execute(UNIT_NAMES, {"ids": list(unit_ids)})
    return {row.id: row.name for row in rows}


def successors_of(tx: Tx, unit_id: str) -> list[UnitLine]:
    """
    What became of a unit, the one to offer first at the head.

    With more than one a person must be asked: nobody can compute where in it they live.
    """
    rows = tx.execute(
        sa.select(*_UNIT_COLUMNS)
        .join(UnitSuccession, UnitSuccession.to_id == Unit.id)
        .where(UnitSuccession.from_id == unit_id)
        .order_by(UnitSuccession.is_default.desc(), Unit.sort_key)
    )
    return [UnitLine(**row) for row in rows.mappings()]


_SCHOOLS = sa.select(
    School.id,
    School.name,
    School.level,
    School.ward_id,
    (School.name + " (" + Unit.name + ")").label("label"),
    School.size,
).join(Unit, Unit.id == School.ward_id)


def schools(tx: Tx) -> list[SchoolLine]:
    """All schools in Vietnamese order."""
    rows = tx.execute(_SCHOOLS.order_by(School.sort_key, School.id))
    return [SchoolLine(**row) for row in rows.mappings()]


def school_names(tx: Tx, school_ids: Collection[str]) -> dict[str, str]:
    """Id → name, in one statement for a page of rows."""
    if not school_ids:
        return {}
    rows = tx.execute(sa.select(School.id, School.name).where(School.id.in_(list(school_ids))))
    return {row.id: row.name for row in rows}


def schools_like(tx: Tx, text: str, *, limit: int = SUGGESTIONS) -> list[SchoolLine]:
    """Schools whose name holds all the words typed, tones forgiven."""
    words = search_words(text)
    if not words:
        return []
    rows = tx.execute(
        _SCHOOLS.where(*(School.search_key.contains(word) for word in words))
        .order_by(School.sort_key, School.id)
        .limit(limit)
    )
    return [SchoolLine(**row) for row in rows.mappings()]


def school_named(tx: Tx, text: str) -> str | None:
    """
    The id of the school a person typed or picked, by its name or its label.

    None when no school is called so, or when several are: then the words are kept as typed.
    """
    wanted = search_key(text)
    if not wanted:
        return None
    # The label is the name and the ward: so the name is how the typed text begins.
    starts = sa.literal(wanted).startswith(School.search_key)
    found = tx.execute(_SCHOOLS.where(starts)).mappings().all()
    exact = [row["id"] for row in found if search_key(row["label"]) == wanted]
    exact = exact or [row["id"] for row in found if search_key(row["name"]) == wanted]
    return exact[0] if len(exact) == 1 else None


def school_name(tx: Tx, school_id: str | None) -> str | None:
    if not school_id:
        return None
    return tx.execute(sa.select(School.name).where(School.id == school_id)).scalar_one_or_none()
