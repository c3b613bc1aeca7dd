"""Proposed rulings of a round, with the trial that shows the effect of each.

A proposal about a published round asks for its trial in its own transaction; a sweep asks for what
is missing or no longer true. Trials that nobody will look at again: leftovers.py.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from contest.infra.chance import Chance
from contest.infra.database import Tx
from contest.infra.jobs import enqueue
from contest.infra.tables import JobRow
from contest.rulings.models import Ruling
from contest.rulings.queries import RulingView
from contest.standings import commands
from contest.standings.models import Publication, Settlement
from contest.standings.trials import Effect

TrialState = Literal["computing", "outdated", "stuck", "ready"]


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """
    How far the trial of a proposal is; `effect` only of one that is ready.

    "outdated": something was decided since it was computed. "stuck": the job gave up.
    """

    state: TrialState
    effect: Effect | None = None


def propose(
    tx: Tx,
    *,
    proposal: Callable[..., RulingView],
    facts: Mapping[str, Any],
    chance: Chance,
    by: str,
    now: datetime,
) -> RulingView:
    """
    A proposal by one of the commands of `rulings`, and the wish for its trial, both or neither.

    `facts` are the command's own. Of a round that is not published no trial is made: its effect
    must not be seen. Raises what the command raises.
    """
    made = proposal(tx, **facts, by=by, chance=chance, now=now)
    ask_for_trial(tx, ruling_code=made.code, now=now)
    return made


def ask_for_trial(tx: Tx, *, ruling_code: str, now: datetime) -> None:
    """Asks for the trial of a published round's proposal, unless one is true or on its way."""
    if tx.execute(_OPEN.where(Ruling.code == ruling_code)).first() is None:
        return
    if _job_state(tx, ruling_code) is None and _ready_trial(tx, ruling_code) is None:
        enqueue(tx, commands.TRY_RULING, {"ruling": ruling_code}, now=now, dedup_key=ruling_code)


# Proposals that wait for a decision, of rounds that are published.
_OPEN = sa.select(Ruling.code).where(
    Ruling.decided_at.is_(None),
    Ruling.dropped_at.is_(None),
    sa.exists().where(Publication.round_id == Ruling.round_id),
)


def proposals_without_trial(tx: Tx) -> list[str]:
    """Codes of proposals whose effect is unknown, or was computed before the last decision."""
    return [
        code
        for code in tx.execute(_OPEN.order_by(Ruling.id)).scalars().all()
        if _job_state(tx, code) is None and _ready_trial(tx, code) is None
    ]


def trial(tx: Tx, proposal: RulingView) -> Trial:
    """What is known of the effect of a published round's proposal."""
    ready = _ready_trial(tx, proposal.code)
    if ready is not None:
        found = effect(tx, ready)
        # An effect that says nothing is one of a round that had no result: never shown.
        if found is not None:
            return Trial(state="ready", effect=found)
    if _job_state(tx, proposal.code) == "dead":
        return Trial(state="stuck")
    earlier = commands.ready_settlement(tx, proposal.round_id, ruling_id=proposal.id)
    return Trial(state="computing" if earlier is None else "outdated")


def effect(tx: Tx, settlement_id: int) -> Effect | None:
    """What a settlement changed; None for one that was never a trial."""
    text: str = tx.execute(
        sa.select(Settlement.effect).where(Settlement.id == settlement_id)
    ).scalar_one()
    return msgspec.json.decode(text, type=Effect) if text else None


def _ready_trial(tx: Tx, ruling_code: str) -> int | None:
    """The proposal's trial, if it knows all that was decided about the round."""
    row = tx.execute(sa.select(Ruling.id, Ruling.round_id).where(Ruling.code == ruling_code)).one()
    ready = commands.ready_settlement(tx, row.round_id, ruling_id=row.id)
    if (
        ready is None
        or ready.form < commands.FORM
        or ready.height < commands.basis(tx, row.round_id)
    ):
        return None
    return ready.id


def _job_state(tx: Tx, ruling_code: str) -> str | None:
    """State of the job that computes the trial: waiting, running, dead, or None for no job."""
    states = set(
        tx.execute(
            sa.select(JobRow.state).where(
                JobRow.kind == commands.TRY_RULING, JobRow.dedup_key == ruling_code
            )
        ).scalars()
    )
    return next((each for each in ("running", "waiting", "dead") if each in states), None)
