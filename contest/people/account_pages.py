from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post

from contest.infra.chance import grouped
from contest.people import faults, password_policy, queries, shown_once
from contest.people.asking import ask
from contest.people.consent.commands import set_name_on_boards
from contest.people.consent.machine import band
from contest.people.faults import FieldFault, password_fault, told
from contest.people.recovery.commands import renew_recovery_code
from contest.people.sign_in import limits
from contest.people.sign_in.commands import change_password, count_try, give_back
from contest.people.sign_in.entering import sessions_of
from contest.people.sign_in.queries import password_hash_of
from contest.people.tokens import digest, new_recovery_code
from contest.units.pages import today
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

_WRONG_PASSWORD = "Mật khẩu đang dùng chưa đúng."


@post("/tai-khoan/ten", opt={"action": "people.change_public_name"})
@in_thread
def change_public_name(request: AnyRequest) -> Response[Any]:
    """The consent to a name on boards, given or withdrawn."""
    site, account_id = site_of(request), account_id_of(request)
    shown = form_of(request).text("shown") == "1"
    with site.database.read() as tx:
        account = queries.account(tx, account_id)
    # A child's consents need a parent too: this switch is no way around them.
    if not shown or band(account.birth_date, today(request)) == "self":
        site.database.write(
            set_name_on_boards,
            account_id=account_id,
            shown=shown,
            by=account.ref,
            now=context_of(request).received_at,
        )
    return redirect(f"/tai-khoan?xong={'hien-ten' if shown else 'an-ten'}")


@get("/tai-khoan/mat-khau", opt={"action": "people.change_password"})
@in_thread
def password_page(request: AnyRequest) -> Response[Any]:
    return _password_page(request)


def _password_page(request: AnyRequest, found: Sequence[FieldFault] = ()) -> Response[Any]:
    return page(
        request,
        "people/change_password.html",
        nav="account",
        code=_sign_in_code(request),
        status=422 if found else 200,
        faults=told(request, found) if found else faults.NONE,
    )


@post("/tai-khoan/mat-khau", opt={"action": "people.change_password"})
async def change_own_password(request: AnyRequest) -> Response[Any]:
    """Asks for the present password, sets the new one, ends the sessions elsewhere."""
    site, context, form = site_of(request), context_of(request), form_of(request)
    account_id = account_id_of(request)
    account = await ask(site.database, queries.account, account_id)
    grants = await ask(site.database, queries.grants_of, account_id)
    staff = password_policy.is_staff(grant.role for grant in grants)
    new = password_policy.normalised(form.secret("new_password"))
    found = []
    fault = password_policy.find_fault(
        new,
        staff=staff,
        personal=password_policy.personal_texts(
            account.full_name, account.birth_date, account.email, account.phone
        ),
    )
    if fault is not None:
        found.append(password_fault("new_password", fault, staff=staff))
    if not await is_own_password(request, form.secret("password")):
        found.insert(0, FieldFault("password", _WRONG_PASSWORD))
    if found:
        return _password_page(request, found)
    session = context.session
    await site.database.write_async(
        change_password,
        account_id=account_id,
        password_hash=await site.passwords.hash_async(new),
        password_is_short=password_policy.is_short_for_staff(new),
        keep_session=session.id if session else None,
    )
    sessions_of(request).forget_account(account_id)
    return redirect("/tai-khoan?xong=mat-khau")


@get("/tai-khoan/ma-khoi-phuc", opt={"action": "people.renew_recovery_code"})
@in_thread
def recovery_code_page(request: AnyRequest) -> Response[Any]:
    """The new code right after it was made, else the form that makes one."""
    return _recovery_code_page(request)


def _recovery_code_page(request: AnyRequest, found: Sequence[FieldFault] = ()) -> Response[Any]:
    kept = shown_once.read(request, shown_once.RECOVERY) if not found else None
    return page(
        request,
        "people/recovery_code.html",
        nav="account",
        sign_in_code=_sign_in_code(request),
        status=422 if found else 200,
        recovery_code=grouped(kept.code) if kept else None,
        faults=told(request, found) if found else faults.NONE,
    )


@post("/tai-khoan/ma-khoi-phuc", opt={"action": "people.renew_recovery_code"})
async def make_recovery_code(request: AnyRequest) -> Response[Any]:
    """A new recovery code; the old one stops working. Asks for the password first."""
    site, context = site_of(request), context_of(request)
    account_id = account_id_of(request)
    if not await is_own_password(request, form_of(request).secret("password")):
        return _recovery_code_page(request, [FieldFault("password", _WRONG_PASSWORD)])
    code = new_recovery_code(site.chance)
    ref = await ask(site.database, queries.ref_of, account_id)
    await site.database.write_async(
        renew_recovery_code, account_id=account_id, recovery_hash=digest(code)
    )
    assert context.session is not None
    shown_once.keep(request, shown_once.RECOVERY, ref, code, session_id=context.session.id)
    return redirect("/tai-khoan/ma-khoi-phuc")


def _sign_in_code(request: AnyRequest) -> str:
    session = context_of(request).session
    return session.account_code if session else ""


async def is_own_password(request: AnyRequest, password: str) -> bool:
    """An open session on a borrowed phone must not be enough to take the account over."""
    site, account_id = site_of(request), account_id_of(request)
    limit = limits.of_account(account_id)
    now = context_of(request).received_at
    await site.database.write_async(count_try, limits=[limit], now=now)
    stored = await ask(site.database, password_hash_of, account_id)
    right = await site.passwords.verify_async(stored, password_policy.normalised(password))
    if right:
        await site.database.write_async(give_back, forget=[limit])
    return right


ROUTES = [
    change_public_name,
    password_page,
    change_own_password,
    recovery_code_page,
    make_recovery_code,
]
