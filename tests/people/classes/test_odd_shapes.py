"""More shapes of lists: titles as schools write them, what stands below, files within files."""

import io
import os
import zipfile
from base64 import encodebytes
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.people.classes import sheets
from contest.people.classes.failed_rows import faults_workbook
from contest.people.classes.headers import role_of
from contest.people.classes.sheets import Sheet, Unreadable, read_list
from contest.people.classes.understanding import Columns, guess_columns, understand
from tests.people.classes import odd_lists as odd
from tests.people.classes.odd_lists import THREE, THREE_READ
from tests.people.classes.reading import faults, pupils, read, understood

TODAY = date(2026, 11, 24)
HEAD = THREE[0]
HA = "Nguyễn Thu Hà 12/09/2015"


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Ngày, tháng, năm sinh", "birth-date"),
        ("NGÀY THÁNG NĂM SINH", "birth-date"),
        ("Ngày sinh (dd/mm/yyyy)", "birth-date"),
        ("Ngày sinh của em", "birth-date"),
        ("Ngày sinh của mẹ", ""),
        ("Nơi sinh", ""),
        ("Họ và tên thí sinh", "full-name"),
        ("Họ, tên học sinh", "full-name"),
        ("Họ tên HS", "full-name"),
        ("Họ tên cha", ""),
        ("Họ và tên phụ huynh", ""),
        ("Họ và tên GVCN", ""),
        ("Họ và tên đệm", "family-name"),
        ("Họ, chữ lót", "family-name"),
        ("Họ và chữ lót", "family-name"),
        ("Tên", "given-name"),
        ("Số TT", "number"),
        ("S.T.T", "number"),
        ("#", "number"),
        ("Mã định danh Bộ GD&ĐT", "school-number"),
        ("Xã/Phường", "ward"),
        ("Hä vµ tªn", "full-name"),
        ("Ngaøy sinh", "birth-date"),
        ("Giới tính", ""),
    ],
)
def test_a_title_says_what_its_column_holds(title: str, role: str) -> None:
    assert role_of(title) == role


def _by_sex(book: Any, pages: list[Any]) -> None:
    pages[0].merge_range("C1:D1", "Ngày sinh", book.add_format({"bold": True}))


def _formulas_far_down(_book: Any, pages: list[Any]) -> None:
    for row in range(4, 7000):
        pages[0].write_formula(row, 0, '=IF(B5="","",A4+1)', None, "")


RIGHT: dict[str, tuple[bytes, list[str]]] = {
    "day, month and year of birth with long titles": (
        odd.xlsx(
            [("Họ tên", "Ngày sinh", "Tháng sinh", "Năm sinh"), ("Nguyễn Thu Hà", 12, 9, 2015)]
        ),
        [HA],
    ),
    "dates of boys and of girls in two columns": (
        odd.xlsx(
            [
                ("STT", "Họ và tên", "Ngày sinh", ""),
                ("", "", "Nam", "Nữ"),
                (1, "Nguyễn Thu Hà", "", "12/09/2015"),
                (2, "Trần Đức Minh", "03/01/2015", ""),
            ],
            dress=_by_sex,
        ),
        THREE_READ[:2],
    ),
    "columns counted under their titles": (
        odd.xlsx([HEAD, ("(1)", "(2)", "(3)"), *THREE[1:]]),
        THREE_READ,
    ),
    "columns counted without brackets": (odd.xlsx([HEAD, (1, 2, 3), *THREE[1:]]), THREE_READ),
    "parents beside their children": (
        odd.xlsx(
            [
                ("STT", "Họ tên mẹ", "Họ và tên HS", "Ngày sinh", "Ngày sinh của mẹ"),
                (1, "Trần Thị Hoa", "Nguyễn Thu Hà", "12/09/2015", "01/01/1985"),
            ]
        ),
        [HA],
    ),
    "the names of teachers under the list": (
        odd.xlsx(
            [
                *THREE,
                (),
                ("", "Tổng số: 3 học sinh", ""),
                ("", "", "Hà Nội, ngày 5 tháng 9 năm 2026"),
                ("", "Giáo viên chủ nhiệm", "KT. HIỆU TRƯỞNG"),
                ("", "(Ký, ghi rõ họ tên)", "(Ký tên, đóng dấu)"),
                ("", "Nguyễn Thị Hoa", "Trần Văn Bình"),
            ]
        ),
        THREE_READ,
    ),
    "a second list under the signatures of the first": (
        odd.xlsx([*THREE[:2], ("", "Tổng cộng: 1", ""), ("", "Cô Hoa", ""), HEAD, *THREE[2:]]),
        THREE_READ,
    ),
    "families that sound like schools and sums": (
        odd.xlsx([HEAD, (1, "Trương Văn An", "1/2/2015"), (2, "Tống Thu Hà", "1/2/2015")]),
        ["Trương Văn An 01/02/2015", "Tống Thu Hà 01/02/2015"],
    ),
    "the day of signing where birth dates stand": (
        odd.xlsx([*THREE, ("", "", "Ngày 05 tháng 9 năm 2026"), ("", "Cô Hoa", "")]),
        THREE_READ,
    ),
    "date in words": (odd.xlsx([HEAD, (1, "Nguyễn Thu Hà", "12 tháng 9 năm 2015")]), [HA]),
    "date with an American time": (
        odd.xlsx([HEAD, (1, "Nguyễn Thu Hà", "12/09/2015 12:00:00 AM")]),
        [HA],
    ),
    "date of a program": (odd.xlsx([HEAD, (1, "Nguyễn Thu Hà", "2015-09-12T00:00:00")]), [HA]),
    "date backwards without signs": (odd.xlsx([HEAD, (1, "Nguyễn Thu Hà", "20150912")]), [HA]),
    "date with commas": (odd.xlsx([HEAD, (1, "Nguyễn Thu Hà", "12,9,2015")]), [HA]),
    "web page with cells over two rows": (
        b'<meta charset="utf-8"><table><tr><td rowspan=2>STT</td>'
        + "<td rowspan=2>Họ và tên</td><td colspan=3>Ngày sinh</td></tr>".encode()
        + "<tr><td>Ngày</td><td>Tháng</td><td>Năm</td></tr>".encode()
        + "<tr><td>1<td>Nguyễn Thu Hà<td>12<td>9<td>2015</table>".encode(),
        [HA],
    ),
    "web archive called xls": (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=xx\n\n--xx\n"
        b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        + encodebytes(odd.html(THREE))
        + b"\n--xx--\n",
        THREE_READ,
    ),
    "Excel 2003 as XML with prefixes": (
        odd.excel_2003_xml([HEAD, (1, "Nguyễn Thu Hà", "@2015-09-12")])
        .replace(b"<Workbook", b"<ss:Workbook")
        .replace(b"</Workbook", b"</ss:Workbook")
        .replace(b"Row>", b"ss:Row>")
        .replace(b"<Cell", b"<ss:Cell")
        .replace(b"</Cell", b"</ss:Cell")
        .replace(b"<Data", b"<ss:Data")
        .replace(b"</Data", b"</ss:Data"),
        [HA],
    ),
    "a quotation mark that nobody closes": (
        '1\t"Nguyễn Thu Hà\t12/09/2015\n'.encode() + odd.csv(THREE[2:], "\t") + b"\n" * 8,
        THREE_READ,
    ),
    "formulas that give nothing far down": (odd.xlsx(THREE, dress=_formulas_far_down), THREE_READ),
    "blank columns to the right": (odd.xlsx([(*line, *[""] * 200) for line in THREE]), THREE_READ),
}


