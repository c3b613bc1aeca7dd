"""What a unit came from and became: which rule decides, whom one must ask, what nobody has seen."""

from datetime import date

import pytest

from contest import paths
from contest.infra.database import Database
from contest.units import files, successions, tree

TODAY = date(2026, 11, 24)


@pytest.fixture
def loaded(db: Database) -> Database:
    files.load_units(db, paths.UNITS)
    return db


def unseen() -> list[tuple[str, str]]:
    """The rows whose basis says that they were not seen in a source."""
    rows = files.read_successions(paths.UNITS)
    return [(row.from_id, row.to_id) for row in rows if row.basis.startswith("verify")]


def test_a_ward_that_went_whole_needs_nobody_to_be_asked(loaded: Database):
    with loaded.read() as tx:
        [step] = successions.successors(tx, ["00004@2020-03-01"])["00004@2020-03-01"]
        became = successions.became(tx, ["00004@2020-03-01"], TODAY)["00004@2020-03-01"]

    assert (step.unit.name, step.share, step.must_ask, step.is_known) == (
        "Phường Ba Đình",
        "whole",
        False,
        True,
    )
    assert [(each.unit.name, each.is_sure) for each in became] == [("Phường Ba Đình", True)]


def test_a_ward_that_was_divided_asks_and_offers_its_default_first(loaded: Database):
    cua_nam = "00073@2020-03-01"
    with loaded.read() as tx:
        steps = successions.successors(tx, [cua_nam])[cua_nam]
        became = successions.became(tx, [cua_nam], TODAY)[cua_nam]

    assert len(steps) == 4
    assert steps[0].is_default
    assert not any(each.is_default for each in steps[1:])
    assert all(each.must_ask for each in steps if each.has_people)
    assert became[0].unit.id == steps[0].unit.id
    assert not any(each.is_sure for each in became)


def test_a_piece_of_land_without_people_is_nobodys_home(loaded: Database):
    rows = files.read_successions(paths.UNITS)
    row = next(each for each in rows if each.share == "all people, part of the area")
    with loaded.read() as tx:
        became = successions.became(tx, [row.from_id], TODAY)[row.from_id]
        steps = successions.successors(tx, [row.from_id])[row.from_id]

    assert [each.unit.id for each in became] == [row.to_id]
    assert became[0].is_sure
    assert len(steps) > 1
    assert not any(each.must_ask for each in steps)


def test_a_ward_is_followed_through_both_changes(loaded: Database):
    """Nguyễn Trung Trực went into Trúc Bạch in January 2025, and that into Ba Đình in July."""
    old = "00010@2020-03-01"
    with loaded.read() as tx:
        assert [
            each.unit.name for each in successions.became(tx, [old], date(2025, 3, 1))[old]
        ] == ["Phường Trúc Bạch"]
        today = successions.became(tx, [old], TODAY)[old]

    assert [each.unit.name for each in today] == ["Phường Ba Đình"]


def test_every_ward_of_old_days_leads_to_wards_of_today(loaded: Database):
    with loaded.read() as tx:
        for day in (date(2022, 10, 1), date(2025, 3, 1)):
            wards = tree.tree_on(tx, day).all_wards
            found = successions.became(tx, [each.id for each in wards], TODAY)
            assert all(found[each.id] for each in wards)
            assert all(each.unit.is_valid_on(TODAY) for became in found.values() for each in became)


def test_a_ward_of_today_is_its_own(loaded: Database):
    with loaded.read() as tx:
        [same] = successions.became(tx, ["00004@2025-07-01"], TODAY)["00004@2025-07-01"]

    assert (same.unit.id, same.is_sure) == ("00004@2025-07-01", True)


def test_the_ten_that_nobody_has_seen_are_never_a_fact(loaded: Database):
    rows = unseen()
    assert len(rows) == 10
    with loaded.read() as tx:
        steps = successions.successors(tx, [old for old, _new in rows])
        became = successions.became(tx, [old for old, _new in rows], TODAY)
        for old, new in rows:
            assert [each.is_known for each in steps[old] if each.unit.id == new] == [False]
            assert not any(each.is_sure for each in became[old])
            back = [each for each in successions.predecessors(tx, new) if each.unit.id == old]
            assert [each.is_known for each in back] == [False]


def test_what_a_unit_came_from_is_told(loaded: Database):
    with loaded.read() as tx:
        found = {each.unit.name: each for each in successions.predecessors(tx, "00004@2025-07-01")}

    assert not found["Phường Trúc Bạch"].must_ask
    assert found["Phường Điện Biên"].must_ask
    assert not found["Phường Thụy Khuê"].has_people
