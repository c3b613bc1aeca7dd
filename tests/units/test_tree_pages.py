"""The pages of the city's units, as anybody sees them."""

import re
from html import unescape

import httpx
import pytest

from contest import paths
from contest.units import files
from contest.units.files import load_units
from tests.server import Visitor
from tests.site import Site


@pytest.fixture
def visitor(site: Site) -> Visitor:
    load_units(site.world.db, paths.UNITS)
    return site.visitor()


def words(answer: httpx.Response) -> str:
    main = answer.text.partition("<main ")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", ["phường, xã 126", "51 phường, 75 xã", "Không còn quận, huyện"]),
        (
            "?ngay=2022-10-01",
            [
                "phường, xã, thị trấn 579",
                "quận, huyện, thị xã 30",
                "175 phường, 383 xã, 21 thị trấn",
            ],
        ),
        ("?ngay=1/3/2025", ["phường, xã, thị trấn 526", "160 phường, 345 xã, 21 thị trấn"]),
    ],
)
def test_the_tree_of_a_day_tells_its_figures(visitor: Visitor, query: str, told: list[str]):
    answer = visitor.get(f"/don-vi{query}")

    assert answer.status_code == 200
    text = words(answer)
    for each in told:
        assert each in text, each


def test_every_ward_of_the_day_is_on_the_page_once(visitor: Visitor):
    text = visitor.get("/don-vi?ngay=2022-10-01").text

    assert len(re.findall(r'<a href="/don-vi/\d{5}@2020-03-01">', text)) == 579
    assert text.count("<details") == 30


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("30/2/2022", "Chưa hiểu ngày này"),
        ("hôm qua", "Chưa hiểu ngày này"),
        ("1/1/1999", "những ngày trước 1/3/2020"),
        ("1/1/2030", "chưa tới"),
    ],
)
def test_a_day_that_cannot_be_is_kept_as_typed_and_told(visitor: Visitor, day: str, told: str):
    answer = visitor.http.get("/don-vi", params={"ngay": day})

    assert answer.status_code == 422
    assert told in words(answer)
    assert f'value="{day}"' in unescape(answer.text)


def test_an_old_name_without_tones_finds_what_it_became(visitor: Visitor):
    text = words(visitor.get("/don-vi?q=truc+bach"))

    assert "Phường Trúc Bạch · Quận Ba Đình" in text
    assert "Nay thuộc Phường Ba Đình" in text


def test_a_divided_ward_is_told_as_such(visitor: Visitor):
    found = words(visitor.get("/don-vi?q=cua+nam"))
    page = words(visitor.get("/don-vi/00073@2020-03-01"))

    assert re.search(r"Nay tùy chỗ ở, thuộc: (Phường [\w -]+, ){3}Phường", found)
    assert "Phải hỏi người dân" in page
    assert "một phần dân cư" in page


def test_one_code_of_two_days_has_two_pages_that_name_each_other(visitor: Visitor):
    old, new = visitor.get("/don-vi/00004@2020-03-01"), visitor.get("/don-vi/00004@2025-07-01")

    assert "<h1>Phường Trúc Bạch</h1>" in old.text
    assert "<h1>Phường Ba Đình</h1>" in new.text
    assert "đây là những đơn vị khác, số liệu không cộng chung" in words(old)
    assert 'href="/don-vi/00004@2025-07-01"' in old.text
    assert 'href="/don-vi/00004@2020-03-01"' in new.text


def test_one_name_in_several_districts_is_told_with_its_district(visitor: Visitor):
    text = words(visitor.get("/don-vi?q=quang+trung"))

    districts = set(
        re.findall(r"Quang Trung · (Quận [\w ]+?|Huyện [\w ]+?|Thị xã [\w ]+?) đến", text)
    )
    assert len(districts) >= 3


def test_what_nobody_has_seen_is_not_shown_as_a_fact(visitor: Visitor):
    rows = [row for row in files.read_successions(paths.UNITS) if row.basis.startswith("verify")]
    for row in rows:
        old, new = visitor.get(f"/don-vi/{row.from_id}"), visitor.get(f"/don-vi/{row.to_id}")
        assert "Chưa chắc chắn" in words(old)
        assert "chưa kiểm chứng" in words(old)
        assert "chưa kiểm chứng" in words(new)
        assert "toàn bộ" not in words(old)
    name = visitor.get(f"/don-vi/{rows[0].from_id}").text.partition("<h1>")[2].partition("</h1>")[0]
    found = words(visitor.http.get("/don-vi", params={"q": unescape(name)}))  # type: ignore[arg-type]
    assert "chưa có nguồn xác nhận" in found or "tùy chỗ ở" in found


def test_a_district_shows_its_wards_of_each_time_and_has_no_successor(visitor: Visitor):
    text = words(visitor.get("/don-vi/001@2020-03-01"))

    assert "Đến hết 31/12/2024 14" in text
    assert "Từ 1/1/2025 đến 30/6/2025 13" in text
    assert "không có đơn vị kế tục" in text


@pytest.mark.parametrize("unit_id", ["00004", "00004@1999-01-01", "%00", "a" * 300])
def test_a_unit_that_never_was_is_not_found(visitor: Visitor, unit_id: str):
    answer = visitor.get(f"/don-vi/{unit_id}")

    assert answer.status_code == 404
    assert answer.status_code != 500


def test_the_city_has_a_page(visitor: Visitor):
    assert visitor.get("/don-vi/01@2020-03-01").status_code == 200
