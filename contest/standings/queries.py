from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from contest.editions.models import Entrant, Round
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.people import queries as people
from contest.quiz.models import Attempt
from contest.standings.models import Publication, Settlement, Standing
from contest.units import queries as units

PAGE = 50


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A round's official result. `valid` entrants are on the board, `perfect` had all right."""

    round_id: int
    settlement_id: int
    published_at: datetime
    attempts: int
    valid: int
    perfect: int
    truth: int | None


class BoardRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the board as anybody may see it; shared places share the number: 1, 2, 2, 4."""

    line: int
    place: int
    public_name: str
    unit: str
    score_milli: int
    distance: int | None
    ranking_time_ms: int
    entrant_id: int


class OwnStanding(msgspec.Struct, frozen=True, kw_only=True):
    line: int
    place: int
    attempt_id: int
    score_milli: int
    correct: int
    prediction: int | None
    distance: int | None
    ranking_time_ms: int
    sharing: int


class RoundProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a round is on its way to official, for the organiser."""

    settled_at: datetime | None
    valid: int | None
    perfect: int | None
    published_at: datetime | None


def publication(tx: Tx, round_id: int) -> Published | None:
    return publications(tx, [round_id]).get(round_id)


def publications(tx: Tx, round_ids: Collection[int]) -> dict[int, Published]:
    """Round → its official result, for those that have one."""
    rows = tx.execute(
        sa.select(
            Publication.round_id,
            Publication.settlement_id,
            Publication.published_at,
            Settlement.attempts,
            Settlement.valid,
            Settlement.perfect,
            Settlement.truth,
        )
        .join(Settlement, Settlement.id == Publication.settlement_id)
        .where(Publication.round_id.in_(round_ids))
    )
    return {row.round_id: Published(**row._mapping) for row in rows}


_ROWS = (
    sa.select(
        Standing.line,
        Standing.place,
        Standing.score_milli,
        Standing.distance,
        Standing.ranking_time_ms,
        Standing.entrant_id,
        Entrant.account_id,
        Entrant.entry_code,
        Entrant.ward_id,
    )
    .join(Entrant, Entrant.id == Standing.entrant_id)
    .order_by(Standing.line)
)


def board_lines(
    tx: Tx, result: Published, *, first: int, last: int, now: datetime
) -> list[BoardRow]:
    """Lines `first` to `last` of a published board, both included."""
    rows = tx.execute(
        _ROWS.where(
            Standing.settlement_id == result.settlement_id, Standing.line.between(first, last)
        )
    ).all()
    return _dressed(tx, rows, now)


def own_line(tx: Tx, result: Published, entrant_id: int, now: datetime) -> BoardRow | None:
    """An entrant's own line of the board."""
    rows = tx.execute(
        _ROWS.where(
            Standing.settlement_id == result.settlement_id, Standing.entrant_id == entrant_id
        )
    ).all()
    return next(iter(_dressed(tx, rows, now)), None)


def _dressed(tx: Tx, rows: Sequence[Any], now: datetime) -> list[BoardRow]:
    """Rows with the names that may be shown today, and the units' names."""
    names = people.shown_names(
        tx, [row.account_id for row in rows], on=now.astimezone(HANOI).date()
    )
    wards = units.unit_names(tx, {row.ward_id for row in rows if row.ward_id})
    return [
        BoardRow(
            line=row.line,
            place=row.place,
            public_name=names.get(row.account_id) or row.entry_code,
            # A unit that somebody typed is not shown: nobody has read it.
            unit=wards.get(row.ward_id, ""),
            score_milli=row.score_milli,
            distance=row.distance,
            ranking_time_ms=row.ranking_time_ms,
            entrant_id=row.entrant_id,
        )
        for row in rows
    ]


def own_standing(tx: Tx, result: Published, entrant_id: int) -> OwnStanding | None:
    """Where an entrant stands in a published round; None without a valid entry."""
    row = tx.execute(
        sa.select(
            Standing.line,
            Standing.place,
            Standing.attempt_id,
            Standing.score_milli,
            Standing.correct,
            Standing.prediction,
            Standing.distance,
            Standing.ranking_time_ms,
        ).where(Standing.settlement_id == result.settlement_id, Standing.entrant_id == entrant_id)
    ).one_or_none()
    if row is None:
        return None
    # Those who share a place stand in neighbouring lines; its number is their first line.
    after = tx.execute(
        sa.select(sa.func.max(Standing.line)).where(
            Standing.settlement_id == result.settlement_id,
            Standing.line >= row.place,
            Standing.place == row.place,
        )
    ).scalar_one()
    return OwnStanding(sharing=after - row.place + 1, **row._mapping)


def rounds_to_settle(tx: Tx, now: datetime) -> list[int]:
    """Closed rounds whose attempts have all ended and that have no settlement yet."""
    rows = tx.execute(
        sa.select(Round.id)
        .where(
            Round.closes_at <= now,
            sa.exists().where(Attempt.round_id == Round.id),
            ~sa.exists().where(Attempt.round_id == Round.id, Attempt.submitted_at.is_(None)),
            ~sa.exists().where(Settlement.round_id == Round.id, Settlement.is_ready.is_(True)),
        )
        .order_by(Round.closes_at)
    )
    return list(rows.scalars())


def progress(tx: Tx, round_id: int) -> RoundProgress:
    settled = tx.execute(
        sa.select(Settlement.settled_at, Settlement.valid, Settlement.perfect)
        .where(Settlement.round_id == round_id, Settlement.is_ready.is_(True))
        .order_by(Settlement.id.desc())
        .limit(1)
    ).one_or_none()
    published = publication(tx, round_id)
    return RoundProgress(
        settled_at=settled.settled_at if settled else None,
        valid=settled.valid if settled else None,
        perfect=settled.perfect if settled else None,
        published_at=published.published_at if published else None,
    )
