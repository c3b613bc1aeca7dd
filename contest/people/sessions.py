"""Which session a cookie stands for, asked at every request and remembered for a moment.

In this process a sign-out counts at once (`forget`, `forget_account`); another process may go on
for REMEMBER_S seconds with what it remembers. That is the price of not asking the database at
every request, and the longest time for which a role that was taken back still works.
"""

import asyncio
import threading
import time
from collections.abc import Callable

from contest.infra.clock import Clock
from contest.infra.database import Database
from contest.people.sign_in import queries
from contest.people.sign_in.queries import FoundSession
from contest.people.tokens import digest, may_be_session_token
from contest.web.context import Session

REMEMBER_S = 5.0
REMEMBER_AT_MOST = 20_000


class _Entry:
    __slots__ = ("session", "until")

    def __init__(self, session: Session, until: float) -> None:
        self.session = session
        self.until = until


class Sessions:
    """Looks sessions up. `find` belongs to the event loop, `forget*` may come from any thread."""

    def __init__(
        self, database: Database, clock: Clock, *, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._clock = clock
        self._ticks = ticks
        # In the order in which they were read, so the oldest stand at the front.
        self._kept: dict[str, _Entry] = {}
        self._reading: dict[str, asyncio.Task[Session | None]] = {}
        self._lock = threading.Lock()
        # Grows with each forgetting: what was read before it may be out of date.
        self._forgettings = 0

    async def find(self, token: str) -> Session | None:
        """The session of the cookie's token; None when there is none, or no more."""
        if not may_be_session_token(token):
            return None
        session_id = digest(token)
        entry = self._kept.get(session_id)
        if entry is not None and entry.until > self._ticks():
            return entry.session
        # Requests that come together (a page and its parts) share one look.
        task = self._reading.get(session_id)
        if task is None:
            task = asyncio.create_task(self._look(session_id))
            self._reading[session_id] = task
        # One browser that goes away must not take the answer from the others.
        return await asyncio.shield(task)

    def forget(self, session_id: str) -> None:
        """After a session ended."""
        with self._lock:
            self._forgettings += 1
            self._kept.pop(session_id, None)
            self._reading.pop(session_id, None)

    def forget_account(self, account_id: int) -> None:
        """After all sessions of somebody ended, or their name or roles changed."""
        with self._lock:
            self._forgettings += 1
            for session_id, entry in list(self._kept.items()):
                if entry.session.actor.account_id == account_id:
                    del self._kept[session_id]
            self._reading.clear()

    async def _look(self, session_id: str) -> Session | None:
        before = self._forgettings
        try:
            found = await asyncio.to_thread(self._read, session_id)
            if found is not None:
                self._keep(session_id, found, before)
            return found.session if found else None
        finally:
            with self._lock:
                if self._reading.get(session_id) is asyncio.current_task():
                    del self._reading[session_id]

    def _read(self, session_id: str) -> FoundSession | None:
        with self._database.read() as tx:
            return queries.session_of(tx, session_id, self._clock())

    def _keep(self, session_id: str, found: FoundSession, before: int) -> None:
        now = self._ticks()
        left_s = (found.expires_at - self._clock()).total_seconds()
        with self._lock:
            if self._forgettings != before:
                return
            self._kept.pop(session_id, None)
            self._kept[session_id] = _Entry(found.session, now + min(REMEMBER_S, left_s))
            while len(self._kept) > REMEMBER_AT_MOST or self._front_is_over(now):
                del self._kept[next(iter(self._kept))]

    def _front_is_over(self, now: float) -> bool:
        front = next(iter(self._kept.values()), None)
        return front is not None and front.until <= now
