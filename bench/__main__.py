"""`python -m bench`: measures, prints a table, writes docs/bench.md; 1 when a bound is missed."""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from bench.autosave import PASSWORD, Load, Person, measure
from bench.pages import Weight, weigh_quiz
from bench.report import Comparison, Fact, Series, table, write_document
from bench.scale import measure_scale
from contest.infra.clock import system_clock
from contest.infra.database import Database
from contest.infra.passwords import Passwords
from contest.migrations import upgrade
from tests.crowd import Runner, gather_crowd
from tests.faults.shim import NoShim, build_shim
from tests.launcher import ROOT, Site, running
from tests.load import run

CLIENTS: Final = 50
PEOPLE_SIGNING_IN: Final = 20
SLOWER_SYNC_US: Final = 3000
SECRET_KEY: Final = b"only-for-measuring-0123456789abcdef"
LIMIT_WITH_FONTS, LIMIT_WITHOUT = 95_000, 25_000
_IMPORTS: Final = "import alembic.command, babel, jinja2, litestar, sqlalchemy, uvicorn"


class Bench:
    """What all measurements share: a prepared database to copy, how long and how often to run."""

    def __init__(self, folder: Path, *, runs: int, seconds: float) -> None:
        self.folder = folder
        self.runs = runs
        self.seconds = seconds
        self._sites = 0
        self._prepared = folder / "prepared.db"
        url = f"sqlite:///{self._prepared}"
        upgrade(url)
        hasher = Passwords()
        database = Database(url)
        try:
            self.runners: list[Runner] = gather_crowd(
                database, system_clock, CLIENTS, password_hash=hasher.hash(PASSWORD)
            )
        finally:
            database.close()
            hasher.close()

    def site(
        self, module: str, *, preload: Path | None = None, environment: dict[str, str] | None = None
    ) -> Site:
        """A site of its own with a copy of the prepared database, not yet started."""
        self._sites += 1
        made = Site(
            self.folder / f"site{self._sites}",
            secret_key=SECRET_KEY,
            preload=preload,
            environment=environment,
            module=module,
        )
        shutil.copy(self._prepared, made.data_dir / "contest.db")
        return made

    def people(self, site: Site) -> list[Person]:
        return [Person(site, runner) for runner in self.runners]

    def load(self, site: Site, *, signing_in: Sequence[str] = ()) -> Load:
        """Starts the site, lets everybody save, ends it and removes its data."""
        with running(site):
            people = self.people(site)
            found = run(measure(site, people, seconds=self.seconds, signing_in=signing_in))
        shutil.rmtree(site.folder)
        return found

    def alternate(
        self, ours: Callable[[], Load], baseline: Callable[[], Load]
    ) -> tuple[list[Load], list[Load]]:
        """Runs both sides in turn; which of them begins changes from pair to pair."""
        found: tuple[list[Load], list[Load]] = ([], [])
        sides = [(found[0], ours), (found[1], baseline)]
        for number_ in range(self.runs):
            for kept, side in sides if number_ % 2 == 0 else reversed(sides):
                kept.append(side())
                say(f"  {side.__name__}: {kept[-1].rate:,.0f}/s, p99 {kept[-1].p99_ms:.1f} ms")
        return found


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def rates(name: str, loads: Sequence[Load]) -> Series:
    return Series(name=name, values=[load.rate for load in loads])


def group_commit(bench: Bench) -> list[Comparison]:
    """One commit for all that wait, against one commit a request, on a slow disk."""
    say("== autosave, 3 ms added to each sync: group commit against one commit a request")
    shim = build_shim(bench.folder)
    slower = {"SHIM_SYNC_DELAY_US": str(SLOWER_SYNC_US)}

    def grouped() -> Load:
        return bench.load(bench.site("tests.launcher", preload=shim, environment=slower))

    def one_commit() -> Load:
        return bench.load(bench.site("bench.one_commit", preload=shim, environment=slower))

    ours, baseline = bench.alternate(grouped, one_commit)
    return [
        Comparison(
            what="autosave on a slow disk (3 ms more a sync)",
            unit="/s",
            ours=rates("group commit", ours),
            baseline=rates("one commit a request", baseline),
            at_least=8,
        )
    ]


def whole_way(bench: Bench) -> list[Comparison]:
    """The site with everything, against one bare route."""
    say("== autosave: the site against a bare route with the same group commit")

    def site() -> Load:
        return bench.load(bench.site("tests.launcher"))

    def bare() -> Load:
        return bench.load(bench.site("bench.bare"))

    ours, baseline = bench.alternate(site, bare)
    return [
        Comparison(
            what="autosave, with session, CSRF, rights, rules",
            unit="/s",
            ours=rates("site", ours),
            baseline=rates("bare route", baseline),
            at_least=0.5,
        ),
        Comparison(
            what="autosave, p99",
            unit="ms",
            ours=Series(name="site", values=[load.p99_ms for load in ours]),
            baseline=Series(name="bare route", values=[load.p99_ms for load in baseline]),
        ),
    ]


