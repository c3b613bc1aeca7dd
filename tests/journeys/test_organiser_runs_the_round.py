"""The organiser's week at the desk: figures that renew themselves, a later close, more time for
one person, a name hidden, an outage made good, the list of prizes on paper."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from contest.infra.clock import HANOI
from tests.browser import desktop, phone
from tests.journeys.conftest import DemoSite
from tests.journeys.steps import (
    PASSWORD,
    assert_fits,
    button,
    choose,
    link,
    register,
    sign_in,
    sign_in_as_organiser,
    start_official,
    wait_until_saved,
    whole_number,
    words,
)

pytestmark = pytest.mark.journey

LATER = "Mạng của thành phố gián đoạn chiều thứ Năm, mọi người được thêm một giờ."
NEED = "Mắt kém, đọc chậm hơn và dùng kính lúp."
OUTAGE = "Máy chủ khởi động lại ngoài kế hoạch, không ai vào được trang."


def typed(moment: datetime) -> str:
    """As a field for a moment takes it, in Hanoi's time."""
    return moment.astimezone(HANOI).strftime("%Y-%m-%dT%H:%M")


def desk(page: Page, site: DemoSite) -> None:
    sign_in_as_organiser(page, site)
    page.goto("/dieu-hanh")


def find_person(page: Page, who: str) -> None:
    page.goto("/dieu-hanh")
    link(page, "Tìm người").click()
    page.locator("#f-q").fill(who)
    button(page, "Tìm").click()
    page.locator("main tbody th a").click()
    expect(page).to_have_url(re.compile("/dieu-hanh/nguoi/"))


def figure(page: Page, label: str) -> int:
    card = page.locator(".stat", has_text=label).first
    return whole_number(words(card.locator(".stat-value")))


def assert_the_chart_has_its_table(page: Page) -> None:
    """The drawing says its sum in words, and the table below has the same."""
    told = re.search(r"Tuần 2: ([\d.]+) lượt", words(page.locator("#chart-words")))
    assert told
    assert page.locator(".chart path.series").count() == 2
    page.get_by_text("Xem dạng bảng").click()
    table = page.locator("table.hours").first
    expect(table).to_be_visible()
    expect(table.locator("caption")).to_contain_text("Tuần 2")
    cells = [words(each) for each in table.locator("td").all()]
    assert sum(whole_number(each) for each in cells if each) == whole_number(told[1])


def desk_addresses(page: Page) -> list[str]:
    """All pages of the back office that the desk leads to, each once."""
    found: list[str] = page.eval_on_selector_all(
        "main a[href^='/dieu-hanh'], .site-nav a[href^='/dieu-hanh']",
        "all => [...new Set(all.map(each => each.getAttribute('href')))]",
    )
    return found


@pytest.mark.parametrize("narrow", [False, True], ids=["desktop", "phone"])
def test_the_desk_tells_what_goes_on(browser: Browser, demo_site: DemoSite, narrow: bool) -> None:
    kind = phone if narrow else desktop
    with kind(browser, demo_site.url) as (context, watch):
        page = context.new_page()
        desk(page, demo_site)
        rounds = page.locator(".timeline > li")
        assert rounds.count() == len(demo_site.edition.rounds)
        expect(rounds.nth(0)).to_contain_text("Đã công bố")
        expect(rounds.nth(1).locator("[aria-current=step]")).to_have_text("Tuần 2")
        expect(rounds.nth(1)).to_contain_text("Đóng Chủ nhật")
        expect(rounds.nth(2)).to_contain_text(re.compile("Mở|Thiếu"))
        expect(page.locator(".tasks")).to_contain_text("Khiếu nại")
        assert figure(page, "Lượt thi Tuần 2") > 400
        assert_the_chart_has_its_table(page)
        assert_fits(page)
        addresses = desk_addresses(page)
        assert len(addresses) >= 10
        for address in addresses:
            page.goto(address)
            expect(page.locator("h1")).to_be_visible()
            assert_fits(page)
        watch.assert_quiet()


