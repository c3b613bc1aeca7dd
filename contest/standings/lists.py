"""The lists by which a board is filtered: line numbers kept in blocks, counted and not searched.

A page of "a ward's lines" or "an age group's lines" costs the same wherever it is: its block is
known by its number. Blocks are written with a settlement and never change.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import sqlalchemy as sa

from contest.infra.database import Tx
from contest.standings.models import BoardBlock

LINES_A_BLOCK: Final = 1000


def list_name(ward_id: str | None, age_group: int | None) -> str:
    """The list of a ward, of an age group, or of both. ValueError for neither."""
    parts = []
    if ward_id is not None:
        parts.append(f"ward:{ward_id}")
    if age_group is not None:
        parts.append(f"age:{age_group}")
    if not parts:
        raise ValueError("the whole board is no list: its lines are numbered already")
    return " ".join(parts)


def list_names(ward_id: str, age_group: int) -> list[str]:
    """All lists in which a line of this ward and age group stands."""
    return [
        list_name(ward_id, None),
        list_name(None, age_group),
        list_name(ward_id, age_group),
    ]


def blocks_of(lines: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Iterator[tuple[int, bytes]]:
    """A list's lines in their order → its blocks, numbered from 0."""
    packed = lines.astype("<u4")
    for block, start in enumerate(range(0, len(packed), LINES_A_BLOCK)):
        yield block, packed[start : start + LINES_A_BLOCK].tobytes()


def lines_of(tx: Tx, settlement_id: int, name: str, *, skip: int, count: int) -> list[int]:
    """`count` line numbers of a list after the first `skip`; fewer at its end."""
    first, last = skip // LINES_A_BLOCK, (skip + count - 1) // LINES_A_BLOCK
    rows = tx.execute(
        sa.select(BoardBlock.lines)
        .where(
            BoardBlock.settlement_id == settlement_id,
            BoardBlock.list_name == name,
            BoardBlock.block.between(first, last),
        )
        .order_by(BoardBlock.block)
    ).scalars()
    found = [line for packed in rows for line in np.frombuffer(packed, "<u4").tolist()]
    start = skip - first * LINES_A_BLOCK
    return found[start : start + count]


def before_line(tx: Tx, settlement_id: int, name: str, line: int) -> int:
    """How many lines of a list stand before a line of the board: its place there, less one."""
    low, high = 0, _blocks(tx, settlement_id, name)
    # The last block that begins before the line, found by halving: ten reads in a million lines.
    while high - low > 1:
        middle = (low + high) // 2
        if _block(tx, settlement_id, name, middle)[0] < line:
            low = middle
        else:
            high = middle
    if high == 0:
        return 0
    return low * LINES_A_BLOCK + int(
        np.searchsorted(_block(tx, settlement_id, name, low), line, side="left")
    )


def _blocks(tx: Tx, settlement_id: int, name: str) -> int:
    newest = tx.execute(
        sa.select(sa.func.max(BoardBlock.block)).where(
            BoardBlock.settlement_id == settlement_id, BoardBlock.list_name == name
        )
    ).scalar_one()
    return 0 if newest is None else newest + 1


def _block(
    tx: Tx, settlement_id: int, name: str, block: int
) -> "np.ndarray[tuple[int], np.dtype[np.uint32]]":
    packed = tx.execute(
        sa.select(BoardBlock.lines).where(
            BoardBlock.settlement_id == settlement_id,
            BoardBlock.list_name == name,
            BoardBlock.block == block,
        )
    ).scalar_one()
    return np.frombuffer(packed, "<u4")
