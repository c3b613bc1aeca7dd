"""kill -9 under load: what was acknowledged is there, and no attempt is left open."""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from contest.editions.models import Entrant
from contest.infra.database import Database
from contest.quiz.models import Attempt
from contest.quiz.queries import current_answers
from tests.crowd import MINUTES, gather_crowd
from tests.faults.savers import Saver, wait_for_saves, what_is_missing
from tests.launcher import Site
from tests.load import run
from tests.postgres import Cluster

pytestmark = pytest.mark.faults

CLIENTS = 50
SWEEP_SECONDS = 20.0
# The same moments of the kills again: FAULT_SEED=… make faults.
SEED = int(os.environ.get("FAULT_SEED", "0")) or random.randrange(1, 1_000_000)


class Besieged(msgspec.Struct):
    """A running site with people who save answers, and what they know."""

    site: Site
    savers: list[Saver]
    rng: random.Random

    @property
    def acknowledged(self) -> int:
        return sum(len(saver.acknowledged) for saver in self.savers)

    async def save_for(self, seconds: float) -> None:
        """Everybody saves; after a first answer to each and `seconds` more the site is killed."""
        address = (self.site.host, self.site.port)
        saving = [asyncio.create_task(each.save_until_lost(address)) for each in self.savers]
        await wait_for_saves(self.savers, 1)
        await asyncio.sleep(seconds)
        self.site.kill()
        await asyncio.gather(*saving)

    def assert_nothing_missing(self) -> None:
        with self.site.database() as database:
            faults = what_is_missing(database, self.savers)
        assert not faults, f"seed {SEED}, {len(faults)} faults, the first: {faults[:5]}"


@pytest.fixture
def besieged(server_url: str, tmp_path: Path) -> Iterator[Besieged]:
    site = Site(tmp_path / "site", database_url=server_url)
    rng = random.Random(SEED)
    with site.database() as database:
        runners = gather_crowd(database, site.clock, CLIENTS)
    savers = [Saver(runner, site.secret_key, rng) for runner in runners]
    try:
        site.start()
        yield Besieged(site=site, savers=savers, rng=rng)
    finally:
        site.close()


def test_every_acknowledged_answer_survives_kills_and_open_attempts_end_at_their_deadline(
    besieged: Besieged, kills: int
) -> None:
    site = besieged.site
    for number in range(1, kills + 1):
        run(besieged.save_for(besieged.rng.uniform(0.05, 1.0)))
        besieged.assert_nothing_missing()
        if number == kills:
            break
        site.start()
        for saver in besieged.savers:
            # Some go on in the page that lost its server, some load it again in a new tab.
            if besieged.rng.random() < 0.5:
                saver.open_tab()
    saved = besieged.acknowledged
    assert saved >= CLIENTS * kills
    assert {status for saver in besieged.savers for status in saver.statuses} == {200}
    print(f"seed {SEED}: {kills} kills, {saved} acknowledged answers, none missing")

    # Nobody is there when the time runs out; the server comes back much later.
    site.move_clock(timedelta(minutes=MINUTES, hours=3))
    site.start()
    with site.database() as database:
        ended = wait_for_the_sweep(database)
        assert len(ended) == CLIENTS
        for attempt in ended:
            assert attempt.submitted_at == attempt.deadline_at
            assert attempt.submitted_by_itself
            assert attempt.time_used_ms == attempt.allowed_ms == MINUTES * 60_000
            assert attempt.receipt
        assert_last_acknowledged_counts(database, besieged.savers)
    besieged.assert_nothing_missing()


def test_a_crash_of_the_whole_database_loses_no_acknowledged_answer(
    syncing_cluster: Cluster, tmp_path: Path
) -> None:
    """The site stays up meanwhile, refuses, and goes on by itself when the database is back."""
    from contest.migrations import upgrade

    url = syncing_cluster.create_database()
    upgrade(url)
    site = Site(tmp_path / "site", database_url=url)
    with site.database() as database:
        runners = gather_crowd(database, site.clock, CLIENTS)
    savers = [Saver(runner, site.secret_key, random.Random(SEED)) for runner in runners]
    besieged = Besieged(site=site, savers=savers, rng=random.Random(SEED))

    async def crash_under_load() -> None:
        address = (site.host, site.port)
        saving = [asyncio.create_task(each.save_until_lost(address)) for each in savers]
        await wait_for_saves(savers, 3)
        # In this thread: the server is told to end with the thread that started it.
        syncing_cluster.crash()
        await asyncio.sleep(0.5)
        syncing_cluster.start()
        await wait_for_saves(savers, 3)
        site.kill()
        await asyncio.gather(*saving)

    try:
        site.start()
        run(crash_under_load())
        besieged.assert_nothing_missing()
        statuses = {status for saver in savers for status in saver.statuses}
        assert statuses <= {200, 503}
        assert 503 in statuses, "nobody noticed that the database was away"
    finally:
        site.close()
        syncing_cluster.drop_database(url)


def wait_for_the_sweep(database: Database) -> list[Any]:
    """All attempts once none is open any more."""
    give_up_at = time.monotonic() + SWEEP_SECONDS
    while True:
        with database.read() as tx:
            rows = list(tx.execute(sa.select(Attempt).join(Entrant)).all())
        if all(row.submitted_at is not None for row in rows):
            return rows
        assert time.monotonic() < give_up_at, "the sweep left attempts open"
        time.sleep(0.1)


def assert_last_acknowledged_counts(database: Database, savers: list[Saver]) -> None:
    """What counts in the end is the last acknowledged answer, or the one that followed it."""
    with database.read() as tx:
        for saver in savers:
            current = current_answers(tx, saver.runner.attempt_id)
            for place in range(1, len(saver.runner.items) + 1):
                last = saver.last_n(place)
                if not last:
                    continue
                counts, unanswered = current[place], saver.unanswered
                if counts.n == last:
                    assert counts.value == saver.acknowledged[place, last].mask
                else:
                    assert unanswered is not None
                    assert counts.n == last + 1
                    assert (unanswered.place, unanswered.mask) == (place, counts.value)
