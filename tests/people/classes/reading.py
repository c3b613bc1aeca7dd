"""Reads a list in this process, as tests look at it: pupils in words, faults by line and column."""

from datetime import date
from typing import Any

from contest.people.classes import sheet_child
from contest.people.classes.plain_lists import NotReadable
from contest.people.classes.sheets import UNREADABLE_WORDS, Sheet
from contest.people.classes.understanding import (
    FAULT_WORDS,
    WARNING_WORDS,
    Understood,
    guess_columns,
    understand,
)
from tests.people.classes import odd_lists as odd
from tests.people.classes.odd_lists import THREE

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
        f"{row.full_name} {row.birth_date:{'%Y' if row.birth_is_year else '%d/%m/%Y'}}"
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
