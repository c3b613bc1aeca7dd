"""`units load-schools`: a city's own schools."""

import argparse
from pathlib import Path

from contest import paths
from contest.cli.opened import Families, Stopped, opened_database, subcommand
from contest.units.files import WrongFile, load_schools, load_units


def add(families: Families) -> None:
    parser = families.add_parser("units", help="wards, communes and schools")
    own = parser.add_subparsers(required=True, metavar="WHAT")
    schools = subcommand(own, "load-schools", "take a list of schools into the database", _load)
    schools.add_argument("file", type=Path, help="a CSV file like units/schools.csv")


def _load(chosen: argparse.Namespace) -> int:
    if not chosen.file.is_file():
        raise Stopped(f"{chosen.file} does not exist.")
    with opened_database() as (_settings, database):
        # A school points to its ward.
        load_units(database, paths.UNITS, with_schools=False)
        try:
            done = load_schools(database, chosen.file)
        except WrongFile as error:
            raise Stopped(str(error)) from error
    print(f"{done.added} new, {done.changed} changed, {done.unchanged} the same")
    return 0
