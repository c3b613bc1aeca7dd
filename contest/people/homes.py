"""Where a person lives now. The unit of an edition already entered is not touched by it."""

from datetime import datetime

import sqlalchemy as sa

from contest.errors import Invalid
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.ledger import commands as ledger
from contest.people.models import Account
from contest.units.queries import is_ward_on

LONGEST_OTHER = 120


def change_home(
    tx: Tx,
    *,
    account_id: int,
    ward_id: str | None,
    ward_other: str = "",
    by: str,
    now: datetime,
) -> bool:
    """
    Keeps a ward of today, or words where somebody lives elsewhere. False: it was kept already.

    The ledger tells that it happened and not where somebody lives. Raises Invalid("no-ward") for a
    ward that is none today, Invalid("no-home") when nothing is told.
    """
    other = "" if ward_id else " ".join(ward_other.split())[:LONGEST_OTHER]
    if ward_id and not is_ward_on(tx, ward_id, now.astimezone(HANOI).date()):
        raise Invalid("no-ward", field="ward")
    if not ward_id and not other:
        raise Invalid("no-home", field="ward_other")
    differs = sa.or_(Account.ward_id.is_distinct_from(ward_id or None), Account.ward_other != other)
    ref = tx.execute(
        sa.update(Account)
        .where(Account.id == account_id, differs)
        .values(ward_id=ward_id or None, ward_other=other)
        .returning(Account.ref)
    ).scalar_one_or_none()
    if ref is None:
        return False
    ledger.append(tx, kind="people.change_home", subject=ref, by=by, now=now)
    return True
