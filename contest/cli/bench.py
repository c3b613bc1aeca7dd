"""`bench load`: a synthetic edition of a chosen size, to measure on."""

import argparse
import sys
import time

import msgspec

from contest import paths
from contest.bank.commands import load_bank
from contest.cli import synthetic
from contest.cli.bank import read_or_stop
from contest.cli.demo import moved_to
from contest.cli.editions import read_edition
from contest.cli.opened import Families, Stopped, opened_database, subcommand
from contest.editions.commands import apply_edition
from contest.editions.queries import RoundView, edition, editions
from contest.infra.clock import system_clock
from contest.infra.database import Database
from contest.quiz.queries import started_rounds
from contest.units.files import load_units

SLUG = "thu-tai"
MOST = 5_000_000
# Random codes land all over their indexes; these pages would else be read back all the time.
CACHE_KIB = 512_000


def add(families: Families) -> None:
    parser = families.add_parser("bench", help="data to measure on")
    own = parser.add_subparsers(required=True, metavar="WHAT")
    made = subcommand(
        own, "load", "write a synthetic edition into an empty data folder, in bulk", _load
    )
    made.add_argument("--attempts", type=int, default=1_000_000, help="1,000,000 unless told")


def _load(chosen: argparse.Namespace) -> int:
    if not 1 <= chosen.attempts <= MOST:
        raise Stopped(f"--attempts must be from 1 to {MOST}.")
    with opened_database(cache_kib=CACHE_KIB) as (_settings, database):
        began = time.monotonic()
        this = load_synthetic(database, chosen.attempts, shown=sys.stdout.isatty())
        seconds = time.monotonic() - began
    print(
        f"{chosen.attempts} attempts of 10 answers in round {this.slug} of edition {SLUG}, "
        f"written in {seconds:.0f} s. Next: python -m contest editions settle {SLUG} {this.slug}"
    )
    return 0


def load_synthetic(database: Database, attempts: int, *, shown: bool = False) -> RoundView:
    """
    Makes the edition and fills its first round, which closed last week; the second is open now.

    Raises Stopped where another edition, or attempts of this one, are there already.
    """
    now = system_clock()
    with database.read() as tx:
        if any(each.slug != SLUG for each in editions(tx)) or started_rounds(tx, SLUG):
            raise Stopped(
                "The database holds an edition already. Choose an empty data folder, as in: "
                "SANCHOI_DEMO=0 SANCHOI_DATA_DIR=/tmp/bench python -m contest bench load"
            )
    document = msgspec.structs.replace(
        moved_to(read_edition(paths.EDITIONS / "demo.yaml"), now), edition=SLUG
    )
    load_units(database, paths.UNITS)
    database.write(load_bank, bank=read_or_stop(paths.QUESTIONS / "demo"), by="system", now=now)
    database.write(apply_edition, document=document, started_rounds=set(), by="system", now=now)
    with database.read() as tx:
        found = edition(tx, SLUG)
    assert found is not None
    this = found.rounds[0]
    for done in synthetic.load(database, document, this, attempts, seed=SLUG):
        if shown:
            percent = 100 * done // attempts
            bar = "█" * (percent // 4) + "░" * (25 - percent // 4)
            print(f"\r{bar} {percent:3d} %  {done} attempts", end="", flush=True)
        elif done % (attempts // 4 or 1) < 2000:
            print(f"{done} of {attempts} attempts", flush=True)
    if shown:
        print()
    return this
