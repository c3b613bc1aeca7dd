"""How many take part in a round that runs, remembered for a few seconds in each process."""

import threading
from collections.abc import Callable

from contest.infra.database import Tx
from contest.quiz.queries import Participation, participation

SECONDS = 5.0


class Counted:
    """
    Asks for a round's participation at most every SECONDS: it counts all of its attempts.

    `seconds` gives the time; one that goes back only makes it ask again. While one request
    counts, the others are told what stood before.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._kept: dict[int, tuple[float, Participation]] = {}
        self._counting = threading.Lock()

    def of(self, tx: Tx, round_id: int) -> Participation:
        kept = self._kept.get(round_id)
        if kept is not None and self._is_fresh(kept[0]):
            return kept[1]
        if not self._counting.acquire(blocking=kept is None):
            assert kept is not None
            return kept[1]
        try:
            kept = self._kept.get(round_id)
            if kept is None or not self._is_fresh(kept[0]):
                kept = self._kept[round_id] = (self._seconds(), participation(tx, round_id))
            return kept[1]
        finally:
            self._counting.release()

    def _is_fresh(self, since: float) -> bool:
        return 0 <= self._seconds() - since < SECONDS
