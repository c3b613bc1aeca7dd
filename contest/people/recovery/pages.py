from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.params import FromPath

from contest.infra.chance import ungrouped
from contest.people import faults, password_policy, shown_once
from contest.people.asking import ask
from contest.people.contacts import normal_email
from contest.people.faults import FieldFault, password_fault, told
from contest.people.queries import ref_of
from contest.people.recovery import commands, queries
from contest.people.recovery.commands import Link
from contest.people.recovery.queries import WayIn
from contest.people.sign_in import limits
from contest.people.sign_in.commands import count_try
from contest.people.sign_in.entering import sessions_of, start_session
from contest.people.tokens import digest, new_link_token, new_recovery_code
from contest.web.context import AnyRequest, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

_NO_CODE = "Không có mã này, hoặc mã đã được dùng hay đã hết hạn. Hãy so lại từng chữ với tờ giấy."
_NO_EMAIL = "Hãy ghi thư điện tử bạn đã dùng khi đăng ký, ví dụ hoa@example.vn."


@get("/quen-mat-khau", opt={"action": "people.recover"})
async def forgotten_page(request: AnyRequest) -> Response[Any]:
    """The three ways back in."""
    return _forgotten_page(request)


def _forgotten_page(
    request: AnyRequest, email: str = "", found: Sequence[FieldFault] = ()
) -> Response[Any]:
    return page(
        request,
        "people/forgotten.html",
        status=422 if found else 200,
        email=email,
        faults=told(request, found) if found else faults.NONE,
    )


@post("/quen-mat-khau", opt={"action": "people.recover"})
async def ask_for_letter(request: AnyRequest) -> Response[Any]:
    """
    The same answer at the same time, whether somebody has this address or nobody.

    So the letter is written after the answer is out. Whom it is for is looked up only then.
    """
    site, context = site_of(request), context_of(request)
    typed = form_of(request).text("email", limit=254)
    email = normal_email(typed)
    if email is None:
        return _forgotten_page(request, typed, [FieldFault("email", _NO_EMAIL)])
    asked = [limits.of_letters(email), limits.of_block(context.client_address, "letter")]
    await site.database.write_async(count_try, limits=asked, now=context.received_at)
    answer = redirect("/quen-mat-khau/da-gui")
    answer.background = BackgroundTask(_write_letter, request, email)
    return answer


def _write_letter(request: AnyRequest, email: str) -> None:
    site, context = site_of(request), context_of(request)
    with site.database.read() as tx:
        people = queries.accounts_with_email(tx, email)
    if not people:
        return
    tokens = [new_link_token(site.chance) for _ in people]
    values = {
        "people": [
            {
                "name": person.full_name,
                "code": person.code,
                "link": f"{site.settings.public_url}/dat-lai-mat-khau/{token}",
            }
            for person, token in zip(people, tokens, strict=True)
        ]
    }
    # One letter for all who share the address; where they read differently, as whoever asked does.
    languages = {person.language for person in people}
    lang = languages.pop() if len(languages) == 1 else context.lang
    site.database.write(
        commands.start_password_reset,
        email=email,
        links=[
            Link(person.account_id, digest(token))
            for person, token in zip(people, tokens, strict=True)
        ],
        subject=_letter(request, "subject.txt", lang, values),
        body=_letter(request, "body.txt", lang, values),
        now=context.received_at,
    )


def _letter(request: AnyRequest, name: str, lang: str, values: dict[str, Any]) -> str:
    path = f"mail/people/password_reset/{name}"
    return site_of(request).templates.text(lang, path, values).strip()


@get("/quen-mat-khau/da-gui", opt={"action": "people.recover"})
async def letter_sent_page(request: AnyRequest) -> Response[Any]:
    return page(request, "people/letter_sent.html")


