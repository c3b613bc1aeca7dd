"""Databases for the fault tests: SQLite in the site's folder, PostgreSQL that does sync."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from contest.migrations import upgrade
from tests.postgres import Cluster, running_cluster


@pytest.fixture(scope="session")
def syncing_cluster() -> Iterator[Cluster]:
    """A PostgreSQL whose commits reach the disk."""
    with running_cluster(fsync=True) as (found, reason):
        if found is None:
            pytest.skip(f"PostgreSQL: {reason}")
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def server_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty, migrated database that keeps what it has committed."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/contest.db"
        upgrade(url)
        yield url
        return
    cluster: Cluster = request.getfixturevalue("syncing_cluster")
    url = cluster.create_database()
    upgrade(url)
    yield url
    cluster.drop_database(url)


@pytest.fixture
def kills() -> int:
    """How often the server is killed: few in `make test`, FAULT_KILLS in `make faults`."""
    return int(os.environ.get("FAULT_KILLS", "3"))
