"""The board of a round, one's own result, and the organiser's act of publishing."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, QueryParameter

from contest.bank import queries as bank
from contest.editions.queries import EditionView, RoundView, current_edition, entrant, round_by_id
from contest.editions.queries import edition as edition_by_slug
from contest.errors import Closed, NotFound
from contest.infra.chance import grouped
from contest.infra.database import Tx
from contest.people import queries as people
from contest.quiz import queries as quiz
from contest.quiz.views import LETTERS, shown_choices
from contest.rules.document import max_score_milli, questions_in
from contest.rules.predictions import format_prediction
from contest.standings import commands, queries
from contest.standings.queries import PAGE, BoardRow, Published
from contest.standings.settle import score_attempt, settle_round
from contest.web.context import AnyRequest, account_id_of, context_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

# More people than this on the first three places are no podium.
PODIUM = 5


class ReviewedChoice(msgspec.Struct, frozen=True, kw_only=True):
    letter: str
    text: str
    key: bool
    chosen: bool


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """A question of one's paper with its key. `verdict`: right, partly, wrong or none."""

    number: int
    domain: str
    text: str
    verdict: str
    got_milli: int
    choices: list[ReviewedChoice]
    explanation: str
    cite: str


def _edition(tx: Tx, slug: str | None, now: datetime) -> EditionView:
    found = edition_by_slug(tx, slug) if slug else current_edition(tx, now)
    if found is None:
        raise NotFound("no-edition" if slug is None else "no-page")
    return found


@get("/xep-hang", opt={"action": "standings.board"})
@in_thread
def boards(request: AnyRequest) -> Response[Any]:
    """The newest official board of the edition that is on, else its newest round."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        edition = _edition(tx, None, now)
        official = queries.publications(tx, [each.id for each in edition.rounds])
    begun = [each for each in edition.rounds if each.state(now) != "scheduled"]
    this = next((each for each in reversed(begun) if each.id in official), None)
    this = this or (begun[-1] if begun else edition.rounds[0])
    return redirect(f"/xep-hang/{edition.slug}/{this.slug}", status=302)


@get("/xep-hang/{edition_slug:str}/{slug:str}", opt={"action": "standings.board"})
@in_thread
def board(
    request: AnyRequest,
    edition_slug: FromPath[str],
    slug: FromPath[str],
    trang: Annotated[int, QueryParameter(ge=1, le=1_000_000)] = 1,
) -> Response[Any]:
    """A page of a round's board, one's own line on top; before publishing, participation only."""
    context = context_of(request)
    now = context.received_at
    with site_of(request).database.read() as tx:
        edition = _edition(tx, edition_slug, now)
        this = edition.round(slug)
        if this is None:
            raise NotFound("no-round")
        official = queries.publications(tx, [each.id for each in edition.rounds])
        result = official.get(this.id)
        rows: list[BoardRow] = []
        podium: list[BoardRow] = []
        own: BoardRow | None = None
        own_code = ""
        pages = 1
        if result is not None:
            pages = max(1, -(-result.valid // PAGE))
            if trang > pages:
                raise NotFound("no-page")
            first = (trang - 1) * PAGE + 1
            rows = queries.board_lines(tx, result, first=first, last=first + PAGE - 1, now=now)
            own = _own_line(tx, request, edition, result, now)
            own_code = _own_code(tx, request, this) if own else ""
            podium = _podium(rows) if trang == 1 else []
        counted = quiz.participation(tx, this.id)
    kind = edition.document.rules.prediction.kind

    def told(value: int | None) -> str:
        return "" if value is None else format_prediction(value, kind, context.lang)  # type: ignore[arg-type]

    return page(
        request,
        "standings/board.html",
        nav="board",
        edition=edition,
        round=this,
        state=_state(this, result, now),
        result=result,
        official=official,
        rows=rows,
        podium=podium,
        own=own,
        own_code=own_code,
        told=told,
        page=trang,
        pages=pages,
        counted=counted,
        max_score=max_score_milli(edition.document, this.rules),
        has_distance="distance" in edition.document.rules.chain,
    )


def _podium(rows: list[BoardRow]) -> list[BoardRow]:
    """Everybody on the first three places; nobody where so many share them that it is a list."""
    first = [row for row in rows if row.place <= 3]
    return first if len(first) <= PODIUM else []


def _own_code(tx: Tx, request: AnyRequest, this: RoundView) -> str:
    """Where one's own result stands; "" with several attempts, whose list says which counted."""
    own = quiz.own_attempts(tx, account_id_of(request), [this.id])
    return own[0].code if len(own) == 1 else ""


