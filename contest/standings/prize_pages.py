"""The prizes of a published round: for everybody, and the organiser's list to sign."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from contest.editions.queries import EditionView
from contest.infra.clock import HANOI
from contest.people import queries as people
from contest.standings import prizes, queries
from contest.standings.prizes import PrizeGroup, PrizeResult
from contest.standings.queries import Published
from contest.units import queries as units
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.templating import page
from contest.web.threads import in_thread


class PrizeSection(msgspec.Struct, frozen=True, kw_only=True):
    """
    A prize of the rules with those who get it.

    `empty`: "" while somebody does, "used" when a shared place above took its positions, "few"
    when there are not so many entrants.
    """

    title: dict[str, str]
    places: int
    value_vnd: int
    groups: list[PrizeGroup]
    empty: str


@get("/xep-hang/{edition_slug:str}/{slug:str}/giai-thuong", opt={"action": "standings.prizes"})
@in_thread
def prizes_page(
    request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str]
) -> Response[Any]:
    """By prize: who gets it, by the name that may be shown or by the entry's code."""
    context = context_of(request)
    with site_of(request).database.read() as tx:
        edition, this, result = queries.official_round(tx, edition_slug, slug)
        found = prizes.prize_result(tx, result, edition)
        lines = [line for group in found.groups for line in group.lines]
        today = context.received_at.astimezone(HANOI).date()
        names = people.shown_names(tx, [line.account_id for line in lines], on=today)
        wards = units.unit_names(tx, {line.ward_id for line in lines if line.ward_id})
    return page(
        request,
        "standings/prizes.html",
        nav="board",
        edition=edition,
        round=this,
        result=result,
        found=found,
        sections=_sections(edition, result, found),
        names=names,
        wards=wards,
        own_account=context.actor.account_id,
    )


@get(
    "/dieu-hanh/vong/{edition_slug:str}/{slug:str}/giai-thuong",
    opt={"action": "standings.prize_list"},
)
@in_thread
def prize_list(
    request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str]
) -> Response[Any]:
    """The list to print, with full names: for handing the prizes over, not for the public."""
    with site_of(request).database.read() as tx:
        edition, this, result = queries.official_round(tx, edition_slug, slug)
        found = prizes.prize_result(tx, result, edition)
        lines = [line for group in found.groups for line in group.lines]
        winners = prizes.winners(tx, lines)
    return page(
        request,
        "standings/prize_list.html",
        nav="desk",
        edition=edition,
        round=this,
        result=result,
        found=found,
        lines=lines,
        winners=winners,
        titles=[section.title for section in _sections(edition, result, found)],
    )


def _sections(edition: EditionView, result: Published, found: PrizeResult) -> list[PrizeSection]:
    sections = []
    first = 1
    for index, prize in enumerate(edition.document.rules.prizes.individual):
        groups = found.of_prize(index)
        sections.append(
            PrizeSection(
                title={"vi": prize.title.vi, "en": prize.title.en},
                places=prize.places,
                value_vnd=prize.value_vnd,
                groups=groups,
                empty="" if groups else ("used" if result.valid >= first else "few"),
            )
        )
        first += prize.places
    return sections


ROUTES = [prizes_page, prize_list]
