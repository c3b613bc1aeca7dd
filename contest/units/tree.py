"""The city as it was on a day: districts and wards then, and a unit with its days.

A unit's parent is the one of its first day. What is asked here is always asked of a day, so a
parent that had ended by then is replaced by what stood above in its place.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from itertools import zip_longest

import msgspec
import sqlalchemy as sa

from contest.infra.database import Tx
from contest.units.models import Unit, UnitSuccession
from contest.units.queries import WARD_KINDS, UnitLine
from contest.units.sorting import search_key, search_words

FOUND_AT_MOST = 40
_LONGEST_CHAIN = 8
# The files know nothing older: this first day means "at least since then".
OLDEST_DAY = date(2020, 3, 1)


class DatedUnit(UnitLine, frozen=True, kw_only=True):
    """A unit with the days of its life; `valid_to` is the first day on which it was no more."""

    code: str
    valid_from: date
    valid_to: date | None

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def is_start_known(self) -> bool:
        return self.valid_from > OLDEST_DAY

    @property
    def last_day(self) -> date | None:
        return self.valid_to - timedelta(days=1) if self.valid_to else None


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """A district of the day with its wards, both in Vietnamese order."""

    district: DatedUnit
    wards: list[DatedUnit]


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    """
    The city on a day. `branches` are its districts, `wards` those straight under the city; `city`
    is None on a day of which nothing is known.
    """

    day: date
    city: DatedUnit | None
    branches: list[Branch]
    wards: list[DatedUnit]

    @property
    def all_wards(self) -> list[DatedUnit]:
        return [*(ward for branch in self.branches for ward in branch.wards), *self.wards]

    @property
    def counts(self) -> dict[str, int]:
        """Kind → how many; kinds that the day did not have are absent."""
        found: dict[str, int] = {}
        units = [*(branch.district for branch in self.branches), *self.all_wards]
        for unit in units:
            found[unit.kind] = found.get(unit.kind, 0) + 1
        return found

    def under(self, unit_id: str) -> list[DatedUnit]:
        """The wards under a unit on this day: a ward's own, a district's, all of the city."""
        if self.city is not None and unit_id == self.city.id:
            return self.all_wards
        for branch in self.branches:
            if branch.district.id == unit_id:
                return branch.wards
        return [ward for ward in self.all_wards if ward.id == unit_id]


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """Days between two changes of the wards; `last` is None for the days until now."""

    first: date
    last: date | None


COLUMNS = (
    Unit.id,
    Unit.name,
    Unit.kind,
    Unit.parent_id,
    Unit.code,
    Unit.valid_from,
    Unit.valid_to,
)


def valid_on(day: date) -> sa.ColumnElement[bool]:
    return sa.and_(Unit.valid_from <= day, sa.or_(Unit.valid_to.is_(None), Unit.valid_to > day))


def counts_on(tx: Tx, day: date) -> dict[str, int]:
    """Kind → how many units there were on the day."""
    rows = tx.execute(
        sa.select(Unit.kind, sa.func.count().label("units"))
        .where(valid_on(day))
        .group_by(Unit.kind)
        .order_by(Unit.kind)
    )
    return {row.kind: row.units for row in rows}


def tree_on(tx: Tx, day: date) -> Tree:
    """Three layers while there were districts, two since. Three statements."""
    units = _units(tx, sa.select(*COLUMNS).where(valid_on(day)).order_by(Unit.sort_key))
    # All of them, also those of other days: a ward may name a parent that has ended since.
    above = {each.id: each for each in _units(tx, _ABOVE)}
    after = _defaults(tx, above)
    city = next((each for each in units if each.kind == "city"), None)
    branches = {
        each.id: Branch(district=each, wards=[]) for each in units if each.kind == "district"
    }
    wards: list[DatedUnit] = []
    for each in units:
        if each.kind in WARD_KINDS:
            parent = parent_on(each, day, above, after)
            under = branches.get(parent.id) if parent else None
            (under.wards if under else wards).append(each)
    return Tree(day=day, city=city, branches=list(branches.values()), wards=wards)


_ABOVE = sa.select(*COLUMNS).where(Unit.kind.in_(("city", "district")))


def parent_on(
    unit: UnitLine, day: date, above: Mapping[str, DatedUnit], after: Mapping[str, str]
) -> DatedUnit | None:
    """
    What stood above a unit on a day. `above`: id → parents of all days; `after`: who followed.

    A parent that had ended was succeeded, or its level was done away with and the next one counts.
    """
    parent = above.get(unit.parent_id or "")
    for _step in range(_LONGEST_CHAIN):
        if parent is None or parent.is_valid_on(day):
            return parent
        has_ended = parent.valid_to is not None and parent.valid_to <= day
        follower = after.get(parent.id) if has_ended else None
        parent = above.get(follower or parent.parent_id or "")
    return None


def _defaults(tx: Tx, above: Collection[str]) -> dict[str, str]:
    rows = tx.execute(
        sa.select(UnitSuccession.from_id, UnitSuccession.to_id).where(
            UnitSuccession.from_id.in_(list(above)), UnitSuccession.is_default
        )
    )
    return {row.from_id: row.to_id for row in rows}


def subtree(tx: Tx, unit_id: str, day: date) -> frozenset[str]:
    """
    Ids of the wards under a unit as of a day; empty for a unit that was not there on that day.

    A ward is its own subtree.
    """
    return frozenset(ward.id for ward in tree_on(tx, day).under(unit_id))


def layers(tx: Tx) -> list[Layer]:
    """The stretches of days between two changes of the wards, the oldest first."""
    firsts = list(
        tx.execute(
            sa.select(Unit.valid_from)
            .where(Unit.kind.in_(WARD_KINDS))
            .distinct()
            .order_by(Unit.valid_from)
        ).scalars()
    )
    lasts: list[date | None] = [first - timedelta(days=1) for first in firsts[1:]]
    return [Layer(first=first, last=last) for first, last in zip_longest(firsts, lasts)]


def dated_unit(tx: Tx, unit_id: str) -> DatedUnit | None:
    return dated_units(tx, [unit_id]).get(unit_id)


def dated_units(tx: Tx, unit_ids: Iterable[str]) -> dict[str, DatedUnit]:
    wanted = sorted(set(unit_ids))
    found = _units(tx, sa.select(*COLUMNS).where(Unit.id.in_(wanted))) if wanted else []
    return {each.id: each for each in found}


def of_same_code(tx: Tx, unit: DatedUnit) -> list[DatedUnit]:
    """Other units that had this unit's code at another time: the code alone names nothing."""
    return _units(
        tx,
        sa.select(*COLUMNS)
        .where(Unit.code == unit.code, Unit.id != unit.id)
        .order_by(Unit.valid_from),
    )


