"""What differs between two versions of a rule document, and which of it may not."""

from collections.abc import Callable, Iterable, Set
from typing import Any, Final

import msgspec
from msgspec import Struct

from contest.rules.faults import Fault
from contest.rules.shape import Complaints, EditionDocument, Prizes, Round


class Change(Struct, frozen=True, kw_only=True):
    """
    One value that differs, in words for a reader; None where it did not or does not exist.

    Rounds and blueprint lines go by their names (`rounds[tuan-1].blueprint[safety/basic]`), so
    that a round put in before the others is not shown as a change of all that follow.
    """

    path: str
    before: str | None
    after: str | None


def changes(old: EditionDocument | None, new: EditionDocument) -> list[Change]:
    """Every value that differs, in the order of the new document, then what is gone."""
    before = dict(_values(old)) if old is not None else {}
    after = dict(_values(new))
    paths = list(after) + [path for path in before if path not in after]
    return [
        Change(path=path, before=before.get(path), after=after.get(path))
        for path in paths
        if before.get(path) != after.get(path)
    ]


def _values(document: EditionDocument) -> Iterable[tuple[str, str]]:
    plain = msgspec.to_builtins(document)
    rounds = plain.pop("rounds")
    yield from _leaves(plain, "")
    for this in rounds:
        cells = this.pop("blueprint")
        path = f"rounds[{this['slug']}]"
        yield from _leaves(this, path)
        for cell in cells:
            yield f"{path}.blueprint[{cell['domain']}/{cell['level']}]", str(cell["take"])


def _leaves(value: Any, path: str) -> Iterable[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, tuple) and value and isinstance(value[0], dict):
        for at, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{at}]")
    elif isinstance(value, tuple):
        yield path, ", ".join(value)
    elif isinstance(value, bool):
        yield path, "yes" if value else "no"
    elif value is not None:
        yield path, str(value)


# The rules are those of the whole edition, so the first round that starts locks them for all.
# Not locked: words (the prediction's question included: the kind decides what is true) and
# `entry`, which is checked at each start and never again, so it reaches later starts only.
_LOCKED_RULES: Final[tuple[tuple[str, Callable[[EditionDocument], object]], ...]] = (
    ("edition", lambda document: document.edition),
    ("rules.attempt", lambda document: document.rules.attempt),
    ("rules.marking", lambda document: document.rules.marking),
    ("rules.prediction.kind", lambda document: document.rules.prediction.kind),
    ("rules.chain", lambda document: document.rules.chain),
    ("rules.own_score", lambda document: document.rules.own_score),
    ("rules.prizes.tie_across_edge", lambda document: document.rules.prizes.tie_across_edge),
)


def locked_changes(
    old: EditionDocument, new: EditionDocument, started_rounds: Set[str]
) -> list[Fault]:
    """
    Changes that may not be made any more, because someone has started one of these rounds.

    Everything that decides a started round's ranking is locked, for good: a settlement may run
    again years later. Its close may be moved back (an outage), never forward; prizes and the
    time to complain may grow, the time to answer may shrink.
    """
    if not started_rounds:
        return []
    faults = [
        Fault(path=path, reason="may not change once a round of the edition has been started")
        for path, of in _LOCKED_RULES
        if of(old) != of(new)
    ]
    faults += _lessened_prizes(old.rules.prizes, new.rules.prizes)
    faults += _worsened_periods(old.rules.complaints, new.rules.complaints)
    now = {this.slug: this for this in new.rounds}
    for before in old.rounds:
        if before.slug not in started_rounds:
            continue
        path = f"rounds[{before.slug}]"
        if before.slug in now:
            faults += _locked_in_round(before, now[before.slug], path)
        else:
            reason = "may not be removed or renamed: it has been started"
            faults.append(Fault(path=path, reason=reason))
    return faults


def _locked_in_round(before: Round, after: Round, path: str) -> list[Fault]:
    reason = "may not change: the round has been started"
    faults = []
    if before.opens != after.opens:
        faults.append(Fault(path=f"{path}.opens", reason=reason))
    if after.closes < before.closes:
        reason_closes = "may not be brought forward: the round has been started"
        faults.append(Fault(path=f"{path}.closes", reason=reason_closes))
    if before.pool != after.pool:
        faults.append(Fault(path=f"{path}.pool", reason=reason))
    # The order of the lines decides nothing: the draw does not go by it.
    if _cells(before) != _cells(after):
        faults.append(Fault(path=f"{path}.blueprint", reason=reason))
    return faults


def _cells(this: Round) -> set[tuple[str, str, int]]:
    return {(cell.domain, cell.level, cell.take) for cell in this.blueprint}


def _lessened_prizes(before: Prizes, after: Prizes) -> list[Fault]:
    """Prizes were promised to those who started: none may be taken away or made smaller."""
    faults = []
    for at, prize in enumerate(before.individual):
        path = f"rules.prizes.individual[{at}]"
        if at >= len(after.individual):
            reason = "may not be removed once a round has been started"
            faults.append(Fault(path=path, reason=reason))
            continue
        for name in ("places", "value_vnd"):
            promised = getattr(prize, name)
            if getattr(after.individual[at], name) < promised:
                reason = f"may not fall below {promised} once a round has been started"
                faults.append(Fault(path=f"{path}.{name}", reason=reason))
    return faults


def _worsened_periods(before: Complaints, after: Complaints) -> list[Fault]:
    """Whoever started was told how long one may complain, and how soon that is answered."""
    once = "once a round has been started"
    faults = []
    if after.within_days < before.within_days:
        reason = f"may not fall below {before.within_days} {once}"
        faults.append(Fault(path="rules.complaints.within_days", reason=reason))
    if after.answer_days > before.answer_days:
        reason = f"may not rise above {before.answer_days} {once}"
        faults.append(Fault(path="rules.complaints.answer_days", reason=reason))
    return faults
