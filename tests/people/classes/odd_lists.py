"""Makers of class lists in every odd shape that schools send, and some that only an enemy sends."""

import io
import struct
import unicodedata
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

Cells = Sequence[Sequence[Any]]

# Three pupils as most lists below have them.
THREE: Cells = (
    ("STT", "Họ và tên", "Ngày sinh"),
    (1, "Nguyễn Thu Hà", "12/09/2015"),
    (2, "Trần Đức Minh", "03/01/2015"),
    (3, "Lê Hoà Bình", "28/02/2015"),
)
THREE_READ = ["Nguyễn Thu Hà 12/09/2015", "Trần Đức Minh 03/01/2015", "Lê Hoà Bình 28/02/2015"]


def xlsx(*sheets: Cells, names: Sequence[str] = (), dress: Any = None, **options: Any) -> bytes:
    """Sheets of cells as xlsxwriter writes them; `dress(book, pages)` does the odd thing."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, options)
    pages = []
    for at, cells in enumerate(sheets):
        page = book.add_worksheet(names[at] if at < len(names) else None)
        pages.append(page)
        for row, line in enumerate(cells):
            for column, cell in enumerate(line):
                if cell is not None:
                    page.write(row, column, cell)
    if dress is not None:
        dress(book, pages)
    book.close()
    return made.getvalue()


def csv(lines: Cells, mark: str = ",", encoding: str = "utf-8", end: str = "\n") -> bytes:
    text = end.join(mark.join(str(cell) for cell in line) for line in lines)
    return text.encode(encoding)


def windows_1258(text: str) -> bytes:
    """As Windows writes Vietnamese: hats and hooks are letters, a tone is a byte of its own."""
    tones = {chr(code) for code in (0x300, 0x301, 0x303, 0x309, 0x323)}
    made = ""
    for letter in text:
        split = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(each for each in split if each not in tones))
        made += base + "".join(each for each in split if each in tones)
    return made.encode("cp1258")


def ods(cells: Cells) -> bytes:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(str(cell))}</text:p></table:table-cell>"
            for cell in line
        )
        + "</table:table-row>"
        for line in cells
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="5A">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    return packed({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def packed(parts: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return made.getvalue()


def raw_xlsx(sheet: str, **more: str | bytes) -> bytes:
    """A workbook of hand-written parts around one sheet's XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="5A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": sheet,
    }
    return packed(parts | more)


def sheet_xml(cells: Cells, *, before: str = "", dimension: str = "") -> str:
    rows = "".join(
        f'<row r="{row}">'
        + "".join(
            f'<c r="{chr(65 + column)}{row}" t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>'
            for column, cell in enumerate(line)
        )
        + "</row>"
        for row, line in enumerate(cells, start=1)
    )
    said = f'<dimension ref="{dimension}"/>' if dimension else ""
    return (
        f'<?xml version="1.0"?>{before}<worksheet '
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"{said}<sheetData>{rows}</sheetData></worksheet>"
    )


def bomb(megabytes: int) -> bytes:
    """A workbook whose sheet unpacks to that many megabytes of nothing."""
    return raw_xlsx(sheet_xml(THREE), **{"xl/media/image1.png": b"\0" * (megabytes * 1024 * 1024)})


def lying_bomb() -> bytes:
    """The same, with sizes in its directory that say it is small."""
    honest = bytearray(bomb(100))
    size = struct.pack("<I", 100 * 1024 * 1024)
    at = honest.find(size)
    while at >= 0:
        honest[at : at + 4] = struct.pack("<I", 1000)
        at = honest.find(size, at + 4)
    return bytes(honest)


def html(cells: Cells, *, head: str = '<meta charset="utf-8">', around: str = "{}") -> bytes:
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in line) + "</tr>"
        for line in cells
    )
    table = around.format(f"<table border=1>{rows}</table>")
    return f"<html><head>{head}</head><body>{table}</body></html>".encode()


def excel_2003_xml(cells: Cells) -> bytes:
    rows = "".join(
        "<Row>"
        + "".join(
            '<Cell><Data ss:Type="DateTime">' + cell[1:] + "T00:00:00.000</Data></Cell>"
            if str(cell).startswith("@")
            else f'<Cell><Data ss:Type="String">{escape(str(cell))}</Data></Cell>'
            for cell in line
        )
        + "</Row>"
        for line in cells
    )
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="5A"><Table>{rows}</Table></Worksheet></Workbook>'
    ).encode()


def xls(cells: Cells) -> bytes:
    """Excel 97: BIFF8 records in a compound file, written by hand."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def label(row: int, column: int, text: str) -> bytes:
        coded = text.encode("utf-16-le")
        return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + coded)

    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6))
    for row, line in enumerate(cells):
        for column, cell in enumerate(line):
            if isinstance(cell, int | float):
                sheet += record(0x0203, struct.pack("<HHHd", row, column, 0, cell))
            else:
                sheet += label(row, column, cell)
    sheet += record(0x000A, b"")
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6))
    name = b"5A"
    bound = struct.pack("<BB", 0, 0) + struct.pack("<BB", len(name), 0) + name
    length = len(begin) + 4 + 4 + len(bound) + 4
    stream = begin + record(0x0085, struct.pack("<I", length) + bound) + record(0x000A, b"")
    return compound("Workbook", stream + sheet)


def compound(name: str, stream: bytes) -> bytes:
    """A compound file with one stream, in sectors of 512 bytes."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count = len(stream) // 512
    # Sector 0: the table of sectors; sector 1: the directory; from 2 on the stream.
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + count), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        coded = title.encode("utf-16-le")
        return (
            coded.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(coded) + 2 if title else 0, kind, 1, 0xFFFFFFFF,
                          0xFFFFFFFF, child)
            + b"\0" * 36
            + struct.pack("<IQ", start, size)
        )  # fmt: skip

    nothing = entry("", 0, 0xFFFFFFFF, 0, 0)
    directory = (
        entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
        + entry(name, 2, 0xFFFFFFFF, 2, len(stream))
        + nothing * 2
    )
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * (512 - len(header) - 4)
    return header + struct.pack("<128I", *table) + directory + stream
