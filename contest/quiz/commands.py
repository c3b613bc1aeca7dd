from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from contest.bank import queries as bank
from contest.bank.draw import NotEnough, draw
from contest.editions.entering import Person, check_admitted, enter
from contest.editions.extra_time import extra_time
from contest.editions.models import Entrant
from contest.editions.queries import round_by_id
from contest.errors import Closed, Conflict, NotFound, Unavailable
from contest.infra.chance import Chance, code
from contest.infra.database import Tx
from contest.quiz import papers, timing
from contest.quiz.models import Attempt
from contest.quiz.outages.planning import Taken, attempts_left
from contest.quiz.outages.queries import questions_of, reopened_for

CODE_LETTERS = 16
RECEIPT_LETTERS = 12
SWEEP_LIMIT = 500


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """`is_new` is False when the attempt that was already open is given back."""

    code: str
    deadline_at: datetime
    is_new: bool


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """How an attempt ended. `is_new` is False when it had ended before."""

    receipt: str
    submitted_at: datetime
    by_itself: bool
    time_used_ms: int
    is_new: bool


def start_attempt(
    tx: Tx,
    *,
    round_id: int,
    person: Person,
    chance: Chance,
    now: datetime,
) -> Started:
    """
    Draws the paper and starts the clock. An attempt already open is given back, so a second tap
    or a second device goes on with it.

    Whose attempt an outage of ours has annulled may start another until the round closes or the
    outage's `reopen_until`, whichever is later, with questions they have not seen there. Like
    extra time, that attempt has its whole time even where it then ends after the one or the
    other: what we took away is not cut a second time. The result waits for it.

    `now` is the receipt of the request. Raises Conflict with the eligibility's code or
    "consent-missing", Closed outside the round's time, Conflict("attempts-used"), Unavailable when
    the pool is short.
    """
    # The rules of this very moment: the lock keeps a change of them out until we have started.
    found = round_by_id(tx, round_id, lock=True)
    if found is None:
        raise NotFound("no-round")
    edition, round = found
    rules = edition.document.rules
    check_admitted(tx, edition, person, now=now)
    extra = extra_time(tx, edition.id, person.account_id)
    allowed = timing.allowed_time(rules.attempt.minutes, extra.percent if extra else 0)
    reopened = reopened_for(tx, person.account_id, [round.id]).get(round.id)
    is_whole = extra is not None or reopened is not None
    closes = max(round.closes_at, reopened or round.closes_at)
    window = timing.start_window(now, round.opens_at, closes, allowed, is_whole)
    if isinstance(window, timing.NotYet):
        raise Closed("round-not-open")
    entrant = enter(tx, edition_id=edition.id, person=person, chance=chance, now=now)
    # On PostgreSQL the lock makes two taps at once draw one paper; SQLite has one writer anyway.
    tx.execute(sa.select(Entrant.id).where(Entrant.id == entrant.id).with_for_update())
    earlier = tx.execute(
        sa.select(
            Attempt.code,
            Attempt.started_at,
            Attempt.deadline_at,
            Attempt.final_at,
            Attempt.submitted_at,
            Attempt.annulled_at,
            Attempt.paper,
        )
        .where(Attempt.round_id == round.id, Attempt.entrant_id == entrant.id)
        .order_by(Attempt.number)
    ).all()
    for each in earlier:
        if each.submitted_at is None and now <= each.final_at:
            return Started(code=each.code, deadline_at=each.deadline_at, is_new=False)
    if isinstance(window, timing.Closed):
        raise Closed("round-closed")
    taken = [
        Taken(started_at=each.started_at, is_annulled=each.annulled_at is not None)
        for each in earlier
    ]
    if not attempts_left(rules.attempt.attempts, taken, closes_at=round.closes_at, now=now):
        raise Conflict("attempts-used")
    seed = chance.octets(16).hex()
    candidates = bank.candidates(tx, round.rules.pool)
    seen = _questions_in(tx, [each.paper for each in earlier if each.annulled_at is not None])
    try:
        items = draw(seed, candidates, round.rules.blueprint, exclude=seen)
    except NotEnough as shortage:
        raise Unavailable("pool-short") from shortage
    types = bank.types_of(tx, [item.revision_id for item in items])
    ends = timing.deadline(now, allowed, closes, is_whole)
    attempt_code = code(chance, CODE_LETTERS)
    tx.execute(
        sa.insert(Attempt).values(
            code=attempt_code,
            round_id=round.id,
            entrant_id=entrant.id,
            number=len(earlier) + 1,
            rules_version=edition.version,
            seed=seed,
            paper=papers.encode(items, types),
            revisions=papers.packed_revisions(items),
            started_at=now,
            base_ms=timing.allowed_ms(rules.attempt.minutes),
            allowed_ms=timing.to_ms(allowed),
            deadline_at=ends,
            final_at=ends + timedelta(seconds=rules.attempt.grace_seconds),
        )
    )
    return Started(code=attempt_code, deadline_at=ends, is_new=True)


