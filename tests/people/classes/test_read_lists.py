"""Odd class lists: each gives the right pupils or names what is wrong; none breaks anything."""

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.people.classes import sheet_child
from contest.people.classes.failed_rows import faults_workbook
from contest.people.classes.plain_lists import NotReadable
from contest.people.classes.sheets import (
    UNREADABLE_WORDS,
    Sheet,
    Unreadable,
    read_list,
    read_pasted,
)
from contest.people.classes.understanding import (
    FAULT_WORDS,
    WARNING_WORDS,
    Columns,
    Understood,
    guess_columns,
    understand,
)
from tests.people.classes import odd_lists as odd
from tests.people.classes.odd_lists import THREE, THREE_READ

TODAY = date(2026, 11, 24)
HEAD = THREE[0]


def read(content: bytes) -> list[Sheet] | str:
    """In this process: the child's own work without its walls. A code where it is unreadable."""
    try:
        return [Sheet(each["name"], each["rows"]) for each in sheet_child.read(content)]
    except NotReadable as error:
        return error.code


def understood(content: bytes | list[Sheet]) -> Understood | str:
    sheets = read(content) if isinstance(content, bytes) else content
    if isinstance(sheets, str):
        assert sheets in UNREADABLE_WORDS
        return sheets
    columns = guess_columns(sheets)
    if columns is None:
        return "not-understood"
    return understand(sheets[columns.sheet], columns, today=TODAY)


def pupils(content: bytes | list[Sheet]) -> list[str] | str:
    """ "Nguyễn Thu Hà 12/09/2015", or the year alone; a code where there is no list."""
    found = understood(content)
    if isinstance(found, str):
        return found
    assert all(each.code in FAULT_WORDS for each in found.faults)
    assert all(each.code in WARNING_WORDS for each in found.warnings)
    return [
        f"{row.full_name} {row.birth_date.year if row.birth_is_year else row.birth_date:%d/%m/%Y}"
        if not row.birth_is_year
        else f"{row.full_name} {row.birth_date.year}"
        for row in found.pupils
    ]


def faults(content: bytes) -> list[str]:
    found = understood(content)
    assert not isinstance(found, str)
    return [f"{each.line} {each.column}: {each.code}" for each in found.faults]


def with_names(*names: str) -> bytes:
    return odd.xlsx([HEAD, *((at, name, "12/09/2015") for at, name in enumerate(names, 1))])


def with_births(*births: Any) -> bytes:
    return odd.xlsx(
        [HEAD, *((at, f"Lê Văn {chr(64 + at)}ch", born) for at, born in enumerate(births, 1))]
    )


def _real_dates(book: Any, pages: list[Any]) -> None:
    shape = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, number in ((1, 42259), (2, 42007), (3, 42063)):
        pages[0].write_number(row, 2, number, shape)


def _formulas(_book: Any, pages: list[Any]) -> None:
    pages[0].write_formula(1, 1, '=PROPER("nguyễn thu hà")', None, "Nguyễn Thu Hà")
    pages[0].write_formula(2, 0, "=A2+1", None, 2)


def _titles(book: Any, pages: list[Any]) -> None:
    pages[0].merge_range("A1:C1", "TRƯỜNG TIỂU HỌC HOA GẠO", book.add_format({"bold": True}))
    pages[0].merge_range("A2:C2", "DANH SÁCH LỚP 5A")


def _hidden(_book: Any, pages: list[Any]) -> None:
    pages[0].set_column(3, 3, None, None, {"hidden": True})


def _hide_first(_book: Any, pages: list[Any]) -> None:
    pages[1].activate()
    pages[1].set_first_sheet()
    pages[0].hide()


def _colours(book: Any, pages: list[Any]) -> None:
    yellow = book.add_format({"bg_color": "yellow"})
    for row in range(4, 9000):
        pages[0].write_blank(row, 0, None, yellow)


ONE_COLUMN = [("Họ và tên", "Năm sinh"), ("Nguyễn Thu Hà", 2015), ("Trần Đức Minh", "2014")]
SPLIT = [
    ("STT", "Họ lót", "Tên", "Ngày sinh"),
    (1, "Nguyễn Thu", "Hà", "12/09/2015"),
    (2, "Trần Đức", "Minh", "03/01/2015"),
    (3, "Lê Hoà", "Bình", "28/02/2015"),
]
THREE_PARTS = [
    ("Họ và tên", "Ngày", "Tháng", "Năm"),
    ("Nguyễn Thu Hà", 12, 9, 2015),
    ("Trần Đức Minh", 3, 1, 2015),
    ("Lê Hoà Bình", 28, 2, 2015),
]

