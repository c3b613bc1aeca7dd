"""Which parts a unit's report has, as of the edition's first day.

The reporting line is dated. Since July 2025: a primary or lower-secondary school → its ward → the
department; an upper-secondary school or a continuing-education centre straight to the department.
Before, wards stood under districts; in which ward of those days a school was is not known.
"""

from collections.abc import Collection, Sequence
from typing import Literal

import msgspec

from contest.front.unit_figures import Counts, Part, Table, table
from contest.standings.unit_counts import Place
from contest.units.queries import SchoolLine
from contest.units.tree import DatedUnit, Tree

REPORTS_TO_WARD = ("primary", "lower-secondary")


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a report is about. `wards`: ids under it on the day, empty where it was not there."""

    id: str
    name: str
    kind: Literal["city", "district", "ward", "school"]
    wards: frozenset[str]
    school: SchoolLine | None = None
    unit: DatedUnit | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """`parts` add up to all of the unit; `schools` is None where there is nothing to list."""

    parts: Table
    schools: Table | None


def subject_of(unit: DatedUnit | None, school: SchoolLine | None, tree: Tree) -> Subject | None:
    if school is not None:
        return Subject(
            id=school.id,
            name=school.name,
            kind="school",
            wards=frozenset(ward.id for ward in tree.under(school.ward_id)),
            school=school,
        )
    if unit is None:
        return None
    kind = unit.kind if unit.kind in ("city", "district") else "ward"
    return Subject(
        id=unit.id,
        name=unit.name,
        kind=kind,  # type: ignore[arg-type]
        wards=frozenset(ward.id for ward in tree.under(unit.id)),
        unit=unit,
    )


def reports_to(school: SchoolLine, subject: Subject) -> bool:
    """Whether a school's figures go up through this unit."""
    if subject.kind == "city":
        return True
    return school.level in REPORTS_TO_WARD and school.ward_id in subject.wards


def is_under(asked: Subject, root: Subject) -> bool:
    """Whether a unit or school is in the subtree of another on the day of both."""
    if asked.id == root.id:
        return True
    if root.kind == "school" or not root.wards:
        return False
    if asked.school is not None:
        return reports_to(asked.school, root)
    return bool(asked.wards) and asked.wards <= root.wards


def report(subject: Subject, counts: Counts, tree: Tree, schools: Sequence[SchoolLine]) -> Report:
    total = Part(
        key="total", kind="school" if subject.kind == "school" else "ward", name=subject.name
    )
    if subject.kind == "school":
        return Report(parts=_of_school(subject, counts, total), schools=None)
    own = [each for each in schools if reports_to(each, subject)]
    if subject.kind == "ward":
        parts = _of_ward(subject, counts, {each.id for each in own}, total)
        return Report(parts=parts, schools=_some_schools(counts, own) if own else None)
    if subject.kind == "district":
        branch = next((each for each in tree.branches if each.district.id == subject.id), None)
        wards = branch.wards if branch else []
        parts = _of_wards(counts, wards, total)
        return Report(parts=parts, schools=_some_schools(counts, own) if own else None)
    return Report(parts=_of_city(counts, tree, total), schools=_all_schools(counts, own))


def _of_city(counts: Counts, tree: Tree, total: Part) -> Table:
    over = {ward.id: branch.district.id for branch in tree.branches for ward in branch.wards}
    over |= {ward.id: ward.id for ward in tree.wards}
    parts = [
        Part(key=branch.district.id, kind="district", name=branch.district.name)
        for branch in tree.branches
    ]
    parts += [Part(key=ward.id, kind="ward", name=ward.name) for ward in tree.wards]

    def key_of(place: Place) -> str:
        if place.ward_id is None:
            return "typed-ward" if place.ward_is_typed else "no-ward"
        return over.get(place.ward_id, "other-day")

    # Wards of another day of the year: only where there are such, as the last ward of the list.
    apart = ["typed-ward", "no-ward"]
    if any(key_of(each.place) == "other-day" for each in counts.entered):
        apart.append("other-day")
    parts += [Part(key=key, kind="apart") for key in apart]
    return table(counts, parts, key_of, leaf_of=lambda place: place.ward_id or "", total=total)


def _of_wards(counts: Counts, wards: Sequence[DatedUnit], total: Part) -> Table:
    ids = {ward.id for ward in wards}
    parts = [Part(key=ward.id, kind="ward", name=ward.name) for ward in wards]
    return table(
        counts,
        parts,
        lambda place: place.ward_id if place.ward_id in ids else None,
        total=total,
    )


def _of_ward(subject: Subject, counts: Counts, own: Collection[str], total: Part) -> Table:
    def key_of(place: Place) -> str | None:
        if place.ward_id is None or place.ward_id not in subject.wards:
            return None
        if place.school_id is not None:
            return "school-here" if place.school_id in own else "school-elsewhere"
        return "typed-school" if place.school_is_typed else "no-school"

    keys = ("school-here", "school-elsewhere", "typed-school", "no-school")
    parts = [Part(key=key, kind="apart") for key in keys]
    return table(counts, parts, key_of, tells_minors=False, total=total)


def _of_school(subject: Subject, counts: Counts, total: Part) -> Table:
    assert subject.school is not None
    school = subject.school

    def key_of(place: Place) -> str | None:
        if place.school_id != school.id:
            return None
        if place.ward_id is not None:
            return "home-here" if place.ward_id == school.ward_id else "home-elsewhere"
        return "typed-ward" if place.ward_is_typed else "no-ward"

    keys = ("home-here", "home-elsewhere", "typed-ward", "no-ward")
    parts = [Part(key=key, kind="apart") for key in keys]
    whole = Part(key="total", kind="school", name=school.name, size=school.size)
    return table(counts, parts, key_of, tells_minors=False, total=whole)


def _school_parts(schools: Sequence[SchoolLine]) -> list[Part]:
    return [Part(key=each.id, kind="school", name=each.label, size=each.size) for each in schools]


def _some_schools(counts: Counts, schools: Sequence[SchoolLine]) -> Table:
    """Schools count wherever their pupils live: another sum than that of the residents."""
    ids = {each.id for each in schools}
    return table(
        counts,
        _school_parts(schools),
        lambda place: place.school_id if place.school_id in ids else None,
        total=Part(key="schools", kind="school"),
    )


def _all_schools(counts: Counts, schools: Sequence[SchoolLine]) -> Table:
    """All schools, those that were typed, and those without one: everybody of the edition."""
    ids = {each.id for each in schools}

    def key_of(place: Place) -> str:
        if place.school_id is not None:
            return place.school_id if place.school_id in ids else "typed-school"
        return "typed-school" if place.school_is_typed else "no-school"

    parts = _school_parts(schools)
    parts += [Part(key=key, kind="apart") for key in ("typed-school", "no-school")]
    return table(counts, parts, key_of, total=Part(key="schools", kind="school"))
