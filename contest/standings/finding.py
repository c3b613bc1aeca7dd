"""Finding lines of a board: by an entry's code, or by a name as far as the public may see it."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.editions.models import Entrant
from contest.infra.chance import ungrouped
from contest.infra.database import Tx
from contest.standings import names
from contest.standings.boards import PAGE, ROWS, BoardRow, Part, dressed, in_part
from contest.standings.models import BoardName, EntrantLine, Standing
from contest.standings.queries import Published

# Lines of one name that are looked through at once for those of a ward or an age group.
LOOKED_THROUGH = 10_000
_LONGEST_CODE = 12


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """
    Lines that were found, in their order; the one with the very code stands first.

    `after`: the line after which the search goes on, None at its end. `by_name` is False while
    the names of this board are not prepared, so that only codes are found.
    """

    rows: list[BoardRow]
    after: int | None
    by_name: bool


def find_lines(
    tx: Tx,
    result: Published,
    text: str,
    part: Part,
    *,
    edition_id: int,
    after: int,
    now: datetime,
) -> Found:
    """
    A page of what was typed, of the lines after `after`; names only of those whom `part` leaves.

    Names are compared by their keys and asked for again: whoever withdrew a moment ago is not
    found by name any more, whatever was prepared.
    """
    by_code = _by_code(tx, result, edition_id, text) if after == 0 else None
    key = names.query_key(text)
    by_name = names.are_prepared(tx, result.settlement_id)
    lines: list[int] = []
    end: int | None = None
    if key is not None and by_name:
        lines, end = _by_name(tx, result, key, part, after)
    wanted = [*([by_code] if by_code is not None else []), *lines]
    rows = (
        tx.execute(
            ROWS.where(Standing.settlement_id == result.settlement_id, Standing.line.in_(wanted))
        ).all()
        if wanted
        else []
    )
    found = [
        row
        for row in dressed(tx, rows, now)
        if row.line == by_code or (row.is_named and key in names.name_keys(row.public_name))
    ]
    found.sort(key=lambda row: (row.line != by_code, row.line))
    return Found(rows=found, after=end, by_name=by_name)


def _by_code(tx: Tx, result: Published, edition_id: int, text: str) -> int | None:
    code = ungrouped(text)
    if not 0 < len(code) <= _LONGEST_CODE:
        return None
    return tx.execute(
        sa.select(EntrantLine.line)
        .join(Entrant, Entrant.id == EntrantLine.entrant_id)
        .where(
            Entrant.edition_id == edition_id,
            Entrant.entry_code == code,
            EntrantLine.settlement_id == result.settlement_id,
        )
    ).scalar_one_or_none()


def _by_name(
    tx: Tx, result: Published, key: str, part: Part, after: int
) -> tuple[list[int], int | None]:
    """A page of lines with the key, and the line after which there may be more."""
    with_key = (
        sa.select(BoardName.line)
        .where(
            BoardName.settlement_id == result.settlement_id,
            BoardName.key == key,
            BoardName.line > after,
        )
        .order_by(BoardName.line)
    )
    if not part:
        lines = list(tx.execute(with_key.limit(PAGE + 1)).scalars())
        return lines[:PAGE], lines[PAGE - 1] if len(lines) > PAGE else None
    some = with_key.limit(LOOKED_THROUGH).subquery()
    lines = list(
        tx.execute(
            sa.select(Standing.line)
            .join(some, some.c.line == Standing.line)
            .where(*in_part(result, part))
            .order_by(Standing.line)
            .limit(PAGE + 1)
        ).scalars()
    )
    if len(lines) > PAGE:
        return lines[:PAGE], lines[PAGE - 1]
    # The end of the name, or only of what was looked through.
    last = tx.execute(with_key.offset(LOOKED_THROUGH - 1).limit(1)).scalar_one_or_none()
    return lines, last