RIGHT: dict[str, tuple[bytes, list[str]]] = {
    "plain xlsx": (odd.xlsx(THREE), THREE_READ),
    "plain ods": (odd.ods(THREE), THREE_READ),
    "plain xls": (odd.xls(THREE), THREE_READ),
    "xls with numbers for dates": (
        odd.xls([HEAD, (1, "Nguyễn Thu Hà", 42259), (2, "Trần Đức Minh", 42007)]),
        THREE_READ[:2],
    ),
    "plain csv": (odd.csv(THREE), THREE_READ),
    "csv with semicolons": (odd.csv(THREE, ";"), THREE_READ),
    "csv with tabs": (odd.csv(THREE, "\t"), THREE_READ),
    "csv with carriage returns": (odd.csv(THREE, ";", end="\r\n"), THREE_READ),
    "csv with a mark of UTF-8": (odd.csv(THREE, ",", "utf-8-sig"), THREE_READ),
    "csv in UTF-16": (odd.csv(THREE, "\t", "utf-16"), THREE_READ),
    "csv in UTF-16 without a mark": (odd.csv(THREE, "\t", "utf-16-le"), THREE_READ),
    "csv in Windows-1258": (
        odd.windows_1258("\n".join(";".join(map(str, line)) for line in THREE)),
        THREE_READ,
    ),
    "csv with quotes around cells": (
        '"STT","Họ và tên","Ngày sinh"\n"1","Nguyễn Thu Hà","12/09/2015"'.encode(),
        THREE_READ[:1],
    ),
    "csv called xls": (odd.csv(THREE, "\t"), THREE_READ),
    "name in two columns": (odd.xlsx(SPLIT), THREE_READ),
    "name in two columns under one title": (
        odd.xlsx([("STT", "Họ và tên", "", "Ngày sinh"), *SPLIT[1:]]),
        THREE_READ,
    ),
    "family name and given name": (
        odd.xlsx([("Họ", "Tên", "Ngày sinh"), ("Nguyễn", "Hà", "12/09/2015")]),
        ["Nguyễn Hà 12/09/2015"],
    ),
    "whole name under given name": (
        odd.xlsx([("Tên", "Ngày sinh"), ("Nguyễn Thu Hà", "12/09/2015")]),
        THREE_READ[:1],
    ),
    "middle names missing": (
        odd.xlsx([SPLIT[0], (1, "", "Nguyễn Thu Hà", "12/09/2015")]),
        THREE_READ[:1],
    ),
    "given name before family name": (
        odd.xlsx([("Tên", "Họ lót", "Ngày sinh"), ("Hà", "Nguyễn Thu", "12/09/2015")]),
        THREE_READ[:1],
    ),
    "English titles": (
        odd.xlsx([("No", "Full name", "Date of birth"), *THREE[1:]]),
        THREE_READ,
    ),
    "titles in capitals with stars": (
        odd.xlsx([("STT", "HỌ VÀ TÊN (*)", "NGÀY SINH*"), *THREE[1:]]),
        THREE_READ,
    ),
    "titles without tones": (odd.xlsx([("stt", "ho va ten", "ngay sinh"), *THREE[1:]]), THREE_READ),
    "no titles at all": (odd.xlsx(THREE[1:]), THREE_READ),
    "years of birth": (odd.xlsx(ONE_COLUMN), ["Nguyễn Thu Hà 2015", "Trần Đức Minh 2014"]),
    "day, month and year apart": (odd.xlsx(THREE_PARTS), THREE_READ),
    "titles on two lines": (
        odd.xlsx(
            [("Họ và tên", "Ngày sinh", "", ""), ("", "Ngày", "Tháng", "Năm"), *THREE_PARTS[1:]]
        ),
        THREE_READ,
    ),
    "title rows above, merged": (
        odd.xlsx([(), (), (), *THREE], dress=_titles),
        THREE_READ,
    ),
    "twelve lines above": (odd.xlsx([*[("Phòng giáo dục",)] * 12, *THREE]), THREE_READ),
    "list that begins at D7": (
        odd.xlsx([*[()] * 6, *[(None, None, None, *line) for line in THREE]]),
        THREE_READ,
    ),
    "real dates": (
        odd.xlsx([HEAD, *(line[:2] for line in THREE[1:])], dress=_real_dates),
        THREE_READ,
    ),
    "dates as numbers": (
        odd.xlsx([HEAD, (1, "Nguyễn Thu Hà", 42259), (2, "Trần Đức Minh", "42007")]),
        THREE_READ[:2],
    ),
    "formulas": (odd.xlsx(THREE, dress=_formulas), THREE_READ),
    "hidden column": (odd.xlsx([(*line, "x") for line in THREE], dress=_hidden), THREE_READ),
    "hidden sheet before": (
        odd.xlsx([("Cũ", "Danh sách")], THREE, dress=_hide_first),
        THREE_READ,
    ),
    "two sheets, the second is the list": (
        odd.xlsx([("Hướng dẫn",), ("Điền vào trang sau",)], THREE),
        THREE_READ,
    ),
    "two sheets, the longer is the list": (
        odd.xlsx([HEAD, THREE[1]], THREE, names=["5B", "5A"]),
        THREE_READ,
    ),
    "coloured to the end": (odd.xlsx(THREE, dress=_colours), THREE_READ),
    "no-break and zero-width blanks": (
        with_names("Nguyễn\u00a0Thu\u200b \u00a0Hà ", "\ufeffTrần  Đức\u2003Minh"),
        ["Nguyễn Thu Hà 12/09/2015", "Trần Đức Minh 12/09/2015"],
    ),
    "letters with loose marks": (
        with_names("Nguye\u0302\u0303n Thu Ha\u0300"),
        ["Nguyễn Thu Hà 12/09/2015"],
    ),
    "names in capitals and small letters": (
        with_names("NGUYỄN THU HÀ", "trần đức minh"),
        ["Nguyễn Thu Hà 12/09/2015", "Trần Đức Minh 12/09/2015"],
    ),
    "names of other peoples": (
        with_names("H'Hen Niê", "K’ Brơi", "Y-Bhăm", "Anna Müller"),
        [f"{name} 12/09/2015" for name in ("H'Hen Niê", "K’ Brơi", "Y-Bhăm", "Anna Müller")],
    ),
    "dates in many ways": (
        with_births("1/2/2015", "01-02-2015", "1.2.2015", "2015-02-01", "01022015", "1 / 2 / 2015"),
        [f"Lê Văn {letter}ch 01/02/2015" for letter in "ABCDEF"],
    ),
    "date with a time": (with_births("12/09/2015 00:00:00"), ["Lê Văn Ach 12/09/2015"]),
    "date with an apostrophe": (with_births("'12/09/2015"), ["Lê Văn Ach 12/09/2015"]),
    "year of two digits": (with_births("12/09/15"), ["Lê Văn Ach 12/09/2015"]),
    "titles again on the next page": (
        odd.xlsx([*THREE[:3], HEAD, THREE[3]]),
        THREE_READ,
    ),
    "totals and signatures below": (
        odd.xlsx(
            [
                *THREE,
                (),
                ("", "Tổng số: 3 học sinh", ""),
                ("", "Trong đó nữ: 1", ""),
                ("", "", "Hà Nội, ngày 5 tháng 9 năm 2026"),
                ("", "Giáo viên chủ nhiệm", "Hiệu trưởng"),
            ]
        ),
        THREE_READ,
    ),
    "groups between the pupils": (
        odd.xlsx([*THREE[:2], ("", "Tổ 2", ""), *THREE[2:]]),
        THREE_READ,
    ),
    "web page called xlsx": (odd.html(THREE), THREE_READ),
    "web page with a layout around": (
        odd.html(THREE, around="<p>Trường</p><table><tr><td>Danh sách</td></tr></table>{}"),
        THREE_READ,
    ),
    "web page with signs as entities": (
        odd.html(THREE).replace("Hà".encode(), b"H&agrave;"),
        THREE_READ,
    ),
    "Excel 2003 as XML": (
        odd.excel_2003_xml([HEAD, (1, "Nguyễn Thu Hà", "@2015-09-12")]),
        THREE_READ[:1],
    ),
    "xlsx with entities of its own": (
        odd.raw_xlsx(
            odd.sheet_xml(THREE, before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')
        ),
        THREE_READ,
    ),
    "xlsx that says it has all cells there are": (
        odd.raw_xlsx(odd.sheet_xml(THREE, dimension="A1:XFD1048576")),
        THREE_READ,
    ),
    "xlsx with a part outside its folder": (
        odd.raw_xlsx(odd.sheet_xml(THREE), **{"../../etc/cron.d/x": "x"}),
        THREE_READ,
    ),
    "the same child twice": (odd.xlsx([*THREE, THREE[1]]), THREE_READ),
}


@pytest.mark.parametrize("shape", RIGHT)
def test_the_pupils_of_an_odd_list_are_the_right_ones(shape: str) -> None:
    content, wanted = RIGHT[shape]

    assert pupils(content) == wanted
    assert faults(content) == []


FAULTY: dict[str, tuple[bytes, list[str]]] = {
    "a day that does not exist": (with_births("31/02/2015"), ["2 Ngày sinh: impossible-date"]),
    "month and day exchanged": (with_births("02/31/2015"), ["2 Ngày sinh: impossible-date"]),
    "no birth date": (with_births(""), ["2 Ngày sinh: no-birth-date"]),
    "words for a date": (with_births("chưa rõ"), ["2 Ngày sinh: wrong-birth-date"]),
    "born tomorrow": (with_births("25/11/2026"), ["2 Ngày sinh: future-birth-date"]),
    "a baby": (with_births("01/01/2025"), ["2 Ngày sinh: unlikely-age"]),
    "of another century": (with_births("1/1/1915"), ["2 Ngày sinh: unlikely-age"]),
    "no name": (odd.xlsx([HEAD, (1, "", "12/09/2015")]), ["2 Họ và tên: no-name"]),
    "a name with digits": (with_names("Nguyễn Văn A1"), ["2 Họ và tên: wrong-name"]),
    "a formula for a name": (with_names("'=cmd|' /C calc'!A0"), ["2 Họ và tên: wrong-name"]),
    "the font TCVN3": (
        with_names("NguyÔn ThÞ Hµ", "TrÇn V¨n B×nh"),
        ["2 Họ và tên: old-font", "3 Họ và tên: old-font"],
    ),
    "the font VNI": (
        with_names("Nguyeãn Thò Haø", "Traàn Vaên Bình"),
        ["2 Họ và tên: old-font", "3 Họ và tên: old-font"],
    ),
    "a name of a page": (with_names("Lê " + "a" * 120), ["2 Họ và tên: long-name"]),
    "both wrong": (
        odd.xlsx([HEAD, (1, "X1", "32/1/2015")]),
        ["2 Họ và tên: wrong-name", "2 Ngày sinh: impossible-date"],
    ),
}


@pytest.mark.parametrize("shape", FAULTY)
def test_what_is_wrong_is_named_with_its_line_and_column(shape: str) -> None:
    content, wanted = FAULTY[shape]

    assert faults(content) == wanted
    assert pupils(content) == []


NO_LIST: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "blanks": (b"  \n \n", "empty"),
    "workbook without cells": (odd.xlsx([()]), "empty"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "not-a-list"),
    "PDF": (b"%PDF-1.7\n" + b"x" * 300, "not-a-list"),
    "program": (b"MZ\x90\0\3\0\0\0" + bytes(range(256)), "not-a-list"),
    "Word document": (odd.packed({"word/document.xml": "<w/>"}), "not-a-list"),
    "any zip file": (odd.packed({"a.txt": "x"}), "not-a-list"),
    "workbook cut off": (odd.xlsx(THREE)[:3000], "broken"),
    "workbook with a broken part": (odd.raw_xlsx("<worksheet><sheetData><row"), "broken"),
    "compound file without a workbook": (odd.compound("Other", b"x" * 5000), "broken"),
    "compound file cut off": (odd.xls(THREE)[:700], "broken"),
    "workbook with a password": (
        odd.compound("EncryptedPackage", b"x" * 5000),
        "password-protected",
    ),
    "bomb": (odd.bomb(100), "too-large"),
    "bomb that lies": (odd.lying_bomb(), "broken"),
    "web page without a table": (
        b"<html><body><p>403 Forbidden</p></body></html>",
        "html-without-table",
    ),
    "far too long": (odd.csv([HEAD, *[THREE[1]] * 30_000]), "too-many-rows"),
    "no name and no date": (odd.csv([("a", "b"), (1, 2), (3, 4)]), "not-understood"),
    "prose": ("Kính gửi cô, em gửi danh sách sau.\nEm cảm ơn cô.".encode(), "not-understood"),
}


