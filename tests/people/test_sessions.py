"""Which session a cookie stands for, and when it stops doing so."""

import asyncio
from datetime import datetime, timedelta

import pytest

from contest.access import Grant, Role, Scope
from contest.infra.chance import SeededChance
from contest.infra.database import Database
from contest.people import sessions
from contest.people.commands import grant_role
from contest.people.sessions import REMEMBER_S, Sessions
from contest.people.sign_in.commands import end_all_sessions, end_session
from contest.people.tokens import new_session_token
from contest.web.context import Session
from tests.clock import MovableClock
from tests.people.somebody import HOA, register, sign_in

TOKEN = "a" * 43
OTHER = "b" * 43


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class CountingReads(Sessions):
    """Counts how often the database was asked; everything else is as it is."""

    reads = 0

    def _read(self, session_id: str) -> object:  # type: ignore[override]
        self.reads += 1
        return super()._read(session_id)


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def found_by(db: Database, clock: MovableClock, ticks: Ticks) -> CountingReads:
    return CountingReads(db, clock, ticks=ticks)


def find(found_by: Sessions, *tokens: str) -> list[Session | None]:
    async def together() -> list[Session | None]:
        return list(await asyncio.gather(*(found_by.find(token) for token in tokens)))

    return asyncio.run(together())


def test_a_token_finds_its_person(
    db: Database, found_by: CountingReads, now: datetime, chance: SeededChance
):
    made = register(db, chance, now, HOA)
    session_id = sign_in(db, made.account_id, TOKEN, now)

    (session,) = find(found_by, TOKEN)

    assert session is not None
    assert session.id == session_id
    assert (session.actor.account_id, session.actor.name) == (made.account_id, "Nguyễn Thị Hoa")
    assert session.account_code.replace("-", "") == made.code
    assert session.actor.roles == {Role.ENTRANT}


def test_the_token_itself_is_not_kept(db: Database, now: datetime, chance: SeededChance):
    made = register(db, chance, now, HOA)

    assert TOKEN not in sign_in(db, made.account_id, TOKEN, now)


def test_all_roles_come_with_the_session(
    db: Database, found_by: CountingReads, now: datetime, chance: SeededChance
):
    made = register(db, chance, now)
    grants = [Grant(Role.JUROR, Scope.EDITION, "x"), Grant(Role.TEACHER, Scope.UNIT, "y")]
    for grant in grants:
        db.write(grant_role, account_id=made.account_id, grant=grant, by="system", now=now)
    sign_in(db, made.account_id, TOKEN, now)

    (session,) = find(found_by, TOKEN)

    assert session is not None
    assert set(session.actor.grants) == set(grants)


def test_a_role_sleeps_while_the_password_is_short(
    db: Database, found_by: CountingReads, now: datetime, chance: SeededChance
):
    made = register(db, chance, now, password_is_short=True)
    grant = Grant(Role.ORGANISER, Scope.EDITION)
    db.write(grant_role, account_id=made.account_id, grant=grant, by="system", now=now)
    sign_in(db, made.account_id, TOKEN, now)

    (session,) = find(found_by, TOKEN)

    assert session is not None
    assert session.actor.grants == ()


def test_what_is_no_token_asks_nobody(found_by: CountingReads):
    assert find(found_by, "", "short", "ă" * 43, "a" * 5000) == [None] * 4
    assert found_by.reads == 0


def test_an_unknown_token_finds_nobody(db: Database, found_by: CountingReads):
    assert find(found_by, OTHER) == [None]


def test_what_was_read_is_remembered_for_a_moment(
    db: Database, found_by: CountingReads, ticks: Ticks, now: datetime, chance: SeededChance
):
    made = register(db, chance, now)
    sign_in(db, made.account_id, TOKEN, now)

    first = find(found_by, TOKEN)
    ticks.now += REMEMBER_S - 0.1
    assert find(found_by, TOKEN) == first
    assert found_by.reads == 1
    ticks.now += 0.2
    assert find(found_by, TOKEN) == first
    assert found_by.reads == 2


