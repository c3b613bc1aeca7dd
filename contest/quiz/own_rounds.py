"""What a person has in the rounds of an edition: attempts, what may still be started, what runs."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from contest.editions.queries import EditionView, RoundView
from contest.infra.database import Tx
from contest.quiz import queries
from contest.quiz.outages.planning import Taken, attempts_left
from contest.quiz.outages.queries import reopened_for
from contest.quiz.queries import OwnAttempt


class OwnRound(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a person has in a round: attempts, how many they may still start, the one that runs.

    `again_until`: until when an attempt that an outage has ended may be taken again; None where
    there is none, it was taken, or that time is over.
    """

    attempts: list[OwnAttempt]
    left: int
    running: OwnAttempt | None
    again_until: datetime | None

    @property
    def done(self) -> OwnAttempt | None:
        """The newest attempt that has ended and counts; what an outage has ended does not."""
        ended = (
            each
            for each in reversed(self.attempts)
            if each is not self.running and each.annulled_at is None
        )
        return next(ended, None)


def own_rounds(
    tx: Tx,
    account_id: int | None,
    edition: EditionView,
    these: Sequence[RoundView],
    now: datetime,
) -> dict[int, OwnRound]:
    """Round → what the person has in it, for each of `these`; nothing for a visitor (None)."""
    attempts: dict[int, list[OwnAttempt]] = {each.id: [] for each in these}
    reopened: dict[int, datetime] = {}
    if account_id is not None:
        for attempt in queries.own_attempts(tx, account_id, list(attempts)):
            attempts[attempt.round_id].append(attempt)
        reopened = reopened_for(tx, account_id, list(attempts))
    allowed = edition.document.rules.attempt.attempts
    return {
        each.id: _own_round(each, attempts[each.id], allowed, reopened.get(each.id), now)
        for each in these
    }


def _own_round(
    this: RoundView,
    attempts: list[OwnAttempt],
    allowed: int,
    reopened: datetime | None,
    now: datetime,
) -> OwnRound:
    taken = [
        Taken(started_at=each.started_at, is_annulled=each.annulled_at is not None)
        for each in attempts
    ]
    left = attempts_left(allowed, taken, closes_at=this.closes_at, now=now)
    running = next(
        (each for each in attempts if each.submitted_at is None and now <= each.final_at), None
    )
    until = None if reopened is None else max(reopened, this.closes_at)
    is_again = until is not None and now < until and left > 0 and running is None
    return OwnRound(
        attempts=attempts, left=left, running=running, again_until=until if is_again else None
    )
