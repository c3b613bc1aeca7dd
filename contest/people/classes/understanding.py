"""A class list's rows understood: pupils, and what is wrong with each line that is none. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from contest.people.classes.dates import Born, of_three, read_date
from contest.people.classes.headers import find_columns, role_of
from contest.people.classes.sheets import Sheet
from contest.people.names import LONGEST_NAME, is_name, tidy_name
from contest.rules.eligibility import age_on
from contest.web.i18n import without_tones

YOUNGEST: Final = 3
OLDEST: Final = 100
# Older than this is rare in a class: told, and taken.
_USUAL_AGES: Final = range(5, 21)
_LONGEST_NUMBER: Final = 40

FAULT_WORDS: Final = {
    "no-name": "Dòng này thiếu họ tên. Hãy ghi họ tên rồi gửi lại.",
    "wrong-name": "Họ tên chỉ gồm chữ cái. Hãy bỏ chữ số và dấu lạ.",
    "long-name": "Họ tên dài quá 100 chữ. Hãy xem lại ô này có lẫn cột khác không.",
    "old-font": "Ô này gõ bằng phông chữ cũ (TCVN3 hay VNI). Hãy chuyển sang Unicode, chẳng hạn bằng "
    "công cụ chuyển mã của Unikey, rồi gửi lại.",
    "no-birth-date": "Dòng này thiếu ngày sinh. Hãy ghi ngày sinh, hoặc ít nhất năm sinh.",
    "wrong-birth-date": "Không hiểu ngày sinh này. Hãy ghi ngày/tháng/năm, ví dụ 12/09/2015, hoặc "
    "chỉ năm sinh.",
    "impossible-date": "Không có ngày này trong lịch. Hãy xem lại ngày và tháng.",
    "future-birth-date": "Ngày sinh ở tương lai. Hãy xem lại năm sinh.",
    "unlikely-age": "Tuổi tính ra dưới 3 hoặc trên 100. Hãy xem lại năm sinh.",
}
WARNING_WORDS: Final = {
    "short-year": "Năm sinh ghi hai chữ số: hãy xem chúng tôi hiểu có đúng không.",
    "unusual-age": "Tuổi của em khác các bạn trong lớp: hãy xem lại năm sinh.",
    "twice": "Hai dòng cùng họ tên và ngày sinh: dòng sau được bỏ qua.",
    "one-word": "Họ tên chỉ có một chữ: hãy xem có thiếu họ không.",
}

# What stands under and between the pupils of a list, without tones.
_NOT_A_PUPIL: Final = re.compile(
    r"(tong|tong so|tong cong|cong|si so|danh sach|trong do|ghi chu|giao vien|gvcn|hieu truong|"
    r"pho hieu truong|nguoi lap|lap bang|ky ten|ky ghi ro|xac nhan|thu truong|phu trach|"
    r"ngay \S+ thang|ha noi,|nam:|nu:|so hoc sinh|hoc sinh nu|lop|truong)\b.*"
)
# Texts in the fonts TCVN3 and VNI, seen as Unicode: signs inside words (V¨n), a capital after a
# small letter (NguyÔn), two vowels of which the second is the first's hat or tone (Hoøa).
_OLD_FONT: Final = re.compile(
    r"[^\W\d_][\u00a1-\u00bf\u00d7\u00f7]|[\u00a1-\u00bf\u00d7\u00f7][^\W\d_]"
    r"|[a-z][\u00c0-\u00de\u0110]|[aeouyAEOUY][äëïöüåø]|[aA][âêùõ]|[eEoO]â|[eE][áàã]"
)


class Columns(msgspec.Struct, frozen=True):
    """
    How a list is read: which sheet (from 0), the line of its titles (from 1; 0: none), and each
    column's role: full-name, family-name, given-name, birth-date, birth-day, birth-month,
    birth-year, number, school-number, ward; "" for a column that is left out.
    """

    sheet: int
    header: int
    roles: list[str]


class PupilRow(msgspec.Struct, frozen=True, kw_only=True):
    """
    A pupil out of line `line` (from 1). With `birth_is_year` the date is the last day of the year.
    `school_number`, `ward`: as they stand there, "" without; `number`: in the list, or None.
    """

    line: int
    full_name: str
    birth_date: date
    birth_is_year: bool
    school_number: str
    number: int | None
    ward: str


class LineFault(msgspec.Struct, frozen=True):
    """What is wrong in a line; `column`: its title, `value`: as it stands there."""

    line: int
    column: str
    code: str
    value: str


class Understood(msgspec.Struct, frozen=True):
    """`warnings` are worth a look and stop nothing; `ignored`: lines that are no pupil's."""

    pupils: list[PupilRow]
    faults: list[LineFault]
    warnings: list[LineFault]
    ignored: int


def guess_columns(sheets: Sequence[Sheet], remembered: Columns | None = None) -> Columns | None:
    """
    The sheet with the most pupils and how to read it; None when no sheet looks like a list.

    `remembered`, the way of the class's last list, is kept where it reads no fewer pupils.
    """
    # Only to tell dates from other numbers: any day of our years will do.
    some_day = date(2100, 1, 1)
    best: Columns | None = None
    most = 0
    for at, sheet in enumerate(sheets):
        found = find_columns(sheet.rows, some_day)
        if found is None:
            continue
        columns = Columns(at, *found)
        count = len(understand(sheet, columns, today=some_day).pupils)
        if best is None or count > most:
            best, most = columns, count
    if remembered is not None and remembered.sheet < len(sheets):
        sheet = sheets[remembered.sheet]
        width = max((len(row) for row in sheet.rows), default=0)
        count = len(understand(sheet, remembered, today=some_day).pupils)
        if width == len(remembered.roles) and count and count >= most:
            return remembered
    return best


