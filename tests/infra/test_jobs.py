"""Jobs: enqueued with the write, leased, repeated, never lost; a lost lease cannot finish."""

from datetime import datetime, timedelta

import pytest

from contest.infra import jobs
from contest.infra.database import Database
from contest.infra.jobs import LEASE, TRIES, Worker
from tests.clock import MovableClock


def test_a_job_goes_with_the_write_that_causes_it(db: Database, now: datetime) -> None:
    def fails(tx: object) -> None:
        jobs.enqueue(tx, "ring", now=now)  # type: ignore[arg-type]
        raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        db.write(fails)

    assert db.write(jobs.claim, now=now) is None


def test_the_same_nudge_waits_once(db: Database, now: datetime) -> None:
    for _ in range(3):
        db.write(jobs.enqueue, "ring", now=now, dedup_key="all")

    assert db.write(jobs.claim, now=now) is not None
    assert db.write(jobs.claim, now=now) is None


def test_a_nudge_during_the_run_is_not_swallowed(db: Database, now: datetime) -> None:
    db.write(jobs.enqueue, "ring", now=now, dedup_key="all")
    running = db.write(jobs.claim, now=now)
    assert running is not None
    db.write(jobs.enqueue, "ring", now=now, dedup_key="all")
    db.write(jobs.finish, job=running)

    assert db.write(jobs.claim, now=now) is not None


def test_a_killed_workers_job_comes_back_when_its_lease_ends(db: Database, now: datetime) -> None:
    db.write(jobs.enqueue, "ring", {"bell": 1}, now=now)
    lost = db.write(jobs.claim, now=now)
    assert lost is not None
    assert db.write(jobs.claim, now=now + LEASE - timedelta(seconds=1)) is None

    again = db.write(jobs.claim, now=now + LEASE)

    assert again is not None
    assert (again.id, again.payload, again.tries) == (lost.id, {"bell": 1}, 2)
    # The one that was thought dead wakes up: it must not finish what another now does.
    assert db.write(jobs.finish, job=lost) is False
    assert db.write(jobs.finish, job=again) is True


def test_a_failing_job_is_tried_again_later_and_in_the_end_stays_as_dead(
    db: Database, now: datetime
) -> None:
    clock = MovableClock(now)
    runs: list[datetime] = []

    def breaks(_payload: dict[str, object]) -> None:
        runs.append(clock())
        raise RuntimeError("bell is broken")

    db.write(jobs.enqueue, "ring", now=now)
    worker = Worker(db, clock, {"ring": breaks}, [])
    for _ in range(TRIES + 3):
        worker.run_until_idle()
        clock.tick(hours=2)

    assert len(runs) == TRIES


def test_a_failed_job_gives_way_to_a_newer_twin(db: Database, now: datetime) -> None:
    db.write(jobs.enqueue, "ring", now=now, dedup_key="all")
    first = db.write(jobs.claim, now=now)
    assert first is not None
    db.write(jobs.enqueue, "ring", now=now, dedup_key="all")
    db.write(jobs.fail, job=first, error="no", now=now)

    assert db.write(jobs.claim, now=now + timedelta(days=1)) is not None
    assert db.write(jobs.claim, now=now + timedelta(days=1)) is None


def test_a_sweep_that_fails_does_not_stop_the_worker(db: Database, now: datetime) -> None:
    done: list[int] = []

    def sweep() -> None:
        done.append(1)
        if len(done) == 1:
            raise OSError("away")

    worker = Worker(db, MovableClock(now), {}, [sweep], pause=0.01)
    worker.start()
    for _ in range(500):
        if len(done) > 1:
            break
        worker._stopping.wait(0.01)
    worker.stop()

    assert len(done) > 1


def test_the_sweeps_come_again_between_a_hundred_letters(db: Database, now: datetime) -> None:
    order: list[str] = []
    for number in range(100):
        db.write(jobs.enqueue, "letter", now=now, dedup_key=str(number))
    worker = Worker(
        db,
        MovableClock(now),
        {"letter": lambda _payload: order.append("letter")},
        [lambda: order.append("sweep")],
    )
    worker.run_until_idle()

    assert order.count("letter") == 100
    runs = "".join("s" if each == "sweep" else "l" for each in order).split("s")
    assert max(map(len, runs)) == jobs.JOBS_A_PASS
