"""An entrant's complaints about a round: what was said and answered, and the form for a new one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from contest.complaints import commands, letters, queries
from contest.complaints.commands import MOST_A_ROUND, TEXT_AT_LEAST, TEXT_AT_MOST, written
from contest.complaints.queries import ComplaintView
from contest.editions.queries import EditionView, RoundView, round_by_id
from contest.errors import Closed, Conflict, Invalid, NotFound
from contest.infra.chance import code as random_code
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.people import faults
from contest.people import queries as people
from contest.people.faults import FieldFault, told
from contest.quiz import queries as quiz
from contest.quiz.queries import AttemptView
from contest.rules.deadlines import end_of_days, end_of_working_days
from contest.rules.document import max_score_milli
from contest.rulings import queries as rulings
from contest.standings import queries as standings
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

# Longer than what is taken, so that somebody who wrote too much gets all of it back to shorten.
_TYPED_AT_MOST = 20_000
_TOO_SHORT = "Hãy viết rõ hơn, ít nhất %(count)d ký tự: câu nào, bạn thấy gì chưa đúng và vì sao."
_TOO_LONG = "Khiếu nại dài nhất %(count)d ký tự. Hãy rút gọn, chỉ giữ điều quan trọng nhất."
_SAYS_DONE = {
    "gui": "Ban tổ chức đã nhận khiếu nại của bạn.",
    "da-co": "Khiếu nại trước của bạn vẫn đang chờ trả lời nên chưa gửi thêm gì. "
    "Muốn viết lại, hãy rút khiếu nại ấy rồi gửi khiếu nại mới.",
    "rut": "Bạn đã rút khiếu nại. Ban tổ chức không trả lời khiếu nại này nữa.",
}

MayFile = Literal["now", "waiting", "over", "used"]


@get("/bai/{code:str}/khieu-nai", opt={"action": "complaints.own"})
@in_thread
def own(request: AnyRequest, code: FromPath[str], xong: FromQuery[str] = "") -> Response[Any]:
    """The form while one may complain, and every complaint of the round with its state."""
    return _own_page(request, code, done=_SAYS_DONE.get(xong, ""))


def _own_page(
    request: AnyRequest,
    code: str,
    *,
    done: str = "",
    status: int = 200,
    typed: str = "",
    found: Sequence[FieldFault] = (),
) -> Response[Any]:
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        attempt, edition, this = _own_round(tx, request, code)
        official = standings.publication(tx, this.id)
        if official is None:
            raise Closed("not-published")
        standing = standings.own_standing(tx, official, attempt.entrant_id)
        out = rulings.disqualification(tx, this.id, attempt.entrant_id)
        filed = queries.complaints_of(tx, this.id, attempt.entrant_id)
    periods = edition.document.rules.complaints
    until = end_of_days(official.adjusted_at or official.published_at, periods.within_days, HANOI)
    return page(
        request,
        "complaints/own.html",
        nav="account",
        status=status,
        attempt=attempt,
        edition=edition,
        round=this,
        official=official,
        standing=standing,
        disqualified=out,
        max_score=max_score_milli(edition.document, this.rules),
        complaints=filed,
        may_file=_may_file(filed, until, now),
        until=until,
        due_at=end_of_working_days(now, periods.answer_days, HANOI),
        left=MOST_A_ROUND - len(filed),
        most=MOST_A_ROUND,
        longest=TEXT_AT_MOST,
        typed=typed,
        done=done,
        faults=told(request, found) if found else faults.NONE,
    )


def _own_round(
    tx: Tx, request: AnyRequest, code: str
) -> tuple[AttemptView, EditionView, RoundView]:
    attempt = quiz.own_attempt(tx, code, account_id_of(request))
    if attempt is None:
        raise NotFound("no-attempt")
    found = round_by_id(tx, attempt.round_id)
    assert found is not None
    return attempt, *found


def _may_file(filed: Sequence[ComplaintView], until: datetime, now: datetime) -> MayFile:
    if any(each.state == "open" for each in filed):
        return "waiting"
    if now > until:
        return "over"
    return "now" if len(filed) < MOST_A_ROUND else "used"


@post("/bai/{code:str}/khieu-nai", opt={"action": "complaints.file_complaint"})
@in_thread
def file_complaint(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Files the complaint; whatever stands in the way, nothing that was typed is lost."""
    site, now, account_id = (
        site_of(request),
        context_of(request).received_at,
        account_id_of(request),
    )
    typed = written(form_of(request).text("text", limit=_TYPED_AT_MOST))
    with site.database.read() as tx:
        _, edition, this = _own_round(tx, request, code)
        person = people.account(tx, account_id)
    new_code = random_code(site.chance, commands.CODE_LETTERS)
    letter = letters.received(
        request,
        person.email,
        full_name=person.full_name,
        language=person.language,
        complaint_code=new_code,
        attempt_code=code,
        round_title=this.title,
        due_at=end_of_working_days(now, edition.document.rules.complaints.answer_days, HANOI),
    )
    try:
        filed = site.database.write(
            commands.file_complaint,
            attempt_code=code,
            account_id=account_id,
            text=typed,
            new_code=new_code,
            letter=letter,
            by=person.ref,
            now=now,
        )
    except Invalid:
        fault = (
            FieldFault("text", _TOO_SHORT, {"count": TEXT_AT_LEAST})
            if len(typed) < TEXT_AT_LEAST
            else FieldFault("text", _TOO_LONG, {"count": TEXT_AT_MOST})
        )
        return _own_page(request, code, status=422, typed=typed, found=[fault])
    except (Closed, Conflict) as refusal:
        if refusal.code not in ("complaint-period-over", "complaints-used"):
            raise
        return _own_page(request, code, status=409, typed=typed)
    is_same = filed.is_new or filed.complaint.text == typed
    return redirect(f"/bai/{code}/khieu-nai?xong={'gui' if is_same else 'da-co'}")


@post("/bai/{code:str}/khieu-nai/rut", opt={"action": "complaints.withdraw_complaint"})
@in_thread
def withdraw_complaint(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Takes back the complaint that the form names."""
    site, account_id = site_of(request), account_id_of(request)
    with site.database.read() as tx:
        by = people.ref_of(tx, account_id)
    site.database.write(
        commands.withdraw_complaint,
        complaint_code=form_of(request).text("complaint", limit=16),
        attempt_code=code,
        account_id=account_id,
        by=by,
        now=context_of(request).received_at,
    )
    return redirect(f"/bai/{code}/khieu-nai?xong=rut")


ROUTES = [own, file_complaint, withdraw_complaint]
