"""Consent forms to print and sign, one page a pupil."""

import io

import msgspec
import pytest
from pypdf import PdfReader

from contest.people.classes import printing
from contest.people.consent import PURPOSES
from tests.people.classes.holding import class_of_two
from tests.people.classes.lists import row
from tests.people.classes.papers import pages
from tests.people.classes.teaching import bring_in, make_class, pupils
from tests.site import Site

TITLES = (
    "1. Dự thi",
    "2. Hiện tên viết tắt trên bảng xếp hạng",
    "3. Hiện trường, lớp trên bảng xếp hạng",
    "4. Đăng bản ghi âm, ghi hình",
    "5. Báo chí và mạng xã hội",
)


def forms(site: Site, *rows, more: str = "") -> list[str]:
    this = make_class(site.world)
    bring_in(site.world, this, rows)
    return pages(site.as_("nam").get(f"/lop/{this.ref}/phieu-dong-y.pdf{more}"))


def test_every_pupil_has_a_page_with_all_purposes_and_both_signatures(site: Site):
    site.world.open_edition()

    found = forms(site, row("Đỗ Ngọc Lan", "2015-05-05"), row("Nguyễn Văn An", "2015-03-15"))

    assert len(found) == 2
    for text, name in zip(found, ("Đỗ Ngọc Lan", "Nguyễn Văn An"), strict=True):
        assert name in text
        assert "5A" in text
        assert "Trường Tiểu học Hoa Gạo" in text
        assert "Ban tổ chức thử nghiệm" in text
        for title in TITLES:
            assert title in text
        assert "Em ký tên" in text
        assert "Cha, mẹ hoặc người giám hộ ký tên" in text
        assert "bản ngày 25/11/2026" in text
        assert "Đổi ý lúc nào cũng được" in text
        assert "Consent form." in text
        assert "Em đọc: Em muốn dự thi." in text
    assert "Đ. N. Lan" in found[0]


def test_under_seven_only_the_parent_signs_and_from_sixteen_only_oneself(site: Site):
    small, grown = forms(site, row("Lê Bé", "2020-12-01"), row("Trần Bình", "2009-01-02"))

    assert "Em ký tên" not in small
    assert "Em đọc" not in small
    assert "Cha, mẹ hoặc người giám hộ ký tên" in small
    assert "Em ký tên" in grown
    assert "người giám hộ ký tên" not in grown
    assert "của con" not in grown


def test_the_form_speaks_with_the_words_of_the_pages(site: Site):
    words = printing.purpose_words(site.running.application.site)

    assert [each["purpose"] for each in words] == list(PURPOSES)
    assert all(each[key] for each in words for key in ("title", "child", "own", "parent"))
    assert not any("&" in text for each in words for text in each.values())


def test_one_pupil_alone(site: Site):
    this, lan, an = class_of_two(site.world)
    nam = site.as_("nam")

    answer = nam.get(f"/lop/{this.ref}/phieu-dong-y.pdf?hs={an.ref}")

    (text,) = pages(answer)
    assert an.full_name in text
    assert lan.full_name not in text
    assert answer.headers["cache-control"] == "private, no-store"
    assert nam.get(f"/lop/{this.ref}/phieu-dong-y.pdf?hs={'X' * 16}").status_code == 404


def test_of_the_child_stand_no_birth_date_and_no_code(site: Site):
    this = make_class(site.world)
    bring_in(site.world, this, [row("Đỗ Ngọc Lan", "2013-08-17", "HS0042")])
    (lan,) = pupils(site.world, this)

    (text,) = pages(site.as_("nam").get(f"/lop/{this.ref}/phieu-dong-y.pdf"))

    for private in ("2013", "HS0042", lan.ref, this.code):
        assert private not in text


@pytest.mark.parametrize(
    "name", ["A" * 100, " ".join(["Công Tằng Tôn Nữ"] * 6), '#import "x" $y$ *z*', "😀", ""]
)
def test_the_longest_and_the_oddest_name_stays_on_one_page(site: Site, name: str):
    made = site.running.application.site
    this, lan, _ = class_of_two(site.world)
    now = site.world.clock()
    odd = msgspec.structs.replace(lan, full_name=name)
    long = msgspec.structs.replace(this, name="W" * 40, school="Trường W " * 13)

    content = printing.consent_forms_pdf(
        made.printer, made, long, [odd], on=now.date(), made_at=now
    )

    assert len(PdfReader(io.BytesIO(content)).pages) == 1
