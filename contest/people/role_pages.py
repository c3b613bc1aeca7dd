"""The organiser gives a role to a person, with the school or ward where it holds, and takes it."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from contest.access import Grant, Role, Scope
from contest.infra.database import Tx
from contest.people import commands, faults, queries
from contest.people.faults import FieldFault, told
from contest.people.sign_in.entering import sessions_of
from contest.units import queries as units
from contest.units.pages import today
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

# Organisers and operators are made by an operator, in the terminal.
GIVEN_AT_THE_DESK = (
    Role.TEACHER,
    Role.UNIT_OFFICER,
    Role.QUESTION_SETTER,
    Role.MODERATOR,
    Role.JUROR,
)
_NO_ROLE = "Hãy chọn một vai trò."
_NO_SCHOOL = "Không tìm thấy trường này. Hãy chọn một trường trong danh sách gợi ý."
_NO_UNIT = "Hãy chọn phường, xã hoặc ghi một trường có trong danh sách."


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A role that a person holds; `where`: the school's or unit's name, "" for the whole."""

    grant: Grant
    where: str


class Typed(msgspec.Struct, frozen=True):
    """The form as it was sent."""

    role: str = ""
    school: str = ""
    unit: str = ""


@get("/dieu-hanh/nguoi/{ref:str}/vai-tro", opt={"action": "people.grant_role"})
@in_thread
def roles_page(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    return _roles_page(request, ref)


def _roles_page(
    request: AnyRequest, ref: str, found: Sequence[FieldFault] = (), typed: Typed | None = None
) -> Response[Any]:
    with site_of(request).database.read() as tx:
        person = queries.person_line(tx, ref)
        account = queries.account(tx, person.account_id)
        held = [_held(tx, each) for each in queries.grants_of(tx, person.account_id)]
        wards = units.wards_on(tx, today(request))
    return page(
        request,
        "people/roles.html",
        nav="desk",
        status=422 if found else 200,
        person=person,
        held=held,
        roles_sleep=bool(held) and account.password_is_short,
        given=[each.value for each in GIVEN_AT_THE_DESK],
        wards=[{"value": each.id, "label": each.name} for each in wards],
        typed=typed or Typed(),
        faults=told(request, found) if found else faults.NONE,
    )


def _held(tx: Tx, grant: Grant) -> Held:
    where = units.unit_name(tx, grant.scope_ref) or units.school_name(tx, grant.scope_ref)
    return Held(grant=grant, where=where or grant.scope_ref)


@post("/dieu-hanh/nguoi/{ref:str}/vai-tro", opt={"action": "people.grant_role"})
@in_thread
def grant_persons_role(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    site, form = site_of(request), form_of(request)
    typed = Typed(form.text("role"), form.text("school", limit=200), form.text("unit", limit=30))
    with site.database.read() as tx:
        account_id = queries.account_id_by_ref(tx, ref)
        by = queries.ref_of(tx, account_id_of(request))
        understood = _understand(tx, request, typed)
    if isinstance(understood, FieldFault):
        return _roles_page(request, ref, [understood], typed)
    site.database.write(
        commands.grant_role,
        account_id=account_id,
        grant=understood,
        by=by,
        now=context_of(request).received_at,
    )
    sessions_of(request).forget_account(account_id)
    return redirect(f"/dieu-hanh/nguoi/{ref}/vai-tro")


def _understand(tx: Tx, request: AnyRequest, typed: Typed) -> Grant | FieldFault:
    role = next((each for each in GIVEN_AT_THE_DESK if each.value == typed.role), None)
    if role is None:
        return FieldFault("role", _NO_ROLE)
    if role not in (Role.TEACHER, Role.UNIT_OFFICER):
        return Grant(role, Scope.EDITION)
    if role is Role.UNIT_OFFICER and typed.unit:
        if not units.is_ward_on(tx, typed.unit, today(request)):
            return FieldFault("unit", _NO_UNIT)
        return Grant(role, Scope.UNIT, typed.unit)
    school_id = units.school_named(tx, typed.school) if typed.school else None
    if school_id is None:
        return FieldFault("school", _NO_SCHOOL if role is Role.TEACHER else _NO_UNIT)
    return Grant(role, Scope.UNIT, school_id)


@post("/dieu-hanh/nguoi/{ref:str}/vai-tro/thoi", opt={"action": "people.grant_role"})
@in_thread
def end_persons_role(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    """Takes back a role of those that are given here; another one is left as it is."""
    site, form = site_of(request), form_of(request)
    wanted = (form.text("role"), form.text("where", limit=64))
    with site.database.read() as tx:
        account_id = queries.account_id_by_ref(tx, ref)
        by = queries.ref_of(tx, account_id_of(request))
        held = queries.grants_of(tx, account_id)
    for grant in held:
        if grant.role in GIVEN_AT_THE_DESK and (grant.role.value, grant.scope_ref) == wanted:
            site.database.write(
                commands.end_role,
                account_id=account_id,
                grant=grant,
                by=by,
                now=context_of(request).received_at,
            )
    sessions_of(request).forget_account(account_id)
    return redirect(f"/dieu-hanh/nguoi/{ref}/vai-tro")


ROUTES = [roles_page, grant_persons_role, end_persons_role]
