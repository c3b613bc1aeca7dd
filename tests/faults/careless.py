"""The site with SQLite told not to sync: what the proof of the syncs must be able to catch."""

import sqlite3

from contest.infra import database
from tests import launcher

_prepare = database._prepare_sqlite


def _prepare_carelessly(driver: sqlite3.Connection, _record: object) -> None:
    _prepare(driver, _record)
    driver.execute("PRAGMA synchronous = OFF")


if __name__ == "__main__":
    database._prepare_sqlite = _prepare_carelessly
    launcher.main()
