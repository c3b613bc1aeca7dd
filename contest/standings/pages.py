"""The organiser's acts on a round's result: settle it now, publish it."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from contest.editions.queries import round_by_slugs
from contest.people import queries as people
from contest.standings import commands
from contest.standings.apart import settle_by_size
from contest.web.context import AnyRequest, account_id_of, context_of
from contest.web.site import site_of
from contest.web.templating import redirect
from contest.web.threads import in_thread


@post(
    "/dieu-hanh/vong/{edition_slug:str}/{slug:str}/tinh-ket-qua", opt={"action": "standings.settle"}
)
@in_thread
def settle(request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    """Settles the round now; the background job does the same at the close."""
    site = site_of(request)
    settle_by_size(site.database, _round_id(request, edition_slug, slug), site.clock)
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
        _edition, this = round_by_slugs(tx, edition_slug, slug)
        return this.id


ROUTES = [settle, publish]
