from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.complaints import queries
from contest.complaints.models import Complaint
from contest.complaints.queries import ComplaintView
from contest.editions.models import Entrant
from contest.editions.queries import round_by_id
from contest.errors import Closed, Conflict, Invalid, NotFound
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.infra.mail import write_letter
from contest.ledger.commands import append
from contest.quiz import queries as quiz
from contest.rules.deadlines import end_of_days, end_of_working_days
from contest.rulings import queries as rulings
from contest.standings import queries as standings

CODE_LETTERS = 12
TEXT_AT_LEAST, TEXT_AT_MOST = 20, 3000
MOST_A_ROUND = 3
OUTCOMES = ("upheld", "rejected")
RECEIVED, ANSWERED = "complaints.received", "complaints.answered"


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter to the entrant, rendered before; it goes out with the deed or not at all."""

    to_address: str
    subject: str
    body: str


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """The complaint that waits. `is_new` is False when one waited already and nothing was filed."""

    complaint: ComplaintView
    is_new: bool


def file_complaint(
    tx: Tx,
    *,
    attempt_code: str,
    account_id: int,
    text: str,
    new_code: str,
    letter: Letter | None = None,
    by: str,
    now: datetime,
) -> Filed:
    """
    Asks the organiser to look at the round's result again, for the owner of the attempt.

    One waits at a time: repeated, it gives that one back. Raises NotFound("no-attempt"),
    Closed("not-published"), Closed("complaint-period-over"), Conflict("complaints-used") after
    MOST_A_ROUND, Invalid("complaint-text").
    """
    attempt = quiz.own_attempt(tx, attempt_code, account_id)
    if attempt is None:
        raise NotFound("no-attempt")
    # Two presses at once come one after the other.
    tx.execute(sa.select(Entrant.id).where(Entrant.id == attempt.entrant_id).with_for_update())
    earlier = queries.complaints_of(tx, attempt.round_id, attempt.entrant_id)
    for each in earlier:
        if each.state == "open":
            return Filed(complaint=each, is_new=False)
    words = written(text)
    if not TEXT_AT_LEAST <= len(words) <= TEXT_AT_MOST:
        raise Invalid("complaint-text", field="text")
    result = standings.publication(tx, attempt.round_id)
    if result is None:
        raise Closed("not-published")
    found = round_by_id(tx, attempt.round_id)
    assert found is not None
    periods = found[0].document.rules.complaints
    result_at = result.adjusted_at or result.published_at
    if now > end_of_days(result_at, periods.within_days, HANOI):
        raise Closed("complaint-period-over")
    if len(earlier) >= MOST_A_ROUND:
        raise Conflict("complaints-used")
    due_at = end_of_working_days(now, periods.answer_days, HANOI)
    tx.execute(
        sa.insert(Complaint).values(
            code=new_code,
            round_id=attempt.round_id,
            entrant_id=attempt.entrant_id,
            text=words,
            due_at=due_at,
            filed_at=now,
        )
    )
    append(
        tx,
        kind="complaints.file_complaint",
        subject=f"complaint:{new_code}",
        by=by,
        now=now,
        facts={"round": attempt.round_id, "due_at": due_at.isoformat()},
    )
    _send(tx, RECEIVED, letter, now)
    return Filed(complaint=_found(tx, new_code), is_new=True)


def withdraw_complaint(
    tx: Tx, *, complaint_code: str, attempt_code: str, account_id: int, by: str, now: datetime
) -> ComplaintView:
    """
    Takes one's complaint back while it waits; repeated, it changes nothing.

    Raises NotFound("no-attempt"), NotFound("no-complaint") and Conflict("complaint-answered").
    """
    attempt = quiz.own_attempt(tx, attempt_code, account_id)
    if attempt is None:
        raise NotFound("no-attempt")
    found = _locked(tx, complaint_code)
    if (found.round_id, found.entrant_id) != (attempt.round_id, attempt.entrant_id):
        raise NotFound("no-complaint")
    if found.state == "withdrawn":
        return found
    if found.state != "open":
        raise Conflict("complaint-answered")
    tx.execute(sa.update(Complaint).where(Complaint.id == found.id).values(withdrawn_at=now))
    append(
        tx,
        kind="complaints.withdraw_complaint",
        subject=f"complaint:{found.code}",
        by=by,
        now=now,
    )
    return _found(tx, found.code)


def answer_complaint(
    tx: Tx,
    *,
    complaint_code: str,
    outcome: str,
    answer: str,
    ruling_code: str = "",
    letter: Letter | None = None,
    by: str,
    now: datetime,
) -> ComplaintView:
    """
    Answers a complaint; the entrant reads the words. Repeated with the same, it changes nothing.

    `ruling_code`: a decided ruling of the round that the complaint led to, or "". Raises
    NotFound("no-complaint"), Conflict("complaint-withdrawn"), Conflict("complaint-answered") for
    another answer than the one given, Invalid("no-outcome" | "answer-text" | "no-ruling").
    """
    found = _locked(tx, complaint_code)
    words = written(answer)
    if found.state == "withdrawn":
        raise Conflict("complaint-withdrawn")
    if found.state != "open":
        if (found.outcome, found.answer, found.ruling or "") == (outcome, words, ruling_code):
            return found
        raise Conflict("complaint-answered")
    if outcome not in OUTCOMES:
        raise Invalid("no-outcome", field="outcome")
    if not TEXT_AT_LEAST <= len(words) <= TEXT_AT_MOST:
        raise Invalid("answer-text", field="answer")
    ruling = rulings.ruling(tx, ruling_code) if ruling_code else None
    if ruling_code and (
        ruling is None or ruling.round_id != found.round_id or ruling.decided_at is None
    ):
        raise Invalid("no-ruling", field="ruling")
    tx.execute(
        sa.update(Complaint)
        .where(Complaint.id == found.id)
        .values(
            outcome=outcome,
            answer=words,
            answered_by=by,
            answered_at=now,
            ruling_id=ruling.id if ruling else None,
        )
    )
    facts: dict[str, object] = {"outcome": outcome}
    if ruling:
        facts["ruling"] = ruling.code
    append(
        tx,
        kind="complaints.answer_complaint",
        subject=f"complaint:{found.code}",
        by=by,
        now=now,
        facts=facts,
    )
    _send(tx, ANSWERED, letter, now)
    return _found(tx, found.code)


def written(text: str) -> str:
    """A text of several lines as it is kept: one kind of line end, no blanks at their ends."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip()


def _locked(tx: Tx, complaint_code: str) -> ComplaintView:
    """The complaint, which nobody else can answer or withdraw meanwhile."""
    tx.execute(sa.select(Complaint.id).where(Complaint.code == complaint_code).with_for_update())
    return _found(tx, complaint_code)


def _found(tx: Tx, complaint_code: str) -> ComplaintView:
    found = queries.complaint(tx, complaint_code)
    if found is None:
        raise NotFound("no-complaint")
    return found


def _send(tx: Tx, kind: str, letter: Letter | None, now: datetime) -> None:
    if letter is not None:
        write_letter(
            tx,
            kind=kind,
            to_address=letter.to_address,
            subject=letter.subject,
            body=letter.body,
            now=now,
        )
