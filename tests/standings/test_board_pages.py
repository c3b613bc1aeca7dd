"""The board's page: filters, search, paging, its states; for everybody, at the same cost."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import unescape
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from contest.people.consent.commands import set_name_on_boards
from contest.rulings.commands import propose_disqualification
from contest.standings import boards, queries
from contest.standings.boards import Part
from contest.standings.commands import decide_ruling
from contest.standings.participation import Counted
from contest.standings.settle import try_ruling
from tests.site import Site
from tests.standings.board_people import (
    BA_VI,
    HA_DONG,
    HO_GUOM,
    as_printed,
    enter,
    entrant_id,
    entry_code,
    officially,
    wards,
)
from tests.world import World

BOARD = "/xep-hang/thu-nghiem/tuan-1"
YOUNG = date(2009, 6, 1)
_ROW = re.compile(
    r'<td class="rank">([\d.]+)(?:<span class="under">.*?</span>([\d./]+)</span>)?</td>\s*'
    r'<th scope="row">(.*?)<span class="under',
    re.S,
)


def lines(answer: httpx.Response) -> list[tuple[str, str, str]]:
    """The rows of the table: place, place in the filtered part, name."""
    assert answer.status_code == 200, answer.text
    return [
        (place, part, unescape(re.sub(r"<[^>]+>", "", who)).strip())
        for place, part, who in _ROW.findall(answer.text)
    ]


def words(answer: httpx.Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def a_week(world: World) -> None:
    """Seven lines: 1 Hà, 2 An, 2 Bình, 4 Chi (17), 5 Dũng, 6 Em (no name), 7 Hạ."""
    world.open_edition(chain=["score", "time"])
    wards(world)
    enter(world, "ha", "Nguyễn Thu Hà", minutes=1, ward=HO_GUOM)
    enter(world, "an", "Trần An", minutes=2, ward=BA_VI)
    enter(world, "binh", "Lê Bình", minutes=2, ward=HO_GUOM, born=date(1950, 1, 1))
    enter(world, "chi", "Vũ Chi", minutes=3, ward=HO_GUOM, born=YOUNG)
    enter(world, "dung", "Đỗ Dũng", minutes=4, ward=HO_GUOM)
    enter(world, "em", "Phan Em", minutes=5, ward=HO_GUOM, shows_name=False)
    enter(world, "ha2", "Ngô Thị Hạ", minutes=6)


def test_a_ward_shows_its_people_with_both_places(site: Site) -> None:
    a_week(site.world)
    officially(site.world)

    answer = site.visitor().get(f"{BOARD}?don-vi={HO_GUOM}")

    assert lines(answer) == [
        ("1", "1/5", "N. T. Hà"),
        ("2", "2/5", "L. Bình"),
        ("4", "3/5", entry_code(site.world, "chi")),
        ("5", "4/5", "Đ. Dũng"),
        ("6", "5/5", entry_code(site.world, "em")),
    ]
    assert "podium" not in answer.text
    assert f'<option value="{HO_GUOM}" selected>Phường Hồ Gươm</option>' in answer.text
    # A ward without a line is no choice.
    assert "Phường Hà Đông" not in answer.text


def test_an_age_group_and_both_filters_together(site: Site) -> None:
    a_week(site.world)
    officially(site.world)
    visitor = site.visitor()

    assert lines(visitor.get(f"{BOARD}?tuoi=3")) == [("4", "1/1", entry_code(site.world, "chi"))]
    assert lines(visitor.get(f"{BOARD}?tuoi=7")) == [("2", "1/1", "L. Bình")]
    both = visitor.get(f"{BOARD}?don-vi={HO_GUOM}&tuoi=5")
    assert [row[:2] for row in lines(both)] == [("1", "1/3"), ("5", "2/3"), ("6", "3/3")]
    assert "31–45 tuổi" in both.text
    nobody = visitor.get(f"{BOARD}?don-vi={BA_VI}&tuoi=7")
    assert lines(nobody) == []
    assert "Không có ai trong nhóm này" in nobody.text
    # What was chosen stays in the form, and each of the two can be taken away alone.
    assert '<option value="7" selected>trên 60 tuổi</option>' in nobody.text
    assert f'href="{BOARD}?tuoi=7"' in nobody.text
    assert f'href="{BOARD}?don-vi={BA_VI.replace("@", "%40")}"' in nobody.text


def test_few_minors_of_a_ward_are_not_listed_and_many_are(site: Site) -> None:
    world = site.world
    a_week(world)
    for name in ("Ánh", "Bảo", "Chi", "Duy", "Giang"):
        enter(world, name, f"Hồ Kim {name}", minutes=7, ward=HA_DONG, born=YOUNG)
    officially(world)
    visitor = site.visitor()

    code = entry_code(world, "chi")
    one = visitor.get(f"{BOARD}?don-vi={HO_GUOM}&tuoi=3")
    none = visitor.get(f"{BOARD}?don-vi={BA_VI}&tuoi=3")
    searched = visitor.get(f"{BOARD}?don-vi={HO_GUOM}&tuoi=3&tim={code}")
    for answer in (one, none, searched):
        assert lines(answer) == []
        assert "Để giữ riêng tư cho trẻ em" in answer.text
        assert "trong nhóm đang lọc" not in answer.text
    assert len(lines(visitor.get(f"{BOARD}?don-vi={HA_DONG}&tuoi=3"))) == 5
    assert [row[2] for row in lines(visitor.get(f"{BOARD}?tim={code}"))] == [code]


def test_those_who_share_a_place_share_it_within_a_filter_across_pages(world: World) -> None:
    world.open_edition(chain=["score", "time"])
    wards(world)
    for number, (ward, minutes) in enumerate(
        [(HO_GUOM, 1), (BA_VI, 2), (HO_GUOM, 2), (HO_GUOM, 2), (BA_VI, 2), (HO_GUOM, 3)]
    ):
        enter(world, f"p{number}", f"Lê {'ABCDEG'[number]}", minutes=minutes, ward=ward)
    result = officially(world)

    for skip in range(5):
        with world.db.read() as tx:
            rows = boards.part_lines(
                tx, result, Part(ward_id=HO_GUOM), skip=skip, now=world.clock()
            )
        assert [(row.place, row.part_place) for row in rows] == [
            (1, 1),
            (2, 2),
            (2, 2),
            (6, 4),
        ][skip:]


def test_a_search_by_name_or_code_and_what_to_do_when_it_finds_nobody(site: Site) -> None:
    a_week(site.world)
    officially(site.world)
    visitor = site.visitor()

    found = visitor.get(f"{BOARD}?tim=h%C3%A0")
    assert lines(found) == [("1", "", "N. T. Hà"), ("7", "", "N. T. Hạ")]
    assert 'value="hà"' in found.text
    assert lines(visitor.get(f"{BOARD}?tim=ha&don-vi={HO_GUOM}")) == [("1", "", "N. T. Hà")]
    code = entry_code(site.world, "em")
    assert lines(visitor.get(f"{BOARD}?tim={as_printed(code)}")) == [("6", "", code)]
    for typed in ("phan+em", "abcd-efgh", "%01%ff%ed%a0%80", "x" * 3000):
        nobody = visitor.get(f"{BOARD}?tim={typed}")
        assert lines(nobody) == []
        assert "Không tìm thấy ai" in nobody.text
    assert "Tìm trên cả bảng" in visitor.get(f"{BOARD}?tim=an&don-vi={HO_GUOM}").text


def test_a_withdrawn_name_is_not_found_in_the_next_second(site: Site) -> None:
    a_week(site.world)
    officially(site.world)
    world, visitor = site.world, site.visitor()

    world.db.write(
        set_name_on_boards,
        account_id=world.accounts["ha"],
        shown=False,
        by="tests",
        now=world.clock(),
    )

    assert lines(visitor.get(f"{BOARD}?tim=ha")) == [("7", "", "N. T. Hạ")]
    site.running.application.worker.run_until_idle()
    assert lines(visitor.get(f"{BOARD}?tim=ha")) == [("7", "", "N. T. Hạ")]
    assert "N. T. Hà" not in visitor.get(BOARD).text


def test_while_names_are_being_prepared_the_search_says_so(site: Site) -> None:
    a_week(site.world)
    officially(site.world, prepared=False)
    visitor = site.visitor()

    assert "Chưa tìm được theo tên" in visitor.get(f"{BOARD}?tim=ha").text
    code = entry_code(site.world, "ha")
    assert lines(visitor.get(f"{BOARD}?tim={code}")) == [("1", "", "N. T. Hà")]

    site.running.application.worker.run_until_idle()

    assert [row[2] for row in lines(visitor.get(f"{BOARD}?tim=ha"))] == ["N. T. Hà", "N. T. Hạ"]


def test_every_name_leads_to_its_why_and_ones_own_says_so(site: Site) -> None:
    a_week(site.world)
    officially(site.world)

    page = site.as_("dung").get(f"{BOARD}?don-vi={BA_VI}")

    assert lines(page) == [("5", "", "Bạn (Đ. Dũng) Vì sao?"), ("2", "1/1", "T. An")]
    for handle in ("dung", "an"):
        assert f'href="{BOARD}/vi-sao/{entry_code(site.world, handle)}"' in page.text
    whole = site.visitor().get(BOARD)
    assert whole.text.count(f"{BOARD}/vi-sao/") == 7
    assert "podium" in whole.text
    for link in ("/cach-xep-hang", f"{BOARD}/giai-thuong", f"{BOARD}/ket-qua.csv"):
        assert f'href="{link}"' in whole.text
    assert "Bất kỳ ai cũng có thể tự tính lại" in whole.text


@pytest.mark.parametrize(
    "query",
    ["?trang=0", "?trang=2", "?trang=abc", "?trang=-1", "?trang=99999999999999999999", "?sau=x"],
)
def test_a_page_that_is_not_there_is_not_found(site: Site, query: str) -> None:
    a_week(site.world)
    officially(site.world)

    assert site.visitor().get(BOARD + query).status_code == 404


def test_a_filter_that_the_board_does_not_have_is_ignored_and_said(site: Site) -> None:
    a_week(site.world)
    officially(site.world)
    visitor = site.visitor()

    for query in (f"?don-vi={HA_DONG}", "?don-vi=%01%ff", "?don-vi=1'--", "?don-vi="):
        answer = visitor.get(BOARD + query)
        assert len(lines(answer)) == 4
        assert ("không có ai của đơn vị" in answer.text) == (query != "?don-vi=")
    for query in ("?tuoi=0", "?tuoi=8", "?tuoi=ba", "?tuoi=%F0%9D%9F%91"):
        assert "độ tuổi không hợp lệ" in visitor.get(BOARD + query).text


def test_an_adjusted_board_says_when_and_leads_to_what_changed(site: Site) -> None:
    world = site.world
    a_week(world)
    officially(world)
    world.clock.tick(minutes=10)
    proposed = world.db.write(
        propose_disqualification,
        round_id=world.round().id,
        entrant_id=entrant_id(world, "an"),
        reason="Một người dự thi bằng hai tài khoản.",
        chance=world.chance,
        by="tests",
        now=world.clock(),
    )
    try_ruling(world.db, proposed.code, world.clock)
    world.clock.tick(minutes=10)
    world.db.write(decide_ruling, ruling_code=proposed.code, by="tests", now=world.clock())
    when = world.clock().astimezone(boards.HANOI)

    page = site.visitor().get(BOARD)

    assert f"Đã điều chỉnh lúc {when:%H:%M} {when.day}/{when.month}." in words(page)
    assert f'href="{BOARD}/dieu-chinh"' in page.text
    assert "T. An" not in page.text
    # The names of the new result are prepared by the nudge of the act itself.
    site.running.application.worker.run_until_idle()
    assert len(lines(site.visitor().get(f"{BOARD}?tim=ha"))) == 2


def test_before_publishing_there_is_participation_and_no_filter(site: Site) -> None:
    world = site.world
    world.open_edition()
    assert "Vòng này chưa mở" in site.visitor().get(BOARD.replace("-1", "-2")).text
    world.play("minh")
    live = site.visitor().get(f"{BOARD}?tim=minh&trang=1")
    assert re.search(r"Lượt thi 1 Bài đã nộp 1 Đang làm bài 0", words(live))
    assert 'name="tim"' not in live.text
    world.close()
    world.settle()
    closed = site.visitor().get(f"{BOARD}?don-vi={HO_GUOM}")
    assert "chờ công bố" in closed.text
    assert 'name="don-vi"' not in closed.text


def test_participation_is_counted_once_in_five_seconds(world: World) -> None:
    world.open_edition()
    round_id = world.round().id
    now = [100.0]
    counted = Counted(lambda: now[0])

    def attempts() -> int:
        with world.db.read() as tx:
            return counted.of(tx, round_id).attempts

    assert attempts() == 0
    world.start("minh")
    assert attempts() == 0
    now[0] += 4.9
    assert attempts() == 0
    now[0] += 0.2
    assert attempts() == 1
    now[0] = 3.0  # A clock that was set back.
    world.start("hoa")
    assert attempts() == 2


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements that any connection runs meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def test_a_page_asks_the_same_number_of_questions_for_few_and_for_many(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_week(site.world)
    officially(site.world)
    visitor = site.as_("dung")
    addresses = ["", f"?don-vi={HO_GUOM}", "?tuoi=5", f"?don-vi={HO_GUOM}&tuoi=5", "?tim=ha"]
    addresses.append(f"?tim=ha&don-vi={HO_GUOM}")
    visitor.get(BOARD)

    def cost() -> list[int]:
        found = []
        for address in addresses:
            with asked() as seen:
                assert lines(visitor.get(BOARD + address)) or not address
            selects = [each for each in seen if each.lstrip().lower().startswith("select")]
            assert not [each for each in selects if "count(*)" in each and "attempts" in each]
            found.append(len(selects))
        return found

    many = cost()
    for module in ("boards", "board_pages", "finding"):
        monkeypatch.setattr(f"contest.standings.{module}.PAGE", 1)
    few = cost()

    assert few == many
    assert max(many) <= 15


def test_pages_of_a_search_follow_each_other(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    world = site.world
    world.open_edition()
    wards(world)
    for number in range(5):
        ward = HO_GUOM if number % 2 == 0 else BA_VI
        enter(world, f"p{number}", f"{'LTNVĐ'[number]}ê Hà", minutes=number + 1, ward=ward)
    officially(world)
    monkeypatch.setattr("contest.standings.finding.PAGE", 2)
    visitor = site.visitor()

    def all_pages(query: str) -> list[list[str]]:
        pages = []
        while query:
            answer = visitor.get(BOARD + query)
            pages.append([row[0] for row in lines(answer)])
            more = re.search(r'href="[^"?]*(\?[^"]*sau=\d+)"', answer.text)
            query = unescape(more[1]) if more else ""
        return pages

    assert all_pages("?tim=ha") == [["1", "2"], ["3", "4"], ["5"]]
    assert all_pages(f"?tim=ha&don-vi={HO_GUOM}") == [["1", "3"], ["5"]]
    # A name so frequent that it is looked through in steps: an empty step leads on.
    monkeypatch.setattr("contest.standings.finding.LOOKED_THROUGH", 1)
    assert all_pages(f"?tim=ha&don-vi={HO_GUOM}") == [["1"], [], ["3"], [], ["5"], []]
    assert "Bạn đã xem hết" in visitor.get(f"{BOARD}?tim=ha&sau=5").text


def test_pages_of_a_ward_follow_each_other(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    a_week(site.world)
    officially(site.world)
    for module in ("boards", "board_pages"):
        monkeypatch.setattr(f"contest.standings.{module}.PAGE", 2)
    visitor = site.visitor()

    seen = [lines(visitor.get(f"{BOARD}?don-vi={HO_GUOM}&trang={number}")) for number in (1, 2, 3)]

    assert [[row[:2] for row in rows] for rows in seen] == [
        [("1", "1/5"), ("2", "2/5")],
        [("4", "3/5"), ("5", "4/5")],
        [("6", "5/5")],
    ]
    first = visitor.get(f"{BOARD}?don-vi={HO_GUOM}").text
    assert f'href="{BOARD}?don-vi={HO_GUOM.replace("@", "%40")}&amp;trang=3"' in first
    assert visitor.get(f"{BOARD}?don-vi={HO_GUOM}&trang=4").status_code == 404


def test_the_groups_of_a_board_count_its_lines(world: World) -> None:
    a_week(world)
    result = officially(world)

    with world.db.read() as tx:
        groups = boards.groups(tx, result)
        held = queries.publication(tx, world.round().id)

    assert [ward.name for ward in groups.wards] == ["Xã Ba Vì", "Phường Hồ Gươm"]
    assert groups.ages == [3, 5, 7]
    assert held is not None
    assert groups.lines(Part()) == held.valid == 7
    assert groups.lines(Part(ward_id=HO_GUOM)) == 5
    assert groups.lines(Part(ward_id=HO_GUOM, age_group=5)) == 3
