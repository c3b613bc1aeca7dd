"""The ledger: heights without gaps, in the decision's own transaction, with one nudge."""

from datetime import datetime

import pytest

from contest.infra import jobs
from contest.infra.database import Database
from contest.ledger.commands import NUDGE, append
from contest.ledger.queries import entries_of, height


def test_heights_count_up_and_a_decision_undone_leaves_no_gap(db: Database, now: datetime) -> None:
    def undone(tx: object) -> None:
        append(tx, kind="test", subject="round:1", by="me", now=now)  # type: ignore[arg-type]
        raise ValueError("undone")

    first = db.write(append, kind="test", subject="round:1", by="me", now=now, facts={"a": 1})
    with pytest.raises(ValueError, match="undone"):
        db.write(undone)
    second = db.write(append, kind="test", subject="round:2", by="me", now=now)

    assert (first, second) == (1, 2)
    with db.read() as tx:
        assert height(tx) == 2
        assert [(each.height, each.facts) for each in entries_of(tx, "round:1")] == [(1, {"a": 1})]


def test_many_decisions_ask_for_one_nudge(db: Database, now: datetime) -> None:
    for _ in range(5):
        db.write(append, kind="test", subject="x", by="me", now=now)

    job = db.write(jobs.claim, now=now)

    assert job is not None
    assert job.kind == NUDGE
    assert db.write(jobs.claim, now=now) is None
