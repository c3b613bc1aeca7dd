"""Reads one list in a process of its own: bytes come in, JSON goes out, limits hold it.

`python -m contest.people.classes.sheet_child < list.xlsx`. What a file claims to be is not asked:
only its bytes are looked at. The parent (sheets.py) takes any unexpected end for a broken file.
"""

import io
import json
import re
import resource
import sys
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from contest.people.classes import plain_lists
from contest.people.classes.plain_lists import MAX_COLUMNS, MAX_ROWS, NotReadable, tidy

MEMORY_BYTES: Final = 768 * 1024 * 1024
CPU_S: Final = 10
# What a list of some thousand rows never needs, and a bomb does.
UNPACKED_BYTES: Final = 64 * 1024 * 1024
MOST_PARTS: Final = 2000
# A text that stands once in a file may be shown in every cell of it.
MOST_LETTERS: Final = 4_000_000

_PACKED_AS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    content = sys.stdin.buffer.read()
    try:
        said: dict[str, Any] = {"sheets": read(content)}
    except NotReadable as error:
        said = {"code": error.code, "facts": error.facts}
    except MemoryError:
        said = {"code": "too-large", "facts": {}}
    sys.stdout.write(json.dumps(said))


def read(content: bytes) -> list[dict[str, Any]]:
    """Sheets as {"name", "rows"}. Raises NotReadable."""
    if not content.strip():
        raise NotReadable("empty")
    if content.startswith(b"PK"):
        _check_package(content)
        return _workbook(content)
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise NotReadable("password-protected")
        return _workbook(content)
    return plain_lists.read(content)


def _check_package(content: bytes) -> None:
    """A zip file that holds a workbook and unpacks to what a list may be."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            is_workbook = any(name.startswith(("xl/", "/xl/")) for name in names)
            if not is_workbook and "content.xml" not in names:
                raise NotReadable("not-a-list")
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
                raise NotReadable("too-large")
            if any(part.flag_bits & 1 for part in parts):
                raise NotReadable("password-protected")
            if any(part.compress_type not in _PACKED_AS for part in parts):
                raise NotReadable("broken")
            left = UNPACKED_BYTES
            for part in parts:
                # The sizes were only claimed so far.
                with package.open(part) as packed:
                    while piece := packed.read(1 << 16):
                        left -= len(piece)
                        if left < 0:
                            raise NotReadable("too-large")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError) as error:
        raise NotReadable("broken") from error


def _workbook(content: bytes) -> list[dict[str, Any]]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [
            each.name
            for each in book.sheets_metadata
            if each.typ == calamine.SheetTypeEnum.WorkSheet
            and each.visible == calamine.SheetVisibleEnum.Visible
        ]
        sheets = [_sheet(book.get_sheet_by_name(name)) for name in shown or book.sheet_names]
    except calamine.PasswordError as error:
        raise NotReadable("password-protected") from error
    except (NotReadable, MemoryError):
        raise
    except BaseException as error:
        # The library names its faults by many kinds, some undocumented; what it did not foresee is
        # a panic of Rust's, which is no Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise NotReadable("broken") from error
        raise
    letters = sum(len(cell) for each in sheets for row in each["rows"] for cell in row)
    if letters > MOST_LETTERS:
        raise NotReadable("too-large")
    filled = [each for each in sheets if each["rows"]]
    if not filled:
        raise NotReadable("empty")
    return filled


def _sheet(sheet: Any) -> dict[str, Any]:
    """Rows with the empty ones above them, so that a line has the number it has in Excel."""
    if sheet.start is None:
        return {"name": sheet.name, "rows": []}
    above, left = sheet.start
    rows: list[list[str]] = [[] for _ in range(min(above, MAX_ROWS))]
    blank = [""] * min(left, MAX_COLUMNS)
    beyond = 0
    for at, cells in enumerate(sheet.iter_rows(), start=above):
        if at < MAX_ROWS:
            rows.append(blank + [shown(cell) for cell in cells[: MAX_COLUMNS - len(blank)]])
        elif any(cell not in ("", None) for cell in cells):
            beyond += 1
    if beyond:
        # A sheet whose formulas give nothing far down is no long list.
        held = beyond + sum(any(row) for row in rows)
        if held > MAX_ROWS:
            raise NotReadable("too-many-rows", most=MAX_ROWS)
        raise NotReadable("too-spread-out")
    return {"name": sheet.name, "rows": plain_lists.trimmed(rows)}


def shown(cell: object) -> str:
    """A cell as a person sees it: dates by day, whole numbers without a point."""
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, datetime | date):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year}"
    if isinstance(cell, time | timedelta):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    text = tidy(str(cell))
    return "" if re.fullmatch(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)", text) else text


if __name__ == "__main__":
    main()
