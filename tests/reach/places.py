"""All pages of a site, found by themselves: the table of routes says which there are, the links of
the pages lead to them, as every kind of person in turn.

A new route needs nothing here as long as a page links to it; what no link leads to is given to
`explore` as `also`.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import httpx
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from contest.access import ACTIONS, Role, Scope
from contest.web.guard import action_of
from tests.reach.markup import Markup

# Of one route, as one person: so many addresses, and so many of the same query fields.
MOST_OF_A_ROUTE, MOST_OF_A_QUERY = 12, 4
# Choosing a language changes the crawl itself; assets are no pages.
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_LEFT_OUT = ("/ngon-ngu/", "/static/")
HOME = "/"


@dataclass(frozen=True)
class Route:
    """`pattern` matches the paths; `is_public`: everybody sees it, and mostly the same."""

    path: str
    pattern: re.Pattern[str]
    action: str

    @property
    def is_public(self) -> bool:
        return ACTIONS[self.action].get(Role.VISITOR) is Scope.PUBLIC


@dataclass(frozen=True)
class Place:
    """
    One page as one person got it. `skeleton`: what it is made of.

    `posted`: the form that was sent empty, where the page is the answer to one.
    """

    route: str
    address: str
    person: str
    status: int
    html: str
    skeleton: frozenset[str]
    posted: str = ""

    @property
    def title(self) -> str:
        found = _TITLE.search(self.html)
        return " ".join(html.unescape(found[1]).split()) if found else ""

    @property
    def name(self) -> str:
        how = f" ← POST {self.posted}" if self.posted else ""
        return f"{self.address} as {self.person or 'visitor'} ({self.status}){how}"


@dataclass(frozen=True)
class Found:
    places: list[Place]
    # Route → how often it was answered, with what: ("200 html", "303", "200 file").
    answers: Mapping[str, Counter[str]]
    # Forms that ask for something and did not refuse to come without it.
    taken_empty: list[str]

    def distinct(self) -> list[Place]:
        """
        Places of each route that show together everything that any page of the route shows.

        The richest comes first; one that adds nothing to those before it is left out.
        """
        kept, shown = [], set[tuple[str, str]]()
        for place in sorted(self.places, key=lambda each: -len(each.skeleton)):
            parts = {(place.route, part) for part in place.skeleton}
            if not parts <= shown:
                shown |= parts
                kept.append(place)
        # In the order of the walk, so that one person's pages stand together.
        return [place for place in self.places if place in kept]


def routes_of(litestar: Litestar) -> list[Route]:
    """Every route that answers GET."""
    found = []
    for route in litestar.routes:
        for handler in route.route_handlers:  # type: ignore[union-attr]
            if not isinstance(handler, HTTPRouteHandler) or "GET" not in handler.http_methods:
                continue
            pattern = re.escape(route.path).replace(r"\{", "{").replace(r"\}", "}")
            pattern = re.sub(r"\{\w+:path\}", ".+", pattern)
            pattern = re.sub(r"\{\w+:\w+\}", "[^/]+", pattern)
            found.append(Route(route.path, re.compile(pattern), action_of(handler)))
    # A path without holes is found before one that has a hole in the same place.
    return sorted(found, key=lambda each: (each.path.count("{"), each.path))


class Explorer:
    """Walks the site as one person after the other."""

    def __init__(self, url: str, routes: Sequence[Route]) -> None:
        self._url, self._routes = url, routes
        self.places: list[Place] = []
        self.taken_empty: list[str] = []
        self.answers: dict[str, Counter[str]] = {each.path: Counter() for each in routes}

    @property
    def found(self) -> Found:
        return Found(self.places, self.answers, self.taken_empty)

    def route_of(self, path: str) -> Route | None:
        return next((each for each in self._routes if each.pattern.fullmatch(path)), None)

    def explore(
        self, person: str, http: httpx.Client, also: Iterable[str] = (), *, thorough: bool = True
    ) -> list[tuple[Place, Markup]]:
        """
        Everything this person can reach from the home page and `also`; gives the pages.

        Not `thorough`: pages that everybody sees are left to others, but for the home page.
        """
        waiting, seen = [HOME, *also], {HOME, *also}
        of_route: Counter[str] = Counter()
        of_query: Counter[tuple[str, ...]] = Counter()
        met = []
        while waiting:
            address = waiting.pop(0)
            parts = urlsplit(address)
            route = self.route_of(parts.path)
            if route is None or parts.path.startswith(_LEFT_OUT):
                continue
            fields = (route.path, *sorted(name for name, _ in parse_qsl(parts.query)))
            wanted = address in also or (
                of_route[route.path] < MOST_OF_A_ROUTE and of_query[fields] < MOST_OF_A_QUERY
            )
            if not wanted or (route.is_public and not thorough and address not in (HOME, *also)):
                continue
            of_route[route.path] += 1
            of_query[fields] += 1
            place, markup, onward = self._ask(person, http, route, address)
            if place is not None:
                met.append((place, markup))
            for link in onward:
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)
        return met

    def _ask(
        self, person: str, http: httpx.Client, route: Route, address: str
    ) -> tuple[Place | None, Markup, list[str]]:
        response = http.get(address)
        kind = "html" if _is_page(response) else "file"
        if response.is_redirect:
            self.answers[route.path][str(response.status_code)] += 1
            return None, Markup(""), self._inside(address, [response.headers["location"]])
        self.answers[route.path][f"{response.status_code} {kind}"] += 1
        if kind != "html":
            return None, Markup(""), []
        place, markup = self.keep(person, route.path, address, response)
        searches = [
            f"{form.action or urlsplit(address).path}?{form.searched()}"
            for form in markup.forms
            if form.method == "get"
        ]
        return place, markup, self._inside(address, [*markup.links, *searches])

    def keep(
        self, person: str, route: str, address: str, response: httpx.Response, posted: str = ""
    ) -> tuple[Place, Markup]:
        markup = Markup(response.text)
        # The shell is the same on all pages of a person: it is looked at on one of them.
        skeleton = markup.skeleton | (markup.shell if route == HOME else frozenset())
        place = Place(route, address, person, response.status_code, response.text, skeleton, posted)
        self.places.append(place)
        return place, markup

    def send_blank(self, http: httpx.Client, place: Place, markup: Markup) -> None:
        """
        Sends each form of a page that asks for something, empty; keeps the pages that refuse it.
        """
        for form in markup.forms:
            if form.method != "post" or not form.asks_for_something:
                continue
            action = urljoin(place.address, form.action or place.address)
            multipart = {"files": {"": ""}} if "multipart" in form.encoding else {}
            headers = {"origin": self._url}
            response = http.post(action, data=form.blank(), headers=headers, **multipart)
            if response.status_code in (409, 422) and _is_page(response):
                self.keep(place.person, place.route, place.address, response, action)
            else:
                self.taken_empty.append(f"{action} on {place.name}: {response.status_code}")

    def _inside(self, address: str, links: Iterable[str]) -> list[str]:
        base = self._url + address
        found = []
        for link in links:
            parts = urlsplit(urldefrag(urljoin(base, link)).url)
            if f"{parts.scheme}://{parts.netloc}" == self._url:
                found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
        return found


def _is_page(response: httpx.Response) -> bool:
    """A whole page: not a file, nor a part that a script swaps in."""
    return "html" in response.headers.get("content-type", "") and "<html" in response.text[:400]
