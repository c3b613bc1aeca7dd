"""The organiser's desk: find a person. The person's own page is front/person_pages.py."""

from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from contest.people import queries
from contest.web.context import AnyRequest
from contest.web.site import site_of
from contest.web.templating import page
from contest.web.threads import in_thread


@get("/dieu-hanh/nguoi", opt={"action": "people.find_person"})
@in_thread
def find_person_page(request: AnyRequest, q: FromQuery[str] = "") -> Response[Any]:
    text = " ".join(q[:120].split())
    with site_of(request).database.read() as tx:
        found = queries.find_people(tx, text) if text else []
    return page(
        request,
        "people/find_person.html",
        nav="desk",
        q=text,
        people=found,
        is_full=len(found) == queries.FOUND_AT_MOST,
    )


ROUTES = [find_person_page]
