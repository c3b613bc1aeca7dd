"""The desk of a running round: what it shows in each state, and what waits for the organiser."""

import re
from datetime import timedelta

import pytest

from contest.complaints.commands import file_complaint
from contest.quiz.queries import own_attempts
from contest.rulings.commands import propose_disqualification
from tests.site import Site


def text_of(html: str) -> str:
    """The words of the page's main part, without tags."""
    main = re.search(r"<main.*</main>", html, re.S)
    assert main is not None
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


def desk(site: Site) -> str:
    answer = site.as_("khanh").get("/dieu-hanh")
    assert answer.status_code == 200
    return answer.text


def test_without_an_edition_the_desk_says_how_to_make_one(site: Site):
    assert "editions apply" in desk(site)
    assert site.as_("khanh").get("/dieu-hanh/so-lieu").text.strip() == ""


def test_an_open_round_shows_its_figures_and_refreshes_them(site: Site):
    world = site.world
    world.open_edition()
    world.start("minh")
    world.play("hoa")

    page = desk(site)

    assert 'data-renews="/dieu-hanh/so-lieu"' in page
    assert "js/live-figures.js" in page
    words = text_of(page)
    assert "Lượt thi Tuần 1 2" in words
    assert "Đang làm bài 1" in words
    assert "Bài đã nộp 1" in words
    assert "Đóng " in words
    assert "Không có việc nào chờ bạn" in words
    part = site.as_("khanh").get("/dieu-hanh/so-lieu")
    assert part.headers["cache-control"] == "no-store"
    assert "Lượt thi Tuần 1" in part.text
    assert "<html" not in part.text


def test_the_figures_are_the_organisers_alone(site: Site):
    site.world.open_edition()

    assert site.as_("minh").get("/dieu-hanh/so-lieu").status_code == 403
    assert site.visitor().get("/dieu-hanh/so-lieu").status_code == 303


def test_the_chart_says_in_words_and_in_a_table_what_it_draws(site: Site):
    world = site.world
    world.open_edition(opened=timedelta(hours=30))
    world.start("minh")
    world.clock.tick(hours=8)

    page = desk(site)

    assert 'role="img" aria-labelledby="chart-title chart-words"' in page
    described = re.search(r'<desc id="chart-words">([^<]+)', page)
    assert described is not None
    assert "Tuần 1: 1 lượt, nhiều nhất 1 lượt một giờ" in described[1]
    assert page.count('<path class="series') == 1
    assert "Xem dạng bảng" in page
    assert "style=" not in page


@pytest.mark.slow
def test_a_closed_round_waits_then_is_settled_then_published(site: Site):
    world = site.world
    world.open_edition()
    world.play("minh")
    world.start("hoa")
    world.clock.set(world.round().closes_at + timedelta(seconds=1))
    assert "Còn 1 bài chưa hết giờ" in text_of(desk(site))

    world.close()
    world.clock.tick(seconds=20)
    khanh = site.as_("khanh")
    words = text_of(khanh.get("/dieu-hanh").text)
    assert "Tính kết quả ngay" in words
    assert "Hợp lệ chưa tính" in words
    address = "/dieu-hanh/vong/thu-nghiem/tuan-1"
    assert khanh.post(f"{address}/tinh-ket-qua").status_code == 303

    words = text_of(khanh.get("/dieu-hanh").text)
    assert "Công bố kết quả Tuần 1" in words
    assert "chỉ điều chỉnh được bằng một quyết định" in words
    assert "Đúng hết niêm phong" in words
    assert khanh.post(f"{address}/cong-bo").status_code == 303

    page = khanh.get("/dieu-hanh").text
    words = text_of(page)
    assert "Công bố…" not in words
    assert "Đúng hết 1" in words
    assert 'href="/xep-hang/thu-nghiem/tuan-1"' in page
    assert f'href="{address}/giai-thuong"' in page
    assert f'href="{address}/gia-han"' not in page


def test_what_waits_stands_in_the_order_of_its_urgency(site: Site):
    world = site.world
    world.open_edition()
    for handle in ("minh", "hoa", "lan"):
        world.play(handle, right=0)
    world.close()
    world.settle()
    world.publish()
    round_id = world.round().id
    world.db.write(
        file_complaint,
        attempt_code=_attempt(site, "minh"),
        account_id=world.accounts["minh"],
        text="Tôi nghĩ đáp án của câu này chưa đúng, xin xem lại.",
        new_code="KHIEUNAI1",
        by=world.ref("minh"),
        now=world.clock(),
    )
    made = world.db.write(
        propose_disqualification,
        round_id=round_id,
        entrant_id=_entrant_id(site, "hoa"),
        reason="Hai tài khoản của cùng một người.",
        by=world.ref("khanh"),
        chance=world.chance,
        now=world.clock(),
    )

    page = desk(site)

    words = text_of(page)
    places = [
        words.index(each)
        for each in ("Khiếu nại chờ trả lời", "Đề nghị loại bài ở Tuần 1", "nghi sai đáp án")
    ]
    assert places == sorted(places)
    assert f'href="/dieu-hanh/quyet-dinh/{made.code}"' in page
    assert 'href="/dieu-hanh/khieu-nai"' in page
    assert 'href="/dieu-hanh/vong/thu-nghiem/tuan-1/cau-hoi"' in page
    world.clock.tick(days=60)
    assert "Khiếu nại quá hạn trả lời" in text_of(desk(site))


def test_each_round_has_its_own_actions(site: Site):
    site.world.open_edition()

    page = desk(site)

    running = "/dieu-hanh/vong/thu-nghiem/tuan-1"
    for name in ("cau-hoi", "gia-han", "su-co", "loai"):
        assert f'href="{running}/{name}"' in page
    assert f'href="{running}/giai-thuong"' not in page
    assert "/dieu-hanh/vong/thu-nghiem/tuan-2/" not in page
    assert 'href="#vong-tuan-2"' in page
    assert 'id="vong-tuan-2"' in page


def _entrant_id(site: Site, handle: str) -> int:
    world = site.world
    return world.attempt(handle, _attempt(site, handle)).entrant_id


def _attempt(site: Site, handle: str) -> str:
    world = site.world
    with world.db.read() as tx:
        return own_attempts(tx, world.accounts[handle], [world.round().id])[-1].code
