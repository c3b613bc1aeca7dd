from collections.abc import Collection
from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.infra.database import Tx
from contest.ledger.models import LedgerEntry, LedgerHead


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger entry as it is read."""

    height: int
    at: datetime
    kind: str
    subject: str
    by: str
    facts: dict[str, object]


def height(tx: Tx) -> int:
    """The height of the newest decision; what is prepared records it."""
    return tx.execute(sa.select(LedgerHead.height)).scalar_one()


def newest_height(tx: Tx, subject: str, *, besides: str) -> int:
    """
    The height of the newest decision about a subject, 0 without one.

    Kinds that begin with `besides` are left out: those of the room that only follows the others.
    """
    return tx.execute(
        sa.select(sa.func.coalesce(sa.func.max(LedgerEntry.height), 0)).where(
            LedgerEntry.subject == subject, ~LedgerEntry.kind.startswith(besides)
        )
    ).scalar_one()


def newest_of_kinds(tx: Tx, kinds: Collection[str]) -> int:
    """The height of the newest decision of these kinds, 0 without one. Reads back from the end."""
    found: int | None = tx.execute(
        sa.select(LedgerEntry.height)
        .where(LedgerEntry.kind.in_(kinds))
        .order_by(LedgerEntry.height.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found or 0


_ENTRIES = sa.select(
    LedgerEntry.height,
    LedgerEntry.at,
    LedgerEntry.kind,
    LedgerEntry.subject,
    LedgerEntry.by_ref,
    LedgerEntry.facts,
).order_by(LedgerEntry.height)


def entries_of(tx: Tx, subject: str) -> list[Decision]:
    """All decisions about a subject, oldest first."""
    return _decisions(tx, _ENTRIES.where(LedgerEntry.subject == subject))


def entries_after(
    tx: Tx, height: int, *, upto: int, kinds: Collection[str], limit: int
) -> list[Decision]:
    """The first decisions of these kinds above a height and not above another, oldest first."""
    return _decisions(
        tx,
        _ENTRIES.where(
            LedgerEntry.height > height,
            LedgerEntry.height <= upto,
            LedgerEntry.kind.in_(kinds),
        ).limit(limit),
    )


def _decisions(tx: Tx, statement: sa.Executable) -> list[Decision]:
    return [
        Decision(
            height=row.height,
            at=row.at,
            kind=row.kind,
            subject=row.subject,
            by=row.by_ref,
            facts=msgspec.json.decode(row.facts, type=dict[str, object]),
        )
        for row in tx.execute(statement)
    ]
