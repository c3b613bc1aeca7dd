"""One page in a browser: axe in two widths and two schemes, zoom, spacing, motion, print."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser import open_browser
from tests.reach.places import HOME, Place

AXE = (Path(__file__).resolve().parent.parent / "vendor" / "axe-core" / "axe.min.js").read_text(
    encoding="utf-8"
)
PROBES = Path(__file__).with_name("probes.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW, WIDE, HEIGHT = 390, 1280, 844
BROWSERS = 2
# 1280 px at 200 % and at 400 %.
ZOOMS = {"200 %": 640, "400 %": 320}
# The width between the margins of an A4 sheet, in CSS pixels.
PAPER = 687


@dataclass
class Look:
    """What was found on one page. `axe`: state ("390 light") → violations as axe tells them."""

    place: Place
    axe: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    zoom: dict[str, list[str]] = field(default_factory=dict)
    spacing: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    motion: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)


def run_axe(page: Page, rules: list[str] | None = None) -> list[dict[str, Any]]:
    """Violations on the page as it stands; all rules of TAGS, or only these."""
    found: list[dict[str, Any]] = page.evaluate("which => reach.runAxe(which)", [TAGS, rules])
    return found


def inject(page: Page) -> None:
    page.evaluate(AXE)
    page.evaluate(PROBES)


def look_at(page: Page, place: Place) -> Look:
    """`page` stands on the place already, for somebody who asked for no motion."""
    look = Look(place)
    title = " ".join(page.title().split())
    assert title == place.title, f"{place.name}: the browser met “{title}”"
    inject(page)
    if not place.posted:
        page.evaluate("reach.unfold()")
    if place.route == HOME and page.locator(".menu > summary").count():
        page.evaluate("document.querySelector('.menu').open = true")
    look.targets = page.evaluate("reach.smallTargets()")
    look.axe[f"{NARROW} light"] = run_axe(page)
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    look.axe[f"{WIDE} light"] = run_axe(page)
    page.emulate_media(color_scheme="dark")
    look.axe[f"{WIDE} dark"] = run_axe(page, ["color-contrast"])
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    look.axe[f"{NARROW} dark"] = run_axe(page, ["color-contrast"])
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": HEIGHT})
    look.printed = page.evaluate("reach.printed()")
    page.emulate_media(color_scheme="light", media="screen")
    look.motion = page.evaluate("reach.moving()")
    for name, width in ZOOMS.items():
        page.set_viewport_size({"width": width, "height": HEIGHT})
        look.zoom[name] = page.evaluate("reach.sideways()")
    page.evaluate("reach.setSpacing(true)")
    look.spacing = page.evaluate("[...reach.sideways(), ...reach.clipped()]")
    return look


def look_at_all(url: str, cookies: Mapping[str, str], places: Sequence[Place]) -> list[Look]:
    """
    Opens each place in a browser; `cookies`: person → session.

    In BROWSERS at once: while one draws, the other waits for the server or for its driver.
    """
    piles = [places[start::BROWSERS] for start in range(BROWSERS)]
    with ThreadPoolExecutor(BROWSERS) as threads:
        some = threads.map(lambda pile: _look_at_pile(url, cookies, pile), piles)
    return [look for looks in some for look in looks]


def _look_at_pile(url: str, cookies: Mapping[str, str], places: Iterable[Place]) -> list[Look]:
    of_person: dict[str, list[Place]] = {}
    for place in places:
        of_person.setdefault(place.person, []).append(place)
    looks = []
    with open_browser() as browser:
        for person, some in of_person.items():
            context = _context(browser, url, cookies.get(person))
            page = context.new_page()
            # Routing switches the browser's cache off, so these come last.
            for place in sorted(some, key=lambda each: bool(each.posted)):
                page.set_viewport_size({"width": NARROW, "height": HEIGHT})
                if place.posted:
                    page.route(url + place.address, gives(place), times=1)
                page.goto(place.address)
                looks.append(look_at(page, place))
            context.close()
    return looks


def _context(browser: Browser, url: str, session: str | None) -> BrowserContext:
    context = browser.new_context(
        base_url=url,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": NARROW, "height": HEIGHT},
        color_scheme="light",
        # Colours are measured where they have arrived, not on their way.
        reduced_motion="reduce",
    )
    if session:
        context.add_cookies([{"name": "sc_session", "value": session, "url": url}])
    return context


def gives(place: Place) -> Callable[[Route], None]:
    """A handler that answers with a page from memory: one that is not to be had twice."""

    def give(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body=place.html)

    return give


def told(faults: list[str]) -> str:
    """The message of an assertion: the faults, one a line, and how many there are."""
    shown = "\n".join(faults[:60])
    return f"{len(faults)} found:\n{shown}"
