"""The prizes of a published round: who gets which, and how a shared place was dealt with."""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Final

import msgspec
import sqlalchemy as sa

from contest.editions.models import Entrant
from contest.editions.queries import EditionView
from contest.infra.database import Tx
from contest.people.contacts import masked_email, masked_phone
from contest.people.models import Account
from contest.rules.prizes import Award, award
from contest.rules.shape import IndividualPrize
from contest.standings.models import Standing
from contest.standings.queries import Published
from contest.units import queries as units

# Prizes have some ten positions; only a chain that separates nobody makes such a list.
LISTED_AT_MOST: Final = 2000
_IDS_A_STATEMENT: Final = 500


class PrizeLine(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who gets a prize. `prize` counts from 0 in the rules' list."""

    line: int
    place: int
    prize: int
    value_vnd: int
    entrant_id: int
    account_id: int
    entry_code: str
    score_milli: int
    ward_id: str | None


class PrizeGroup(msgspec.Struct, frozen=True, kw_only=True):
    """
    All who share a place, which fills the positions `place` to `last`.

    `spots` of these positions have a prize, `pot_vnd` is their money, `left_vnd` what sharing it
    leaves over.
    `crosses`: the positions are not all of one prize, so the rules' word on ties was needed.
    """

    place: int
    last: int
    spots: int
    prize: int
    value_vnd: int
    pot_vnd: int
    left_vnd: int
    crosses: bool
    lines: list[PrizeLine]

    @property
    def people(self) -> int:
        return self.last - self.place + 1


class PrizeResult(msgspec.Struct, frozen=True, kw_only=True):
    """
    A round's prizes. `groups` hold the first LISTED_AT_MOST people; the figures are of all.

    `budget_vnd` is the money of all positions: more is paid where everybody of a shared place gets
    the higher prize, less where there are fewer people than positions.
    """

    groups: list[PrizeGroup]
    people: int
    listed: int
    paid_vnd: int
    budget_vnd: int
    left_vnd: int

    def of_prize(self, index: int) -> list[PrizeGroup]:
        return [each for each in self.groups if each.prize == index]


class Winner(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody is, for the organiser's list alone: the contact is masked."""

    full_name: str
    birth_year: int
    ward: str
    contact: str


class _Spot(msgspec.Struct, frozen=True, gc=False):
    place: int
    key: int


def prizes_of(tx: Tx, result: Published, edition: EditionView) -> list[PrizeLine]:
    """Who gets a prize, in the order of the board; a shared place at the edge is there whole."""
    return [line for group in prize_result(tx, result, edition).groups for line in group.lines]


def prize_result(tx: Tx, result: Published, edition: EditionView) -> PrizeResult:
    """The prizes of an official result by the edition's rules, grouped by place."""
    rules = edition.document.rules.prizes
    positions = [index for index, prize in enumerate(rules.individual) for _ in range(prize.places)]
    budget = sum(rules.individual[index].value_vnd for index in positions)
    last = _last_with_prize(tx, result, len(positions))
    rows = tx.execute(
        _ROWS.where(
            Standing.settlement_id == result.settlement_id,
            Standing.line <= min(last, max(LISTED_AT_MOST, len(positions))),
        )
    ).all()
    spots = [_Spot(row.place, row.line) for row in rows]
    # Whoever is not read shares the place of the last one that is.
    spots += [_Spot(rows[-1].place, line) for line in range(len(rows) + 1, last + 1)]
    awards = award(spots, rules.individual, rules.tie_across_edge)
    groups = []
    paid = left = 0
    for place, members in groupby(awards, key=lambda each: each.place):
        of_group = list(members)
        group = _group(place, of_group, positions, rules.individual, rules.tie_across_edge)
        paid += group.value_vnd * len(of_group)
        left += group.left_vnd
        group.lines.extend(
            PrizeLine(
                line=row.line,
                place=place,
                prize=group.prize,
                value_vnd=group.value_vnd,
                entrant_id=row.entrant_id,
                account_id=row.account_id,
                entry_code=row.entry_code,
                score_milli=row.score_milli,
                ward_id=row.ward_id,
            )
            for row in rows[place - 1 : min(group.last, LISTED_AT_MOST)]
        )
        groups.append(group)
    return PrizeResult(
        groups=groups,
        people=len(awards),
        listed=sum(len(group.lines) for group in groups),
        paid_vnd=paid,
        budget_vnd=budget,
        left_vnd=left,
    )


_ROWS = (
    sa.select(
        Standing.line,
        Standing.place,
        Standing.entrant_id,
        Standing.score_milli,
        Standing.ward_id,
        Entrant.account_id,
        Entrant.entry_code,
    )
    .join(Entrant, Entrant.id == Standing.entrant_id)
    .order_by(Standing.line)
)


def _last_with_prize(tx: Tx, result: Published, positions: int) -> int:
    """The last line that has a prize: the position's own, or the last that shares its place."""
    if positions == 0 or result.valid <= positions:
        return result.valid if positions else 0
    of_board = Standing.settlement_id == result.settlement_id
    place = sa.select(Standing.place).where(of_board, Standing.line == positions).scalar_subquery()
    # In the order of the key, so that it stops at the first line after the group.
    after: int | None = tx.execute(
        sa.select(Standing.line)
        .where(of_board, Standing.line > positions, Standing.place != place)
        .order_by(Standing.line)
        .limit(1)
    ).scalar_one_or_none()
    return result.valid if after is None else after - 1


def _group(
    place: int,
    members: list[Award],
    positions: list[int],
    prizes: Collection[IndividualPrize],
    tie: str,
) -> PrizeGroup:
    values = [prize.value_vnd for prize in prizes]
    count = len(members)
    filled = positions[place - 1 : place - 1 + count]
    pot = sum(values[index] for index in filled)
    value = members[0].value_vnd
    return PrizeGroup(
        place=place,
        last=place + count - 1,
        spots=len(filled),
        prize=members[0].prize_index,
        value_vnd=value,
        pot_vnd=pot,
        left_vnd=pot - value * count if tie == "share-money" else 0,
        crosses=len(set(filled)) > 1 or len(filled) < count,
        lines=[],
    )


def winners(tx: Tx, lines: Collection[PrizeLine]) -> dict[int, Winner]:
    """Account → who it is, for the organiser's list; the ward is that of the entry."""
    wards = units.unit_names(tx, {line.ward_id for line in lines if line.ward_id})
    found = {}
    for part in _parts([line.entrant_id for line in lines]):
        for row in tx.execute(
            sa.select(
                Entrant.account_id,
                Entrant.ward_id,
                Entrant.ward_other,
                Account.full_name,
                Account.birth_date,
                Account.phone,
                Account.email,
            )
            .join(Account, Account.id == Entrant.account_id)
            .where(Entrant.id.in_(part))
        ):
            found[row.account_id] = Winner(
                full_name=row.full_name,
                birth_year=row.birth_date.year,
                ward=wards.get(row.ward_id, "") or row.ward_other,
                contact=masked_phone(row.phone) or masked_email(row.email),
            )
    return found


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _IDS_A_STATEMENT):
        yield ids[start : start + _IDS_A_STATEMENT]
