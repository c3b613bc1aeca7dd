from datetime import datetime

import sqlalchemy as sa

from contest.complaints.models import Complaint
from contest.editions.models import Entrant
from contest.infra.database import Tx
from contest.ledger.commands import append


def forget_person(tx: Tx, *, account_id: int, full_name: str, by: str, now: datetime) -> list[str]:
    """
    Takes the person's words out of their complaints; one that waits counts as withdrawn, for
    nobody could read its answer. An answer goes where it names them. Returns the codes.

    What was decided, and the ruling that a complaint led to, stay.
    """
    rows = tx.execute(
        sa.select(Complaint.id, Complaint.code, Complaint.answered_at, Complaint.withdrawn_at)
        .join(Entrant, Entrant.id == Complaint.entrant_id)
        .where(Entrant.account_id == account_id)
        .order_by(Complaint.id)
        .with_for_update(of=Complaint)
    ).all()
    for row in rows:
        if row.answered_at is None and row.withdrawn_at is None:
            tx.execute(sa.update(Complaint).where(Complaint.id == row.id).values(withdrawn_at=now))
            append(
                tx,
                kind="complaints.withdraw_complaint",
                subject=f"complaint:{row.code}",
                by=by,
                now=now,
            )
    ids = [row.id for row in rows]
    tx.execute(sa.update(Complaint).where(Complaint.id.in_(ids)).values(text=""))
    if full_name:
        named = Complaint.answer.contains(full_name, autoescape=True)
        tx.execute(sa.update(Complaint).where(Complaint.id.in_(ids), named).values(answer=""))
    return [row.code for row in rows]
