"""The organiser's desk: what goes on in the edition, and what waits for a decision."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get

from contest.bank import queries as bank
from contest.complaints.queries import WaitingView, open_complaints
from contest.editions.commands import shortages
from contest.editions.queries import EditionView, RoundView, current_edition
from contest.front import figures
from contest.front.figures import Remembered, Suspected
from contest.infra import mail
from contest.infra.database import Tx
from contest.people.consent import withdrawal_queries as withdrawals
from contest.people.consent.withdrawal_queries import WaitingWithdrawals
from contest.quiz import queries as quiz
from contest.quiz.queries import Participation
from contest.rulings import queries as rulings
from contest.standings import queries as standings
from contest.standings.queries import RoundProgress
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.templating import page, part
from contest.web.threads import in_thread


class DeskRound(msgspec.Struct, frozen=True, kw_only=True):
    """A round on the desk. `next_step`: "", "wait", "settle" or "publish"."""

    round: RoundView
    state: str
    counted: Participation
    running: int
    progress: RoundProgress
    is_adjusted: bool
    short_of: int
    next_step: str


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """
    Something that waits for the organiser. `urgency`: the lower the sooner it must be done.

    `kind` chooses the words; `count` stands in the chip before them; `facts` fill them.
    """

    kind: str
    urgency: int
    count: int
    address: str
    round: DeskRound | None = None
    facts: dict[str, Any] = {}


@get("/dieu-hanh", opt={"action": "front.desk"})
@in_thread
def desk(request: AnyRequest) -> Response[Any]:
    """Every round with its state, the figures of the running one, and what is to be done next."""
    now = context_of(request).received_at
    remembered = _remembered(request)
    with site_of(request).database.read() as tx:
        edition = current_edition(tx, now)
        rounds = [] if edition is None else _desk_rounds(tx, remembered, edition, now)
        live = figures.live_figures(tx, remembered, edition, now) if edition else None
        hours = figures.hours_of_round(tx, remembered, edition, now) if edition else None
        tasks = _tasks(tx, remembered, edition, rounds, now) if edition else []
        letters = mail.newest(tx, limit=1)
        pools = bank.pools(tx)
    return page(
        request,
        "front/desk.html",
        nav="desk",
        edition=edition,
        rounds=rounds,
        live=live,
        hours=hours,
        tasks=tasks,
        pools=pools,
        has_mail=bool(letters),
    )


@get("/dieu-hanh/so-lieu", opt={"action": "front.live_figures"})
@in_thread
def live_figures(request: AnyRequest) -> Response[Any]:
    """The figures alone, for the page that renews them by itself."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        edition = current_edition(tx, now)
        live = figures.live_figures(tx, _remembered(request), edition, now) if edition else None
    return part(request, "front/_live_figures.html", live=live)


def _remembered(request: AnyRequest) -> Remembered:
    found: Remembered = request.app.state.desk_counts
    return found


def _desk_rounds(
    tx: Tx, remembered: Remembered, edition: EditionView, now: datetime
) -> list[DeskRound]:
    short = shortages(tx, edition.document)
    official = standings.publications(tx, [each.id for each in edition.rounds])
    found = []
    for each in edition.rounds:
        state = each.state(now)
        progress = _open_to_see(standings.progress(tx, each.id))
        result = official.get(each.id)
        found.append(
            DeskRound(
                round=each,
                state="official" if result else state,
                counted=remembered.participation(tx, each.id),
                running=quiz.running_now(tx, each.id),
                progress=progress,
                is_adjusted=result is not None and result.number > 1,
                short_of=sum(line.wanted - line.had for line in short.get(each.slug, [])),
                next_step=_next_step(
                    state, progress, is_anything_open=quiz.is_anything_open(tx, each.id)
                ),
            )
        )
    return found


def _open_to_see(progress: RoundProgress) -> RoundProgress:
    """How many had all right is the truth of the prediction: sealed, here too, until published."""
    if progress.published_at is not None:
        return progress
    return msgspec.structs.replace(progress, perfect=None)


def _next_step(state: str, progress: RoundProgress, *, is_anything_open: bool) -> str:
    if state != "closed" or progress.published_at is not None:
        return ""
    if is_anything_open:
        return "wait"
    return "settle" if progress.settled_at is None else "publish"


def _tasks(
    tx: Tx,
    remembered: Remembered,
    edition: EditionView,
    rounds: Sequence[DeskRound],
    now: datetime,
) -> list[Task]:
    """All that waits, the most urgent first."""
    by_id = {each.round.id: each for each in rounds}
    ids = list(by_id)
    results = list(standings.publications(tx, ids).values())
    suspected = figures.suspected_questions(tx, remembered, results)
    found = [
        *_waiting_complaints(open_complaints(tx, ids, now=now)),
        *_waiting_withdrawals(withdrawals.waiting(tx, now=now)),
        *(_of_round(edition, each) for each in rounds if each.next_step),
        *(_shortage(each) for each in rounds if each.short_of and _may_still_draw(each)),
        *(
            Task(
                kind=f"proposal-{each.kind}",
                urgency=4,
                count=1,
                address=f"/dieu-hanh/quyet-dinh/{each.code}",
                round=by_id[each.round_id],
            )
            for each in rulings.open_proposals(tx, ids)
        ),
        *(_suspicion(edition, by_id[at], each) for at, each in suspected.items()),
    ]
    return sorted(found, key=lambda each: each.urgency)


def _waiting_complaints(waiting: WaitingView) -> list[Task]:
    in_time = waiting.count - waiting.overdue
    # The next to fall due is an overdue one where there is any, and says nothing of the others.
    next_due = None if waiting.overdue else waiting.next_due
    kinds = [
        ("complaints-overdue", 0, waiting.overdue, None),
        ("complaints", 3, in_time, next_due),
    ]
    return [
        Task(
            kind=kind,
            urgency=urgency,
            count=count,
            address="/dieu-hanh/khieu-nai",
            facts={"next_due": due},
        )
        for kind, urgency, count, due in kinds
        if count
    ]


def _waiting_withdrawals(waiting: WaitingWithdrawals) -> list[Task]:
    """The law sets these deadlines, so an overdue one stands before all else."""
    if not waiting.count:
        return []
    return [
        Task(
            kind="withdrawals-overdue" if waiting.overdue else "withdrawals",
            urgency=0 if waiting.overdue else 3,
            count=waiting.count,
            address="/dieu-hanh/rut",
            facts={"next_due": waiting.next_due, "overdue": waiting.overdue},
        )
    ]


def _of_round(edition: EditionView, this: DeskRound) -> Task:
    urgency = {"publish": 1, "settle": 2, "wait": 7}[this.next_step]
    return Task(
        kind=this.next_step,
        urgency=urgency,
        count=this.running if this.next_step == "wait" else 1,
        address=f"/dieu-hanh/vong/{edition.slug}/{this.round.slug}",
        round=this,
    )


def _shortage(this: DeskRound) -> Task:
    return Task(
        kind="short",
        urgency=0 if this.state == "open" else 6,
        count=this.short_of,
        address="/dieu-hanh/cau-hoi",
        round=this,
    )


def _may_still_draw(this: DeskRound) -> bool:
    return this.state in ("scheduled", "open")


def _suspicion(edition: EditionView, this: DeskRound, found: Suspected) -> Task:
    return Task(
        kind="suspected",
        urgency=5,
        count=found.count,
        address=f"/dieu-hanh/vong/{edition.slug}/{this.round.slug}/cau-hoi",
        round=this,
        facts={"right_percent": found.right_percent},
    )


ROUTES = [desk, live_figures]
