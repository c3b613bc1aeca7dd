"""People who save answers without pause and write down what the site acknowledged."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import sqlalchemy as sa

from contest.infra.database import Database
from contest.quiz.models import COUNTED, Answer
from tests.crowd import Runner
from tests.load import Address, Connection, Lost, Reply, connect, post

_SAVED: Final = re.compile(r'data-state="(\w+)" data-position="(\d+)" data-n="(\d+)"')
_PAUSE_S: Final = 0.05


class Sent(NamedTuple):
    """A save as it left: `mask` is what must stand in the database."""

    place: int
    shown: tuple[int, ...]
    mask: int | None
    tab: str
    seq: int
    based_on: int


class Kept(NamedTuple):
    """A save as it stands in the database."""

    value: int | None
    tab: str
    seq: int
    verdict: int


class Saver:
    """One person at one connection.

    Like static/js/autosave.js it sends a save again, unchanged, until it hears what became of it.
    """

    def __init__(self, runner: Runner, secret_key: bytes, rng: random.Random) -> None:
        self.runner = runner
        # (place, n) → the save that the site said it had kept as number n.
        self.acknowledged: dict[tuple[int, int], Sent] = {}
        self.unanswered: Sent | None = None
        self.statuses: Counter[int] = Counter()
        self._token = runner.csrf_token(secret_key)
        self._rng = rng
        self._seq = 0
        self._last_n = [0] * (len(runner.items) + 1)
        self.open_tab()

    def open_tab(self) -> None:
        """Goes on in a new tab, which knows the numbers of the answers but no sequence."""
        self._tab = f"{self._rng.getrandbits(60):015x}"
        self._seq = 0

    def last_n(self, place: int) -> int:
        """The number of the newest acknowledged answer to a question, 0 without one."""
        return self._last_n[place]

    async def save_until_lost(self, address: Address) -> None:
        """Saves until nobody listens any more; a broken connection alone is made anew."""
        while True:
            try:
                connection = await connect(address)
            except OSError:
                return
            try:
                while True:
                    await self.save_once(connection, address)
            except Lost:
                pass
            finally:
                await connection.close()

    async def save_once(self, connection: Connection, address: Address) -> None:
        save = self.unanswered or self._next()
        self.unanswered = save
        reply = await connection.ask(self._request(address, save))
        self.statuses[reply.status] += 1
        if reply.status == 200:
            self._note(save, reply)
        else:
            await asyncio.sleep(_PAUSE_S)

    def _next(self) -> Sent:
        place = self._rng.randint(1, len(self.runner.items))
        shown = self.runner.any_answer(place, self._rng)
        mask = self.runner.items[place - 1].to_original(shown)
        self._seq += 1
        return Sent(place, shown, mask, self._tab, self._seq, self._last_n[place])

    def _request(self, address: Address, save: Sent) -> bytes:
        fields = {
            "csrf_token": self._token,
            "position": save.place,
            "choice": save.shown,
            "tab": save.tab,
            "seq": save.seq,
            "based_on": save.based_on,
        }
        return post(address, self.runner.path, self.runner.cookie, fields, by_script=True)

    def _note(self, save: Sent, reply: Reply) -> None:
        found = _SAVED.search(reply.text())
        assert found is not None, reply.text()
        state, place, n = found[1], int(found[2]), int(found[3])
        assert (state, place) == ("saved", save.place), (state, place, save)
        assert n > self._last_n[place], "an old number was given out again"
        self.acknowledged[place, n] = save
        self._last_n[place] = n
        self.unanswered = None


def what_is_missing(database: Database, savers: Sequence[Saver]) -> list[str]:
    """Acknowledged answers that are not there as they were sent, and answers nobody gave."""
    found: dict[int, dict[tuple[int, int], Kept]] = {}
    with database.read() as tx:
        for row in tx.execute(
            sa.select(
                Answer.attempt_id,
                Answer.position,
                Answer.n,
                Answer.value,
                Answer.tab,
                Answer.seq,
                Answer.verdict,
            )
        ):
            kept = Kept(row.value, row.tab, row.seq, row.verdict)
            found.setdefault(row.attempt_id, {})[row.position, row.n] = kept
    faults = []
    for saver in savers:
        left = found.pop(saver.runner.attempt_id, {})
        for (place, n), save in saver.acknowledged.items():
            there = left.pop((place, n), None)
            if there != Kept(save.mask, save.tab, save.seq, COUNTED):
                faults.append(f"acknowledged {save} as number {n}, found {there}")
        for (place, n), extra in left.items():
            # What was asked and never answered may have been kept; nothing else may.
            asked = saver.unanswered
            if asked is None or extra != Kept(asked.mask, asked.tab, asked.seq, COUNTED):
                faults.append(f"nobody gave {extra} as number {n} to question {place}")
    faults.extend(f"answers of an attempt that nobody has: {attempt}" for attempt in found)
    return faults


async def wait_for_saves(savers: Sequence[Saver], more: int, *, within_s: float = 60) -> None:
    """Until each of them has had `more` answers acknowledged. Raises TimeoutError."""
    goals = [len(saver.acknowledged) + more for saver in savers]
    async with asyncio.timeout(within_s):
        while any(
            len(saver.acknowledged) < goal for saver, goal in zip(savers, goals, strict=True)
        ):
            await asyncio.sleep(_PAUSE_S)
