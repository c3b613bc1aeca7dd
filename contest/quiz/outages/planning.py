"""
What an outage of ours gives back, attempt by attempt, and who may take an attempt again.

Pure. An attempt that runs gets as much time as it shared with the outage. One that ended by
itself while we were away, or so soon after that nobody could come back to it, is annulled: the
person takes another, with other questions. Who handed in is left alone.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec import Struct

from contest.bank.draw import Candidate, check_blueprint
from contest.rules.shape import BlueprintCell

# So long after an outage a page that waits has not yet found back.
AFTERMATH: Final = timedelta(minutes=2)


class Sat(Struct, frozen=True, kw_only=True, gc=False):
    """An attempt as the plan looks at it. `final_at`: from there on nothing can count any more."""

    attempt_id: int
    started_at: datetime
    deadline_at: datetime
    final_at: datetime
    submitted_at: datetime | None = None
    submitted_by_itself: bool | None = None


class GivenBack(Struct, frozen=True, kw_only=True, gc=False):
    """What an attempt gets: `lost` more time, or the right to be taken again."""

    attempt_id: int
    effect: Literal["extended", "annulled"]
    lost: timedelta
    deadline_before: datetime


class Taken(Struct, frozen=True, kw_only=True):
    """One of a person's attempts in a round."""

    started_at: datetime
    is_annulled: bool


def lost_time(started: datetime, deadline: datetime, began: datetime, ended: datetime) -> timedelta:
    """How much of an attempt's time fell into the outage; never negative."""
    return max(timedelta(0), min(deadline, ended) - max(started, began))


def given_back(
    attempt: Sat, *, began: datetime, ended: datetime, now: datetime
) -> GivenBack | None:
    """What the outage from `began` to `ended` gives back to an attempt; None for nothing."""
    lost = lost_time(attempt.started_at, attempt.deadline_at, began, ended)
    if not lost or (attempt.submitted_at is not None and not attempt.submitted_by_itself):
        return None
    runs = attempt.submitted_at is None and now <= attempt.final_at
    if not runs and attempt.deadline_at > ended + AFTERMATH:
        # It ended later, with its questions before the person's eyes.
        return None
    return GivenBack(
        attempt_id=attempt.attempt_id,
        effect="extended" if runs else "annulled",
        lost=lost,
        deadline_before=attempt.deadline_at,
    )


def plan(
    attempts: Iterable[Sat], *, began: datetime, ended: datetime, now: datetime
) -> list[GivenBack]:
    """What everybody gets, in the order of the attempts; those who get nothing are left out."""
    found = (given_back(each, began=began, ended=ended, now=now) for each in attempts)
    return [each for each in found if each is not None]


def attempts_left(
    allowed: int, attempts: Sequence[Taken], *, closes_at: datetime, now: datetime
) -> int:
    """
    How many attempts a person may still start, of the `allowed` that the rules give.

    Annulled ones are not used up. After the close only these are given again: nobody catches up
    on an attempt that was not made in time.
    """
    annulled = sum(1 for each in attempts if each.is_annulled)
    left = allowed - (len(attempts) - annulled)
    if now >= closes_at:
        again = sum(1 for each in attempts if each.started_at >= closes_at)
        left = min(left, annulled - again)
    return max(0, left)


def count_short(
    candidates: Sequence[Candidate],
    blueprint: Sequence[BlueprintCell],
    seen: Iterable[Collection[str]],
) -> int:
    """
    For how many of these people the pool has no second paper; each item: question ids seen.

    Whether a paper can be drawn depends only on how many questions of each domain and level are
    left, so thousands of people come down to a few cases.
    """
    kind_of = {each.question_id: (each.domain, each.level) for each in candidates}
    known: dict[frozenset[tuple[tuple[str, str], int]], bool] = {}
    short = 0
    for ids in seen:
        gone = frozenset(Counter(kind_of[each] for each in ids if each in kind_of).items())
        if gone not in known:
            known[gone] = bool(check_blueprint(candidates, blueprint, ids))
        short += known[gone]
    return short
