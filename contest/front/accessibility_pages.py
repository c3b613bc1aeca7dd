"""What is done so that everybody can take part, what is not yet, and whom to tell."""

from typing import Any

from litestar import Response, get

from contest.editions.queries import current_edition
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.templating import page
from contest.web.threads import in_thread


@get("/tro-nang", opt={"action": "front.accessibility"})
@in_thread
def accessibility(request: AnyRequest) -> Response[Any]:
    with site_of(request).database.read() as tx:
        edition = current_edition(tx, context_of(request).received_at)
    return page(request, "front/accessibility.html", edition=edition)


ROUTES = [accessibility]
