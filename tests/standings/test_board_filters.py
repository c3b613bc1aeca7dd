"""The board's filters: a ward, an age group, both, with true places and places among those left."""

import pytest

from contest.standings import boards, queries
from contest.standings.boards import Part
from tests.site import Site
from tests.standings.board_people import (
    BA_VI,
    BOARD,
    HA_DONG,
    HO_GUOM,
    YOUNG,
    a_week,
    enter,
    entry_code,
    lines,
    officially,
    wards,
)
from tests.world import World


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
