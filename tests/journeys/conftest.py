"""A site with the whole demo, as `make run` makes it, and a real browser before it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from contest.cli import serve
from contest.editions.queries import EditionView, current_edition
from contest.settings import Settings
from tests.browser import open_browser, why_missing
from tests.clock import MovableClock
from tests.server import RunningSite, running, settings_for

# A Thursday, 15:00 in Hanoi: on every day of the year the demo's second week is open and played.
NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    reason = why_missing()
    if reason:
        pytest.skip(f"browser: {reason}")
    with open_browser() as opened:
        yield opened


@dataclass
class DemoSite:
    running: RunningSite
    clock: MovableClock
    password: str

    @property
    def url(self) -> str:
        return self.running.url

    @property
    def edition(self) -> EditionView:
        with self.running.application.database.read() as tx:
            found = current_edition(tx, self.clock())
        assert found is not None
        return found

    def end_of_week_2(self) -> None:
        """Lets the open round close; background work then ends attempts and settles."""
        self.clock.set(self.edition.rounds[1].closes_at + timedelta(minutes=2))
        self.work()

    def work(self) -> None:
        """Background work, until nothing waits."""
        self.running.application.worker.run_until_idle()


@pytest.fixture
def demo_site(seeded_site: DemoSite) -> Iterator[DemoSite]:
    """The demo at its own time: a journey that moved the clock gives it back."""
    began = seeded_site.clock()
    yield seeded_site
    seeded_site.clock.set(began)


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo as it is seeded, to be copied."""
    folder = tmp_path_factory.mktemp("demo seed")
    serve.prepare(_settings(folder), lambda: NOW)
    return folder


@pytest.fixture(scope="module")
def seeded_site(seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """One a module: its journeys share the people, not the accounts they make."""
    folder = tmp_path_factory.mktemp("demo site")
    shutil.copytree(seed, folder, dirs_exist_ok=True)
    password = (folder / "demo-accounts.txt").read_text().splitlines()[0].split()[-1]
    clock = MovableClock(NOW)
    with running(_settings(folder), clock=clock) as served:
        yield DemoSite(served, clock, password)


def _settings(folder: Path) -> Settings:
    return settings_for(f"sqlite:///{folder}/contest.db", folder, SANCHOI_DEMO="1")