def test_the_figures_renew_themselves(browser: Browser, demo_site: DemoSite) -> None:
    with (
        desktop(browser, demo_site.url) as (context, watch),
        phone(browser, demo_site.url) as (mine, _),
    ):
        page = context.new_page()
        page.clock.install()
        desk(page, demo_site)
        before = figure(page, "Lượt thi Tuần 2")
        running = figure(page, "Đang làm bài")
        resident = mine.new_page()
        register(resident, "Tạ Thu Ngân")
        start_official(resident)
        # Counts are kept for some seconds.
        demo_site.clock.tick(seconds=20)
        page.clock.run_for(13_000)
        card = page.locator(".stat", has_text="Lượt thi Tuần 2").locator(".stat-value")
        expect(card).to_have_text(str(before + 1))
        assert figure(page, "Đang làm bài") == running + 1
        # It asks again, and again what has changed.
        demo_site.clock.tick(minutes=11)
        demo_site.work()
        page.clock.run_for(13_000)
        expect(page.locator(".stat", has_text="Đang làm bài").locator(".stat-value")).to_have_text(
            str(running)
        )
        watch.assert_quiet()


def test_a_later_close_stands_on_the_rules_page(browser: Browser, demo_site: DemoSite) -> None:
    closes = demo_site.edition.rounds[1].closes_at
    with (
        desktop(browser, demo_site.url) as (context, watch),
        phone(browser, demo_site.url) as (other, other_watch),
    ):
        page = context.new_page()
        desk(page, demo_site)
        page.locator("#vong-tuan-2").get_by_role("link", name="Gia hạn", exact=True).click()
        page.locator("#f-closes_at").fill(typed(closes - timedelta(hours=1)))
        page.locator("#f-reason").fill(LATER)
        button(page, "Xem trước").click()
        expect(page.locator("#f-closes_at-error")).to_be_visible()
        expect(page.locator("#f-reason")).to_have_value(LATER)
        page.locator("#f-closes_at").fill(typed(closes + timedelta(hours=1)))
        button(page, "Xem trước").click()
        expect(page.get_by_role("heading", name="Sẽ đổi những gì")).to_be_visible()
        # Looking has changed nothing.
        assert demo_site.edition.rounds[1].closes_at == closes
        button(page, "Lùi giờ đóng").click()
        expect(page.get_by_text(re.compile("Đã lùi giờ đóng"))).to_be_visible()
        assert demo_site.edition.rounds[1].closes_at == closes + timedelta(hours=1)

        visitor = other.new_page()
        visitor.goto("/the-le")
        listed = visitor.locator("#da-bu + ul")
        expect(listed).to_contain_text("Tuần 2: lùi giờ đóng")
        expect(listed).to_contain_text(LATER)
        expect(listed).to_contain_text("23:00")
        assert_fits(visitor)
        visitor.goto("/thi/tuan-2")
        expect(visitor.locator("main")).to_contain_text("đóng lúc 23:00")
        watch.assert_quiet(expected_statuses=frozenset({422}))
        other_watch.assert_quiet()


def test_extra_time_is_told_to_the_one_who_has_it(browser: Browser, demo_site: DemoSite) -> None:
    with (
        desktop(browser, demo_site.url) as (context, watch),
        phone(browser, demo_site.url) as (mine, my_watch),
    ):
        resident = mine.new_page()
        code = register(resident, "Phùng Thị Nhàn")
        resident.goto("/thi/tuan-2")
        expect(resident.locator("main")).not_to_contain_text("thêm 50 %")
        page = context.new_page()
        desk(page, demo_site)
        find_person(page, code)
        button(page, "Cho thêm giờ").click()
        expect(page.locator("#f-need-error")).to_be_visible()
        page.locator("input[name=percent][value='50']").check()
        page.locator("#f-need").fill(NEED)
        button(page, "Cho thêm giờ").click()
        expect(page.get_by_text(re.compile("Đang được thêm 50 %"))).to_be_visible()
        assert_fits(page)

        resident.reload()
        expect(resident.locator("main")).to_contain_text("Ban tổ chức cho bạn thêm 50 % thời gian")
        expect(resident.locator("main")).to_contain_text("15 phút")
        assert NEED not in resident.content()
        assert_fits(resident)
        start_official(resident)
        left_ms = int(resident.locator("[data-timer]").get_attribute("data-left-ms") or 0)
        assert left_ms == 15 * 60_000
        watch.assert_quiet(expected_statuses=frozenset({422}))
        my_watch.assert_quiet()


