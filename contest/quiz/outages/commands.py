from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from contest.bank import queries as bank
from contest.editions.extensions import is_published, lock_round, words_of_reason
from contest.editions.queries import RoundView, round_by_id
from contest.errors import Conflict, Invalid, NotFound
from contest.infra.chance import Chance, code
from contest.infra.clock import to_ms
from contest.infra.database import Tx
from contest.ledger.commands import append
from contest.quiz import papers, timing
from contest.quiz.models import Attempt
from contest.quiz.outages.extending import as_ms
from contest.quiz.outages.models import ANNULLED, EXTENDED, Outage, OutageAttempt
from contest.quiz.outages.planning import GivenBack, Sat, count_short, plan
from contest.quiz.outages.queries import OutageView, outages_of_round, questions_of

CODE_LETTERS = 8
# Nobody's extra time is longer than the base time itself.
_LONGEST_SHARE = 2
_IDS_A_STATEMENT = 500


class OutagePlan(msgspec.Struct, frozen=True, kw_only=True):
    """
    What making an outage good would do. `most_lost` is the longest time that is given back;
    `short` counts those to be taken again for whom the pool has no second paper today.
    """

    given: list[GivenBack]
    extended: int
    annulled: int
    most_lost: timedelta
    short: int


def outage_faults(
    *,
    began_at: datetime,
    ended_at: datetime,
    reopen_until: datetime | None,
    reason: str,
    now: datetime,
) -> list[Invalid]:
    """What cannot stand in the form, each with its field; an empty list means that it can."""
    found = []
    if ended_at <= began_at:
        found.append(Invalid("outage-length", field="ended_at"))
    elif ended_at > now:
        # Who is hit, and how long, is known only when it is over.
        found.append(Invalid("outage-not-over", field="ended_at"))
    if reopen_until is not None and reopen_until <= now:
        found.append(Invalid("reopen-over", field="reopen_until"))
    try:
        words_of_reason(reason)
    except Invalid as fault:
        found.append(fault)
    return found


def plan_outage(
    tx: Tx, *, round_id: int, began_at: datetime, ended_at: datetime, now: datetime
) -> OutagePlan:
    """
    Who would be given what; nothing is written.

    Raises Conflict("round-published") and Conflict("outage-overlaps"): the same moments are given
    back once.
    """
    found = round_by_id(tx, round_id)
    if found is None:
        raise NotFound("no-round")
    edition, this = found
    if is_published(tx, round_id):
        raise Conflict("round-published")
    earlier = outages_of_round(tx, round_id)
    if any(each.began_at < ended_at and began_at < each.ended_at for each in earlier):
        raise Conflict("outage-overlaps")
    given = plan(
        _sat(tx, round_id, began_at, ended_at, edition.document.rules.attempt.minutes, earlier),
        began=began_at,
        ended=ended_at,
        now=now,
    )
    annulled = [each.attempt_id for each in given if each.effect == ANNULLED]
    lost = [each.lost for each in given if each.effect == EXTENDED]
    return OutagePlan(
        given=given,
        extended=len(given) - len(annulled),
        annulled=len(annulled),
        most_lost=max(lost, default=timedelta(0)),
        short=_short_of(tx, this, annulled),
    )


