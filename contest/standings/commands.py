from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from contest.editions.models import Round
from contest.errors import Conflict, NotFound
from contest.infra.database import Tx
from contest.infra.jobs import enqueue
from contest.ledger import queries as ledger
from contest.ledger.commands import append
from contest.quiz import queries as quiz
from contest.quiz.outages.queries import reopened_until
from contest.rulings import commands as rulings
from contest.rulings.queries import RulingView
from contest.standings.leftovers import IS_OVERTAKEN
from contest.standings.models import (
    BoardBlock,
    BoardGroup,
    EntrantLine,
    Publication,
    QuestionFigure,
    Settlement,
    Standing,
    Tie,
)

# How settlements are kept; one of an older form is computed again (see jobs.sweep_closed_rounds).
FORM = 2
# The jobs that follow an act; run by standings/jobs.py.
TRY_RULING = "standings.try_ruling"
TELL_CONCERNED = "standings.tell_concerned"


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    digest: str
    height: int
    form: int
    settled_at: datetime


def basis(tx: Tx, round_id: int) -> int:
    """The height up to which a settlement must know what was decided about the round."""
    return ledger.newest_height(tx, f"round:{round_id}", besides="standings.")


def ready_settlement(tx: Tx, round_id: int, *, ruling_id: int | None = None) -> Ready | None:
    """The newest whole settlement of a round; with `ruling_id` the newest trial of that ruling."""
    which = (
        Settlement.is_trial.is_(False)
        if ruling_id is None
        else sa.and_(Settlement.is_trial.is_(True), Settlement.ruling_id == ruling_id)
    )
    row = tx.execute(
        sa.select(
            Settlement.id,
            Settlement.digest,
            Settlement.height,
            Settlement.form,
            Settlement.settled_at,
        )
        .where(Settlement.round_id == round_id, Settlement.is_ready.is_(True), which)
        .order_by(Settlement.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Ready(**row._mapping)


def begin_settlement(
    tx: Tx,
    *,
    round_id: int,
    rules_version: int,
    height: int,
    ruling_id: int | None,
    now: datetime,
    facts: Mapping[str, Any],
) -> int:
    """
    Opens a settlement, nobody's yet. With `ruling_id` it is a trial of that proposal.

    What an interrupted one has left stays until this one is ready; see leftovers.py.
    """
    settlement_id: int = tx.execute(
        sa.insert(Settlement)
        .values(
            round_id=round_id,
            rules_version=rules_version,
            height=height,
            settled_at=now,
            is_ready=False,
            is_trial=ruling_id is not None,
            ruling_id=ruling_id,
            form=FORM,
            **facts,
        )
        .returning(Settlement.id)
    ).scalar_one()
    return settlement_id


def finish_settlement(
    tx: Tx, *, settlement_id: int, round_id: int, effect: str, now: datetime
) -> None:
    """
    Makes the settlement the round's, all at once, and writes that down.

    A trial is only made ready to look at. Where a published settlement of an older form comes to
    the same places, the publication goes on with this one. Raises Conflict("not-settled") when
    another that began later was ready before.
    """
    row = tx.execute(
        sa.update(Settlement)
        .where(Settlement.id == settlement_id, ~IS_OVERTAKEN)
        .values(is_ready=True, effect=effect)
        .returning(Settlement.digest, Settlement.valid, Settlement.is_trial)
    ).one_or_none()
    if row is None:
        # Our lease ran out and another worker settled the round; ours is being removed.
        raise Conflict("not-settled")
    if row.is_trial:
        return
    _carry_on(tx, settlement_id, round_id)
    append(
        tx,
        kind="standings.settle",
        subject=f"round:{round_id}",
        by="system",
        now=now,
        facts={"digest": row.digest, "valid": row.valid},
    )


def _carry_on(tx: Tx, settlement_id: int, round_id: int) -> None:
    published = tx.execute(
        sa.select(Publication.number, Publication.settlement_id, Settlement.form, Settlement.valid)
        .join(Settlement, Settlement.id == Publication.settlement_id)
        .where(Publication.round_id == round_id)
        .order_by(Publication.number.desc())
        .limit(1)
    ).one_or_none()
    if published is None or published.form >= FORM:
        return
    old, new = sa.alias(Standing.__table__), sa.alias(Standing.__table__)
    same = tx.execute(
        sa.select(sa.func.count())
        .select_from(old)
        .join(
            EntrantLine,
            sa.and_(
                EntrantLine.settlement_id == settlement_id,
                EntrantLine.entrant_id == old.c.entrant_id,
            ),
        )
        .join(
            new,
            sa.and_(
                new.c.settlement_id == settlement_id,
                new.c.line == EntrantLine.line,
                new.c.place == old.c.place,
                new.c.score_milli == old.c.score_milli,
            ),
        )
        .where(old.c.settlement_id == published.settlement_id)
    ).scalar_one()
    if same == published.valid:
        tx.execute(
            sa.update(Publication)
            .where(Publication.round_id == round_id, Publication.number == published.number)
            .values(settlement_id=settlement_id)
        )


def publish_round(tx: Tx, *, round_id: int, by: str, now: datetime) -> datetime:
    """
    Makes the round's settlement official; the act of an organiser. Repeated, it changes nothing.

    Returns when it was published. Raises Conflict("not-settled") while the round is open, an
    attempt has not ended, may still be taken again, or no settlement knows the last decision.
    """
    closes_at = tx.execute(
        sa.select(Round.closes_at).where(Round.id == round_id).with_for_update()
    ).scalar_one_or_none()
    if closes_at is None:
        raise NotFound("no-round")
    before = tx.execute(
        sa.select(Publication.published_at).where(
            Publication.round_id == round_id, Publication.number == 1
        )
    ).scalar_one_or_none()
    if before is not None:
        return before
    ready = ready_settlement(tx, round_id)
    if (
        ready is None
        or ready.height < basis(tx, round_id)
        or not is_over(tx, round_id, closes_at, now)
    ):
        raise Conflict("not-settled")
    height = append(
        tx,
        kind="standings.publish",
        subject=f"round:{round_id}",
        by=by,
        now=now,
        facts={"digest": ready.digest},
    )
    _make_official(
        tx, round_id, number=1, settlement_id=ready.id, ruling_id=None, by=by, now=now, at=height
    )
    return now


def is_over(tx: Tx, round_id: int, closes_at: datetime, now: datetime) -> bool:
    """Closed, every attempt ended, and nobody may take one again any more."""
    until = reopened_until(tx, round_id)
    return (
        now >= closes_at
        and (until is None or now >= until)
        and not quiz.is_anything_open(tx, round_id)
    )


def decide_ruling(tx: Tx, *, ruling_code: str, by: str, now: datetime) -> RulingView:
    """
    Puts a proposed ruling in force; repeated, it changes nothing.

    Of a published round the result changes with it, in this transaction: the trial that was
    looked at becomes the official settlement. Of any other round the result is computed again
    before it can be published. Raises Conflict("trial-not-ready") before the trial is computed
    and Conflict("trial-outdated") when something was decided since it was.
    """
    proposed = rulings.lock_ruling(tx, ruling_code)
    if proposed.decided_at is not None:
        return proposed
    tx.execute(sa.select(Round.id).where(Round.id == proposed.round_id).with_for_update())
    newest: int | None = tx.execute(
        sa.select(sa.func.max(Publication.number)).where(Publication.round_id == proposed.round_id)
    ).scalar_one()
    trial = ready_settlement(tx, proposed.round_id, ruling_id=proposed.id)
    if newest is None:
        return rulings.decide_ruling(tx, ruling_code=ruling_code, by=by, now=now)
    if trial is None or trial.form < FORM:
        raise Conflict("trial-not-ready")
    if trial.height < basis(tx, proposed.round_id):
        raise Conflict("trial-outdated")
    decided = rulings.decide_ruling(tx, ruling_code=ruling_code, by=by, now=now)
    height = append(
        tx,
        kind="standings.adjust",
        subject=f"round:{decided.round_id}",
        by=by,
        now=now,
        facts={"digest": trial.digest, "ruling": decided.code},
    )
    tx.execute(
        sa.update(Settlement)
        .where(Settlement.id == trial.id)
        .values(is_trial=False, height=decided.height)
    )
    _make_official(
        tx,
        decided.round_id,
        number=newest + 1,
        settlement_id=trial.id,
        ruling_id=decided.id,
        by=by,
        now=now,
        at=height,
    )
    enqueue(
        tx,
        TELL_CONCERNED,
        {"round_id": decided.round_id, "number": newest + 1},
        now=now,
        dedup_key=f"{decided.round_id}:{newest + 1}",
    )
    return decided


def _make_official(
    tx: Tx,
    round_id: int,
    *,
    number: int,
    settlement_id: int,
    ruling_id: int | None,
    by: str,
    now: datetime,
    at: int,
) -> None:
    tx.execute(
        sa.insert(Publication).values(
            round_id=round_id,
            number=number,
            settlement_id=settlement_id,
            ruling_id=ruling_id,
            published_at=now,
            published_by=by,
            height=at,
        )
    )


def write_rows(tx: Tx, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Some rows of a settlement in one of its tables, each in the order of WRITTEN[table]."""
    tx.exec_driver_sql(_insert_statement(tx, table), rows)


# What a settlement writes, by table: many rows, so as plain tuples.
WRITTEN: dict[str, tuple[str, ...]] = {
    model.__tablename__: tuple(column.name for column in model.__table__.columns)
    for model in (Standing, EntrantLine, Tie, BoardGroup, BoardBlock, QuestionFigure)
}


def _insert_statement(tx: Tx, table: str) -> str:
    names = WRITTEN[table]
    quoted = ", ".join(f'"{name}"' for name in names)
    mark = "?" if tx.dialect.name == "sqlite" else "%s"
    return f"insert into {table} ({quoted}) values ({', '.join([mark] * len(names))})"
