"""What the desk counts: by the hour, against the round before, remembered for a moment."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contest.editions.queries import current_edition
from contest.front import figures
from contest.front.figures import Remembered
from contest.infra.metrics import RECENT_WRITES, RecentWrites
from contest.quiz import queries as quiz
from contest.standings.queries import publications
from tests.world import World


def hours_of(world: World, slug: str, hours: int) -> list[int]:
    this = world.round(slug)
    with world.db.read() as tx:
        return quiz.started_by_hour(tx, this.id, this.opens_at, hours)


def test_attempts_are_counted_in_the_hour_they_started_in(world: World):
    world.open_edition(opened=timedelta(0))
    began = world.round().opens_at
    for handle, minutes in (("minh", 0), ("hoa", 59), ("lan", 60), ("bach", 191)):
        world.clock.set(began + timedelta(minutes=minutes))
        world.start(handle)

    assert hours_of(world, "tuan-1", 5) == [2, 1, 0, 1, 0]
    assert hours_of(world, "tuan-1", 1) == [2]
    assert hours_of(world, "tuan-1", 0) == []
    assert hours_of(world, "tuan-2", 3) == [0, 0, 0]
    with world.db.read() as tx:
        until = began + timedelta(minutes=60)
        assert quiz.started_before(tx, world.round().id, until) == 2
        assert quiz.running_now(tx, world.round().id) == 4


def test_the_open_round_is_compared_with_the_same_hour_of_the_one_before(world: World):
    world.open_edition(opened=timedelta(hours=1))
    remembered = Remembered(world.clock)
    for handle in ("minh", "hoa"):
        world.play(handle)
    world.clock.tick(hours=10)
    world.play("lan")
    world.close()
    world.clock.set(world.round("tuan-2").opens_at + timedelta(hours=2))
    for handle in ("minh", "hoa", "lan"):
        world.start(handle, "tuan-2")

    with world.db.read() as tx:
        edition = current_edition(tx, world.clock())
        assert edition is not None
        live = figures.live_figures(tx, remembered, edition, world.clock())

    assert live is not None
    assert (live.round.slug, live.is_open) == ("tuan-2", True)
    assert (live.attempts, live.running, live.submitted) == (3, 3, 0)
    assert (live.started_before, live.change) == (2, 50)


def test_a_closed_round_is_compared_with_the_whole_of_the_one_before(world: World):
    world.open_edition()
    world.play("minh")
    world.close()

    with world.db.read() as tx:
        edition = current_edition(tx, world.clock())
        assert edition is not None
        live = figures.live_figures(tx, Remembered(world.clock), edition, world.clock())

    assert live is not None
    assert (live.round.slug, live.is_open, live.attempts) == ("tuan-1", False, 1)
    assert (live.before, live.change) == (None, None)


def test_counts_are_remembered_for_fifteen_seconds_and_no_longer(world: World):
    world.open_edition()
    remembered = Remembered(world.clock)
    this = world.round()

    def attempts() -> int:
        with world.db.read() as tx:
            return remembered.participation(tx, this.id).attempts

    assert attempts() == 0
    world.start("minh")
    world.clock.tick(seconds=14)
    assert attempts() == 0
    world.clock.tick(seconds=1)
    assert attempts() == 1
    # A clock that was set back does not keep an old figure for hours.
    world.start("hoa")
    world.clock.tick(hours=-1)
    assert attempts() == 2


def test_what_is_remembered_of_other_hours_is_let_go(world: World):
    world.open_edition()
    remembered = Remembered(world.clock)
    for hours in range(1, 40):
        with world.db.read() as tx:
            remembered.by_hour(tx, world.round(), hours)
        world.clock.tick(seconds=5)

    assert len(remembered._memory._kept) <= 3


def test_a_question_most_answered_with_one_wrong_answer_is_suspected(world: World):
    world.open_edition()
    for handle in ("minh", "hoa", "lan"):
        world.play(handle, right=0)
    world.close()
    world.settle()
    world.publish()

    with world.db.read() as tx:
        results = list(publications(tx, [world.round().id]).values())
        found = figures.suspected_questions(tx, Remembered(world.clock), results)

    suspected = found[world.round().id]
    assert suspected.count >= 10
    assert suspected.right_percent == 0


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    writes=st.lists(st.tuples(st.floats(0, 10_000), st.floats(0.0001, 30)), max_size=60),
    now=st.floats(0, 10_000),
)
def test_recent_writes_tell_the_slowest_of_five_minutes(writes, now):
    ring = RecentWrites()
    for at, seconds in sorted(writes):
        if at <= now:
            ring.add(seconds, at)

    found = ring.figures(now)

    recent = [seconds for at, seconds in writes if at <= now and now - at < 290]
    all_in = [seconds for at, seconds in writes if at <= now and now - at <= 300]
    if recent:
        assert found is not None
        assert max(recent) <= found.slowest <= max(all_in)
        assert found.median <= found.slowest
    elif not all_in:
        assert found is None


def test_many_writes_need_no_more_memory_than_few():
    ring = RecentWrites()
    for number in range(10_000):
        ring.add(0.5 if number == 3 else 0.001, 7.0)

    found = ring.figures(8.0)
    assert found is not None
    assert (found.median, found.slowest) == (0.001, 0.5)
    assert sum(len(samples) for _, _, samples in ring._slots) == 200


def test_saving_feeds_the_figure(world: World):
    world.open_edition()

    found = RECENT_WRITES.figures()
    assert found is not None
    assert 0 < found.median <= found.slowest
