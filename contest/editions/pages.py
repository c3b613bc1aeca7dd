"""The page "Thể lệ": the rule document of an edition in words, as the code executes it."""

from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from contest.editions import queries
from contest.errors import NotFound
from contest.rules.document import max_score_milli, questions_in
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.templating import page
from contest.web.threads import in_thread


@get("/the-le", opt={"action": "editions.rules"})
@in_thread
def rules(request: AnyRequest, ky: FromQuery[str] = "") -> Response[Any]:
    """The rules of the edition that is on, or of the one named by `ky`."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        edition = queries.edition(tx, ky) if ky else queries.current_edition(tx, now)
    if edition is None:
        raise NotFound("no-edition")
    first = edition.rounds[0].rules
    return page(
        request,
        "editions/rules.html",
        nav="rules",
        edition=edition,
        rules=edition.document.rules,
        questions=questions_in(first),
        max_score=max_score_milli(edition.document, first),
        states={each.id: each.state(now) for each in edition.rounds},
    )


ROUTES = [rules]
