import sqlalchemy as sa

from contest.editions.models import Entrant, ExtraTime
from contest.infra.database import Tx


def forget_person(tx: Tx, *, account_id: int) -> None:
    """
    What somebody told in their own words goes: why they needed more time, a home or a school that
    stands in no list. The entry keeps its code and its unit, and with them its place.
    """
    tx.execute(sa.update(ExtraTime).where(ExtraTime.account_id == account_id).values(need=""))
    tx.execute(
        sa.update(Entrant)
        .where(Entrant.account_id == account_id)
        .values(ward_other="", school_other="")
    )


def have_entered(tx: Tx, account_ids: list[int]) -> set[int]:
    """Those of these accounts that have an entry in any edition."""
    found = tx.execute(sa.select(Entrant.account_id).where(Entrant.account_id.in_(account_ids)))
    return set(found.scalars())
