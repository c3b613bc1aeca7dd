"""`bank check | load | export | schema`: the question bank as files."""

import argparse
import sys
from pathlib import Path

from contest import paths
from contest.bank import queries
from contest.bank.commands import Loaded, load_bank
from contest.bank.facts import Facts, read_facts
from contest.bank.formats.schema import schema_bytes
from contest.bank.formats.yaml_files import Bank, join, scan_bank
from contest.bank.lint import OUTSIDE, REPOSITORY, check_files, report_lines
from contest.cli.opened import Families, Stopped, opened_database, subcommand
from contest.errors import Conflict
from contest.infra.clock import Clock, system_clock
from contest.infra.database import Database


def add(families: Families) -> None:
    parser = families.add_parser("bank", help="the question bank as files")
    own = parser.add_subparsers(required=True, metavar="WHAT")
    check = subcommand(own, "check", "name file, line and fault of every fault", _check)
    check.add_argument("path", nargs="*", type=Path, help="files or folders; else questions/")
    load = subcommand(own, "load", "take a file or folder into the database", _load)
    load.add_argument("path", type=Path)
    export = subcommand(own, "export", "give a loaded file back, byte for byte", _export)
    export.add_argument("pool", nargs="?", help="without it, all files are listed")
    export.add_argument("name", nargs="?")
    subcommand(own, "schema", "print the JSON Schema of a bank file", _schema)


def _facts() -> Facts:
    return read_facts(paths.QUESTIONS / "facts.md")


def _check(chosen: argparse.Namespace) -> int:
    own = not chosen.path
    asked = [path.absolute() for path in chosen.path] or [paths.QUESTIONS]
    for path in asked:
        if not path.exists():
            raise Stopped(f"{path} does not exist.")
    public = scan_bank([paths.QUESTIONS])
    if own:
        report = check_files(public.files, _facts(), REPOSITORY, unreadable=public.faults)
    else:
        scan = scan_bank(asked)
        within = any(path.resolve().is_relative_to(paths.QUESTIONS) for path in asked)
        beside = () if within else public.files
        report = check_files(scan.files, _facts(), OUTSIDE, beside=beside, unreadable=scan.faults)
    print("\n".join(report_lines(report)))
    return 1 if report.faults else 0


def read_or_stop(path: Path) -> Bank:
    """A bank that can be loaded; prints every fault and stops when there are any."""
    if not path.exists():
        raise Stopped(f"{path} does not exist.")
    scan = scan_bank([path])
    bank = list(scan.faults) if scan.faults else join(scan.files)
    if isinstance(bank, list):
        for fault in bank:
            print(fault, file=sys.stderr)
        raise Stopped(f"Nothing was loaded: {len(bank)} faults, listed above.")
    return bank


def load(database: Database, path: Path, clock: Clock = system_clock) -> Loaded:
    """Loads a file or folder. Raises Stopped for faults and for a question of another pool."""
    try:
        return database.write(load_bank, bank=read_or_stop(path), by="system", now=clock())
    except Conflict as error:
        raise Stopped(
            f"Question {error.facts['question']} is already in pool {error.facts['pool']}: "
            "a question never changes its pool. Nothing was loaded."
        ) from error


def _load(chosen: argparse.Namespace) -> int:
    with opened_database() as (_settings, database):
        done = load(database, chosen.path.absolute())
        with database.read() as tx:
            pools = queries.pools(tx)
    print(f"{done.new} new, {done.changed} changed, {done.same} the same, {done.retired} retired")
    for pool, count in pools.items():
        print(f"  {pool}: {count} questions")
    return 0


def _export(chosen: argparse.Namespace) -> int:
    with opened_database() as (_settings, database), database.read() as tx:
        if chosen.name is None:
            for pool, name in queries.bank_files(tx):
                print(pool, name)
            return 0
        content = queries.bank_file(tx, chosen.pool, chosen.name)
    if content is None:
        raise Stopped(f"No file {chosen.name} of pool {chosen.pool} was ever loaded.")
    sys.stdout.buffer.write(content)
    return 0


def _schema(_chosen: argparse.Namespace) -> int:
    sys.stdout.buffer.write(schema_bytes())
    return 0
