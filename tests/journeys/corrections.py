"""What is done on the pages of complaints and rulings: an entrant's and the organiser's part."""

import re

import msgspec
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DemoSite
from tests.journeys.steps import assert_fits, button, link, whole_number, words

REASON = "Theo nguồn đã nêu, phương án này cũng đúng, nên được nhận là đáp án."
OUT_REASON = "Một người dự thi bằng hai tài khoản trong cùng một vòng, trái thể lệ."
ANSWER = "Ban ra đề đã xem lại nguồn và đồng ý với bạn. Bài của mọi người đã được chấm lại."
# Nobody of the invented crowd is called so, and a search finds this person alone.
SECOND_NAME = "Khuất Duy Nhượng"


class Missed(msgspec.Struct, frozen=True):
    """A question that the resident got wrong: its words, and the words of what was chosen."""

    question: str
    chosen: str


def complain(page: Page, about: Missed) -> str:
    """From one's why-page; gives the code of the complaint."""
    link(page, "Khiếu nại kết quả").click()
    page.locator("#f-text").fill("Sai rồi.")
    button(page, "Gửi khiếu nại").click()
    expect(page.locator("#f-text-error")).to_be_visible()
    assert page.locator("#f-text").input_value() == "Sai rồi."
    page.locator("#f-text").fill(
        f"Câu «{about.question}»: tôi chọn «{about.chosen}». Theo nguồn, phương án ấy cũng đúng."
    )
    button(page, "Gửi khiếu nại").click()
    expect(page.get_by_text("Ban tổ chức đã nhận khiếu nại của bạn.")).to_be_visible()
    expect(page.locator(".complaint .facts")).to_contain_text("Trả lời chậm nhất")
    # Sent on a Sunday evening; three working days end on the Wednesday.
    expect(page.locator(".complaint .facts strong")).to_have_text(re.compile("thứ Tư"))
    assert_fits(page)
    return words(page.locator("#complaint-code"))


def open_the_complaint(page: Page, name: str, about: Missed, code: str) -> str:
    """From what waits on the desk; gives the complaint's address there."""
    page.goto("/dieu-hanh")
    page.locator(".tasks a[href='/dieu-hanh/khieu-nai']").first.click()
    link(page, name).click()
    expect(page.locator(".said").first).to_contain_text(about.question)
    expect(page.locator("main")).to_contain_text(code)
    assert_fits(page)
    return page.url


def on_the_desk(page: Page, what: str) -> None:
    """From the desk to a work of the second week."""
    page.goto("/dieu-hanh")
    page.locator("#vong-tuan-2").get_by_role("link", name=what, exact=True).click()


def propose_the_correction(page: Page, about: Missed) -> None:
    on_the_desk(page, "Câu hỏi")
    card = page.locator(".questions > li", has=page.get_by_role("heading", name=about.question))
    while not card.count():
        page.locator("a[rel=next]").click()
    assert_fits(page)
    card.get_by_role("link", name=re.compile("Sửa đáp án")).click()
    page.get_by_role("radio", name="Chấp nhận thêm phương án").check()
    exactly = re.compile(r"^\s*[A-F]\.\s*" + re.escape(about.chosen) + r"\s*$")
    choice = page.locator("#f-choices label").filter(has_text=exactly)
    choice.locator("input").check()
    button(page, "Xem thử kết quả").click()
    # The reason is missing, and all the rest is kept.
    expect(page.locator("#f-reason-error")).to_be_visible()
    expect(choice.locator("input")).to_be_checked()
    page.locator("#f-reason").fill(REASON)
    button(page, "Xem thử kết quả").click()


def look_and_apply(page: Page, site: DemoSite) -> dict[str, tuple[int, int]]:
    """Waits for the trial, which the page shows by itself, and applies it.

    Gives figure → before and after.
    """
    expect(page).to_have_url(re.compile("/quyet-dinh/"))
    expect(page.get_by_role("heading", name="Đang tính thử…")).to_be_visible()
    site.work()
    expect(page.get_by_role("heading", name="Nếu áp dụng, kết quả đổi thế này")).to_be_visible()
    figures = {}
    rows = page.locator("table").first.locator("tbody tr")
    for number in range(rows.count()):
        name, *cells = (words(each) for each in rows.nth(number).locator("th, td").all())
        before, after = (whole_number(each.removesuffix(" người")) for each in cells)
        figures[name] = (before, after)
    moved = page.locator(".moved .stat")
    for number in range(moved.count()):
        told = re.match(r"([\d.]+) ?(\D+)|(\D+?) ?([\d.]+)$", words(moved.nth(number)))
        assert told
        figures[(told[2] or told[3]).strip()] = (0, whole_number(told[1] or told[4]))
    assert_fits(page)
    page.get_by_text("Áp dụng…").click()
    button(page, "Áp dụng quyết định này").click()
    expect(page.get_by_text(re.compile("Đã áp dụng lúc")).first).to_be_visible()
    site.work()
    return figures


def take_out(page: Page, site: DemoSite, board: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """The second account of somebody, found on the board; gives the address of its why-page."""
    page.goto(board)
    page.locator("#f-tim").fill("nhuong")
    button(page, "Xem").click()
    line = page.locator("main a.name")
    expect(line).to_have_text("K. D. Nhượng")
    line.click()
    address = page.url
    on_the_desk(page, "Loại bài")
    page.locator("#f-ma").fill(address.rpartition("/")[2].lower())
    button(page, "Xem bài này").click()
    expect(page.locator("main")).to_contain_text(SECOND_NAME)
    page.locator("#f-reason").fill(OUT_REASON)
    button(page, "Xem thử kết quả").click()
    return address, look_and_apply(page, site)


def answer(page: Page, complaint: str) -> None:
    page.goto(complaint)
    page.locator("input[name=outcome][value=upheld]").check()
    page.locator("#f-answer").fill(ANSWER)
    ruling = page.locator("#f-ruling option", has_text="Nhận thêm đáp án")
    page.locator("#f-ruling").select_option(ruling.get_attribute("value"))
    button(page, "Gửi câu trả lời").click()
    expect(page.get_by_text("Đã trả lời.", exact=False).first).to_be_visible()
    expect(page.locator("main")).to_contain_text("Quyết định liên quan")
