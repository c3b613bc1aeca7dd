"""A person's consents at the desk: their history, a paper signed here, a withdrawal told here."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from contest.people import queries as people
from contest.people.consent import PURPOSES, withdrawal_queries
from contest.people.consent.machine import band
from contest.people.consent.one_paper_pages import Of, change_papers, papers_of_person
from contest.people.consent.paper_forms import PaperForm
from contest.people.consent.papers import earliest_day
from contest.people.consent.queries import history
from contest.people.consent.withdrawals import TELLERS, WAYS, record_withdrawal
from contest.people.faults import FieldFault
from contest.people.queries import PersonLine
from contest.units.pages import today
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

_NO_PURPOSE = "Hãy đánh dấu điều muốn rút."
_NO_TELLER = "Hãy chọn ai báo rút."
_NO_WAY = "Hãy chọn báo bằng cách nào."


class WithdrawalForm(msgspec.Struct, frozen=True, kw_only=True):
    """A withdrawal that was told, as typed."""

    purposes: tuple[str, ...] = ()
    teller: str = ""
    way: str = ""


@get("/dieu-hanh/nguoi/{ref:str}/dong-y", opt={"action": "people.desk_consents"})
@in_thread
def persons_consents(
    request: AnyRequest, ref: FromPath[str], xong: FromQuery[str] = ""
) -> Response[Any]:
    """Every signature ever given, the papers, and the two forms. `xong`: what was just done."""
    with site_of(request).database.read() as tx:
        person = people.person_line(tx, ref)
    return _persons_page(request, person, done=xong)


def _persons_page(
    request: AnyRequest,
    person: PersonLine,
    typed: PaperForm | None = None,
    found: Sequence[FieldFault] = (),
    *,
    taken_back: WithdrawalForm | None = None,
    done: str = "",
) -> Response[Any]:
    with site_of(request).database.read() as tx:
        lines = history(tx, person.account_id)
        cases = withdrawal_queries.of_person(tx, person.account_id)
    standing = {line.purpose for line in lines if line.withdrawn_at is None}
    return page(
        request,
        "people/consent/desk_person.html",
        nav="desk",
        status=422 if found else 200,
        person=person,
        band=band(person.birth_date, today(request)),
        lines=lines,
        cases=cases,
        signed=[each for each in PURPOSES if each in standing],
        taken_back=taken_back or WithdrawalForm(),
        days=(earliest_day(today(request)), today(request)),
        done=done,
        **papers_of_person(request, _of(person), typed, found),
    )


def _of(person: PersonLine) -> Of:
    return Of(
        account_id=person.account_id,
        full_name=person.full_name,
        birth_date=person.birth_date,
        address=f"/dieu-hanh/nguoi/{person.ref}/dong-y?",
        at_desk=True,
    )


@post("/dieu-hanh/nguoi/{ref:str}/dong-y", opt={"action": "people.desk_consents"})
@in_thread
def change_persons_consents(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    """Records a paper or a withdrawal (`viec=rut`), adds a scan, or takes a record back."""
    with site_of(request).database.read() as tx:
        person = people.person_line(tx, ref)
    if form_of(request).text("viec", limit=20) == "rut":
        return _withdraw(request, person)
    return change_papers(request, _of(person), partial(_persons_page, request, person))


def _withdraw(request: AnyRequest, person: PersonLine) -> Response[Any]:
    site, form = site_of(request), form_of(request)
    sent = form.all("purposes")
    typed = WithdrawalForm(
        purposes=tuple(each for each in PURPOSES if each in sent),
        teller=form.text("teller", limit=20),
        way=form.text("way", limit=20),
    )
    found = []
    if not typed.purposes:
        found.append(FieldFault("withdraw", _NO_PURPOSE))
    if typed.teller not in TELLERS:
        found.append(FieldFault("teller", _NO_TELLER))
    if typed.way not in WAYS:
        found.append(FieldFault("way", _NO_WAY))
    if found:
        return _persons_page(request, person, None, found, taken_back=typed)
    with site.database.read() as tx:
        by = people.ref_of(tx, account_id_of(request))
    height = site.database.write(
        record_withdrawal,
        account_id=person.account_id,
        purposes=typed.purposes,
        teller=typed.teller,
        way=typed.way,
        by=by,
        now=context_of(request).received_at,
    )
    done = "da-rut" if height is not None else "khong-co"
    return redirect(f"/dieu-hanh/nguoi/{person.ref}/dong-y?xong={done}")


ROUTES = [persons_consents, change_persons_consents]
