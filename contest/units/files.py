"""Reads the unit files (units/*.csv) and loads them; what is wrong is named with its line."""

import csv
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy.exc import IntegrityError

from contest.infra.database import Database, Tx
from contest.units import commands
from contest.units.rows import SchoolRow, SuccessionRow, UnitRow
from contest.web.i18n import without_tones

UNITS_FILE = "units_hanoi.csv"
SUCCESSIONS_FILE = "unit_successions_hanoi.csv"
SCHOOLS_FILE = "schools.csv"

# The files' words without tones → what the code calls it.
_KINDS = {
    "thanh pho": "city",
    "quan": "district",
    "huyen": "district",
    "thi xa": "district",
    "phuong": "ward",
    "xa": "commune",
    "thi tran": "township",
}


T = TypeVar("T")


class WrongFile(Exception):
    """A line that cannot be understood, in one sentence for the person who imports."""


def load_units(database: Database, folder: Path, *, with_schools: bool = True) -> commands.Imported:
    """
    Reads the files of a folder and brings the tables up to date, all or nothing.

    The folder's schools are invented: only the demo takes them.
    """
    units, successions = read_units(folder), read_successions(folder)
    schools = read_schools(folder) if with_schools else []

    def load(tx: Tx) -> list[commands.Imported]:
        return [
            commands.import_units(tx, rows=units),
            commands.import_successions(tx, rows=successions),
            commands.import_schools(tx, rows=schools),
        ]

    done = database.write(load)
    return commands.Imported(
        added=sum(each.added for each in done),
        changed=sum(each.changed for each in done),
        unchanged=sum(each.unchanged for each in done),
    )


def read_units(folder: Path) -> list[UnitRow]:
    """Units with their parents resolved to the one that was valid on the unit's first day."""
    rows = _rows(folder / UNITS_FILE, _unit)
    by_code: dict[str, list[UnitRow]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    return [
        msgspec.structs.replace(row, parent_id=_parent(row, by_code)) if row.parent_id else row
        for row in rows
    ]


def read_successions(folder: Path) -> list[SuccessionRow]:
    return _rows(folder / SUCCESSIONS_FILE, _succession)


def load_schools(database: Database, file: Path) -> commands.Imported:
    """
    A city's own schools out of a file like units/schools.csv. Repeating it changes nothing.

    Raises WrongFile for a line that cannot be understood and for a ward or level there is not.
    """
    rows = _rows(file, _school)
    for number, row in enumerate(rows, start=2):
        if not (row.id and row.name and row.ward_id):
            raise WrongFile(f"{file.name}, line {number}: id, name and ward_id are needed.")
    try:
        return database.write(commands.import_schools, rows=rows)
    except IntegrityError as error:
        raise WrongFile(
            f"{file.name}: a ward_id or a level is not known; see units/README.md."
        ) from error


def read_schools(folder: Path) -> list[SchoolRow]:
    return _rows(folder / SCHOOLS_FILE, _school)


def _unit(line: Mapping[str, str]) -> UnitRow:
    return UnitRow(
        id=line["id"],
        code=line["code"],
        name=line["name"],
        kind=_KINDS[without_tones(line["kind"])],
        # The code of the parent; read_units puts the id in its place.
        parent_id=line["parent_code"] or None,
        valid_from=date.fromisoformat(line["valid_from"]),
        valid_to=date.fromisoformat(line["valid_to"]) if line["valid_to"] else None,
    )


def _succession(line: Mapping[str, str]) -> SuccessionRow:
    return SuccessionRow(
        from_id=line["from_id"],
        to_id=line["to_id"],
        on_day=date.fromisoformat(line["date"]),
        share=line["share"],
        is_default=line["default"] == "1",
        basis=line["basis"],
    )


def _school(line: Mapping[str, str]) -> SchoolRow:
    return SchoolRow(
        id=line["id"],
        name=line["name"],
        level=line["level"],
        ward_id=line["ward_id"],
        size=int(line["size"]) if line["size"] else None,
    )


def _parent(row: UnitRow, by_code: Mapping[str, list[UnitRow]]) -> str:
    for candidate in by_code.get(row.parent_id or "", []):
        still_valid = candidate.valid_to is None or candidate.valid_to > row.valid_from
        if candidate.valid_from <= row.valid_from and still_valid:
            return candidate.id
    raise WrongFile(f"{row.id}: no unit {row.parent_id} was valid on {row.valid_from}.")


def _rows(path: Path, parse: Callable[[Mapping[str, str]], T]) -> list[T]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restval="")
        rows: list[T] = []
        for line in reader:
            try:
                rows.append(parse(line))
            except (KeyError, ValueError) as error:
                raise WrongFile(f"{path.name}, line {reader.line_num}: {error}.") from error
        return rows
