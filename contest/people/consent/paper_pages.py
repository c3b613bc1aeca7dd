"""Consents of a class: who has signed what, papers recorded by its teacher, and their scans."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from contest.access import Scope, may
from contest.errors import Conflict, Invalid
from contest.people import faults
from contest.people import queries as people
from contest.people.classes import queries as classes
from contest.people.classes.queries import ClassView, PupilView
from contest.people.consent import PURPOSES, WORDING_VERSION, paper_queries, papers
from contest.people.consent.class_consents import PupilConsents, class_consents
from contest.people.consent.machine import State
from contest.people.consent.one_paper_pages import Of, change_papers, papers_of_person
from contest.people.consent.paper_forms import (
    EMPTY_FORM,
    REFUSALS,
    Common,
    PaperForm,
    PaperRow,
    common_faults,
    day_of,
    read_common,
    read_rows,
    refusal_fault,
    row_facts,
    row_faults,
)
from contest.people.consent.papers import earliest_day
from contest.people.consent.scan_files import scan_answer
from contest.people.faults import FieldFault, told
from contest.people.tokens import new_form_key
from contest.units.pages import today
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

# Nine fields a row at most, and a form holds 500.
ROWS = 45
_FIRST_MONTH, _FIRST_DAY = 6, 1


@get("/lop/{ref:str}/giay-dong-y", opt={"action": "people.class_consents"})
@in_thread
def class_consents_page(
    request: AnyRequest,
    ref: FromPath[str],
    viec: FromQuery[str] = "",
    loc: FromQuery[str] = "",
    hs: FromQuery[str] = "",
    tu: FromQuery[str] = "",
    xong: FromQuery[str] = "",
) -> Response[Any]:
    """
    The class at a glance (`loc=thieu`: who may not take part yet), the form for its papers
    (`viec=ghi`, from the `tu`-th row on), or one pupil's (`hs`). `xong`: what was just done.
    """
    with site_of(request).database.read() as tx:
        this = classes.class_of(tx, ref, account_id_of(request))
        pupil = classes.pupil_of(tx, this.id, hs) if hs else None
        everybody = [] if pupil else class_consents(tx, this, today(request))
    if pupil:
        return _pupil_page(request, this, pupil, done=xong)
    if viec == "ghi":
        first = int(tu) if tu.isascii() and tu.isdigit() and len(tu) < 5 else 0
        return _record_page(request, this, everybody, all_=loc == "tat-ca", first=first, done=xong)
    return page(
        request,
        "people/consent/class_consents.html",
        nav="classes",
        this=this,
        everybody=everybody,
        shown=[each for each in everybody if each.is_missing] if loc == "thieu" else everybody,
        only_missing=loc == "thieu",
        missing=sum(each.is_missing for each in everybody),
        purposes=PURPOSES,
        counts=[
            sum(each.states[at] is State.STANDS for each in everybody)
            for at in range(len(PURPOSES))
        ],
    )


def _record_page(
    request: AnyRequest,
    this: ClassView,
    everybody: Sequence[PupilConsents],
    *,
    all_: bool = False,
    first: int = 0,
    common: Common | None = None,
    rows: Mapping[str, PaperRow] | None = None,
    found: Sequence[FieldFault] = (),
    done: str = "",
) -> Response[Any]:
    """`rows`: as sent, by the pupil's ref; a refused form shows these pupils, wherever they are."""
    rows = rows or {}
    wanted = [each for each in everybody if all_ or each.is_missing or each.pupil.ref in rows]
    if rows:
        wanted.sort(key=lambda each: each.pupil.ref not in rows)
    return page(
        request,
        "people/consent/record_papers.html",
        nav="classes",
        status=422 if found else 200,
        this=this,
        lines=wanted[first : first + ROWS],
        everybody=len(everybody),
        wanted=len(wanted),
        shows_all=all_,
        first=first,
        per_page=ROWS,
        purposes=PURPOSES,
        common=common or Common(form_key=new_form_key(site_of(request).chance)),
        rows=rows,
        empty_row=PaperRow(),
        done=_counts_in(done),
        days=_days(request, this),
        wording=WORDING_VERSION,
        faults=told(request, found) if found else faults.NONE,
    )


def _counts_in(text: str) -> list[int] | None:
    """What the last form came to, out of the address: papers recorded, known before."""
    parts = text.split("-")
    if len(parts) != 2 or not all(
        each.isascii() and each.isdigit() and len(each) <= 3 for each in parts
    ):
        return None
    return [int(each) for each in parts]


def _days(request: AnyRequest, this: ClassView) -> tuple[date, date]:
    """The first and the last day on which a paper of this class can have been signed."""
    day = today(request)
    return max(earliest_day(day), _began(this)), day


