"""Where one lives: asked when it is not known, or when one's ward has become another."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromQuery

from contest.infra.database import Tx
from contest.people import faults, homes, queries
from contest.people.faults import FieldFault, told
from contest.people.forms import OTHER_WARD
from contest.people.queries import AccountView
from contest.people.ward_options import ward_options
from contest.units import queries as units
from contest.units import successions, tree
from contest.units.pages import today
from contest.units.queries import UnitLine
from contest.units.successions import Successor
from contest.units.tree import DatedUnit
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect, safe_path
from contest.web.threads import in_thread

# The way from the successors that are offered to the list of all wards.
ANOTHER = "khac-nua"
_CHOOSE = "Hãy chọn phường hoặc xã nơi bạn ở; nếu ở nơi khác, chọn “Khác”."
_CHOOSE_ONE = "Hãy chọn nơi bạn ở bây giờ."
_TELL = "Hãy ghi nơi bạn ở, vì bạn đã chọn “Khác”."


class HomeForm(msgspec.Struct, frozen=True, kw_only=True):
    """
    What was chosen. `successor`: one of those offered, ANOTHER for the list of all, "" where
    nothing was offered. `ward`: of the list; `ward_other`: in words.
    """

    successor: str = ""
    ward: str = ""
    ward_other: str = ""


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is known of somebody's home. `old`: the ward that is one no longer; `offered`: those of
    today in which its people live, the likeliest first.
    """

    account: AccountView
    ward: str
    old: DatedUnit | None
    offered: list[Successor]
    wards: list[UnitLine]


@get("/noi-o", opt={"action": "people.change_home"})
@in_thread
def home_page(request: AnyRequest, tiep: FromQuery[str] = "") -> Response[Any]:
    with site_of(request).database.read() as tx:
        this = _home(tx, request)
    return _home_page(request, this, _as_kept(this), tiep=safe_path(tiep, ""))


def _home(tx: Tx, request: AnyRequest) -> Home:
    account, day = queries.account(tx, account_id_of(request)), today(request)
    kept = tree.dated_unit(tx, account.ward_id) if account.ward_id else None
    is_old = kept is not None and not kept.is_valid_on(day)
    offered = successions.became(tx, [kept.id], day)[kept.id] if kept and is_old else []
    return Home(
        account=account,
        ward=kept.name if kept and not is_old else account.ward_other,
        old=kept if is_old else None,
        offered=offered,
        wards=units.wards_on(tx, day),
    )


def _as_kept(this: Home) -> HomeForm:
    """A ward that was not divided is chosen already; of several nobody knows which."""
    if this.old is not None:
        only = this.offered[0] if len(this.offered) == 1 else None
        return HomeForm(successor=only.unit.id if only and only.is_sure else "")
    if this.account.ward_id:
        return HomeForm(ward=this.account.ward_id)
    other = this.account.ward_other
    return HomeForm(ward=OTHER_WARD if other else "", ward_other=other)


def _home_page(
    request: AnyRequest,
    this: Home,
    typed: HomeForm,
    *,
    tiep: str,
    found: Sequence[FieldFault] = (),
) -> Response[Any]:
    return page(
        request,
        "people/home.html",
        nav="account",
        status=422 if found else 200,
        this=this,
        typed=typed,
        ward_options=ward_options(request, this.wards),
        another=ANOTHER,
        tiep=tiep,
        faults=told(request, found) if found else faults.NONE,
    )


@post("/noi-o", opt={"action": "people.change_home"})
@in_thread
def change_home(request: AnyRequest) -> Response[Any]:
    """Keeps the home and goes on to where one came from."""
    site, form = site_of(request), form_of(request)
    tiep = safe_path(form.text("tiep"), "")
    typed = HomeForm(
        successor=form.text("successor", limit=30),
        ward=form.text("ward", limit=30),
        # Longer than may be kept, so that it is given back as it was typed.
        ward_other=form.text("ward_other", limit=4 * homes.LONGEST_OTHER),
    )
    with site.database.read() as tx:
        this = _home(tx, request)
    fault = _fault(this, typed)
    if fault is not None:
        return _home_page(request, this, typed, tiep=tiep, found=[fault])
    chosen = _chosen(this, typed)
    site.database.write(
        homes.change_home,
        account_id=this.account.id,
        ward_id=None if chosen == OTHER_WARD else chosen,
        ward_other=typed.ward_other if chosen == OTHER_WARD else "",
        by=this.account.ref,
        now=context_of(request).received_at,
    )
    return redirect(tiep or "/tai-khoan?xong=noi-o")


def _chosen(this: Home, typed: HomeForm) -> str:
    """The ward, or OTHER_WARD. Who is offered nothing, or wants another, chooses in the list."""
    is_offered = bool(this.offered) and typed.successor not in ("", ANOTHER)
    return typed.successor if is_offered else typed.ward


def _fault(this: Home, typed: HomeForm) -> FieldFault | None:
    # Something chosen in the list counts without the step before it: there may be no script.
    if this.offered and not typed.successor and not typed.ward:
        return FieldFault("successor", _CHOOSE_ONE)
    chosen = _chosen(this, typed)
    if chosen == OTHER_WARD:
        return None if typed.ward_other.strip() else FieldFault("ward_other", _TELL)
    if chosen in {each.id for each in this.wards}:
        return None
    is_offered = bool(this.offered) and typed.successor not in ("", ANOTHER)
    return FieldFault("successor", _CHOOSE_ONE) if is_offered else FieldFault("ward", _CHOOSE)


ROUTES = [home_page, change_home]
