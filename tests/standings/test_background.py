"""At the close the round is settled with nobody looking, by sweep and job."""

from contest.infra.jobs import Worker
from contest.quiz.commands import submit_due
from contest.standings import jobs, queries
from tests.world import World


def worker(world: World) -> Worker:
    def end_attempts() -> None:
        world.db.write(submit_due, now=world.clock(), chance=world.chance)

    return Worker(
        world.db,
        world.clock,
        {jobs.SETTLE: jobs.settle_job(world.db, world.clock), "ledger.nudge": lambda _: None},
        [end_attempts, lambda: jobs.sweep_closed_rounds(world.db, world.clock)],
    )


def test_a_closed_round_is_settled_once_and_never_published_by_itself(world: World) -> None:
    world.open_edition()
    world.play("an")
    world.start("binh")
    background = worker(world)
    background.run_until_idle()
    with world.db.read() as tx:
        assert queries.progress(tx, world.round().id).settled_at is None

    world.clock.set(world.round().closes_at)
    world.clock.tick(minutes=1)
    background.run_until_idle()
    background.run_until_idle()

    with world.db.read() as tx:
        progress = queries.progress(tx, world.round().id)
    assert progress.settled_at == world.clock()
    assert progress.published_at is None


def test_a_round_without_a_single_attempt_is_left_alone(world: World) -> None:
    world.open_edition()
    world.clock.set(world.round().closes_at)
    worker(world).run_until_idle()
    with world.db.read() as tx:
        assert queries.rounds_to_settle(tx, world.clock()) == []
