"""One's own consents: what stands, the child's step, the parent's step on the same phone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Response, get, post
from litestar.params import FromQuery

from contest.infra.database import Tx
from contest.people import faults, queries
from contest.people.consent import PURPOSES, commands, links
from contest.people.consent.forms import (
    ParentForm,
    parent_faults,
    purpose_faults,
    read_parent,
    tick_fault,
    ticked_purposes,
)
from contest.people.consent.links import SentLink
from contest.people.consent.overview import Overview, overview
from contest.people.contacts import masked_email
from contest.people.faults import FieldFault, told
from contest.people.names import public_name
from contest.people.queries import AccountView
from contest.units.pages import today
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect, safe_path
from contest.web.threads import in_thread

_SAYS_DONE = {
    "em": "Đã ghi nhận điều em đồng ý.",
    "ky": "Đã ghi nhận sự đồng ý.",
    "rut": "Đã rút. Từ giờ không trang công khai nào dùng điều đó nữa; thứ hạng vẫn giữ nguyên.",
    "thu": "Thư đang trên đường tới hộp thư của cha mẹ. Hãy xem cả mục thư rác.",
}


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """The signed-in person with what they agreed to. `sent`: a link that waits for a parent."""

    account: AccountView
    consents: Overview
    sent: SentLink | None


def own(request: AnyRequest) -> Own:
    with site_of(request).database.read() as tx:
        return _own(tx, request, context_of(request).received_at)


def _own(tx: Tx, request: AnyRequest, now: datetime) -> Own:
    account = queries.account(tx, account_id_of(request))
    return Own(
        account=account,
        consents=overview(tx, account.id, account.birth_date, on=today(request)),
        sent=links.sent_link(tx, account.id, now),
    )


def onward(path: str, tiep: str, done: str = "") -> Response[Any]:
    """To a page of the consents, with where one wanted to go and what was just done."""
    parts = [f"tiep={quote(tiep)}"] if tiep else []
    parts += [f"xong={done}"] if done else []
    return redirect(path + (f"?{'&'.join(parts)}" if parts else ""))


@get("/dong-y", opt={"action": "people.own_consents"})
@in_thread
def own_consents(
    request: AnyRequest, tiep: FromQuery[str] = "", xong: FromQuery[str] = ""
) -> Response[Any]:
    """What I or my child agreed to, what is missing, and how to take it back."""
    return consents_page(request, own(request), tiep=safe_path(tiep, ""), done=xong)


def consents_page(
    request: AnyRequest,
    this: Own,
    *,
    tiep: str,
    done: str = "",
    ticked: Sequence[str] = (),
    email: str = "",
    found: Sequence[FieldFault] = (),
    status: int = 422,
) -> Response[Any]:
    """`ticked`, `email`: what was sent, after a fault."""
    return page(
        request,
        "people/consent/own.html",
        nav="account",
        status=status if found else 200,
        **_values(request, this, tiep, found),
        done=_SAYS_DONE.get(done),
        ticked=ticked,
        email=email,
        step=done,
    )


def _values(
    request: AnyRequest, this: Own, tiep: str, found: Sequence[FieldFault]
) -> dict[str, Any]:
    return {
        "account": this.account,
        "consents": this.consents,
        "public_name": public_name(this.account.full_name),
        "sent": this.sent,
        "sent_to": masked_email(this.sent.email) if this.sent else "",
        "link_days": links.LINK_DAYS,
        "tiep": tiep,
        "faults": told(request, found) if found else faults.NONE,
    }


@post("/dong-y", opt={"action": "people.sign_consent"})
@in_thread
def sign_consent(request: AnyRequest) -> Response[Any]:
    """Somebody of 16 or more signs alone under what they ticked."""
    form, this = form_of(request), own(request)
    tiep, ticked = safe_path(form.text("tiep"), ""), ticked_purposes(form)
    if this.consents.band != "self":
        return onward("/dong-y", tiep)
    found = purpose_faults(ticked, takes_part=this.consents.takes_part)
    if found:
        return consents_page(request, this, tiep=tiep, ticked=ticked, found=found)
    _sign_oneself(request, this, ticked)
    return redirect(tiep) if tiep else onward("/dong-y", "", "ky")


def _sign_oneself(request: AnyRequest, this: Own, purposes: Sequence[str]) -> None:
    site_of(request).database.write(
        commands.sign,
        account_id=this.account.id,
        purposes=purposes,
        by=this.account.ref,
        now=context_of(request).received_at,
    )


@get("/dong-y/em", opt={"action": "people.own_consents"})
@in_thread
def child_page(request: AnyRequest, tiep: FromQuery[str] = "") -> Response[Any]:
    """The child's own step, from 7 to 15, in words for a child."""
    this, onto = own(request), safe_path(tiep, "")
    if this.consents.band != "both":
        return onward("/dong-y", onto)
    return _child_page(request, this, onto)


