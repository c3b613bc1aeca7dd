"""One's own data: what the file holds, in words, and the file."""

from typing import Any

import msgspec
from litestar import Response, get

from contest.front.own_data import own_data
from contest.infra.clock import HANOI
from contest.people import queries
from contest.web.context import AnyRequest, account_id_of, context_of
from contest.web.site import site_of
from contest.web.templating import page
from contest.web.threads import in_thread

_INDENT = 2


@get("/tai-khoan/du-lieu", opt={"action": "people.own_data"})
@in_thread
def own_data_page(request: AnyRequest) -> Response[Any]:
    """What is in the file, before one takes it."""
    with site_of(request).database.read() as tx:
        account = queries.account(tx, account_id_of(request))
    return page(request, "front/own_data.html", nav="account", account=account)


@get("/tai-khoan/du-lieu.json", opt={"action": "people.own_data"})
@in_thread
def own_data_file(request: AnyRequest) -> Response[bytes]:
    """The file itself: for oneself, so no cache on the way may keep it."""
    context = context_of(request)
    with site_of(request).database.read() as tx:
        found = own_data(tx, account_id_of(request), lang=context.lang, now=context.received_at)
    name = f"san-choi-du-lieu-{context.received_at.astimezone(HANOI):%Y-%m-%d}.json"
    return Response(
        # In lines: somebody opens it with whatever shows text.
        msgspec.json.format(msgspec.json.encode(found), indent=_INDENT) + b"\n",
        media_type="application/json",
        headers={
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "private, no-store",
            "vary": "Cookie",
        },
    )


ROUTES = [own_data_page, own_data_file]