@pytest.mark.parametrize("shape", NO_LIST)
def test_what_is_no_list_says_so(shape: str) -> None:
    content, wanted = NO_LIST[shape]

    assert pupils(content) == wanted


def test_there_are_at_least_sixty_odd_lists() -> None:
    assert len(RIGHT) + len(FAULTY) + len(NO_LIST) >= 90


@pytest.mark.parametrize("shape", ["plain xlsx", "plain xls", "plain ods", "csv in Windows-1258"])
def test_the_child_reads_the_same(shape: str) -> None:
    content, wanted = RIGHT[shape]
    found = read_list("lop.xlsx", content)

    assert not isinstance(found, Unreadable)
    assert pupils(found) == wanted


@pytest.mark.parametrize(
    "shape", ["nothing", "workbook cut off", "bomb", "bomb that lies", "compound file cut off"]
)
def test_the_child_says_the_same_of_what_is_no_list(shape: str) -> None:
    content, wanted = NO_LIST[shape]
    found = read_list("lop.xlsx", content)

    assert isinstance(found, Unreadable)
    assert found.code == wanted


def test_cells_at_both_ends_of_a_sheet_do_not_take_the_memory_of_all_between() -> None:
    sheet = odd.sheet_xml(THREE).replace(
        "</sheetData>",
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>',
    )
    began = time.monotonic()
    found = read_list("lop.xlsx", odd.raw_xlsx(sheet))

    assert isinstance(found, Unreadable)
    assert found.code in ("too-large", "too-spread-out", "broken")
    assert time.monotonic() - began < 15


