"""Looking for a ward or a school as people type."""

from datetime import date

import pytest

from contest import paths
from contest.infra.database import Database
from contest.units import files, queries

TODAY = date(2026, 11, 24)


@pytest.fixture
def loaded(db: Database) -> Database:
    files.load_units(db, paths.UNITS)
    return db


def found(db: Database, text: str, day: date = TODAY) -> list[str]:
    with db.read() as tx:
        return [unit.name for unit in queries.search_units(tx, text, day)]


@pytest.mark.parametrize("text", ["Yên Hoà", "yên hòa", "YEN HOA", "phuong yen hoa"])
def test_tones_capitals_and_spelling_are_forgiven(loaded: Database, text: str):
    assert found(loaded, text) == ["Phường Yên Hoà"]


def test_the_name_that_ends_as_typed_comes_first(loaded: Database):
    assert found(loaded, "quốc tử")[0] == "Phường Văn Miếu - Quốc Tử Giám"
    assert found(loaded, "ba")[0] == "Phường Ba Đình"


def test_only_units_of_the_day_are_found(loaded: Database):
    assert found(loaded, "Trúc Bạch") == []
    assert found(loaded, "Trúc Bạch", date(2022, 10, 1)) == ["Phường Trúc Bạch"]
    assert len(found(loaded, "Quang Trung", date(2022, 10, 1))) >= 3


def test_nothing_typed_finds_nothing(loaded: Database):
    assert found(loaded, "  % _ ") == []


def test_only_a_ward_of_the_day_may_be_lived_in(loaded: Database):
    with loaded.read() as tx:
        assert queries.is_ward_on(tx, "00004@2025-07-01", TODAY)
        assert not queries.is_ward_on(tx, "00004@2020-03-01", TODAY)
        assert not queries.is_ward_on(tx, "01@2020-03-01", TODAY)


def test_a_school_is_known_by_its_name_or_its_label(loaded: Database):
    with loaded.read() as tx:
        label = queries.schools_like(tx, "hoa gao")[0].label

        assert queries.school_named(tx, label) == "th-hoa-gao"
        assert queries.school_named(tx, "truong tieu hoc hoa gạo") == "th-hoa-gao"
        assert queries.school_name(tx, "th-hoa-gao") == "Trường Tiểu học Hoa Gạo"


def test_words_that_name_no_one_school_are_left_as_typed(loaded: Database):
    with loaded.read() as tx:
        assert queries.school_named(tx, "Trường Tiểu học") is None
        assert queries.school_named(tx, "Trường của tôi") is None
        assert queries.school_named(tx, "") is None
