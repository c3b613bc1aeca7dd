"""A site with the whole demo, as `make run` makes it, and a real browser before it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clock import MovableClock
from tests.demo import NOW, DemoSite, demo_password, demo_settings
from tests.server import running


@pytest.fixture
def demo_site(seeded_site: DemoSite) -> Iterator[DemoSite]:
    """The demo at its own time: a journey that moved the clock gives it back."""
    began = seeded_site.clock()
    yield seeded_site
    seeded_site.clock.set(began)


@pytest.fixture(scope="module")
def seeded_site(seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """One a module: its journeys share the people, not the accounts they make."""
    folder = tmp_path_factory.mktemp("demo site")
    shutil.copytree(seed, folder, dirs_exist_ok=True)
    clock = MovableClock(NOW)
    with running(demo_settings(folder), clock=clock) as served:
        yield DemoSite(served, clock, demo_password(folder))
