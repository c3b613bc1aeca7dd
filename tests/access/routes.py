"""All routes of the application, with something real in the holes of their paths."""

from litestar.handlers import HTTPRouteHandler

from contest.web.guard import action_of
from tests.site import Site

# One person a role; "" is a visitor.
PEOPLE = ["", "minh", "nam", "dung", "thu", "son", "ha", "khanh", "phuc"]


def routes(site: Site) -> list[tuple[str, str, str]]:
    """Method, path and action of every route, in the order of paths and methods."""
    found = [
        (method, route.path, action_of(handler))
        for route in site.running.application.litestar.routes
        for handler in route.route_handlers  # type: ignore[union-attr]
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
    ]
    return sorted(found, key=lambda each: (each[1], each[0]))


def concrete(path: str, *, slug: str, code: str, ref: str, version: str) -> str:
    """A route's path with these values; the rest is made up."""
    values = {
        "version": version,
        "name": "css/base.css",
        "lang": "en",
        "slug": slug,
        "edition_slug": "thu-nghiem",
        "code": code,
        "seed": "abc123",
        "number": "1",
        "ref": ref,
        "token": "x" * 43,
    }
    parts = [
        values[part[1:-1].partition(":")[0]] if part.startswith("{") else part
        for part in path.split("/")
    ]
    return "/".join(parts) or "/"
