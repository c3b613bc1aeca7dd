"""Counts of whole editions and rounds, kept for a while so that all officers can look at once."""

import threading
from collections.abc import Callable, Hashable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast

import msgspec

from contest.editions.queries import EditionView
from contest.infra.clock import HANOI, Clock
from contest.infra.database import Tx
from contest.standings import unit_counts
from contest.standings.queries import Published
from contest.standings.unit_counts import Entered, Placed, TookPart

T = TypeVar("T")

REMEMBERED_FOR = timedelta(seconds=60)
# What took six seconds to count is kept for three minutes: a core is never busy with this alone.
_TIMES_ITS_COST = 30
_KEPT_AT_MOST = 64


class _Kept(msgspec.Struct, frozen=True):
    """`until` is None for what never changes."""

    at: datetime
    until: datetime | None
    value: Any


class UnitCounts:
    """
    Counts by place, for a minute or longer in this process; an official result for good.

    At a million attempts each is a walk of some seconds, and officers look on the last evening.
    One request counts while the others are told what stood before.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counting = threading.Lock()
        self._kept: dict[Hashable, _Kept] = {}

    def entered(self, tx: Tx, edition: EditionView) -> list[Entered]:
        day = first_day(edition)
        return self._of(("entered", edition.id), lambda: unit_counts.entered(tx, edition.id, day))

    def took_part(self, tx: Tx, edition: EditionView) -> list[TookPart]:
        ids = [each.id for each in edition.rounds]
        return self._of(("took part", edition.id), lambda: unit_counts.took_part(tx, ids))

    def placed(self, tx: Tx, result: Published, edition: EditionView) -> list[Placed]:
        return self._of(
            ("placed", result.settlement_id, edition.rules_hash),
            lambda: unit_counts.placed(tx, result, edition),
            for_good=True,
        )

    def as_of(self, edition: EditionView) -> datetime:
        """When the older of an edition's counts was made: what a page with both may say."""
        kept = [self._kept.get((name, edition.id)) for name in ("entered", "took part")]
        return min((each.at for each in kept if each), default=self._clock())

    def forget(self) -> None:
        self._kept.clear()

    def _of(self, key: Hashable, count: Callable[[], T], *, for_good: bool = False) -> T:
        kept = self._kept.get(key)
        if kept is not None and self._is_fresh(kept):
            return cast(T, kept.value)
        if not self._counting.acquire(blocking=kept is None):
            assert kept is not None
            return cast(T, kept.value)
        try:
            kept = self._kept.get(key)
            if kept is not None and self._is_fresh(kept):
                return cast(T, kept.value)
            began = self._clock()
            value = count()
            over = self._clock()
            until = over + max(REMEMBERED_FOR, _TIMES_ITS_COST * (over - began))
            if len(self._kept) >= _KEPT_AT_MOST:
                self._kept.clear()
            self._kept[key] = _Kept(began, None if for_good else until, value)
            return value
        finally:
            self._counting.release()

    def _is_fresh(self, kept: _Kept) -> bool:
        return kept.until is None or kept.at <= self._clock() < kept.until


def first_day(edition: EditionView) -> date:
    """The day in Hà Nội on which the first round opens: the edition's units are those of it."""
    return min(each.opens_at for each in edition.rounds).astimezone(HANOI).date()
