from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.editions.models import Edition, Entrant, Round
from contest.infra.clock import to_ms
from contest.infra.database import Tx
from contest.quiz import papers
from contest.quiz.models import COUNTED, LATE, Answer, Attempt
from contest.quiz.outages.queries import outages_of_round

_HOUR_MS = 3_600_000


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
    ranking_time_ms: int | None
    base_ms: int
    allowed_ms: int
    receipt: str | None
    flags: int
    annulled_at: datetime | None

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
    # An outage of ours has ended it: it does not count, and may be taken again.
    annulled_at: datetime | None


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
    Attempt.ranking_time_ms,
    Attempt.base_ms,
    Attempt.allowed_ms,
    Attempt.receipt,
    Attempt.flags,
    Attempt.annulled_at,
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
            Attempt.annulled_at,
        )
        .join(Entrant, Entrant.id == Attempt.entrant_id)
        .where(Entrant.account_id == account_id, Attempt.round_id.in_(round_ids))
        .order_by(Attempt.round_id, Attempt.number)
    )
    return [OwnAttempt(**row._mapping) for row in rows]


def has_unsubmitted(tx: Tx, account_id: int) -> bool:
    """Whether an attempt of the person has not ended, in whichever round."""
    found = tx.execute(
        sa.select(Attempt.id)
        .join(Entrant, Entrant.id == Attempt.entrant_id)
        .where(Entrant.account_id == account_id, Attempt.submitted_at.is_(None))
        .limit(1)
    )
    return found.first() is not None


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
    # Counted in the index alone: asking each of a million rows whether it was annulled takes
    # seconds. Those were counted when their outage was made good.
    started = tx.execute(
        sa.select(sa.func.count()).where(Attempt.round_id == round_id)
    ).scalar_one()
    attempts = started - sum(each.annulled for each in outages_of_round(tx, round_id))
    return Participation(attempts=attempts, submitted=attempts - running_now(tx, round_id))


def running_now(tx: Tx, round_id: int) -> int:
    """Attempts of the round that have not ended; they stand in a small index of their own."""
    return tx.execute(
        sa.select(sa.func.count()).where(
            Attempt.round_id == round_id,
            Attempt.submitted_at.is_(None),
            Attempt.annulled_at.is_(None),
        )
    ).scalar_one()


def started_before(tx: Tx, round_id: int, moment: datetime) -> int:
    """How many attempts of the round had been started by then, later annulled ones too."""
    return tx.execute(
        sa.select(sa.func.count()).where(Attempt.round_id == round_id, Attempt.started_at < moment)
    ).scalar_one()


def started_by_hour(tx: Tx, round_id: int, opens_at: datetime, hours: int) -> list[int]:
    """
    Attempts started in each of the round's first `hours` hours, later annulled ones too.

    A count of a range for each hour, not one grouping: ranges are read off the index as they
    stand, and a grouping would sort a million of them first.
    """
    if hours < 1:
        return []
    numbers = sa.select(sa.literal(0, sa.BigInteger).label("n")).cte("hours", recursive=True)
    numbers = numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < hours - 1))
    started_ms = sa.type_coerce(Attempt.started_at, sa.BigInteger)
    begins_ms = to_ms(opens_at) + numbers.c.n * _HOUR_MS
    count = (
        sa.select(sa.func.count())
        .select_from(Attempt)
        .where(
            Attempt.round_id == round_id,
            started_ms >= begins_ms,
            started_ms < begins_ms + _HOUR_MS,
        )
        .correlate(numbers)
        .scalar_subquery()
    )
    rows = tx.execute(sa.select(numbers.c.n, count.label("started")).order_by(numbers.c.n))
    return [row.started for row in rows]


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
