"""Rulings on a published round: works · before the trial · twice · outdated · lifted · a crash."""

import pytest
import sqlalchemy as sa

from contest.errors import Conflict
from contest.rulings.commands import drop_ruling
from contest.standings import jobs, leftovers, proposals, queries
from contest.standings.models import Settlement, Standing
from tests.standings.judging import (
    announce,
    answer_given,
    board,
    decide,
    digest,
    entrant_id,
    key_of,
    official,
    places,
    play,
    propose,
    revision_of,
    ruled,
    ruling,
    trial_of,
    tried,
)
from tests.world import World


def contest(world: World) -> None:
    """Published: ten, nine, nine and eight right of ten; guesses and times of their own."""
    world.open_edition()
    play(world, "an", right=10, prediction=1, minutes=5)
    play(world, "binh", right=9, prediction=1, minutes=3)
    play(world, "chi", right=9, prediction=3, minutes=4)
    play(world, "diep", right=8, prediction=2, minutes=5)
    announce(world)


def test_another_answer_is_accepted_and_everything_follows(world: World) -> None:
    contest(world)
    revision, answer = revision_of(world, "binh", 10), answer_given(world, "binh", 10)
    assert answer != key_of(world, revision)
    before = board(world)

    made = propose(world, "correction", kind="accept-also", revision_id=revision, masks=[answer])
    settled = tried(world, made)
    effect = trial_of(world, made).effect

    # Nothing is official yet.
    assert board(world) == before
    assert effect is not None
    assert (effect.perfect_before, effect.perfect_after) == (1, 2)
    assert (effect.truth_before, effect.truth_after) == (1, 2)
    assert effect.scores_changed >= 1

    decide(world, made)

    after = official(world)
    assert (after.number, after.ruling_id, after.truth, after.perfect) == (2, made.id, 2, 2)
    # An and Binh have all right now, both one off; Binh was faster and takes the prize.
    assert places(world)["binh"] == 1
    assert digest(world) == settled.digest
    # From scratch it comes to the same, so nothing is written.
    again = world.settle()
    assert (again.is_new, again.digest) == (False, settled.digest)


@pytest.mark.parametrize("kind", ["give-all", "void"])
def test_a_question_is_given_or_leaves_the_paper(world: World, kind: str) -> None:
    contest(world)
    revision = revision_of(world, "binh", 10)

    ruled(world, "correction", kind=kind, revision_id=revision)

    lines = {line.split()[1]: int(line.split()[2]) for line in board(world)}
    assert (lines["an"], lines["binh"]) == (10_000, 10_000)
    assert not world.settle().is_new


def test_the_first_is_disqualified_all_move_up_and_lifting_gives_the_result_before(
    world: World,
) -> None:
    contest(world)
    first, was = digest(world), board(world)

    out = ruled(world, "disqualification", entrant_id=entrant_id(world, "an"))

    result = official(world)
    assert places(world) == {"diep": 3, "binh": 1, "chi": 2}
    assert (result.valid, result.perfect, result.truth, result.disqualified) == (3, 0, 0, 1)
    assert not world.settle().is_new

    lifted = ruled(world, "lift", ruling_code=out.code)

    assert (board(world), digest(world)) == (was, first)
    assert ruling(world, out.code).state == "lifted"
    assert official(world).ruling_id == lifted.id
    with world.db.read() as tx:
        history = queries.publication_history(tx, [world.round().id])
    assert [each.number for each in history] == [1, 2, 3]
    assert [each.valid for each in history] == [4, 3, 4]


def test_nothing_is_decided_before_its_effect_was_computed(world: World) -> None:
    contest(world)
    made = propose(world, "disqualification", entrant_id=entrant_id(world, "an"))

    with pytest.raises(Conflict, match="trial-not-ready"):
        decide(world, made)
    assert trial_of(world, made).state == "computing"
    assert official(world).number == 1


def test_what_was_looked_at_before_another_decision_is_no_longer_true(world: World) -> None:
    contest(world)
    first = propose(world, "disqualification", entrant_id=entrant_id(world, "an"))
    second = propose(world, "correction", kind="void", revision_id=revision_of(world, "binh", 10))
    tried(world, first)
    tried(world, second)
    decide(world, first)

    with pytest.raises(Conflict, match="trial-outdated"):
        decide(world, second)
    assert trial_of(world, second).state == "outdated"

    # The sweep asks again by itself, once.
    jobs.sweep_proposals(world.db, world.clock)
    with world.db.read() as tx:
        assert proposals.proposals_without_trial(tx) == []
    tried(world, second)
    decide(world, second)
    assert official(world).number == 3
    assert not world.settle().is_new


