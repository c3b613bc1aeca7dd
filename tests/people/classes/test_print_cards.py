"""The cards of a class as a PDF."""

import io
import re

import pytest
import segno
from pypdf import PdfReader

from contest.people.classes import printing
from tests.people.classes.holding import card_of, class_of_two
from tests.people.classes.lists import row
from tests.people.classes.papers import drawn_modules, fonts, pages, typed
from tests.people.classes.teaching import bring_in, make_class, pupils
from tests.site import Site

_FAMILY = ("Lê", "Trần", "Phạm", "Bùi", "Vũ")
_GIVEN = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khôi", "Lan")


def test_a_class_of_forty_fits_on_five_pages_with_every_code_once(site: Site):
    this = make_class(site.world)
    bring_in(site.world, this, [row(f"{one} {two}") for one in _FAMILY for two in _GIVEN])

    found = pages(site.as_("nam").get(f"/lop/{this.ref}/the.pdf"))

    assert len(found) == 5
    text = " ".join(found)
    for pupil, letters in zip(
        pupils(site.world, this),
        typed([card_of(this, each) for each in pupils(site.world, this)]),
        strict=True,
    ):
        assert pupil.full_name in text
        assert text.count(letters) == 1
    assert text.count(this.code) == 40


def test_vietnamese_letters_come_out_of_the_file_as_they_went_in(site: Site):
    site.world.open_edition()
    this = make_class(site.world, name="5A Ước Mơ")
    name = "Nguyễn Thị Quỳnh Như"
    bring_in(site.world, this, [row(name)])

    answer = site.as_("nam").get(f"/lop/{this.ref}/the.pdf")

    (text,) = pages(answer)
    assert name in text
    assert "Lớp 5A Ước Mơ · Trường Tiểu học Hoa Gạo" in text
    assert "Thử nghiệm" in text
    assert "Mất thẻ thì báo thầy cô" in text
    assert fonts(answer.content) == {
        "BeVietnamPro-Regular",
        "BeVietnamPro-SemiBold",
        "BeVietnamPro-Bold",
    }


def test_of_the_child_stands_the_name_and_nothing_else(site: Site):
    this = make_class(site.world)
    bring_in(site.world, this, [row("Đỗ Ngọc Lan", "2013-08-17", "HS0042")])
    (lan,) = pupils(site.world, this)

    (text,) = pages(site.as_("nam").get(f"/lop/{this.ref}/the.pdf"))

    for private in ("2013", "17/", "HS0042", lan.ref):
        assert private not in text


def test_the_card_of_one_pupil_alone(site: Site):
    this, lan, an = class_of_two(site.world)

    (text,) = pages(site.as_("nam").get(f"/lop/{this.ref}/the.pdf?hs={lan.ref}"))

    assert "Đỗ Ngọc Lan" in text
    assert an.full_name not in text
    assert site.as_("nam").get(f"/lop/{this.ref}/the.pdf?hs={'X' * 16}").status_code == 404


def test_the_file_is_kept_nowhere_and_opens_in_the_browser(site: Site):
    this, _, _ = class_of_two(site.world, name="10 Toán 1 Đ")

    answer = site.as_("nam").get(f"/lop/{this.ref}/the.pdf")

    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"] == 'inline; filename="the-10-toan-1-d.pdf"'


def test_a_class_without_pupils_leads_back_to_its_page(site: Site):
    this = make_class(site.world)

    for paper in ("the.pdf", "phieu-dong-y.pdf"):
        answer = site.as_("nam").get(f"/lop/{this.ref}/{paper}")
        assert answer.headers["location"] == f"/lop/{this.ref}"


def test_the_qr_code_is_the_address_of_the_card(site: Site):
    this, lan, _ = class_of_two(site.world)
    address = f"https://sanchoi.example.vn{card_of(this, lan).path}"

    drawn = drawn_modules(printing.qr_svg(address))

    assert re.fullmatch(r"https://[a-z.]+/the/[0-9A-Z]{6}-[0-9A-Z]{8}", address)
    assert drawn == [list(line) for line in segno.make_qr(address, error="m").matrix]


@pytest.mark.parametrize(
    "name",
    [
        "#import “x”: *",
        '$x$ #eval("1") \\ "ngoặc" *đậm* _nghiêng_ `mã` <nhãn> @x',
        "😀 Lan 中文 \ud800",
        "A" * 100,
        " ".join(["Công Tằng Tôn Nữ"] * 6),
        "</svg><script>alert(1)</script>",
        "Lan\u202e\u200b\u0301",
        "",
    ],
)
def test_whatever_a_name_holds_is_printed_as_text(site: Site, name: str):
    """Names like these are refused where they come in; the paper does not rely on it."""
    made = site.running.application.site
    this, lan, _ = class_of_two(site.world)
    card = printing.PrintedCard(ref=lan.ref, full_name=name, card=card_of(this, lan))

    content = printing.cards_pdf(made.printer, made, this, [card], made_at=site.world.clock())

    assert content.startswith(b"%PDF")
    if name.startswith(("#", "$")):
        text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
        assert name.split()[0] in text


def test_the_same_cards_make_the_same_file(site: Site):
    made = site.running.application.site
    this, lan, _ = class_of_two(site.world)
    card = printing.PrintedCard(ref=lan.ref, full_name="Lan", card=card_of(this, lan))
    now = site.world.clock()

    first = printing.cards_pdf(made.printer, made, this, [card], made_at=now)

    assert printing.cards_pdf(made.printer, made, this, [card], made_at=now) == first


def test_a_whole_school_brought_in_as_one_class_comes_in_several_files(
    site: Site, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(printing, "MOST_IN_A_FILE", 3)
    this = make_class(site.world)
    bring_in(site.world, this, [row(name) for name in ("Lê An", "Lê Chi", "Lê Hà", "Lê Ý")])
    nam = site.as_("nam")

    for paper in ("the.pdf", "phieu-dong-y.pdf"):
        first = " ".join(pages(nam.get(f"/lop/{this.ref}/{paper}")))
        rest = " ".join(pages(nam.get(f"/lop/{this.ref}/{paper}?tu=4")))
        assert ("Lê Hà" in first, "Lê Ý" in first) == (True, False)
        assert ("Lê Hà" in rest, "Lê Ý" in rest) == (False, True)
        assert nam.get(f"/lop/{this.ref}/{paper}?tu=5").status_code == 303
        assert nam.get(f"/lop/{this.ref}/{paper}?tu=x").status_code == 200
