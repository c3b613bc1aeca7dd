"""The organiser's desk: find a person, give them a way back in."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from contest.infra.chance import grouped
from contest.people import faults, queries, shown_once
from contest.people.faults import FieldFault, told
from contest.people.queries import PersonLine
from contest.people.recovery.commands import DESK_CODE_LIFETIME, reset_sign_in
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

_NOT_CHECKED = "Hãy xác nhận rằng bạn đã kiểm tra đúng người."


@get("/dieu-hanh/nguoi", opt={"action": "people.find_person"})
@in_thread
def find_person_page(request: AnyRequest, q: FromQuery[str] = "") -> Response[Any]:
    text = " ".join(q[:120].split())
    with site_of(request).database.read() as tx:
        found = queries.find_people(tx, text) if text else []
    return page(
        request,
        "people/find_person.html",
        nav="desk",
        q=text,
        people=found,
        is_full=len(found) == queries.FOUND_AT_MOST,
    )


@get("/dieu-hanh/nguoi/{ref:str}", opt={"action": "people.reset_sign_in"})
@in_thread
def person_page(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    """Who it is, and the form that makes a one-time code; the code right after it was made."""
    with site_of(request).database.read() as tx:
        person = queries.person_line(tx, ref)
    return _person_page(request, person)


def _person_page(
    request: AnyRequest, person: PersonLine, found: Sequence[FieldFault] = ()
) -> Response[Any]:
    kept = shown_once.read(request, shown_once.DESK)
    code = grouped(kept.code) if kept and kept.subject == person.ref else None
    return page(
        request,
        "people/person.html",
        nav="desk",
        status=422 if found else 200,
        person=person,
        one_time_code=code,
        recovery_address=f"{site_of(request).settings.public_url}/khoi-phuc",
        hours=int(DESK_CODE_LIFETIME.total_seconds() // 3600),
        faults=told(request, found) if found else faults.NONE,
    )


@post("/dieu-hanh/nguoi/{ref:str}/dat-lai", opt={"action": "people.reset_sign_in"})
@in_thread
def reset_persons_sign_in(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    """Makes the one-time code for the person in front of the desk."""
    site, context = site_of(request), context_of(request)
    with site.database.read() as tx:
        person = queries.person_line(tx, ref)
        by_ref = queries.ref_of(tx, account_id_of(request))
    if not form_of(request).ticked("checked"):
        return _person_page(request, person, [FieldFault("checked", _NOT_CHECKED)])
    made = site.database.write(
        reset_sign_in,
        account_id=person.account_id,
        by=context.actor,
        by_ref=by_ref,
        chance=site.chance,
        now=context.received_at,
    )
    assert context.session is not None
    shown_once.keep(request, shown_once.DESK, ref, made.code, session_id=context.session.id)
    return redirect(f"/dieu-hanh/nguoi/{ref}")


ROUTES = [find_person_page, person_page, reset_persons_sign_in]
