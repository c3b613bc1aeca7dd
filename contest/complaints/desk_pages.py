"""The organiser's desk: complaints by their deadline, and the answer to each."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from contest.bank import queries as bank
from contest.complaints import commands, letters, queries
from contest.complaints.commands import OUTCOMES, TEXT_AT_LEAST, TEXT_AT_MOST, written
from contest.complaints.queries import A_PAGE, ComplaintView, DeskLine
from contest.editions.queries import RoundView, editions, round_by_id
from contest.errors import Conflict, Invalid, NotFound
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.people import faults
from contest.people import queries as people
from contest.people.faults import FieldFault, told
from contest.rules.deadlines import is_last_day
from contest.rules.document import max_score_milli
from contest.rulings import queries as rulings
from contest.standings import queries as standings
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

_TYPED_AT_MOST = 20_000
_NO_OUTCOME = "Hãy chọn chấp nhận hay không chấp nhận."
_TOO_SHORT = "Hãy trả lời rõ hơn, ít nhất %(count)d ký tự: đã xem lại gì và kết luận ra sao."
_TOO_LONG = "Câu trả lời dài nhất %(count)d ký tự. Hãy rút gọn."
_NO_RULING = "Quyết định này không thuộc vòng thi ấy hoặc chưa áp dụng. Hãy chọn lại."


@get("/dieu-hanh/khieu-nai", opt={"action": "complaints.waiting"})
@in_thread
def waiting(
    request: AnyRequest, sau: FromQuery[str] = "", truoc: FromQuery[str] = ""
) -> Response[Any]:
    """Open complaints by due date, closed ones below; `sau` and `truoc` lead through both lists."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        rounds = {each.id: each for edition in editions(tx) for each in edition.rounds}
        counted = queries.open_complaints(tx, list(rounds), now=now)
        to_answer = queries.waiting(tx, after=sau[:16])
        done = queries.closed(tx, after=truoc[:16])
    return page(
        request,
        "complaints/waiting.html",
        nav="desk",
        counted=counted,
        rounds=rounds,
        open=[(each, _urgency(request, each.complaint)) for each in to_answer[:A_PAGE]],
        more_open=_next_key(to_answer),
        closed=done[:A_PAGE],
        more_closed=_next_key(done),
        sau=sau,
        truoc=truoc,
    )


def _next_key(lines: Sequence[DeskLine]) -> str:
    """What the link to the next page carries, "" on the last page."""
    return lines[A_PAGE - 1].complaint.code if len(lines) > A_PAGE else ""


def _urgency(request: AnyRequest, this: ComplaintView) -> str:
    """overdue, today, or "" for time enough."""
    now = context_of(request).received_at
    if now > this.due_at:
        return "overdue"
    return "today" if is_last_day(this.due_at, now, HANOI) else ""


@get("/dieu-hanh/khieu-nai/{complaint:str}", opt={"action": "complaints.answer_complaint"})
@in_thread
def complaint_page(
    request: AnyRequest, complaint: FromPath[str], xong: FromQuery[str] = ""
) -> Response[Any]:
    """What was said, about which result, by whom; the answer, or the form for it."""
    return _complaint_page(request, complaint, is_done=bool(xong))