def test_deciding_twice_is_deciding_once(world: World) -> None:
    contest(world)
    made = ruled(world, "disqualification", entrant_id=entrant_id(world, "an"))

    again = decide(world, made)

    assert again.decided_at == made.decided_at
    assert official(world).number == 2


def test_the_same_proposal_twice_is_one(world: World) -> None:
    contest(world)
    made = propose(world, "disqualification", entrant_id=entrant_id(world, "an"))
    again = propose(world, "disqualification", entrant_id=entrant_id(world, "an"))

    assert made.code == again.code


def test_two_organisers_deciding_the_same_thing_do_not_count_it_twice(world: World) -> None:
    contest(world)
    out = ruled(world, "disqualification", entrant_id=entrant_id(world, "an"))
    with pytest.raises(Conflict, match="already-disqualified"):
        propose(world, "disqualification", entrant_id=entrant_id(world, "an"))

    lift = propose(world, "lift", ruling_code=out.code)
    tried(world, lift)
    decide(world, lift)
    with pytest.raises(Conflict, match="ruling-not-in-force"):
        propose(world, "lift", ruling_code=out.code)


def test_before_publishing_a_decision_needs_no_trial_and_shows_none(world: World) -> None:
    world.open_edition()
    play(world, "an", right=10)
    play(world, "binh", right=9)
    world.close()
    world.settle()
    made = propose(world, "correction", kind="give-all", revision_id=revision_of(world, "binh", 10))
    jobs.sweep_proposals(world.db, world.clock)
    with world.db.read() as tx:
        assert proposals.proposals_without_trial(tx) == []
        assert tx.execute(sa.select(Settlement.id).where(Settlement.is_trial)).all() == []

    decide(world, made)

    # The settlement does not know of it: computed again before it can be published.
    with pytest.raises(Conflict, match="not-settled"):
        world.publish()
    assert world.settle().is_new
    world.publish()
    assert (official(world).number, official(world).perfect) == (1, 2)


def test_trials_of_dropped_and_decided_proposals_are_removed_in_pieces(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest(world)
    monkeypatch.setattr(leftovers, "_ROWS_A_COMMAND", 2)
    dropped = propose(world, "disqualification", entrant_id=entrant_id(world, "an"))
    kept = propose(world, "disqualification", entrant_id=entrant_id(world, "chi"))
    other = propose(world, "disqualification", entrant_id=entrant_id(world, "diep"))
    for each in (dropped, kept, other):
        tried(world, each)
    decide(world, other)
    # Computed again since the decision: the first trial of the same proposal is superseded.
    tried(world, kept)
    world.db.write(drop_ruling, ruling_code=dropped.code, by="tests", now=world.clock())
    was = board(world)

    jobs.sweep_leftovers(world.db)

    with world.db.read() as tx:
        left = tx.execute(
            sa.select(Settlement.id, Settlement.ruling_id, Settlement.is_trial).order_by(
                Settlement.id
            )
        ).all()
        lines = set(tx.execute(sa.select(Standing.settlement_id).distinct()).scalars())
    assert [(row.ruling_id, row.is_trial) for row in left if row.ruling_id] == [
        (other.id, False),
        (kept.id, True),
    ]
    assert lines == {row.id for row in left}
    assert board(world) == was
    decide(world, kept)
    assert official(world).number == 3


def test_a_dropped_proposal_cannot_be_decided_nor_tried(world: World) -> None:
    contest(world)
    made = propose(world, "disqualification", entrant_id=entrant_id(world, "an"))
    world.db.write(drop_ruling, ruling_code=made.code, by="tests", now=world.clock())
    with pytest.raises(Conflict, match="ruling-decided"):
        tried(world, made)
    with pytest.raises(Conflict, match=r"ruling-dropped|trial-not-ready"):
        decide(world, made)
    # The job that was asked for has nothing to do and says nothing.
    jobs.try_ruling_job(world.db, world.clock)({"ruling": made.code})