def understand(sheet: Sheet, columns: Columns, *, today: date) -> Understood:
    """Every line under the titles: a pupil, a fault with the name of its column, or neither."""
    reader = _Reader(sheet, columns, today)
    for at in range(columns.header, len(sheet.rows)):
        reader.read(at + 1, sheet.rows[at])
    return Understood(reader.pupils, reader.faults, reader.warnings, reader.ignored)


class _Reader:
    def __init__(self, sheet: Sheet, columns: Columns, today: date) -> None:
        self._places = {role: at for at, role in enumerate(columns.roles) if role}
        self._titles = sheet.rows[columns.header - 1] if columns.header else []
        self._today = today
        self._seen: set[tuple[str, date, str]] = set()
        self.pupils: list[PupilRow] = []
        self.faults: list[LineFault] = []
        self.warnings: list[LineFault] = []
        self.ignored = 0

    def read(self, line: int, cells: Sequence[str]) -> None:
        if self._is_no_pupil(cells):
            self.ignored += 1
            return
        before = len(self.faults)
        name = self._name(line, cells)
        born = self._born(line, cells)
        if len(self.faults) > before or name is None or born is None:
            return
        number = self._cell(cells, "school-number")[:_LONGEST_NUMBER]
        who = (name.casefold(), born.day, number)
        if who in self._seen:
            self._warn(line, "full-name", "twice", name)
            return
        self._seen.add(who)
        own = self._cell(cells, "number").rstrip(".")
        self.pupils.append(
            PupilRow(
                line=line,
                full_name=name,
                birth_date=born.day,
                birth_is_year=born.is_year,
                school_number=number,
                number=int(own) if own.isascii() and own.isdigit() and 0 < len(own) < 6 else None,
                ward=self._cell(cells, "ward"),
            )
        )

    def _cell(self, cells: Sequence[str], role: str) -> str:
        at = self._places.get(role)
        return cells[at] if at is not None and at < len(cells) else ""

    def _is_no_pupil(self, cells: Sequence[str]) -> bool:
        """Empty lines, titles repeated on a new page, totals and signatures."""
        read = [cells[at] for at in self._places.values() if at < len(cells)]
        told = [self._cell(cells, role) for role in self._places if role != "number"]
        if not any(told):
            return True
        if sum(bool(role_of(cell)) for cell in read) >= 2:
            return True
        texts = [without_tones(cell) for cell in cells if cell and not cell.isdigit()]
        names = [without_tones(cell) for cell in told if cell]
        is_remark = any(_NOT_A_PUPIL.fullmatch(text) for text in [*texts[:1], *names])
        return is_remark and not self._has_date(cells)

    def _has_date(self, cells: Sequence[str]) -> bool:
        texts = [self._cell(cells, role) for role in ("birth-date", "birth-year")]
        return any(isinstance(read_date(text, self._today), Born) for text in texts if text)

    def _name(self, line: int, cells: Sequence[str]) -> str | None:
        full = self._cell(cells, "full-name")
        family, given = self._cell(cells, "family-name"), self._cell(cells, "given-name")
        text = full or " ".join(each for each in (family, given) if each)
        where = "full-name" if "full-name" in self._places else "given-name"
        if not text:
            self._fault(line, where, "no-name", text)
            return None
        if _OLD_FONT.search(text):
            self._fault(line, where, "old-font", text)
            return None
        name = tidy_name(text)
        if len(name) > LONGEST_NAME:
            self._fault(line, where, "long-name", text)
            return None
        if not is_name(name):
            self._fault(line, where, "wrong-name", text)
            return None
        if " " not in name:
            self._warn(line, where, "one-word", text)
        return name

    def _born(self, line: int, cells: Sequence[str]) -> Born | None:
        if "birth-year" in self._places and "birth-date" not in self._places:
            where = "birth-year"
            day, month, year = (
                self._cell(cells, role) for role in ("birth-day", "birth-month", "birth-year")
            )
            text, found = f"{day}/{month}/{year}", of_three(day, month, year, self._today)
        else:
            where = "birth-date"
            text = self._cell(cells, where)
            found = read_date(text, self._today)
        if isinstance(found, str):
            self._fault(line, where, found, text)
            return None
        age = age_on(found.day, self._today)
        if found.day > self._today and not (found.is_year and found.day.year == self._today.year):
            self._fault(line, where, "future-birth-date", text)
            return None
        # With the far day of a guess everybody is old; then only the shape is looked at.
        if self._today.year < 2100:
            if not YOUNGEST <= age <= OLDEST:
                self._fault(line, where, "unlikely-age", text)
                return None
            if found.is_short:
                self._warn(line, where, "short-year", text)
            elif age not in _USUAL_AGES:
                self._warn(line, where, "unusual-age", text)
        return found

    def _fault(self, line: int, role: str, code: str, value: str) -> None:
        self.faults.append(LineFault(line, self._title(role), code, value))

    def _warn(self, line: int, role: str, code: str, value: str) -> None:
        self.warnings.append(LineFault(line, self._title(role), code, value))

    def _title(self, role: str) -> str:
        at = self._places.get(role)
        return self._titles[at] if at is not None and at < len(self._titles) else ""