@get("/dat-lai-mat-khau/{token:str}", opt={"action": "people.recover"})
@in_thread
def reset_page(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Opening the link uses nothing up: mail programs open links by themselves."""
    with site_of(request).database.read() as tx:
        way_in = queries.way_in_by_link(tx, digest(token), context_of(request).received_at)
    return _reset_page(request, token, way_in)


def _reset_page(
    request: AnyRequest, token: str, way_in: WayIn | None, found: Sequence[FieldFault] = ()
) -> Response[Any]:
    if way_in is None:
        return page(request, "people/reset_over.html", status=404)
    return page(
        request,
        "people/reset_password.html",
        status=422 if found else 200,
        token=token,
        full_name=way_in.full_name,
        code=way_in.code,
        faults=told(request, found) if found else faults.NONE,
    )


@post("/dat-lai-mat-khau/{token:str}", opt={"action": "people.recover"})
async def reset_password(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    site, now = site_of(request), context_of(request).received_at
    way_in = await ask(site.database, queries.way_in_by_link, digest(token), now)
    new = password_policy.normalised(form_of(request).secret("new_password"))
    found = _password_faults(new, way_in)
    if way_in is None or found:
        return _reset_page(request, token, way_in, found)
    account_id = await site.database.write_async(
        commands.use_password_reset,
        token_digest=digest(token),
        password_hash=await site.passwords.hash_async(new),
        password_is_short=password_policy.is_short_for_staff(new),
        now=now,
    )
    if account_id is None:  # used by somebody else's click in between
        return _reset_page(request, token, None)
    sessions_of(request).forget_account(account_id)
    await start_session(request, account_id)
    return redirect("/tai-khoan?xong=mat-khau")


@get("/khoi-phuc", opt={"action": "people.recover"})
async def recover_page(request: AnyRequest) -> Response[Any]:
    """A recovery code or a code of the desk, and a new password."""
    return _recover_page(request)


def _recover_page(
    request: AnyRequest, code: str = "", found: Sequence[FieldFault] = ()
) -> Response[Any]:
    return page(
        request,
        "people/recover.html",
        status=422 if found else 200,
        code=code,
        faults=told(request, found) if found else faults.NONE,
    )


@post("/khoi-phuc", opt={"action": "people.recover"})
async def recover(request: AnyRequest) -> Response[Any]:
    """Sets the password, signs in, and shows the new recovery code."""
    site, context, form = site_of(request), context_of(request), form_of(request)
    now, typed = context.received_at, form.text("code", limit=60)
    of_block = limits.of_block(context.client_address, "recover")
    await site.database.write_async(count_try, limits=[of_block], now=now)
    code_digest = digest(ungrouped(typed))
    way_in = await ask(site.database, queries.way_in_by_code, code_digest, now)
    new = password_policy.normalised(form.secret("new_password"))
    found = _password_faults(new, way_in)
    if way_in is None:
        found.insert(0, FieldFault("code", _NO_CODE))
    if found:
        return _recover_page(request, typed, found)
    recovery_code = new_recovery_code(site.chance)
    account_id = await site.database.write_async(
        commands.use_recovery_code,
        code_digest=code_digest,
        password_hash=await site.passwords.hash_async(new),
        password_is_short=password_policy.is_short_for_staff(new),
        new_recovery_hash=digest(recovery_code),
        now=now,
    )
    if account_id is None:  # used in between
        return _recover_page(request, typed, [FieldFault("code", _NO_CODE)])
    sessions_of(request).forget_account(account_id)
    session_id = await start_session(request, account_id, one_of=[of_block])
    ref = await ask(site.database, ref_of, account_id)
    shown_once.keep(request, shown_once.RECOVERY, ref, recovery_code, session_id=session_id)
    return redirect("/tai-khoan/ma-khoi-phuc")


def _password_faults(new: str, way_in: WayIn | None) -> list[FieldFault]:
    staff = way_in is not None and way_in.is_staff
    personal = (
        password_policy.personal_texts(
            way_in.full_name, way_in.birth_date, way_in.email, way_in.phone
        )
        if way_in
        else []
    )
    fault = password_policy.find_fault(new, staff=staff, personal=personal)
    return [password_fault("new_password", fault, staff=staff)] if fault else []


ROUTES = [
    forgotten_page,
    ask_for_letter,
    letter_sent_page,
    reset_page,
    reset_password,
    recover_page,
    recover,
]
