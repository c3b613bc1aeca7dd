from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.params import FromQuery

from contest.infra.chance import grouped
from contest.people import commands, faults, queries, shown_once
from contest.people.asking import ask
from contest.people.consent.machine import band
from contest.people.faults import FieldFault, told
from contest.people.forms import (
    Registration,
    RegistrationForm,
    read_registration,
    understand,
)
from contest.people.password_policy import is_short_for_staff
from contest.people.sign_in import limits
from contest.people.sign_in.commands import count_try
from contest.people.sign_in.entering import start_session
from contest.people.tokens import digest, new_form_key, new_recovery_code
from contest.people.ward_options import ward_options
from contest.units import queries as units
from contest.units.pages import today
from contest.units.queries import UnitLine
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect, safe_path
from contest.web.threads import in_thread


@get("/dang-ky", opt={"action": "people.register"})
@in_thread
def register_page(request: AnyRequest, tiep: FromQuery[str] = "") -> Response[Any]:
    if context_of(request).actor.is_signed_in:
        return redirect(safe_path(tiep, "/tai-khoan"))
    site = site_of(request)
    with site.database.read() as tx:
        wards = units.wards_on(tx, today(request))
    typed = RegistrationForm(form_key=new_form_key(site.chance), next_path=safe_path(tiep))
    return _register_page(request, typed, wards)


def _register_page(
    request: AnyRequest,
    typed: RegistrationForm,
    wards: Sequence[UnitLine],
    found: Sequence[FieldFault] = (),
) -> Response[Any]:
    return page(
        request,
        "people/register.html",
        status=422 if found else 200,
        typed=typed,
        ward_options=ward_options(request, wards),
        faults=told(request, found) if found else faults.NONE,
    )


@post("/dang-ky", opt={"action": "people.register"})
async def register(request: AnyRequest) -> Response[Any]:
    """Makes the account, signs in, and goes on to the page with the two codes."""
    site, form = site_of(request), form_of(request)
    if context_of(request).actor.is_signed_in:
        return redirect("/tai-khoan")
    typed = read_registration(form, next_path=safe_path(form.text("tiep")))
    day = today(request)
    wards = await ask(site.database, units.wards_on, day)
    understood = understand(
        typed, form.secret("password"), wards={ward.id for ward in wards}, today=day
    )
    if isinstance(understood, list):
        return _register_page(request, typed, wards, understood)
    return await _make_account(request, typed, understood)


async def _make_account(
    request: AnyRequest, typed: RegistrationForm, understood: Registration
) -> Response[Any]:
    site, context = site_of(request), context_of(request)
    of_block = limits.of_block(context.client_address, "register")
    await site.database.write_async(count_try, limits=[of_block], now=context.received_at)
    school_id = await ask(site.database, units.school_named, understood.school)
    password_hash = await site.passwords.hash_async(understood.password)
    recovery_code = new_recovery_code(site.chance)
    made = await site.database.write_async(
        commands.register_account,
        full_name=understood.full_name,
        birth_date=understood.birth_date,
        language=context.lang,
        email=understood.email,
        phone=understood.phone,
        ward_id=understood.ward_id,
        ward_other=understood.ward_other,
        school_id=school_id,
        school_other="" if school_id else understood.school,
        password_hash=password_hash,
        password_is_short=is_short_for_staff(understood.password),
        recovery_hash=digest(recovery_code),
        shows_name=understood.shows_name,
        # Bound to the visitor: on a shared computer the next person's form is another.
        form_key=digest(f"{context.visitor_token}.{typed.form_key}"),
        chance=site.chance,
        now=context.received_at,
    )
    session_id = await start_session(request, made.account_id)
    shown_once.keep(request, shown_once.RECOVERY, made.ref, recovery_code, session_id=session_id)
    onward = typed.next_path
    if band(understood.birth_date, today(request)) != "self":
        # The consents first: without a parent's the account takes part in nothing.
        onward = f"/dong-y?tiep={quote(onward)}" if onward != "/" else "/dong-y"
    return redirect(f"/dang-ky/xong?tiep={quote(onward)}")


@get("/dang-ky/xong", opt={"action": "people.account"})
@in_thread
def registered_page(request: AnyRequest, tiep: FromQuery[str] = "") -> Response[Any]:
    """The sign-in code, and the recovery code once, to write down, copy or print."""
    with site_of(request).database.read() as tx:
        account = queries.account(tx, account_id_of(request))
    kept = shown_once.read(request, shown_once.RECOVERY)
    is_own = kept is not None and kept.subject == account.ref
    return page(
        request,
        "people/registered.html",
        nav="account",
        full_name=account.full_name,
        code=grouped(account.code),
        recovery_code=grouped(kept.code) if kept and is_own else None,
        next_path=safe_path(tiep),
        who_signs=band(account.birth_date, today(request)),
    )


@post("/dang-ky/xong", opt={"action": "people.account"})
async def codes_written_down(request: AnyRequest) -> Response[Any]:
    """The person has the codes: they are not shown again."""
    shown_once.drop(request)
    return redirect(safe_path(form_of(request).text("tiep")))


ROUTES = [register_page, register, registered_page, codes_written_down]
