"""The demo as `make run` makes it, served in this process: what journeys and measures stand on."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from contest.editions.queries import EditionView, current_edition
from contest.settings import Settings
from tests.clock import MovableClock
from tests.server import RunningSite, settings_for

# A Thursday, 15:00 in Hanoi: on every day of the year the demo's second week is open and played.
NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


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


def demo_settings(folder: Path) -> Settings:
    return settings_for(f"sqlite:///{folder}/contest.db", folder, SANCHOI_DEMO="1")


def demo_password(folder: Path) -> str:
    """The one password of all accounts in a seeded folder."""
    return (folder / "demo-accounts.txt").read_text().splitlines()[0].split()[-1]