def test_pasted_cells_are_read_like_a_file() -> None:
    text = "\n".join("\t".join(str(cell) for cell in line) for line in THREE)
    found = read_pasted(text)

    assert not isinstance(found, Unreadable)
    assert pupils(found) == THREE_READ


@pytest.mark.slow
def test_two_thousand_lines_are_read_in_a_moment() -> None:
    letters = [
        chr(97 + at % 26) + chr(97 + at // 26 % 26) + chr(97 + at // 676) for at in range(2000)
    ]
    lines = [(at, f"Nguyễn Văn {name}", f"{1 + at % 28}/1/2015") for at, name in enumerate(letters)]
    began = time.monotonic()
    found = read_list("truong.xlsx", odd.xlsx([HEAD, *lines]))

    assert not isinstance(found, Unreadable)
    got = pupils(found)
    assert len(got) == 2000
    assert time.monotonic() - began < 10


def test_failed_lines_come_back_as_a_file_that_can_be_corrected() -> None:
    lines = [*THREE[:2], (2, "Trần Đức Minh", "31/02/2015"), (3, "=1+1", "28/02/2015")]
    content = odd.xlsx(lines, strings_to_formulas=False)
    sheets = read(content)
    assert not isinstance(sheets, str)
    columns = guess_columns(sheets)
    assert columns is not None
    found = understand(sheets[0], columns, today=TODAY)

    back = read(faults_workbook(sheets[0], columns, found, lambda words: words))

    assert not isinstance(back, str)
    assert [row[0] for row in back[0].rows] == ["Dòng", "3", "4"]
    assert back[0].rows[1][1] == FAULT_WORDS["impossible-date"]
    assert back[0].rows[2][3] == "=1+1"
    corrected = [row[:] for row in back[0].rows]
    corrected[1][4] = "28/02/2015"
    corrected[2][3] = "Lê Hoà Bình"
    assert pupils([Sheet("", corrected)]) == ["Trần Đức Minh 28/02/2015", "Lê Hoà Bình 28/02/2015"]


def test_the_way_a_list_was_read_is_remembered_where_it_reads_no_fewer() -> None:
    sheets = read(odd.xlsx([("Mã", "Tên gọi khác", "Sinh"), ("x", "Nguyễn Thu Hà", "12/09/2015")]))
    assert not isinstance(sheets, str)
    chosen = Columns(0, 1, ["school-number", "full-name", "birth-date"])

    assert guess_columns(sheets, chosen) == chosen
    assert guess_columns(sheets, Columns(0, 1, ["", "", ""])) != Columns(0, 1, ["", "", ""])
    assert guess_columns(sheets, Columns(7, 1, ["full-name"])) is not None


cells = st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=400), st.binary(max_size=200).map(lambda b: b"PK\x03\x04" + b)
    )
)
def test_no_bytes_break_the_reading(content: bytes) -> None:
    assert pupils(content) is not None


@settings(max_examples=150, deadline=None)
@given(
    rows=cells,
    header=st.integers(0, 9),
    roles=st.lists(
        st.sampled_from(
            [
                "full-name",
                "family-name",
                "given-name",
                "birth-date",
                "birth-day",
                "birth-month",
                "birth-year",
                "number",
                "school-number",
                "ward",
                "",
            ]
        ),
        max_size=8,
    ),
)
def test_no_cells_and_no_choice_of_columns_break_the_understanding(
    rows: list[list[str]], header: int, roles: list[str]
) -> None:
    sheet = Sheet("", rows)

    guess_columns([sheet])
    found = understand(sheet, Columns(0, min(header, len(rows)), roles), today=TODAY)

    lines = {row.line for row in found.pupils} | {fault.line for fault in found.faults}
    assert lines <= set(range(1, len(rows) + 1))
