from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.editions.models import Edition, Entrant, Round
from contest.infra.database import Tx
from contest.quiz import papers
from contest.quiz.models import COUNTED, LATE, Answer, Attempt


class AttemptView(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt as its owner may see it at any time: no key, no score."""

    id: int
    code: str
    round_id: int
    entrant_id: int
    entry_code: str
    number: int
    rules_version: int
    items: tuple[papers.Item, ...]
    started_at: datetime
    deadline_at: datetime
    final_at: datetime
    submitted_at: datetime | None
    submitted_by_itself: bool | None
    time_used_ms: int | None
    receipt: str | None
    flags: int

    def is_flagged(self, position: int) -> bool:
        return bool(self.flags >> position & 1)

    def is_over(self, now: datetime) -> bool:
        """Submitted, or nothing can count any more and the sweep is about to say so."""
        return self.submitted_at is not None or now > self.final_at


class CurrentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer that counts at a place; `value` as in models.Answer."""

    n: int
    value: int | None
    received_at: datetime


class OwnAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """A line in a person's list of attempts."""

    code: str
    round_id: int
    number: int
    started_at: datetime
    deadline_at: datetime
    final_at: datetime
    submitted_at: datetime | None
    receipt: str | None


_ATTEMPT_COLUMNS = (
    Attempt.id,
    Attempt.code,
    Attempt.round_id,
    Attempt.entrant_id,
    Entrant.entry_code,
    Attempt.number,
    Attempt.rules_version,
    Attempt.paper,
    Attempt.started_at,
    Attempt.deadline_at,
    Attempt.final_at,
    Attempt.submitted_at,
    Attempt.submitted_by_itself,
    Attempt.time_used_ms,
    Attempt.receipt,
    Attempt.flags,
)


def own_attempt(tx: Tx, attempt_code: str, account_id: int) -> AttemptView | None:
    """The attempt, if it is this person's."""
    row = tx.execute(
        sa.select(*_ATTEMPT_COLUMNS)
        .join(Entrant, Entrant.id == Attempt.entrant_id)
        .where(Attempt.code == attempt_code, Entrant.account_id == account_id)
    ).one_or_none()
    if row is None:
        return None
    facts = dict(row._mapping)
    return AttemptView(items=papers.decode(facts.pop("paper")), **facts)


def current_answers(tx: Tx, attempt_id: int) -> dict[int, CurrentAnswer]:
    """Place → the answer that counts; places without a counted save are absent."""
    rows = tx.execute(
        sa.select(Answer.position, Answer.n, Answer.value, Answer.received_at)
        .where(Answer.attempt_id == attempt_id, Answer.verdict == COUNTED)
        .order_by(Answer.position, Answer.n)
    )
    return {
        row.position: CurrentAnswer(n=row.n, value=row.value, received_at=row.received_at)
        for row in rows
    }


def late_answers(tx: Tx, attempt_id: int) -> int:
    """How many saves came after the deadline: kept, shown, not counted."""
    return tx.execute(
        sa.select(sa.func.count())
        .select_from(Answer)
        .where(Answer.attempt_id == attempt_id, Answer.verdict == LATE)
    ).scalar_one()


def own_attempts(tx: Tx, account_id: int, round_ids: Sequence[int]) -> list[OwnAttempt]:
    """A person's attempts of these rounds, by round and number."""
    rows = tx.execute(
        sa.select(
            Attempt.code,
            Attempt.round_id,
            Attempt.number,
            Attempt.started_at,
            Attempt.deadline_at,
            Attempt.final_at,
            Attempt.submitted_at,
            Attempt.receipt,
        )
        .join(Entrant, Entrant.id == Attempt.entrant_id)
        .where(Entrant.account_id == account_id, Attempt.round_id.in_(round_ids))
        .order_by(Attempt.round_id, Attempt.number)
    )
    return [OwnAttempt(**row._mapping) for row in rows]


def started_rounds(tx: Tx, edition_slug: str) -> set[str]:
    """Slugs of an edition's rounds in which somebody has started; their rules are locked."""
    rows = tx.execute(
        sa.select(Round.slug)
        .join(Edition, Edition.id == Round.edition_id)
        .where(
            Edition.slug == edition_slug,
            sa.exists().where(Attempt.round_id == Round.id),
        )
    )
    return set(rows.scalars())


class Participation(msgspec.Struct, frozen=True, kw_only=True):
    """What may be told of a round at any time: attempts, and how many are being answered now."""

    attempts: int
    submitted: int


def participation(tx: Tx, round_id: int) -> Participation:
    row = tx.execute(
        sa.select(sa.func.count(), sa.func.count(Attempt.submitted_at)).where(
            Attempt.round_id == round_id
        )
    ).one()
    return Participation(attempts=row[0], submitted=row[1])


def is_anything_open(tx: Tx, round_id: int) -> bool:
    """Whether an attempt of the round has not ended; then nothing may be settled or published."""
    return (
        tx.execute(
            sa.select(Attempt.id)
            .where(Attempt.round_id == round_id, Attempt.submitted_at.is_(None))
            .limit(1)
        ).scalar_one_or_none()
        is not None
    )
