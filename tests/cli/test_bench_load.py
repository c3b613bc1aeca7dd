"""`bench load`: a synthetic edition that every constraint and every page takes for a real one."""

import pytest
import sqlalchemy as sa

from contest.cli.bench import load_synthetic
from contest.cli.opened import Stopped
from contest.infra.clock import system_clock
from contest.infra.database import Database
from contest.quiz.models import Answer, Attempt
from contest.standings import queries
from contest.standings.apart import settle_apart
from contest.standings.commands import publish_round
from contest.standings.models import Standing
from contest.standings.settle import settle_round
from tests.world import World

ATTEMPTS = 300


@pytest.mark.slow
def test_a_loaded_edition_is_settled_and_published_like_any_other(db: Database) -> None:
    this = load_synthetic(db, ATTEMPTS)

    # The very process in which a large round is settled, and then the same in ours.
    settle_apart(db, "round", str(this.id), system_clock())
    again = settle_round(db, this.id, system_clock)
    db.write(publish_round, round_id=this.id, by="tests", now=system_clock())

    with db.read() as tx:
        result = queries.publication(tx, this.id)
        assert result is not None
        lines = tx.execute(sa.select(sa.func.count()).select_from(Standing)).scalar_one()
        answers = tx.execute(
            sa.select(sa.func.count()).where(Answer.n == 1, Answer.position > 0)
        ).scalar_one()
        newest = tx.execute(sa.select(sa.func.max(Attempt.id))).scalar_one()
        if db.is_sqlite:
            assert tx.exec_driver_sql("pragma foreign_key_check").all() == []
    assert not again.is_new
    assert (result.valid, lines, answers) == (ATTEMPTS, ATTEMPTS, 10 * ATTEMPTS)
    assert 0 < result.perfect < ATTEMPTS
    # The ids that were brought along are not handed out again.
    assert newest == ATTEMPTS


@pytest.mark.slow
def test_it_never_mixes_with_a_real_edition(world: World) -> None:
    world.open_edition()

    with pytest.raises(Stopped, match="holds an edition already"):
        load_synthetic(world.db, ATTEMPTS)
