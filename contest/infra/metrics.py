"""What is counted and timed, for /metrics; named as Prometheus does, times in seconds."""

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


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    return generate_latest(REGISTRY)
