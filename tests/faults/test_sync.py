"""Between each write and its acknowledgement a disk sync has completed, seen from below.

A library preloaded into the process that writes (the site itself with SQLite, the servers with
PostgreSQL) logs each write of the write-ahead log and each sync of it, with times. Every answer
carries a text of its own, so that the very write that holds it can be found. The same check must
fail where syncing is switched off, or comes after the answer.
"""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from contest.migrations import upgrade
from tests.crowd import gather_crowd
from tests.faults.shim import MARK_TAIL, NoShim, build_shim, read_trace
from tests.launcher import Site, running
from tests.load import connected, post, run
from tests.postgres import running_cluster

pytestmark = pytest.mark.faults

SAVES = 30
MARK = "Mark"
# A slow disk, so that an answer which does not wait for it comes well before it.
SYNC_US = 5000


class Save(NamedTuple):
    """One save: its mark, and when it was sent and acknowledged (monotonic, nanoseconds)."""

    mark: str
    sent: int
    acknowledged: int


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's user can read and write too."""
    folder = Path(tempfile.mkdtemp(prefix="sanchoi-sync-", dir="/tmp"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def shim(open_folder: Path) -> Path:
    try:
        return build_shim(open_folder)
    except NoShim as reason:
        pytest.skip(f"no proof of the syncs: {reason}")


def watching(log: Path, part_of_path: str) -> dict[str, str]:
    """The shim's settings; the log is made here so that every user may append."""
    log.touch()
    log.chmod(0o666)
    return {
        "SHIM_LOG": str(log),
        "SHIM_FILE": part_of_path,
        "SHIM_MARK": MARK,
        "SHIM_SYNC_DELAY_US": str(SYNC_US),
    }


def saves_one_after_the_other(site: Site) -> list[Save]:
    """A single person saves SAVES answers, each when the one before was acknowledged."""
    with site.database() as database:
        runner = gather_crowd(database, site.clock, 1)[0]
    address = (site.host, site.port)
    token = runner.csrf_token(site.secret_key)
    rng = random.Random(1)

    async def save() -> list[Save]:
        made = []
        async with connected(address, 1) as (connection,):
            for number in range(SAVES):
                mark = f"{number:0{MARK_TAIL}d}"
                place = number % len(runner.items) + 1
                fields = {
                    "csrf_token": token,
                    "position": place,
                    "choice": runner.any_answer(place, rng),
                    "tab": MARK + mark,
                    "seq": 1,
                    "based_on": number // len(runner.items),
                }
                request = post(address, runner.path, runner.cookie, fields, by_script=True)
                sent = time.monotonic_ns()
                reply = await connection.ask(request)
                made.append(Save(mark, sent, time.monotonic_ns()))
                assert reply.status == 200
                assert 'data-state="saved"' in reply.text()
        return made

    with running(site):
        return run(save())


def acknowledged_too_early(saves: list[Save], log: Path) -> list[str]:
    """The marks of the saves whose write was not followed by a completed sync in time."""
    writes, syncs = read_trace(log)
    found = []
    for save in saves:
        own = [
            write
            for write in writes
            if save.mark in write.marks and save.sent < write.at < save.acknowledged
        ]
        if not any(
            sync.pid == write.pid and write.at <= sync.began and sync.ended < save.acknowledged
            for write in own
            for sync in syncs
        ):
            found.append(save.mark)
    return found


def sqlite_site(folder: Path, shim: Path, module: str) -> tuple[Site, Path]:
    log = folder / "trace"
    site = Site(
        folder / "site",
        preload=shim,
        environment=watching(log, "contest.db-wal"),
        module=module,
        # Its own commits would be in the trace too.
        with_worker=False,
    )
    upgrade(site.database_url)
    return site, log


def test_sqlite_syncs_each_answer_before_it_is_acknowledged(open_folder: Path, shim: Path) -> None:
    site, log = sqlite_site(open_folder, shim, "tests.launcher")
    saves = saves_one_after_the_other(site)
    assert len(saves) == SAVES
    assert acknowledged_too_early(saves, log) == []


@pytest.mark.parametrize("module", ["tests.faults.careless", "tests.faults.hasty"])
def test_the_check_catches_sqlite_without_sync_and_an_answer_before_the_commit(
    open_folder: Path, shim: Path, module: str
) -> None:
    site, log = sqlite_site(open_folder, shim, module)
    saves = saves_one_after_the_other(site)
    assert len(acknowledged_too_early(saves, log)) > SAVES * 0.9


@contextmanager
def postgresql_site(folder: Path, shim: Path, *, fsync: bool) -> Iterator[tuple[Site, Path]]:
    log = folder / "trace"
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as ours:
            # The servers inherit it; setpriv and initdb do no harm with it.
            for name, value in {**watching(log, "pg_wal"), "LD_PRELOAD": str(shim)}.items():
                ours.setenv(name, value)
            cluster, reason = stack.enter_context(running_cluster(fsync=fsync))
        if cluster is None:
            pytest.skip(f"PostgreSQL: {reason}")
        with cluster.connect() as connection:
            method = connection.execute("SHOW wal_sync_method").fetchone()
        # Another method would sync with the write itself, where the shim sees no call.
        assert method == ("fdatasync",)
        url = cluster.create_database()
        upgrade(url)
        yield Site(folder / "site", database_url=url, with_worker=False), log


def test_postgresql_syncs_each_answer_before_it_is_acknowledged(
    open_folder: Path, shim: Path
) -> None:
    with postgresql_site(open_folder, shim, fsync=True) as (site, log):
        saves = saves_one_after_the_other(site)
    # A record may lie across the border of two pages of the log, with a page's head in its mark.
    assert len(acknowledged_too_early(saves, log)) <= 1


def test_the_check_catches_postgresql_without_sync(open_folder: Path, shim: Path) -> None:
    with postgresql_site(open_folder, shim, fsync=False) as (site, log):
        saves = saves_one_after_the_other(site)
    assert len(acknowledged_too_early(saves, log)) > SAVES * 0.9
