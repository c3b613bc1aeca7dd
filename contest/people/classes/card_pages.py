"""Signing in with a card of the class: typed, or scanned from its QR code."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from contest.errors import TooMany
from contest.infra import metrics
from contest.people import faults
from contest.people.asking import ask
from contest.people.classes import card_limits, card_queries
from contest.people.classes.card_queries import Holder, Over
from contest.people.classes.cards import (
    Card,
    scanned_card,
    shown_letters,
    typed_card,
    typed_class_code,
)
from contest.people.consent import queries as consents
from contest.people.faults import FieldFault, told
from contest.people.sign_in import commands
from contest.people.sign_in.entering import start_session
from contest.units.pages import today
from contest.web.context import AnyRequest, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect, safe_path

_ROUNDS = "/thi"
_NO_CLASS_CODE = "Hãy gõ mã lớp: 6 chữ và số trên thẻ, hoặc trên bảng của lớp."
_NO_LETTERS = "Hãy gõ mã của em: 8 chữ và số trên thẻ."
_NO_CARD = (
    "Địa chỉ này không phải của thẻ nào. Hãy quét lại mã QR, hoặc gõ hai mã trên thẻ vào đây."
)
_HAS_ROLE = (
    "Tài khoản này có vai trò riêng trong cuộc thi nên không vào bằng thẻ được. "
    "Hãy đăng nhập bằng mật khẩu."
)
_TOO_MANY = "Lớp này vừa gõ sai quá nhiều lần. Hãy đợi %(minutes)d phút rồi thử lại, hoặc nhờ thầy cô xem giúp."
_OVER: dict[Over, FieldFault] = {
    "no-class": FieldFault(
        "class_code", "Không có lớp nào mang mã này. Hãy xem lại mã lớp trên thẻ hoặc trên bảng."
    ),
    "wrong": FieldFault(
        "letters",
        "Mã này không khớp với thẻ nào của lớp. Hãy gõ lại từng chữ như trên thẻ.",
    ),
    "renewed": FieldFault(
        "letters", "Thẻ này đã được thay bằng thẻ mới. Hãy dùng thẻ mới, hoặc hỏi thầy cô."
    ),
    "left": FieldFault(
        "letters",
        "Thẻ này của một lớp mà em không còn học. Hãy dùng thẻ của lớp mới, hoặc hỏi thầy cô.",
    ),
    "erased": FieldFault(
        "letters",
        "Tài khoản của thẻ này đã được xóa nên thẻ không dùng được nữa. Muốn dự thi lại, hãy nhờ thầy cô.",
    ),
}


class Tried(NamedTuple):
    """What came of a card: its holder, or the fault to tell. `retry_after_s`: of too many tries."""

    holder: Holder | None
    fault: FieldFault | None = None
    retry_after_s: int = 0


@get("/the", opt={"action": "people.card_sign_in"})
async def card_page(request: AnyRequest, tiep: FromQuery[str] = "") -> Response[Any]:
    """The class code and one's own letters, to be typed."""
    # At a keyboard one sits in the school's computer room more often than not.
    return _card_page(request, tiep=tiep, shared_device=True)


def _card_page(
    request: AnyRequest,
    *,
    class_code: str = "",
    tiep: str = "",
    shared_device: bool,
    found: Sequence[FieldFault] = (),
    status: int = 422,
    retry_after_s: int = 0,
) -> Response[Any]:
    made: Response[Any] = page(
        request,
        "people/classes/card.html",
        status=status if found else 200,
        class_code=class_code,
        next_path=safe_path(tiep, ""),
        shared_device=shared_device,
        faults=told(request, found) if found else faults.NONE,
    )
    made.headers["cache-control"] = "private, no-store"
    if retry_after_s:
        made.headers["retry-after"] = str(retry_after_s)
    return made


