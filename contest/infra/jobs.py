"""Background jobs in a small table: enqueued with the write that causes them, leased, repeated.

`kill -9` of a worker loses nothing: the lease runs out and another takes the job. A job may run
twice, so every job is idempotent. Fencing: a worker whose lease was taken over cannot finish it.
"""

import threading
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from contest.infra import metrics
from contest.infra.clock import Clock
from contest.infra.database import Database, Tx
from contest.infra.tables import JobRow

log = structlog.get_logger("jobs")

LEASE = timedelta(minutes=2)
TRIES = 8
# A letter takes a fraction of a second: the sweeps wait for a few seconds at most.
JOBS_A_PASS = 20
_LONGEST_PAUSE = timedelta(hours=1)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A leased job. `fence` grows with each lease; only its holder may finish the job."""

    id: int
    kind: str
    payload: dict[str, object]
    fence: int
    tries: int


JobFunction = Callable[[dict[str, object]], None]


def enqueue(
    tx: Tx,
    kind: str,
    payload: Mapping[str, object] | None = None,
    *,
    now: datetime,
    run_at: datetime | None = None,
    dedup_key: str = "",
) -> None:
    """Adds a job with the caller's commit, unless one of the same kind and key waits already."""
    insert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    tx.execute(
        insert(JobRow)
        .values(
            kind=kind,
            payload=msgspec.json.encode(dict(payload or {})).decode(),
            dedup_key=dedup_key,
            run_at=run_at or now,
            created_at=now,
        )
        .on_conflict_do_nothing()
    )


