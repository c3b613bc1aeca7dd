"""The lines of a list that have faults, back as a workbook that can be corrected and sent again."""

import io
from collections.abc import Callable

import xlsxwriter

from contest.people.classes.sheets import Sheet
from contest.people.classes.understanding import FAULT_WORDS, Columns, Understood

_LINE, _WHAT = "Dòng", "Cần sửa gì"


def faults_workbook(
    sheet: Sheet, columns: Columns, understood: Understood, say: Callable[[str], str]
) -> bytes:
    """
    Every wrong line with its own cells under their titles; before them its number and the faults.

    Cells are written as texts: what begins with = is no formula there. `say` puts a Vietnamese
    sentence into the reader's language.
    """
    words: dict[int, list[str]] = {}
    for fault in understood.faults:
        words.setdefault(fault.line, []).append(say(FAULT_WORDS[fault.code]))
    titles = sheet.rows[columns.header - 1] if columns.header else []
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet()
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for at, title in enumerate([say(_LINE), say(_WHAT), *titles]):
        page.write_string(0, at, title, bold)
    for row, (line, told) in enumerate(sorted(words.items()), start=1):
        page.write_number(row, 0, line)
        page.write_string(row, 1, " ".join(dict.fromkeys(told)), wrapped)
        for at, cell in enumerate(sheet.rows[line - 1], start=2):
            page.write_string(row, at, cell)
    page.set_column(1, 1, 50)
    page.set_column(2, 2 + len(titles), 18)
    page.freeze_panes(1, 0)
    book.close()
    return made.getvalue()
