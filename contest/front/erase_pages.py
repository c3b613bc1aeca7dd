"""Erasing one's account: what goes and what stays, then the password or a word, then it is gone."""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from litestar import Response, get, post

from contest.errors import Conflict
from contest.front.erasing import erase_account
from contest.infra.database import Tx
from contest.people import faults, queries
from contest.people.account_pages import is_own_password
from contest.people.asking import ask
from contest.people.consent.machine import Band, band
from contest.people.faults import FieldFault, told
from contest.people.queries import AccountView
from contest.people.sign_in.entering import drop_session_cookie, sessions_of
from contest.quiz.queries import has_unsubmitted
from contest.units.pages import today
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.i18n import without_tones
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

_NOT_TICKED = "Hãy đánh dấu vào ô nếu bạn chắc chắn muốn xóa."
_WRONG_PASSWORD = "Mật khẩu chưa đúng."
_WRONG_WORD = "Hãy gõ chữ XÓA vào ô."
# As people type it, in either language.
_WORDS = frozenset({"xoa", "erase"})

# Why an account cannot be erased now, "" where it can.
Obstacle = Literal["", "erase-with-roles", "erase-while-running"]


class Erasable(msgspec.Struct, frozen=True, kw_only=True):
    """The account, who may decide about it, and what stands in the way."""

    account: AccountView
    band: Band
    obstacle: Obstacle


@get("/tai-khoan/xoa", opt={"action": "people.erase_account"})
@in_thread
def erase_page(request: AnyRequest) -> Response[Any]:
    return _erase_page(request, _read(request))


def _read(request: AnyRequest) -> Erasable:
    with site_of(request).database.read() as tx:
        return _erasable(tx, request)


def _erasable(tx: Tx, request: AnyRequest) -> Erasable:
    account = queries.account(tx, account_id_of(request))
    obstacle: Obstacle = ""
    if queries.grants_of(tx, account.id):
        obstacle = "erase-with-roles"
    elif has_unsubmitted(tx, account.id):
        obstacle = "erase-while-running"
    return Erasable(
        account=account, band=band(account.birth_date, today(request)), obstacle=obstacle
    )


def _erase_page(
    request: AnyRequest, this: Erasable, found: Sequence[FieldFault] = (), *, status: int = 200
) -> Response[Any]:
    return page(
        request,
        "front/erase.html",
        nav="account",
        status=422 if found else status,
        this=this,
        ticked=form_of(request).ticked("sure"),
        faults=told(request, found) if found else faults.NONE,
    )


@post("/tai-khoan/xoa", opt={"action": "people.erase_account"})
async def erase(request: AnyRequest) -> Response[Any]:
    """Erases it for good and signs out everywhere; the page that follows says that it is done."""
    site, form, account_id = site_of(request), form_of(request), account_id_of(request)
    this = await ask(site.database, _erasable, request)
    if this.obstacle:
        return _erase_page(request, this, status=409)
    found = []
    if this.account.has_password:
        if not await is_own_password(request, form.secret("password")):
            found.append(FieldFault("password", _WRONG_PASSWORD))
    elif without_tones(form.text("word", limit=20)) not in _WORDS:
        found.append(FieldFault("word", _WRONG_WORD))
    if not form.ticked("sure"):
        found.append(FieldFault("sure", _NOT_TICKED))
    if found:
        return _erase_page(request, this, found)
    try:
        await site.database.write_async(
            erase_account,
            account_id=account_id,
            by=this.account.ref,
            chance=site.chance,
            now=context_of(request).received_at,
        )
    except Conflict:
        # Between the look and the press an attempt was begun, or a role given.
        return _erase_page(request, await ask(site.database, _erasable, request), status=409)
    sessions_of(request).forget_account(account_id)
    drop_session_cookie(request)
    return redirect("/du-lieu-ca-nhan?xong=xoa")


ROUTES = [erase_page, erase]
