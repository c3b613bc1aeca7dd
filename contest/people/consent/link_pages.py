"""The link to a parent: asked for by the child's account, used by the parent without one."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from contest.errors import NotFound, TooMany
from contest.infra.database import Tx
from contest.people import faults
from contest.people.consent import PURPOSES, TAKE_PART, links
from contest.people.consent.forms import (
    ParentForm,
    parent_faults,
    purpose_faults,
    read_parent,
    ticked_purposes,
)
from contest.people.consent.links import LinkView
from contest.people.consent.overview import overview
from contest.people.consent.pages import Own, consents_page, onward, own
from contest.people.contacts import normal_email
from contest.people.faults import FieldFault, told
from contest.people.names import public_name
from contest.people.sign_in import limits
from contest.people.sign_in.commands import count_try
from contest.people.tokens import digest, new_link_token
from contest.units import queries as units
from contest.units.pages import today
from contest.web.context import AnyRequest, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect, safe_path
from contest.web.threads import in_thread

_LETTERS_OF_CHILD = 5
_NO_EMAIL = "Hãy ghi thư điện tử của cha, mẹ hoặc người giám hộ, ví dụ hoa@example.vn."
_OWN_EMAIL = (
    "Đây là thư của chính tài khoản này, nên chưa đủ để biết cha mẹ là người ký. "
    "Hãy ghi thư riêng của cha, mẹ, hoặc ký giấy ở trường."
)
_TOO_MANY = "Đã gửi nhiều thư trong ít phút qua. Hãy xem hộp thư; 15 phút nữa mới gửi tiếp được."
_NOTHING_TICKED = "Hãy đánh dấu ít nhất một điều quý vị đồng ý."
_SAYS_DONE = {
    "ky": "Đã ký. Cảm ơn quý vị.",
    "rut": "Đã rút. Từ giờ không trang công khai nào dùng điều đó nữa; thứ hạng vẫn giữ nguyên.",
}


@post("/dong-y/lien-ket", opt={"action": "people.ask_representative"})
@in_thread
def ask_representative(request: AnyRequest) -> Response[Any]:
    """Sends the letter with the link, to a contact that the child does not hold."""
    site, now, form = site_of(request), context_of(request).received_at, form_of(request)
    this = own(request)
    tiep, typed = safe_path(form.text("tiep"), ""), form.text("email", limit=254)
    if this.consents.band == "self":
        return onward("/dong-y", tiep)
    email = normal_email(typed)
    fault = _NO_EMAIL if email is None else _OWN_EMAIL if email == this.account.email else ""
    if fault or email is None:
        return _not_sent(request, this, tiep, typed, fault, 422)
    asked = [
        limits.of_letters(email),
        limits.Limit(f"consent-link:{this.account.id}", _LETTERS_OF_CHILD),
        limits.of_block(context_of(request).client_address, "letter"),
    ]
    try:
        site.database.write(count_try, limits=asked, now=now)
    except TooMany:
        return _not_sent(request, this, tiep, typed, _TOO_MANY, 429)
    token = new_link_token(site.chance)
    values = {
        "child": this.account.full_name,
        "link": f"{site.settings.public_url}/dong-y/xac-nhan/{token}",
        "days": links.LINK_DAYS,
    }
    site.database.write(
        links.ask_representative,
        account_id=this.account.id,
        email=email,
        token_digest=digest(token),
        subject=_letter(request, "subject.txt", values),
        body=_letter(request, "body.txt", values),
        by=this.account.ref,
        now=now,
    )
    return onward("/dong-y", tiep, "thu")


def _not_sent(
    request: AnyRequest, this: Own, tiep: str, typed: str, text: str, status: int
) -> Response[Any]:
    found = [FieldFault("email", text)]
    return consents_page(request, this, tiep=tiep, email=typed, found=found, status=status)


def _letter(request: AnyRequest, name: str, values: dict[str, Any]) -> str:
    path = f"mail/people/consent_link/{name}"
    return site_of(request).templates.text(context_of(request).lang, path, values).strip()


@get("/dong-y/xac-nhan/{token:str}", opt={"action": "people.consent_by_link"})
@in_thread
def consent_by_link(
    request: AnyRequest, token: FromPath[str], xong: FromQuery[str] = ""
) -> Response[Any]:
    """Opening it uses nothing up: mail programs open links by themselves."""
    return _link_page(request, token, done=xong)


def _link_page(
    request: AnyRequest,
    token: str,
    *,
    typed: ParentForm | None = None,
    ticked: Sequence[str] = (),
    found: Sequence[FieldFault] = (),
    done: str = "",
) -> Response[Any]:
    with site_of(request).database.read() as tx:
        this = links.link(tx, digest(token), context_of(request).received_at)
        values = _values(tx, request, this) if this else {}
    if this is None:
        answer = page(request, "people/consent/link_over.html", status=404)
    else:
        answer = page(
            request,
            "people/consent/by_link.html",
            status=422 if found else 200,
            **values,
            token=token,
            typed=typed or ParentForm(),
            ticked=ticked,
            done=_SAYS_DONE.get(done),
            faults=told(request, found) if found else faults.NONE,
        )
    # A child's name and school: neither the browser nor anything between keeps it.
    answer.headers["cache-control"] = "no-store"
    return answer


def _values(tx: Tx, request: AnyRequest, this: LinkView) -> dict[str, Any]:
    school = units.school_name(tx, this.school_id) or this.school_other
    return {
        "link": this,
        "where": ", ".join(each for each in [*this.classes, school] if each),
        "consents": overview(tx, this.account_id, this.birth_date, on=today(request)),
        "representative": links.representative_of(tx, this),
        "public_name": public_name(this.child_name),
    }


@post("/dong-y/xac-nhan/{token:str}", opt={"action": "people.consent_by_link"})
@in_thread
def sign_or_withdraw(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """
    The parent signs under what she ticked, or takes a purpose back (`withdraw` names it).

    The first time she says who she is; after that the link is hers.
    """
    site, now, form = site_of(request), context_of(request).received_at, form_of(request)
    token_digest = digest(token)
    with site.database.read() as tx:
        this = links.link(tx, token_digest, now)
        consents = (
            overview(tx, this.account_id, this.birth_date, on=today(request)) if this else None
        )
    if this is None or consents is None:
        return _link_page(request, token)
    typed, ticked, taken_back = read_parent(form), ticked_purposes(form), form.text("withdraw")
    found = parent_faults(typed, this.child_name) if this.representative_id is None else []
    if not taken_back:
        has_signed = consents.of(TAKE_PART).representative is not None
        faulty = purpose_faults(ticked, takes_part=has_signed)
        found += faulty or ([] if ticked else [FieldFault("ticks", _NOTHING_TICKED)])
    if found:
        return _link_page(request, token, typed=typed, ticked=ticked, found=found)
    who = {"full_name": typed.full_name, "relation": typed.relation}
    try:
        if not taken_back:
            site.database.write(
                links.sign_by_link,
                token_digest=token_digest,
                purposes=ticked,
                chance=site.chance,
                now=now,
                **who,
            )
        elif taken_back in PURPOSES:
            site.database.write(
                links.withdraw_by_link,
                token_digest=token_digest,
                purposes=[taken_back],
                chance=site.chance,
                now=now,
                **who,
            )
    except NotFound:  # replaced by a newer link in between
        return _link_page(request, token)
    return redirect(f"/dong-y/xac-nhan/{token}?xong={'rut' if taken_back else 'ky'}")


ROUTES = [ask_representative, consent_by_link, sign_or_withdraw]
