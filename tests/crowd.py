"""Many people in the middle of an attempt, made by commands before the site starts.

For the fault tests and the benchmarks: signed in, their paper drawn, nothing answered yet.
"""

import random
from datetime import timedelta
from typing import Final

import msgspec

from contest.infra.chance import SystemChance
from contest.infra.clock import Clock
from contest.infra.database import Database
from contest.people.sign_in.commands import open_session
from contest.people.tokens import digest, new_session_token
from contest.quiz.papers import Item
from contest.web import cookies, csrf
from tests.clock import MovableClock
from tests.world import World

MINUTES: Final = 60


class Runner(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with an open attempt; `sign_in_code` is the code of their account."""

    account_id: int
    sign_in_code: str
    session_token: str
    attempt_id: int
    attempt_code: str
    items: tuple[Item, ...]

    @property
    def cookie(self) -> str:
        return f"{cookies.name_of(cookies.SESSION, https=False)}={self.session_token}"

    @property
    def path(self) -> str:
        """Where this person's answers are saved."""
        return f"/bai/{self.attempt_code}/tra-loi"

    def csrf_token(self, secret_key: bytes) -> str:
        return csrf.token_for(secret_key, digest(self.session_token))

    def any_answer(self, place: int, random: random.Random) -> tuple[int, ...]:
        """Some choice of the question at that place (from 1), as shown to this person."""
        item = self.items[place - 1]
        if item.type == "multiple":
            count = random.randint(1, len(item.order))
            return tuple(sorted(random.sample(range(len(item.order)), count)))
        return (random.randrange(len(item.order)),)


def gather_crowd(
    database: Database, clock: Clock, count: int, *, password_hash: str | None = None
) -> list[Runner]:
    """Opens an edition in a migrated database and lets `count` people start."""
    now = clock()
    world = World(database, MovableClock(now), SystemChance())
    world.open_edition(attempt={"minutes": MINUTES, "grace_seconds": 3})
    runners = []
    for number in range(count):
        # A name may hold no digits.
        handle = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        account_id = world.person(handle, password_hash)
        token = new_session_token()
        database.write(
            open_session,
            account_id=account_id,
            session_id=digest(token),
            expires_at=now + timedelta(days=7),
            now=now,
        )
        attempt = world.attempt(handle, world.start(handle).code)
        runners.append(
            Runner(
                account_id=account_id,
                sign_in_code=world.codes[handle],
                session_token=token,
                attempt_id=attempt.id,
                attempt_code=attempt.code,
                items=attempt.items,
            )
        )
    return runners
