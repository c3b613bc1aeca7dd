"""The board of a round: its states, its filters and search, one's own line on top."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from contest.editions.queries import EditionView, RoundView, current_edition, entrant
from contest.editions.queries import edition as edition_by_slug
from contest.errors import NotFound
from contest.infra.database import Tx
from contest.rules.ages import AGE_GROUPS, FEWEST_MINORS
from contest.rules.document import max_score_milli
from contest.rules.predictions import teller
from contest.standings import boards as board_lines
from contest.standings import queries
from contest.standings.boards import PAGE, BoardRow, Groups, Part, Ward
from contest.standings.finding import Found, find_lines
from contest.standings.queries import Published
from contest.web import i18n
from contest.web.context import AnyRequest, context_of
from contest.web.forms import clean
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

# More people than this on the first three places are no podium.
PODIUM = 5
_LONGEST_SEARCH = 100
_AGES = {number: (youngest, oldest) for number, youngest, oldest in AGE_GROUPS}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """
    What the address asks of a board, each as it was typed; "" where nothing was.

    `page` counts from 1; `after` is the line after which a search goes on.
    """

    ward: str
    age: str
    text: str
    page: int
    after: int

    def address(self, **changes: object) -> str:
        """The query of this board with some of it changed; a changed filter starts at page 1."""
        typed = {"don-vi": self.ward, "tuoi": self.age, "tim": self.text}
        typed |= {name.replace("_", "-"): str(value) for name, value in changes.items()}
        return "?" + urlencode({name: value for name, value in typed.items() if value})


class Shown(msgspec.Struct, kw_only=True):
    """What a page of an official board shows besides its rows."""

    groups: Groups
    part: Part
    ward: Ward | None
    ages: tuple[int, int | None] | None
    # Names of filters in the address that this board does not have.
    unknown: list[str]
    lines: int
    # Too few minors of one ward: neither they nor their number are told.
    is_withheld: bool = False
    pages: int = 1
    found: Found | None = None
    rows: list[BoardRow] = []
    podium: list[BoardRow] = []
    own: BoardRow | None = None


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
def board(request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    """A page of a round's board, one's own line on top; before publishing, participation only."""
    context = context_of(request)
    now = context.received_at
    asked = _asked(request)
    with site_of(request).database.read() as tx:
        edition = _edition(tx, edition_slug, now)
        this = edition.round(slug)
        if this is None:
            raise NotFound("no-round")
        result = queries.publication(tx, this.id)
        state = _state(this, result, now)
        shown = None
        if result is not None:
            shown = _official(tx, asked, result, edition, now)
            if shown.found is None:
                shown.own = _own_line(tx, request, edition, result, now)
        counted = None
        if state in ("live", "provisional"):
            counted = request.app.state.counted.of(tx, this.id)
    kind = edition.document.rules.prediction.kind

    return page(
        request,
        "standings/board.html",
        nav="board",
        edition=edition,
        round=this,
        here=f"/xep-hang/{edition.slug}/{this.slug}",
        state=state,
        result=result,
        adjusted=_short_moment(result.adjusted_at, context.lang) if result else "",
        asked=asked,
        shown=shown,
        age_groups=_AGES,
        fewest=FEWEST_MINORS,
        told=teller(kind, context.lang),
        counted=counted,
        max_score=max_score_milli(edition.document, this.rules),
        has_distance="distance" in edition.document.rules.chain,
    )


def _asked(request: AnyRequest) -> Asked:
    typed = request.query_params

    def text(name: str) -> str:
        # A lone surrogate comes of broken percent signs, and no database takes it.
        kept = typed.get(name, "").encode("utf-8", "ignore").decode()
        return " ".join(clean(kept).split())[:_LONGEST_SEARCH]

    return Asked(
        ward=text("don-vi"),
        age=text("tuoi"),
        text=text("tim"),
        page=_counted_from_1(text("trang"), 1),
        after=_counted_from_1(text("sau"), 0),
    )


def _counted_from_1(text: str, default: int) -> int:
    """Raises NotFound("no-page") for anything but a number from 1 to 9,999,999."""
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and int(text)):
        raise NotFound("no-page")
    return int(text)


def _official(
    tx: Tx, asked: Asked, result: Published, edition: EditionView, now: datetime
) -> Shown:
    """The rows of an official board that were asked for. Raises NotFound("no-page")."""
    groups = board_lines.groups(tx, result)
    ward = next((each for each in groups.wards if each.id == asked.ward), None)
    age = next((number for number in _AGES if str(number) == asked.age), None)
    unknown = ["ward"] if asked.ward and ward is None else []
    if asked.age and age is None:
        unknown.append("age")
    part = Part(ward_id=ward.id if ward else None, age_group=age)
    lines = groups.lines(part) if part else result.valid
    shown = Shown(
        groups=groups,
        part=part,
        ward=ward,
        ages=_AGES[age] if age is not None else None,
        unknown=unknown,
        lines=lines,
    )
    if groups.is_withheld(part):
        shown.is_withheld, shown.lines = True, 0
        return shown
    if asked.text:
        shown.found = find_lines(
            tx, result, asked.text, part, edition_id=edition.id, after=asked.after, now=now
        )
        shown.rows = shown.found.rows
        return shown
    shown.pages = max(1, -(-lines // PAGE))
    if asked.page > shown.pages:
        raise NotFound("no-page")
    skip = (asked.page - 1) * PAGE
    if part:
        shown.rows = board_lines.part_lines(tx, result, part, skip=skip, now=now)
    else:
        shown.rows = board_lines.board_lines(tx, result, first=skip + 1, last=skip + PAGE, now=now)
        shown.podium = _podium(shown.rows) if asked.page == 1 else []
    return shown


def _podium(rows: list[BoardRow]) -> list[BoardRow]:
    """Everybody on the first three places; nobody where so many share them that it is a list."""
    first = [row for row in rows if row.place <= 3]
    return first if len(first) <= PODIUM else []


def _own_line(
    tx: Tx, request: AnyRequest, edition: EditionView, result: Published, now: datetime
) -> BoardRow | None:
    account_id = context_of(request).actor.account_id
    if account_id is None:
        return None
    me = entrant(tx, edition.id, account_id)
    return board_lines.own_line(tx, result, me.id, now) if me else None


def _state(this: RoundView, result: Published | None, now: datetime) -> str:
    if result is not None:
        return "official"
    return {"scheduled": "scheduled", "open": "live", "closed": "provisional"}[this.state(now)]


def _short_moment(when: datetime | None, lang: str) -> str:
    """10:42 25/11 or 10:42 25 Nov: without the name of the day."""
    if when is None:
        return ""
    words = i18n.day(when, lang).split(" ")
    return " ".join([i18n.clock_time(when, lang), *words[-1 if lang == "vi" else -2 :]])


ROUTES = [boards, board]