def test_a_hidden_name_is_gone_from_the_board_at_once(
    browser: Browser, demo_site: DemoSite
) -> None:
    board = f"/xep-hang/{demo_site.edition.slug}/tuan-1"
    with (
        desktop(browser, demo_site.url) as (context, watch),
        phone(browser, demo_site.url) as (other, other_watch),
    ):
        page, visitor = context.new_page(), other.new_page()
        desk(page, demo_site)
        find_person(page, "minh@example.vn")
        expect(page.get_by_text("Mọi người thấy: T. Đ. Minh.")).to_be_visible()
        code = words(page.locator(".entry .figures").first)
        visitor.goto(f"{board}?tim={code}")
        line = visitor.locator("main a.name")
        expect(line).to_have_text("T. Đ. Minh")

        button(page, "Ẩn tên ngay").click()
        expect(page.get_by_text("Đang ẩn", exact=True)).to_be_visible()
        visitor.reload()
        expect(line).to_have_text(code)
        line.click()
        expect(visitor.locator("h1")).to_contain_text(code)
        assert "T. Đ. Minh" not in visitor.content()
        visitor.goto(f"{board}?tim=t.+đ.+minh")
        for address in visitor.eval_on_selector_all("main a.name", "all => all.map(a => a.href)"):
            assert not address.endswith(code)

        button(page, "Cho hiện lại tên").click()
        expect(page.get_by_text("Mọi người thấy: T. Đ. Minh.")).to_be_visible()
        watch.assert_quiet()
        other_watch.assert_quiet()


def test_an_outage_is_made_good_in_a_running_attempt(browser: Browser, demo_site: DemoSite) -> None:
    with (
        desktop(browser, demo_site.url) as (context, watch),
        phone(browser, demo_site.url) as (mine, my_watch),
    ):
        # Whoever is still at it ends first: the outage is to hit one person.
        demo_site.clock.tick(hours=1)
        demo_site.work()
        resident = mine.new_page()
        code = register(resident, "Giáp Văn Lộc")
        start_official(resident)
        choose(resident, 0)
        wait_until_saved(resident)
        began = demo_site.clock() + timedelta(minutes=1)
        ended = began + timedelta(minutes=2)
        demo_site.clock.tick(minutes=4)
        resident.reload()
        timer = resident.locator("[data-timer]")
        left_ms = int(timer.get_attribute("data-left-ms") or 0)
        assert left_ms == 6 * 60_000

        page = context.new_page()
        desk(page, demo_site)
        page.locator("#vong-tuan-2").get_by_role("link", name="Sự cố", exact=True).click()
        page.locator("#f-began_at").fill(typed(began))
        page.locator("#f-ended_at").fill(typed(ended))
        button(page, "Xem trước").click()
        expect(page.locator("#f-reason-error")).to_be_visible()
        page.locator("#f-reason").fill(OUTAGE)
        button(page, "Xem trước").click()
        expect(page.locator("#xem-truoc")).to_contain_text("1 bài được cộng phần giờ đã mất")
        assert_fits(page)
        button(page, "Áp dụng").click()
        expect(page.get_by_text(re.compile("Đã bù giờ cho sự cố"))).to_be_visible()

        resident.reload()
        assert int(timer.get_attribute("data-left-ms") or 0) == left_ms + 2 * 60_000
        expect(resident.locator("[data-timer-text]")).to_have_text(re.compile("07:5|08:00"))
        # It holds for whoever signs in elsewhere too.
        with phone(browser, demo_site.url) as (another, _):
            again = another.new_page()
            sign_in(again, code, PASSWORD)
            again.goto(resident.url.partition("#")[0])
            told = again.locator("[data-timer]").get_attribute("data-left-ms")
            assert told == str(left_ms + 2 * 60_000)
        resident.goto("/the-le")
        expect(resident.locator("#da-bu + ul")).to_contain_text(OUTAGE)
        watch.assert_quiet(expected_statuses=frozenset({422}))
        my_watch.assert_quiet()


def test_the_list_of_prizes_is_printed_without_the_page_around_it(
    browser: Browser, demo_site: DemoSite
) -> None:
    with desktop(browser, demo_site.url) as (context, watch):
        page = context.new_page()
        desk(page, demo_site)
        page.locator("#vong-tuan-1").get_by_role("link", name="Giải thưởng", exact=True).click()
        expect(page.locator("[data-print]")).to_be_visible()
        table = page.locator(".prize-table")
        assert table.locator("tbody tr").count() >= 3
        page.emulate_media(media="print")
        for gone in ("nav", ".site-header", ".site-footer", ".demo-strip", "button", ".notice"):
            for each in page.locator(gone).all():
                expect(each).not_to_be_visible()
        expect(page.get_by_role("heading", name="DANH SÁCH TRAO GIẢI")).to_be_visible()
        expect(table).to_be_visible()
        expect(page.locator(".signatures")).to_be_visible()
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
        watch.assert_quiet()
