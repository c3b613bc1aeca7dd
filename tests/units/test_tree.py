"""The city as it was on a day: how many units, which above which, and names that are not keys."""

from datetime import date

import pytest

from contest import paths
from contest.infra.database import Database
from contest.units import files, tree
from contest.units.commands import import_successions, import_units
from contest.units.rows import SuccessionRow, UnitRow
from contest.units.tree import DatedUnit

TODAY = date(2026, 11, 24)
CITY = "01@2020-03-01"


@pytest.fixture
def loaded(db: Database) -> Database:
    files.load_units(db, paths.UNITS)
    return db


@pytest.mark.parametrize(
    ("day", "wards", "counts"),
    [
        (
            date(2022, 10, 1),
            579,
            {"city": 1, "district": 30, "ward": 175, "commune": 383, "township": 21},
        ),
        (
            date(2025, 3, 1),
            526,
            {"city": 1, "district": 30, "ward": 160, "commune": 345, "township": 21},
        ),
        (TODAY, 126, {"city": 1, "ward": 51, "commune": 75}),
    ],
)
def test_the_three_layers_have_as_many_units_as_the_resolutions_say(
    loaded: Database, day: date, wards: int, counts: dict[str, int]
):
    with loaded.read() as tx:
        this = tree.tree_on(tx, day)
        assert tree.counts_on(tx, day) == counts
        assert tree.subtree(tx, CITY, day) == {ward.id for ward in this.all_wards}

    assert len(this.all_wards) == wards
    assert {"city": 1, **this.counts} == counts
    # Under each district of the day or, since there are none, straight under the city.
    assert len(this.wards) == (0 if "district" in counts else wards)


@pytest.mark.parametrize(
    ("day", "wards"),
    [
        (date(2020, 2, 29), 0),
        (date(2020, 3, 1), 579),
        (date(2024, 12, 31), 579),
        (date(2025, 1, 1), 526),
        (date(2025, 6, 30), 526),
        (date(2025, 7, 1), 126),
    ],
)
def test_a_layer_begins_and_ends_on_its_days(loaded: Database, day: date, wards: int):
    with loaded.read() as tx:
        assert len(tree.tree_on(tx, day).all_wards) == wards


def test_the_layers_of_the_wards_follow_each_other(loaded: Database):
    with loaded.read() as tx:
        found = tree.layers(tx)

    assert [(each.first, each.last) for each in found] == [
        (date(2020, 3, 1), date(2024, 12, 31)),
        (date(2025, 1, 1), date(2025, 6, 30)),
        (date(2025, 7, 1), None),
    ]


def test_a_subtree_is_that_of_its_day(loaded: Database):
    ba_dinh, ward, today_ward = "001@2020-03-01", "00004@2020-03-01", "00004@2025-07-01"
    with loaded.read() as tx:
        in_2022 = tree.subtree(tx, ba_dinh, date(2022, 10, 1))
        in_2025 = tree.subtree(tx, ba_dinh, date(2025, 3, 1))
        assert tree.subtree(tx, ba_dinh, TODAY) == frozenset()
        assert tree.subtree(tx, ward, date(2022, 10, 1)) == {ward}
        assert tree.subtree(tx, ward, TODAY) == frozenset()
        assert tree.subtree(tx, today_ward, date(2022, 10, 1)) == frozenset()
        assert tree.subtree(tx, today_ward, TODAY) == {today_ward}

    assert (len(in_2022), len(in_2025)) == (14, 13)
    assert in_2022 - in_2025 == {"00010@2020-03-01"}


def test_one_code_on_two_days_is_two_units(loaded: Database):
    with loaded.read() as tx:
        old, new = (tree.dated_unit(tx, f"00004@{day}") for day in ("2020-03-01", "2025-07-01"))
        assert old
        assert new
        assert (old.code, old.name) == ("00004", "Phường Trúc Bạch")
        assert (new.code, new.name) == ("00004", "Phường Ba Đình")
        assert tree.of_same_code(tx, old) == [new]
        assert tree.of_same_code(tx, new) == [old]


