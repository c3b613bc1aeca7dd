from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from contest.complaints.models import Complaint
from contest.editions.models import Edition, Entrant, Round
from contest.infra.chance import grouped
from contest.infra.database import Tx
from contest.people.models import Account
from contest.quiz.models import Attempt
from contest.rulings.models import Ruling

State = Literal["open", "upheld", "rejected", "withdrawn"]
A_PAGE = 30


class ComplaintView(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint with its state; `ruling` is the code of the ruling that the answer names."""

    id: int
    code: str
    round_id: int
    entrant_id: int
    text: str
    filed_at: datetime
    due_at: datetime
    withdrawn_at: datetime | None
    outcome: str | None
    answer: str
    answered_by: str | None
    answered_at: datetime | None
    ruling: str | None

    @property
    def shown_code(self) -> str:
        """As it is printed and read aloud."""
        return grouped(self.code)

    @property
    def state(self) -> State:
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.outcome is None:
            return "open"
        return "upheld" if self.outcome == "upheld" else "rejected"


class DeskLine(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint in the organiser's list, with the person's full name."""

    complaint: ComplaintView
    full_name: str
    entry_code: str


class Complainant(msgspec.Struct, frozen=True, kw_only=True):
    """Who complained. `attempt_code`: an attempt of theirs in that round, for links."""

    account_id: int
    ref: str
    full_name: str
    email: str | None
    language: str
    entry_code: str
    attempt_code: str


class OwnComplaint(msgspec.Struct, frozen=True, kw_only=True):
    """A line in a person's own list of complaints."""

    complaint: ComplaintView
    edition_slug: str
    round_slug: str
    attempt_code: str


class WaitingView(msgspec.Struct, frozen=True, kw_only=True):
    """Complaints that wait for an answer, as the desk counts them."""

    count: int
    overdue: int
    next_due: datetime | None


_COLUMNS = (
    Complaint.id,
    Complaint.code,
    Complaint.round_id,
    Complaint.entrant_id,
    Complaint.text,
    Complaint.filed_at,
    Complaint.due_at,
    Complaint.withdrawn_at,
    Complaint.outcome,
    Complaint.answer,
    Complaint.answered_by,
    Complaint.answered_at,
    Ruling.code.label("ruling"),
)
_COMPLAINTS = sa.select(*_COLUMNS).outerjoin(Ruling, Ruling.id == Complaint.ruling_id)
_IS_OPEN = sa.and_(Complaint.answered_at.is_(None), Complaint.withdrawn_at.is_(None))
_AN_ATTEMPT = (
    sa.select(Attempt.code)
    .where(Attempt.round_id == Complaint.round_id, Attempt.entrant_id == Complaint.entrant_id)
    .order_by(Attempt.number)
    .limit(1)
    .correlate(Complaint)
    .scalar_subquery()
)


def complaint(tx: Tx, code: str) -> ComplaintView | None:
    row = tx.execute(_COMPLAINTS.where(Complaint.code == code)).mappings().one_or_none()
    return None if row is None else ComplaintView(**row)


def complaints_of(tx: Tx, round_id: int, entrant_id: int) -> list[ComplaintView]:
    """An entrant's complaints about a round, the newest first."""
    rows = tx.execute(
        _COMPLAINTS.where(
            Complaint.entrant_id == entrant_id, Complaint.round_id == round_id
        ).order_by(Complaint.id.desc())
    ).mappings()
    return [ComplaintView(**row) for row in rows]


def own_complaints(tx: Tx, account_id: int) -> list[OwnComplaint]:
    """All complaints of a person, the newest first."""
    rows = tx.execute(
        _COMPLAINTS.add_columns(
            Edition.slug.label("edition_slug"),
            Round.slug.label("round_slug"),
            _AN_ATTEMPT.label("attempt_code"),
        )
        .join(Entrant, Entrant.id == Complaint.entrant_id)
        .join(Round, Round.id == Complaint.round_id)
        .join(Edition, Edition.id == Round.edition_id)
        .where(Entrant.account_id == account_id)
        .order_by(Complaint.id.desc())
    ).mappings()
    return [
        OwnComplaint(
            edition_slug=row["edition_slug"],
            round_slug=row["round_slug"],
            attempt_code=row["attempt_code"],
            complaint=_view(row),
        )
        for row in rows
    ]


def complainant(tx: Tx, of: ComplaintView) -> Complainant:
    """For the organiser who answers, and for the letter."""
    row = tx.execute(
        sa.select(
            Account.id.label("account_id"),
            Account.ref,
            Account.full_name,
            Account.email,
            Account.language,
            Entrant.entry_code,
            _AN_ATTEMPT.label("attempt_code"),
        )
        .select_from(Complaint)
        .join(Entrant, Entrant.id == Complaint.entrant_id)
        .join(Account, Account.id == Entrant.account_id)
        .where(Complaint.id == of.id)
    ).one()
    return Complainant(**row._mapping)


def open_complaints(tx: Tx, round_ids: Collection[int], *, now: datetime) -> WaitingView:
    """How many wait for an answer, how many of them too long, and when the next is due."""
    overdue = sa.func.count().filter(Complaint.due_at < now)
    row = tx.execute(
        sa.select(
            sa.func.count().label("count"),
            overdue.label("overdue"),
            sa.func.min(Complaint.due_at).label("next_due"),
        ).where(_IS_OPEN, Complaint.round_id.in_(round_ids))
    ).one()
    return WaitingView(**row._mapping)


def waiting(tx: Tx, *, after: str = "", limit: int = A_PAGE) -> list[DeskLine]:
    """
    Open complaints by due date, `limit` of them and one more where there are more.

    `after`: the code of the last line of the page before.
    """
    lines = _DESK_LINES.where(_IS_OPEN).order_by(Complaint.due_at, Complaint.id)
    if after:
        last = sa.select(Complaint.due_at, Complaint.id).where(Complaint.code == after).subquery()
        lines = lines.where(
            sa.or_(
                Complaint.due_at > sa.select(last.c.due_at).scalar_subquery(),
                sa.and_(
                    Complaint.due_at == sa.select(last.c.due_at).scalar_subquery(),
                    Complaint.id > sa.select(last.c.id).scalar_subquery(),
                ),
            )
        )
    return _desk_lines(tx, lines.limit(limit + 1))


def closed(tx: Tx, *, after: str = "", limit: int = A_PAGE) -> list[DeskLine]:
    """Answered and withdrawn complaints, the last filed first; paged as `waiting` is."""
    lines = _DESK_LINES.where(~_IS_OPEN).order_by(Complaint.id.desc())
    if after:
        last = sa.select(Complaint.id).where(Complaint.code == after).scalar_subquery()
        lines = lines.where(Complaint.id < last)
    return _desk_lines(tx, lines.limit(limit + 1))


_DESK_LINES = (
    _COMPLAINTS.add_columns(Account.full_name, Entrant.entry_code)
    .join(Entrant, Entrant.id == Complaint.entrant_id)
    .join(Account, Account.id == Entrant.account_id)
)


def _desk_lines(tx: Tx, statement: sa.Select[Any]) -> list[DeskLine]:
    return [
        DeskLine(full_name=row["full_name"], entry_code=row["entry_code"], complaint=_view(row))
        for row in tx.execute(statement).mappings()
    ]


def _view(row: sa.RowMapping) -> ComplaintView:
    return ComplaintView(**{column.name: row[column.name] for column in _COLUMNS})
