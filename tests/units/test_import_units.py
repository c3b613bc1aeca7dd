"""The unit files as they are shipped: counts on the three dates, parents, repeats."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from contest import paths
from contest.infra.database import Database
from contest.units import commands, files, queries

BEFORE = date(2024, 12, 31)
MERGED = date(2025, 1, 1)
TODAY = date(2026, 11, 24)


@pytest.fixture
def loaded(db: Database) -> Database:
    files.load_units(db, paths.UNITS)
    return db


def counts(db: Database, day: date) -> tuple[int, dict[str, int]]:
    with db.read() as tx:
        districts = queries.units_on(tx, day, ["district"])
        wards = queries.wards_on(tx, day)
    kinds: dict[str, int] = {}
    for ward in wards:
        kinds[ward.kind] = kinds.get(ward.kind, 0) + 1
    return len(districts), kinds


def test_each_date_has_the_units_of_its_days(loaded: Database):
    assert counts(loaded, date(2022, 10, 1)) == (30, {"ward": 175, "commune": 383, "township": 21})
    assert counts(loaded, BEFORE) == (30, {"ward": 175, "commune": 383, "township": 21})
    assert counts(loaded, MERGED) == (30, {"ward": 160, "commune": 345, "township": 21})
    assert counts(loaded, date(2025, 6, 30)) == (30, {"ward": 160, "commune": 345, "township": 21})
    assert counts(loaded, date(2025, 7, 1)) == (0, {"ward": 51, "commune": 75})
    assert counts(loaded, TODAY) == (0, {"ward": 51, "commune": 75})


def test_loading_again_changes_nothing(loaded: Database):
    again = files.load_units(loaded, paths.UNITS)

    assert (again.added, again.changed) == (0, 0)
    assert again.unchanged == 769 + 884 + 60


def test_a_changed_row_is_brought_up_to_date(loaded: Database):
    rows = files.read_schools(paths.UNITS)
    rows[0] = msgspec.structs.replace(rows[0], size=999)

    done = loaded.write(commands.import_schools, rows=rows)

    assert (done.added, done.changed, done.unchanged) == (0, 1, 59)
    with loaded.read() as tx:
        assert {school.id: school.size for school in queries.schools(tx)}[rows[0].id] == 999


def test_a_reused_code_keeps_both_its_names(loaded: Database):
    with loaded.read() as tx:
        assert queries.unit_name(tx, "00004@2020-03-01") == "Phường Trúc Bạch"
        assert queries.unit_name(tx, "00004@2025-07-01") == "Phường Ba Đình"
        assert queries.unit_names(tx, {"00004@2025-07-01", "no@such"}) == {
            "00004@2025-07-01": "Phường Ba Đình"
        }


def test_a_ward_hangs_on_the_district_of_its_days_and_now_on_the_city(loaded: Database):
    with loaded.read() as tx:
        old = {ward.id: ward for ward in queries.wards_on(tx, BEFORE)}
        new = {ward.parent_id for ward in queries.wards_on(tx, TODAY)}

    assert old["00004@2020-03-01"].parent_id == "001@2020-03-01"
    assert new == {"01@2020-03-01"}


def test_a_divided_ward_has_several_successors_the_default_first(loaded: Database):
    with loaded.read() as tx:
        names = [unit.name for unit in queries.successors_of(tx, "00073@2020-03-01")]

    assert names[0] == "Phường Văn Miếu - Quốc Tử Giám"
    assert sorted(names[1:]) == ["Phường Ba Đình", "Phường Cửa Nam", "Phường Hoàn Kiếm"]


def test_todays_list_is_in_vietnamese_order_of_bare_names(loaded: Database):
    with loaded.read() as tx:
        names = [ward.name for ward in queries.wards_on(tx, TODAY)]

    assert names[:3] == ["Xã An Khánh", "Phường Ba Đình", "Xã Ba Vì"]
    assert names.index("Phường Cửa Nam") < names.index("Xã Dân Hoà") < names.index("Phường Đại Mỗ")
    assert names[-2:] == ["Phường Yên Sở", "Xã Yên Xuân"]


def test_a_wrong_line_is_named(tmp_path: Path):
    text = (paths.UNITS / files.SCHOOLS_FILE).read_text(encoding="utf-8").splitlines()
    text[2] = text[2].rsplit(",", 1)[0] + ",nhiều"
    (tmp_path / files.SCHOOLS_FILE).write_text("\n".join(text), encoding="utf-8")

    with pytest.raises(files.WrongFile, match=r"schools\.csv, line 3"):
        files.read_schools(tmp_path)
