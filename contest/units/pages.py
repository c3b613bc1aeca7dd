from datetime import date
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from contest.infra.clock import HANOI
from contest.units import queries
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.templating import part
from contest.web.threads import in_thread

# Nobody types more of a name; a longer text only costs the search.
_LONGEST = 80


@get("/don-vi/tim", opt={"action": "units.search"})
@in_thread
def search(
    request: AnyRequest, q: FromQuery[str] = "", loai: FromQuery[str] = "phuong-xa"
) -> Response[Any]:
    """Suggestions as <option> elements; `loai`: truong (schools), phuong-xa (wards of today)."""
    text = q[:_LONGEST]
    with site_of(request).database.read() as tx:
        if loai == "truong":
            labels = [school.label for school in queries.schools_like(tx, text)]
        else:
            labels = [unit.name for unit in queries.search_units(tx, text, today(request))]
    return part(request, "units/_options.html", labels=labels)


def today(request: AnyRequest) -> date:
    """The day in Hà Nội on which the request came."""
    return context_of(request).received_at.astimezone(HANOI).date()


ROUTES = [search]
