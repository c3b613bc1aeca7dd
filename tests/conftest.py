"""Fixtures of all tests: a real database (SQLite and PostgreSQL), a clock one can move, a world."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from contest.cli import serve
from contest.infra.chance import SeededChance
from contest.infra.database import Database
from contest.infra.storage import Storage
from contest.migrations import upgrade
from tests import demo
from tests.browser import open_browser, why_missing
from tests.clock import MovableClock
from tests.measured import FIGURES, Measured
from tests.postgres import Cluster, running_cluster
from tests.s3 import S3Server, running_s3
from tests.server import running, settings_for
from tests.site import Site
from tests.world import World

BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Hanoi


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "empty.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of our own on a socket in a temporary folder."""
    with running_cluster() as (found, reason):
        if found is None:
            pytest.skip(f"PostgreSQL: {reason}")
        yield found


@pytest.fixture(scope="session")
def migrated_postgresql(cluster: Cluster) -> str:
    """The name of a database with all tables, to be copied."""
    upgrade(cluster.create_database("migrated"))
    return "migrated"


@pytest.fixture(params=BACKENDS)
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes fresh databases with all tables, on each kind in turn; gives their URLs."""
    made: list[str] = []

    def new_sqlite() -> str:
        file = tmp_path / f"contest-{len(made)}.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        made.append(f"sqlite:///{file}")
        return made[-1]

    def new_postgresql() -> str:
        template = request.getfixturevalue("migrated_postgresql")
        made.append(request.getfixturevalue("cluster").create_database(template=template))
        return made[-1]

    if request.param == "sqlite":
        yield new_sqlite
        return
    yield new_postgresql
    for url in made:
        request.getfixturevalue("cluster").drop_database(url)


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """The URL of a fresh database with all tables."""
    return new_database()


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def chance() -> SeededChance:
    return SeededChance("tests")


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)


@pytest.fixture
def world(db: Database, clock: MovableClock, chance: SeededChance) -> World:
    """An edition with an open round and the cast, made by commands."""
    return World(db, clock, chance)


@pytest.fixture
def site(world: World, database_url: str, tmp_path: Path) -> Iterator[Site]:
    """The real application on a real socket, over the world's database and clock."""
    settings = settings_for(database_url, tmp_path)
    chance = SeededChance("site")
    with running(settings, clock=world.clock, chance=chance) as served:
        made = Site(world, served)
        yield made
        made.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium for journeys and measures, one for all of them."""
    reason = why_missing()
    if reason:
        pytest.skip(f"browser: {reason}")
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo as it is seeded, to be copied."""
    folder = tmp_path_factory.mktemp("demo seed")
    serve.prepare(demo.demo_settings(folder), lambda: demo.NOW)
    return folder


@pytest.fixture(scope="session")
def measured(pytestconfig: pytest.Config) -> Measured:
    """measured("pages × states seen by axe", "…"): printed at the end of the run."""
    return pytestconfig.stash.setdefault(FIGURES, Measured())


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    found = config.stash.get(FIGURES, None)
    if found is not None and found.lines:
        terminalreporter.section("Reach")
        for line in found.table():
            terminalreporter.line(line)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts a server is no quick test, however short: there are hundreds of them."""
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.pages)


def pytest_report_header(config: Any) -> str:
    return "Sân Chơi: every test that touches a database runs on SQLite and on PostgreSQL"


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """One for all tests of this run; each takes a new place on it."""
    with running_s3() as (server, reason):
        if server is None:
            pytest.skip(f"S3: {reason}")
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "files"


@pytest.fixture
def bucket_url(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty place in a bucket, with the environment that leads there."""
    for name, value in s3.environment().items():
        monkeypatch.setenv(name, value)
    return s3.new_place()


@pytest.fixture(params=["folder", "s3"])
def storage_url(request: pytest.FixtureRequest) -> str:
    """Where each kind of storage keeps nothing yet."""
    if request.param == "folder":
        return f"file://{request.getfixturevalue('folder')}"
    return str(request.getfixturevalue("bucket_url"))


@pytest.fixture
def storage(storage_url: str) -> Storage:
    return Storage(storage_url)