def _complaint_page(
    request: AnyRequest,
    code: str,
    *,
    is_done: bool = False,
    status: int = 200,
    refused: str = "",
    typed: dict[str, str] | None = None,
    found: Sequence[FieldFault] = (),
) -> Response[Any]:
    with site_of(request).database.read() as tx:
        this = _complaint(tx, code)
        of_round = round_by_id(tx, this.round_id)
        official = standings.publication(tx, this.round_id)
        assert of_round is not None
        assert official is not None
        edition, its_round = of_round
        decided = rulings.decided_rulings(tx, this.round_id)
        bodies = bank.bodies(tx, [each.revision_id for each in decided if each.revision_id])
        values = {
            "complaint": this,
            "edition": edition,
            "round": its_round,
            "official": official,
            "who": queries.complainant(tx, this),
            "standing": standings.own_standing(tx, official, this.entrant_id),
            "disqualified": rulings.disqualification(tx, this.round_id, this.entrant_id),
            "decided": decided,
            "answered_by": _name_of(tx, this.answered_by),
            "left": queries.open_complaints(
                tx, [each.id for each in edition.rounds], now=context_of(request).received_at
            ),
        }
    return page(
        request,
        "complaints/complaint.html",
        nav="desk",
        status=status,
        urgency=_urgency(request, this) if this.state == "open" else "",
        max_score=max_score_milli(edition.document, its_round.rules),
        # Revision → the question's words.
        questions={id: body.body.text[context_of(request).lang] for id, body in bodies.items()},
        longest=TEXT_AT_MOST,
        typed=typed or {"outcome": "", "answer": "", "ruling": ""},
        refused=refused,
        is_done=is_done,
        faults=told(request, found) if found else faults.NONE,
        **values,
    )


def _complaint(tx: Tx, code: str) -> ComplaintView:
    found = queries.complaint(tx, code)
    if found is None:
        raise NotFound("no-complaint")
    return found


def _name_of(tx: Tx, ref: str | None) -> str:
    """The organiser who answered; "" where no account has this reference any more."""
    try:
        return people.person_line(tx, ref).full_name if ref else ""
    except NotFound:
        return ""


@post("/dieu-hanh/khieu-nai/{complaint:str}", opt={"action": "complaints.answer_complaint"})
@in_thread
def answer_complaint(request: AnyRequest, complaint: FromPath[str]) -> Response[Any]:
    """Gives the answer; the entrant reads it at once, and by letter where there is an address."""
    site, form = site_of(request), form_of(request)
    typed = {
        "outcome": form.text("outcome", limit=20),
        "answer": written(form.text("answer", limit=_TYPED_AT_MOST)),
        "ruling": form.text("ruling", limit=16),
    }
    with site.database.read() as tx:
        this = _complaint(tx, complaint)
        who = queries.complainant(tx, this)
        by = people.ref_of(tx, account_id_of(request))
        its_round = _round_of(tx, this)
    found = _faults(typed)
    # Somebody else may have been quicker: then the faults of the form do not matter.
    if found and this.state == "open":
        return _complaint_page(request, complaint, status=422, typed=typed, found=found)
    letter = letters.answered(
        request,
        who.email,
        full_name=who.full_name,
        language=who.language,
        complaint_code=this.code,
        attempt_code=who.attempt_code,
        round_title=its_round.title,
        outcome=typed["outcome"],
        answer=typed["answer"],
    )
    try:
        site.database.write(
            commands.answer_complaint,
            complaint_code=complaint,
            outcome=typed["outcome"],
            answer=typed["answer"],
            ruling_code=typed["ruling"],
            letter=letter,
            by=by,
            now=context_of(request).received_at,
        )
    except Invalid:
        found = [FieldFault("ruling", _NO_RULING)]
        return _complaint_page(request, complaint, status=422, typed=typed, found=found)
    except Conflict as refusal:
        return _complaint_page(request, complaint, status=409, typed=typed, refused=refusal.code)
    return redirect(f"/dieu-hanh/khieu-nai/{complaint}?xong=1")


def _round_of(tx: Tx, this: ComplaintView) -> RoundView:
    found = round_by_id(tx, this.round_id)
    assert found is not None
    return found[1]


def _faults(typed: dict[str, str]) -> list[FieldFault]:
    found = []
    if typed["outcome"] not in OUTCOMES:
        found.append(FieldFault("outcome", _NO_OUTCOME))
    if len(typed["answer"]) < TEXT_AT_LEAST:
        found.append(FieldFault("answer", _TOO_SHORT, {"count": TEXT_AT_LEAST}))
    elif len(typed["answer"]) > TEXT_AT_MOST:
        found.append(FieldFault("answer", _TOO_LONG, {"count": TEXT_AT_MOST}))
    return found


ROUTES = [waiting, complaint_page, answer_complaint]
