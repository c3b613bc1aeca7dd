"""Rulings by themselves: works · bad input · twice · dropped · what a settlement heeds."""

import pytest

from contest.bank import queries as bank
from contest.errors import Conflict, Invalid, NotFound
from contest.ledger import queries as ledger
from contest.rules.scoring import AcceptAlso, GiveAll, Void
from contest.rulings import commands, queries
from contest.rulings.queries import InForce, RulingView
from tests.world import World

BECAUSE = "Nguồn của câu hỏi nói khác đi."


def revision(world: World, kind: str = "single") -> int:
    with world.db.read() as tx:
        drawn = [each.revision_id for each in bank.candidates(tx, "sealed-1")]
        return next(each for each, found in bank.types_of(tx, drawn).items() if found == kind)


def correct(world: World, **facts: object) -> RulingView:
    given: dict[str, object] = {
        "round_id": world.round().id,
        "reason": BECAUSE,
        "by": "tests",
        "chance": world.chance,
        "now": world.clock(),
    }
    return world.db.write(commands.propose_correction, **(given | facts))


def disqualify(world: World, entrant_id: int, **facts: object) -> RulingView:
    given: dict[str, object] = {
        "round_id": world.round().id,
        "entrant_id": entrant_id,
        "reason": BECAUSE,
        "by": "tests",
        "chance": world.chance,
        "now": world.clock(),
    }
    return world.db.write(commands.propose_disqualification, **(given | facts))


def decide(world: World, ruling: RulingView) -> RulingView:
    return world.db.write(
        commands.decide_ruling, ruling_code=ruling.code, by="tests", now=world.clock()
    )


def drop(world: World, ruling: RulingView) -> RulingView:
    return world.db.write(
        commands.drop_ruling, ruling_code=ruling.code, by="tests", now=world.clock()
    )


def lift(world: World, ruling: RulingView) -> RulingView:
    return world.db.write(
        commands.propose_lift,
        ruling_code=ruling.code,
        reason=BECAUSE,
        by="tests",
        chance=world.chance,
        now=world.clock(),
    )


def in_force(world: World, trial: RulingView | None = None) -> InForce:
    with world.db.read() as tx:
        return queries.in_force(tx, world.round().id, trial=trial)


def test_a_proposal_changes_nothing_until_it_is_decided(world: World) -> None:
    world.open_edition()
    one = revision(world)

    made = correct(world, kind="accept-also", revision_id=one, masks=[4, 2, 4])

    assert (made.state, made.masks) == ("proposed", (2, 4))
    assert in_force(world).corrections == {}
    assert in_force(world, made).corrections == {one: (AcceptAlso((2, 4)),)}

    decided = decide(world, made)

    assert decided.state == "in-force"
    assert in_force(world).corrections == {one: (AcceptAlso((2, 4)),)}
    with world.db.read() as tx:
        height = ledger.newest_height(tx, f"round:{world.round().id}", besides="standings.")
    assert height == decided.height


def test_corrections_of_one_question_add_up_in_the_order_of_decisions(world: World) -> None:
    world.open_edition()
    one = revision(world)
    for kind, masks in (("void", []), ("accept-also", [2]), ("give-all", [])):
        decide(world, correct(world, kind=kind, revision_id=one, masks=masks))

    assert in_force(world).corrections == {one: (Void(), AcceptAlso((2,)), GiveAll())}


@pytest.mark.parametrize(
    ("question", "facts", "code"),
    [
        ("single", {"kind": "accept-also", "masks": []}, "no-choice"),
        ("single", {"kind": "accept-also", "masks": [0]}, "no-choice"),
        ("single", {"kind": "accept-also", "masks": [16]}, "no-choice"),
        ("single", {"kind": "accept-also", "masks": [-1]}, "no-choice"),
        ("single", {"kind": "accept-also", "masks": [3]}, "no-choice"),
        ("true-false", {"kind": "accept-also", "masks": [4]}, "no-choice"),
        ("single", {"kind": "void", "masks": [1]}, "no-choice"),
        ("single", {"kind": "disqualify"}, "no-correction"),
        ("single", {"kind": ""}, "no-correction"),
        ("single", {"kind": "void", "reason": "ngắn"}, "reason-needed"),
        ("single", {"kind": "void", "reason": "   dài   " * 3 + "x" * 1000}, "reason-needed"),
    ],
)
def test_what_cannot_stand_is_refused_and_nothing_is_kept(
    world: World, question: str, facts: dict[str, object], code: str
) -> None:
    world.open_edition()

    with pytest.raises(Invalid, match=code):
        correct(world, revision_id=revision(world, question), **facts)
    with world.db.read() as tx:
        assert queries.rulings_of_round(tx, world.round().id) == []


