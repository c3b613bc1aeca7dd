"""A wrong key is found after publishing: a resident complains, the organiser corrects it, takes
out an entry, and answers; every explanation adds up before and after, and so do the files."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from contest.cli import main as command_line
from contest.standings.boards import PAGE
from tests.browser import desktop, phone
from tests.journeys.conftest import DemoSite
from tests.journeys.corrections import (
    ANSWER,
    OUT_REASON,
    REASON,
    SECOND_NAME,
    Missed,
    answer,
    complain,
    look_and_apply,
    open_the_complaint,
    propose_the_correction,
    take_out,
)
from tests.journeys.steps import (
    assert_fits,
    button,
    choose,
    current_step,
    link,
    publish_as_organiser,
    register,
    sign_in_as_organiser,
    start_official,
    wait_until_saved,
    whole_number,
    words,
)
from tests.journeys.why_page import Why, assert_adds_up, read_why

pytestmark = pytest.mark.journey


def hand_in(page: Page, site: DemoSite, *, answers: int = 10) -> tuple[dict[str, str], str]:
    """
    Takes the first choice of each question and hands in after four minutes.

    Gives the words of those questions that have one right answer → the choice's words, and the
    attempt's address.
    """
    start_official(page)
    single = {}
    for number in range(1, 11):
        step = current_step(page)
        if number <= answers:
            choose(page, 0)
            wait_until_saved(page)
        if step.locator("input[type=radio]").count():
            asked = words(step.locator(".step-title")).partition(": ")[2]
            single[asked] = words(step.locator(".choice-face > span:last-child").first)
        button(page, "Câu tiếp theo").click()
    page.locator("#f-prediction").fill("20")
    button(page, "Câu tiếp theo").click()
    site.clock.tick(minutes=4)
    page.locator("[data-submit]").click()
    expect(page).to_have_url(re.compile("/bien-nhan"))
    return single, page.url.removesuffix("/bien-nhan")


def missed(page: Page, single: dict[str, str]) -> Missed:
    """From the page with the keys: the first wrong answer to a question with one right choice."""
    wrong = page.locator(".review > li", has=page.locator(".chip", has_text="Chưa đúng"))
    for number in range(wrong.count()):
        asked = words(wrong.nth(number).locator("h3"))
        if asked in single:
            chosen = words(wrong.nth(number).locator(".is-mistake > span").first)
            assert chosen == single[asked]
            return Missed(asked, chosen)
    raise AssertionError("the first choice of every question was right")


def looked_at(page: Page, address: str) -> Why:
    page.goto(address)
    why = read_why(page)
    assert_adds_up(why)
    assert_fits(page)
    return why


def reached_from_the_board(page: Page, board: str) -> list[str]:
    """Why-pages of the first line, one in the middle, the last: found and opened by clicks."""
    page.goto(board)
    told = re.search(r"([\d.]+) người được xếp hạng", words(page.locator(".page-head")))
    assert told
    pages = -(-whole_number(told[1]) // PAGE)
    assert pages > 2
    found = []
    for number, which in ((1, 0), (pages // 2, 9), (pages, -1)):
        page.goto(f"{board}?trang={number}")
        names = page.locator("main a.name")
        names.nth(which % names.count()).click()
        expect(page).to_have_url(re.compile("/vi-sao/"))
        assert_adds_up(read_why(page))
        found.append(page.url)
    return found


def download(page: Page, board: str, folder: Path) -> list[Path]:
    """Both files of a round, by the links on its board."""
    page.goto(board)
    made = []
    for kind in ("csv", "json"):
        with page.expect_download() as waiting:
            page.locator(f"main a[href$='ket-qua.{kind}']").first.click()
        made.append(folder / waiting.value.suggested_filename)
        waiting.value.save_as(made[-1])
    return made


def one_place_changed(file: Path) -> Path:
    changed = file.with_stem("changed")
    if file.suffix == ".json":
        whole = json.loads(file.read_bytes())
        whole["standings"][4]["place"] += 1
        changed.write_text(json.dumps(whole), encoding="utf-8")
        return changed
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    number = next(at for at, line in enumerate(lines) if not line.lstrip("\ufeff").startswith("#"))
    first, comma, rest = lines[number + 5].partition(",")
    lines[number + 5] = f"{int(first) + 1}{comma}{rest}"
    changed.write_text("".join(lines), encoding="utf-8")
    return changed


def score_of(why: Why) -> float:
    return float(why.score.replace(",", "."))


def test_a_wrong_key_is_corrected_and_everything_adds_up(
    browser: Browser, demo_site: DemoSite, tmp_path: Path
) -> None:
    edition = demo_site.edition.slug
    board = f"/xep-hang/{edition}/tuan-2"
    with (
        phone(browser, demo_site.url) as (mine, my_watch),
        phone(browser, demo_site.url) as (seconds, second_watch),
        desktop(browser, demo_site.url) as (desk, desk_watch),
    ):
        page, second, organiser = mine.new_page(), seconds.new_page(), desk.new_page()
        register(page, "Đoàn Thị Mai Lan")
        single, attempt = hand_in(page, demo_site)
        register(second, SECOND_NAME)
        hand_in(second, demo_site, answers=3)
        demo_site.end_of_week_2()
        publish_as_organiser(browser, demo_site)
        demo_site.work()

        page.goto(f"{attempt}/ket-qua")
        about = missed(page, single)
        link(page, "Vì sao?").click()
        expect(page).to_have_url(re.compile("/vi-sao/"))
        own = page.url
        before = looked_at(page, own)
        others = reached_from_the_board(page, board)
        page.goto(own)
        code = complain(page, about)

        sign_in_as_organiser(organiser, demo_site)
        complaint = open_the_complaint(organiser, "Đoàn Thị Mai Lan", about, code)
        demo_site.clock.tick(minutes=5)
        propose_the_correction(organiser, about)
        effect = look_and_apply(organiser, demo_site)
        assert effect["Bài hợp lệ"] == (before.valid, before.valid)
        assert effect["đổi điểm"][1] >= 1
        between = looked_at(page, own)
        assert score_of(between) == score_of(before) + 1
        assert between.adjusted

        demo_site.clock.tick(minutes=5)
        taken_out, effect = take_out(organiser, demo_site, board)
        assert effect["Bài hợp lệ"] == (before.valid, before.valid - 1)
        assert effect["ra khỏi bảng"] == (0, 1)
        answer(organiser, complaint)

        page.goto(f"{attempt}/khieu-nai")
        expect(page.locator(".reply")).to_contain_text("Ban tổ chức chấp nhận")
        expect(page.locator(".reply")).to_contain_text(ANSWER)
        page.goto(f"{attempt}/ket-qua")
        corrected = page.locator(".review > li", has_text=about.question)
        expect(corrected).to_contain_text(REASON)
        after = looked_at(page, own)
        assert after.valid == before.valid - 1
        assert after.adjusted
        assert after.adjusted != between.adjusted
        assert after.score == between.score
        # The first choice was taken everywhere.
        expect(page.locator(".corrections")).to_contain_text("Đáp án A cũng được nhận là đúng")
        for address in others:
            if address != taken_out:
                assert looked_at(page, address).valid == before.valid - 1

        # The one who was taken out is told why, the others only that it is so.
        page.goto(taken_out)
        expect(page.locator("main")).to_contain_text("không có trên bảng")
        assert OUT_REASON not in words(page.locator("main"))
        assert_fits(page)
        second.goto(taken_out)
        expect(second.locator("main")).to_contain_text(OUT_REASON)
        page.goto(f"{board}?tim=nhuong")
        expect(page.get_by_role("heading", name="Không tìm thấy ai")).to_be_visible()

        page.goto(f"{board}/dieu-chinh")
        listed = words(page.locator("main"))
        assert REASON in listed
        assert "Loại 1 bài dự thi" in listed
        assert OUT_REASON in listed
        whole = page.content()
        for name in ("Nhượng", taken_out.rpartition("/")[2]):
            assert name not in whole
        assert_fits(page)

        for slug in ("tuan-1", "tuan-2"):
            for file in download(page, f"/xep-hang/{edition}/{slug}", tmp_path):
                assert command_line(["replay", str(file)]) == 0
                assert command_line(["replay", str(one_place_changed(file))]) == 1

        my_watch.assert_quiet(expected_statuses=frozenset({422}))
        second_watch.assert_quiet()
        desk_watch.assert_quiet(expected_statuses=frozenset({422}))
