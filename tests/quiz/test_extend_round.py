"""extend_round: works · again · published · bad input; what it gives to whom."""

from datetime import datetime, timedelta

import pytest

from contest.editions.extensions import NewClose, extensions_of_edition
from contest.errors import Conflict, Invalid, NotFound
from contest.ledger import queries as ledger
from contest.quiz.outages import extending
from contest.rules.document import rules_hash
from contest.standings import queries as standings
from tests.world import World

REASON = "Mạng của thành phố gián đoạn trong buổi tối cuối cùng"


def extend(world: World, closes_at: datetime, reason: str = REASON) -> NewClose:
    return world.db.write(
        extending.extend_round,
        round_id=world.round().id,
        closes_at=closes_at,
        reason=reason,
        by="tests",
        now=world.clock(),
    )


def test_the_close_moves_in_a_new_version_of_the_rules(world: World) -> None:
    before = world.open_edition()
    this = world.round()
    moved = extend(world, this.closes_at + timedelta(hours=5))
    after = world.edition()

    assert moved.is_new
    assert (before.version, after.version) == (1, 2)
    assert after.rules_hash == rules_hash(after.document)
    assert world.round().closes_at == this.closes_at + timedelta(hours=5)
    assert world.round().publishes_at == this.publishes_at
    with world.db.read() as tx:
        (told,) = extensions_of_edition(tx, after.id)
        kinds = [each.kind for each in ledger.entries_of(tx, f"round:{this.id}")]
    assert (told.closes_before, told.reason) == (this.closes_at, REASON)
    assert kinds == ["editions.extend_round"]


def test_the_publishing_moves_along_where_it_would_fall_before_the_close(world: World) -> None:
    world.open_edition()
    second = world.round("tuan-2")
    moved = world.db.write(
        extending.extend_round,
        round_id=second.id,
        closes_at=second.closes_at + timedelta(days=2),
        reason=REASON,
        by="tests",
        now=world.clock(),
    )

    assert moved.publishes_at == second.publishes_at + timedelta(days=2)
    assert world.round("tuan-2").publishes_at == moved.publishes_at


def test_the_same_form_again_does_nothing_more(world: World) -> None:
    world.open_edition()
    closes = world.round().closes_at + timedelta(hours=5)
    first = extend(world, closes)
    world.clock.tick(days=9)
    again = extend(world, closes, f"  {REASON}  ")

    assert (first.is_new, again.is_new) == (True, False)
    assert world.edition().version == 2


def test_attempts_cut_by_the_old_close_get_their_full_time(world: World) -> None:
    world.open_edition()
    closes = world.round().closes_at
    now = world.clock.set(closes - timedelta(minutes=4))
    cut = world.start("minh").code
    handed_in = world.start("hoa").code
    world.submit("hoa", handed_in)
    grace = world.attempt("minh", cut).final_at - closes

    extend(world, closes + timedelta(hours=1))

    attempt = world.attempt("minh", cut)
    assert attempt.deadline_at == now + timedelta(minutes=10)
    assert attempt.final_at == attempt.deadline_at + grace
    assert world.attempt("hoa", handed_in).deadline_at == closes
    # And the save that was too late before counts now.
    world.clock.set(closes + timedelta(minutes=3))
    assert world.save("minh", cut, 1, (0,)).verdict.value == "counted"


def test_a_small_extension_still_cuts_at_the_new_close(world: World) -> None:
    world.open_edition()
    closes = world.round().closes_at
    world.clock.set(closes - timedelta(minutes=4))
    code = world.start("minh").code
    extend(world, closes + timedelta(minutes=1))

    assert world.attempt("minh", code).deadline_at == closes + timedelta(minutes=1)


def test_a_closed_round_opens_again_and_what_had_ended_stays_ended(world: World) -> None:
    world.open_edition()
    closes = world.round().closes_at
    world.clock.set(closes - timedelta(minutes=4))
    code = world.start("minh").code
    # Over, and not yet swept: it ended at the old close all the same.
    now = world.clock.set(closes + timedelta(minutes=30))
    extend(world, now + timedelta(hours=2))
    world.sweep()

    assert world.attempt("minh", code).submitted_at == closes
    assert world.start("hoa").is_new
    with pytest.raises(Conflict, match="attempts-used"):
        world.start("minh")


def test_a_settlement_from_before_is_outdated(world: World) -> None:
    world.open_edition()
    world.play("minh")
    world.close()
    world.settle()
    extend(world, world.clock() + timedelta(hours=2))

    with pytest.raises(Conflict, match="not-settled"):
        world.publish()
    world.close()
    with world.db.read() as tx:
        assert standings.rounds_to_settle(tx, world.clock()) == [world.round().id]
    world.settle()
    world.publish()


def test_after_publishing_nothing_moves(world: World) -> None:
    world.open_edition()
    world.play("minh")
    world.close()
    world.settle()
    world.publish()

    with pytest.raises(Conflict, match="round-published"):
        extend(world, world.clock() + timedelta(hours=2))


@pytest.mark.parametrize(
    ("hours", "reason", "code", "field"),
    [
        (0, REASON, "close-not-later", "closes_at"),
        (-1, REASON, "close-not-later", "closes_at"),
        (25, REASON, "close-after-next-round", "closes_at"),
        (1, "Sự cố", "reason-needed", "reason"),
        (1, "x" * 501, "reason-needed", "reason"),
    ],
)
def test_bad_input_names_its_field(
    world: World, hours: int, reason: str, code: str, field: str
) -> None:
    world.open_edition()
    with pytest.raises(Invalid, match=code) as fault:
        extend(world, world.round().closes_at + timedelta(hours=hours), reason)
    assert fault.value.facts["field"] == field
    assert world.edition().version == 1


def test_a_new_close_that_is_over_already_helps_nobody(world: World) -> None:
    world.open_edition()
    closes = world.round().closes_at
    world.clock.set(closes + timedelta(hours=3))
    with pytest.raises(Invalid, match="close-over"):
        extend(world, closes + timedelta(hours=2))


def test_up_to_the_opening_of_the_next_round(world: World) -> None:
    world.open_edition()
    assert extend(world, world.round("tuan-2").opens_at).is_new


def test_no_such_round(world: World) -> None:
    world.open_edition()
    with pytest.raises(NotFound, match="no-round"):
        world.db.write(
            extending.extend_round,
            round_id=99,
            closes_at=world.clock(),
            reason=REASON,
            by="tests",
            now=world.clock(),
        )
