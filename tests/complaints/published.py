"""A round that was played and published, for the tests of this room."""

from contest.complaints import queries
from contest.complaints.queries import ComplaintView
from contest.ledger.queries import Decision, entries_of
from contest.quiz.queries import own_attempts
from tests.world import World

TEXT = "Câu 3 có hai phương án đúng, xin xem lại nguồn."
ANSWER = "Chúng tôi đã xem lại câu 3: nguồn nói rõ chỉ có một phương án đúng."


def published(world: World, *handles: str, **rules: object) -> str:
    """Plays, closes, settles and publishes; gives the first person's attempt."""
    world.open_edition(**rules)
    codes = [_play(world, handle) for handle in handles or ("minh", "hoa")]
    world.close()
    world.settle()
    world.publish()
    return codes[0]


def _play(world: World, handle: str) -> str:
    """One answer is enough to be on the board."""
    code = world.start(handle).code
    world.save(handle, code, 1, world.key(world.attempt(handle, code), 1), tab=handle)
    world.clock.tick(seconds=30)
    world.submit(handle, code)
    return code


def the_complaint(world: World, code: str) -> ComplaintView:
    with world.db.read() as tx:
        found = queries.complaint(tx, code)
    assert found is not None
    return found


def decisions(world: World, code: str) -> list[Decision]:
    with world.db.read() as tx:
        return entries_of(tx, f"complaint:{code}")


def attempt_of(world: World, handle: str) -> str:
    with world.db.read() as tx:
        return own_attempts(tx, world.accounts[handle], [world.round().id])[-1].code
