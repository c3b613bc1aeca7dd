"""A list that waits in the words and rows of its page, and the page's form back into columns."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from contest.people.classes import preview
from contest.people.classes.matching import Plan
from contest.people.classes.plain_lists import MAX_COLUMNS
from contest.people.classes.preview import Line, Outcome, Read, letter_of
from contest.people.classes.sheets import Sheet
from contest.people.classes.understanding import (
    FAULT_WORDS,
    WARNING_WORDS,
    Columns,
    LineFault,
)
from contest.web.forms import Form

ROWS_SHOWN = 8
FAULTS_SHOWN = 100
# As far down as titles above a list go.
HEADER_AT_MOST = 25

ROLE_WORDS = {
    "": "Bỏ qua",
    "full-name": "Họ và tên",
    "family-name": "Họ lót",
    "given-name": "Tên",
    "birth-date": "Ngày sinh",
    "birth-day": "Ngày (ngày sinh)",
    "birth-month": "Tháng (ngày sinh)",
    "birth-year": "Năm (ngày sinh)",
    "number": "Số thứ tự",
    "school-number": "Mã học sinh",
    "ward": "Phường, xã",
}


class ColumnView(NamedTuple):
    place: int
    letter: str
    role: str


class RowView(NamedTuple):
    line: int
    cells: list[str]
    is_wrong: bool


class FaultView(NamedTuple):
    line: int
    column: str
    value: str
    words: str


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """
    Everything the page of a waiting list shows. `header`: the line with the titles, from 1; 0 for
    none. `seen` names this way of reading it.
    """

    seen: str
    sheets: list[str]
    sheet: int
    header: int
    header_choices: list[int]
    columns: list[ColumnView]
    roles: list[dict[str, str]]
    sample: list[RowView]
    is_readable: bool
    plan: Plan
    lines: list[Line]
    more_lines: int
    has_school_numbers: bool
    has_wards: bool
    faults: list[FaultView]
    most_faults: int
    wrong_lines: int
    warnings: list[FaultView]


def look(read: Read, found: Outcome, say: Callable[[str], str]) -> Look:
    """`say` puts a Vietnamese sentence into the reader's language."""
    columns = read.columns
    place = columns.sheet if columns is not None and columns.sheet < len(read.sheets) else 0
    sheet = read.sheets[place]
    header = columns.header if columns is not None else 0
    understood = read.understood
    told = [] if understood is None else understood.faults
    wrong = {fault.line for fault in told}
    width = min(MAX_COLUMNS, max((len(row) for row in sheet.rows), default=0))
    rows = [] if understood is None else understood.pupils
    return Look(
        seen=preview.seen(read.upload),
        sheets=[each.name for each in read.sheets],
        sheet=place,
        header=header,
        header_choices=list(range(1, min(HEADER_AT_MOST, len(sheet.rows)) + 1)),
        columns=[ColumnView(at, letter_of(at), _role(columns, at)) for at in range(width)],
        roles=[{"value": role, "label": say(words)} for role, words in ROLE_WORDS.items()],
        sample=[
            RowView(line, _padded(sheet.rows[line - 1], width), line in wrong)
            for line in _lines_shown(len(sheet.rows), header)
        ],
        is_readable=understood is not None,
        plan=found.plan,
        lines=found.lines,
        more_lines=found.more_lines,
        has_school_numbers=any(row.school_number for row in rows),
        has_wards=any(row.ward for row in rows),
        faults=[_fault(fault, FAULT_WORDS, say) for fault in told],
        most_faults=FAULTS_SHOWN,
        wrong_lines=len(wrong),
        warnings=[
            _fault(each, WARNING_WORDS, say) for each in (understood.warnings if understood else [])
        ],
    )


def _lines_shown(rows: int, header: int) -> list[int]:
    """Line numbers: the two above the titles, the titles, the first lines of the list."""
    first = max(1, header - 2)
    return list(range(first, min(rows, header + ROWS_SHOWN) + 1))


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _role(columns: Columns | None, at: int) -> str:
    if columns is None or at >= len(columns.roles):
        return ""
    return columns.roles[at]


def _fault(fault: LineFault, words: Mapping[str, str], say: Callable[[str], str]) -> FaultView:
    return FaultView(fault.line, fault.column, fault.value, say(words[fault.code]))


def columns_of(form: Form, sheets: Sequence[Sheet]) -> Columns:
    """What was chosen; a number that no page of ours sends counts as the first."""
    sheet = _number(form.text("sheet"), len(sheets) - 1)
    rows = sheets[sheet].rows
    width = min(MAX_COLUMNS, max((len(row) for row in rows), default=0))
    roles = [form.text(f"c{at}") for at in range(width)]
    return Columns(
        sheet=sheet,
        header=_number(form.text("header"), len(rows)),
        roles=[role if role in ROLE_WORDS else "" for role in roles],
    )


def _number(text: str, most: int) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= 6
    return int(text) if is_number and int(text) <= most else 0
