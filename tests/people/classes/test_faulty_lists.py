"""Odd class lists that are wrong: what is wrong is named, by line and column or for the whole."""

import time

import pytest

from contest.people.classes.sheets import Unreadable, read_list
from tests.people.classes import odd_lists as odd
from tests.people.classes.odd_lists import THREE
from tests.people.classes.reading import HEAD, faults, pupils, with_births, with_names
from tests.people.classes.test_read_lists import RIGHT

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
