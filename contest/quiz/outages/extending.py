"""A round's close moved back for everybody, and what that gives to those who sit in it now."""

from datetime import datetime

import msgspec
import sqlalchemy as sa
import sqlalchemy.orm

from contest.editions.extensions import NewClose, move_close, planned_close
from contest.editions.queries import round_by_id
from contest.errors import NotFound
from contest.infra.clock import to_ms
from contest.infra.database import Tx
from contest.quiz.models import Attempt
from contest.quiz.queries import started_rounds


class PlannedExtension(msgspec.Struct, frozen=True, kw_only=True):
    """`given_time`: attempts that run now, were cut by the old close and get more time."""

    close: NewClose
    given_time: int


def planned_extension(
    tx: Tx, *, round_id: int, closes_at: datetime, reason: str, now: datetime
) -> PlannedExtension:
    """What extending the round would do; nothing is written. Raises as `planned_close` does."""
    close = planned_close(tx, round_id=round_id, closes_at=closes_at, reason=reason, now=now)
    given: int = tx.execute(
        sa.select(sa.func.count()).select_from(Attempt).where(*_cut_short(round_id, closes_at, now))
    ).scalar_one()
    return PlannedExtension(close=close, given_time=given)


def extend_round(
    tx: Tx,
    *,
    round_id: int,
    closes_at: datetime,
    reason: str,
    publishes_at: datetime | None = None,
    by: str,
    now: datetime,
) -> NewClose:
    """
    Moves the close of a round back for everybody; repeated, it does nothing.

    Attempts that run and were cut by the old close get their full time, up to the new one. What
    has ended stays ended, also of a round that was closed and opens again. Raises as
    `editions.extensions.planned_close` does.
    """
    found = round_by_id(tx, round_id)
    if found is None:
        raise NotFound("no-round")
    moved = move_close(
        tx,
        round_id=round_id,
        closes_at=closes_at,
        reason=reason,
        publishes_at=publishes_at,
        started_rounds=started_rounds(tx, found[0].slug),
        by=by,
        now=now,
    )
    if moved.is_new:
        ends = _full_time_ms(closes_at)
        tx.execute(
            sa.update(Attempt)
            .where(*_cut_short(round_id, closes_at, now))
            .values(
                deadline_at=ends,
                final_at=as_ms(Attempt.final_at) - as_ms(Attempt.deadline_at) + ends,
            )
        )
    return moved


def as_ms(column: sa.orm.InstrumentedAttribute[datetime]) -> sa.ColumnElement[int]:
    """A moment as the whole milliseconds it is kept in."""
    return sa.type_coerce(column, sa.BigInteger)


def _full_time_ms(closes_at: datetime) -> sa.ColumnElement[int]:
    """min(start + allowed, close), in the database."""
    whole = as_ms(Attempt.started_at) + Attempt.allowed_ms
    return sa.case((whole < to_ms(closes_at), whole), else_=to_ms(closes_at))


def _cut_short(round_id: int, closes_at: datetime, now: datetime) -> list[sa.ColumnElement[bool]]:
    """Attempts that run and would have more time with this close; nobody's gets shorter."""
    return [
        Attempt.round_id == round_id,
        Attempt.submitted_at.is_(None),
        Attempt.final_at >= now,
        as_ms(Attempt.deadline_at) < _full_time_ms(closes_at),
    ]