def test_a_set_of_choices_is_one_answer_to_a_multiple_question(world: World) -> None:
    world.open_edition()
    one = revision(world, "multiple")

    assert correct(world, kind="accept-also", revision_id=one, masks=[7]).masks == (7,)


def test_no_such_question_round_or_entrant(world: World) -> None:
    world.open_edition()
    with pytest.raises(NotFound, match="no-question"):
        correct(world, kind="void", revision_id=999_999)
    with pytest.raises(NotFound, match="no-round"):
        correct(world, kind="void", revision_id=revision(world), round_id=999_999)
    with pytest.raises(NotFound, match="no-entrant"):
        disqualify(world, 999_999)
    with pytest.raises(NotFound, match="no-ruling"):
        world.db.write(commands.decide_ruling, ruling_code="KHONGCO", by="tests", now=world.clock())


def test_the_second_press_gives_the_same_proposal(world: World) -> None:
    world.open_edition()
    one, other = revision(world), revision(world, "multiple")

    first = correct(world, kind="accept-also", revision_id=one, masks=[2])
    assert correct(world, kind="accept-also", revision_id=one, masks=[2]).code == first.code
    different = {
        correct(world, kind="accept-also", revision_id=one, masks=[4]).code,
        correct(world, kind="void", revision_id=one).code,
        correct(world, kind="void", revision_id=other).code,
    }
    assert len(different | {first.code}) == 4


def test_a_dropped_proposal_is_kept_and_may_be_made_anew(world: World) -> None:
    world.open_edition()
    first = correct(world, kind="void", revision_id=revision(world))
    assert drop(world, first).state == "dropped"
    assert drop(world, first).state == "dropped"

    with pytest.raises(Conflict, match="ruling-dropped"):
        decide(world, first)
    again = correct(world, kind="void", revision_id=revision(world))
    assert again.code != first.code
    decide(world, again)
    with pytest.raises(Conflict, match="ruling-decided"):
        drop(world, again)


def test_out_once_until_it_is_lifted(world: World) -> None:
    world.open_edition()
    an = world.attempt("an", world.play("an")).entrant_id
    first = disqualify(world, an)
    assert in_force(world).disqualified == frozenset()
    assert in_force(world, first).disqualified == {an}
    decide(world, first)

    with pytest.raises(Conflict, match="already-disqualified"):
        disqualify(world, an)
    decide(world, lift(world, first))
    assert in_force(world).disqualified == frozenset()
    decide(world, disqualify(world, an))
    assert in_force(world).disqualified == {an}


def test_an_entry_is_found_by_its_code_in_its_own_edition(world: World) -> None:
    world.open_edition()
    attempt = world.attempt("an", world.play("an"))
    world.start("binh")

    with world.db.read() as tx:
        found = queries.entry(tx, world.round().id, attempt.entry_code)
        elsewhere = queries.entry(tx, 999_999, attempt.entry_code)
        nobody = queries.entry(tx, world.round().id, "")
    assert found is not None
    assert (found.entrant_id, found.attempts, found.submitted) == (attempt.entrant_id, 1, 1)
    assert found.account_ref == world.ref("an")
    assert (elsewhere, nobody) == (None, None)


def test_only_what_is_in_force_can_be_lifted_and_only_once(world: World) -> None:
    world.open_edition()
    first = correct(world, kind="void", revision_id=revision(world))
    with pytest.raises(Conflict, match="ruling-not-in-force"):
        lift(world, first)
    decide(world, first)
    wish = lift(world, first)
    assert wish.code == lift(world, first).code
    assert in_force(world, wish).corrections == {}
    ended = decide(world, wish)

    assert in_force(world).corrections == {}
    with world.db.read() as tx:
        states = {each.code: each.state for each in queries.decided_rulings(tx, world.round().id)}
    assert states == {first.code: "lifted", ended.code: "in-force"}
    for nothing in (first, ended):
        with pytest.raises(Conflict, match="ruling-not-in-force"):
            lift(world, nothing)
