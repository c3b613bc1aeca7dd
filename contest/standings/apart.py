"""A large settlement in a process of its own: `python -m contest.standings.apart round 7 1764…`.

In a thread of the web process a million lines would quarrel with every request for the interpreter,
and their memory would stay with the process. The child is slower to start than a small round takes.
"""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from contest.errors import Conflict
from contest.infra.clock import Clock, from_ms, to_ms
from contest.infra.database import Database
from contest.quiz import queries as quiz
from contest.rulings import queries as rulings
from contest.standings.settle import settle_round, try_ruling

# Attempts; below this the web process is done before a child would have begun.
LARGE: Final = 20_000
_CONFLICT: Final = 3
_CACHE_KIB: Final = 8192
_LAST_WORDS: Final = 2000

What = Literal["round", "ruling"]


def settle_apart(database: Database, what: What, which: str, now: datetime) -> int:
    """
    Settles a round (by id) or tries a ruling (by code) as of `now`, and waits for the end.

    Returns the most memory that the child held, in KiB (0 where the system does not tell). Raises
    Conflict as settle_round does, RuntimeError with the child's last words when it failed.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "contest.standings.apart", what, which, str(to_ms(now))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ
        | {"SANCHOI_DATABASE_URL": database.url.render_as_string(hide_password=False)},
    )
    # The pipe to its input stays open for as long as we live: a child that hears its end goes too.
    assert child.stderr is not None
    assert child.stdout is not None
    with child:
        said = child.stderr.read()
        held = child.stdout.read()
        status = child.wait()
    if status == _CONFLICT:
        raise Conflict("not-settled")
    if status:
        raise RuntimeError(f"settling apart ended with {status}: {said[-_LAST_WORDS:]}")
    return int(held or 0)


def settle_by_size(database: Database, round_id: int, clock: Clock) -> None:
    """Settles a round here or, when it is large, apart. Raises as settle_round does."""
    if _is_large(database, round_id):
        settle_apart(database, "round", str(round_id), clock())
    else:
        settle_round(database, round_id, clock)


def try_by_size(database: Database, ruling_code: str, clock: Clock) -> None:
    """Tries a ruling here or, when its round is large, apart. Raises as try_ruling does."""
    with database.read() as tx:
        proposed = rulings.ruling(tx, ruling_code)
    if proposed is not None and _is_large(database, proposed.round_id):
        settle_apart(database, "ruling", ruling_code, clock())
    else:
        try_ruling(database, ruling_code, clock)


def _is_large(database: Database, round_id: int) -> bool:
    with database.read() as tx:
        return quiz.participation(tx, round_id).attempts >= LARGE


def run_child(arguments: Sequence[str]) -> int:
    """What the child does; returns its exit status."""
    what, which, now_ms = arguments
    clock: Clock = lambda: from_ms(int(now_ms))  # noqa: E731
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    # Whoever answers a question goes first.
    os.nice(10)
    # Millions of rows pass by and none of them is part of a cycle: looking for one costs seconds.
    gc.disable()
    database = Database(os.environ["SANCHOI_DATABASE_URL"], cache_kib=_CACHE_KIB)
    try:
        if what == "round":
            settle_round(database, int(which), clock)
        else:
            try_ruling(database, which, clock)
    except Conflict:
        return _CONFLICT
    finally:
        database.close()
    print(_most_memory_kib())
    return 0


def _most_memory_kib() -> int:
    # Not getrusage: what it tells begins with the size of the process that started us.
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


def _leave_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    sys.exit(run_child(sys.argv[1:]))