def test_requests_that_come_together_share_one_look(
    db: Database, found_by: CountingReads, now: datetime, chance: SeededChance
):
    made = register(db, chance, now)
    sign_in(db, made.account_id, TOKEN, now)

    answers = find(found_by, *[TOKEN] * 20)

    assert found_by.reads == 1
    assert len({answer.id for answer in answers if answer}) == 1


def test_signing_out_elsewhere_is_seen_when_the_moment_is_over(
    db: Database, found_by: CountingReads, ticks: Ticks, now: datetime, chance: SeededChance
):
    made = register(db, chance, now)
    session_id = sign_in(db, made.account_id, TOKEN, now)
    find(found_by, TOKEN)
    db.write(end_session, session_id=session_id)

    ticks.now += REMEMBER_S + 0.1
    assert find(found_by, TOKEN) == [None]


def test_signing_out_here_is_seen_at_once(
    db: Database, found_by: CountingReads, now: datetime, chance: SeededChance
):
    made = register(db, chance, now)
    session_id = sign_in(db, made.account_id, TOKEN, now)
    find(found_by, TOKEN)
    db.write(end_session, session_id=session_id)
    db.write(end_session, session_id=session_id)  # twice is no fault

    found_by.forget(session_id)
    assert find(found_by, TOKEN) == [None]


def test_signing_out_everywhere_ends_all_or_all_but_one(
    db: Database, found_by: CountingReads, now: datetime, chance: SeededChance
):
    made, stranger = register(db, chance, now), register(db, chance, now)
    kept = sign_in(db, made.account_id, TOKEN, now)
    sign_in(db, made.account_id, OTHER, now)
    sign_in(db, stranger.account_id, "c" * 43, now)
    find(found_by, TOKEN, OTHER)

    assert db.write(end_all_sessions, account_id=made.account_id, but=kept) == 1
    found_by.forget_account(made.account_id)
    here, there, strangers = find(found_by, TOKEN, OTHER, "c" * 43)
    assert here is not None
    assert there is None
    assert strangers is not None
    assert db.write(end_all_sessions, account_id=made.account_id) == 1
    found_by.forget_account(made.account_id)
    assert find(found_by, TOKEN) == [None]


def test_a_session_runs_out(
    db: Database,
    found_by: CountingReads,
    clock: MovableClock,
    ticks: Ticks,
    now: datetime,
    chance: SeededChance,
):
    made = register(db, chance, now)
    sign_in(db, made.account_id, TOKEN, now)
    clock.set(now + timedelta(days=14) - timedelta(seconds=1))
    assert find(found_by, TOKEN) != [None]

    clock.tick(seconds=1)
    ticks.now += 1.1
    assert find(found_by, TOKEN) == [None]


def test_what_was_read_before_a_forgetting_is_not_remembered_after_it(
    db: Database, found_by: CountingReads, now: datetime, chance: SeededChance
):
    made = register(db, chance, now)
    session_id = sign_in(db, made.account_id, TOKEN, now)

    async def sign_out_while_looking() -> Session | None:
        looking = asyncio.create_task(found_by.find(TOKEN))
        await asyncio.sleep(0)
        await db.write_async(end_session, session_id=session_id)
        found_by.forget(session_id)
        await looking
        return await found_by.find(TOKEN)

    assert asyncio.run(sign_out_while_looking()) is None


def test_memory_is_bounded(
    db: Database,
    found_by: CountingReads,
    now: datetime,
    chance: SeededChance,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(sessions, "REMEMBER_AT_MOST", 3)
    made = register(db, chance, now)
    tokens = [new_session_token() for _ in range(5)]
    for token in tokens:
        sign_in(db, made.account_id, token, now)
        find(found_by, token)

    find(found_by, tokens[-1])
    assert found_by.reads == 5
    find(found_by, tokens[0])
    assert found_by.reads == 6