@pytest.mark.parametrize("shape", RIGHT)
def test_the_pupils_of_an_odd_list_are_the_right_ones(shape: str) -> None:
    content, wanted = RIGHT[shape]

    assert pupils(content) == wanted
    assert faults(content) == []


FAULTY: dict[str, tuple[bytes, list[str]]] = {
    "a Trương without a date is a pupil": (
        odd.xlsx([HEAD, (1, "Trương Văn An", ""), (2, "Tống Thu Hà", "31/02/2015"), *THREE[3:]]),
        ["2 Ngày sinh: no-birth-date", "3 Ngày sinh: impossible-date"],
    ),
    "a Trường without a date and without numbers": (
        odd.xlsx(
            [("Họ lót", "Tên", "Ngày sinh"), ("Lê Xuân", "Trường", ""), ("Lê", "Ký", "x")],
        ),
        ["2 Ngày sinh: no-birth-date", "3 Ngày sinh: wrong-birth-date"],
    ),
    "a birth date without a name": (
        odd.xlsx([*THREE, ("", "", "12/09/2015")]),
        ["5 Họ và tên: no-name"],
    ),
    "somebody added below by hand": (
        odd.xlsx([*THREE, ("", "Phạm Gia Bảo", "")]),
        ["5 Ngày sinh: no-birth-date"],
    ),
    "a year of two digits that could be two years": (
        odd.xlsx([HEAD, (1, "Lê An", "1/1/30"), (2, "Lê Bé", "1/1/85"), (3, "Lê Na", "1/1/26")]),
        [f"{line} Ngày sinh: unclear-year" for line in (2, 3, 4)],
    ),
    "a remark behind the name": (
        odd.xlsx([HEAD, (1, "Lê An - lớp trưởng", "1/1/2015"), (2, "Lê An (nữ)", "1/1/2015")]),
        ["2 Họ và tên: wrong-name", "3 Họ và tên: wrong-name"],
    ),
    "titles in two lines are named": (
        odd.xlsx(
            [
                ("STT", "Họ và tên", "Ngày sinh", "", ""),
                ("", "", "Ngày", "Tháng", "Năm"),
                (1, "X1", 12, 9, 2015),
                (2, "Lê An", 31, 2, 2015),
            ]
        ),
        ["3 Họ và tên: wrong-name", "4 Năm: impossible-date"],
    ),
}


