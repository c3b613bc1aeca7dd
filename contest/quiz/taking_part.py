"""How far people are in the rounds of an edition: whether they take part, nothing of how well."""

from collections.abc import Collection
from typing import Final, Literal

import sqlalchemy as sa

from contest.editions.models import Entrant
from contest.infra.database import Tx
from contest.quiz.models import Attempt

Stage = Literal["started", "submitted"]
_IDS_A_STATEMENT: Final = 500


def stages(
    tx: Tx, account_ids: Collection[int], round_ids: Collection[int]
) -> dict[tuple[int, int], Stage]:
    """
    (account, round) → how far; absent: not begun. One statement for each 500 people.

    An attempt that an outage of ours has ended counts for nothing: it may be taken again.
    """
    found: dict[tuple[int, int], Stage] = {}
    wanted = sorted(account_ids)
    for first in range(0, len(wanted), _IDS_A_STATEMENT):
        rows = tx.execute(
            sa.select(
                Entrant.account_id,
                Attempt.round_id,
                sa.func.count(Attempt.submitted_at).label("submitted"),
            )
            .join(Attempt, Attempt.entrant_id == Entrant.id)
            .where(
                Entrant.account_id.in_(wanted[first : first + _IDS_A_STATEMENT]),
                Attempt.round_id.in_(list(round_ids)),
                Attempt.annulled_at.is_(None),
            )
            .group_by(Entrant.account_id, Attempt.round_id)
        )
        for row in rows:
            found[row.account_id, row.round_id] = "submitted" if row.submitted else "started"
    return found
