"""A million attempts against ten thousand: pages, ranks, and a settlement beside an open round."""

import random
import shutil
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Final

import msgspec
import sqlalchemy as sa

from bench.autosave import PASSWORD, Person, measure
from bench.report import Comparison, Fact, Series
from contest.cli.bench import CACHE_KIB, load_synthetic
from contest.editions.models import Entrant
from contest.editions.queries import RoundView
from contest.infra.clock import system_clock
from contest.infra.database import Database, Tx
from contest.infra.passwords import Passwords
from contest.migrations import upgrade
from contest.people.sign_in.commands import open_session
from contest.people.tokens import digest, new_session_token
from contest.quiz.models import Attempt
from contest.standings import names, queries
from contest.standings.apart import settle_apart
from contest.standings.commands import publish_round
from contest.standings.models import Standing, Tie
from contest.web import cookies
from tests.crowd import Runner, gather_crowd
from tests.launcher import Site, running
from tests.load import connected, get, run

FEW, MANY = 10_000, 1_000_000
# Requests of one kind in one run, by as many different people.
ASKED: Final = 40
MEMORY_MIB: Final = 256
CROWDS: Final = 4
SEARCHED, WARD_PARAMETER = "ha", "don-vi"


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on the board: who they are and the cookie they are signed in with."""

    entry_code: str
    attempt_code: str
    cookie: str


class Contest:
    """A settled and published synthetic round of `attempts`, and the site that shows it."""

    def __init__(self, folder: Path, attempts: int, *, secret_key: bytes, crowd: int = 0) -> None:
        self.attempts = attempts
        self.site = Site(folder, with_worker=False, secret_key=secret_key)
        url = self.site.database_url
        upgrade(url)
        database = Database(url, cache_kib=CACHE_KIB)
        try:
            began = time.monotonic()
            self.round: RoundView = load_synthetic(database, attempts)
            self.loaded_s = time.monotonic() - began
            self.runners: list[Runner] = []
            if crowd:
                hasher = Passwords()
                self.runners = gather_crowd(
                    database, system_clock, crowd, password_hash=hasher.hash(PASSWORD)
                )
                hasher.close()
            settle_apart(database, "round", str(self.round.id), system_clock())
            database.write(publish_round, round_id=self.round.id, by="bench", now=system_clock())
            while names.refresh_names(database, system_clock):
                pass
            with database.read() as tx:
                found = queries.publication(tx, self.round.id)
                assert found is not None
                self.result = found
                people, self.ward = _people(tx, found.settlement_id, attempts)
            self.samples = [_signed_in(database, *each) for each in people]
        finally:
            database.close()

    def addresses(self) -> dict[str, list[tuple[str, str]]]:
        """What is asked → path and cookie of each request of a run."""
        board = f"/xep-hang/{self.round.edition_slug}/{self.round.slug}"
        half = -(-self.result.valid // 50) // 2
        pages = random.Random(7).sample(range(half - 20, half + 20), ASKED)
        return {
            "own result": [(f"/bai/{s.attempt_code}/ket-qua", s.cookie) for s in self.samples],
            "why page": [(f"{board}/vi-sao/{s.entry_code}", s.cookie) for s in self.samples],
            "board, page 1": [(board, s.cookie) for s in self.samples],
            "board, half depth": [
                (f"{board}?trang={page}", s.cookie)
                for page, s in zip(pages, self.samples, strict=True)
            ],
            "search": [(f"{board}?tim={SEARCHED}", s.cookie) for s in self.samples],
            "unit filter": [
                (f"{board}?{WARD_PARAMETER}={self.ward}", s.cookie) for s in self.samples
            ],
        }


def _people(tx: Tx, settlement_id: int, valid: int) -> tuple[list[tuple[int, str, str]], str]:
    """(account, entry code, attempt code) of people all over the board; and somebody's ward."""
    lines = random.Random(3).sample(range(1, valid + 1), ASKED)
    rows = tx.execute(
        sa.select(Entrant.account_id, Entrant.entry_code, Attempt.code, Entrant.ward_id)
        .join(Standing, Standing.entrant_id == Entrant.id)
        .join(Attempt, Attempt.id == Standing.attempt_id)
        .where(Standing.settlement_id == settlement_id, Standing.line.in_(lines))
    ).all()
    return [(row[0], row[1], row[2]) for row in rows], rows[0].ward_id or ""


def _signed_in(database: Database, account_id: int, entry_code: str, attempt_code: str) -> Sample:
    token, now = new_session_token(), system_clock()
    database.write(
        open_session,
        account_id=account_id,
        session_id=digest(token),
        expires_at=now + timedelta(days=1),
        now=now,
    )
    cookie = f"{cookies.name_of(cookies.SESSION, https=False)}={token}"
    return Sample(entry_code=entry_code, attempt_code=attempt_code, cookie=cookie)


async def _ask_all(site: Site, wanted: Sequence[tuple[str, str]]) -> float:
    """Milliseconds of the median request, one after the other on one connection."""
    took = []
    async with connected((site.host, site.port), 1) as (connection,):
        for path, cookie in wanted:
            sent = time.perf_counter()
            reply = await connection.ask(get((site.host, site.port), path, cookie))
            took.append((time.perf_counter() - sent) * 1000)
            assert reply.status == 200, f"{path}: {reply.status} {reply.text()[:400]}"
    return statistics.median(took)