def claim(tx: Tx, *, now: datetime, kinds: Sequence[str] | None = None) -> Job | None:
    """Leases the next job that is due, or one whose lease ran out."""
    due = sa.or_(
        sa.and_(JobRow.state == "waiting", JobRow.run_at <= now),
        sa.and_(JobRow.state == "running", JobRow.leased_until <= now),
    )
    if kinds is not None:
        due = sa.and_(due, JobRow.kind.in_(kinds))
    next_id = (
        sa.select(JobRow.id)
        .where(due)
        .order_by(JobRow.run_at, JobRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = tx.execute(
        sa.update(JobRow)
        .where(JobRow.id == next_id)
        .values(
            state="running",
            leased_until=now + LEASE,
            fence=JobRow.fence + 1,
            tries=JobRow.tries + 1,
        )
        .returning(JobRow.id, JobRow.kind, JobRow.payload, JobRow.fence, JobRow.tries)
    ).one_or_none()
    if row is None:
        return None
    return Job(
        id=row.id,
        kind=row.kind,
        payload=msgspec.json.decode(row.payload, type=dict[str, object]),
        fence=row.fence,
        tries=row.tries,
    )


def finish(tx: Tx, *, job: Job) -> bool:
    """Removes a job that is done. False when the lease was lost to somebody else."""
    done = tx.execute(sa.delete(JobRow).where(JobRow.id == job.id, JobRow.fence == job.fence))
    return done.rowcount == 1


def renew(tx: Tx, *, job: Job, now: datetime) -> bool:
    """The heartbeat of a long job."""
    kept = tx.execute(
        sa.update(JobRow)
        .where(JobRow.id == job.id, JobRow.fence == job.fence)
        .values(leased_until=now + LEASE)
    )
    return kept.rowcount == 1


def move_on(tx: Tx, kind: str, before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    """
    Notes in a running job's payload how far it has come, in the transaction of what it did.

    So a job that dies in the middle goes on where it was. False when another run of the same job
    was here first: then what the caller did must be left undone.
    """
    moved = tx.execute(
        sa.update(JobRow)
        .where(
            JobRow.kind == kind,
            JobRow.payload == msgspec.json.encode(dict(before)).decode(),
        )
        .values(payload=msgspec.json.encode(dict(after)).decode())
    )
    return moved.rowcount == 1


def fail(tx: Tx, *, job: Job, error: str, now: datetime) -> None:
    """Puts a job back with a growing pause; after TRIES it stays as dead, for a person to see."""
    pause = min(timedelta(seconds=2) * 4 ** (job.tries - 1), _LONGEST_PAUSE)
    newer_waits = sa.exists(
        sa.select(1)
        .select_from(sa.alias(JobRow.__table__, "newer"))
        .where(
            sa.text(
                "newer.kind = jobs.kind AND newer.dedup_key = jobs.dedup_key"
                " AND newer.state = 'waiting' AND newer.id <> jobs.id"
            )
        )
    )
    mine = sa.and_(JobRow.id == job.id, JobRow.fence == job.fence)
    # A newer twin already waits: this one has nothing left to say.
    tx.execute(sa.delete(JobRow).where(mine, newer_waits))
    tx.execute(
        sa.update(JobRow)
        .where(mine)
        .values(
            state="dead" if job.tries >= TRIES else "waiting",
            run_at=now + pause,
            leased_until=None,
            last_error=error[-4000:],
        )
    )


class Worker:
    """Runs sweeps and jobs in threads until `stop()`.

    `sweeps` run every `pause` and find by themselves what is due (attempts past their deadline,
    rounds to settle): the safety net that makes a job only a nudge. Jobs of the kinds `slow` have
    a thread of their own, so that nobody's attempt waits for a settlement to be ended. Of the
    others at most JOBS_A_PASS run before the sweeps come again: 100,000 letters hold up nobody.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        functions: Mapping[str, JobFunction],
        sweeps: Sequence[Callable[[], None]],
        *,
        slow: Collection[str] = (),
        pause: float = 1.0,
    ) -> None:
        self._database = database
        self._clock = clock
        self._functions = functions
        self._sweeps = sweeps
        self._pause = pause
        self._stopping = threading.Event()
        self._quick = sorted(functions.keys() - set(slow))
        self._slow = sorted(slow)
        self._threads = [
            threading.Thread(target=self._run, args=work, name=f"worker-{name}", daemon=True)
            for name, work in (
                ("quick", (self._sweeps, self._quick)),
                ("slow", ((), self._slow)),
            )
            if work[0] or work[1]
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout=30)

    def is_alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def run_until_idle(self) -> None:
        """Passes of the sweeps until nothing is due; for commands and tests."""
        while self._pass(self._sweeps, [*self._quick, *self._slow]):
            pass

    def run_one(self) -> bool:
        """Runs the next due job; False when there is none."""
        return self._run_one([*self._quick, *self._slow])

    def _pass(self, sweeps: Sequence[Callable[[], None]], kinds: Sequence[str]) -> bool:
        """The sweeps, then some jobs; True when more may be due."""
        for sweep in sweeps:
            sweep()
        return all(self._run_one(kinds) for _ in range(JOBS_A_PASS))

    def _run_one(self, kinds: Sequence[str]) -> bool:
        now = self._clock()
        job = self._database.write(claim, now=now, kinds=kinds)
        if job is None:
            return False
        try:
            with _Heartbeat(self._database, self._clock, job):
                self._functions[job.kind](job.payload)
        except Exception:
            metrics.JOBS.labels(job.kind, "failed").inc()
            log.exception("job failed", kind=job.kind, tries=job.tries)
            self._database.write(fail, job=job, error=traceback.format_exc(), now=self._clock())
        else:
            metrics.JOBS.labels(job.kind, "done").inc()
            self._database.write(finish, job=job)
        return True

    def _run(self, sweeps: Sequence[Callable[[], None]], kinds: Sequence[str]) -> None:
        while not self._stopping.is_set():
            more = False
            try:
                more = self._pass(sweeps, kinds)
            except Exception:
                # A sweep that fails (database away) is tried again at the next beat.
                log.exception("worker pass failed")
            if not more:
                self._stopping.wait(self._pause)


class _Heartbeat:
    """Renews the lease of a job that takes long, from a thread of its own."""

    def __init__(self, database: Database, clock: Clock, job: Job) -> None:
        self._database, self._clock, self._job = database, clock, job
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join(timeout=5)

    def _beat(self) -> None:
        while not self._done.wait(LEASE.total_seconds() / 4):
            if not self._database.write(renew, job=self._job, now=self._clock()):
                return
