"""`editions apply | list | settle | publish`: an edition from one readable file to its results."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

import yaml

from contest.bank.draw import Shortage
from contest.cli.opened import Families, Stopped, opened_database, subcommand
from contest.editions import commands, queries
from contest.errors import Conflict
from contest.infra.clock import HANOI, system_clock
from contest.infra.database import Database, Tx
from contest.quiz.queries import started_rounds
from contest.rules.changes import Change
from contest.rules.document import EditionDocument, RulesRefused, parse_edition
from contest.standings.commands import publish_round
from contest.standings.settle import settle_round


def add(families: Families) -> None:
    parser = families.add_parser("editions", help="editions and their rounds")
    own = parser.add_subparsers(required=True, metavar="WHAT")
    apply = subcommand(own, "apply", "check an edition's file, show what changes, apply it", _apply)
    apply.add_argument("file", type=Path)
    apply.add_argument("--dry-run", action="store_true", help="check and show only")
    subcommand(own, "list", "list editions and rounds", _list)
    for name, words, run in (
        ("settle", "compute scores and places of a closed round; repeatable", _settle),
        ("publish", "make a settled round official", _publish),
    ):
        act = subcommand(own, name, words, run)
        act.add_argument("edition")
        act.add_argument("round")


def read_edition(path: Path) -> EditionDocument:
    """The document in a YAML file. Raises Stopped with every fault found."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Stopped(f"{path} does not exist.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Stopped(f"{path} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise Stopped(f"{path} is not YAML: {error}") from error
    try:
        return parse_edition(raw)
    except RulesRefused as refused:
        raise Stopped(_refusal(path, refused)) from refused


def _refusal(path: Path, refused: RulesRefused) -> str:
    lines = [f"{path} is refused; nothing was changed:"]
    lines += [f"  {fault.path}: {fault.reason}" for fault in refused.faults]
    return "\n".join(lines)


def _apply(chosen: argparse.Namespace) -> int:
    document = read_edition(chosen.file)
    with opened_database() as (_settings, database):
        with database.read() as tx:
            started = started_rounds(tx, document.edition)
            try:
                planned = commands.planned_changes(tx, document, started)
            except RulesRefused as refused:
                raise Stopped(_refusal(chosen.file, refused)) from refused
            short = commands.shortages(tx, document)
        print(_told(document, planned))
        _warn(short)
        if chosen.dry_run or not planned:
            return 0
        try:
            applied = database.write(_apply_now, document)
        except RulesRefused as refused:
            raise Stopped(_refusal(chosen.file, refused)) from refused
    print(f"Applied as version {applied.version}.")
    return 0


def _apply_now(tx: Tx, document: EditionDocument) -> commands.Applied:
    """Who has started is asked in the same transaction: somebody may have since it was shown."""
    return commands.apply_edition(
        tx,
        document=document,
        started_rounds=started_rounds(tx, document.edition),
        by="system",
        now=system_clock(),
    )


def _told(document: EditionDocument, planned: list[Change]) -> str:
    if not planned:
        return f"{document.edition}: nothing to change."
    lines = [f"{document.edition}: {len(planned)} change{'s' if len(planned) > 1 else ''}"]
    for change in planned:
        if change.before is None:
            lines.append(f"  + {change.path}: {change.after}")
        elif change.after is None:
            lines.append(f"  - {change.path}: {change.before}")
        else:
            lines.append(f"  ~ {change.path}: {change.before} -> {change.after}")
    return "\n".join(lines)


def _warn(short: dict[str, list[Shortage]]) -> None:
    for slug, lines in short.items():
        for line in lines:
            print(
                f"warning: round {slug}: its pool has {line.had} of {line.wanted} questions for "
                f"{line.cell.domain}, {line.cell.level}; load them before the round opens",
                file=sys.stderr,
            )


def _list(_chosen: argparse.Namespace) -> int:
    now = system_clock()
    with opened_database() as (_settings, database), database.read() as tx:
        found = queries.editions(tx)
    if not found:
        print("No edition yet: python -m contest editions apply FILE")
    for each in found:
        print(f"{each.slug}  version {each.version}  rules {each.rules_hash[:12]}")
        for this in each.rounds:
            print(
                f"  {this.slug:<20} {this.state(now):<10} "
                f"{_local(this.opens_at)} to {_local(this.closes_at)}"
            )
    return 0


def _local(moment: datetime) -> str:
    return moment.astimezone(HANOI).strftime("%Y-%m-%d %H:%M")


def _round_id(database: Database, edition_slug: str, slug: str) -> int:
    with database.read() as tx:
        edition = queries.edition(tx, edition_slug)
    found = edition.round(slug) if edition else None
    if found is None:
        raise Stopped(f"There is no round {slug} in an edition {edition_slug}.")
    return found.id


_NOT_YET = (
    "The round is still open, an attempt has not ended, or nothing is settled yet; "
    "the running server ends attempts by itself at their deadline."
)


def _settle(chosen: argparse.Namespace) -> int:
    with opened_database() as (_settings, database):
        round_id = _round_id(database, chosen.edition, chosen.round)
        try:
            done = settle_round(database, round_id, system_clock)
        except Conflict as error:
            raise Stopped(_NOT_YET) from error
    print(
        f"{done.attempts} attempts, {done.valid} valid entrants, {done.perfect} with all right; "
        f"truth {done.truth}; digest {done.digest[:16]}; "
        + ("new" if done.is_new else "the same as before")
    )
    return 0


def _publish(chosen: argparse.Namespace) -> int:
    with opened_database() as (_settings, database):
        round_id = _round_id(database, chosen.edition, chosen.round)
        try:
            at = database.write(publish_round, round_id=round_id, by="system", now=system_clock())
        except Conflict as error:
            raise Stopped(_NOT_YET) from error
    print(f"Published at {_local(at)}.")
    return 0
