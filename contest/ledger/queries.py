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


def entries_of(tx: Tx, subject: str) -> list[Decision]:
    """All decisions about a subject, oldest first."""
    rows = tx.execute(
        sa.select(
            LedgerEntry.height,
            LedgerEntry.at,
            LedgerEntry.kind,
            LedgerEntry.subject,
            LedgerEntry.by_ref,
            LedgerEntry.facts,
        )
        .where(LedgerEntry.subject == subject)
        .order_by(LedgerEntry.height)
    )
    return [
        Decision(
            height=row.height,
            at=row.at,
            kind=row.kind,
            subject=row.subject,
            by=row.by_ref,
            facts=msgspec.json.decode(row.facts, type=dict[str, object]),
        )
        for row in rows
    ]
