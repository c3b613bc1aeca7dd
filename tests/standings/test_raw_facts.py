"""What a settlement reads as columns is what each attempt holds, save by save."""

import random
from datetime import timedelta

from contest.infra.clock import HANOI
from contest.quiz import queries as quiz
from contest.quiz.papers import PREDICTION
from contest.standings.raw_facts import MASK_BITS, MASKS, NO_PREDICTION, read_raw_facts
from tests.world import World


def read(world: World, slug: str = "tuan-1"):
    this = world.round(slug)
    with world.db.read() as tx:
        return read_raw_facts(tx, this.id, this.opens_at.astimezone(HANOI).date())


def test_every_answer_that_counts_and_no_other_is_read(world: World) -> None:
    """More than ten questions, so that the masks of a paper fill more than one number."""
    world.open_edition(take=12)
    chance = random.Random(4)
    names = ["an", "binh", "chi", "giang"]
    for name in names:
        code = world.start(name).code
        attempt = world.attempt(name, code)
        for place in range(1, 13):
            item = attempt.items[place - 1]
            for _ in range(chance.choice([0, 1, 1, 3])):
                shown = (chance.randrange(len(item.order)),) if chance.random() < 0.8 else ()
                world.save(name, code, place, shown, tab=name)
            # A tab that had seen nothing is kept and never current.
            world.save(name, code, place, (0,), tab="stale", based_on=99)
        for guess in chance.choice([[], [3], [5, None], [None, 7, 8]]):
            world.save(name, code, PREDICTION, prediction=guess, tab=name)
        world.clock.tick(minutes=1)
        world.submit(name, code)
        world.save(name, code, 1, (1,), tab=name)
        world.attempts[name, "tuan-1"] = code

    facts = read(world)

    assert len(facts) == len(names)
    for name in names:
        attempt = world.attempt(name, world.attempts[name, "tuan-1"])
        with world.db.read() as tx:
            values = {
                place: answer.value
                for place, answer in quiz.current_answers(tx, attempt.id).items()
            }
        at = facts.attempt_id.tolist().index(attempt.id)
        read_answers = [
            (facts.revisions[each >> MASK_BITS], each & (MASKS - 1))
            for each in facts.answers[at].tolist()
        ]
        assert read_answers == [
            (item.revision_id, values.get(place) or 0)
            for place, item in enumerate(attempt.items, start=1)
        ]
        told = values.get(PREDICTION)
        assert facts.prediction[at] == (NO_PREDICTION if told is None else told)
        assert facts.entry[at].decode() == attempt.entry_code
        assert facts.ranking_time_ms[at] == attempt.time_used_ms


def test_another_round_and_an_open_attempt_are_left_out(world: World) -> None:
    world.open_edition()
    world.play("an")
    world.clock.set(world.round("tuan-2").opens_at + timedelta(hours=1))
    code = world.start("an", "tuan-2").code
    world.save("an", code, 1, (0,), tab="an")
    world.clock.set(world.round("tuan-1").opens_at + timedelta(hours=2))
    world.start("binh")
    world.play("chi")

    assert len(read(world)) == 2
    assert len(read(world, "tuan-2")) == 0


def test_a_round_with_nobody_in_it_is_empty(world: World) -> None:
    world.open_edition()

    facts = read(world)

    assert (len(facts), facts.revisions, facts.wards) == (0, [], [])
