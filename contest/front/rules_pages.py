"""The page "Thể lệ": the rule document of an edition in words, as the code executes it."""

from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from contest.editions import queries
from contest.editions.extensions import extensions_of_edition
from contest.errors import NotFound
from contest.quiz.outages.planning import AFTERMATH
from contest.quiz.outages.queries import outages_of_rounds
from contest.rules.document import max_score_milli, questions_in
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.templating import page
from contest.web.threads import in_thread


@get("/the-le", opt={"action": "editions.rules"})
@in_thread
def rules(request: AnyRequest, ky: FromQuery[str] = "") -> Response[Any]:
    """The rules of the edition that is on, or of the one named by `ky`; what was given back."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        edition = queries.edition(tx, ky) if ky else queries.current_edition(tx, now)
        if edition is None:
            raise NotFound("no-edition")
        extensions = extensions_of_edition(tx, edition.id)
        outages = outages_of_rounds(tx, [each.id for each in edition.rounds])
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
        titles={each.id: each.title for each in edition.rounds},
        extensions=extensions,
        outages=outages,
        aftermath_minutes=int(AFTERMATH.total_seconds() // 60),
    )


ROUTES = [rules]
