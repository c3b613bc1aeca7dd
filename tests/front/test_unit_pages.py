"""An officer's figures: of the own unit, as of the edition's days, without a name or a score."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from contest.access import Grant, Role, Scope
from contest.editions import queries as editions
from contest.standings import unit_counts
from contest.standings.commands import publish_round
from contest.standings.settle import settle_round
from contest.standings.unit_counts import Place
from tests.front.unit_people import (
    ADULT,
    BA_DINH,
    CHILD,
    HO_GUOM,
    SCHOOL,
    TRUC_BACH,
    enter,
    open_edition,
)
from tests.site import Site
from tests.world import World

CITY = "01@2020-03-01"
WARD_OF_SCHOOL = "00145@2025-07-01"
HIGH_SCHOOL_IN_BA_DINH = "thpt-nhip-cau"


def in_2022(world: World) -> None:
    """An edition of October 2022 in which two people of Trúc Bạch, code 00004, take part."""
    back = world.clock()
    world.clock.set(datetime(2022, 10, 4, 3, 0, tzinfo=UTC))
    edition = open_edition(world, "nam-2022", datetime(2022, 10, 3, 3, 0, tzinfo=UTC))
    for handle in ("cu-1", "cu-2"):
        enter(world, edition, handle, ward=TRUC_BACH)
    world.clock.set(back)


def in_2026(world: World) -> None:
    """An edition of this week: three people of Ba Đình, also code 00004, and some others."""
    edition = open_edition(world, "nam-2026", world.clock() - timedelta(days=1))
    enter(world, edition, "an", ward=BA_DINH)
    enter(world, edition, "binh", ward=BA_DINH, school=SCHOOL, born=CHILD)
    enter(world, edition, "chi", ward=BA_DINH, school_other="Lớp học tình thương", submits=False)
    enter(world, edition, "duc", ward=HO_GUOM, school=SCHOOL, born=CHILD)
    enter(world, edition, "em", ward_other="Tỉnh Hưng Yên")


def publish(world: World) -> None:
    with world.db.read() as tx:
        edition = editions.edition(tx, "nam-2026")
    assert edition is not None
    this = edition.rounds[0]
    world.clock.set(this.closes_at + timedelta(minutes=1))
    world.sweep()
    settle_round(world.db, this.id, world.clock)
    world.db.write(publish_round, round_id=this.id, by="tests", now=world.clock())


def words(answer: httpx.Response) -> str:
    main = answer.text.partition("<main ")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def rows(answer: httpx.Response) -> list[list[str]]:
    """The lines of the file, the title and empty lines left out."""
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    return [row for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) if row][1:]


def test_the_officer_sees_the_own_ward(site: Site) -> None:
    in_2026(site.world)
    ha = site.as_("ha")

    sent = ha.get("/don-vi-toi")
    page = ha.get(sent.headers["location"])

    assert sent.headers["location"] == f"/don-vi-toi/{BA_DINH}"
    told = words(page)
    assert "Phường Ba Đình" in told
    assert "Tổng cộng 3 2" in told
    assert "Học trường ở nơi khác hoặc trường thuộc Sở 1 1" in told
    assert "Trường khác (tự ghi) 1 0" in told
    assert "Không ghi trường 1 1" in told
    # One child: not told as one.
    assert "Trong đó dưới 18 tuổi dưới 5" in told


def test_one_code_in_two_years_is_two_units_whose_figures_never_mix(site: Site) -> None:
    in_2022(site.world)
    in_2026(site.world)
    khanh, ha = site.as_("khanh"), site.as_("ha")

    old = rows(khanh.get(f"/don-vi-toi/{TRUC_BACH}?ky=nam-2022&dang=csv"))
    new = rows(khanh.get(f"/don-vi-toi/{BA_DINH}?ky=nam-2026&dang=csv"))
    crossed = [
        khanh.get(f"/don-vi-toi/{TRUC_BACH}?ky=nam-2026"),
        khanh.get(f"/don-vi-toi/{BA_DINH}?ky=nam-2022"),
        ha.get(f"/don-vi-toi/{BA_DINH}?ky=nam-2022"),
    ]

    assert old[5][:2] == ["Tổng cộng", "2"]
    assert new[5][:2] == ["Tổng cộng", "3"]
    for each in crossed:
        assert each.status_code == 200
        assert "Đơn vị này chưa có trong kỳ thi này" in words(each)
        assert "Tổng cộng" not in words(each)
    # The officer of the ward of today has no right to the ward that had its code.
    assert ha.get(f"/don-vi-toi/{TRUC_BACH}?ky=nam-2022").status_code == 404
    assert ha.get(f"/don-vi-toi/{TRUC_BACH}").status_code == 404


def test_the_database_counts_each_place_of_each_edition_for_itself(world: World) -> None:
    in_2022(world)
    in_2026(world)
    with world.db.read() as tx:
        found = {
            each.slug: {
                one.place: (one.people, one.minors)
                for one in unit_counts.entered(tx, each.id, each.rounds[0].opens_at.date())
            }
            for each in editions.editions(tx)
        }

    assert found["nam-2022"] == {Place(TRUC_BACH, False, None, False): (2, 0)}
    assert found["nam-2026"] == {
        Place(BA_DINH, False, None, False): (1, 0),
        Place(BA_DINH, False, SCHOOL, False): (1, 1),
        Place(BA_DINH, False, None, True): (1, 0),
        Place(HO_GUOM, False, SCHOOL, False): (1, 1),
        Place(None, True, None, False): (1, 0),
    }


def test_the_organiser_sees_the_city_and_its_lines_add_up(site: Site) -> None:
    in_2026(site.world)
    khanh = site.as_("khanh")

    sent = khanh.get("/don-vi-toi")
    page, file = (
        khanh.get(sent.headers["location"]),
        rows(khanh.get(f"/don-vi-toi/{CITY}?dang=csv")),
    )

    assert sent.headers["location"] == f"/don-vi-toi/{CITY}"
    assert page.status_code == 200
    assert "Nơi ở khác (tự ghi)" in words(page)
    total = next(at for at, row in enumerate(file) if row[0] == "Tổng cộng")
    parts = file[1:total]
    assert len(parts) == 126 + 2
    for column in (1, 3):
        assert sum(int(row[column]) for row in parts) == int(file[total][column])
    assert file[total][1] == "5"
    schools = file[total + 2 : -1]
    assert file[-1][0] == "Cộng các trường"
    assert sum(int(row[1]) for row in schools) == int(file[-1][1]) == 5


def test_an_edition_of_2022_has_districts_between_city_and_ward(site: Site) -> None:
    in_2022(site.world)
    khanh = site.as_("khanh")

    city = words(khanh.get(f"/don-vi-toi/{CITY}?ky=nam-2022"))
    district = words(khanh.get("/don-vi-toi/001@2020-03-01?ky=nam-2022"))

    assert "Theo quận, huyện" in city
    assert "Quận Ba Đình 2 0 2" in city
    assert "Phường Trúc Bạch 2 0 2" in district
    assert "Tổng cộng 2 0 2" in district


def test_a_district_officer_sees_the_wards_of_that_time_only(site: Site) -> None:
    in_2022(site.world)
    in_2026(site.world)
    site.world.person("thu")
    site.world.grant("thu", Grant(Role.UNIT_OFFICER, Scope.UNIT, "001@2020-03-01"))
    thu = site.as_("thu")

    assert thu.get(f"/don-vi-toi/{TRUC_BACH}?ky=nam-2022").status_code == 200
    assert thu.get("/don-vi-toi/00037@2020-03-01?ky=nam-2022").status_code == 404
    assert thu.get(f"/don-vi-toi/{BA_DINH}?ky=nam-2026").status_code == 404
    assert thu.get(f"/don-vi-toi/{TRUC_BACH}?ky=nam-2026").status_code == 404


@pytest.mark.parametrize(
    "unit_id", [HO_GUOM, CITY, SCHOOL, HIGH_SCHOOL_IN_BA_DINH, "nowhere", "%00", "x" * 300]
)
def test_another_unit_is_not_found(site: Site, unit_id: str) -> None:
    in_2026(site.world)

    answer = site.as_("ha").get(f"/don-vi-toi/{unit_id}")

    assert answer.status_code == 404


def test_an_officer_of_a_school_sees_the_school(site: Site) -> None:
    in_2026(site.world)
    site.world.person("thu")
    site.world.grant("thu", Grant(Role.UNIT_OFFICER, Scope.UNIT, SCHOOL))
    thu = site.as_("thu")

    page = thu.get(thu.get("/don-vi-toi").headers["location"])

    told = words(page)
    assert "Trường Tiểu học Hoa Gạo" in told
    assert "Tổng cộng 2 2" in told
    assert "trên sĩ số 616" in told
    assert "0,3 %" in told
    assert thu.get(f"/don-vi-toi/{WARD_OF_SCHOOL}").status_code == 404


def test_an_officer_of_two_units_chooses(site: Site) -> None:
    in_2026(site.world)
    site.world.person("ha")
    site.world.grant("ha", Grant(Role.UNIT_OFFICER, Scope.UNIT, SCHOOL))

    told = words(site.as_("ha").get("/don-vi-toi"))

    assert "Phường Ba Đình" in told
    assert "Trường Tiểu học Hoa Gạo" in told


def test_a_ward_shows_its_schools_but_not_those_of_the_department(site: Site) -> None:
    in_2026(site.world)
    khanh = site.as_("khanh")

    with_school = words(khanh.get(f"/don-vi-toi/{WARD_OF_SCHOOL}"))
    ba_dinh = words(khanh.get(f"/don-vi-toi/{BA_DINH}"))

    assert "Trường Tiểu học Hoa Gạo" in with_school
    assert "Nhịp Cầu" not in ba_dinh


def test_nothing_of_scores_is_told_before_publishing(site: Site) -> None:
    in_2026(site.world)
    officers = (("ha", f"/don-vi-toi/{BA_DINH}"), ("khanh", f"/don-vi-toi/{CITY}"))
    for handle, path in officers:
        told = words(site.as_(handle).get(path))
        assert "Điểm và hạng chỉ hiện sau khi ban tổ chức công bố" in told
        for word in ("Điểm trung bình", "Hạng cao nhất", "Số giải", "hợp lệ: "):
            assert word not in told
        head = rows(site.as_(handle).get(f"{path}?dang=csv"))[0]
        assert not [each for each in head if "hợp lệ" in each or "giải" in each]


def test_after_publishing_the_units_result_is_told(site: Site) -> None:
    in_2026(site.world)
    publish(site.world)

    told = words(site.as_("ha").get(f"/don-vi-toi/{BA_DINH}"))
    file = rows(site.as_("khanh").get(f"/don-vi-toi/{CITY}?dang=csv"))

    assert "Điểm trung bình" in told
    assert "hợp lệ: 3" in told
    # Some rounds in, the sum of the valid is the board's.
    valid = file[0].index("Tuần 1: hợp lệ")
    total = next(at for at, row in enumerate(file) if row[0] == "Tổng cộng")
    assert sum(int(row[valid]) for row in file[1:total]) == int(file[total][valid]) == 5
    assert sum(int(row[valid + 1]) for row in file[1:total]) == int(file[total][valid + 1]) >= 1


def test_no_name_and_no_code_is_on_the_page(site: Site) -> None:
    in_2026(site.world)
    world = site.world
    with world.db.read() as tx:
        codes = list(tx.execute(sa.text("select entry_code from entrants")).scalars())

    text = site.as_("khanh").get(f"/don-vi-toi/{CITY}").text

    assert "Nguyễn Văn An" not in text
    assert not [code for code in codes if code in text]


def test_a_cell_that_is_a_formula_is_made_a_text(site: Site) -> None:
    in_2026(site.world)
    site.world.db.write(
        lambda tx: tx.execute(
            sa.text("update schools set name = '=1+1' where id = :id"), {"id": SCHOOL}
        )
    )

    file = rows(site.as_("khanh").get(f"/don-vi-toi/{CITY}?dang=csv"))

    assert any(row[0].startswith("'=1+1") for row in file)
    assert not [cell for row in file for cell in row if cell[:1] in set("=+-@")]


def test_the_page_asks_a_fixed_number_of_statements(site: Site) -> None:
    in_2026(site.world)
    khanh = site.as_("khanh")
    asked: list[str] = []

    def counted(path: str) -> int:
        site.running.application.litestar.state.unit_counts.forget()
        asked.clear()
        khanh.get(path)
        return len(asked)

    with listening(asked):
        khanh.get(f"/don-vi-toi/{CITY}")
        before = counted(f"/don-vi-toi/{CITY}")
        edition = open_edition(site.world, "nam-2026", site.world.clock() - timedelta(days=1))
        for at in range(12):
            enter(site.world, edition, f"thêm {at}", ward=HO_GUOM, school=SCHOOL, born=ADULT)
        after = counted(f"/don-vi-toi/{CITY}")

    assert before == after
    assert before < 16


@contextmanager
def listening(asked: list[str]) -> Iterator[None]:
    """Notes every question to the database."""

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().lower().startswith(("select", "with")):
            asked.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("handle", ["", "minh", "nam", "phuc"])
def test_who_is_no_officer_does_not_come_in(site: Site, handle: str) -> None:
    in_2026(site.world)
    visitor = site.as_(handle) if handle else site.visitor()

    for path in ("/don-vi-toi", f"/don-vi-toi/{BA_DINH}", f"/don-vi-toi/{BA_DINH}?dang=csv"):
        assert visitor.get(path).status_code in (303, 401, 403)


def test_an_edition_that_is_not_there_is_not_found(site: Site) -> None:
    in_2026(site.world)

    assert site.as_("ha").get(f"/don-vi-toi/{BA_DINH}?ky=nam-1900").status_code == 404


def test_without_an_edition_the_page_says_so(site: Site) -> None:
    assert "Chưa có đơn vị để xem" in words(site.as_("ha").get("/don-vi-toi"))
