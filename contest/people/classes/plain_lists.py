"""Lists that are text underneath: CSV in any of the encodings schools have, HTML tables that call
themselves .xls, the XML that Excel wrote in 2003. Reaches nothing but its argument."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any, Final

MAX_ROWS: Final = 5000
MAX_COLUMNS: Final = 60
_LONGEST_CELL: Final = 300
_MOST_LINES_IN_CELL: Final = 4

_INVISIBLE: Final = dict.fromkeys(
    [0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, *range(9), 11, 12, *range(14, 32), 127]
)
_NOT_TEXT: Final = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"{\\rtf", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b",
)  # fmt: skip


class NotReadable(Exception):
    """Why a file is no list that can be read; `code` is one of sheets.UNREADABLE_WORDS."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def tidy(text: str) -> str:
    """NFC, plain single spaces, nothing invisible; cut where no name or date is that long."""
    plain = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return " ".join(plain.split())[:_LONGEST_CELL]


def trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Without the empty cells at the ends of rows and the empty rows at the end."""
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def read(content: bytes) -> list[dict[str, Any]]:
    """Sheets as {"name", "rows"}. Raises NotReadable."""
    if content.startswith(_NOT_TEXT):
        raise NotReadable("not-a-list")
    text = decoded(content)
    if text[:300].lstrip().lower().startswith("mime-version:"):
        text = _web_page_within(content)
    head = text.lstrip("\ufeff \r\n\t")[:2000].lower()
    if head.startswith(("<?xml", "<workbook", "<ss:workbook")) and "workbook" in head:
        return _checked(_tables(text, _ExcelXml()))
    if head.startswith("<"):
        return _checked(_tables(text, _Html()))
    return separated(text)


def _web_page_within(content: bytes) -> str:
    """The page of a web archive (.mht), which Excel too can save under any name."""
    # Only few lists need what this brings in.
    from email import message_from_bytes

    for part in message_from_bytes(content).walk():
        packed = part.get_payload(decode=True)
        if part.get_content_type() == "text/html" and isinstance(packed, bytes):
            text = decoded(packed)
            if "<tr" in text.lower():
                return text
    raise NotReadable("html-without-table")


def separated(text: str) -> list[dict[str, Any]]:
    """One sheet of text with tabs, semicolons or commas between its cells."""
    lines = text.splitlines()
    if len(lines) > 4 * MAX_ROWS:
        raise NotReadable("too-many-rows", most=MAX_ROWS)
    mark = _mark_between(lines)
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
        if any(cell.count("\n") > _MOST_LINES_IN_CELL for row in found for cell in row):
            # A quotation mark that nobody closes would swallow all pupils below it.
            found = [line.replace('"', "").split(mark) for line in lines]
    except csv.Error as error:
        raise NotReadable("not-a-list") from error
    return _checked([("", [[tidy(cell) for cell in row[:MAX_COLUMNS]] for row in found])])


def _mark_between(lines: Iterable[str]) -> str:
    """The mark that the most lines have equally often."""
    some = [line for line in lines if line.strip()][:60]
    best, most = ",", 0
    for mark in ("\t", ";", ","):
        counts = [line.count(mark) for line in some if mark in line]
        usual = max((counts.count(count) * (count > 0) for count in set(counts)), default=0)
        if usual > most:
            best, most = mark, usual
    return best


def decoded(content: bytes) -> str:
    """
    UTF-8 or UTF-16 where the bytes are that, else Windows-1258, in which tones stand apart, else
    Western European.

    Raises NotReadable for what is no text.
    """
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(name, "replace")
    if content[1:60:2].count(0) > 20:
        return content.decode("utf-16-le", "replace")
    if b"\0" in content:
        raise NotReadable("not-a-list")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = content.decode("cp1258", "replace")
    # A tone stands behind its vowel there; `tidy` puts them together. Where one is left alone the
    # bytes are another's: of a font of the 1990s, which is recognised by its Latin letters.
    if any(unicodedata.category(each) == "Mn" for each in unicodedata.normalize("NFC", text)):
        return content.decode("cp1252", "replace")
    return text


def _checked(found: list[tuple[str, list[list[str]]]]) -> list[dict[str, Any]]:
    sheets = []
    for name, rows in found:
        kept = trimmed(rows)
        if len(kept) > MAX_ROWS:
            raise NotReadable("too-many-rows", most=MAX_ROWS)
        if kept:
            sheets.append({"name": name, "rows": kept})
    if not sheets:
        raise NotReadable("empty")
    return sheets


class _Tables(HTMLParser):
    """Collects tables; entities other than HTML's own mean nothing to it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[list[str]]]] = []
        self._cell: list[str] | None = None
        self._cells = 0

    def begin_table(self, name: str) -> None:
        self.found.append((name, []))

    def begin_row(self) -> None:
        if not self.found:
            self.begin_table("")
        self.found[-1][1].append([])
        if len(self.found[-1][1]) > 2 * MAX_ROWS:
            raise NotReadable("too-many-rows", most=MAX_ROWS)

    def put(self, text: str, at: int | None = None, wide: int = 1) -> None:
        if not self.found or not self.found[-1][1]:
            return
        row = self.found[-1][1][-1]
        if at is not None:
            row.extend([""] * (min(at, MAX_COLUMNS) - len(row)))
        row.append(text)
        row.extend([""] * (min(wide, MAX_COLUMNS) - 1))
        del row[MAX_COLUMNS:]

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


