"""What costs a walk through a table, remembered for a while in this process."""

import threading
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

import msgspec

from contest.infra.clock import Clock

T = TypeVar("T")


class _Kept(msgspec.Struct, frozen=True):
    """`until` is None for what never changes."""

    at: datetime
    until: datetime | None
    value: Any


class Memory:
    """
    Answers by key, each asked for again once it is older than `kept_for`; or than `times_its_cost`
    of what asking took, so that a core is never busy with this alone.

    While one asks, the others are told what stood before, where it is not over for longer than
    `stale_for`; whoever is first waits. What is over longer goes, so that as much is kept as is
    asked. A clock that goes back only makes it ask again.
    """

    def __init__(
        self,
        clock: Clock,
        kept_for: timedelta,
        *,
        times_its_cost: int = 0,
        stale_for: timedelta = timedelta(),
    ) -> None:
        self._clock = clock
        self._kept_for = kept_for
        self._times_its_cost = times_its_cost
        self._stale_for = stale_for
        self._asking = threading.Lock()
        self._kept: dict[Hashable, _Kept] = {}

    def of(self, key: Hashable, ask: Callable[[], T], *, for_good: bool = False) -> T:
        """What is remembered under the key, else what `ask` says. `for_good`: never again."""
        kept = self._kept.get(key)
        if kept is not None and self._is_fresh(kept):
            return cast(T, kept.value)
        if not self._asking.acquire(blocking=kept is None):
            assert kept is not None
            return cast(T, kept.value)
        try:
            kept = self._kept.get(key)
            if kept is not None and self._is_fresh(kept):
                return cast(T, kept.value)
            began = self._clock()
            value = ask()
            over = self._clock()
            until = over + max(self._kept_for, self._times_its_cost * (over - began))
            self._kept = {
                each: kept
                for each, kept in self._kept.items()
                if kept.until is None or over < kept.until + self._stale_for
            }
            self._kept[key] = _Kept(began, None if for_good else until, value)
            return value
        finally:
            self._asking.release()

    def asked_at(self, key: Hashable) -> datetime | None:
        """Of when the answer is; None where nothing is remembered."""
        kept = self._kept.get(key)
        return kept.at if kept else None

    def forget(self) -> None:
        self._kept.clear()

    def _is_fresh(self, kept: _Kept) -> bool:
        return kept.until is None or kept.at <= self._clock() < kept.until