@post("/the", opt={"action": "people.card_sign_in"})
async def card_sign_in(request: AnyRequest) -> Response[Any]:
    """Signs the holder of the card in; from the typed page, or from the button of the scanned one."""
    form = form_of(request)
    typed, tiep = form.text("class_code", limit=40), form.text("tiep")
    shared_device = form.ticked("shared_device")
    card = typed_card(typed, form.text("letters", limit=40))
    if card is None:
        found = [
            FieldFault(field, words)
            for field, words, is_there in (
                ("class_code", _NO_CLASS_CODE, bool(typed_class_code(typed))),
                ("letters", _NO_LETTERS, False),
            )
            if not is_there
        ]
        return _card_page(
            request, class_code=typed, tiep=tiep, shared_device=shared_device, found=found
        )
    tried = await _try(request, card)
    if tried.holder is None:
        metrics.SIGN_INS.labels("refused").inc()
        return _refused(request, card, tried, tiep, shared_device=shared_device, status=422)
    await start_session(request, tried.holder.account_id, shared_device=shared_device)
    return redirect(await _onward(request, tried.holder, tiep))


@get("/the/{card:str}", opt={"action": "people.card_sign_in"})
async def scanned_card_page(request: AnyRequest, card: FromPath[str]) -> Response[Any]:
    """
    From the QR code: whom it would sign in, and a button. Looking changes nothing, so a preview or
    a scanner of letters uses nothing up and gets no session.
    """
    scanned = scanned_card(card)
    if scanned is None:
        fault = FieldFault("", _NO_CARD)
        return _card_page(request, shared_device=False, found=[fault], status=404)
    tried = await _try(request, scanned)
    holder = tried.holder
    if holder is None:
        return _refused(request, scanned, tried, "", shared_device=False, status=404)
    context = context_of(request)
    if context.actor.account_id == holder.account_id:
        return redirect(await _onward(request, holder, ""))
    made: Response[Any] = page(
        request,
        "people/classes/card_scanned.html",
        given_name=holder.full_name.split()[-1],
        class_name=holder.class_name,
        class_code=scanned.class_code,
        letters=shown_letters(scanned.letters),
        other=context.actor.name if context.actor.is_signed_in else "",
    )
    made.headers["cache-control"] = "private, no-store"
    return made


async def _try(request: AnyRequest, card: Card) -> Tried:
    """Counted before it is looked up, looking at a scanned card too: that tells a good one apart."""
    site, context = site_of(request), context_of(request)
    limits = card_limits.of_card(card.class_code, context.client_address)
    try:
        await site.database.write_async(commands.count_try, limits=limits, now=context.received_at)
    except TooMany as refused:
        minutes = math.ceil(refused.retry_after_s / 60)
        fault = FieldFault("", _TOO_MANY, {"minutes": minutes})
        return Tried(None, fault, refused.retry_after_s)
    holder = await ask(site.database, card_queries.holder, card)
    if holder is None:
        why = await ask(
            site.database, card_queries.why_over, card, secret_key=site.settings.secret_key
        )
        return Tried(None, _OVER[why])
    await site.database.write_async(commands.give_back, one_of=limits)
    if holder.has_role:
        # Eight letters on a piece of paper are too little for a role.
        return Tried(None, FieldFault("", _HAS_ROLE))
    return Tried(holder)


def _refused(
    request: AnyRequest, card: Card, tried: Tried, tiep: str, *, shared_device: bool, status: int
) -> Response[Any]:
    assert tried.fault is not None
    return _card_page(
        request,
        class_code=card.class_code,
        tiep=tiep,
        shared_device=shared_device,
        found=[tried.fault],
        status=429 if tried.retry_after_s else status,
        retry_after_s=tried.retry_after_s,
    )


async def _onward(request: AnyRequest, holder: Holder, tiep: str) -> str:
    """To the rounds or where one was going; first to the consents where taking part needs them."""
    wanted = safe_path(tiep, _ROUNDS)
    if wanted == "/":
        wanted = _ROUNDS
    takes_part = await ask(
        site_of(request).database, consents.takes_part, holder.account_id, on=today(request)
    )
    return wanted if takes_part else f"/dong-y?tiep={quote(wanted)}"


ROUTES = [card_page, card_sign_in, scanned_card_page]
