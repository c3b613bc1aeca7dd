"""The city's units for anybody: as they were on a day, and one unit with what became of it."""

from datetime import date, datetime
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery

from contest.errors import NotFound
from contest.infra.database import Tx
from contest.units import successions, tree
from contest.units.pages import today
from contest.units.successions import Step, Successor
from contest.units.tree import DatedUnit, Layer
from contest.web.context import AnyRequest
from contest.web.site import site_of
from contest.web.templating import page, say
from contest.web.threads import in_thread

_LONGEST = 80
_NOT_A_DAY = "Chưa hiểu ngày này. Hãy ghi ngày, tháng, năm, ví dụ 1/10/2022."
_TOO_EARLY = "Chúng tôi chưa có danh sách đơn vị của những ngày trước %(day)s."
_TOO_LATE = "Chưa ai biết trước danh sách của một ngày chưa tới."


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A layer to choose at once; `day`: one of its days, "" for today."""

    layer: Layer
    day: str
    is_chosen: bool


class FoundUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit that was looked for: what stood above it, and where its people live today."""

    unit: DatedUnit
    parent: str
    became: list[Successor]


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The day of the page; `typed` as it came, `fault` says what is wrong with it, or ""."""

    day: date
    typed: str
    fault: str


@get("/don-vi", opt={"action": "units.tree"})
@in_thread
def tree_page(
    request: AnyRequest, ngay: FromQuery[str] = "", q: FromQuery[str] = ""
) -> Response[Any]:
    """`ngay`: the day, as a date field sends it or as people write it; `q`: looks in all days."""
    text = " ".join(q[:_LONGEST].split())
    now = today(request)
    with site_of(request).database.read() as tx:
        layers = tree.layers(tx)
        chosen = _chosen(request, ngay[:20].strip(), layers, now)
        this = tree.tree_on(tx, chosen.day)
        found = _found(tx, text, now) if text else []
    return page(
        request,
        "units/tree.html",
        status=422 if chosen.fault else 200,
        tree=this,
        chosen=chosen,
        choices=[
            Choice(
                layer=each,
                day=each.last.isoformat() if each.last else "",
                is_chosen=each.first <= chosen.day
                and (each.last is None or chosen.day <= each.last),
            )
            for each in layers
        ],
        text=text,
        found=found,
        found_at_most=tree.FOUND_AT_MOST,
        today=now,
    )


def _chosen(request: AnyRequest, typed: str, layers: list[Layer], now: date) -> Chosen:
    if not typed:
        return Chosen(day=now, typed="", fault="")
    day = _read_day(typed)
    fault = ""
    if day is None:
        fault = say(request, _NOT_A_DAY)
    elif day > now:
        fault = say(request, _TOO_LATE)
    elif layers and day < layers[0].first:
        first = layers[0].first
        fault = say(request, _TOO_EARLY, day=f"{first.day}/{first.month}/{first.year}")
    return Chosen(day=now if fault or day is None else day, typed=typed, fault=fault)


def _read_day(typed: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(typed, form).date()
        except ValueError:
            continue
    return None


def _found(tx: Tx, text: str, now: date) -> list[FoundUnit]:
    units = tree.search_all_days(tx, text)
    parents = tree.dated_units(tx, {each.parent_id for each in units if each.parent_id})
    became = successions.became(tx, [each.id for each in units if each.valid_to], now)
    return [
        FoundUnit(
            unit=each,
            parent=_district(parents.get(each.parent_id or "")),
            became=became.get(each.id, []),
        )
        for each in units
    ]


def _district(parent: DatedUnit | None) -> str:
    """The city above all of them need not be said."""
    return parent.name if parent is not None and parent.kind == "district" else ""


@get("/don-vi/{unit_id:str}", opt={"action": "units.tree"})
@in_thread
def unit_page(request: AnyRequest, unit_id: FromPath[str]) -> Response[Any]:
    """What a unit is or was, what it came from, what became of it."""
    now = today(request)
    with site_of(request).database.read() as tx:
        unit = tree.dated_unit(tx, unit_id[:40])
        if unit is None:
            raise NotFound("no-unit")
        before = successions.predecessors(tx, unit.id)
        after = successions.successors(tx, [unit.id]).get(unit.id, [])
        became = successions.became(tx, [unit.id], now)[unit.id] if unit.valid_to else []
        same_name = tree.of_same_name(tx, unit)
        same_code = tree.of_same_code(tx, unit)
        near = [*(step.unit for step in [*before, *after]), *same_name, *same_code, unit]
        parents = tree.dated_units(tx, {each.parent_id for each in near if each.parent_id})
        wards = _wards(tx, unit, now) if unit.kind in ("city", "district") else []
    return page(
        request,
        "units/unit.html",
        unit=unit,
        parents=parents,
        before=before,
        after=after,
        # Told where the next unit has gone as well: otherwise it is what came next.
        became=became if not _is_next(after, became) else [],
        must_ask=any(step.must_ask for step in after),
        same_name=same_name,
        same_code=same_code,
        wards=wards,
        today=now,
    )


def _is_next(after: list[Step], became: list[Successor]) -> bool:
    return {each.unit.id for each in became} <= {step.unit.id for step in after}


def _wards(tx: Tx, unit: DatedUnit, now: date) -> list[tuple[Layer, list[DatedUnit]]]:
    """The wards under a district, or the city, in each stretch of its days."""
    found = []
    for layer in tree.layers(tx):
        day = min(layer.last or now, unit.last_day or now)
        if layer.first <= day and unit.is_valid_on(day):
            found.append((layer, tree.tree_on(tx, day).under(unit.id)))
    return found


ROUTES = [tree_page, unit_page]
