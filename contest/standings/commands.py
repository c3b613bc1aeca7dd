from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from contest.editions.models import Round
from contest.errors import Conflict, NotFound
from contest.infra.database import Tx
from contest.ledger.commands import append
from contest.quiz import queries as quiz
from contest.standings.models import Publication, Settlement, Standing


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A line of a settlement as it is written; see models.Standing."""

    place: int
    entrant_id: int
    attempt_id: int
    score_milli: int
    correct: int
    prediction: int | None
    distance: int | None
    ranking_time_ms: int
    submitted_at: datetime


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    digest: str
    settled_at: datetime


def ready_settlement(tx: Tx, round_id: int) -> Ready | None:
    """The newest whole settlement of a round."""
    row = tx.execute(
        sa.select(Settlement.id, Settlement.digest, Settlement.settled_at)
        .where(Settlement.round_id == round_id, Settlement.is_ready.is_(True))
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
    now: datetime,
    facts: Mapping[str, Any],
) -> int:
    """Opens a settlement, nobody's yet; drops what an interrupted one has left."""
    unfinished = sa.select(Settlement.id).where(
        Settlement.round_id == round_id, Settlement.is_ready.is_(False)
    )
    tx.execute(sa.delete(Standing).where(Standing.settlement_id.in_(unfinished)))
    tx.execute(
        sa.delete(Settlement).where(Settlement.round_id == round_id, Settlement.is_ready.is_(False))
    )
    settlement_id: int = tx.execute(
        sa.insert(Settlement)
        .values(
            round_id=round_id,
            rules_version=rules_version,
            height=height,
            settled_at=now,
            is_ready=False,
            **facts,
        )
        .returning(Settlement.id)
    ).scalar_one()
    return settlement_id


_INSERT_LINE = sa.insert(Standing)


def write_lines(tx: Tx, *, settlement_id: int, first: int, lines: Sequence[Line]) -> None:
    """Some lines of a settlement, numbered from `first`."""
    tx.execute(
        _INSERT_LINE,
        [
            {"settlement_id": settlement_id, "line": number, **msgspec.structs.asdict(line)}
            for number, line in enumerate(lines, start=first)
        ],
    )


def finish_settlement(tx: Tx, *, settlement_id: int, round_id: int, now: datetime) -> None:
    """Makes the settlement the round's, all at once, and writes that down."""
    row = tx.execute(
        sa.update(Settlement)
        .where(Settlement.id == settlement_id)
        .values(is_ready=True)
        .returning(Settlement.digest, Settlement.valid)
    ).one_or_none()
    if row is None:
        # Another settlement of the round began meanwhile and will finish instead.
        raise Conflict("not-settled")
    append(
        tx,
        kind="standings.settle",
        subject=f"round:{round_id}",
        by="system",
        now=now,
        facts={"digest": row.digest, "valid": row.valid},
    )


def publish_round(tx: Tx, *, round_id: int, by: str, now: datetime) -> datetime:
    """
    Makes the round's settlement official; the act of an organiser. Repeated, it changes nothing.

    Returns when it was published. Raises Conflict("not-settled") while the round is open, an
    attempt has not ended or no settlement is ready.
    """
    closes_at = tx.execute(
        sa.select(Round.closes_at).where(Round.id == round_id).with_for_update()
    ).scalar_one_or_none()
    if closes_at is None:
        raise NotFound("no-round")
    before = tx.execute(
        sa.select(Publication.published_at).where(Publication.round_id == round_id)
    ).scalar_one_or_none()
    if before is not None:
        return before
    ready = ready_settlement(tx, round_id)
    if ready is None or now < closes_at or quiz.is_anything_open(tx, round_id):
        raise Conflict("not-settled")
    height = append(
        tx,
        kind="standings.publish",
        subject=f"round:{round_id}",
        by=by,
        now=now,
        facts={"digest": ready.digest},
    )
    tx.execute(
        sa.insert(Publication).values(
            round_id=round_id,
            settlement_id=ready.id,
            published_at=now,
            published_by=by,
            height=height,
        )
    )
    return now
