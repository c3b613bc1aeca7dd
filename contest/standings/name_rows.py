"""The rows of a board's search by name: written, taken away, and how far they follow the ledger."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from contest.infra.database import Tx
from contest.standings.models import BoardName, BoardNames, Publication, Settlement

# Settlement, key, line: a row of board_names.
Key = tuple[int, str, int]


def write_keys(tx: Tx, *, gone: Sequence[Key], kept: Sequence[Key]) -> None:
    if tx.dialect.name == "sqlite":
        if gone:
            tx.exec_driver_sql(
                "delete from board_names where settlement_id = ? and key = ? and line = ?",
                list(gone),
            )
        if kept:
            tx.exec_driver_sql("insert or ignore into board_names values (?, ?, ?)", list(kept))
        return
    # One statement for the whole piece: a round trip a row would take minutes for a big round.
    arrays = "unnest(%s::bigint[], %s::text[], %s::int[]) as these(settlement_id, key, line)"
    if gone:
        tx.exec_driver_sql(
            f"delete from board_names using {arrays} where"
            " board_names.settlement_id = these.settlement_id and board_names.key = these.key"
            " and board_names.line = these.line",
            _columns(gone),
        )
    if kept:
        tx.exec_driver_sql(
            "insert into board_names (settlement_id, key, line)"
            f" select settlement_id, key, line from {arrays} on conflict do nothing",
            _columns(kept),
        )


def _columns(rows: Iterable[Key]) -> tuple[list[object], ...]:
    return tuple(list(column) for column in zip(*rows, strict=True))


def set_height(tx: Tx, *, settlement_id: int, height: int) -> None:
    insert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    made = insert(BoardNames).values(settlement_id=settlement_id, height=height)
    tx.execute(
        made.on_conflict_do_update(index_elements=["settlement_id"], set_={"height": height})
    )


def move_heights(tx: Tx, *, seen: dict[int, int], upto: int) -> None:
    """Where somebody else has moved a height since it was seen, it stays theirs."""
    for height in sorted(set(seen.values())):
        ids = [each for each, was in seen.items() if was == height]
        tx.execute(
            sa.update(BoardNames)
            .where(BoardNames.settlement_id.in_(ids), BoardNames.height == height)
            .values(height=max(height, upto))
        )


def forget_height(tx: Tx, *, settlement_id: int) -> None:
    tx.execute(sa.delete(BoardNames).where(BoardNames.settlement_id == settlement_id))


_newer = sa.alias(Publication.__table__, "newer")
_IS_HELD = ~sa.exists().where(
    _newer.c.round_id == Publication.round_id, _newer.c.number > Publication.number
)


def unprepared(tx: Tx) -> list[int]:
    """Settlements of the results that hold and have no names yet."""
    rows = tx.execute(
        sa.select(Publication.settlement_id)
        .outerjoin(BoardNames, BoardNames.settlement_id == Publication.settlement_id)
        .where(_IS_HELD, BoardNames.height.is_(None))
        .order_by(Publication.published_at)
    )
    return list(rows.scalars())


def heights(tx: Tx) -> dict[int, int]:
    """Settlements of the results that hold → the height that their names follow."""
    rows = tx.execute(
        sa.select(BoardNames.settlement_id, BoardNames.height)
        .join(Publication, Publication.settlement_id == BoardNames.settlement_id)
        .where(_IS_HELD)
    )
    return {row.settlement_id: row.height for row in rows}


def outdated(tx: Tx) -> list[int]:
    """Settlements that have names although another result holds now."""
    held = sa.select(Publication.settlement_id).where(_IS_HELD)
    named = sa.exists().where(BoardName.settlement_id == Settlement.id)
    rows = tx.execute(sa.select(Settlement.id).where(named, Settlement.id.not_in(held)))
    return list(rows.scalars())
