"""Names typed for fonts of the 1990s or broken by an encoding are named, and real names are not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.people.classes.old_fonts import Font, font_of, font_of_list, is_broken, turned
from contest.people.classes.sheets import Sheet
from contest.people.classes.understanding import guess_columns, understand
from tests.people.classes import odd_lists as odd
from tests.people.classes.reading import faults, pupils

NAMES = {
    "Nguyễn Thị Hà": {"tcvn3": "NguyÔn ThÞ Hµ", "vni": "Nguyeãn Thò Haø"},
    "Trần Văn Bình": {"tcvn3": "TrÇn V¨n B×nh", "vni": "Traàn Vaên Bình"},
    "Đặng Quốc Việt": {"tcvn3": "§Æng Quèc ViÖt", "vni": "Ñaëng Quoác Vieät"},
    "Bùi Hồ Nam": {"tcvn3": "Bïi Hå Nam", "vni": "Buøi Hoà Nam"},
}
REAL = (
    "Nguyễn Thuỵ Hòa", "Nguyễn Thụy Hoà", "Quách Khuê Thuở", "Lường Gìn Giếng", "Khúc Khuỷu",
    "H'Hen Niê", "K’ Brơi", "Y-Bhăm Êban", "Kpă H'Linh", "Siu Blễ", "Đinh Hrắc", "Lò Văn Pẩu",
    "Bàn Dào Chẳn", "Giàng A Pháo", "Néang Sóc Kha", "Thạch Sô Phi", "Anna Müller",
    "Raphaël Nguyễn Zoë", "Noël Lê", "François Đỗ", "José Nguyễn", "Châu Ngọc Ánh", "Vò Thị Na",
)  # fmt: skip


@pytest.mark.parametrize("font", ["tcvn3", "vni"])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_an_old_font_is_known_and_can_be_read(name: str, font: Font) -> None:
    typed = NAMES[name][font]

    assert font_of(typed) is not None
    assert turned(typed, font) == name


@pytest.mark.parametrize("name", REAL)
def test_a_name_of_any_people_is_not_taken_for_an_old_font(name: str) -> None:
    assert font_of(name) is None
    assert not is_broken(name)


def test_a_name_that_reads_well_both_ways_is_named_beside_others_of_its_list() -> None:
    # "Vò" is Vũ in TCVN3, and a word of its own in Unicode.
    typed = [forms["tcvn3"] for forms in NAMES.values()]

    assert font_of("Vò Minh Anh") is None
    assert font_of_list([*typed, "Vò Minh Anh"]) == "tcvn3"
    assert font_of_list(["Vò Minh Anh", *REAL]) is None


@pytest.mark.parametrize(
    ("font", "titles", "other"),
    [
        ("tcvn3", ("STT", "Hä vµ tªn", "Ngµy sinh"), "Vò Minh Anh"),
        ("vni", ("STT", "Hoï vaø teân", "Ngaøy sinh"), "Cao Hoàng An"),
    ],
)
def test_a_whole_list_of_an_old_font_is_found_by_its_titles_and_nobody_of_it_gets_in(
    font: str, titles: tuple[str, str, str], other: str
) -> None:
    typed = [*(forms[font] for forms in NAMES.values()), other]
    content = odd.xlsx([titles, *((at, name, "12/09/2015") for at, name in enumerate(typed, 1))])

    assert pupils(content) == []
    assert faults(content) == [f"{line} {titles[1]}: old-font" for line in range(2, 7)]


def test_a_text_file_of_an_old_font_is_not_taken_for_windows_1258() -> None:
    lines = ["STT;Hä vµ tªn;Ngµy sinh", "1;NguyÔn ThÞ Hµ;12/09/2015", "2;TrÇn V¨n B×nh;1/1/2015"]

    assert faults("\n".join(lines).encode("cp1252")) == [
        "2 Hä vµ tªn: old-font",
        "3 Hä vµ tªn: old-font",
    ]


@pytest.mark.parametrize(
    "name", ["Nguyá»…n Thu HÃ ", "Nguy?n Thu H?", "Nguy\ufffdn Thu Hà", "Äáº·ng An"]
)
def test_letters_that_an_encoding_broke_are_named(name: str) -> None:
    content = odd.xlsx([odd.THREE[0], (1, name, "12/09/2015")])

    assert faults(content) == ["2 Họ và tên: broken-letters"]


@given(st.text(max_size=30))
def test_no_text_breaks_the_recognition(text: str) -> None:
    font_of(text)
    is_broken(text)
    font_of_list([text, text])
    for font in ("tcvn3", "vni"):
        turned(text, font)


@given(st.lists(st.sampled_from(REAL), min_size=1, max_size=40))
def test_no_list_of_real_names_is_taken_for_an_old_font(names: list[str]) -> None:
    sheet = Sheet("", [["Họ và tên", "Ngày sinh"], *([name, "12/09/2015"] for name in names)])
    columns = guess_columns([sheet])

    assert columns is not None
    assert understand(sheet, columns, today=date(2026, 11, 24)).faults == []
