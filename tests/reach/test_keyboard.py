"""With the Tab key alone: the focus is always seen, and never behind something else."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import DESKTOP, PHONE, visitor
from tests.measured import Measured
from tests.reach.conftest import Crawled
from tests.reach.looking import inject, told

pytestmark = pytest.mark.journey

# Routes, and as whom: where people spend their time.
MAIN_PAGES = [
    ("/", ""),
    ("/dang-ky", ""),
    ("/dang-nhap", ""),
    ("/the", ""),
    ("/luyen-tap/luot/{seed:str}/{number:int}", ""),
    ("/xep-hang/{edition_slug:str}/{slug:str}", ""),
    ("/thi/{slug:str}", "minh"),
    ("/bai/{code:str}", "minh"),
    ("/bai/{code:str}/ket-qua", "minh"),
    ("/tai-khoan", "minh"),
    ("/dong-y/em", "lan"),
    ("/dong-y/phu-huynh", "half-signed pupil"),
    ("/lop/{ref:str}", "nam"),
    ("/dieu-hanh", "khanh"),
]
MOST_STOPS = 120


def test_the_focus_is_seen_wherever_tab_leads(
    browser: Browser, crawled_demo: Crawled, measured: Measured
) -> None:
    faults, stops = [], 0
    for route, person in MAIN_PAGES:
        place = next(
            each
            for each in crawled_demo.found.places
            if (each.route, each.person, each.status) == (route, person, 200) and not each.posted
        )
        # A paper is mostly answered on a phone, where bars stand above and below.
        device = PHONE if route.startswith("/bai/{code:str}") else DESKTOP
        with visitor(browser, crawled_demo.url, **device, reduced_motion="reduce") as (context, _):
            if person:
                session = crawled_demo.reached.cookies[person]
                context.add_cookies(
                    [{"name": "sc_session", "value": session, "url": crawled_demo.url}]
                )
            page = context.new_page()
            page.goto(place.address)
            found, met = tab_through(page)
        faults += [f"{place.name}: {fault}" for fault in found]
        stops += met
    measured("focus seen with Tab", f"{stops} stops on {len(MAIN_PAGES)} pages, {len(faults)} not")

    assert not faults, told(faults)


def tab_through(page: Page) -> tuple[list[str], int]:
    """Faults of the focus from the top of a page until it comes round, and how many stops."""
    inject(page)
    faults, seen = [], set()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate("reach.focus()")
        if at is None or at["number"] in seen:
            break
        seen.add(at["number"])
        if at["outline"] < 2:
            faults.append(f"no focus is seen on {at['name']}")
        if at["isCovered"]:
            faults.append(f"something covers {at['name']}")
    return faults, len(seen)
