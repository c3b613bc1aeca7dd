"""Somebody looks for people on the published board of 3,000: by name without tones, by ward and
age, page by page, into an explanation and back; also without scripts, and by keyboard alone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from contest.web.i18n import without_tones
from tests.browser import desktop, phone
from tests.journeys.conftest import DemoSite
from tests.journeys.steps import assert_fits, button, link, tab_to, whole_number, words
from tests.journeys.why_page import assert_adds_up, read_why

pytestmark = pytest.mark.journey

NAMES = "main a.name"
# More letters than one, so that a search for it is about a name.
SHOWN = re.compile(r"(\w\. )+\w{2,}")


def board_of(site: DemoSite) -> str:
    return f"/xep-hang/{site.edition.slug}/tuan-1"


def a_name(page: Page) -> str:
    """The first on the board whose name is shown, and written with tones."""
    for name in page.locator(NAMES).all_text_contents():
        if SHOWN.fullmatch(name) and without_tones(name) != name:
            return name
    raise AssertionError("nobody on this page shows a name with tones")


def told(page: Page) -> int:
    """How many the page says it found or filtered."""
    return whole_number(words(page.locator(".board-asked strong")).split()[0])


def lines(page: Page) -> list[str]:
    """Everybody on the page, on the podium or in the table."""
    return [" ".join(each.split()) for each in page.locator(NAMES).all_text_contents()]


def search(page: Page, board: str) -> None:
    page.goto(board)
    name = a_name(page)
    last = name.split()[-1]
    page.locator("#f-tim").fill(without_tones(name).lower().replace(".", ""))
    button(page, "Xem").click()
    expect(page.locator("#f-tim")).to_have_value(without_tones(name).lower().replace(".", ""))
    assert name in lines(page)
    for each in lines(page):
        assert without_tones(each).lower() == without_tones(name).lower(), each
    assert_fits(page)

    page.locator("#f-tim").fill(without_tones(last).upper())
    button(page, "Xem").click()
    assert name in lines(page)
    for each in lines(page):
        assert without_tones(last).lower() in without_tones(each).lower()
    page.goto(f"{board}?tim=khong-co-ai-ten-the-nay")
    expect(page.get_by_role("heading", name="Không tìm thấy ai")).to_be_visible()
    assert_fits(page)


def filter_and_page(page: Page, board: str) -> None:
    page.goto(board)
    everybody = re.search(r"([\d.]+) người được xếp hạng", words(page.locator(".page-head")))
    assert everybody
    ward = words(page.locator("#f-don-vi option").nth(1))
    page.locator("#f-don-vi").select_option(index=1)
    button(page, "Xem").click()
    expect(page.locator("#f-don-vi option:checked")).to_have_text(ward)
    in_ward = told(page)
    assert 0 < in_ward < whole_number(everybody[1])
    for unit in page.locator(".board-table td.unit").all_text_contents():
        assert unit == ward

    # Minors of one ward are few, and not listed.
    adults = page.locator("#f-tuoi option").filter(has_text=re.compile("^[2-9]"))
    page.locator("#f-tuoi").select_option(adults.first.get_attribute("value"))
    button(page, "Xem").click()
    assert told(page) < in_ward
    expect(page.locator(".board-asked .board-chip")).to_have_count(2)
    assert_fits(page)

    page.locator(".board-chip", has_text=ward).click()
    expect(page.locator("#f-don-vi")).to_have_value("")
    of_age = told(page)
    first = lines(page)
    page.locator("a[rel=next]").click()
    expect(page).to_have_url(re.compile(r"tuoi=\d.*trang=2"))
    assert told(page) == of_age
    assert set(lines(page)) != set(first)
    assert_fits(page)


def into_an_explanation_and_back(page: Page) -> None:
    """From a board as it is filtered; it is as it was afterwards."""
    before, seen = page.url, lines(page)
    page.locator(NAMES).nth(3).click()
    expect(page).to_have_url(re.compile("/vi-sao/"))
    why = read_why(page)
    assert_adds_up(why)
    assert_fits(page)
    page.go_back()
    expect(page).to_have_url(before)
    assert lines(page) == seen


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_a_visitor_searches_filters_and_looks_why(
    browser: Browser, demo_site: DemoSite, scripts: bool
) -> None:
    board = board_of(demo_site)
    with phone(browser, demo_site.url, java_script_enabled=scripts) as (context, watch):
        page = context.new_page()
        page.goto("/")
        link(page, "Xếp hạng").click()
        expect(page.get_by_role("heading", name="Bảng xếp hạng")).to_be_visible()
        page.get_by_role("link", name="Tuần 1", exact=True).click()
        expect(page).to_have_url(re.compile(board))
        assert_fits(page)
        search(page, board)
        filter_and_page(page, board)
        into_an_explanation_and_back(page)
        page.goto("/cach-xep-hang")
        assert_fits(page)
        page.goto(f"{board}/giai-thuong")
        assert_fits(page)
        watch.assert_quiet()


def assert_focus_is_seen(page: Page) -> None:
    """What has the focus lies in view and has an outline."""
    seen = page.evaluate(
        """() => {
          const one = document.activeElement, style = getComputedStyle(one);
          const box = one.getBoundingClientRect();
          return one.matches(":focus-visible") && style.outlineStyle !== "none" &&
            parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.height > 0 &&
            box.top >= 0 && box.bottom <= innerHeight;
        }"""
    )
    assert seen, page.evaluate("document.activeElement.outerHTML")


def test_by_keyboard_alone(browser: Browser, demo_site: DemoSite) -> None:
    with desktop(browser, demo_site.url) as (context, watch):
        page = context.new_page()
        page.goto(board_of(demo_site))
        tab_to(page, "#f-tim")
        assert_focus_is_seen(page)
        tab_to(page, "#f-don-vi")
        assert_focus_is_seen(page)
        page.keyboard.press("ArrowDown")
        ward = words(page.locator("#f-don-vi option:checked"))
        tab_to(page, "#f-tuoi")
        assert_focus_is_seen(page)
        tab_to(page, ".board-filters button")
        assert_focus_is_seen(page)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("don-vi=."))
        expect(page.locator(".board-asked")).to_contain_text(ward)

        tab_to(page, NAMES)
        assert_focus_is_seen(page)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/vi-sao/"))
        assert_adds_up(read_why(page))
        tab_to(page, ".near-table a")
        assert_focus_is_seen(page)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/vi-sao/"))
        assert_adds_up(read_why(page))
        watch.assert_quiet()
