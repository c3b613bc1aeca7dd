"""Every page of the demo and of an empty site, found once and looked at once for all measures."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser import why_missing
from tests.clock import MovableClock
from tests.demo import NOW, DemoSite, demo_password, demo_settings
from tests.measured import Measured
from tests.reach.looking import Look, look_at_all
from tests.reach.places import Found
from tests.reach.sites import Reached, busy_demo, empty_site
from tests.server import running


@dataclass(frozen=True)
class Crawled:
    """A site with all of its pages."""

    reached: Reached
    found: Found

    @property
    def url(self) -> str:
        return self.reached.running.url


@pytest.fixture(scope="session")
def reach_demo(seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    folder = tmp_path_factory.mktemp("reach demo")
    shutil.copytree(seed, folder, dirs_exist_ok=True)
    clock = MovableClock(NOW)
    with running(demo_settings(folder), clock=clock) as served:
        yield DemoSite(served, clock, demo_password(folder))


@pytest.fixture(scope="session")
def crawled_demo(reach_demo: DemoSite) -> Crawled:
    reached = busy_demo(reach_demo.running)
    return Crawled(reached, reached.explore())


@pytest.fixture(scope="session")
def crawled_empty(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("reach empty")
    shutil.copy(migrated_sqlite, folder / "contest.db")
    with running(demo_settings(folder), clock=MovableClock(NOW)) as served:
        reached = empty_site(served)
        yield Crawled(reached, reached.explore())


@pytest.fixture(scope="session")
def looks(crawled_demo: Crawled, crawled_empty: Crawled, measured: Measured) -> list[Look]:
    """All pages of both sites in the browser; of pages made of the same parts one."""
    reason = why_missing()
    if reason:
        pytest.skip(f"browser: {reason}")
    began = time.monotonic()
    looks = []
    for crawled in (crawled_demo, crawled_empty):
        cookies = crawled.reached.cookies
        looks += look_at_all(crawled.url, cookies, crawled.found.distinct())
    pages = len(crawled_demo.found.places) + len(crawled_empty.found.places)
    states = sum(len(each.axe) for each in looks)
    seconds = time.monotonic() - began
    measured("pages found (address × person)", f"{pages}; {len(looks)} show all their parts")
    measured(
        "looked at with axe-core 4.14.1",
        f"{states} states (390 and 1280 px, light and dark), {seconds:.0f} s",
    )
    return looks
