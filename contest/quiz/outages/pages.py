"""The organiser gives time back: after an outage of ours, or to everybody by a later close.

Each page works in two steps: the form shows what would happen, and a second button does it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from contest.editions.extensions import extensions_of_edition, is_published
from contest.editions.queries import RoundView, round_by_slugs
from contest.errors import Conflict, Invalid
from contest.infra.database import Tx
from contest.people import faults
from contest.people import queries as people
from contest.people.faults import FieldFault, told
from contest.quiz import timing
from contest.quiz.outages import commands, extending
from contest.quiz.outages.commands import OutagePlan
from contest.quiz.outages.extending import PlannedExtension
from contest.quiz.outages.moments import read_moment, write_moment
from contest.quiz.outages.planning import AFTERMATH
from contest.quiz.outages.queries import outages_of_round
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

_ADDRESS = "/dieu-hanh/vong/{edition_slug:str}/{slug:str}"
_TYPED_AT_MOST = 2000


def _(message: str) -> str:
    """Marks a text for translation."""
    return message


_WORDS = {
    "no-moment": _("Hãy ghi đủ ngày và giờ, ví dụ 29/11/2026 20:15."),
    "outage-length": _("Lúc có lại phải sau lúc bắt đầu sự cố."),
    "outage-not-over": _("Lúc này chưa tới: hãy đợi sự cố qua hẳn rồi mới bù giờ."),
    "outage-overlaps": _("Khoảng này trùng với một sự cố đã bù giờ; mỗi phút chỉ bù một lần."),
    "reopen-over": _("Hạn làm lại phải sau lúc này."),
    "reopen-needed": _("Có bài phải làm lại: hãy ghi được bắt đầu làm lại tới lúc nào."),
    "reason-needed": _("Hãy ghi lý do bằng 10 đến 500 ký tự; ai cũng đọc được."),
    "close-not-later": _("Giờ đóng mới phải sau giờ đóng hiện nay."),
    "close-over": _("Giờ này đã qua. Hãy chọn một giờ còn ở phía trước."),
    "close-after-next-round": _("Vòng này phải đóng trước khi vòng sau mở. Hãy chọn giờ sớm hơn."),
}


class OutageForm(msgspec.Struct, frozen=True, kw_only=True):
    """The form as typed."""

    began_at: str = ""
    ended_at: str = ""
    reopen_until: str = ""
    reason: str = ""


class ExtensionForm(msgspec.Struct, frozen=True, kw_only=True):
    """The form as typed."""

    closes_at: str = ""
    reason: str = ""


def _round_to_change(tx: Tx, edition_slug: str, slug: str) -> RoundView:
    _edition, found = round_by_slugs(tx, edition_slug, slug)
    if is_published(tx, found.id):
        # Before the fields: there is nothing to mend in them.
        raise Conflict("round-published")
    return found


def _fault(refusal: Invalid | Conflict, field: str = "") -> FieldFault:
    """Words for a refusal that the form can mend; any other goes its way."""
    if refusal.code not in _WORDS:
        raise refusal
    return FieldFault(str(refusal.facts.get("field", field)), _WORDS[refusal.code])


def _moments(
    typed: Mapping[str, str], *, optional: Sequence[str] = ()
) -> tuple[dict[str, datetime | None], list[FieldFault]]:
    """Field → the moment in it, and a fault for each that cannot be read."""
    read = {field: read_moment(text) for field, text in typed.items()}
    found = [
        FieldFault(field, _WORDS["no-moment"])
        for field, moment in read.items()
        if moment is None and (typed[field] or field not in optional)
    ]
    return read, found


@get(f"{_ADDRESS}/su-co", opt={"action": "quiz.make_good_outage"})
@in_thread
def outage_page(
    request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str], xong: FromQuery[str] = ""
) -> Response[Any]:
    """The form, and what was made good in this round before; `xong` names what just was."""
    return _outage_page(request, edition_slug, slug, done=xong)


def _outage_page(
    request: AnyRequest,
    edition_slug: str,
    slug: str,
    *,
    typed: OutageForm | None = None,
    planned: OutagePlan | None = None,
    moments: Mapping[str, datetime | None] | None = None,
    found: Sequence[FieldFault] = (),
    done: str = "",
) -> Response[Any]:
    with site_of(request).database.read() as tx:
        edition, this = round_by_slugs(tx, edition_slug, slug)
        outages = outages_of_round(tx, this.id)
        official = is_published(tx, this.id)
    return page(
        request,
        "quiz/outages/outage.html",
        nav="desk",
        status=422 if found else 200,
        edition=edition,
        round=this,
        is_published=official,
        outages=outages,
        done=next((each for each in outages if each.code == done), None),
        form=typed or OutageForm(),
        planned=planned,
        aftermath_minutes=int(AFTERMATH.total_seconds() // 60),
        most_ms=timing.to_ms(planned.most_lost) if planned else 0,
        moments=moments or {},
        faults=told(request, found) if found else faults.NONE,
    )


@post(f"{_ADDRESS}/su-co", opt={"action": "quiz.make_good_outage"})
@in_thread
def make_good_outage(
    request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str]
) -> Response[Any]:
    """Shows who would be given what; with `confirm`, gives it."""
    site, context, form = site_of(request), context_of(request), form_of(request)
    with site.database.read() as tx:
        this = _round_to_change(tx, edition_slug, slug)
        by = people.ref_of(tx, account_id_of(request))
    typed = OutageForm(
        began_at=form.text("began_at"),
        ended_at=form.text("ended_at"),
        reopen_until=form.text("reopen_until"),
        reason=form.text("reason", limit=_TYPED_AT_MOST),
    )
    moments, found = _moments(
        {
            "began_at": typed.began_at,
            "ended_at": typed.ended_at,
            "reopen_until": typed.reopen_until,
        },
        optional=["reopen_until"],
    )
    began, ended, reopen = (moments[name] for name in ("began_at", "ended_at", "reopen_until"))
    planned = None
    if not found and began is not None and ended is not None:
        try:
            if form.ticked("confirm"):
                made = site.database.write(
                    commands.make_good_outage,
                    round_id=this.id,
                    began_at=began,
                    ended_at=ended,
                    reopen_until=reopen,
                    reason=typed.reason,
                    by=by,
                    chance=site.chance,
                    now=context.received_at,
                )
                return redirect(f"/dieu-hanh/vong/{edition_slug}/{slug}/su-co?xong={made.code}")
            refusals = commands.outage_faults(
                began_at=began,
                ended_at=ended,
                reopen_until=reopen,
                reason=typed.reason,
                now=context.received_at,
            )
            found = [_fault(each) for each in refusals]
            if not found:
                planned = _planned_outage(request, this, began, ended)
                if planned.annulled and reopen is None:
                    found = [FieldFault("reopen_until", _WORDS["reopen-needed"])]
        except (Invalid, Conflict) as refusal:
            found = [_fault(refusal, "began_at")]
    return _outage_page(
        request,
        edition_slug,
        slug,
        typed=typed,
        planned=planned,
        moments=moments,
        found=found,
    )


def _planned_outage(
    request: AnyRequest, this: RoundView, began: datetime, ended: datetime
) -> OutagePlan:
    with site_of(request).database.read() as tx:
        return commands.plan_outage(
            tx,
            round_id=this.id,
            began_at=began,
            ended_at=ended,
            now=context_of(request).received_at,
        )


@get(f"{_ADDRESS}/gia-han", opt={"action": "editions.extend_round"})
@in_thread
def extension_page(
    request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str], xong: FromQuery[str] = ""
) -> Response[Any]:
    """The form, and the extensions of this round before."""
    return _extension_page(request, edition_slug, slug, is_done=bool(xong))


def _extension_page(
    request: AnyRequest,
    edition_slug: str,
    slug: str,
    *,
    typed: ExtensionForm | None = None,
    planned: PlannedExtension | None = None,
    found: Sequence[FieldFault] = (),
    is_done: bool = False,
) -> Response[Any]:
    with site_of(request).database.read() as tx:
        edition, this = round_by_slugs(tx, edition_slug, slug)
        extensions = [
            each for each in extensions_of_edition(tx, edition.id) if each.round_id == this.id
        ]
        official = is_published(tx, this.id)
    following = next((each for each in edition.rounds if each.number == this.number + 1), None)
    return page(
        request,
        "quiz/outages/extension.html",
        nav="desk",
        status=422 if found else 200,
        edition=edition,
        round=this,
        is_published=official,
        following=following,
        extensions=extensions,
        is_done=is_done and bool(extensions),
        form=typed or ExtensionForm(closes_at=write_moment(this.closes_at)),
        planned=planned,
        faults=told(request, found) if found else faults.NONE,
    )


@post(f"{_ADDRESS}/gia-han", opt={"action": "editions.extend_round"})
@in_thread
def extend_round(
    request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str]
) -> Response[Any]:
    """Shows what a later close would do; with `confirm`, moves it."""
    site, context, form = site_of(request), context_of(request), form_of(request)
    with site.database.read() as tx:
        this = _round_to_change(tx, edition_slug, slug)
        by = people.ref_of(tx, account_id_of(request))
    typed = ExtensionForm(
        closes_at=form.text("closes_at"), reason=form.text("reason", limit=_TYPED_AT_MOST)
    )
    moments, found = _moments({"closes_at": typed.closes_at})
    closes, planned = moments["closes_at"], None
    if closes is not None:
        act: dict[str, Any] = {
            "round_id": this.id,
            "closes_at": closes,
            "reason": typed.reason,
            "now": context.received_at,
        }
        try:
            if form.ticked("confirm"):
                site.database.write(extending.extend_round, **act, by=by)
                return redirect(f"/dieu-hanh/vong/{edition_slug}/{slug}/gia-han?xong=1")
            with site.database.read() as tx:
                planned = extending.planned_extension(tx, **act)
        except (Invalid, Conflict) as refusal:
            found = [_fault(refusal)]
    return _extension_page(request, edition_slug, slug, typed=typed, planned=planned, found=found)


ROUTES = [outage_page, make_good_outage, extension_page, extend_round]
