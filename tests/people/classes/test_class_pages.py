"""A teacher's pages: make a class, see it, take a pupil out. Another teacher sees nothing."""

import re

import pytest
import sqlalchemy as sa

from contest.access import Grant, Role, Scope
from contest.people import queries as people
from tests.people.classes.lists import row
from tests.people.classes.teaching import bring_in, make_class, pupils
from tests.site import Site

AN = row("Nguyễn Văn An", "2015-03-15", "HS01")
BINH = row("Trần Bình", 2015)
AI = row("Đỗ Ái", "2015-05-05")


def test_a_teacher_finds_the_classes_in_the_menu_and_an_entrant_does_not(site: Site):
    site.world.person("nam")

    assert 'href="/lop"' in site.as_("nam").get("/tai-khoan").text
    assert 'href="/lop"' not in site.as_("minh").get("/tai-khoan").text
    assert site.as_("minh").get("/lop").status_code == 403


def test_without_a_class_the_page_says_what_to_do(site: Site):
    text = site.as_("nam").get("/lop").text

    assert "Thầy cô chưa có lớp nào" in text
    assert 'href="/lop/moi"' in text


def test_a_teacher_makes_a_class_at_the_own_school(site: Site):
    make_class(site.world, name="4A", school_year="2025-2026")
    nam = site.as_("nam")

    text = nam.get("/lop/moi").text
    school = re.search(r'name="school"[^>]*value="([^"]+)"', text)
    assert school
    assert school[1].startswith("Trường Tiểu học Hoa Gạo (")
    # In November the year is the one that began in August.
    assert '<option value="2026-2027" selected>' in text
    made = nam.post("/lop/moi", {"name": " 5A ", "school": school[1], "school_year": "2026-2027"})

    assert made.status_code == 303
    page = nam.get(made.headers["location"]).text
    assert "Lớp 5A" in page
    assert "Trường Tiểu học Hoa Gạo" in page
    assert "Lớp chưa có học sinh" in page


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"name": ""}, "f-name"),
        ({"name": "x" * 41}, "f-name"),
        ({"name": "4A"}, "f-name"),
        ({"name": "5A", "school_year": "1999-2000"}, "f-school_year"),
    ],
)
def test_a_wrong_form_is_kept(site: Site, fields: dict[str, str], fault: str):
    make_class(site.world, name="4A")
    nam = site.as_("nam")
    nam.get("/lop/moi")

    answer = nam.post("/lop/moi", {"school": "Trường của tôi", "school_year": "2026-2027"} | fields)

    assert answer.status_code == 422
    assert f'href="#{fault}"' in answer.text
    assert 'value="Trường của tôi"' in answer.text


def names_on(text: str) -> list[str]:
    return re.findall(r'class="is-name">([^<]+)<', text)


def test_the_class_stands_in_the_order_of_the_list_or_of_the_given_name(site: Site):
    this = make_class(site.world)
    bring_in(site.world, this, [BINH, AN, AI])
    nam = site.as_("nam")

    text = nam.get(f"/lop/{this.ref}").text

    assert names_on(text) == ["Trần Bình", "Nguyễn Văn An", "Đỗ Ái"]
    assert this.code in text
    assert "15/03/2015" in text
    assert ">2015<" in re.sub(r"\s|<span[^>]*>[^<]*</span>", "", text)
    assert names_on(nam.get(f"/lop/{this.ref}?xep=ten").text) == [
        "Đỗ Ái",
        "Nguyễn Văn An",
        "Trần Bình",
    ]


def test_the_class_page_says_who_may_take_part(site: Site):
    world = site.world
    this = make_class(world)
    bring_in(world, this, [AN, BINH])
    an = pupils(world, this)[0]
    world.accounts["an"] = an.account_id
    world.agree("an", "take-part")
    nam = site.as_("nam")

    text = nam.get(f"/lop/{this.ref}").text

    assert text.count("Được dự thi") == 1
    assert "Chưa có đồng ý" in text
    assert "1 em còn thiếu" in text
    assert "Còn 1 em chưa đủ sự đồng ý" in nam.get("/lop").text


def test_a_pupil_is_taken_out_after_a_question(site: Site):
    this = make_class(site.world)
    bring_in(site.world, this, [AN, BINH])
    an = pupils(site.world, this)[0]
    nam = site.as_("nam")
    nam.get(f"/lop/{this.ref}")
    address = f"/lop/{this.ref}/hoc-sinh/{an.ref}/xoa"

    asked = nam.post(address)
    assert "Nguyễn Văn An" in asked.text
    assert len(pupils(site.world, this)) == 2

    done = nam.post(address, {"sure": "1"})
    assert done.headers["location"] == f"/lop/{this.ref}?xong=xoa"
    assert "Đã đưa một em ra khỏi lớp" in nam.get(done.headers["location"]).text
    assert [each.full_name for each in pupils(site.world, this)] == ["Trần Bình"]
    # The second press finds nobody and says nothing wrong.
    assert nam.post(address, {"sure": "1"}).status_code == 303
    with site.world.db.read() as tx:
        assert people.account(tx, an.account_id).full_name == "Nguyễn Văn An"


def test_another_teachers_class_is_not_there(site: Site):
    world = site.world
    this = make_class(world)
    bring_in(world, this, [AN])
    an = pupils(world, this)[0]
    world.person("thu")
    world.grant("thu", Grant(Role.TEACHER, Scope.UNIT, "th-hoa-gao"))
    thu = site.as_("thu")
    thu.get("/lop/moi")

    assert thu.get(f"/lop/{this.ref}").status_code == 404
    assert thu.get(f"/lop/{this.ref}/danh-sach").status_code == 404
    for address in (f"/lop/{this.ref}/danh-sach", f"/lop/{this.ref}/hoc-sinh/{an.ref}/xoa"):
        answer = thu.post(address, {"sure": "1", "pasted": "Họ và tên\tNgày sinh"})
        assert answer.status_code == 404
        assert "Nguyễn Văn An" not in answer.text
    assert len(pupils(world, this)) == 1


def test_the_class_page_asks_the_same_number_of_statements_for_one_and_for_thirty(site: Site):
    nam = site.as_("nam")
    few, many = make_class(site.world, name="5A"), make_class(site.world, name="5B")
    bring_in(site.world, few, [AN])
    bring_in(site.world, many, [row(f"Nguyễn Văn {chr(65 + at)}a") for at in range(26)])
    counts = []
    for this in (few, many):
        asked: list[str] = []

        def note(_c: object, _cur: object, text: str, *_rest: object, into=asked) -> None:  # type: ignore[no-untyped-def]
            into.append(text)

        nam.get(f"/lop/{this.ref}")
        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        nam.get(f"/lop/{this.ref}")
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
        counts.append(len(asked))

    assert counts[0] == counts[1]
