"""Settlements that nobody will look at again, and their removal, some rows a command.

What a killed settlement has left, earlier results of a round that were never published, trials of
what was dropped or decided. One that another worker still writes may be among them: it has been
overtaken, and cannot be finished any more.
"""

from typing import Final

import sqlalchemy as sa

from contest.infra.database import Model, Tx
from contest.rulings.models import Ruling
from contest.standings.models import Publication, Settlement

# What one command may remove, so that no answer of an open round waits for it.
_ROWS_A_COMMAND: Final = 2000

_newer = sa.alias(Settlement.__table__, "newer")
# Of the same purpose: the round's results, or trials of the same proposal.
IS_OVERTAKEN = sa.exists().where(
    _newer.c.round_id == Settlement.round_id,
    _newer.c.is_trial == Settlement.is_trial,
    sa.or_(Settlement.is_trial.is_(False), _newer.c.ruling_id == Settlement.ruling_id),
    _newer.c.id > Settlement.id,
    _newer.c.is_ready.is_(True),
)
_IS_TRIAL_OF_NOTHING = sa.and_(
    Settlement.is_trial.is_(True),
    sa.exists().where(
        Ruling.id == Settlement.ruling_id,
        sa.or_(Ruling.dropped_at.is_not(None), Ruling.decided_at.is_not(None)),
    ),
)
_LEFTOVER = sa.select(Settlement.id).where(
    ~sa.exists().where(Publication.settlement_id == Settlement.id),
    sa.or_(IS_OVERTAKEN, _IS_TRIAL_OF_NOTHING),
)


def leftover_settlements(tx: Tx) -> list[int]:
    """
    Settlements that no publication names, and that are neither the newest of their round nor the
    trial of a proposal that waits.
    """
    return list(tx.execute(_LEFTOVER.order_by(Settlement.id)).scalars())


def remove_piece(tx: Tx, *, settlement_id: int) -> bool:
    """
    Removes some rows of a leftover settlement, at last itself; True while something is left.

    Whether it still is one is asked each time: nothing else is ever touched.
    """
    tx.execute(sa.select(Settlement.id).where(Settlement.id == settlement_id).with_for_update())
    if tx.execute(_LEFTOVER.where(Settlement.id == settlement_id)).first() is None:
        return False
    for table in _of_a_settlement():
        mine = table.c.settlement_id == settlement_id
        key = [column for column in table.primary_key if column.name != "settlement_id"]
        if not key:
            tx.execute(sa.delete(table).where(mine))
            continue
        first = tx.execute(sa.select(*key).where(mine).order_by(*key).limit(_ROWS_A_COMMAND)).all()
        if first:
            upto = sa.tuple_(*key) <= sa.tuple_(*first[-1])
            tx.execute(sa.delete(table).where(mine, upto))
            return True
    tx.execute(sa.delete(Settlement).where(Settlement.id == settlement_id))
    return False


def _of_a_settlement() -> list[sa.Table]:
    """Every table whose rows belong to a settlement; a leftover has no publication."""
    return [
        table
        for table in Model.metadata.sorted_tables
        if "settlement_id" in table.c and table is not Publication.__table__
    ]
