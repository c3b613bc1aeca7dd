"""What an organiser does with rulings, for tests: propose, try, decide; and a board in short."""

from typing import Any

import sqlalchemy as sa

from contest.bank import queries as bank
from contest.quiz.queries import current_answers
from contest.rulings import commands as rulings
from contest.rulings import queries as ruling_queries
from contest.rulings.queries import RulingView
from contest.standings import boards, commands, proposals, queries
from contest.standings.models import Settlement
from contest.standings.proposals import Trial
from contest.standings.queries import Published
from contest.standings.settle import Settled, try_ruling
from tests.world import World

BECAUSE = "Theo nguồn đã dẫn thì phương án này cũng đúng."


def announce(world: World) -> Published:
    """Closes, settles and publishes the first round."""
    world.close()
    world.settle()
    world.publish()
    return official(world)


def official(world: World) -> Published:
    with world.db.read() as tx:
        found = queries.publication(tx, world.round().id)
    assert found is not None
    return found


def revision_of(world: World, handle: str, place: int, code: str = "") -> int:
    """The revision at a place of somebody's paper."""
    return (
        world.attempt(handle, code or world.attempts[handle, "tuan-1"]).items[place - 1].revision_id
    )


def play(world: World, handle: str, **how: Any) -> str:
    """`world.play`, remembered."""
    code = world.attempts[handle, "tuan-1"] = world.play(handle, **how)
    return code


def answer_given(world: World, handle: str, place: int) -> int:
    """The mask somebody chose at a place."""
    attempt = world.attempt(handle, world.attempts[handle, "tuan-1"])
    with world.db.read() as tx:
        return current_answers(tx, attempt.id)[place].value or 0


def propose(world: World, proposal: Any, **facts: Any) -> RulingView:
    """By any command of rulings; "correction", "disqualification" and "lift" for short."""
    command = getattr(rulings, f"propose_{proposal}")
    facts.setdefault("reason", BECAUSE)
    if proposal != "lift":
        facts.setdefault("round_id", world.round().id)
    return world.db.write(
        proposals.propose,
        proposal=command,
        facts=facts,
        chance=world.chance,
        by="tests",
        now=world.clock(),
    )


def entrant_id(world: World, handle: str) -> int:
    return world.attempt(handle, world.attempts[handle, "tuan-1"]).entrant_id


def entry_code(world: World, handle: str) -> str:
    return world.attempt(handle, world.attempts[handle, "tuan-1"]).entry_code


def tried(world: World, ruling: RulingView) -> Settled:
    return try_ruling(world.db, ruling.code, world.clock)


def decide(world: World, ruling: RulingView) -> RulingView:
    world.clock.tick(minutes=1)
    return world.db.write(
        commands.decide_ruling, ruling_code=ruling.code, by="tests", now=world.clock()
    )


def ruled(world: World, proposal: str, **facts: Any) -> RulingView:
    """Proposed, tried and decided."""
    made = propose(world, proposal, **facts)
    tried(world, made)
    return decide(world, made)


def ruling(world: World, code: str) -> RulingView:
    with world.db.read() as tx:
        found = ruling_queries.ruling(tx, code)
    assert found is not None
    return found


def trial_of(world: World, proposal: RulingView) -> Trial:
    with world.db.read() as tx:
        return proposals.trial(tx, proposal)


def board(world: World) -> list[str]:
    """The official board in short: place, entry code, thousandths of a point, distance."""
    result = official(world)
    with world.db.read() as tx:
        rows = boards.board_lines(tx, result, first=1, last=50, now=world.clock())
    by_entrant = {entrant_id(world, who): who for who, _slug in world.attempts}
    return [
        f"{row.place} {by_entrant[row.entrant_id]} {row.score_milli} {row.distance}" for row in rows
    ]


def places(world: World) -> dict[str, int]:
    return {line.split()[1]: int(line.split()[0]) for line in board(world)}


def digest(world: World) -> str:
    """Of the official settlement."""
    with world.db.read() as tx:
        return tx.execute(
            sa.select(Settlement.digest).where(Settlement.id == official(world).settlement_id)
        ).scalar_one()


def key_of(world: World, revision_id: int) -> int:
    with world.db.read() as tx:
        return bank.keys(tx, [revision_id])[revision_id].key_mask
