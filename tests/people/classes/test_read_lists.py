"""Odd class lists that are right: each gives exactly its pupils."""

from typing import Any

import pytest

from tests.people.classes import odd_lists as odd
from tests.people.classes.odd_lists import THREE, THREE_READ
from tests.people.classes.reading import HEAD, faults, pupils, with_births, with_names


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
