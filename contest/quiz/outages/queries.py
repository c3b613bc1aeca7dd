from collections.abc import Collection
from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.bank import queries as bank
from contest.editions.models import Entrant
from contest.infra.database import Tx
from contest.quiz.models import Attempt
from contest.quiz.outages.models import ANNULLED, Outage, OutageAttempt


class OutageView(msgspec.Struct, frozen=True, kw_only=True):
    """An outage as the rules page tells it: when, why, and what was given back to how many."""

    code: str
    round_id: int
    began_at: datetime
    ended_at: datetime
    reopen_until: datetime | None
    reason: str
    extended: int
    annulled: int
    decided_at: datetime


def outages_of_round(tx: Tx, round_id: int) -> list[OutageView]:
    """All outages of a round that were made good, in the order of the decisions."""
    return outages_of_rounds(tx, [round_id])


def outages_of_rounds(tx: Tx, round_ids: Collection[int]) -> list[OutageView]:
    """All outages of these rounds that were made good, in the order of the decisions."""
    rows = tx.execute(
        sa.select(
            Outage.code,
            Outage.round_id,
            Outage.began_at,
            Outage.ended_at,
            Outage.reopen_until,
            Outage.reason,
            Outage.extended,
            Outage.annulled,
            Outage.decided_at,
        )
        .where(Outage.round_id.in_(round_ids))
        .order_by(Outage.id)
    )
    return [OutageView(**row._mapping) for row in rows]


def reopened_until(tx: Tx, round_id: int) -> datetime | None:
    """Until when somebody may take an attempt of the round again; None where nobody may."""
    return tx.execute(
        sa.select(sa.func.max(Outage.reopen_until)).where(Outage.round_id == round_id)
    ).scalar_one()


_REOPENED_FOR = (
    sa.select(Outage.round_id, sa.func.max(Outage.reopen_until))
    .join(OutageAttempt, OutageAttempt.outage_id == Outage.id)
    .join(Attempt, Attempt.id == OutageAttempt.attempt_id)
    .join(Entrant, Entrant.id == Attempt.entrant_id)
    .where(
        Entrant.account_id == sa.bindparam("account"),
        Attempt.round_id.in_(sa.bindparam("rounds", expanding=True)),
        Attempt.annulled_at.is_not(None),
        OutageAttempt.effect == ANNULLED,
    )
    .group_by(Outage.round_id)
)


def reopened_for(tx: Tx, account_id: int, round_ids: Collection[int]) -> dict[int, datetime]:
    """Round → until when this person may start again what an outage has ended; others absent."""
    rows = tx.execute(_REOPENED_FOR, {"account": account_id, "rounds": list(round_ids)})
    return {round_id: until for round_id, until in rows if until is not None}


def questions_of(tx: Tx, revision_ids: Collection[int]) -> dict[int, str]:
    """Revision → its question."""
    return {each.revision_id: each.question_id for each in bank.bodies(tx, revision_ids).values()}
