"""The organiser gives a role with the place where it holds, and takes it back."""

import pytest

from contest.access import Grant, Role, Scope
from contest.cli.cast import BY_HANDLE
from contest.people.queries import grants_of
from contest.units.commands import import_schools
from contest.units.rows import SchoolRow
from tests.site import Site
from tests.standings.board_people import HO_GUOM, wards

SCHOOL = "Trường Tiểu học Hoa Gạo (Phường Hồ Gươm)"


@pytest.fixture
def desk(site: Site) -> Site:
    wards(site.world)
    school = SchoolRow(
        id="th-hoa-gao",
        name="Trường Tiểu học Hoa Gạo",
        level="primary",
        ward_id=HO_GUOM,
        size=600,
    )
    site.world.db.write(import_schools, rows=[school])
    site.world.open_edition()
    site.world.person("minh")
    return site


def held(site: Site, handle: str) -> list[Grant]:
    with site.world.db.read() as tx:
        return grants_of(tx, site.world.accounts[handle])


def address(site: Site) -> str:
    return f"/dieu-hanh/nguoi/{site.world.ref('minh')}/vai-tro"


def test_a_teacher_gets_the_role_at_a_school(desk: Site) -> None:
    khanh = desk.as_("khanh")
    khanh.get(address(desk))

    answer = khanh.post(address(desk), {"role": "teacher", "school": SCHOOL})
    again = khanh.post(address(desk), {"role": "teacher", "school": "truong tieu hoc hoa gao"})

    assert answer.status_code == again.status_code == 303
    assert held(desk, "minh") == [Grant(Role.TEACHER, Scope.UNIT, "th-hoa-gao")]
    assert "Trường Tiểu học Hoa Gạo" in khanh.get(address(desk)).text


def test_an_officer_gets_a_ward_or_a_school(desk: Site) -> None:
    khanh = desk.as_("khanh")
    khanh.get(address(desk))
    khanh.post(address(desk), {"role": "unit-officer", "unit": HO_GUOM})
    khanh.post(address(desk), {"role": "unit-officer", "school": SCHOOL})

    assert {each.scope_ref for each in held(desk, "minh")} == {HO_GUOM, "th-hoa-gao"}


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"role": "organiser"},
        {"role": "operator"},
        {"role": "teacher"},
        {"role": "teacher", "school": "Trường không có"},
        {"role": "unit-officer", "unit": "99999@2025-07-01"},
    ],
)
def test_what_cannot_be_given_is_refused_in_words_and_kept_as_typed(
    desk: Site, typed: dict[str, str]
) -> None:
    khanh = desk.as_("khanh")
    khanh.get(address(desk))

    answer = khanh.post(address(desk), typed)

    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert typed.get("school", "") in answer.text
    assert held(desk, "minh") == []


def test_a_role_ends_at_once_and_an_organisers_does_not_end_here(desk: Site) -> None:
    world = desk.world
    khanh, nam = desk.as_("khanh"), desk.as_("nam")
    assert nam.get("/lop").status_code == 200
    own = f"/dieu-hanh/nguoi/{world.ref('nam')}/vai-tro"
    khanh.get(own)

    khanh.post(f"{own}/thoi", {"role": "teacher", "where": "th-hoa-gao"})
    theirs = f"/dieu-hanh/nguoi/{world.ref('khanh')}/vai-tro"
    khanh.post(f"{theirs}/thoi", {"role": "organiser", "where": ""})

    assert held(desk, "nam") == []
    assert nam.get("/lop").status_code == 403
    assert held(desk, "khanh") == list(BY_HANDLE["khanh"].grants)


def test_nobody_but_the_organiser_gives_roles(desk: Site) -> None:
    for handle in ("nam", "ha", "minh", "phuc"):
        visitor = desk.as_(handle)
        visitor.get("/tai-khoan")
        assert visitor.get(address(desk)).status_code == 403
        answer = visitor.post(address(desk), {"role": "moderator"})
        assert answer.status_code == 403
