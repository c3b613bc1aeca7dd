"""Why a line of a board has its place, and how the ranking works."""

from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from contest.editions.queries import (
    EditionView,
    RoundView,
    current_edition,
    round_by_id,
    round_by_slugs,
)
from contest.editions.queries import edition as edition_by_slug
from contest.errors import Closed, NotFound
from contest.infra.chance import grouped
from contest.infra.database import Tx
from contest.quiz import queries as quiz
from contest.rules.document import max_score_milli
from contest.rules.predictions import teller
from contest.rulings import queries as rulings
from contest.standings import boards, explanations, queries
from contest.standings.explanations import Entry, Line
from contest.standings.queries import Published
from contest.standings.worked_example import worked_example
from contest.web.context import AnyRequest, account_id_of, context_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

# Lines above and below that are shown with one.
NEIGHBOURS = 2


@get(
    "/xep-hang/{edition_slug:str}/{slug:str}/vi-sao/{entry_code:str}",
    opt={"action": "standings.why"},
)
@in_thread
def why(
    request: AnyRequest,
    edition_slug: FromPath[str],
    slug: FromPath[str],
    entry_code: FromPath[str],
) -> Response[Any]:
    """Why a line of a published board has its place, step by step; anybody may look at any."""
    context = context_of(request)
    with site_of(request).database.read() as tx:
        edition, this = round_by_slugs(tx, edition_slug, slug)
        acts = queries.publication_history(tx, [this.id])
        if not acts:
            raise Closed("not-published")
        explanations.ask_for_ties(tx, acts[-1])
        entry = explanations.entry(tx, edition.id, entry_code)
        line = explanations.line_of(tx, acts[-1], entry.entrant_id) if entry else None
        if entry is None:
            raise NotFound("no-line")
        is_own = entry.account_id == context.actor.account_id
        if line is None:
            values = _without_place(tx, edition, this, entry, is_own=is_own)
        else:
            values = _with_place(tx, edition, this, acts, entry, line, context.received_at)
            values |= _own_facts(tx, line, entry) if is_own else {"own": None}
    template = "standings/why.html" if line else "standings/no_place.html"
    return page(
        request,
        template,
        nav="board",
        edition=edition,
        round=this,
        official=acts[-1],
        is_own=is_own,
        max_score=max_score_milli(edition.document, this.rules),
        told=teller(edition.document.rules.prediction.kind, context_of(request).lang),
        **values,
    )


def _with_place(
    tx: Tx,
    edition: EditionView,
    this: RoundView,
    acts: list[Published],
    entry: Entry,
    line: Line,
    now: datetime,
) -> dict[str, Any]:
    result, rules = acts[-1], edition.document.rules
    steps, sharing = explanations.steps_of(tx, result, line.line, rules.chain)
    near = boards.board_lines(
        tx, result, first=line.line - NEIGHBOURS, last=line.line + NEIGHBOURS, now=now
    )
    return {
        "entry": entry,
        "line": line,
        "steps": steps,
        "sharing": sharing,
        "neighbours": near,
        "name": next(row.public_name for row in near if row.line == line.line),
        "board_page": (line.line - 1) // boards.PAGE + 1,
        "prize": explanations.prize_of(line.place, sharing, rules.prizes),
        "earlier": (
            explanations.earlier_line(tx, acts[-2], entry.entrant_id) if len(acts) > 1 else None
        ),
        "ruling": rulings.ruling_by_id(tx, result.ruling_id) if result.ruling_id else None,
    }


def _own_facts(tx: Tx, line: Line, entry: Entry) -> dict[str, Any]:
    """What only the entrant sees: the receipt, and what was decided about the own questions."""
    code = explanations.attempt_code(tx, line.attempt_id)
    own = quiz.own_attempt(tx, code, entry.account_id)
    assert own is not None
    return {
        "own": own,
        "receipt": grouped(own.receipt or ""),
        "corrections": explanations.paper_corrections(tx, own.round_id, own.items),
    }


def _without_place(
    tx: Tx, edition: EditionView, this: RoundView, entry: Entry, *, is_own: bool
) -> dict[str, Any]:
    """
    What the page says of an entry that is not on the board.

    Of others it says so of a disqualified entry alone: who did not take part, or answered nothing,
    is nobody's business. Raises NotFound("no-line").
    """
    out = rulings.disqualification(tx, this.id, entry.entrant_id)
    attempts = quiz.own_attempts(tx, entry.account_id, [this.id]) if is_own else []
    if out is None and not attempts:
        raise NotFound("no-line")
    newest = attempts[-1] if attempts else None
    own = quiz.own_attempt(tx, newest.code, entry.account_id) if newest else None
    return {
        "entry_code": entry.entry_code,
        # Reason and date are for the entrant: to others they would say too much of a person.
        "out": out if is_own else None,
        "why": _why_none(tx, own.id if own else None, is_out=out is not None),
        "own": own,
    }


def _why_none(tx: Tx, attempt_id: int | None, *, is_out: bool) -> str:
    if is_out or attempt_id is None:
        return "disqualified"
    return "annulled" if explanations.is_annulled(tx, attempt_id) else "nothing-answered"


@get("/bai/{code:str}/vi-sao", opt={"action": "standings.own_why"})
@in_thread
def own_why(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Leads to one's own line of the board, whichever of one's attempts counts."""
    with site_of(request).database.read() as tx:
        attempt = quiz.own_attempt(tx, code, account_id_of(request))
        if attempt is None:
            raise NotFound("no-attempt")
        found = round_by_id(tx, attempt.round_id)
        assert found is not None
        edition, this = found
        if queries.publication(tx, this.id) is None:
            raise Closed("not-published")
    return redirect(f"/xep-hang/{edition.slug}/{this.slug}/vi-sao/{attempt.entry_code}", status=302)


@get("/cach-xep-hang", opt={"action": "standings.method"})
@in_thread
def method(request: AnyRequest, ky: FromQuery[str] = "") -> Response[Any]:
    """How entrants are ranked by the rules of the edition that is on, or of the one named `ky`."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        edition = edition_by_slug(tx, ky) if ky else current_edition(tx, now)
    if edition is None:
        raise NotFound("no-edition")
    return page(
        request,
        "standings/method.html",
        nav="board",
        edition=edition,
        rules=edition.document.rules,
        example=worked_example(edition.document),
        max_score=max_score_milli(edition.document, edition.document.rounds[0]),
        told=teller(edition.document.rules.prediction.kind, context_of(request).lang),
    )


ROUTES = [why, own_why, method]
