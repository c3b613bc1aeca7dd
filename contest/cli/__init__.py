"""`python -m contest …`: one file a family of commands, each with `add(parser)`."""

import argparse
import sys
from collections.abc import Sequence

from contest.cli import bank, bench, db, demo, editions, people, replay, serve, units
from contest.cli.opened import Stopped
from contest.settings import WrongSetting

_FAMILIES = (serve, db, demo, bank, editions, people, units, replay, bench)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the process's exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m contest", description="Sân Chơi: a city's quiz contest."
    )
    families = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for family in _FAMILIES:
        family.add(families)
    chosen = parser.parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
    except (WrongSetting, Stopped) as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
    return status
