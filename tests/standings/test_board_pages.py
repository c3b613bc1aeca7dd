"""The board's page: search, paging, its states; for everybody, at the same cost."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa

from contest.people.consent.commands import set_name_on_boards
from contest.rulings.commands import propose_disqualification
from contest.standings import boards
from contest.standings.commands import decide_ruling
from contest.standings.participation import Counted
from contest.standings.settle import try_ruling
from tests.site import Site
from tests.standings.board_people import (
    BA_VI,
    BOARD,
    HO_GUOM,
    a_week,
    as_printed,
    enter,
    entrant_id,
    entry_code,
    lines,
    officially,
    wards,
    words,
)
from tests.world import World


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
    counted = Counted(world.clock)

    def attempts() -> int:
        with world.db.read() as tx:
            return counted.of(tx, round_id).attempts

    assert attempts() == 0
    world.start("minh")
    assert attempts() == 0
    world.clock.tick(seconds=4.9)
    assert attempts() == 0
    world.clock.tick(seconds=0.2)
    assert attempts() == 1
    world.start("hoa")
    assert attempts() == 1
    world.clock.tick(hours=-1)  # A clock that was set back.
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
    assert max(many) <= 17


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
