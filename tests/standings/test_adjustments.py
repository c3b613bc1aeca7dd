"""Figures of a round's questions, wordings that papers hold, and the list of adjustments."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from contest.bank import queries as bank
from contest.bank.commands import load_bank
from contest.bank.formats.yaml_files import join, read_bank_bytes
from contest.quiz.models import Attempt
from contest.standings import adjustments, question_figures
from contest.standings.question_figures import Figure
from tests.standings.judging import (
    announce,
    answer_given,
    decide,
    entrant_id,
    official,
    play,
    propose,
    revision_of,
    ruled,
)
from tests.world import DOMAINS, World, question


def figures(world: World) -> dict[str, Figure]:
    with world.db.read() as tx:
        found = question_figures.question_figures(tx, official(world))
    return {each.question_id: each for each in found}


def papers_of(world: World, revision: int) -> int:
    """Counted the long way: how many of the attempts hold the revision."""
    with world.db.read() as tx:
        texts = tx.execute(sa.select(Attempt.paper)).scalars().all()
    return sum(f'[{revision},"' in text for text in texts)


def test_figures_say_who_was_right_and_what_was_chosen_instead(world: World) -> None:
    world.open_edition()
    play(world, "an", right=10)
    for who in ("binh", "chi", "diep"):
        play(world, who, right=2)
    announce(world)

    found = figures(world)

    with world.db.read() as tx:
        for each in found.values():
            assert each.papers == sum(answer.times for answer in each.answers)
            assert each.right == sum(a.times for a in each.answers if a.is_right)
            assert [answer.times for answer in each.answers] == sorted(
                (answer.times for answer in each.answers), reverse=True
            )
            assert each.is_doubtful == (each.wrong is not None and each.wrong.times > each.right)
        # The doubtful come first.
        order = [
            each.is_doubtful for each in question_figures.question_figures(tx, official(world))
        ]
    assert order == sorted(order, reverse=True)
    assert any(order)


def test_a_corrected_question_is_named_and_no_longer_doubtful(world: World) -> None:
    world.open_edition()
    play(world, "an", right=9)
    announce(world)
    revision = revision_of(world, "an", 10)
    with world.db.read() as tx:
        name = bank.bodies(tx, [revision])[revision].question_id
    assert figures(world)[name].is_doubtful

    made = ruled(
        world,
        "correction",
        kind="accept-also",
        revision_id=revision,
        masks=[answer_given(world, "an", 10)],
    )

    after = figures(world)[name]
    assert (after.is_doubtful, after.right) == (False, 1)
    assert [each.code for each in after.corrections] == [made.code]
    assert after.answers[0].is_right


def test_papers_that_hold_a_question_are_counted_without_its_key(world: World) -> None:
    world.open_edition()
    for who in ("an", "binh", "chi"):
        play(world, who)
    revision = revision_of(world, "an", 4)

    with world.db.read() as tx:
        held = question_figures.papers_holding(tx, world.round().id, revision)
        capped = question_figures.papers_holding(tx, world.round().id, revision, at_most=1)
        none = question_figures.papers_holding(tx, world.round("tuan-2").id, revision)
    assert (held, capped, none) == (papers_of(world, revision), 1, 0)


@pytest.mark.parametrize("published", [False, True])
def test_a_question_that_was_reworded_in_an_open_round_has_both_wordings(
    world: World, published: bool
) -> None:
    world.open_edition()
    play(world, "an")
    text = "pool: sealed-1\nquestions:\n" + "".join(
        question(
            f"sealed-1-{domain}-{number}", domain, ("single", "multiple", "true-false")[number]
        )
        for domain in DOMAINS
        for number in range(3)
    ).replace("là gì?", "nghĩa là gì?")
    file = read_bank_bytes("sealed-1.yaml", text.encode())
    assert not isinstance(file, list)
    reworded = join([file])
    assert not isinstance(reworded, list)
    world.db.write(load_bank, bank=reworded, by="tests", now=world.clock())
    for who in ("binh", "chi", "diep", "giang"):
        play(world, who)
    both = {revision_of(world, "an", place) for place in range(1, 11)}
    with world.db.read() as tx:
        old = {each.question_id for each in bank.bodies(tx, both).values()}
        new = {
            each.question_id
            for who in ("binh", "chi", "diep", "giang")
            for each in bank.bodies(
                tx, [revision_of(world, who, place) for place in range(1, 11)]
            ).values()
        }
    if published:
        announce(world)
    result = official(world) if published else None

    with world.db.read() as tx:
        for name, numbers in (
            (next(iter(old & new)), [2, 1]),
            (next(iter(new - old)), [2]),
        ):
            held = question_figures.held_revisions(tx, world.round(), name, result)
            assert [each.number for each in held] == numbers
            assert ["nghĩa" in each.body.body.text["vi"] for each in held] == [
                number == 2 for number in numbers
            ]
        assert question_figures.held_revisions(tx, world.round(), "khong-co", result) == []


def test_the_list_tells_every_decision_in_order_with_the_figures_around_it(world: World) -> None:
    world.open_edition()
    play(world, "an", right=10)
    play(world, "binh", right=9)
    play(world, "chi", right=8)
    world.close()
    early = propose(world, "correction", kind="give-all", revision_id=revision_of(world, "chi", 10))

    decide(world, early)
    announce(world)
    out = ruled(world, "disqualification", entrant_id=entrant_id(world, "an"))
    ruled(world, "lift", ruling_code=out.code)
    propose(world, "disqualification", entrant_id=entrant_id(world, "binh"))

    with world.db.read() as tx:
        found = adjustments.adjustments(tx, world.round().id)

    kinds = [each.subject.ruling.kind for each in found]
    assert kinds == ["give-all", "disqualify", "lift"]
    assert [each.subject.ruling.state for each in found] == ["in-force", "lifted", "in-force"]
    assert found[0].before is None
    valid = [(e.before.valid, e.after.valid) for e in found[1:] if e.before and e.after]
    assert valid == [(3, 2), (2, 3)]
    # What is public names nobody's entry.
    assert {each.subject.entry_code for each in found} == {""}
    assert found[2].subject.lifted is not None
    assert found[2].subject.lifted.entry_code == ""
    assert found[0].subject.key
    assert found[1].decided_at - found[0].decided_at < timedelta(days=1)