def sign_ins(bench: Bench) -> list[Comparison]:
    """p99 of autosave while people sign in, against a quiet site."""
    say("== autosave while 20 people sign in at once, against nobody")
    codes = [runner.sign_in_code for runner in bench.runners[:PEOPLE_SIGNING_IN]]

    def with_sign_ins() -> Load:
        return bench.load(bench.site("tests.launcher"), signing_in=codes)

    def quiet() -> Load:
        return bench.load(bench.site("tests.launcher"))

    ours, baseline = bench.alternate(with_sign_ins, quiet)
    made = sum(load.sign_ins for load in ours)
    say(f"  {made} sign-ins")
    if made < PEOPLE_SIGNING_IN * bench.runs:
        raise SystemExit("hardly anybody was let in: the comparison would say nothing")
    return [
        Comparison(
            what="autosave, p99 while 20 people sign in",
            unit="ms",
            ours=Series(name="with sign-ins", values=[load.p99_ms for load in ours]),
            baseline=Series(name="quiet", values=[load.p99_ms for load in baseline]),
            at_most=3,
        )
    ]


def second_start(bench: Bench) -> list[Comparison]:
    """From the command to readiness on a folder that has been used, against the bare imports."""
    say("== second start")
    site = Site(bench.folder / "start", demo=True)
    ours: list[float] = []
    baseline: list[float] = []
    first = site.start()
    say(f"  first start, with the demo's data: {first:.1f} s")
    for _ in range(bench.runs):
        site.stop()
        ours.append(site.start())
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", _IMPORTS], check=True, cwd=ROOT)
        baseline.append(time.monotonic() - began)
    site.close()
    say(f"  {[round(value, 2) for value in ours]}, imports {[round(v, 2) for v in baseline]}")
    return [
        Comparison(
            what="second start until ready",
            unit="s",
            ours=Series(name="site", values=ours),
            baseline=Series(name="imports alone", values=baseline),
        )
    ]


def page_weight(bench: Bench) -> list[Fact]:
    with running(bench.site("tests.launcher")) as site:
        found: Weight = run(weigh_quiz(site, bench.runners[0]))
    return [
        Fact(
            what=f"quiz page, all its {found.files} files",
            value=f"{found.whole / 1000:.1f} kB",
            limit=f"{LIMIT_WITH_FONTS // 1000} kB",
        ),
        Fact(
            what="quiz page without fonts",
            value=f"{found.rest / 1000:.1f} kB",
            limit=f"{LIMIT_WITHOUT // 1000} kB",
        ),
    ]


PARTS: Final[dict[str, Callable[[Bench], list[Comparison]]]] = {
    "commit": group_commit,
    "bare": whole_way,
    "sign-ins": sign_ins,
    "start": second_start,
}


class _Chosen(msgspec.Struct, kw_only=True):
    quick: bool
    only: list[str]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="one short run each; docs/bench.md is left as it is"
    )
    parser.add_argument("--only", action="append", choices=[*PARTS, "page", "scale"], default=[])
    chosen = _Chosen(**vars(parser.parse_args()))
    runs, seconds = (1, 2.0) if chosen.quick else (5, 5.0)
    wanted = chosen.only or [*PARTS, "page", "scale"]
    comparisons: list[Comparison] = []
    facts: list[Fact] = []
    with tempfile.TemporaryDirectory(prefix="sanchoi-bench-", ignore_cleanup_errors=True) as name:
        bench = Bench(Path(name), runs=runs, seconds=seconds)
        try:
            for part, measured in PARTS.items():
                if part in wanted:
                    comparisons += measured(bench)
        except NoShim as reason:
            say(f"The slow disk cannot be made here: {reason}")
            return 2
        if "page" in wanted:
            facts = page_weight(bench)
        if "scale" in wanted:
            compared, more = measure_scale(
                bench.folder,
                secret_key=SECRET_KEY,
                runs=runs,
                seconds=seconds,
                crowd=CLIENTS,
                say=say,
            )
            comparisons += compared
            facts += more
    text = table(comparisons, facts)
    print(text)
    if not chosen.quick and not chosen.only:
        how = f"{CLIENTS} clients, {runs} runs of {seconds:g} s a side after a warm-up."
        write_document(text, how, datetime.now(UTC))
    missed = [each.what for each in comparisons if not each.is_kept]
    for what in missed:
        say(f"MISSED: {what}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
