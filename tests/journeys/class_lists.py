"""Three class lists as schools have them: three shapes, forty pupils together, all invented."""

import io

import xlsxwriter

MIDDLE = ("Ngọc", "Minh", "Gia", "Thu", "Quang", "Hải", "Khánh", "Bảo", "Phương", "Đức")
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Hồ", "Ngô")
GIVEN = (
    "An", "Bách", "Chi", "Dũng", "Đan", "Giang", "Hà", "Hiếu", "Khôi", "Linh",
    "Mai", "Nam", "Oanh", "Phúc", "Quân", "Sơn", "Thảo", "Uyên", "Việt", "Yến",
)  # fmt: skip

LAN = "Đỗ Ngọc Lan"
PUPILS = [
    (f"{FAMILY[at % 10]} {MIDDLE[(at * 3 + at // 20) % 10]}", GIVEN[at % 20], at)
    for at in range(39)
]


def _day(at: int) -> str:
    return f"{1 + at % 28:02d}/{1 + at % 12:02d}/2015"


def excel_with_titles() -> bytes:
    """14 pupils: title rows, the name in two columns, dates as dates, a total underneath."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet("5A")
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.merge_range("A1:E1", "TRƯỜNG TIỂU HỌC HOA GẠO")
    sheet.merge_range("A2:E2", "DANH SÁCH HỌC SINH LỚP 5A - NĂM HỌC 2026-2027")
    sheet.write_row("A4", ["STT", "Họ lót", "Tên", "Ngày sinh", "Nữ"])
    for row, (before, given, at) in enumerate(PUPILS[:14], start=4):
        sheet.write_row(row, 0, [row - 3, before, given])
        # Excel's own dates: days since 1899-12-30; 42005 is the first of January 2015.
        sheet.write_number(row, 3, 42005 + at * 9, date)
        sheet.write(row, 4, "x" if at % 2 else "")
    sheet.write("B19", "Tổng số: 14 học sinh")
    book.close()
    return made.getvalue()


def old_csv() -> bytes:
    """13 pupils in Windows-1258 with semicolons: one column for the name, only years of birth."""
    lines = ["Số thứ tự;Họ và tên;Năm sinh"]
    lines += [f"{at + 1};{before} {given};2015" for before, given, at in PUPILS[14:27]]
    return "\r\n".join(_for_windows_1258(line) for line in lines).encode("cp1258")


def _for_windows_1258(text: str) -> str:
    """Windows-1258 has letters with their hats and hooks, and the tones apart."""
    import unicodedata

    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    made = ""
    for letter in text:
        split = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(each for each in split if each not in tones))
        made += base + "".join(each for each in split if each in tones)
    return made


def pasted_cells() -> str:
    """13 pupils copied out of a spreadsheet, Lan the last; a line has a day that does not exist."""
    lines = ["TT\tHọ và tên học sinh\tNgày tháng năm sinh\tGhi chú"]
    for before, given, at in PUPILS[27:39]:
        lines.append(f"{at + 1}\t{before} {given}\t{_day(at)}\t")
    lines.append(f"40\t{LAN}\t12/9/2015\t")
    lines.append("41\tTrần Văn Sai\t31/02/2015\t")
    return "\n".join(lines)