def make_good_outage(
    tx: Tx,
    *,
    round_id: int,
    began_at: datetime,
    ended_at: datetime,
    reopen_until: datetime | None,
    reason: str,
    by: str,
    chance: Chance,
    now: datetime,
) -> OutageView:
    """
    Gives back to everybody whom an outage of ours has hit, in one act; repeated, it does nothing.

    Attempts that run get their lost time, also past the close; those that ended by themselves in
    it are annulled, and their people may start another until `reopen_until`. Raises Invalid as in
    `outage_faults`, and Invalid("reopen-needed") when there is somebody to take an attempt again;
    Conflict as `plan_outage` does.
    """
    words = words_of_reason(reason)
    lock_round(tx, round_id)
    for each in outages_of_round(tx, round_id):
        if (each.began_at, each.ended_at, each.reason) == (began_at, ended_at, words):
            return each
    faults = outage_faults(
        began_at=began_at, ended_at=ended_at, reopen_until=reopen_until, reason=reason, now=now
    )
    if faults:
        raise faults[0]
    # By themselves, before they are read: none of them is handed in between look and change.
    tx.execute(
        sa.select(Attempt.id)
        .where(
            Attempt.round_id == round_id,
            Attempt.submitted_at.is_(None),
            Attempt.started_at < ended_at,
        )
        .order_by(Attempt.id)
        .with_for_update()
    )
    planned = plan_outage(tx, round_id=round_id, began_at=began_at, ended_at=ended_at, now=now)
    if planned.annulled and reopen_until is None:
        raise Invalid("reopen-needed", field="reopen_until")
    until = reopen_until if planned.annulled else None
    made = code(chance, CODE_LETTERS)
    height = append(
        tx,
        kind="quiz.make_good_outage",
        subject=f"round:{round_id}",
        by=by,
        now=now,
        facts={
            "outage": made,
            "began_ms": to_ms(began_at),
            "ended_ms": to_ms(ended_at),
            "reopen_until_ms": to_ms(until) if until else None,
            "extended": planned.extended,
            "annulled": planned.annulled,
        },
    )
    outage_id: int = tx.execute(
        sa.insert(Outage)
        .values(
            code=made,
            round_id=round_id,
            began_at=began_at,
            ended_at=ended_at,
            reopen_until=until,
            reason=words,
            extended=planned.extended,
            annulled=planned.annulled,
            decided_by=by,
            decided_at=now,
            height=height,
        )
        .returning(Outage.id)
    ).scalar_one()
    _give_back(tx, outage_id, planned.given, now)
    return next(each for each in outages_of_round(tx, round_id) if each.code == made)


def _sat(
    tx: Tx,
    round_id: int,
    began_at: datetime,
    ended_at: datetime,
    minutes: int,
    earlier: Sequence[OutageView],
) -> Iterator[Sat]:
    """The round's attempts that may share a moment with the outage, by their start."""
    # The longest attempt there can be bounds the part of the index that is read.
    longest = timing.allowed_time(minutes) * _LONGEST_SHARE
    longest = sum((each.ended_at - each.began_at for each in earlier), start=longest)
    rows = tx.execute(
        sa.select(
            Attempt.id.label("attempt_id"),
            Attempt.started_at,
            Attempt.deadline_at,
            Attempt.final_at,
            Attempt.submitted_at,
            Attempt.submitted_by_itself,
        )
        .where(
            Attempt.round_id == round_id,
            Attempt.started_at > began_at - longest,
            Attempt.started_at < ended_at,
            Attempt.deadline_at > began_at,
            Attempt.annulled_at.is_(None),
        )
        .order_by(Attempt.started_at, Attempt.id)
    )
    return (Sat(**row) for row in rows.mappings())


def _give_back(tx: Tx, outage_id: int, given: Sequence[GivenBack], now: datetime) -> None:
    if not given:
        return
    tx.execute(
        sa.insert(OutageAttempt),
        [
            {
                "outage_id": outage_id,
                "attempt_id": each.attempt_id,
                "effect": each.effect,
                "lost_ms": timing.to_ms(each.lost),
                "deadline_before": each.deadline_before,
            }
            for each in given
        ],
    )
    # The time allowed grows with the deadline, so that the share of it still ranks.
    extended = [
        {"attempt": each.attempt_id, "lost": timing.to_ms(each.lost)}
        for each in given
        if each.effect == EXTENDED
    ]
    lost = sa.bindparam("lost", type_=sa.BigInteger)
    if extended:
        tx.execute(
            sa.update(Attempt)
            .where(Attempt.id == sa.bindparam("attempt"))
            .values(
                deadline_at=as_ms(Attempt.deadline_at) + lost,
                final_at=as_ms(Attempt.final_at) + lost,
                allowed_ms=Attempt.allowed_ms + lost,
            ),
            extended,
        )
    for ids in _pieces([each.attempt_id for each in given if each.effect == ANNULLED]):
        tx.execute(sa.update(Attempt).where(Attempt.id.in_(ids)).values(annulled_at=now))


def _short_of(tx: Tx, this: RoundView, annulled: Sequence[int]) -> int:
    """For how many of these attempts the pool has no second paper today."""
    if not annulled:
        return 0
    revisions = []
    for ids in _pieces(annulled):
        for paper in tx.execute(sa.select(Attempt.paper).where(Attempt.id.in_(ids))).scalars():
            revisions.append([item.revision_id for item in papers.decode(paper)])
    question_of = questions_of(tx, {each for paper in revisions for each in paper})
    return count_short(
        bank.candidates(tx, this.rules.pool),
        this.rules.blueprint,
        ({question_of[each] for each in paper} for paper in revisions),
    )


def _pieces(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _IDS_A_STATEMENT):
        yield ids[start : start + _IDS_A_STATEMENT]
