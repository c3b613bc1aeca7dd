"""What is counted and timed, for /metrics; named as Prometheus does, times in seconds."""

import threading
import time
from collections import deque
from statistics import median

import msgspec
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

REGISTRY = CollectorRegistry(auto_describe=True)

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS = Counter(
    "sanchoi_requests_total", "Requests answered", ["action", "status"], registry=REGISTRY
)
REQUEST_SECONDS = Histogram(
    "sanchoi_request_seconds",
    "Time from the receipt of a request to its answer",
    ["action"],
    buckets=_FAST,
    registry=REGISTRY,
)
COMMITS = Counter("sanchoi_commits_total", "Transactions", ["outcome"], registry=REGISTRY)
COMMANDS_PER_COMMIT = Histogram(
    "sanchoi_commands_per_commit",
    "Commands that shared a commit",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
    registry=REGISTRY,
)
WRITE_SECONDS = Histogram(
    "sanchoi_write_seconds",
    "Time from a command's queueing to its acknowledgement",
    buckets=_FAST,
    registry=REGISTRY,
)
SAVES = Counter(
    "sanchoi_answer_saves_total", "Answer saves by verdict", ["verdict"], registry=REGISTRY
)
JOBS = Counter("sanchoi_jobs_total", "Background jobs", ["kind", "outcome"], registry=REGISTRY)
SIGN_INS = Counter("sanchoi_sign_ins_total", "Sign-ins", ["outcome"], registry=REGISTRY)


class WriteFigures(msgspec.Struct, frozen=True):
    """Writes of the last minutes in this process; times in seconds."""

    median: float
    slowest: float


class RecentWrites:
    """
    How long the writes of the last five minutes took, in slots of ten seconds.

    A slot keeps its slowest and the last few hundred times: under load the median is that of a
    sample, and the memory stays small whatever the number of writes.
    """

    _SLOT_S = 10
    _SLOTS = 30
    _SAMPLES = 200

    def __init__(self) -> None:
        self._slots: deque[tuple[int, list[float], deque[float]]] = deque(maxlen=self._SLOTS)
        # Writers add while a page reads.
        self._lock = threading.Lock()

    def add(self, seconds: float, at: float | None = None) -> None:
        """`at`: on the monotonic clock, now if not given."""
        slot = int((time.monotonic() if at is None else at) // self._SLOT_S)
        with self._lock:
            if not self._slots or self._slots[-1][0] != slot:
                self._slots.append((slot, [0.0], deque(maxlen=self._SAMPLES)))
            _, slowest, samples = self._slots[-1]
            slowest[0] = max(slowest[0], seconds)
            samples.append(seconds)

    def figures(self, at: float | None = None) -> WriteFigures | None:
        """None when nothing was written in the last five minutes."""
        oldest = int((time.monotonic() if at is None else at) // self._SLOT_S) - self._SLOTS
        with self._lock:
            recent = [each for each in self._slots if each[0] > oldest]
            times = [seconds for _, _, samples in recent for seconds in samples]
            slowest = max((each[1][0] for each in recent), default=0.0)
        return WriteFigures(median(times), slowest) if times else None


RECENT_WRITES = RecentWrites()


def observe_write(seconds: float) -> None:
    """A command was acknowledged so long after it was queued."""
    WRITE_SECONDS.observe(seconds)
    RECENT_WRITES.add(seconds)


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    return generate_latest(REGISTRY)
