"""Withdrawals as the desk sees them: by the deadline that is next, with whom to write to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, cast, get_args

import msgspec
import sqlalchemy as sa

from contest.errors import NotFound
from contest.infra.database import Tx
from contest.people.consent import PURPOSES
from contest.people.consent.commands import WITH_PARTNERS
from contest.people.consent.models import Representative, Withdrawal
from contest.people.consent.withdrawals import Teller, Way
from contest.people.models import Account

LISTED = 100
FINISHED_LISTED = 20
# answer: it was not answered yet; finish: partners must be told; site: it ends by itself.
Step = Literal["answer", "finish", "site", "done"]


class WithdrawalLine(msgspec.Struct, frozen=True, kw_only=True):
    """
    A withdrawal with its person. `due_at`: of the step that is next. `teller`, `way`: who told the
    desk and how, "" where it was withdrawn on a page. `email`: where the answer goes, a parent's
    before the person's own, None without any.
    """

    height: int
    account_id: int
    account_ref: str
    full_name: str
    language: str
    purposes: tuple[str, ...]
    by_whom: str
    teller: Teller | Literal[""]
    way: Way | Literal[""]
    received_at: datetime
    answer_due_at: datetime
    finish_due_at: datetime
    answered_at: datetime | None
    finished_at: datetime | None
    done: str
    email: str | None

    @property
    def with_partners(self) -> bool:
        return bool(WITH_PARTNERS & set(self.purposes))

    @property
    def step(self) -> Step:
        if self.finished_at is not None:
            return "done"
        if self.answered_at is None:
            return "answer"
        return "finish" if self.with_partners else "site"

    @property
    def due_at(self) -> datetime:
        return self.answer_due_at if self.step == "answer" else self.finish_due_at


class WaitingWithdrawals(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for the organiser. `next_due`: None without any."""

    count: int
    overdue: int
    next_due: datetime | None


_next_due = sa.case(
    (Withdrawal.answered_at.is_(None), Withdrawal.answer_due_at), else_=Withdrawal.finish_due_at
)
_PARTNERS = sa.or_(*(Withdrawal.purposes.contains(each) for each in sorted(WITH_PARTNERS)))
# What is answered and concerns this site alone is finished by the sweep.
_WAITS_FOR_DESK = sa.and_(
    Withdrawal.finished_at.is_(None), sa.or_(Withdrawal.answered_at.is_(None), _PARTNERS)
)
_PARENTS_EMAIL = (
    sa.select(Representative.email)
    .where(Representative.account_id == Account.id, Representative.email.is_not(None))
    .order_by(Representative.id.desc())
    .limit(1)
    .scalar_subquery()
)
_LINE = sa.select(
    Withdrawal.height,
    Withdrawal.account_id,
    Account.ref.label("account_ref"),
    Account.full_name,
    Account.language,
    Withdrawal.purposes,
    Withdrawal.by_whom,
    Withdrawal.received_at,
    Withdrawal.answer_due_at,
    Withdrawal.finish_due_at,
    Withdrawal.answered_at,
    Withdrawal.finished_at,
    Withdrawal.note,
    sa.func.coalesce(_PARENTS_EMAIL, Account.email).label("email"),
).join(Account, Account.id == Withdrawal.account_id)


def waiting(tx: Tx, *, now: datetime) -> WaitingWithdrawals:
    """The figures of what waits for the desk."""
    row = tx.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(sa.case((_next_due < now, 1), else_=0)), 0),
            sa.func.min(_next_due),
        ).where(_WAITS_FOR_DESK)
    ).one()
    return WaitingWithdrawals(count=row[0], overdue=int(row[1]), next_due=row[2])


def open_lines(tx: Tx, *, limit: int = LISTED) -> list[WithdrawalLine]:
    """All that is open, what is due first at the head; so whatever is overdue stands before."""
    rows = tx.execute(
        _LINE.where(Withdrawal.finished_at.is_(None))
        .order_by(_next_due, Withdrawal.height)
        .limit(limit)
    )
    return [_line(row) for row in rows.mappings()]


def finished_lines(tx: Tx, *, limit: int = FINISHED_LISTED) -> list[WithdrawalLine]:
    """The newest that are done."""
    rows = tx.execute(
        _LINE.where(Withdrawal.finished_at.is_not(None))
        .order_by(Withdrawal.finished_at.desc(), Withdrawal.height.desc())
        .limit(limit)
    )
    return [_line(row) for row in rows.mappings()]


def line(tx: Tx, height: int) -> WithdrawalLine:
    """Raises NotFound("no-withdrawal")."""
    row = tx.execute(_LINE.where(Withdrawal.height == height)).mappings().one_or_none()
    if row is None:
        raise NotFound("no-withdrawal")
    return _line(row)


def of_person(tx: Tx, account_id: int) -> list[WithdrawalLine]:
    """A person's own, the newest first."""
    rows = tx.execute(
        _LINE.where(Withdrawal.account_id == account_id).order_by(Withdrawal.height.desc())
    )
    return [_line(row) for row in rows.mappings()]


def _line(row: sa.RowMapping) -> WithdrawalLine:
    facts = dict(row)
    held = set(cast(str, facts.pop("purposes")).split())
    teller, way, done = _told(cast(str, facts.pop("note")), facts["by_whom"])
    return WithdrawalLine(
        **facts,
        purposes=tuple(each for each in PURPOSES if each in held),
        teller=teller,
        way=way,
        done=done,
    )


def _told(note: str, by_whom: str) -> tuple[Teller | Literal[""], Way | Literal[""], str]:
    """The first line of a case of the desk says who told it and how (withdrawals.py)."""
    first, _, rest = note.partition("\n")
    words: Sequence[str] = first.split()
    if by_whom == "desk" and len(words) == 2:
        teller, way = words
        if teller in get_args(Teller) and way in get_args(Way):
            return cast(Teller, teller), cast(Way, way), rest
    return "", "", note
