"""Whatever comes in: long lists, failed lines sent again, a choice remembered, any bytes at all."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.people.classes.failed_rows import faults_workbook
from contest.people.classes.sheets import Sheet, Unreadable, read_list, read_pasted
from contest.people.classes.understanding import (
    FAULT_WORDS,
    Columns,
    guess_columns,
    understand,
)
from tests.people.classes import odd_lists as odd
from tests.people.classes.odd_lists import THREE, THREE_READ
from tests.people.classes.reading import HEAD, TODAY, pupils, read


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
