"""What the parts of a rule document must be to one another, beyond each value by itself."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final

from contest.rules.faults import Fault
from contest.rules.shape import BlueprintCell, IndividualPrize, Round, Rules

MOST_QUESTIONS: Final = 50
MOST_ROUNDS: Final = 60
PRACTICE_POOL: Final = "practice"


def check_rules(rules: Rules, path: str = "rules") -> list[Fault]:
    faults = _check_chain(rules, f"{path}.chain")
    faults += _check_own_score(rules, f"{path}.own_score")
    kind, question = rules.prediction.kind, rules.prediction.question
    if kind != "none" and question is None:
        reason = f"is missing: a prediction of kind {kind} is asked in both languages"
        faults.append(Fault(path=f"{path}.prediction.question", reason=reason))
    if kind == "none" and question is not None:
        reason = "must be left out when the kind is none: nobody would be asked it"
        faults.append(Fault(path=f"{path}.prediction.question", reason=reason))
    if rules.entry.verified_contact:
        reason = "must be false: contacts cannot be verified yet, so nobody could start"
        faults.append(Fault(path=f"{path}.entry.verified_contact", reason=reason))
    for at in _repeated(rules.entry.barred_roles):
        where = f"{path}.entry.barred_roles[{at}]"
        faults.append(Fault(path=where, reason="stands twice; each role once"))
    return faults + _check_prizes(rules.prizes.individual, f"{path}.prizes.individual")


def _check_chain(rules: Rules, path: str) -> list[Fault]:
    faults = []
    chain = rules.chain
    if not chain or chain[0] != "score":
        reason = "must begin with score; then any of distance, time, submitted may follow"
        faults.append(Fault(path=path, reason=reason))
    for at in _repeated(chain):
        reason = "stands twice; each step of the chain may stand once"
        faults.append(Fault(path=f"{path}[{at}]", reason=reason))
    if "distance" in chain and rules.prediction.kind == "none":
        reason = "distance needs a prediction: set prediction.kind, or leave distance out"
        faults.append(Fault(path=f"{path}[{chain.index('distance')}]", reason=reason))
    return faults


def _check_own_score(rules: Rules, path: str) -> list[Fault]:
    # With one attempt an entrant learns the own score only after the own prediction is sealed,
    # so the domain allows it. With several, each score is a look at the truth (and at which
    # answers to change) before the next prediction is made.
    several = rules.attempt.attempts > 1
    if rules.own_score == "at-submission" and several and "distance" in rules.chain:
        reason = (
            "must be at-publishing when there are several attempts and the chain holds distance: "
            "a score shown after the first attempt would help to predict in the next; "
            "at-submission is allowed with one attempt, or without distance"
        )
        return [Fault(path=path, reason=reason)]
    return []


def _check_prizes(prizes: Sequence[IndividualPrize], path: str) -> list[Fault]:
    """The list runs from the highest prize down: "the higher prize" of a tie is the earlier."""
    return [
        Fault(
            path=f"{path}[{at}].value_vnd",
            reason=f"must be at most {prizes[at - 1].value_vnd}, the value of the prize above it",
        )
        for at in range(1, len(prizes))
        if prizes[at].value_vnd > prizes[at - 1].value_vnd
    ]


def check_rounds(rounds: Sequence[tuple[int, Round]], minutes: int | None) -> list[Fault]:
    """
    Checks those rounds that could be read; each comes with its position in the document.

    `minutes` is the time of one attempt, None when that could not be read.
    """
    faults: list[Fault] = []
    for at, this in rounds:
        faults += _check_times(this, f"rounds[{at}]", minutes)
        faults += check_blueprint_cells(this.blueprint, f"rounds[{at}].blueprint")
        if this.pool == PRACTICE_POOL:
            reason = "must be a sealed pool: everyone may see the practice questions"
            faults.append(Fault(path=f"rounds[{at}].pool", reason=reason))
    for (_, before), (at, this) in pairwise(rounds):
        if this.opens < before.closes:
            reason = f"must not be before round {before.slug} closes: rounds follow one another"
            faults.append(Fault(path=f"rounds[{at}].opens", reason=reason))
    for place in _repeated(this.slug for _, this in rounds):
        at, this = rounds[place]
        reason = f"{this.slug} is already the name of an earlier round; each name once"
        faults.append(Fault(path=f"rounds[{at}].slug", reason=reason))
    for place in _repeated(this.pool for _, this in rounds):
        at, this = rounds[place]
        if this.pool != PRACTICE_POOL:
            reason = f"{this.pool} is already drawn from in an earlier round; each round its own"
            faults.append(Fault(path=f"rounds[{at}].pool", reason=reason))
    return faults


def check_number_of_rounds(number: int) -> list[Fault]:
    if 1 <= number <= MOST_ROUNDS:
        return []
    reason = f"must hold 1 to {MOST_ROUNDS} rounds, not {number}"
    return [Fault(path="rounds", reason=reason)]


def _check_times(this: Round, path: str, minutes: int | None) -> list[Fault]:
    faults = []
    if this.closes <= this.opens:
        faults.append(Fault(path=f"{path}.closes", reason="must be after opens"))
    elif minutes is not None and this.closes - this.opens < timedelta(minutes=minutes):
        reason = f"must leave at least the {minutes} minutes of one attempt after opens"
        faults.append(Fault(path=f"{path}.closes", reason=reason))
    if this.publishes < this.closes:
        faults.append(Fault(path=f"{path}.publishes", reason="must not be before closes"))
    return faults


def check_blueprint_cells(blueprint: Sequence[BlueprintCell], path: str) -> list[Fault]:
    faults = []
    total = sum(cell.take for cell in blueprint)
    if not 1 <= total <= MOST_QUESTIONS:
        reason = f"must take 1 to {MOST_QUESTIONS} questions altogether, not {total}"
        faults.append(Fault(path=path, reason=reason))
    for at in _repeated((cell.domain, cell.level) for cell in blueprint):
        cell = blueprint[at]
        reason = f"{cell.domain}, {cell.level} stands twice; write one line with the sum of both"
        faults.append(Fault(path=f"{path}[{at}]", reason=reason))
    return faults


def _repeated(items: Iterable[object]) -> list[int]:
    """Positions of items that stand earlier in the list already."""
    seen = set()
    positions = []
    for at, item in enumerate(items):
        if item in seen:
            positions.append(at)
        seen.add(item)
    return positions