def _began(this: ClassView) -> date:
    return date(int(this.school_year[:4]), _FIRST_MONTH, _FIRST_DAY)


def _of_pupil(this: ClassView, pupil: PupilView) -> Of:
    return Of(
        account_id=pupil.account_id,
        full_name=pupil.full_name,
        birth_date=pupil.birth_date,
        address=f"/lop/{this.ref}/giay-dong-y?hs={pupil.ref}&",
        not_before=_began(this),
    )


def _pupil_page(
    request: AnyRequest,
    this: ClassView,
    pupil: PupilView,
    typed: PaperForm | None = None,
    found: Sequence[FieldFault] = (),
    *,
    done: str = "",
) -> Response[Any]:
    return page(
        request,
        "people/consent/pupil_papers.html",
        nav="classes",
        status=422 if found else 200,
        this=this,
        pupil=pupil,
        days=_days(request, this),
        done=done,
        **papers_of_person(request, _of_pupil(this, pupil), typed, found),
    )


@post("/lop/{ref:str}/giay-dong-y", opt={"action": "people.record_paper_consent"})
@in_thread
def record_papers(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    """The papers of many pupils; or of one, with a scan, or a record taken back."""
    form = form_of(request)
    with site_of(request).database.read() as tx:
        this = classes.class_of(tx, ref, account_id_of(request))
        hs = form.text("hs", limit=16)
        pupil = classes.pupil_of(tx, this.id, hs) if hs else None
    if pupil is None:
        return _record_many(request, this)
    return change_papers(
        request, _of_pupil(this, pupil), partial(_pupil_page, request, this, pupil)
    )


def _record_many(request: AnyRequest, this: ClassView) -> Response[Any]:
    site, form, day = site_of(request), form_of(request), today(request)
    with site.database.read() as tx:
        everybody = class_consents(tx, this, day)
        by = people.ref_of(tx, account_id_of(request))
    pupils = {each.pupil.ref: each.pupil for each in everybody}
    parents = {each.pupil.account_id: each.parent for each in everybody if each.parent}
    common = read_common(form)
    rows = read_rows(form, list(pupils.values()), parents)
    all_, first = form.text("loc") == "tat-ca", max(0, form.whole_number("tu"))
    found = common_faults(common, day, not_before=_began(this))
    for pupil_ref, row in rows.items():
        found += row_faults(row, pupils[pupil_ref], day_of(common), day)
    if not rows:
        found.append(EMPTY_FORM)
    signed_on = day_of(common)
    refused: dict[str, PaperRow] = {}
    new = known = 0
    if not found and signed_on is not None:
        for pupil_ref, row in rows.items():
            try:
                made = site.database.write(
                    papers.record_paper,
                    account_id=pupils[pupil_ref].account_id,
                    signed_on=signed_on,
                    kept_where=common.kept_where,
                    form_key=common.form_key,
                    by=by,
                    chance=site.chance,
                    now=context_of(request).received_at,
                    **row_facts(row, pupils[pupil_ref], day),
                )
            except (Conflict, Invalid) as refusal:
                if refusal.code == "paper-adds-nothing":
                    known += 1
                    continue
                if refusal.code not in REFUSALS:
                    raise
                found.append(refusal_fault(refusal.code, f"ten.{pupil_ref}"))
                refused[pupil_ref] = row
            else:
                new, known = new + made.is_new, known + (not made.is_new)
    if found:
        with site.database.read() as tx:
            everybody = class_consents(tx, this, day)
        return _record_page(
            request,
            this,
            everybody,
            all_=all_,
            first=0 if refused or rows else first,
            common=common,
            rows=refused or rows,
            found=found,
            done=f"{new}-{known}" if refused else "",
        )
    more = "&loc=tat-ca" if all_ else ""
    return redirect(f"/lop/{this.ref}/giay-dong-y?viec=ghi{more}&xong={new}-{known}")


@get("/giay-dong-y/{paper:str}", opt={"action": "people.see_scan", "uncompressed": True})
@in_thread
def see_scan(request: AnyRequest, paper: FromPath[str]) -> Response[Any]:
    """The scan itself, for the pupil's teacher and the organiser."""
    site, actor = site_of(request), context_of(request).actor
    scope = may(actor, "people.see_scan")
    teacher_id = account_id_of(request) if scope is Scope.OWN else None
    with site.database.read() as tx:
        scan = paper_queries.scan_for(tx, paper, teacher_id=teacher_id)
    return scan_answer(site.storage.get(scan.scan_key), scan.paper_ref)


ROUTES = [class_consents_page, record_papers, see_scan]
