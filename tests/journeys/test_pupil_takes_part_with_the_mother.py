"""A teacher brings a class in from three lists and prints cards; a pupil of 11 signs in with hers,
consents with her mother on one phone and takes the quiz. On the board she is a code and a ward.
Her mother signs by link and the name appears; she withdraws, and it is nowhere any more."""

import io
import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from contest import paths
from contest.infra.mail import newest
from contest.people.names import public_name
from contest.people.queries import find_people
from contest.standings.names import refresh_names
from contest.units.files import load_units
from tests.browser import desktop, phone
from tests.journeys.class_lists import LAN, excel_with_titles, old_csv, pasted_cells
from tests.journeys.steps import assert_fits, button, choose, link, wait_until_saved, words
from tests.site import Site
from tests.standings.explained import entry_code
from tests.sweep import Sweep, forms_of, sweep

pytestmark = pytest.mark.journey

BOARD = "/xep-hang/thu-nghiem/tuan-1"
MOTHER = "Đỗ Thị Mai"
WARD = "Phường Hoàn Kiếm"
CARD = re.compile(r"/the/([0-9A-Z]{6})-([0-9A-Z]{8})")


@pytest.fixture
def school(site: Site) -> Site:
    """The world with the city's wards and schools, and a round for everybody from 6 on."""
    load_units(site.world.db, paths.UNITS)
    site.world.open_edition(entry={"minimum_age": 6})
    return site


def test_from_the_class_list_to_the_board_and_back(school: Site, browser: Browser) -> None:
    letters = _teacher_brings_the_class_in(school, browser)
    _the_others_play(school)
    _lan_takes_part(school, browser, letters)
    world = school.world
    with world.db.read() as tx:
        world.accounts["lan"] = find_people(tx, LAN)[0].account_id
    world.close()
    world.settle()
    world.publish()
    refresh_names(world.db, world.clock)
    code = entry_code(world, "lan")

    met = _look_everywhere(school, code)
    assert met.holding(forms_of(LAN)) == {}
    board = re.sub(r"<[^>]+>", " ", met.texts[BOARD])
    line = board[board.rindex(code) :][:200]
    assert WARD in line

    with phone(browser, school.running.url) as (context, watch):
        mother = context.new_page()
        _lan_asks_for_the_letter(school, browser)
        _mother_signs(mother, school)
        _background_work(school)
        met = _look_everywhere(school, code)
        found = met.holding([public_name(LAN)])
        # The sweep is able to find it: on the board, in the search, on her page, in both files.
        for place in (
            BOARD,
            f"{BOARD}?tim=Lan",
            f"{BOARD}/vi-sao/{code}",
            f"{BOARD}/ket-qua.csv",
            f"{BOARD}/ket-qua.json",
        ):
            assert place in found, f"the sweep misses {place}"
        assert met.holding([LAN]) == {}

        stranger = context.browser.new_context(base_url=school.running.url)  # type: ignore[union-attr]
        page = stranger.new_page()
        page.goto(BOARD)
        expect(page.get_by_text(public_name(LAN)).first).to_be_visible()

        _mother_withdraws(mother)
        # At once, before any background work; and once more when everything has been prepared.
        # A cache that kept the files of a moment ago, and asks whether they changed, counts too.
        assert _look_everywhere(school, code, met).holding(forms_of(LAN)) == {}
        _background_work(school)
        met = _look_everywhere(school, code, met)
        assert met.holding(forms_of(LAN)) == {}
        assert met.kept_too_long == []
        page.goto("/")
        page.goto(BOARD)
        expect(page.get_by_text(public_name(LAN))).to_have_count(0)
        page.go_back()
        page.go_forward()
        expect(page.get_by_text(public_name(LAN))).to_have_count(0)
        stranger.close()
        watch.assert_quiet()


def _teacher_brings_the_class_in(site: Site, browser: Browser) -> str:
    """Class 5A from three lists; gives what Lan's card says: class code and letters."""
    session = site.world.session("nam")
    with desktop(browser, site.running.url) as (context, watch):
        context.add_cookies([{"name": "sc_session", "value": session, "url": site.running.url}])
        page = context.new_page()
        page.goto("/lop")
        link(page, "Tạo lớp đầu tiên").click()
        page.locator("#f-name").fill("5A")
        button(page, "Tạo lớp").click()
        expect(page.get_by_role("heading", name=re.compile("5A")).first).to_be_visible()
        place = page.url
        for name, content, number in (
            ("lop 5a.xlsx", excel_with_titles(), 14),
            ("lop5a-cu.csv", old_csv(), 13),
        ):
            page.goto(f"{place}/danh-sach")
            page.locator("input[type=file]").set_input_files(
                {"name": name, "mimeType": "application/octet-stream", "buffer": content}
            )
            button(page, "Đọc tệp").click()
            _bring_in(page, number)
        page.goto(f"{place}/danh-sach")
        page.locator("textarea").fill(pasted_cells())
        button(page, "Đọc phần đã dán").click()
        expect(page.get_by_text("31/02/2015").first).to_be_visible()
        _bring_in(page, 13)
        page.goto(place)
        assert_fits(page)
        expect(page.get_by_role("row", name=re.compile(LAN))).to_have_count(1)
        assert len(page.locator("table tbody tr").all()) == 40

        cards = context.request.get(f"{place}/the.pdf")
        assert cards.ok
        assert cards.headers["content-type"] == "application/pdf"
        text = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(cards.body())).pages)
        assert " ".join(LAN.split()) in " ".join(text.split())
        one = page.get_by_role("row", name=re.compile(LAN))
        own = context.request.get(
            site.running.url
            + str(one.get_by_role("link", name=re.compile("In thẻ")).get_attribute("href"))
        )
        card = PdfReader(io.BytesIO(own.body()))
        assert len(card.pages) == 1
        watch.assert_quiet()
        return _letters(" ".join(card.pages[0].extract_text().split()))