def of_same_name(tx: Tx, unit: DatedUnit) -> list[DatedUnit]:
    """Other units of the very name that were there in this unit's days."""
    ends = unit.valid_to or date.max
    return _units(
        tx,
        sa.select(*COLUMNS)
        .where(
            Unit.name == unit.name,
            Unit.id != unit.id,
            Unit.valid_from < ends,
            sa.or_(Unit.valid_to.is_(None), Unit.valid_to > unit.valid_from),
        )
        .order_by(Unit.id),
    )


def search_all_days(tx: Tx, text: str, *, limit: int = FOUND_AT_MOST) -> list[DatedUnit]:
    """
    Units of any time that hold all the words typed, tones forgiven; a district too.

    The name that ends as typed first, the newest before the older.
    """
    words = search_words(text)
    if not words:
        return []
    found = tx.execute(
        sa.select(*COLUMNS, Unit.search_key)
        .where(Unit.kind != "city", *(Unit.search_key.contains(word) for word in words))
        .order_by(Unit.valid_from.desc(), Unit.sort_key, Unit.id)
    ).all()
    wanted = search_key(text)
    closest = sorted(found, key=lambda row: not row.search_key.endswith(wanted))[:limit]
    return [_unit(row._mapping) for row in closest]


def _units(tx: Tx, statement: sa.Executable) -> list[DatedUnit]:
    return [_unit(row) for row in tx.execute(statement).mappings()]


def _unit(row: sa.RowMapping) -> DatedUnit:
    return DatedUnit(**{name: row[name] for name in DatedUnit.__struct_fields__})
