"""What people do on the pages, in their own words; used by the journeys."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import desktop
from tests.journeys.conftest import DemoSite

PASSWORD = "chim-en-ve-to-1958"
PHONES = (390, 320)


def words(found: Locator) -> str:
    """All text of an element, also what only is heard, with single blanks."""
    return " ".join((found.text_content() or "").split())


def whole_number(text: str) -> int:
    """3.002 → 3002, as pages in Vietnamese write it."""
    return int(text.replace(".", ""))


def assert_fits(page: Page) -> None:
    """Nothing scrolls sideways: on a phone also not on the narrowest; the width stays as it was."""
    before = page.viewport_size
    assert before is not None
    for width in PHONES if before["width"] in PHONES else (before["width"],):
        page.set_viewport_size({"width": width, "height": before["height"]})
        needed = page.evaluate("document.documentElement.scrollWidth")
        assert needed <= width, f"{page.url} is {needed} wide at {width}"
    page.set_viewport_size(before)


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the element has the focus; a person without a mouse can do no more."""
    for _ in range(220):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with Tab")


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name, exact=True).first


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def fill_registration(page: Page, name: str) -> None:
    page.locator("#f-full_name").fill(name)
    for part, value in (("day", "2"), ("month", "9"), ("year", "1958")):
        page.locator(f"#f-{part}").fill(value)
    page.locator("#f-ward").select_option(label="Phường Hoàn Kiếm")
    page.locator("#f-password").fill(PASSWORD)
    page.locator("#f-takes_part").check()
    page.locator("#f-shows_name").check()


def register(page: Page, name: str) -> str:
    """From the home page; gives the sign-in code and stands on the page where one goes on."""
    page.goto("/")
    link(page, "Đăng ký").click()
    fill_registration(page, name)
    button(page, "Đăng ký").click()
    expect(page).to_have_url(re.compile("/dang-ky/xong"))
    return page.locator("#sign-in-code").inner_text().strip()


def sign_in(page: Page, who: str, password: str) -> None:
    page.goto("/dang-nhap")
    page.locator("#f-who").fill(who)
    page.locator("#f-password").fill(password)
    button(page, "Đăng nhập").click()
    expect(page).not_to_have_url(re.compile("/dang-nhap"))


def sign_in_as_organiser(page: Page, site: DemoSite) -> None:
    sign_in(page, "khanh@example.vn", site.password)


def publish_as_organiser(browser: Browser, site: DemoSite) -> None:
    with desktop(browser, site.url) as (context, watch):
        page = context.new_page()
        sign_in_as_organiser(page, site)
        page.goto("/dieu-hanh")
        page.get_by_text("Công bố…").click()
        page.get_by_role("button", name=re.compile("Công bố")).first.click()
        expect(page).to_have_url(re.compile("/xep-hang/"))
        expect(page.get_by_text("Kết quả chính thức").first).to_be_visible()
        watch.assert_quiet()


def start_official(page: Page) -> None:
    """From the home page to the first question."""
    page.goto("/")
    link(page, "Vào thi chính thức").click()
    button(page, "Vào thi chính thức").click()
    expect(page).to_have_url(re.compile("/bai/"))


def current_step(page: Page) -> Locator:
    return page.locator(".step.is-current")


def choose(page: Page, index: int) -> None:
    current_step(page).locator(".choice").nth(index).click()


def chosen(page: Page) -> list[str]:
    """Names and values of all that is ticked on the paper."""
    return page.evaluate(
        "[...document.querySelectorAll('.choice input:checked')].map(i => `${i.name}=${i.value}`)"
    )


def wait_until_saved(page: Page) -> None:
    saved = page.locator("[data-save-state][data-state=saved]")
    expect(saved).to_contain_text("Đã lưu", timeout=20_000)
