"""
The clock of an attempt: deadline, time used, which saves and submissions count.

Pure: the caller passes the time of receipt, taken before the request waited in any queue.
Moments are aware datetimes, lengths beside them are timedeltas; what is stored and ranked is
whole milliseconds (`_ms`).

"Allowed" is the time that the rules give a person (base time, longer with extra time). Who
starts so late that the close comes first is told before starting, has less, and is still
measured by the clock alone: time used runs from the start, nothing is scaled up for the lost
minutes, and "the whole time" is all there was, from the start to the deadline. Counting the full
allowed time instead would rank a paper that ended by itself minutes behind one handed in a
moment before.
"""

from datetime import datetime, timedelta
from enum import Enum
from typing import Literal

from msgspec import Struct

AttemptState = Literal["open", "due", "submitted"]
_MILLISECOND = timedelta(milliseconds=1)


class SaveVerdict(Enum):
    """Only COUNTED changes the current answer; every save is kept as a fact."""

    COUNTED = "counted"
    STALE = "stale"
    LATE = "late"
    AFTER_SUBMISSION = "after-submission"
    REPEATED = "repeated"


class LastSave(Struct, frozen=True, kw_only=True):
    """The counted save that is current for a question: its revision `n`, its tab and sequence."""

    n: int
    tab: str
    seq: int


class IncomingSave(Struct, frozen=True, kw_only=True):
    """
    A save as received: `seq` rises within a tab, `based_on` is the `n` that the tab had seen.

    `based_on` is 0 where it had seen none. `same_answer`: the chosen mask equals the current one.
    """

    tab: str
    seq: int
    based_on: int
    same_answer: bool = True


class Submission(Struct, frozen=True, kw_only=True):
    """When an attempt ended, whether by itself at the deadline, and the times that follow."""

    at: datetime
    is_by_itself: bool
    time_used_ms: int
    ranking_time_ms: int


class NotYet(Struct, frozen=True):
    opens: datetime


class Full(Struct, frozen=True):
    """Starting now leaves all the time allowed."""


class Short(Struct, frozen=True):
    """The close comes first: tell the person the time that remains before starting."""

    remaining: timedelta


class Closed(Struct, frozen=True):
    closes: datetime


StartWindow = NotYet | Full | Short | Closed


def to_ms(length: timedelta) -> int:
    """Whole milliseconds, rounded down."""
    return length // _MILLISECOND


def allowed_ms(base_minutes: int, extra_percent: int = 0) -> int:
    """The time allowed to a person: base time plus extra time (25, 50 or 100 per cent)."""
    return base_minutes * 60_000 * (100 + extra_percent) // 100


def allowed_time(base_minutes: int, extra_percent: int = 0) -> timedelta:
    return timedelta(milliseconds=allowed_ms(base_minutes, extra_percent))


def deadline(
    started: datetime, allowed: timedelta, closes: datetime, extra_time: bool = False
) -> datetime:
    """
    min(start + allowed, close); with extra time, start + allowed even where that is past it.

    A need that extra time answers does not go away at the close, so none of it is cut.
    """
    ends = started + allowed
    return ends if extra_time else min(ends, closes)


def start_window(
    now: datetime,
    opens: datetime,
    closes: datetime,
    allowed: timedelta,
    extra_time: bool = False,
) -> StartWindow:
    """Whether one may start now: the round is open from `opens` up to, not including, `closes`."""
    if now < opens:
        return NotYet(opens)
    if now >= closes:
        return Closed(closes)
    if extra_time or closes - now >= allowed:
        return Full()
    return Short(closes - now)


def is_in_time(received: datetime, deadline: datetime, grace: timedelta) -> bool:
    """What arrives up to the grace after the deadline counts, saves and submissions alike."""
    return received <= deadline + grace


def time_used_ms(
    started: datetime, received: datetime, allowed: timedelta, deadline: datetime
) -> int:
    """
    Receipt of the submission minus start, from 0 to the time allowed.

    What comes within the grace counts as come at the deadline, so that nobody who started late
    is ranked behind those whose paper ended by itself.
    """
    used = min(received, deadline) - started
    return max(0, min(to_ms(used), to_ms(allowed)))


def ranking_time_ms(used_ms: int, base_ms: int, allowed_ms: int) -> int:
    """floor(used * base / allowed): time as a share of the time allowed, on the base's scale."""
    if not 0 < base_ms <= allowed_ms:
        raise ValueError("the time allowed is the base time or longer")
    return used_ms * base_ms // allowed_ms


def submission(
    *,
    received: datetime | None,
    started: datetime,
    deadline: datetime,
    grace: timedelta,
    allowed: timedelta,
    base: timedelta,
) -> Submission:
    """
    How an attempt ends: by the entrant when the submission is in time, else by itself.

    `received` is None in the sweep, which may run much later: a paper that nobody handed in was
    submitted at its deadline, whenever the server gets round to it.
    """
    in_time = received is not None and is_in_time(received, deadline, grace)
    at = received if received is not None and in_time else deadline
    used = time_used_ms(started, at, allowed, deadline)
    ranks = ranking_time_ms(used, to_ms(base), to_ms(allowed))
    return Submission(at=at, is_by_itself=not in_time, time_used_ms=used, ranking_time_ms=ranks)


def attempt_state(
    now: datetime, deadline: datetime, grace: timedelta, submitted_at: datetime | None
) -> AttemptState:
    """`due`: nothing can count any more, but the sweep has not yet closed the attempt."""
    if submitted_at is not None:
        return "submitted"
    return "open" if is_in_time(now, deadline, grace) else "due"


def verdict(
    *,
    received: datetime,
    deadline: datetime,
    grace: timedelta,
    submitted_at: datetime | None,
    current: LastSave | None,
    incoming: IncomingSave,
) -> SaveVerdict:
    """
    What becomes of one save.

    `submitted_at` is the receipt of the entrant's submission. Pass None for an attempt that
    ended by itself: there the deadline and its grace decide, also for a save that came in time
    and was written after the sweep. The same goes for a save received before the submission and
    written after it: receipt counts, not the queue.
    """
    # A retry of what already counted is told so even after the end: "too late" would frighten
    # someone whose answer is safe. Another answer under an old number is a page gone back to, not
    # a retry: it must not be reported as saved.
    if current is not None and _is_retry(current, incoming):
        return SaveVerdict.REPEATED
    if submitted_at is not None and received >= submitted_at:
        return SaveVerdict.AFTER_SUBMISSION
    if not is_in_time(received, deadline, grace):
        return SaveVerdict.LATE
    if current is None:
        return SaveVerdict.COUNTED
    if current.tab == incoming.tab:
        return SaveVerdict.COUNTED if incoming.seq > current.seq else SaveVerdict.STALE
    return SaveVerdict.COUNTED if incoming.based_on == current.n else SaveVerdict.STALE


def _is_retry(current: LastSave, incoming: IncomingSave) -> bool:
    same_save = (current.tab, current.seq) == (incoming.tab, incoming.seq)
    return same_save and incoming.same_answer
