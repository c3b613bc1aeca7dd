"""Counts of whole editions and rounds, kept for a while so that all officers can look at once."""

from datetime import date, datetime, timedelta

from contest.editions.queries import EditionView
from contest.infra.clock import HANOI, Clock
from contest.infra.database import Tx
from contest.infra.memory import Memory
from contest.standings import unit_counts
from contest.standings.queries import Published
from contest.standings.unit_counts import Entered, Placed, TookPart

REMEMBERED_FOR = timedelta(seconds=60)
# What took six seconds to count is kept for three minutes: a core is never busy with this alone.
_TIMES_ITS_COST = 30
# Old figures, with the time that stands beside them, are better than half a minute's wait.
_STALE_FOR = timedelta(hours=1)


class UnitCounts:
    """
    Counts by place, for a minute or longer in this process; an official result for good.

    At a million attempts each is a walk of some seconds, and officers look on the last evening.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._memory = Memory(
            clock, REMEMBERED_FOR, times_its_cost=_TIMES_ITS_COST, stale_for=_STALE_FOR
        )

    def entered(self, tx: Tx, edition: EditionView) -> list[Entered]:
        day = first_day(edition)
        return self._memory.of(
            ("entered", edition.id), lambda: unit_counts.entered(tx, edition.id, day)
        )

    def took_part(self, tx: Tx, edition: EditionView) -> list[TookPart]:
        ids = [each.id for each in edition.rounds]
        return self._memory.of(("took part", edition.id), lambda: unit_counts.took_part(tx, ids))

    def placed(self, tx: Tx, result: Published, edition: EditionView) -> list[Placed]:
        return self._memory.of(
            ("placed", result.settlement_id, edition.rules_hash),
            lambda: unit_counts.placed(tx, result, edition),
            for_good=True,
        )

    def as_of(self, edition: EditionView) -> datetime:
        """When the older of an edition's counts was made: what a page with both may say."""
        made = [self._memory.asked_at((name, edition.id)) for name in ("entered", "took part")]
        return min((each for each in made if each), default=self._clock())

    def forget(self) -> None:
        self._memory.forget()


def first_day(edition: EditionView) -> date:
    """The day in Hà Nội on which the first round opens: the edition's units are those of it."""
    return min(each.opens_at for each in edition.rounds).astimezone(HANOI).date()
