"""Two doors to the database: one for reading, one for writing.

A command is a plain function `f(tx, *, …) -> result`; it opens nothing and the door commits.
On SQLite one writer thread takes all commands that wait, runs each in a savepoint of its own,
commits once for all and only then answers each: one disk sync serves many acknowledgements.
On PostgreSQL each command is a transaction of its own in the pool.
Errors never repeat a statement's values: they reach logs, and the values are people's.
Why: docs/decisions/2026-11-24-one-writer.md.
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from contest.errors import Unavailable
from contest.infra import metrics
from contest.infra.clock import from_ms, to_ms

P = ParamSpec("P")
T = TypeVar("T")

# What a command and a query are given. Core only: no session, no identity map, nothing lazy.
Tx = sa.Connection

# At most so many commands share a commit: bounds how long the first one waits for the last.
GROUP_LIMIT = 256
# More than so many waiting means that the disk has stopped; better to say so than to pile up.
QUEUE_LIMIT = 20_000
BUSY_TIMEOUT_S = 15
POOL_SIZE = 16
CACHE_KIB = 65_536
# PostgreSQL asks to repeat these: serialization failure, deadlock.
_REPEAT = {"40001", "40P01"}
_REPEATS = 4


class Instant(TypeDecorator[datetime]):
    """An aware UTC time, kept as whole milliseconds since 1970.

    A number, not a native type: the same on both databases, exact to the unit that ranks,
    and cheap to index. A naive time is a fault of ours and raises.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone reached the database")
        return to_ms(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else from_ms(value)


# SQLite gives a 64-bit row id only to a column that is literally INTEGER PRIMARY KEY.
RowId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Model(DeclarativeBase):
    """Base of all tables. Mapped for their types; statements run on Core connections."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant}  # noqa: RUF012 (SQLAlchemy reads it off the class)


class Database:
    """
    Both doors. `close()` lets what was already taken finish first.

    `cache_kib` is how much of an SQLite file the writer keeps in memory.
    """

    def __init__(self, url: str, *, cache_kib: int = CACHE_KIB) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer: _OneWriter | _PoolWriter
        if self.is_sqlite:
            self._readers = _reader_engine(self.url)
            self._writer = _OneWriter(self.url, cache_kib)
        else:
            pool = _pool_engine(self.url)
            # The driver says so in its BEGIN: one moment of the database, and no write.
            self._readers = pool.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._writer = _PoolWriter(pool)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A connection that sees one moment of the database and writes nothing."""
        try:
            with self._readers.connect() as connection, connection.begin():
                yield connection
        except OperationalError as error:
            raise _passing(error) from error

    def write(
        self, command: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs the command in a transaction and returns its result once that is on disk."""
        return self._writer.submit(_bound(command, args, kwargs)).result()

    async def write_async(
        self, command: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`write` for handlers on the event loop: holds no thread while it waits."""
        loop = asyncio.get_running_loop()
        return await self._writer.submit_from_loop(_bound(command, args, kwargs), loop)

    def waiting(self) -> int:
        """Commands that wait for the writer."""
        return self._writer.waiting()

    def close(self) -> None:
        self._writer.close()
        self._readers.dispose()


def _bound(command: Callable[..., T], args: tuple[Any, ...], kwargs: Any) -> Callable[[Tx], T]:
    return lambda tx: command(tx, *args, **kwargs)


class _Job:
    """A command on its way, and where its answer goes."""

    __slots__ = ("answer_loop", "answer_sync", "command", "error", "future", "queued_at", "result")

    def __init__(self, command: Callable[[Tx], Any]) -> None:
        self.command = command
        self.queued_at = time.monotonic()
        self.future: asyncio.Future[Any] | None = None
        self.answer_loop: asyncio.AbstractEventLoop | None = None
        self.answer_sync: Future[Any] | None = None
        self.result: Any = None
        self.error: BaseException | None = None


class _OneWriter:
    """SQLite: one thread, one connection, one commit for all that wait."""

    def __init__(self, url: sa.URL, cache_kib: int) -> None:
        self._engine = sa.create_engine(
            url,
            poolclass=sa.pool.StaticPool,
            connect_args=_SQLITE_ARGS,
            hide_parameters=True,
        )

        def prepare(driver: sqlite3.Connection, record: object) -> None:
            _prepare_sqlite(driver, record)
            driver.execute(f"PRAGMA cache_size = -{cache_kib}")

        event.listen(self._engine, "connect", prepare)
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        # What the current turn of an event loop has brought so far; touched by that loop alone.
        self._gathering: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._closed = False
        self._thread.start()

    def submit(self, command: Callable[[Tx], T]) -> Future[T]:
        job = _Job(command)
        job.answer_sync = Future()
        self._put(job)
        return job.answer_sync

    def submit_from_loop(
        self, command: Callable[[Tx], T], loop: asyncio.AbstractEventLoop
    ) -> "asyncio.Future[T]":
        self._refuse_when_full()
        job = _Job(command)
        job.answer_loop = loop
        job.future = loop.create_future()
        gathering = self._gathering.get(loop)
        if gathering is None:
            self._gathering[loop] = [job]
            loop.call_soon(self._hand_over, loop)
        else:
            gathering.append(job)
        return job.future

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        # All that one turn of the loop brought at once: the writer wakes when the loop has done its
        # part, instead of quarrelling with it for the interpreter over every request.
        for job in self._gathering.pop(loop):
            self._queue.put(job)

    def _put(self, job: _Job) -> None:
        self._refuse_when_full()
        self._queue.put(job)

    def _refuse_when_full(self) -> None:
        if self._closed or self._queue.qsize() > QUEUE_LIMIT:
            raise Unavailable("database-busy")

    def waiting(self) -> int:
        return self._queue.qsize()

    def close(self) -> None:
        self._closed = True
        self._queue.put(None)
        self._thread.join(timeout=30)
        self._engine.dispose()

    def _run(self) -> None:
        last = False
        with self._engine.connect() as connection:
            while not last:
                job = self._queue.get()
                batch: list[_Job] = []
                while True:
                    if job is None:
                        last = True
                        break
                    batch.append(job)
                    if len(batch) >= GROUP_LIMIT:
                        break
                    try:
                        job = self._queue.get_nowait()
                    except queue.Empty:
                        break
                if batch:
                    self._run_batch(connection, batch)

    def _run_batch(self, connection: Tx, batch: list[_Job]) -> None:
        driver = _driver(connection)
        try:
            with connection.begin():
                # Takes the write lock at once: a transaction that begins by reading could not get
                # it later. Here and not by a listener, which would be asked at every statement.
                driver.execute("BEGIN IMMEDIATE")
                for job in batch:
                    _run_in_savepoint(connection, driver, job)
        except BaseException as error:
            # The commit failed, or SQLite rolled the whole transaction back (disk full, I/O
            # error): nothing of this batch is on disk, so nobody may hear that it is.
            metrics.COMMITS.labels("failed").inc()
            for job in batch:
                job.result, job.error = None, job.error or _passing(error)
        else:
            metrics.COMMITS.labels("done").inc()
            metrics.COMMANDS_PER_COMMIT.observe(len(batch))
        _answer(batch)


def _run_in_savepoint(connection: Tx, driver: sqlite3.Connection, job: _Job) -> None:
    driver.execute("SAVEPOINT command")
    try:
        job.result = job.command(connection)
    except BaseException as error:
        job.error = _passing(error)
        if not driver.in_transaction:
            raise
        driver.execute("ROLLBACK TO command")
    driver.execute("RELEASE command")


def _answer(batch: list[_Job]) -> None:
    now = time.monotonic()
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in batch:
        metrics.observe_write(now - job.queued_at)
        if job.answer_sync is not None:
            if job.error is not None:
                job.answer_sync.set_exception(job.error)
            else:
                job.answer_sync.set_result(job.result)
        elif job.answer_loop is not None:
            by_loop.setdefault(job.answer_loop, []).append(job)
    for loop, jobs in by_loop.items():
        # One wake-up of the loop for the whole batch, not one for each answer.
        loop.call_soon_threadsafe(_answer_on_loop, jobs)


def _answer_on_loop(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.future is None or job.future.done():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)


class _PoolWriter:
    """PostgreSQL: each command is its own transaction, repeated when the server asks for it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(max_workers=POOL_SIZE, thread_name_prefix="writer")

    def submit(self, command: Callable[[Tx], T]) -> Future[T]:
        # In the caller's own thread: it waits for the result anyway.
        done: Future[T] = Future()
        try:
            done.set_result(self._run(command, time.monotonic()))
        except BaseException as error:
            done.set_exception(error)
        return done

    def submit_from_loop(
        self, command: Callable[[Tx], T], loop: asyncio.AbstractEventLoop
    ) -> "asyncio.Future[T]":
        return loop.run_in_executor(self._threads, self._run, command, time.monotonic())

    def _run(self, command: Callable[[Tx], T], queued_at: float) -> T:
        for left in reversed(range(_REPEATS)):
            try:
                with self._engine.begin() as connection:
                    result = command(connection)
            except DBAPIError as error:
                metrics.COMMITS.labels("failed").inc()
                if getattr(error.orig, "sqlstate", None) in _REPEAT and left:
                    continue
                raise _passing(error) from error
            metrics.COMMITS.labels("done").inc()
            metrics.COMMANDS_PER_COMMIT.observe(1)
            metrics.observe_write(time.monotonic() - queued_at)
            return result
        raise AssertionError("unreachable")

    def waiting(self) -> int:
        return self._threads._work_queue.qsize()

    def close(self) -> None:
        self._threads.shutdown()


def _passing(error: BaseException) -> BaseException:
    """A database that is full, locked or away is our passing fault; the rest is as it is."""
    if isinstance(error, OperationalError | sqlite3.OperationalError):
        refusal = Unavailable("database-busy")
        refusal.__cause__ = error
        return refusal
    return error


_SQLITE_ARGS = {"check_same_thread": False, "timeout": BUSY_TIMEOUT_S}


def _driver(connection: Tx) -> sqlite3.Connection:
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found


def _prepare_sqlite(driver: sqlite3.Connection, _record: object) -> None:
    # SQLAlchemy says BEGIN itself (below); Python's driver must not add its own.
    driver.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "temp_store = MEMORY",
        "wal_autocheckpoint = 4000",
    ):
        driver.execute(f"PRAGMA {pragma}")


def _begin_deferred(connection: Tx) -> None:
    _driver(connection).execute("BEGIN")


def _reader_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.QueuePool,
        pool_size=POOL_SIZE,
        max_overflow=40,
        connect_args=_SQLITE_ARGS,
        hide_parameters=True,
    )

    def prepare(driver: sqlite3.Connection, record: object) -> None:
        _prepare_sqlite(driver, record)
        driver.execute("PRAGMA query_only = ON")
        driver.execute("PRAGMA cache_size = -8192")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin_deferred)
    return engine


def _pool_engine(url: sa.URL) -> sa.Engine:
    return sa.create_engine(
        url, pool_size=POOL_SIZE, max_overflow=48, pool_pre_ping=True, hide_parameters=True
    )
