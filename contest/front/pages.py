"""Home, the organiser's desk, the outbox of the demo, and how data is handled."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get

from contest.bank import queries as bank
from contest.editions.commands import shortages
from contest.editions.queries import EditionView, RoundView, current_edition
from contest.infra import mail
from contest.infra.database import Tx
from contest.quiz import queries as quiz
from contest.quiz.queries import Participation
from contest.standings import queries as standings
from contest.standings.queries import RoundProgress
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.templating import page
from contest.web.threads import in_thread

LEADERS = 5


class DeskRound(msgspec.Struct, frozen=True, kw_only=True):
    """A round on the desk. `next_step`: "", "wait", "settle" or "publish"."""

    round: RoundView
    state: str
    counted: Participation
    progress: RoundProgress
    short_of: int
    next_step: str


@get("/", opt={"action": "front.home"})
@in_thread
def home(request: AnyRequest) -> Response[Any]:
    """What one can do now with the time left, three steps, the last official top."""
    context = context_of(request)
    now = context.received_at
    with site_of(request).database.read() as tx:
        edition = current_edition(tx, now)
        if edition is None:
            practice = bank.pools(tx).get(bank.PRACTICE, 0)
            return page(request, "front/home_empty.html", nav="home", practice=practice)
        open_round = next((each for each in edition.rounds if each.state(now) == "open"), None)
        to_come = next((each for each in edition.rounds if each.state(now) == "scheduled"), None)
        running, done = _own(tx, request, open_round)
        official = standings.publications(tx, [each.id for each in edition.rounds])
        last = next((each for each in reversed(edition.rounds) if each.id in official), None)
        leaders = (
            standings.board_lines(tx, official[last.id], first=1, last=LEADERS, now=now)
            if last
            else []
        )
    left = (open_round.closes_at - now) if open_round else None
    return page(
        request,
        "front/home.html",
        nav="home",
        edition=edition,
        round=open_round,
        to_come=to_come,
        running=running,
        done=done,
        days=left.days if left else 0,
        hours=left.seconds // 3600 if left else 0,
        minutes=left.seconds // 60 % 60 if left else 0,
        last=last,
        result=official[last.id] if last else None,
        leaders=leaders,
        first_round=edition.rounds[0],
    )


def _own(tx: Tx, request: AnyRequest, this: RoundView | None) -> tuple[str, str]:
    """Codes of one's open and of one's last submitted attempt in the round, "" for none."""
    context = context_of(request)
    if this is None or context.actor.account_id is None:
        return "", ""
    own = quiz.own_attempts(tx, context.actor.account_id, [this.id])
    running = [
        each.code
        for each in own
        if each.submitted_at is None and context.received_at <= each.final_at
    ]
    done = [each.code for each in own if each.code not in running]
    return (running or [""])[-1], (done or [""])[-1]


@get("/dieu-hanh", opt={"action": "front.desk"})
@in_thread
def desk(request: AnyRequest) -> Response[Any]:
    """The organiser's desk: every round with its state and the one thing to do next."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        edition = current_edition(tx, now)
        rounds = [] if edition is None else _desk_rounds(tx, edition, now)
        letters = mail.newest(tx, limit=1)
        pools = bank.pools(tx)
    return page(
        request,
        "front/desk.html",
        nav="desk",
        edition=edition,
        rounds=rounds,
        pools=pools,
        has_mail=bool(letters),
    )


def _desk_rounds(tx: Tx, edition: EditionView, now: datetime) -> list[DeskRound]:
    short = shortages(tx, edition.document)
    found = []
    for each in edition.rounds:
        state = each.state(now)
        progress = _open_to_see(standings.progress(tx, each.id))
        found.append(
            DeskRound(
                round=each,
                state="official" if progress.published_at else state,
                counted=quiz.participation(tx, each.id),
                progress=progress,
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


@get("/dieu-hanh/thu", opt={"action": "front.outbox"})
@in_thread
def outbox(request: AnyRequest) -> Response[Any]:
    """Letters on their way out; without SMTP (the demo) this is where one reads them."""
    site = site_of(request)
    with site.database.read() as tx:
        letters = mail.newest(tx, limit=100)
    return page(
        request,
        "front/outbox.html",
        nav="desk",
        letters=letters,
        is_sent=site.settings.smtp_url is not None,
        # A letter may hold a link that opens somebody's account; only the demo shows it.
        shows_bodies=site.settings.demo,
    )


@get("/du-lieu-ca-nhan", opt={"action": "front.privacy"})
@in_thread
def privacy(request: AnyRequest) -> Response[Any]:
    """Which data is kept, what for, and what one can ask."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        edition = current_edition(tx, now)
    return page(request, "front/privacy.html", edition=edition)


ROUTES = [home, desk, outbox, privacy]