def _questions_in(tx: Tx, kept: Sequence[str]) -> set[str]:
    """The questions of these papers; without any, nothing is asked."""
    if not kept:
        return set()
    revisions = {item.revision_id for paper in kept for item in papers.decode(paper)}
    return set(questions_of(tx, revisions).values())


_OWN = (
    sa.select(Attempt)
    .join(Entrant, Entrant.id == Attempt.entrant_id)
    .where(
        Attempt.code == sa.bindparam("attempt_code"),
        Entrant.account_id == sa.bindparam("owner_id"),
    )
    .with_for_update(of=Attempt)
)

_SUBMIT = (
    sa.update(Attempt)
    .where(Attempt.id == sa.bindparam("attempt_id"), Attempt.submitted_at.is_(None))
    .values(
        submitted_at=sa.bindparam("at"),
        submitted_by_itself=sa.bindparam("by_itself"),
        time_used_ms=sa.bindparam("used"),
        ranking_time_ms=sa.bindparam("ranking"),
        receipt=sa.bindparam("new_receipt"),
    )
)


def submit_attempt(
    tx: Tx, *, attempt_code: str, account_id: int, received: datetime, chance: Chance
) -> Submitted:
    """
    Ends the attempt at the receipt of the request; repeated, it gives the same receipt back.

    One who is too late is told how the attempt ended by itself. Raises NotFound for an attempt
    that is not this person's.
    """
    row = tx.execute(_OWN, {"attempt_code": attempt_code, "owner_id": account_id}).one_or_none()
    if row is None:
        raise NotFound("no-attempt")
    if row.submitted_at is not None:
        return Submitted(
            receipt=row.receipt,
            submitted_at=row.submitted_at,
            by_itself=row.submitted_by_itself,
            time_used_ms=row.time_used_ms,
            is_new=False,
        )
    return _end(tx, row, received, chance)


def submit_due(tx: Tx, *, now: datetime, chance: Chance, limit: int = SWEEP_LIMIT) -> int:
    """
    Ends attempts whose time is over and whom nobody handed in, as of their own deadline.

    Returns how many; as many as `limit` means that more may wait.
    """
    rows = tx.execute(
        sa.select(Attempt)
        .where(Attempt.submitted_at.is_(None), Attempt.final_at < now)
        .order_by(Attempt.final_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        _end(tx, row, None, chance)
    return len(rows)


def _end(tx: Tx, row: sa.Row[Any], received: datetime | None, chance: Chance) -> Submitted:
    ended = timing.submission(
        received=received,
        started=row.started_at,
        deadline=row.deadline_at,
        grace=row.final_at - row.deadline_at,
        allowed=timedelta(milliseconds=row.allowed_ms),
        base=timedelta(milliseconds=row.base_ms),
    )
    receipt = code(chance, RECEIPT_LETTERS)
    tx.execute(
        _SUBMIT,
        {
            "attempt_id": row.id,
            "at": ended.at,
            "by_itself": ended.is_by_itself,
            "used": ended.time_used_ms,
            "ranking": ended.ranking_time_ms,
            "new_receipt": receipt,
        },
    )
    return Submitted(
        receipt=receipt,
        submitted_at=ended.at,
        by_itself=ended.is_by_itself,
        time_used_ms=ended.time_used_ms,
        is_new=True,
    )


_FLAG = (
    sa.update(Attempt)
    .where(Attempt.id == sa.bindparam("attempt_id"))
    .values(flags=sa.bindparam("new_flags"))
)


def flag_question(tx: Tx, *, attempt_code: str, account_id: int, position: int, on: bool) -> bool:
    """Sets or clears the mark "look at this again"; says whether it stands. Decides nothing."""
    row = tx.execute(_OWN, {"attempt_code": attempt_code, "owner_id": account_id}).one_or_none()
    if row is None or not 1 <= position <= len(papers.decode(row.paper)):
        raise NotFound("no-attempt")
    bit = 1 << position
    flags = row.flags | bit if on else row.flags & ~bit
    tx.execute(_FLAG, {"attempt_id": row.id, "new_flags": flags})
    return on
