"""What a unit came from and what became of it, through all changes, and how sure that is."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa

from contest.infra.database import Tx
from contest.units.models import Unit, UnitSuccession
from contest.units.tree import COLUMNS, DatedUnit, dated_units

_LONGEST_CHAIN = 8
# What a succession says where only the person knows, where nobody lives, and where nobody has seen
# it written (units/README.md).
_ASKED_SHARE = "part"
_NO_PEOPLE = "area only"
_UNSEEN = "verify"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """
    A unit that came after another, or before it.

    `must_ask`: it took over some of the people, and no rule says whom. `is_known` is False where
    nobody has seen the succession in a source: such a one is never shown as a fact.
    """

    unit: DatedUnit
    on_day: date
    share: str
    is_default: bool
    must_ask: bool
    is_known: bool

    @property
    def has_people(self) -> bool:
        return self.share != _NO_PEOPLE


class Successor(msgspec.Struct, frozen=True, kw_only=True):
    """A unit of the day that somebody of an old one may live in now; `is_sure`: they all do."""

    unit: DatedUnit
    is_sure: bool


def successors(tx: Tx, unit_ids: Collection[str]) -> dict[str, list[Step]]:
    """Unit → what came after it, the one to offer first at the head. One statement."""
    return _steps(tx, UnitSuccession.from_id, UnitSuccession.to_id, unit_ids)


def predecessors(tx: Tx, unit_id: str) -> list[Step]:
    """What a unit came from."""
    return _steps(tx, UnitSuccession.to_id, UnitSuccession.from_id, [unit_id]).get(unit_id, [])


def _steps(tx: Tx, known: Any, wanted: Any, unit_ids: Collection[str]) -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = {}
    if not unit_ids:
        return found
    rows = tx.execute(
        sa.select(
            known.label("known"),
            UnitSuccession.on_day,
            UnitSuccession.share,
            UnitSuccession.is_default,
            UnitSuccession.basis,
            *COLUMNS,
        )
        .join(Unit, Unit.id == wanted)
        .where(known.in_(sorted(unit_ids)))
        .order_by(UnitSuccession.is_default.desc(), Unit.sort_key, Unit.id)
    ).mappings()
    for row in rows:
        step = Step(
            unit=DatedUnit(**{name: row[name] for name in DatedUnit.__struct_fields__}),
            on_day=row["on_day"],
            share=row["share"],
            is_default=row["is_default"],
            must_ask=row["share"] == _ASKED_SHARE,
            is_known=not row["basis"].startswith(_UNSEEN),
        )
        found.setdefault(row["known"], []).append(step)
    return found


class _End(msgspec.Struct, frozen=True):
    """Where a chain has come to. `is_known`: every step was seen in a source."""

    unit_id: str
    is_known: bool


def became(tx: Tx, unit_ids: Collection[str], day: date) -> dict[str, list[Successor]]:
    """
    Unit → the units of the day in which its people live, the likeliest first.

    Follows one change after the other, a statement a change. A piece of land without people leads
    nowhere: nobody lives there.
    """
    units = dated_units(tx, unit_ids)
    ends = {each: [_End(each, True)] for each in unit_ids if each in units}
    for _change in range(_LONGEST_CHAIN):
        over = {
            end.unit_id for of in ends.values() for end in of if _has_ended(units[end.unit_id], day)
        }
        steps = successors(tx, over)
        if not steps:
            break
        units |= {step.unit.id: step.unit for of in steps.values() for step in of}
        ends = {each: _further(of, steps) for each, of in ends.items()}
    return {
        each: [
            # Divided and joined again counts as whole: all the ways have one end.
            Successor(unit=units[end.unit_id], is_sure=end.is_known and len(of) == 1)
            for end in of
            if units[end.unit_id].is_valid_on(day)
        ]
        for each, of in ends.items()
    }


def _has_ended(unit: DatedUnit, day: date) -> bool:
    return unit.valid_to is not None and unit.valid_to <= day


def _further(of: list[_End], steps: Mapping[str, list[Step]]) -> list[_End]:
    found: dict[str, bool] = {}
    for end in of:
        if end.unit_id not in steps:
            found.setdefault(end.unit_id, end.is_known)
            continue
        for step in steps[end.unit_id]:
            if step.has_people:
                seen = end.is_known and step.is_known
                found[step.unit.id] = seen and found.get(step.unit.id, True)
    return [_End(unit_id, is_known) for unit_id, is_known in found.items()]
