"""How many people of which ward and school entered, took part and stand where.

Each query walks a whole edition or round and gives a row a place: there are some hundred places,
whoever asks. So a page asks for all of them, keeps them for a while and takes its own part.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from contest.editions.models import Entrant
from contest.editions.queries import EditionView
from contest.infra.database import Tx
from contest.people.models import Account
from contest.quiz.models import Attempt
from contest.standings.models import Standing
from contest.standings.prizes import prizes_of
from contest.standings.queries import Published

ADULT_AGE: Final = 18
_IDS_A_STATEMENT: Final = 500


class Place(msgspec.Struct, frozen=True):
    """
    Where an entry counts: the ward and the school of the entrant, as fixed at the first start.

    Where there is none of the list, `ward_is_typed` and `school_is_typed` say whether one was
    written in words.
    """

    ward_id: str | None
    ward_is_typed: bool
    school_id: str | None
    school_is_typed: bool


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """People who have begun their first attempt; `minors` of them are under 18 on the day asked."""

    place: Place
    people: int
    minors: int


class TookPart(msgspec.Struct, frozen=True, kw_only=True):
    """People of a round with an attempt that was handed in and stands."""

    place: Place
    round_id: int
    submitted: int


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """Those of a published board: how many, the sum of their scores, the best place, prizes."""

    place: Place
    valid: int
    score_milli: int
    best: int
    prizes: int


# A literal and not a parameter: PostgreSQL takes two parameters for two different expressions.
_EMPTY: sa.ColumnElement[str] = sa.literal_column("''")
_PLACE = (
    Entrant.ward_id,
    (Entrant.ward_other != _EMPTY).label("ward_is_typed"),
    Entrant.school_id,
    (Entrant.school_other != _EMPTY).label("school_is_typed"),
)
_BY_PLACE = (
    Entrant.ward_id,
    Entrant.ward_other != _EMPTY,
    Entrant.school_id,
    Entrant.school_other != _EMPTY,
)


def _place(row: Any) -> Place:
    return Place(
        row.ward_id,
        row.ward_id is None and bool(row.ward_is_typed),
        row.school_id,
        row.school_id is None and bool(row.school_is_typed),
    )


def born_after(on: date) -> date:
    """Whoever was born after this day is a minor on `on` (rules/eligibility.age_on)."""
    year = on.year - ADULT_AGE
    # In a leap year nobody turns 18 on its last day of February who was born in a common year.
    return date(year, 2, 28) if (on.month, on.day) == (2, 29) else on.replace(year=year)


def entered(tx: Tx, edition_id: int, on: date) -> list[Entered]:
    """All entrants of an edition by place; minors on the day `on`."""
    is_minor = sa.case((Account.birth_date > born_after(on), 1), else_=0)
    rows = tx.execute(
        sa.select(*_PLACE, sa.func.count().label("people"), sa.func.sum(is_minor).label("minors"))
        .join(Account, Account.id == Entrant.account_id)
        .where(Entrant.edition_id == edition_id)
        .group_by(*_BY_PLACE)
    )
    return [Entered(place=_place(row), people=row.people, minors=int(row.minors)) for row in rows]


def took_part(tx: Tx, round_ids: Collection[int]) -> list[TookPart]:
    """Those who handed in, each once a round, however many attempts they had."""
    rows = tx.execute(
        sa.select(
            Attempt.round_id,
            *_PLACE,
            sa.func.count(sa.distinct(Attempt.entrant_id)).label("submitted"),
        )
        .join(Entrant, Entrant.id == Attempt.entrant_id)
        .where(
            Attempt.round_id.in_(list(round_ids)),
            Attempt.submitted_at.is_not(None),
            Attempt.annulled_at.is_(None),
        )
        .group_by(Attempt.round_id, *_BY_PLACE)
    )
    return [
        TookPart(place=_place(row), round_id=row.round_id, submitted=row.submitted) for row in rows
    ]


def placed(tx: Tx, result: Published, edition: EditionView) -> list[Placed]:
    """The official board of a round by place."""
    prizes = _prizes(tx, [line.entrant_id for line in prizes_of(tx, result, edition)])
    rows = tx.execute(
        sa.select(
            *_PLACE,
            sa.func.count().label("valid"),
            sa.func.sum(Standing.score_milli).label("score_milli"),
            sa.func.min(Standing.place).label("best"),
        )
        .join(Entrant, Entrant.id == Standing.entrant_id)
        .where(Standing.settlement_id == result.settlement_id)
        .group_by(*_BY_PLACE)
    )
    return [
        Placed(
            place=(place := _place(row)),
            valid=row.valid,
            score_milli=int(row.score_milli),
            best=row.best,
            # Each place once: what was taken is gone.
            prizes=prizes.pop(place, 0),
        )
        for row in rows
    ]


def _prizes(tx: Tx, entrant_ids: Sequence[int]) -> dict[Place, int]:
    found: dict[Place, int] = {}
    for start in range(0, len(entrant_ids), _IDS_A_STATEMENT):
        some = entrant_ids[start : start + _IDS_A_STATEMENT]
        for row in tx.execute(sa.select(*_PLACE).where(Entrant.id.in_(some))):
            place = _place(row)
            found[place] = found.get(place, 0) + 1
    return found
