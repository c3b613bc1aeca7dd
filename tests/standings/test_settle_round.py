"""Settlement: works · too early · twice gives the same · after a crash in the middle."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from contest.errors import Conflict
from contest.ledger.commands import append
from contest.standings import boards, commands, jobs, leftovers, queries
from contest.standings.models import Settlement, Standing
from contest.standings.queries import Published
from tests.world import World


def board(world: World, slug: str = "tuan-1") -> list[str]:
    """The published board in short: place, name, points, distance."""
    with world.db.read() as tx:
        result = queries.publication(tx, world.round(slug).id)
        assert result is not None
        rows = boards.board_lines(tx, result, first=1, last=50, now=world.clock())
    return [
        f"{row.place} {row.public_name} {row.score_milli // 1000} {row.distance}" for row in rows
    ]


def official(world: World) -> Published:
    world.close()
    world.settle()
    world.publish()
    with world.db.read() as tx:
        found = queries.publication(tx, world.round().id)
    assert found is not None
    return found


def test_the_chain_decides_score_then_distance_then_time(world: World) -> None:
    world.open_edition()
    world.play("an", right=10, prediction=5, minutes=4)
    world.play("binh", right=10, prediction=2, minutes=6)
    world.play("chi", right=10, prediction=4, minutes=3)
    world.play("diep", right=9, prediction=3, minutes=1)

    result = official(world)

    assert (result.truth, result.perfect, result.valid) == (3, 3, 4)
    # Chi and Binh are one off, Chi was faster; An is two off; nine right comes after all of ten.
    assert [line.split()[0] for line in board(world)] == ["1", "2", "3", "4"]
    assert [line.rsplit(maxsplit=2)[1:] for line in board(world)] == [
        ["10", "1"],
        ["10", "1"],
        ["10", "2"],
        ["9", "0"],
    ]


def test_equal_in_the_whole_chain_shares_the_place_and_the_next_counts_them(world: World) -> None:
    world.open_edition()
    world.play("an", prediction=4, minutes=2)
    world.play("binh", prediction=3, minutes=5)
    world.play("chi", prediction=5, minutes=5)
    world.play("giang", prediction=3, minutes=6)

    official(world)

    assert [line.split()[0] for line in board(world)] == ["1", "2", "2", "4"]


def test_no_prediction_ranks_behind_every_distance(world: World) -> None:
    world.open_edition()
    world.play("an", prediction=None, minutes=1)
    world.play("binh", prediction=9_000_000, minutes=9)

    official(world)

    assert [line.split()[-1] for line in board(world)] == ["8999998", "None"]


def test_who_answered_nothing_is_no_valid_entrant(world: World) -> None:
    world.open_edition()
    world.play("an", prediction=1)
    world.start("binh")

    result = official(world)

    assert (result.attempts, result.valid) == (2, 1)
    assert len(board(world)) == 1


def test_of_several_attempts_the_best_counts_with_its_own_prediction(world: World) -> None:
    world.open_edition(attempt={"minutes": 10, "attempts": 2})
    world.play("an", right=6, prediction=1, minutes=2)
    world.clock.tick(minutes=30)
    world.play("an", right=10, prediction=7, minutes=9)

    official(world)

    assert [line.rsplit(maxsplit=2)[1:] for line in board(world)] == [["10", "6"]]


def test_an_open_round_or_an_open_attempt_cannot_be_settled(world: World) -> None:
    world.open_edition()
    world.play("an")
    with pytest.raises(Conflict, match="not-settled"):
        world.settle()

    world.clock.set(world.round().closes_at - timedelta(minutes=2))
    world.start("binh")
    world.clock.set(world.round().closes_at + timedelta(seconds=1))
    with pytest.raises(Conflict, match="not-settled"):
        world.settle()


def test_the_same_facts_give_the_same_digest_and_nothing_new(world: World) -> None:
    world.open_edition()
    for number, name in enumerate(("an", "binh", "chi", "diep", "giang", "hien", "kim")):
        world.play(name, right=number, prediction=number)
    world.close()

    first, again = world.settle(), world.settle()

    assert (first.is_new, again.is_new) == (True, False)
    assert (first.settlement_id, first.digest) == (again.settlement_id, again.digest)


def begin(world: World) -> int:
    """A settlement that is killed before its first line is written."""
    return world.db.write(
        commands.begin_settlement,
        round_id=world.round().id,
        rules_version=1,
        height=1,
        ruling_id=None,
        now=world.clock(),
        facts={"attempts": 1, "valid": 1, "perfect": 1, "truth": 1, "digest": "half"},
    )


def something_decided(world: World) -> None:
    """After which a settlement of the round is outdated."""
    subject = f"round:{world.round().id}"
    world.db.write(append, kind="rulings.decide", subject=subject, by="tests", now=world.clock())


def kept(world: World) -> tuple[list[int], list[int]]:
    """Settlements, and those of all lines."""
    with world.db.read() as tx:
        return (
            list(tx.execute(sa.select(Settlement.id).order_by(Settlement.id)).scalars()),
            list(tx.execute(sa.select(Standing.settlement_id).distinct()).scalars()),
        )


def test_a_settlement_that_was_killed_midway_leaves_nothing_behind(world: World) -> None:
    world.open_edition()
    world.play("an")
    world.close()
    begin(world)
    with pytest.raises(Conflict):
        world.publish()
    jobs.sweep_leftovers(world.db)

    made = world.settle()
    jobs.sweep_leftovers(world.db)

    assert kept(world) == ([made.settlement_id], [made.settlement_id])


def test_one_that_another_worker_overtook_cannot_be_finished(world: World) -> None:
    world.open_edition()
    world.play("an")
    world.close()
    late = begin(world)
    made = world.settle()
    with pytest.raises(Conflict, match="not-settled"):
        world.db.write(
            commands.finish_settlement,
            settlement_id=late,
            round_id=world.round().id,
            effect="",
            now=world.clock(),
        )
    jobs.sweep_leftovers(world.db)
    world.publish()

    assert kept(world)[0] == [made.settlement_id]


def test_results_that_were_never_published_go_and_published_ones_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.open_edition()
    for name in ("an", "binh", "chi"):
        world.play(name)
    world.close()
    first = world.settle().settlement_id
    world.db.write(
        append,
        kind="rulings.decide",
        subject=f"round:{world.round().id}",
        by="t",
        now=world.clock(),
    )
    second = world.settle().settlement_id
    assert kept(world)[0] == [first, second]
    monkeypatch.setattr(jobs, "_PIECES_A_SWEEP", 1)
    monkeypatch.setattr(leftovers, "_ROWS_A_COMMAND", 1)

    sweeps = 0
    while kept(world)[0] != [second]:
        jobs.sweep_leftovers(world.db)
        sweeps += 1
    assert sweeps > 3
    world.publish()
    # Settled once more: what is published stays, whatever is newer.
    world.db.write(
        append,
        kind="rulings.decide",
        subject=f"round:{world.round().id}",
        by="t",
        now=world.clock(),
    )
    third = world.settle().settlement_id
    jobs.sweep_leftovers(world.db)
    assert kept(world)[0] == [second, third]


def test_publishing_is_an_act_done_once(world: World) -> None:
    world.open_edition()
    world.play("an")
    world.close()
    with pytest.raises(Conflict, match="not-settled"):
        world.publish()
    world.settle()
    first = world.publish()
    world.clock.tick(hours=1)

    assert world.publish() == first


def test_own_standing_and_with_how_many_the_place_is_shared(world: World) -> None:
    world.open_edition()
    for name in ("an", "binh", "chi"):
        world.play(name, prediction=3, minutes=5)
    world.play("giang", prediction=3, minutes=6)
    result = official(world)

    with world.db.read() as tx:
        entrants = tx.execute(sa.select(Standing.entrant_id).order_by(Standing.line)).scalars()
        own = [queries.own_standing(tx, result, each) for each in entrants.all()]
        shared = [
            (each.place, queries.sharing(tx, result, each.place, steps=4)) for each in own if each
        ]

    assert shared == [(1, 3)] * 3 + [(4, 1)]