def _own_line(
    tx: Tx, request: AnyRequest, edition: EditionView, result: Published, now: datetime
) -> BoardRow | None:
    account_id = context_of(request).actor.account_id
    if account_id is None:
        return None
    me = entrant(tx, edition.id, account_id)
    return queries.own_line(tx, result, me.id, now) if me else None


def _state(this: RoundView, result: Published | None, now: datetime) -> str:
    if result is not None:
        return "official"
    return {"scheduled": "scheduled", "open": "live", "closed": "provisional"}[this.state(now)]


@get("/bai/{code:str}/ket-qua", opt={"action": "standings.result"})
@in_thread
def result(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Score, place and every question with its key, once published.

    Where the rules show one's own score at submission, the score alone is shown before.
    """
    context = context_of(request)
    with site_of(request).database.read() as tx:
        attempt = quiz.own_attempt(tx, code, account_id_of(request))
        if attempt is None:
            raise NotFound("no-attempt")
        found = round_by_id(tx, attempt.round_id)
        assert found is not None
        edition, this = found
        official = queries.publication(tx, attempt.round_id)
        rules = edition.document.rules
        if attempt.submitted_at is None:
            raise Closed("not-submitted")
        if official is None and rules.own_score != "at-submission":
            raise Closed("not-published")
        revision_ids = [item.revision_id for item in attempt.items]
        keys = bank.keys(tx, revision_ids)
        answers = quiz.current_answers(tx, attempt.id)
        values = {place: answer.value for place, answer in answers.items()}
        marks, scored = score_attempt(attempt.items, values, keys, edition)
        standing = None
        reviewed: list[Reviewed] = []
        if official is not None:
            standing = queries.own_standing(tx, official, attempt.entrant_id)
            bodies = bank.bodies(tx, revision_ids)
            for place, (item, mark) in enumerate(zip(attempt.items, marks, strict=True), start=1):
                body, key = bodies[item.revision_id], keys[item.revision_id]
                chosen = item.to_shown(values.get(place))
                right = item.to_shown(key.key_mask)
                reviewed.append(
                    Reviewed(
                        number=place,
                        domain=body.domain,
                        text=body.body.text[context.lang],
                        verdict=_verdict(bool(chosen), mark.is_right, mark.got_milli),
                        got_milli=mark.got_milli,
                        choices=[
                            ReviewedChoice(
                                letter=LETTERS[at], text=text, key=at in right, chosen=at in chosen
                            )
                            for at, text in enumerate(shown_choices(item, body, context.lang))
                        ],
                        explanation=key.explanation[context.lang],
                        cite=key.cite[context.lang],
                    )
                )
    kind = rules.prediction.kind

    def told(value: int | None) -> str:
        return "" if value is None else format_prediction(value, kind, context.lang)  # type: ignore[arg-type]

    return page(
        request,
        "standings/result.html",
        nav="account",
        attempt=attempt,
        edition=edition,
        round=this,
        official=official,
        standing=standing,
        is_counted=standing is not None and standing.attempt_id == attempt.id,
        receipt=grouped(attempt.receipt or ""),
        scored=scored,
        max_score=max_score_milli(edition.document, this.rules),
        questions=questions_in(this.rules),
        reviewed=reviewed,
        predicted=told(standing.prediction if standing else None),
        truth=told(official.truth if official else None),
        distance=told(standing.distance if standing else None),
    )


def _verdict(answered: bool, is_right: bool, got_milli: int) -> str:
    if not answered:
        return "none"
    if is_right:
        return "right"
    return "partly" if got_milli else "wrong"


@post(
    "/dieu-hanh/vong/{edition_slug:str}/{slug:str}/tinh-ket-qua", opt={"action": "standings.settle"}
)
@in_thread
def settle(request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    """Settles the round now; the background job does the same at the close."""
    site = site_of(request)
    settle_round(site.database, _round_id(request, edition_slug, slug), site.clock)
    return redirect("/dieu-hanh")


@post("/dieu-hanh/vong/{edition_slug:str}/{slug:str}/cong-bo", opt={"action": "standings.publish"})
@in_thread
def publish(request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    """Makes the round official: score, place, keys and board appear with this act."""
    site = site_of(request)
    with site.database.read() as tx:
        by = people.ref_of(tx, account_id_of(request))
    site.database.write(
        commands.publish_round,
        round_id=_round_id(request, edition_slug, slug),
        by=by,
        now=context_of(request).received_at,
    )
    return redirect(f"/xep-hang/{edition_slug}/{slug}")


def _round_id(request: AnyRequest, edition_slug: str, slug: str) -> int:
    with site_of(request).database.read() as tx:
        edition = edition_by_slug(tx, edition_slug)
        found = edition.round(slug) if edition else None
        if found is None:
            raise NotFound("no-round")
        return found.id


ROUTES = [boards, board, result, settle, publish]
