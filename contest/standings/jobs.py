"""What standings do in the background: settle a round once it has closed and all attempts ended."""

from contest.errors import Conflict
from contest.infra.clock import Clock
from contest.infra.database import Database
from contest.infra.jobs import JobFunction, enqueue
from contest.standings import queries
from contest.standings.settle import settle_round

SETTLE = "standings.settle"


def sweep_closed_rounds(database: Database, clock: Clock) -> None:
    """Asks for the settlement of every round that is over and has none."""
    now = clock()
    with database.read() as tx:
        due = queries.rounds_to_settle(tx, now)
    for round_id in due:
        database.write(enqueue, SETTLE, {"round_id": round_id}, now=now, dedup_key=str(round_id))


def settle_job(database: Database, clock: Clock) -> JobFunction:
    def run(payload: dict[str, object]) -> None:
        round_id = payload["round_id"]
        assert isinstance(round_id, int)
        try:
            settle_round(database, round_id, clock)
        except Conflict:
            # Extended or re-opened since it was asked for; the sweep asks again when it is over.
            return

    return run
