"""A teacher's classes: make one, see who is in it and what is to be done next."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from contest.errors import Conflict, NotFound
from contest.infra.database import Tx
from contest.people import faults, queries
from contest.people.classes import commands, list_pages
from contest.people.classes import queries as classes
from contest.people.classes.printing import MOST_IN_A_FILE
from contest.people.classes.queries import ClassView
from contest.people.consent.machine import State
from contest.people.faults import FieldFault, told
from contest.units import queries as units
from contest.units.pages import today
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

_NO_NAME = "Hãy ghi tên lớp, ví dụ 5A."
_NAME_TOO_LONG = "Tên lớp dài nhất %(most)d chữ."
_NO_YEAR = "Hãy chọn năm học."
_EXISTS = "Năm học này thầy cô đã có lớp mang tên đó. Hãy mở lớp ấy, hoặc ghi tên khác."
_FIRST_MONTH = 8


class ClassForm(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed. `school`: a school's label, or words of the teacher's own."""

    name: str = ""
    school: str = ""
    school_year: str = ""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Of one class: what its list of next steps goes by."""

    pupils: int
    signed_in: int
    may_take_part: int

    @property
    def missing(self) -> int:
        return self.pupils - self.may_take_part


def school_year_of(day: date) -> str:
    """From August on it is the new one: lists are made before the first bell."""
    first = day.year if day.month >= _FIRST_MONTH else day.year - 1
    return f"{first}-{first + 1}"


@get("/lop", opt={"action": "people.own_classes"})
@in_thread
def own_classes_page(request: AnyRequest) -> Response[Any]:
    """The teacher's own classes with their figures."""
    with site_of(request).database.read() as tx:
        cards = classes.own_classes(tx, account_id_of(request), on=today(request))
    return page(request, "people/classes/own.html", nav="classes", cards=cards)


@get("/lop/moi", opt={"action": "people.make_class"})
@in_thread
def new_class_page(request: AnyRequest) -> Response[Any]:
    with site_of(request).database.read() as tx:
        own = set(classes.schools_of_teacher(tx, account_id_of(request)))
        label = next((each.label for each in units.schools(tx) if each.id in own), "")
    typed = ClassForm(school=label, school_year=school_year_of(today(request)))
    return _new_class_page(request, typed)


def _new_class_page(
    request: AnyRequest, typed: ClassForm, found: Sequence[FieldFault] = ()
) -> Response[Any]:
    return page(
        request,
        "people/classes/new.html",
        nav="classes",
        status=422 if found else 200,
        typed=typed,
        years=_years(today(request)),
        longest=commands.LONGEST_NAME,
        faults=told(request, found) if found else faults.NONE,
    )


def _years(day: date) -> list[str]:
    first = int(school_year_of(day)[:4])
    return [f"{year}-{year + 1}" for year in (first - 1, first, first + 1)]


@post("/lop/moi", opt={"action": "people.make_class"})
@in_thread
def make_class(request: AnyRequest) -> Response[Any]:
    """Makes the class and goes on to its page, which says what comes next."""
    site, form, now = site_of(request), form_of(request), context_of(request).received_at
    # Longer than may be kept: a name that is too long is told, not cut.
    typed = ClassForm(
        name=" ".join(form.text("name", limit=4 * commands.LONGEST_NAME).split()),
        school=form.text("school", limit=120),
        school_year=form.text("school_year", limit=9),
    )
    found = _faults(typed, _years(today(request)))
    if found:
        return _new_class_page(request, typed, found)
    with site.database.read() as tx:
        by = queries.ref_of(tx, account_id_of(request))
        school_id = units.school_named(tx, typed.school)
    try:
        made = site.database.write(
            commands.make_class,
            teacher_id=account_id_of(request),
            name=typed.name,
            school_id=school_id,
            school_other="" if school_id else typed.school,
            school_year=typed.school_year,
            by=by,
            chance=site.chance,
            now=now,
        )
    except Conflict as refused:
        if refused.code != "class-exists":
            raise
        return _new_class_page(request, typed, [FieldFault("name", _EXISTS)])
    return redirect(f"/lop/{made.ref}")


def _faults(typed: ClassForm, years: Sequence[str]) -> list[FieldFault]:
    found = []
    if not typed.name:
        found.append(FieldFault("name", _NO_NAME))
    elif len(typed.name) > commands.LONGEST_NAME:
        found.append(FieldFault("name", _NAME_TOO_LONG, {"most": commands.LONGEST_NAME}))
    if typed.school_year not in years:
        found.append(FieldFault("school_year", _NO_YEAR))
    return found


@get("/lop/{ref:str}", opt={"action": "people.own_classes"})
@in_thread
def class_page(
    request: AnyRequest,
    ref: FromPath[str],
    xep: FromQuery[str] = "",
    xong: FromQuery[str] = "",
) -> Response[Any]:
    """
    One class: what to do next, and its pupils. `xep=ten`: by given and family name. `xong`: what
    was just done, "5-2-0" (new, changed, unchanged pupils of a list) or "xoa".
    """
    with site_of(request).database.read() as tx:
        this = classes.class_of(tx, ref, account_id_of(request))
        pupils = classes.pupils(tx, this.id)
        states = classes.take_part_states(tx, pupils, on=today(request))
        entered = classes.signed_in(tx, this.id)
    by_name = xep == "ten"
    if by_name:
        pupils.sort(key=lambda each: (each.name_key, each.birth_date, each.ref))
    return page(
        request,
        "people/classes/class.html",
        nav="classes",
        this=this,
        pupils=pupils,
        states={account_id: state.value for account_id, state in states.items()},
        entered=entered,
        figures=Figures(
            pupils=len(pupils),
            signed_in=len(entered),
            may_take_part=sum(state is State.STANDS for state in states.values()),
        ),
        by_name=by_name,
        most_in_a_file=MOST_IN_A_FILE,
        brought=_figures_in(xong),
        removed=xong == "xoa",
    )


def _figures_in(text: str) -> list[int] | None:
    """What the import said in the address; anything else is nothing."""
    parts = text.split("-")
    if len(parts) != 3 or not all(
        each.isascii() and each.isdigit() and len(each) <= 5 for each in parts
    ):
        return None
    return [int(each) for each in parts]


@post("/lop/{ref:str}/hoc-sinh/{pupil:str}/xoa", opt={"action": "people.remove_pupil"})
@in_thread
def remove_pupil(request: AnyRequest, ref: FromPath[str], pupil: FromPath[str]) -> Response[Any]:
    """Asks first (without a script too); with `sure` takes the pupil out of the class."""
    site = site_of(request)
    with site.database.read() as tx:
        this = classes.class_of(tx, ref, account_id_of(request))
        by = queries.ref_of(tx, account_id_of(request))
        who = _pupil_or_none(tx, this, pupil)
    if who is None:
        # Gone already: the second press, or another tab.
        return redirect(f"/lop/{ref}")
    if not form_of(request).ticked("sure"):
        return page(request, "people/classes/remove.html", nav="classes", this=this, pupil=who)
    site.database.write(
        commands.remove_pupil,
        class_id=this.id,
        pupil=pupil,
        by=by,
        now=context_of(request).received_at,
    )
    return redirect(f"/lop/{ref}?xong=xoa")


def _pupil_or_none(tx: Tx, this: ClassView, pupil: str) -> classes.PupilView | None:
    try:
        return classes.pupil_of(tx, this.id, pupil)
    except NotFound:
        return None


ROUTES = [
    own_classes_page,
    new_class_page,
    make_class,
    class_page,
    remove_pupil,
    *list_pages.ROUTES,
]
