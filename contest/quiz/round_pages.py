"""The rounds as an entrant sees them, and the start of an attempt."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from contest.editions.entering import Person, person_of
from contest.editions.extra_time import extra_time
from contest.editions.queries import EditionView, RoundView, current_edition
from contest.errors import NotFound
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.people.consent.queries import takes_part
from contest.quiz import commands, queries, timing
from contest.quiz.own_rounds import own_rounds
from contest.rules.eligibility import may_enter
from contest.units.queries import is_ward_on
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread


def _edition(tx: Tx, now: datetime) -> EditionView:
    found = current_edition(tx, now)
    if found is None:
        raise NotFound("no-edition")
    return found


def _round(tx: Tx, slug: str, now: datetime) -> tuple[EditionView, RoundView]:
    edition = _edition(tx, now)
    found = edition.round(slug)
    if found is None:
        raise NotFound("no-round")
    return edition, found


def _person(tx: Tx, request: AnyRequest) -> Person | None:
    """What the rules ask of the signed-in person; None for a visitor."""
    account_id = context_of(request).actor.account_id
    return None if account_id is None else person_of(tx, account_id)


def _step_before(tx: Tx, person: Person, now: datetime) -> str:
    """
    Where somebody has to go before they can start: to the consents, or to say where they live now
    (nothing is known of it, or their ward has become another); "" where nothing is missing.
    """
    day = now.astimezone(HANOI).date()
    if not takes_part(tx, person.account_id, on=day):
        return "/dong-y"
    lives_somewhere = person.ward_other or (person.ward_id and is_ward_on(tx, person.ward_id, day))
    return "" if lives_somewhere else "/noi-o"


@get("/thi", opt={"action": "quiz.rounds"})
@in_thread
def rounds(request: AnyRequest) -> Response[Any]:
    """All rounds of the edition with their state and one's own attempts."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        edition = _edition(tx, now)
        own = own_rounds(tx, context_of(request).actor.account_id, edition, edition.rounds, now)
        counts = {each.id: queries.participation(tx, each.id) for each in edition.rounds}
    return page(request, "quiz/rounds.html", nav="quiz", edition=edition, own=own, counts=counts)


@get("/thi/{slug:str}", opt={"action": "quiz.rounds"})
@in_thread
def round_page(request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
    """The round before one starts: what awaits, how long, and whether there is time for it."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        edition, this = _round(tx, slug, now)
        person = _person(tx, request)
        account_id = person.account_id if person else None
        own = own_rounds(tx, account_id, edition, [this], now)[this.id]
        extra = extra_time(tx, edition.id, person.account_id) if person else None
        step = _step_before(tx, person, now) if person else ""
    rules = edition.document.rules
    percent = extra.percent if extra else 0
    allowed = timing.allowed_time(rules.attempt.minutes, percent)
    # As the start itself will see it: commands.start_attempt.
    is_whole = extra is not None or own.again_until is not None
    closes = own.again_until or this.closes_at
    window = timing.start_window(now, this.opens_at, closes, allowed, is_whole)
    barred = None
    if person is not None:
        barred = may_enter(
            rules.entry,
            person.birth_date,
            person.roles,
            now.astimezone(HANOI).date(),
            contact_verified=False,
        )
    return page(
        request,
        "quiz/round.html",
        nav="quiz",
        edition=edition,
        round=this,
        own=own,
        percent=percent,
        allowed_ms=timing.to_ms(allowed),
        window=type(window).__name__,
        short_ms=timing.to_ms(window.remaining) if isinstance(window, timing.Short) else 0,
        barred=barred,
        step_before=f"{step}?tiep=/thi/{this.slug}" if step else "",
        needs_consent=step == "/dong-y",
    )


@post("/thi/{slug:str}", opt={"action": "quiz.start_attempt"})
@in_thread
def start_attempt(request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
    """Starts the clock; a second tap leads to the same paper."""
    site, context = site_of(request), context_of(request)
    with site.database.read() as tx:
        _edition_now, this = _round(tx, slug, context.received_at)
        person = _person(tx, request)
        assert person is not None
        step = _step_before(tx, person, context.received_at)
    if step:
        return redirect(f"{step}?tiep=/thi/{this.slug}")
    started = site.database.write(
        commands.start_attempt,
        round_id=this.id,
        person=person,
        chance=site.chance,
        now=context.received_at,
    )
    return redirect(f"/bai/{started.code}")


ROUTES = [rounds, round_page, start_attempt]
