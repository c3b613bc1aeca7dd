"""What people do on the pages, in their own words; used by the journeys."""

import re

from playwright.sync_api import Locator, Page, expect

PASSWORD = "chim-en-ve-to-1958"


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