class _Html(_Tables):
    """The tables of a page: what old school programs save under the name of Excel."""

    def __init__(self) -> None:
        super().__init__()
        self._wide = 1
        self._tall = 1
        # Column → how many rows more a cell above reaches down into it.
        self._from_above: dict[int, int] = {}

    def begin_table(self, name: str) -> None:
        super().begin_table(name)
        self._from_above = {}

    def begin_row(self) -> None:
        if self.found and self.found[-1][1]:
            self._fill()
        super().begin_row()

    def _fill(self) -> None:
        """The places that cells from above take, where the row's next cell would stand."""
        row = self.found[-1][1][-1]
        while self._from_above.get(len(row), 0):
            self._from_above[len(row)] -= 1
            row.append("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.begin_table("")
        elif tag == "tr":
            self.end_cell()
            self.begin_row()
        elif tag in ("td", "th"):
            self.end_cell()
            self._cell = []
            self._wide = _number(dict(attrs).get("colspan"), 1)
            self._tall = _number(dict(attrs).get("rowspan"), 1)
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.end_cell()

    def end_cell(self) -> None:
        if self._cell is not None:
            if self.found and self.found[-1][1]:
                self._fill()
                first = len(self.found[-1][1][-1])
                self.put(tidy("".join(self._cell)), wide=self._wide)
                for at in range(first, len(self.found[-1][1][-1])):
                    self._from_above[at] = self._tall - 1
            self._cell = None


class _ExcelXml(_Tables):
    """XML Spreadsheet 2003: cells may say at which place they stand."""

    _at: int | None = None
    _wide = 1
    _is_date = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own, tag = dict(attrs), tag.rpartition(":")[2]
        if tag == "worksheet":
            self.begin_table(own.get("ss:name") or "")
        elif tag == "row":
            row = _number(own.get("ss:index"), 0)
            while self.found and len(self.found[-1][1]) < min(row - 1, MAX_ROWS):
                self.begin_row()
            self.begin_row()
        elif tag == "cell":
            index = _number(own.get("ss:index"), 0)
            self._at = index - 1 if index else None
            self._wide = 1 + _number(own.get("ss:mergeacross"), 0)
            self._is_date = False
            self._cell = []
        elif tag == "data":
            self._is_date = own.get("ss:type") == "DateTime"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "cell" and self._cell is not None:
            text = tidy("".join(self._cell))
            day = re.match(r"(\d{4})-(\d\d)-(\d\d)T", text) if self._is_date else None
            if day:
                text = f"{day[3]}/{day[2]}/{day[1]}"
            self.put(text, self._at, self._wide)
            self._cell = None


def _number(text: str | None, default: int) -> int:
    if text and text.isascii() and text.isdigit() and len(text) < 6:
        return int(text)
    return default


def _tables(text: str, parser: _Tables) -> list[tuple[str, list[list[str]]]]:
    parser.feed(text)
    parser.close()
    if not any(rows for _, rows in parser.found):
        raise NotReadable("html-without-table")
    return parser.found
