"""Pages on paper: words and figures, black on white, nothing cut off, no controls."""

import io
import unicodedata

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.browser import desktop
from tests.measured import Measured
from tests.reach.conftest import Crawled
from tests.reach.looking import Look, gives, told
from tests.reach.places import Place

pytestmark = pytest.mark.journey

# The running paper is answered on the screen; printed, it would only go round.
NOT_PRINTED = {"/bai/{code:str}"}
# What people print, as whom, and on how many sheets at most.
SHEETS = {
    ("/bai/{code:str}/bien-nhan", "hoa"): 1,
    ("/bai/{code:str}/ket-qua", "minh"): 7,
    ("/cach-xep-hang", ""): 4,
    ("/dang-ky/xong", ""): 2,
    ("/dieu-hanh/vong/{edition_slug:str}/{slug:str}/giai-thuong", "khanh"): 8,
    ("/don-vi-toi/{unit_id:str}", "ha"): 4,
    ("/lop/{ref:str}", "nam"): 4,
    ("/lop/{ref:str}/giay-dong-y", "nam"): 4,
    ("/lop/{ref:str}/tham-gia", "nam"): 3,
    ("/the-le", ""): 8,
    ("/xep-hang/{edition_slug:str}/{slug:str}", ""): 4,
    ("/xep-hang/{edition_slug:str}/{slug:str}/dieu-chinh", ""): 3,
    ("/xep-hang/{edition_slug:str}/{slug:str}/giai-thuong", ""): 8,
    ("/xep-hang/{edition_slug:str}/{slug:str}/vi-sao/{entry_code:str}", ""): 3,
}


def test_every_page_is_clean_on_paper(looks: list[Look], measured: Measured) -> None:
    """Also in the dark scheme: no controls, no pale words, nothing cut off, white paper."""
    printed = [each for each in looks if each.place.route not in NOT_PRINTED]
    faults = [f"{look.place.name}: {fault}" for look in printed for fault in look.printed]
    measured("print style", f"{len(printed)} pages, {len(faults)} faults")

    assert not faults, told(faults)


def test_what_people_print_takes_few_sheets(
    browser: Browser, crawled_demo: Crawled, measured: Measured
) -> None:
    taken = {}
    for (route, person), most in SHEETS.items():
        place = _place(crawled_demo, route, person)
        with desktop(browser, crawled_demo.url, color_scheme="dark") as (context, _):
            if person:
                session = crawled_demo.reached.cookies[person]
                context.add_cookies(
                    [{"name": "sc_session", "value": session, "url": crawled_demo.url}]
                )
            page = context.new_page()
            if place.posted:
                page.route("**" + place.address, gives(place))
            page.goto(place.address)
            sheets = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True))).pages
            heading = page.locator("h1").inner_text()
        # Letters from two font files stand apart in the extracted text.
        text = _letters(" ".join(each.extract_text() for each in sheets))
        taken[place.name] = len(sheets)
        assert len(sheets) <= most, f"{place.name} takes {len(sheets)} sheets"
        assert _letters(heading) in text, f"{place.name} lost its heading: {text[:200]}"
    measured("printed to PDF", f"{len(taken)} pages on {sum(taken.values())} sheets")


def _place(crawled: Crawled, route: str, person: str) -> Place:
    return next(
        each
        for each in crawled.found.places
        if each.route == route and each.person == person and each.status == 200
    )


def _letters(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(text.split())).casefold()