def _letters(text: str) -> str:
    """Class code and own letters, as the card has them in print."""
    found = re.search(r"\b([0-9A-Z]{3}[ -]?[0-9A-Z]{3})\b.*?\b([0-9A-Z]{4}[ -][0-9A-Z]{4})\b", text)
    assert found, text
    return "-".join(re.sub("[ -]", "", each) for each in found.groups())


def _bring_in(page: Page, number: int) -> None:
    assert_fits(page)
    button(page, f"Đưa {number} học sinh vào lớp").first.click()
    expect(page.get_by_text("Danh sách đã vào lớp").first).to_be_visible()


def _the_others_play(site: Site) -> None:
    for handle, right in (("minh", 9), ("hoa", 7), ("binh", 4)):
        site.world.play(handle, right=right, prediction=2)


def _lan_takes_part(site: Site, browser: Browser, letters: str) -> None:
    with phone(browser, site.running.url) as (context, watch):
        page = context.new_page()
        page.goto(f"/the/{letters}")
        assert LAN not in words(page.locator("main"))
        button(page, "Vào").click()
        expect(page).to_have_url(re.compile("/dong-y"))
        assert_fits(page)
        link(page, "Bắt đầu phần của em").click()
        assert page.locator("main input[type=checkbox]:checked").count() == 0
        page.locator("#f-take-part").check()
        page.locator("#f-name-on-boards").check()
        assert_fits(page)
        button(page, "Xong phần của em").click()
        expect(page).to_have_url(re.compile("/dong-y/phu-huynh"))
        page.locator("#f-full_name").fill(MOTHER)
        page.locator("input[name=relation][value=mother]").check()
        assert not page.locator("#f-agrees").is_checked()
        page.locator("#f-agrees").check()
        assert_fits(page)
        button(page, "Tôi đồng ý").click()
        page.goto("/thi/tuan-1")
        link(page, "Chọn nơi ở").click()
        page.locator("#f-ward").select_option(label=WARD)
        assert_fits(page)
        page.locator("main form button[type=submit]").first.click()
        expect(page).to_have_url(re.compile("/thi/tuan-1"))
        button(page, "Vào thi chính thức").click()
        expect(page).to_have_url(re.compile("/bai/"))
        for number in range(1, 11):
            choose(page, 0)
            wait_until_saved(page)
            if number < 10:
                button(page, "Câu tiếp theo").click()
        code = page.url.rpartition("/")[2].partition("#")[0]
        world = site.world
        with world.db.read() as tx:
            world.accounts["lan"] = find_people(tx, LAN)[0].account_id
        world.clock.tick(minutes=3)
        world.submit("lan", code)
        watch.assert_quiet()


def _lan_asks_for_the_letter(site: Site, browser: Browser) -> None:
    session = site.world.session("lan")
    with phone(browser, site.running.url) as (context, watch):
        context.add_cookies([{"name": "sc_session", "value": session, "url": site.running.url}])
        page = context.new_page()
        page.goto("/dong-y")
        page.locator("#f-email").fill("mai@example.vn")
        button(page, "Gửi thư cho cha mẹ").click()
        expect(page.get_by_text("Đã gửi thư tới").first).to_be_visible()
        assert_fits(page)
        watch.assert_quiet()


def _mother_signs(page: Page, site: Site) -> None:
    with site.world.db.read() as tx:
        letter = newest(tx, limit=1)[0]
    assert letter.to_address == "mai@example.vn"
    found = re.search(r"/dong-y/xac-nhan/\w+", letter.body)
    assert found
    page.goto(found[0])
    assert page.locator("main input[type=checkbox]:checked").count() == 0
    page.locator("#f-take-part").check()
    page.locator("#f-name-on-boards").check()
    page.locator("#f-full_name").fill(MOTHER)
    page.locator("input[name=relation][value=mother]").check()
    assert_fits(page)
    button(page, "Ký đồng ý những điều đã đánh dấu").click()
    expect(page.get_by_role("heading", name="Tình trạng từng điều")).to_be_visible()


def _mother_withdraws(page: Page) -> None:
    purpose = page.locator(".purpose").filter(has_text="bảng xếp hạng").first
    purpose.locator("summary").click()
    purpose.get_by_role("button", name="Đúng, rút lại").click()
    expect(page.locator(".notice").first).to_be_visible()
    assert_fits(page)


def _background_work(site: Site) -> None:
    site.world.clock.tick(seconds=20)
    site.running.application.worker.run_until_idle()


def _look_everywhere(site: Site, code: str, earlier: Sweep | None = None) -> Sweep:
    """All that a visitor gets at, and what only an address typed by hand would ask for."""
    visitor = site.visitor()
    given = LAN.split()[-1]
    met = sweep(
        visitor.get,
        earlier=earlier,
        start=("/", BOARD, "/the-le", "/thi"),
        also=(
            f"{BOARD}/vi-sao/{code}",
            f"{BOARD}/ket-qua.csv",
            f"{BOARD}/ket-qua.json",
            *(f"{BOARD}?tim={each}" for each in (given, "Lan", "do ngoc lan", code)),
        ),
    )
    return met
