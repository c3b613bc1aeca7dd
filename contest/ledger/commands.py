from collections.abc import Mapping
from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.infra.database import Tx
from contest.infra.jobs import enqueue
from contest.ledger.models import LedgerEntry, LedgerHead

NUDGE = "ledger.nudge"

_NEXT = sa.update(LedgerHead).values(height=LedgerHead.height + 1).returning(LedgerHead.height)


def append(
    tx: Tx,
    *,
    kind: str,
    subject: str,
    by: str,
    now: datetime,
    facts: Mapping[str, object] | None = None,
) -> int:
    """
    Writes a decision down and nudges whatever was prepared from the ones before.

    `subject` and `by` are opaque references, `facts` hold no personal data. Returns the height.
    In the same transaction as the decision: both are kept, or neither.
    """
    height: int = tx.execute(_NEXT).scalar_one()
    tx.execute(
        sa.insert(LedgerEntry).values(
            height=height,
            at=now,
            kind=kind,
            subject=subject,
            by_ref=by,
            facts=msgspec.json.encode(dict(facts or {}), order="sorted").decode(),
        )
    )
    enqueue(tx, NUDGE, {}, now=now, dedup_key="all")
    return height
