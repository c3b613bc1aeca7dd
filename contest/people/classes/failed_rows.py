"""The lines of a list that have faults, back as a workbook that can be corrected and sent again."""

import io
from collections.abc import Callable
from typing import Final

import xlsxwriter

from contest.people.classes.headers import TITLES, role_of, titles_over
from contest.people.classes.sheets import Sheet
from contest.people.classes.understanding import FAULT_WORDS, Columns, Understood

_LINE, _WHAT = "Dòng", "Cần sửa gì"
_SIGNS: Final = ("=", "+", "-", "@")


def faults_workbook(
    sheet: Sheet, columns: Columns, understood: Understood, say: Callable[[str], str]
) -> bytes:
    """
    Every wrong line with its own cells under their titles; before them its number and the faults.

    Cells are written as texts, and what begins like a formula is marked as one for good (an
    apostrophe in Excel), also after the file was saved again. A title that did not say what its
    column holds is replaced by one that does. `say` puts a Vietnamese sentence into the reader's
    language.
    """
    words: dict[int, list[str]] = {}
    for fault in understood.faults:
        words.setdefault(fault.line, []).append(say(FAULT_WORDS[fault.code]))
    titles = titles_that_tell(sheet, columns)
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet()
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    no_formula = book.add_format({"quote_prefix": True})
    for at, title in enumerate([say(_LINE), say(_WHAT), *titles]):
        page.write_string(0, at, title, bold)
    for row, (line, told) in enumerate(sorted(words.items()), start=1):
        page.write_number(row, 0, line)
        page.write_string(row, 1, " ".join(dict.fromkeys(told)), wrapped)
        for at, cell in enumerate(sheet.rows[line - 1], start=2):
            page.write_string(row, at, cell, no_formula if cell.startswith(_SIGNS) else None)
    page.set_column(1, 1, 50)
    page.set_column(2, 2 + len(titles), 18)
    page.freeze_panes(1, 0)
    book.close()
    return made.getvalue()


def titles_that_tell(sheet: Sheet, columns: Columns) -> list[str]:
    """One title a column, by which the same roles are found again."""
    own = titles_over(sheet.rows, columns.header)
    width = max(len(own), len(columns.roles))
    parted = "birth-day" in columns.roles
    titles = []
    for at in range(width):
        title = own[at] if at < len(own) else ""
        role = columns.roles[at] if at < len(columns.roles) else ""
        is_part = parted and role.startswith("birth")
        if is_part or (role and role_of(title) != role):
            title = TITLES.get(role, title)
        elif not role and role_of(title):
            # A second name or date in the list, which was left out.
            title = f"({title})"
        titles.append(title)
    return titles
