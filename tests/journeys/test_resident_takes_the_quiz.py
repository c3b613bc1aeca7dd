"""A resident on a phone: registers, practises, takes the official quiz, loses the network midway,
reloads, hands in, and after the organiser has published reads place and review."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import desktop, phone
from tests.journeys.conftest import DemoSite
from tests.journeys.steps import (
    PASSWORD,
    button,
    choose,
    chosen,
    current_step,
    fill_registration,
    link,
    publish_as_organiser,
    register,
    sign_in,
    start_official,
    tab_to,
    wait_until_saved,
)

pytestmark = pytest.mark.journey

LABELS = ["Đăng ký", "Đăng nhập", "Luyện tập", "Xếp hạng", "Thể lệ"]


def practise_one(page: Page) -> None:
    page.goto("/")
    link(page, "Luyện tập").click()
    page.locator("main form button[type=submit], main form a.button").first.click()
    page.locator(".choice").first.click()
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("Nguồn:").first).to_be_visible()


def test_on_a_phone_through_a_tunnel_to_the_result(browser: Browser, demo_site: DemoSite) -> None:
    with phone(browser, demo_site.url) as (context, watch):
        page = context.new_page()
        page.goto("/")
        for label in LABELS:
            assert link(page, label).count(), label
        sign_in_code = register(page, "Nguyễn Thị Xuân Hoa")
        assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", sign_in_code)
        practise_one(page)
        start_official(page)
        choose(page, 0)
        wait_until_saved(page)
        button(page, "Câu tiếp theo").click()
        choose(page, 1)
        wait_until_saved(page)

        context.set_offline(True)
        for _ in range(2):
            button(page, "Câu tiếp theo").click()
            choose(page, 1)
        expect(page.locator("[data-save-words]")).to_contain_text("Mất mạng")
        context.set_offline(False)
        wait_until_saved(page)
        before = chosen(page)
        assert len(before) == 4

        page.reload()
        assert chosen(page) == before
        assert current_step(page).get_attribute("id") == "cau-4"
        for _ in range(6):
            button(page, "Câu tiếp theo").click()
            choose(page, 0)
        wait_until_saved(page)
        button(page, "Câu tiếp theo").click()
        page.locator("#f-prediction").fill("1.234")
        expect(page.locator("[data-understood]")).to_contain_text("1.234")
        button(page, "Câu tiếp theo").click()
        expect(page.get_by_text("Bạn đã trả lời hết")).to_be_visible()
        button(page, "Nộp bài").click()
        expect(page).to_have_url(re.compile("/bien-nhan"))
        receipt = page.locator("#receipt").inner_text()
        assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", receipt)
        result_page = page.url.replace("/bien-nhan", "/ket-qua")

        # Nothing is told before the organiser publishes.
        page.goto(result_page)
        expect(page.get_by_text("Kết quả chưa công bố")).to_be_visible()
        watch.assert_quiet(expected_statuses=frozenset({409}))

        demo_site.end_of_week_2()
        publish_as_organiser(browser, demo_site)
        page.goto(result_page)
        expect(page.locator("main")).to_contain_text("trên")
        expect(page.locator(".review > li")).to_have_count(10)
        expect(page.get_by_text("Đáp án đúng").first).to_be_visible()
        link(page, "Xếp hạng").click()
        expect(page.locator(".is-own")).to_contain_text("N. T. X. Hoa")


def test_without_a_script_the_paper_is_one_form(browser: Browser, demo_site: DemoSite) -> None:
    with phone(browser, demo_site.url, java_script_enabled=False) as (context, watch):
        page = context.new_page()
        page.goto("/dang-ky")
        page.locator("#f-full_name").fill("Trần Văn Bình")
        button(page, "Đăng ký").click()
        # What was typed is still there, and the page says what is missing.
        expect(page.locator(".error-summary")).to_be_visible()
        assert page.locator("#f-full_name").input_value() == "Trần Văn Bình"
        fill_registration(page, "Trần Văn Bình")
        button(page, "Đăng ký").click()
        expect(page).to_have_url(re.compile("/dang-ky/xong"))
        start_official(page)
        for number in (1, 2, 3):
            page.locator(f"#cau-{number} .choice").first.click()
        page.locator("#f-prediction").fill("khoảng trăm")
        button(page, "Lưu bài").click()
        expect(page.locator("#f-prediction-error")).to_be_visible()
        assert page.locator("#f-prediction").input_value() == "khoảng trăm"
        page.locator("#f-prediction").fill("985")
        button(page, "Lưu bài").click()
        expect(page.get_by_text("Đã lưu mọi câu trả lời")).to_be_visible()

        page.goto(page.url)
        for number in (1, 2, 3):
            expect(page.locator(f"#cau-{number} .choice input").first).to_be_checked()
        assert page.locator("#f-prediction").input_value() == "985"
        button(page, "Nộp bài").click()
        expect(page.locator("#receipt")).to_be_visible()
        watch.assert_quiet(expected_statuses=frozenset({422}))


def test_by_keyboard_alone(browser: Browser, demo_site: DemoSite) -> None:
    with desktop(browser, demo_site.url) as (context, watch):
        page = context.new_page()
        page.goto("/")
        tab_to(page, "a[href^='/dang-ky']")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/dang-ky"))
        for field, text in (
            ("full_name", "Lê Quỳnh Anh"),
            ("day", "14"),
            ("month", "3"),
            ("year", "1990"),
        ):
            tab_to(page, f"#f-{field}")
            page.keyboard.type(text)
        tab_to(page, "#f-ward")
        for _ in range(3):
            page.keyboard.press("ArrowDown")
        tab_to(page, "#f-password")
        page.keyboard.type(PASSWORD)
        tab_to(page, "#f-takes_part")
        page.keyboard.press("Space")
        tab_to(page, "main form button[type=submit]:not(.link-button)")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/dang-ky/xong"))

        page.goto("/")
        tab_to(page, "a[href^='/thi/']")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/thi/"))
        tab_to(page, "main form button[type=submit]")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/bai/"))
        page.locator(".quiz.js-steps").wait_for()
        for key in ("1", "b", "A", "2", "1", "b", "1", "1", "2", "1"):
            page.keyboard.press(key)
            wait_until_saved(page)
            page.keyboard.press("ArrowRight")
        assert len({each.partition("=")[0] for each in chosen(page)}) == 10
        tab_to(page, "#f-prediction")
        page.keyboard.type("1002")
        expect(page.locator("[data-understood]")).to_contain_text("1.002")
        tab_to(page, "[data-go=next]")
        page.keyboard.press("Enter")
        tab_to(page, "[data-submit]")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/bien-nhan"))
        watch.assert_quiet()


def test_a_second_device_goes_on_and_a_stale_tab_is_told(
    browser: Browser, demo_site: DemoSite
) -> None:
    with phone(browser, demo_site.url) as (mine, _), desktop(browser, demo_site.url) as (other, _):
        page = mine.new_page()
        code = register(page, "Phạm Gia Hân")
        start_official(page)
        choose(page, 0)
        wait_until_saved(page)
        paper = page.url.partition("#")[0]

        laptop = other.new_page()
        sign_in(laptop, code, PASSWORD)
        laptop.goto(paper)
        assert chosen(laptop) == chosen(page)
        choose(laptop, 1)
        wait_until_saved(laptop)

        kind = current_step(page).locator("input").first.get_attribute("type")
        choose(page, 0 if kind == "checkbox" else 1)
        expect(page.locator("[data-save-state][data-state=stale]")).to_contain_text("nơi khác")
        assert chosen(page) == chosen(laptop)


def test_when_the_time_is_over_the_paper_leaves_for_its_receipt(
    browser: Browser, demo_site: DemoSite
) -> None:
    with phone(browser, demo_site.url) as (context, _):
        page = context.new_page()
        register(page, "Đỗ Minh Khôi")
        start_official(page)
        choose(page, 0)
        wait_until_saved(page)
        demo_site.clock.tick(minutes=9, seconds=58)
        page.reload()
        expect(page.locator("[data-timer-text]")).to_have_text(re.compile("00:0[0-2]"))
        expect(page.locator("[data-timer-speech]")).to_contain_text("Hết giờ")
        demo_site.clock.tick(seconds=30)
        expect(page).to_have_url(re.compile("/bien-nhan"), timeout=20_000)
