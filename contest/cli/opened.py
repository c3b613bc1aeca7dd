"""What most commands need: settings, a migrated database, a way to stop with one sentence."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
import sqlalchemy.exc

from contest.infra.database import CACHE_KIB, Database
from contest.migrations import upgrade
from contest.settings import Settings, read_settings

Families = Any  # argparse keeps the type of its sub-parsers to itself


class Stopped(Exception):
    """The command cannot go on; the message is one sentence for the person at the terminal."""


@contextmanager
def opened_database(
    settings: Settings | None = None, *, cache_kib: int = CACHE_KIB
) -> Iterator[tuple[Settings, Database]]:
    """Settings and a database with today's tables. Raises Stopped when it cannot be reached."""
    settings = settings or read_settings()
    migrate(settings)
    database = Database(settings.database_url, cache_kib=cache_kib)
    try:
        yield settings, database
    finally:
        database.close()


def migrate(settings: Settings) -> None:
    try:
        upgrade(settings.database_url)
    except sqlalchemy.exc.OperationalError as error:
        shown = sa.make_url(settings.database_url).render_as_string(hide_password=True)
        reason = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
        raise Stopped(f"The database {shown} cannot be opened: {reason}") from error


def subcommand(families: Families, name: str, words: str, run: Any) -> argparse.ArgumentParser:
    """A command without sub-commands of its own."""
    parser: argparse.ArgumentParser = families.add_parser(name, help=words, description=words)
    parser.set_defaults(run=run)
    return parser
