"""Home, the outbox of the demo, and how data is handled; with all pages of this room."""

from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Response, get
from litestar.params import FromQuery

from contest.bank import queries as bank
from contest.editions.queries import EditionView, RoundView, current_edition
from contest.front import (
    accessibility_pages,
    account_pages,
    class_pages,
    desk_pages,
    erase_pages,
    own_data_pages,
    person_pages,
    unit_pages,
)
from contest.infra import mail
from contest.quiz.own_rounds import own_rounds
from contest.standings import boards
from contest.standings import queries as standings
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.templating import page
from contest.web.threads import in_thread

LEADERS = 5
_T = TypeVar("_T")


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
        own = own_rounds(tx, context.actor.account_id, edition, edition.rounds, now)
        official = standings.publications(tx, [each.id for each in edition.rounds])
        last = next((each for each in reversed(edition.rounds) if each.id in official), None)
        leaders = (
            boards.board_lines(tx, official[last.id], first=1, last=LEADERS, now=now)
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
        running=_first(edition, open_round, lambda this: own[this.id].running),
        again=_first(edition, open_round, lambda this: own[this.id].again_until),
        done=own[open_round.id].done if open_round else None,
        days=left.days if left else 0,
        hours=left.seconds // 3600 if left else 0,
        minutes=left.seconds // 60 % 60 if left else 0,
        last=last,
        result=official[last.id] if last else None,
        leaders=leaders,
        first_round=edition.rounds[0],
    )


def _first(
    edition: EditionView, open_round: RoundView | None, of: Callable[[RoundView], _T | None]
) -> tuple[RoundView, _T] | None:
    """The first round of which there is something, the open one before the others."""
    rounds = [*([open_round] if open_round else []), *edition.rounds]
    return next(((each, found) for each in rounds if (found := of(each)) is not None), None)


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
def privacy(request: AnyRequest, xong: FromQuery[str] = "") -> Response[Any]:
    """Which data is kept, what for, and what one can ask. `xong`: an account was just erased."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        edition = current_edition(tx, now)
    return page(request, "front/privacy.html", edition=edition, is_erased=xong == "xoa")


ROUTES = [
    home,
    outbox,
    privacy,
    *accessibility_pages.ROUTES,
    *account_pages.ROUTES,
    *class_pages.ROUTES,
    *desk_pages.ROUTES,
    *erase_pages.ROUTES,
    *own_data_pages.ROUTES,
    *person_pages.ROUTES,
    *unit_pages.ROUTES,
]
