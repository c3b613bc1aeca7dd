import sqlalchemy as sa

from contest.infra.database import Tx
from contest.people.models import Consent

STANDING = sa.select(Consent.id).where(
    Consent.account_id == sa.bindparam("account_id"),
    Consent.purpose == sa.bindparam("purpose"),
    Consent.withdrawn_at.is_(None),
)


def has_consented(tx: Tx, account_id: int, purpose: str) -> bool:
    """Whether the consent stands now."""
    return tx.execute(STANDING, {"account_id": account_id, "purpose": purpose}).first() is not None
