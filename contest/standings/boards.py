"""The lines of a published board: a page of it, of a part of it, one's own; as the public may see
them today."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from contest.editions.models import Entrant
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.people import queries as people
from contest.people.consent import NAME_ON_BOARDS, SCHOOL_ON_BOARDS
from contest.rules.ages import FEWEST_MINORS, MINORS, UNKNOWN_AGE
from contest.standings import lists
from contest.standings.models import BoardGroup, Standing
from contest.standings.queries import Published, line_of
from contest.units import queries as units
from contest.units.models import Unit

PAGE = 50


class BoardRow(msgspec.Struct, frozen=True, kw_only=True):
    """
    A line of the board as anybody may see it; shared places share the number: 1, 2, 2, 4.

    `part_place` counts only those whom a filter leaves, where there is one. `school`: "" unless
    the person agreed to show it.
    """

    line: int
    place: int
    public_name: str
    unit: str
    score_milli: int
    distance: int | None
    ranking_time_ms: int
    entrant_id: int
    entry_code: str
    is_named: bool
    school: str = ""
    part_place: int | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a filter leaves: those of a ward, of an age group (rules/ages.py), or of both."""

    ward_id: str | None = None
    age_group: int | None = None

    def __bool__(self) -> bool:
        return self.ward_id is not None or self.age_group is not None


class Ward(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str


class Groups(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a board can be filtered by: wards in Vietnamese order, age groups; both with lines only.

    `counts`: (ward or "", age group) → lines.
    """

    wards: list[Ward]
    ages: list[int]
    counts: dict[tuple[str, int], int]

    def is_withheld(self, part: Part) -> bool:
        """Whether `part` is so few minors of one ward that a list would point at a child."""
        return (
            part.ward_id is not None
            and part.age_group in MINORS
            and self.lines(part) < FEWEST_MINORS
        )

    def lines(self, part: Part) -> int:
        return sum(
            lines
            for (ward_id, age), lines in self.counts.items()
            if part.ward_id in (None, ward_id) and part.age_group in (None, age)
        )


ROWS = (
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
        Entrant.school_id,
    )
    .join(Entrant, Entrant.id == Standing.entrant_id)
    .order_by(Standing.line)
)


def board_lines(
    tx: Tx, result: Published, *, first: int, last: int, now: datetime
) -> list[BoardRow]:
    """Lines `first` to `last` of a published board, both included."""
    rows = tx.execute(
        ROWS.where(
            Standing.settlement_id == result.settlement_id, Standing.line.between(first, last)
        )
    ).all()
    return dressed(tx, rows, now)


def groups(tx: Tx, result: Published) -> Groups:
    """What the lines of a board can be filtered by."""
    rows = tx.execute(
        sa.select(BoardGroup.ward_id, BoardGroup.age_group, BoardGroup.lines, Unit.name)
        .outerjoin(Unit, Unit.id == BoardGroup.ward_id)
        .where(BoardGroup.settlement_id == result.settlement_id)
        .order_by(Unit.sort_key, BoardGroup.ward_id)
    ).all()
    # A unit that somebody typed is nobody's choice: one ward "" for all of them, without a name.
    names = {row.ward_id: row.name for row in rows if row.name is not None}
    return Groups(
        wards=[Ward(id=ward_id, name=name) for ward_id, name in names.items()],
        ages=sorted({row.age_group for row in rows if row.age_group != UNKNOWN_AGE}),
        counts={(row.ward_id, row.age_group): row.lines for row in rows},
    )


def part_lines(
    tx: Tx, result: Published, part: Part, *, skip: int, now: datetime
) -> list[BoardRow]:
    """A page of those whom a filter leaves, after the first `skip`, with both their places."""
    name = lists.list_name(part.ward_id, part.age_group)
    wanted = lists.lines_of(tx, result.settlement_id, name, skip=skip, count=PAGE)
    if not wanted:
        return []
    rows = tx.execute(
        ROWS.where(Standing.settlement_id == result.settlement_id, Standing.line.in_(wanted))
    ).all()
    # Those before this page may share its first place: a place is the number of its first line.
    before = lists.before_line(tx, result.settlement_id, name, rows[0].place)
    places: dict[int, int] = {rows[0].place: before + 1}
    for at, row in enumerate(rows, start=skip + 1):
        places.setdefault(row.place, at)
    return [
        msgspec.structs.replace(row, part_place=places[row.place]) for row in dressed(tx, rows, now)
    ]


def in_part(result: Published, part: Part) -> list[sa.ColumnElement[bool]]:
    """What is asked of a line of this board that a filter leaves."""
    conditions = [Standing.settlement_id == result.settlement_id]
    if part.ward_id is not None:
        conditions.append(Standing.ward_id == part.ward_id)
    if part.age_group is not None:
        conditions.append(Standing.age_group == part.age_group)
    return conditions


def own_line(tx: Tx, result: Published, entrant_id: int, now: datetime) -> BoardRow | None:
    """An entrant's own line of the board."""
    rows = tx.execute(
        ROWS.where(
            Standing.settlement_id == result.settlement_id,
            Standing.line == line_of(result.settlement_id, entrant_id),
        )
    ).all()
    return next(iter(dressed(tx, rows, now)), None)


def dressed(tx: Tx, rows: Sequence[Any], now: datetime) -> list[BoardRow]:
    """Rows with the names that may be shown today, and the units' names."""
    faces = people.shown(
        tx,
        [row.account_id for row in rows],
        on=now.astimezone(HANOI).date(),
        purposes=(NAME_ON_BOARDS, SCHOOL_ON_BOARDS),
    )
    names = {account_id: face.name for account_id, face in faces.items() if face.name}
    with_school = {account_id for account_id, face in faces.items() if face.may_show_school}
    schools = units.school_names(
        tx, {row.school_id for row in rows if row.account_id in with_school and row.school_id}
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
            entry_code=row.entry_code,
            is_named=row.account_id in names,
            school=schools.get(row.school_id, "") if row.account_id in with_school else "",
        )
        for row in rows
    ]