def test_one_name_in_several_districts_is_told_apart(loaded: Database):
    with loaded.read() as tx:
        found = [
            each
            for each in tree.search_all_days(tx, "quang trung")
            if each.name.endswith("Quang Trung") and each.is_valid_on(date(2022, 10, 1))
        ]
        parents = tree.dated_units(tx, {each.parent_id for each in found if each.parent_id})
        first = next(each for each in found if each.name == "Phường Quang Trung")
        others = {
            each.id for each in tree.of_same_name(tx, first) if each.is_valid_on(date(2022, 10, 1))
        }

    assert len(found) >= 3
    assert len({parents[each.parent_id or ""].name for each in found}) == len(found)
    wards = {each.id for each in found if each.name == first.name}
    assert others == wards - {first.id}


@pytest.mark.parametrize("text", ["Trúc Bạch", "truc bach", "PHUONG TRUC BACH", "trúc-bạch"])
def test_a_name_of_old_days_is_found(loaded: Database, text: str):
    with loaded.read() as tx:
        assert [each.id for each in tree.search_all_days(tx, text)] == ["00004@2020-03-01"]


@pytest.mark.parametrize(
    "text",
    ["Văn Miếu - Quốc Tử Giám", "van mieu – quoc tu giam", "Văn Miếu-Quốc Tử Giám", "quoc tu giam"],
)
def test_a_name_with_a_dash_is_found_however_the_dash_is_typed(loaded: Database, text: str):
    with loaded.read() as tx:
        names = {each.name for each in tree.search_all_days(tx, text)}

    assert "Phường Văn Miếu - Quốc Tử Giám" in names


def test_the_newest_of_a_name_comes_first_and_nothing_typed_finds_nothing(loaded: Database):
    with loaded.read() as tx:
        found = tree.search_all_days(tx, "yên hòa")
        assert tree.search_all_days(tx, " - % ") == []

    assert [each.name for each in found] == ["Phường Yên Hoà"] * 2
    assert found[0].valid_from > found[1].valid_from


def row(id: str, name: str, kind: str, parent: str | None, ends: date | None = None) -> UnitRow:
    code, _, first = id.partition("@")
    return UnitRow(
        id=id,
        code=code,
        name=name,
        kind=kind,
        parent_id=parent,
        valid_from=date.fromisoformat(first),
        valid_to=ends,
    )


def test_a_ward_whose_district_was_succeeded_stands_under_the_one_of_the_day(db: Database):
    """The table keeps the parent of a unit's first day; what is asked is asked of a day."""
    change, end = date(2021, 1, 1), date(2025, 7, 1)
    city, ward = "01@2020-03-01", "00099@2020-03-01"
    old, new = "009@2020-03-01", "009@2021-01-01"
    db.write(
        import_units,
        rows=[
            row(city, "Thành phố Hà Nội", "city", None),
            row(old, "Huyện Cũ", "district", city, change),
            row(new, "Quận Mới", "district", city, end),
            row(ward, "Phường Ở Lại", "ward", old),
        ],
    )
    db.write(
        import_successions,
        rows=[
            SuccessionRow(
                from_id=old, to_id=new, on_day=change, share="whole", is_default=True, basis="test"
            )
        ],
    )
    with db.read() as tx:
        assert tree.subtree(tx, old, date(2020, 6, 1)) == {ward}
        assert tree.subtree(tx, new, date(2022, 6, 1)) == {ward}
        assert tree.subtree(tx, old, date(2022, 6, 1)) == frozenset()
        after = tree.tree_on(tx, TODAY)

    # The level is gone: the ward stands under the city, and nobody is lost.
    assert [each.id for each in after.wards] == [ward]
    assert after.branches == []


def test_the_first_day_of_the_files_means_at_least_since_then():
    unit = DatedUnit(
        id="1@2020-03-01",
        name="Xã Cũ",
        kind="commune",
        parent_id=None,
        code="1",
        valid_from=tree.OLDEST_DAY,
        valid_to=date(2025, 7, 1),
    )
    assert not unit.is_start_known
    assert unit.last_day == date(2025, 6, 30)
