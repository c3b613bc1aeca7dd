"""`db upgrade`, `db downgrade`: the tables' migrations."""

import argparse

from contest.cli.opened import Families, migrate, subcommand
from contest.migrations import downgrade
from contest.settings import read_settings


def add(families: Families) -> None:
    parser = families.add_parser("db", help="the database's tables")
    own = parser.add_subparsers(required=True, metavar="WHAT")
    subcommand(own, "upgrade", "bring the tables up to date", _upgrade)
    down = subcommand(own, "downgrade", "go back to an earlier revision", _downgrade)
    down.add_argument("revision", help="a revision, or -1 for one step back")


def _upgrade(_chosen: argparse.Namespace) -> int:
    migrate(read_settings())
    return 0


def _downgrade(chosen: argparse.Namespace) -> int:
    downgrade(read_settings().database_url, chosen.revision)
    return 0