@pytest.mark.parametrize("shape", FAULTY)
def test_what_is_wrong_is_named_with_its_line_and_column(shape: str) -> None:
    content, wanted = FAULTY[shape]

    assert faults(content) == wanted


def test_cells_far_to_the_right_or_below_are_named_or_left_out() -> None:
    far = [(None,) * 90 + tuple(line) for line in THREE]
    below = odd.xlsx(THREE, dress=lambda _, pages: pages[0].write(9000, 0, "x"))

    assert read(odd.xlsx(far)) == "empty"
    assert read(below) == "too-spread-out"


def test_one_long_text_in_every_cell_is_not_written_out() -> None:
    cells = "".join(
        f'<row r="{row}">' + '<c t="s"><v>0</v></c>' * 60 + "</row>" for row in range(1, 4001)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    shared = f'<sst xmlns="{main}"><si><t>{"a" * 250}</t></si></sst>'
    content = odd.raw_xlsx(
        odd.sheet_xml([]).replace("<sheetData>", "<sheetData>" + cells),
        **{"xl/sharedStrings.xml": shared},
    )

    assert read(content) == "too-large"


@pytest.mark.parametrize(
    ("lines", "columns"),
    [
        ([HEAD, (1, "X1", "12/09/2015"), (2, "=1+1", "1/1/2015")], None),
        ([(1, "Lê Thu Hà", "12/09/2015"), (2, "Lê An", "2015"), (3, "Lê Na", "31/02/2015")], None),
        (
            [
                ("STT", "Họ và tên", "Ngày sinh", "", ""),
                ("", "", "Ngày", "Tháng", "Năm"),
                (1, "X1", 12, 9, 2015),
            ],
            None,
        ),
        (
            [
                ("STT", "Họ và tên", "Ngày sinh", ""),
                ("", "", "Nam", "Nữ"),
                (1, "Lê Thu Hà", "", "31/02/2015"),
                (2, "X1", "03/01/2015", ""),
            ],
            None,
        ),
        (
            [("Mã", "Em", "Họ và tên", "Sinh"), ("7", "X1", "Cô Hoa", "12/09/2015")],
            Columns(0, 1, ["school-number", "full-name", "", "birth-date"]),
        ),
    ],
)
def test_failed_lines_are_read_again_in_the_same_way(
    lines: list[tuple[Any, ...]], columns: Columns | None
) -> None:
    found = read(odd.xlsx(lines))
    assert not isinstance(found, str)
    columns = columns or guess_columns(found)
    assert columns is not None
    first = understand(found[0], columns, today=TODAY)
    assert first.faults

    again = understood(faults_workbook(found[0], columns, first, lambda words: words))

    assert not isinstance(again, str)
    assert again.pupils == []
    assert [(each.code, each.value) for each in again.faults] == [
        (each.code, each.value) for each in first.faults
    ]


def test_what_begins_like_a_formula_stays_a_text_for_good() -> None:
    content = odd.xlsx([HEAD])
    sheet = Sheet("", [list(HEAD), ["1", "=cmd|' /C calc'!A0", "+1"], ["2", "@SUM(1)", "-2+3"]])
    columns = guess_columns([sheet, *_sheets(content)])
    assert columns is not None
    back = faults_workbook(sheet, columns, understand(sheet, columns, today=TODAY), str)

    style = _part(back, "xl/styles.xml")
    cells = _part(back, "xl/worksheets/sheet1.xml")
    assert "<f>" not in cells
    assert 'quotePrefix="1"' in style
    assert [row[3] for row in _sheets(back)[0].rows[1:]] == ["=cmd|' /C calc'!A0", "@SUM(1)"]


def _sheets(content: bytes) -> list[Sheet]:
    found = read(content)
    assert not isinstance(found, str)
    return found


def _part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


def test_the_child_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANCHOI_SECRET_KEY", "very secret")

    assert "SANCHOI_SECRET_KEY" in os.environ
    assert not [name for name in sheets._nothing_secret() if name.startswith("SANCHOI_")]
    assert not isinstance(read_list("lop.xlsx", odd.xlsx(THREE)), Unreadable)


WHOLE = [
    odd.xlsx(THREE),
    odd.ods(THREE),
    odd.xls(THREE),
    odd.html(THREE),
    odd.excel_2003_xml(THREE),
    odd.csv(THREE, "\t", "utf-16"),
    odd.windows_1258("\n".join(";".join(map(str, line)) for line in THREE)),
]


@settings(max_examples=300, deadline=None)
@given(
    content=st.sampled_from(WHOLE),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12),
    keep=st.floats(0.2, 1),
)
def test_no_changed_bytes_of_a_real_file_break_the_reading(
    content: bytes, changes: list[tuple[float, int]], keep: float
) -> None:
    broken = bytearray(content)
    for where, byte in changes:
        broken[min(len(broken) - 1, int(where * len(broken)))] = byte
    cut = bytes(broken[: int(keep * len(broken))]) if keep < 0.9 else bytes(broken)
    found = read(cut)
    if not isinstance(found, str) and (columns := guess_columns(found)) is not None:
        understand(found[columns.sheet], columns, today=TODAY)
