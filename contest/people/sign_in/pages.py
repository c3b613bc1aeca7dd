from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery

from contest.infra import metrics
from contest.infra.chance import grouped
from contest.infra.passwords import Passwords
from contest.people import faults
from contest.people.asking import ask
from contest.people.contacts import identify
from contest.people.faults import FieldFault, told
from contest.people.password_policy import normalised
from contest.people.sign_in import chooser, commands, limits, queries
from contest.people.sign_in.entering import drop_session_cookie, sessions_of, start_session
from contest.people.sign_in.queries import Candidate
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect, safe_path

_WRONG = (
    "Mật khẩu không khớp với mã đăng nhập, số điện thoại hoặc thư điện tử này. "
    "Hãy kiểm tra lại cả hai; nếu nhiều người dùng chung một số, hãy dùng mã đăng nhập."
)
_CHOICE_OVER = "Đã quá 5 phút nên trang chọn người không còn dùng được. Hãy đăng nhập lại."


@get("/dang-nhap", opt={"action": "people.sign_in"})
async def sign_in_page(request: AnyRequest, tiep: FromQuery[str] = "") -> Response[Any]:
    if context_of(request).actor.is_signed_in:
        return redirect(safe_path(tiep))
    return _sign_in_page(request, who="", next_path=tiep)


def _sign_in_page(
    request: AnyRequest,
    *,
    who: str,
    next_path: str,
    shared_device: bool = False,
    found: Sequence[FieldFault] = (),
) -> Response[Any]:
    return page(
        request,
        "people/sign_in.html",
        status=422 if found else 200,
        who=who,
        next_path=safe_path(next_path),
        shared_device=shared_device,
        faults=told(request, found) if found else faults.NONE,
    )


@post("/dang-nhap", opt={"action": "people.sign_in"})
async def sign_in(request: AnyRequest) -> Response[Any]:
    """By code, e-mail or telephone, and the password. Where several match, one chooses."""
    site, context, form = site_of(request), context_of(request), form_of(request)
    who, next_path = form.text("who", limit=254), safe_path(form.text("tiep"))
    password, shared_device = form.secret("password"), form.ticked("shared_device")
    missing = [
        FieldFault(field, text)
        for field, text, is_there in (
            ("who", "Hãy ghi mã đăng nhập, số điện thoại hoặc thư điện tử.", bool(who)),
            ("password", "Hãy ghi mật khẩu.", bool(password)),
        )
        if not is_there
    ]
    if missing:
        return _sign_in_page(
            request, who=who, next_path=next_path, shared_device=shared_device, found=missing
        )
    identifier = identify(who)
    of_one = limits.of_identifier(identifier, who)
    of_block = limits.of_block(context.client_address)
    await site.database.write_async(
        commands.count_try, limits=[of_one, of_block], now=context.received_at
    )
    candidates = await ask(site.database, queries.candidates, identifier)
    matching = await _with_password(site.passwords, candidates, password)
    if not matching:
        metrics.SIGN_INS.labels("refused").inc()
        return _sign_in_page(
            request,
            who=who,
            next_path=next_path,
            shared_device=shared_device,
            found=[FieldFault("who", _WRONG)],
        )
    if len(matching) > 1:
        await site.database.write_async(commands.give_back, forget=[of_one], one_of=[of_block])
        return _chooser_page(request, matching, next_path, shared_device)
    await start_session(
        request,
        matching[0].account_id,
        shared_device=shared_device,
        forget=[of_one],
        one_of=[of_block],
    )
    return redirect(next_path)


async def _with_password(
    passwords: Passwords, candidates: Sequence[Candidate], password: str
) -> list[Candidate]:
    """Those whose password it is. Where nobody is meant, one decoy costs the time of one."""
    if not candidates:
        await passwords.verify_async(None, normalised(password))
    return [
        each
        for each in candidates
        if await passwords.verify_async(each.password_hash, normalised(password))
    ]


def _chooser_page(
    request: AnyRequest, matching: Sequence[Candidate], next_path: str, shared_device: bool
) -> Response[Any]:
    site, context = site_of(request), context_of(request)
    token = chooser.seal_choice(
        site.settings.secret_key,
        context.visitor_token,
        [each.ref for each in matching],
        shared_device=shared_device,
        now=context.received_at,
    )
    people = [
        {"ref": each.ref, "name": each.full_name, "code": grouped(each.code)} for each in matching
    ]
    return page(
        request, "people/choose_account.html", people=people, token=token, next_path=next_path
    )


@post("/dang-nhap/chon", opt={"action": "people.sign_in"})
async def choose_account(request: AnyRequest) -> Response[Any]:
    """After a password that several people of one contact share."""
    site, context, form = site_of(request), context_of(request), form_of(request)
    next_path, ref = safe_path(form.text("tiep")), form.text("person")
    choice = chooser.open_choice(
        site.settings.secret_key,
        context.visitor_token,
        form.text("token", limit=1000),
        now=context.received_at,
    )
    if choice is None or ref not in choice.refs:
        return _sign_in_page(
            request, who="", next_path=next_path, found=[FieldFault("", _CHOICE_OVER)]
        )
    found = await ask(site.database, queries.candidates_by_ref, [ref])
    await start_session(request, found[0].account_id, shared_device=choice.shared_device)
    return redirect(next_path)


@post("/dang-xuat", opt={"action": "people.sign_out"})
async def sign_out(request: AnyRequest) -> Response[Any]:
    """Ends the session of this browser."""
    session = context_of(request).session
    if session is not None:
        await site_of(request).database.write_async(commands.end_session, session_id=session.id)
        sessions_of(request).forget(session.id)
    drop_session_cookie(request)
    return redirect("/")


@post("/dang-xuat-moi-noi", opt={"action": "people.sign_out_everywhere"})
async def sign_out_everywhere(request: AnyRequest) -> Response[Any]:
    """Ends every session of the account, this one too."""
    account_id = account_id_of(request)
    await site_of(request).database.write_async(commands.end_all_sessions, account_id=account_id)
    sessions_of(request).forget_account(account_id)
    drop_session_cookie(request)
    return redirect("/dang-nhap")


ROUTES = [sign_in_page, sign_in, choose_account, sign_out, sign_out_everywhere]
