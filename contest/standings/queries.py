from collections.abc import Collection
from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.editions.models import Round
from contest.editions.queries import EditionView, RoundView, round_by_slugs
from contest.errors import Closed
from contest.infra.database import Tx
from contest.quiz.models import Attempt
from contest.standings import commands
from contest.standings.models import EntrantLine, Publication, Settlement, Standing, Tie


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """
    A round's official result. `valid` entrants are on the board, `perfect` had all right.

    `number` counts the acts: above 1 the result was adjusted, at `adjusted_at`, by the ruling
    `ruling_id`; `published_at` is the first act.
    """

    round_id: int
    number: int
    settlement_id: int
    ruling_id: int | None
    published_at: datetime
    adjusted_at: datetime | None
    height: int
    disqualified: int
    attempts: int
    valid: int
    perfect: int
    truth: int | None


class OwnStanding(msgspec.Struct, frozen=True, kw_only=True):
    line: int
    place: int
    attempt_id: int
    score_milli: int
    correct: int
    prediction: int | None
    distance: int | None
    ranking_time_ms: int


class RoundProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a round is on its way to official, for the organiser."""

    settled_at: datetime | None
    valid: int | None
    perfect: int | None
    published_at: datetime | None


def publication(tx: Tx, round_id: int) -> Published | None:
    return publications(tx, [round_id]).get(round_id)


def official_round(
    tx: Tx, edition_slug: str, slug: str
) -> tuple[EditionView, RoundView, Published]:
    """
    A round by its address, with the result that holds.

    Raises NotFound("no-round"), Closed("not-published").
    """
    edition, this = round_by_slugs(tx, edition_slug, slug)
    result = publication(tx, this.id)
    if result is None:
        raise Closed("not-published")
    return edition, this, result


def publications(tx: Tx, round_ids: Collection[int]) -> dict[int, Published]:
    """Round → the official result that holds, for those that have one."""
    history = publication_history(tx, round_ids)
    return {each.round_id: each for each in history}


def publication_history(tx: Tx, round_ids: Collection[int]) -> list[Published]:
    """Every official result these rounds had, each round's in the order of the acts."""
    rows = tx.execute(
        sa.select(
            Publication.round_id,
            Publication.number,
            Publication.settlement_id,
            Publication.ruling_id,
            Publication.published_at,
            Publication.height,
            Settlement.attempts,
            Settlement.valid,
            Settlement.perfect,
            Settlement.disqualified,
            Settlement.truth,
        )
        .join(Settlement, Settlement.id == Publication.settlement_id)
        .where(Publication.round_id.in_(round_ids))
        .order_by(Publication.round_id, Publication.number)
    ).mappings()
    found: list[Published] = []
    first: dict[int, datetime] = {}
    for row in rows:
        facts = dict(row)
        at = facts.pop("published_at")
        published_at = first.setdefault(row["round_id"], at)
        adjusted_at = at if row["number"] > 1 else None
        found.append(Published(published_at=published_at, adjusted_at=adjusted_at, **facts))
    return found


# Constants: built and compiled anew at each call they cost ten times the look-up itself.
_OWN_STANDING = (
    sa.select(
        Standing.line,
        Standing.place,
        Standing.attempt_id,
        Standing.score_milli,
        Standing.correct,
        Standing.prediction,
        Standing.distance,
        Standing.ranking_time_ms,
    )
    .select_from(EntrantLine)
    .join(
        Standing,
        sa.and_(
            Standing.settlement_id == EntrantLine.settlement_id, Standing.line == EntrantLine.line
        ),
    )
    .where(
        EntrantLine.settlement_id == sa.bindparam("settlement"),
        EntrantLine.entrant_id == sa.bindparam("entrant"),
    )
)
# A place is the number of its first line, and so the key of the tie of those who share it.
_LAST_OF_PLACE = sa.select(Tie.last_line).where(
    Tie.settlement_id == sa.bindparam("settlement"),
    Tie.step == sa.bindparam("steps"),
    Tie.first_line == sa.bindparam("place"),
)


def own_standing(tx: Tx, result: Published, entrant_id: int) -> OwnStanding | None:
    """Where an entrant stands in a published round; None without a valid entry."""
    row = tx.execute(
        _OWN_STANDING, {"settlement": result.settlement_id, "entrant": entrant_id}
    ).one_or_none()
    return None if row is None else OwnStanding(**row._mapping)


def sharing(tx: Tx, result: Published, place: int, *, steps: int) -> int:
    """How many share a place, oneself included; `steps`: how many the rules' chain has."""
    last: int | None = tx.execute(
        _LAST_OF_PLACE, {"settlement": result.settlement_id, "steps": steps, "place": place}
    ).scalar()
    return (last or place) - place + 1


def line_of(settlement_id: int, entrant_id: int) -> sa.ScalarSelect[int]:
    """Where an entrant's line is, to be compared with Standing.line."""
    return (
        sa.select(EntrantLine.line)
        .where(EntrantLine.settlement_id == settlement_id, EntrantLine.entrant_id == entrant_id)
        .scalar_subquery()
    )


def rounds_to_settle(tx: Tx, now: datetime) -> list[int]:
    """Closed rounds whose attempts have all ended and whose settlement does not know all yet."""
    rows = tx.execute(
        sa.select(Round.id, Round.closes_at)
        .where(Round.closes_at <= now, sa.exists().where(Attempt.round_id == Round.id))
        .order_by(Round.closes_at)
    ).all()
    found = []
    for row in rows:
        ready = commands.ready_settlement(tx, row.id)
        is_known = (
            ready is not None
            and ready.form >= commands.FORM
            and ready.height >= commands.basis(tx, row.id)
        )
        if not is_known and commands.is_over(tx, row.id, row.closes_at, now):
            found.append(row.id)
    return found


def progress(tx: Tx, round_id: int) -> RoundProgress:
    ready = commands.ready_settlement(tx, round_id)
    settled = None
    # One that does not know the last decision is on its way to be computed again.
    if ready is not None and ready.height >= commands.basis(tx, round_id):
        settled = tx.execute(
            sa.select(Settlement.settled_at, Settlement.valid, Settlement.perfect).where(
                Settlement.id == ready.id
            )
        ).one()
    published = publication(tx, round_id)
    return RoundProgress(
        settled_at=settled.settled_at if settled else None,
        valid=settled.valid if settled else None,
        perfect=settled.perfect if settled else None,
        published_at=published.published_at if published else None,
    )
