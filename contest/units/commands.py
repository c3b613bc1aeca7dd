"""Imports of units and schools: repeating one changes nothing, a changed row is updated."""

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from contest.infra.database import Model, Tx
from contest.units.models import School, Unit, UnitSuccession
from contest.units.names import bare_name
from contest.units.rows import SchoolRow, SuccessionRow, UnitRow
from contest.units.sorting import search_key, vietnamese_sort_key


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did. What is no longer in the file stays: figures of old years point to it."""

    added: int
    changed: int
    unchanged: int


def import_units(tx: Tx, *, rows: Iterable[UnitRow]) -> Imported:
    """Parents go first, because a unit points to its parent."""
    ordered = sorted(rows, key=lambda row: (len(row.code), row.id))
    return _bring_up_to_date(tx, Unit, [_unit_values(row) for row in ordered], ("id",))


def import_successions(tx: Tx, *, rows: Iterable[SuccessionRow]) -> Imported:
    values = [msgspec.structs.asdict(row) for row in rows]
    return _bring_up_to_date(tx, UnitSuccession, values, ("from_id", "to_id"))


def import_schools(tx: Tx, *, rows: Iterable[SchoolRow]) -> Imported:
    """The wards must have been imported before."""
    return _bring_up_to_date(tx, School, [_school_values(row) for row in rows], ("id",))


def _unit_values(row: UnitRow) -> dict[str, Any]:
    return msgspec.structs.asdict(row) | {
        "search_key": search_key(row.name),
        "sort_key": vietnamese_sort_key(bare_name(row.name, row.kind), row.name),
    }


def _school_values(row: SchoolRow) -> dict[str, Any]:
    return msgspec.structs.asdict(row) | {
        "search_key": search_key(row.name),
        "sort_key": vietnamese_sort_key(row.name),
    }


def _bring_up_to_date(
    tx: Tx, model: type[Model], rows: list[dict[str, Any]], key: tuple[str, ...]
) -> Imported:
    table = model.__table__
    found: dict[tuple[Any, ...], sa.RowMapping] = {
        tuple(row[name] for name in key): row for row in tx.execute(sa.select(table)).mappings()
    }
    new: list[dict[str, Any]] = []
    changed = 0
    for values in rows:
        identity = tuple(values[name] for name in key)
        kept = found.get(identity)
        if kept is None:
            new.append(values)
        elif any(kept[name] != value for name, value in values.items()):
            same = [table.c[name] == value for name, value in zip(key, identity, strict=True)]
            tx.execute(sa.update(model).where(*same).values(**values))
            changed += 1
    if new:
        tx.execute(sa.insert(model), new)
    return Imported(added=len(new), changed=changed, unchanged=len(rows) - len(new) - changed)
