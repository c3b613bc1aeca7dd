"""The organiser's desk: withdrawals that are open, by their deadline; the answer and the end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from contest.errors import Conflict
from contest.infra.clock import HANOI
from contest.people import faults
from contest.people import queries as people
from contest.people.consent import withdrawal_queries as withdrawals
from contest.people.consent.withdrawal_queries import WithdrawalLine
from contest.people.consent.withdrawals import (
    NOTE_AT_MOST,
    AnswerLetter,
    answer_withdrawal,
    finish_withdrawal,
)
from contest.people.faults import FieldFault, told
from contest.rules.deadlines import is_last_day
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

_NO_NOTE = "Hãy ghi đã báo cho bên nào, khi nào và họ đã gỡ chưa."
_NOTE_TOO_LONG = "Ghi chú dài nhất %(most)d ký tự."
_NOT_ANSWERED = "Yêu cầu này chưa được trả lời. Hãy trả lời trước, rồi mới ghi là xong."


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A line with how urgent its next step is: overdue, today, or "" for time enough."""

    line: WithdrawalLine
    urgency: str


@get("/dieu-hanh/rut", opt={"action": "people.withdrawals"})
@in_thread
def open_withdrawals(request: AnyRequest, xong: FromQuery[str] = "") -> Response[Any]:
    """What is open, overdue before the others, and what was done lately."""
    return _page(request, done=xong)


def _page(
    request: AnyRequest,
    *,
    height: int = 0,
    typed: str = "",
    found: Sequence[FieldFault] = (),
    status: int = 200,
    done: str = "",
) -> Response[Any]:
    """`height`, `typed`: the case whose form was refused, and the note in it."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        counted = withdrawals.waiting(tx, now=now)
        lines = withdrawals.open_lines(tx)
        finished = withdrawals.finished_lines(tx)
    return page(
        request,
        "people/consent/withdrawals.html",
        nav="desk",
        status=status,
        counted=counted,
        cases=[Case(line=each, urgency=_urgency(each.due_at, now)) for each in lines],
        finished=finished,
        height=height,
        typed=typed,
        note_at_most=NOTE_AT_MOST,
        done=done,
        faults=told(request, found) if found else faults.NONE,
    )


def _urgency(due_at: datetime, now: datetime) -> str:
    if now > due_at:
        return "overdue"
    return "today" if is_last_day(due_at, now, HANOI) else ""


@post("/dieu-hanh/rut/{height:int}/tra-loi", opt={"action": "people.finish_withdrawal"})
@in_thread
def answer(request: AnyRequest, height: FromPath[int]) -> Response[Any]:
    """Marks it answered; a letter says what happens, where there is an address on file."""
    site = site_of(request)
    with site.database.read() as tx:
        line = withdrawals.line(tx, height)
        by = people.ref_of(tx, account_id_of(request))
    site.database.write(
        answer_withdrawal,
        height=height,
        letter=_letter(request, line),
        by=by,
        now=context_of(request).received_at,
    )
    return redirect(f"/dieu-hanh/rut?xong={'thu' if line.email else 'tra-loi'}#r{height}")


def _letter(request: AnyRequest, line: WithdrawalLine) -> AnswerLetter | None:
    """To the parent, or to the person where no parent has an address, in the account's language."""
    if line.email is None:
        return None
    site = site_of(request)
    values = {
        "full_name": line.full_name,
        "purposes": line.purposes,
        "received_at": line.received_at,
        "finish_due_at": line.finish_due_at,
        "with_partners": line.with_partners,
        "link": f"{site.settings.public_url}/du-lieu-ca-nhan",
    }
    folder = "mail/people/withdrawal_answered"
    return AnswerLetter(
        to_address=line.email,
        subject=site.templates.text(line.language, f"{folder}/subject.txt", values).strip(),
        body=site.templates.text(line.language, f"{folder}/body.txt", values).strip(),
    )


@post("/dieu-hanh/rut/{height:int}/xong", opt={"action": "people.finish_withdrawal"})
@in_thread
def finish(request: AnyRequest, height: FromPath[int]) -> Response[Any]:
    """Marks it finished, with what was done about partners."""
    site, form = site_of(request), form_of(request)
    # Longer than may be kept: a text that is too long is told, not cut.
    typed = form.text("done", limit=4 * NOTE_AT_MOST)
    with site.database.read() as tx:
        line = withdrawals.line(tx, height)
        by = people.ref_of(tx, account_id_of(request))
    words = " ".join(typed.split())
    field = f"done-{height}"
    found = []
    if len(words) > NOTE_AT_MOST:
        found = [FieldFault(field, _NOTE_TOO_LONG, {"most": NOTE_AT_MOST})]
    elif not words and line.with_partners:
        found = [FieldFault(field, _NO_NOTE)]
    if found and line.step != "done":
        return _page(request, height=height, typed=typed, found=found, status=422)
    try:
        site.database.write(
            finish_withdrawal,
            height=height,
            done=typed,
            by=by,
            now=context_of(request).received_at,
        )
    except Conflict:
        refused = [FieldFault(field, _NOT_ANSWERED)]
        return _page(request, height=height, typed=typed, found=refused, status=409)
    return redirect("/dieu-hanh/rut?xong=xong")


ROUTES = [open_withdrawals, answer, finish]
