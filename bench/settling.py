"""A million attempts settled: against one statement of SQLite, and beside an open round."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Final

from bench.autosave import Person, measure
from bench.contests import Contest
from bench.report import Comparison, Series
from contest.infra.clock import system_clock
from contest.infra.database import Database
from contest.standings.apart import settle_apart
from tests.launcher import running
from tests.load import run

MEMORY_MIB: Final = 256
# Groups of people who answer in turn.
CROWDS: Final = 4

# One GROUP BY and one window from the same facts: the newest counted answers against the keys of
# each paper, the prediction against the truth, the places by the chain.
_ONE_STATEMENT: Final = """
create table out.places as
with newest as (
  select attempt_id, position, value, max(n) from answers
  where verdict = 0 and attempt_id between :first and :last
  group by attempt_id, position
),
scores as (
  select newest.attempt_id,
         sum(position > 0 and newest.value = question_keys.key_mask) as correct,
         max(case when position = 0 then newest.value end) as told
  from newest
  join attempts on attempts.id = newest.attempt_id
  left join question_keys on question_keys.revision_id =
       json_extract(attempts.paper, '$[' || max(position - 1, 0) || '][0]')
  where attempts.round_id = :round and submitted_at is not null and annulled_at is null
  group by newest.attempt_id
),
truth as (select count(*) as perfect from scores where correct = 10)
select scores.attempt_id, correct, abs(told - perfect) as distance,
       rank() over (order by correct desc, coalesce(abs(told - perfect), 1e18),
                    ranking_time_ms, submitted_at) as place
from scores cross join truth join attempts on attempts.id = scores.attempt_id
"""


def _in_one_statement(many: Contest, folder: Path) -> float:
    """Seconds in which SQLite itself computes every place into a table of its own, on disk."""
    out = folder / "places.db"
    for file in folder.glob("places.db*"):
        file.unlink()
    driver = sqlite3.connect(_file_of(many))
    try:
        for pragma in ("temp_store = memory", "cache_size = -65536", "synchronous = full"):
            driver.execute(f"pragma {pragma}")
        driver.execute("attach ? as out", (str(out),))
        driver.execute("pragma out.journal_mode = wal")
        first, last = driver.execute(
            "select min(id), max(id) from attempts where round_id = ?", (many.round.id,)
        ).fetchone()
        began = time.perf_counter()
        driver.execute(_ONE_STATEMENT, {"round": many.round.id, "first": first, "last": last})
        driver.commit()
        took = time.perf_counter() - began
        _same_places(driver, many)
    finally:
        driver.close()
    return took


def _same_places(driver: sqlite3.Connection, many: Contest) -> None:
    """Both ways must say the same, or their times compare nothing."""
    driver.execute("create unique index out.by_attempt on places (attempt_id)")
    (differ,) = driver.execute(
        "select count(*) from standings left join out.places using (attempt_id) "
        "where settlement_id = ? and standings.place is not places.place",
        (many.result.settlement_id,),
    ).fetchone()
    if differ:
        raise SystemExit(f"{differ} places differ between the settlement and the one statement")


def _file_of(many: Contest) -> str:
    return str(many.site.data_dir / "contest.db")


def _forget(many: Contest) -> None:
    """Removes the settlement that was not published, so that the next one has all to do."""
    driver = sqlite3.connect(_file_of(many))
    try:
        driver.execute("pragma busy_timeout = 60000")
        kept = many.result.settlement_id
        for table in (
            "standings entrant_lines standing_ties board_groups board_blocks question_figures"
        ).split():
            driver.execute(f"delete from {table} where settlement_id <> ?", (kept,))
        driver.execute("delete from settlements where id <> ?", (kept,))
        # The newest settlement then knows nothing of what follows, and is computed again.
        driver.execute("update settlements set digest = 'measured again' where id = ?", (kept,))
        driver.commit()
        driver.execute("pragma wal_checkpoint(truncate)")
    finally:
        driver.close()


def _settle(many: Contest) -> tuple[float, float]:
    """Seconds and MiB of a settlement, as the worker has it made."""
    database = Database(many.site.database_url)
    try:
        began = time.perf_counter()
        held_kib = settle_apart(database, "round", str(many.round.id), system_clock())
        return time.perf_counter() - began, held_kib / 1024
    finally:
        database.close()


def settlement(
    many: Contest, folder: Path, runs: int, say: Callable[[str], None]
) -> list[Comparison]:
    """A settlement of a million, process and all lines, against one statement of SQLite."""
    ours: list[float] = []
    held: list[float] = []
    baseline: list[float] = []
    for number in range(runs):
        for is_ours in (True, False) if number % 2 == 0 else (False, True):
            if is_ours:
                _forget(many)
                seconds, mib = _settle(many)
                ours.append(seconds)
                held.append(mib)
            else:
                baseline.append(_in_one_statement(many, folder))
        say(f"  settlement {ours[-1]:.1f} s, one statement {baseline[-1]:.1f} s")
    return [
        Comparison(
            what="settlement of a million attempts",
            unit="s",
            ours=Series(name="settlement", values=ours),
            baseline=Series(name="one GROUP BY and window", values=baseline),
            at_most=1,
        ),
        Comparison(
            what="settlement of a million, most memory of its process",
            unit="MiB",
            ours=Series(name="settlement", values=held),
            baseline=Series(name="allowed", values=[MEMORY_MIB]),
            at_most=1,
        ),
    ]


def beside_an_open_round(
    many: Contest, runs: int, seconds: float, say: Callable[[str], None]
) -> list[Comparison]:
    """p99 of autosave in the open round while the million of the last one is settled."""
    beside: list[float] = []
    quiet: list[float] = []
    with running(many.site):
        # A question takes so many saves and no more: other people answer in every other run.
        crowds = cycle(_crowds(many))
        for number in range(runs):
            for is_beside in (True, False) if number % 2 == 0 else (False, True):
                people = next(crowds)
                if not is_beside:
                    quiet.append(run(measure(many.site, people, seconds=seconds)).p99_ms)
                    continue
                _forget(many)
                with _settling(many) as is_over:
                    load = run(measure(many.site, people, seconds=seconds))
                    if is_over():
                        raise SystemExit("the settlement ended before the load: measure shorter")
                    beside.append(load.p99_ms)
            say(f"  p99 beside a settlement {beside[-1]:.1f} ms, quiet {quiet[-1]:.1f} ms")
    return [
        Comparison(
            what="autosave, p99 while a million are settled",
            unit="ms",
            ours=Series(name="settling", values=beside),
            baseline=Series(name="quiet", values=quiet),
            at_most=2,
        )
    ]


def _crowds(many: Contest) -> list[list[Person]]:
    """The crowd in groups of those who answer at once."""
    people = [Person(many.site, runner) for runner in many.runners]
    size = len(people) // CROWDS
    return [people[start : start + size] for start in range(0, size * CROWDS, size)]


@contextmanager
def _settling(many: Contest) -> Iterator[Callable[[], bool]]:
    """A settlement under way in a process of its own; waits for its end."""
    failed: list[BaseException] = []

    def settle() -> None:
        try:
            _settle(many)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=settle)
    thread.start()
    try:
        yield lambda: not thread.is_alive()
    finally:
        thread.join()
    if failed:
        raise failed[0]