def _child_page(
    request: AnyRequest,
    this: Own,
    tiep: str,
    ticked: Sequence[str] = (),
    found: Sequence[FieldFault] = (),
) -> Response[Any]:
    return page(
        request,
        "people/consent/child.html",
        nav="account",
        status=422 if found else 200,
        **_values(request, this, tiep, found),
        ticked=ticked,
    )


@post("/dong-y/em", opt={"action": "people.sign_consent"})
@in_thread
def sign_as_child(request: AnyRequest) -> Response[Any]:
    """What the child ticked is signed; then the phone goes to a parent."""
    form, this = form_of(request), own(request)
    tiep, ticked = safe_path(form.text("tiep"), ""), ticked_purposes(form)
    if this.consents.band != "both":
        return onward("/dong-y", tiep)
    has_signed = this.consents.purposes[0].own is not None
    found = purpose_faults(ticked, takes_part=has_signed)
    if found:
        return _child_page(request, this, tiep, ticked, found)
    _sign_oneself(request, this, ticked)
    is_next = this.consents.purposes[0].representative is None
    return onward("/dong-y/phu-huynh" if is_next else "/dong-y", tiep, "em")


@get("/dong-y/phu-huynh", opt={"action": "people.own_consents"})
@in_thread
def parent_page(
    request: AnyRequest, tiep: FromQuery[str] = "", xong: FromQuery[str] = ""
) -> Response[Any]:
    """The parent's step on the same phone."""
    this, onto = own(request), safe_path(tiep, "")
    step = this.consents.next
    if step == "child":
        return onward("/dong-y/em", onto)
    if step != "representative":
        return onward("/dong-y", onto)
    return _parent_page(request, this, onto, ParentForm(), done=xong)


def _parent_page(
    request: AnyRequest,
    this: Own,
    tiep: str,
    typed: ParentForm,
    found: Sequence[FieldFault] = (),
    *,
    done: str = "",
) -> Response[Any]:
    return page(
        request,
        "people/consent/parent.html",
        nav="account",
        status=422 if found else 200,
        **_values(request, this, tiep, found),
        done=_SAYS_DONE.get(done),
        typed=typed,
    )


@post("/dong-y/phu-huynh", opt={"action": "people.sign_consent"})
@in_thread
def sign_as_parent(request: AnyRequest) -> Response[Any]:
    """On the same phone only that the child takes part; the rest needs the parent's own contact."""
    form, this = form_of(request), own(request)
    tiep, typed = safe_path(form.text("tiep"), ""), read_parent(form)
    step = this.consents.next
    if step == "child":
        return onward("/dong-y/em", tiep)
    if step != "representative":  # a second press, or somebody of 16
        return onward("/dong-y", tiep)
    found = [*parent_faults(typed, this.account.full_name), *tick_fault(typed)]
    if found:
        return _parent_page(request, this, tiep, typed, found)
    site = site_of(request)
    site.database.write(
        links.sign_on_same_phone,
        account_id=this.account.id,
        full_name=typed.full_name,
        relation=typed.relation,
        by=this.account.ref,
        chance=site.chance,
        now=context_of(request).received_at,
    )
    return onward("/dong-y", tiep, "ky")


@post("/dong-y/rut", opt={"action": "people.withdraw_consent"})
@in_thread
def withdraw_consent(request: AnyRequest) -> Response[Any]:
    """Takes back one purpose; taking part takes back all. Twice is once."""
    form, this = form_of(request), own(request)
    tiep, purpose = safe_path(form.text("tiep"), ""), form.text("purpose")
    if purpose not in PURPOSES:
        return onward("/dong-y", tiep)
    site_of(request).database.write(
        commands.withdraw,
        account_id=this.account.id,
        purposes=[purpose],
        by=this.account.ref,
        now=context_of(request).received_at,
    )
    return onward("/dong-y", tiep, "rut")


ROUTES = [
    own_consents,
    sign_consent,
    child_page,
    sign_as_child,
    parent_page,
    sign_as_parent,
    withdraw_consent,
]