def pages(many: Contest, few: Contest, runs: int, say: Callable[[str], None]) -> list[Comparison]:
    """Each page at a million against the same at ten thousand, in turn."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    with running(many.site), running(few.site):
        for contest in (many, few):
            for wanted in contest.addresses().values():
                run(_ask_all(contest.site, wanted))
        for number in range(runs):
            sides = [(0, many), (1, few)]
            for at, contest in sides if number % 2 == 0 else reversed(sides):
                for what, wanted in contest.addresses().items():
                    kept = found.setdefault(what, ([], []))
                    kept[at].append(run(_ask_all(contest.site, wanted)))
    for what, (ours, baseline) in found.items():
        say(f"  {what}: {statistics.median(ours):.2f} ms, {statistics.median(baseline):.2f} ms")
    return [
        Comparison(
            what=f"{what}, a million attempts against 10,000",
            unit="ms",
            ours=Series(name="1,000,000", values=ours),
            baseline=Series(name="10,000", values=baseline),
            at_most=1.5,
        )
        for what, (ours, baseline) in found.items()
    ]


def exact_rank(many: Contest, runs: int) -> list[Comparison]:
    """The exact place, with how many share it, against one look-up by an index."""
    database = Database(many.site.database_url)
    try:
        with database.read() as tx:
            settlement = many.result.settlement_id
            anybody = _entrants(
                tx, settlement, random.Random(5).sample(range(1, many.attempts), 300)
            )
            first, last = tx.execute(
                sa.select(Tie.first_line, Tie.last_line)
                .where(Tie.settlement_id == settlement, Tie.step == 4)
                .order_by((Tie.last_line - Tie.first_line).desc())
                .limit(1)
            ).one()
            tied = _entrants(tx, settlement, random.Random(5).sample(range(first, last + 1), 300))
            codes = [
                row.code
                for row in tx.execute(
                    sa.select(Attempt.code).where(
                        Attempt.id.in_(random.Random(6).sample(range(1, many.attempts), 300))
                    )
                )
            ]
            look_up = sa.select(Attempt.id).where(Attempt.code == sa.bindparam("code"))

            def place(entrants: Sequence[int]) -> None:
                for entrant_id in entrants:
                    own = queries.own_standing(tx, many.result, entrant_id)
                    assert own is not None
                    queries.sharing(tx, many.result, own.place, steps=4)

            def one_look_up() -> None:
                for code in codes:
                    tx.execute(look_up, {"code": code}).one()

            anywhere, in_tie, baseline = _in_turn(
                runs, lambda: place(anybody), lambda: place(tied), one_look_up
            )
    finally:
        database.close()
    base = Series(name="look-up by index", values=baseline)
    return [
        Comparison(
            what=what,
            unit="ms/300",
            ours=Series(name="place and sharing", values=values),
            baseline=base,
            at_most=5,
        )
        for what, values in (
            ("exact rank among a million", anywhere),
            (f"exact rank inside the largest tie ({last - first + 1:,} people)", in_tie),
        )
    ]


def _entrants(tx: Tx, settlement_id: int, lines: Sequence[int]) -> list[int]:
    return list(
        tx.execute(
            sa.select(Standing.entrant_id).where(
                Standing.settlement_id == settlement_id, Standing.line.in_(lines)
            )
        ).scalars()
    )


def _in_turn(runs: int, *work: Callable[[], None]) -> list[list[float]]:
    """Milliseconds of each piece of work, run after run."""
    found: list[list[float]] = [[] for _ in work]
    for each in work:
        each()
    for _ in range(runs):
        for kept, each in zip(found, work, strict=True):
            began = time.perf_counter()
            each()
            kept.append((time.perf_counter() - began) * 1000)
    return found


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


def measure_scale(
    folder: Path,
    *,
    secret_key: bytes,
    runs: int,
    seconds: float,
    crowd: int,
    say: Callable[[str], None],
) -> tuple[list[Comparison], list[Fact]]:
    """Everything about a million attempts; removes what it made."""
    say(f"== a round of {MANY:,} attempts against one of {FEW:,}")
    few = Contest(folder / "few", FEW, secret_key=secret_key)
    many = Contest(folder / "many", MANY, secret_key=secret_key, crowd=crowd * CROWDS)
    say(f"  {MANY:,} attempts written in {many.loaded_s:.0f} s")
    found = pages(many, few, runs, say)
    found += exact_rank(many, runs)
    for each in found[-2:]:
        say(f"  {each.what}: {each.ours.median:.1f} ms, {each.baseline.median:.1f} ms")
    found += settlement(many, folder, runs, say)
    found += beside_an_open_round(many, runs, seconds, say)
    shutil.rmtree(few.site.folder)
    shutil.rmtree(many.site.folder)
    wrote = Fact(what="writing a million attempts by `bench load`", value=f"{many.loaded_s:.0f} s")
    return found, [wrote]
