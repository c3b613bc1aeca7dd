"""How many take part in a round that runs, remembered for a few seconds in each process."""

from datetime import timedelta

from contest.infra.clock import Clock
from contest.infra.database import Tx
from contest.infra.memory import Memory
from contest.quiz.queries import Participation, participation

REMEMBERED_FOR = timedelta(seconds=5)
_STALE_FOR = timedelta(minutes=1)


class Counted:
    """Asks for a round's participation at most every five seconds: it counts all its attempts."""

    def __init__(self, clock: Clock) -> None:
        self._memory = Memory(clock, REMEMBERED_FOR, stale_for=_STALE_FOR)

    def of(self, tx: Tx, round_id: int) -> Participation:
        return self._memory.of(round_id, lambda: participation(tx, round_id))
