"""A million attempts against ten thousand: every page, and the exact rank."""

import random
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa

from bench.contests import Contest
from bench.report import Comparison, Fact, Series
from bench.settling import CROWDS, beside_an_open_round, settlement
from contest.infra.database import Database, Tx
from contest.quiz.models import Attempt
from contest.standings import queries
from contest.standings.models import Standing, Tie
from tests.launcher import Site, running
from tests.load import connected, get, run

FEW, MANY = 10_000, 1_000_000


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
