"""A class list's rows understood: pupils, and what is wrong with each line that is none. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from contest.people.classes import old_fonts, remarks
from contest.people.classes.dates import Born, of_three, read_date
from contest.people.classes.headers import find_columns, role_of, titles_over
from contest.people.classes.sheets import Sheet
from contest.people.names import LONGEST_NAME, is_name, tidy_name
from contest.rules.eligibility import age_on

YOUNGEST: Final = 3
# A slip of the year must not make an adult of a child, who would then sign alone. Grown-up learners
# register themselves.
OLDEST: Final = 25
# Older than this is rare in a class: told, and taken.
_USUAL_AGES: Final = range(5, 21)
# A year of two digits is understood only where the age that it gives is a pupil's.
_PUPILS_AGES: Final = range(YOUNGEST, 21)
_LONGEST_NUMBER: Final = 40

FAULT_WORDS: Final = {
    "no-name": "Dòng này thiếu họ tên. Hãy ghi họ tên rồi gửi lại.",
    "wrong-name": "Họ tên chỉ gồm chữ cái. Hãy bỏ chữ số và dấu lạ.",
    "long-name": "Họ tên dài quá 100 chữ. Hãy xem lại ô này có lẫn cột khác không.",
    "old-font": "Ô này gõ bằng phông chữ cũ (TCVN3 hay VNI). Hãy chuyển sang Unicode, chẳng hạn bằng "
    "công cụ chuyển mã của Unikey, rồi gửi lại.",
    "broken-letters": "Chữ trong ô này bị mất hoặc bị vỡ dấu. Hãy mở tệp gốc bằng Excel, lưu thành .xlsx "
    "rồi gửi lại; không có tệp gốc thì gõ lại ô này.",
    "no-birth-date": "Dòng này thiếu ngày sinh. Hãy ghi ngày sinh, hoặc ít nhất năm sinh.",
    "wrong-birth-date": "Không hiểu ngày sinh này. Hãy ghi ngày/tháng/năm, ví dụ 12/09/2015, hoặc "
    "chỉ năm sinh.",
    "impossible-date": "Không có ngày này trong lịch. Hãy xem lại ngày và tháng.",
    "unclear-year": "Năm sinh chỉ có hai chữ số và không rõ là năm nào. Hãy ghi đủ bốn chữ số, ví dụ "
    "12/09/2015.",
    "future-birth-date": "Ngày sinh ở tương lai. Hãy xem lại năm sinh.",
    "unlikely-age": "Tuổi tính ra dưới 3 hoặc trên 25. Hãy xem lại năm sinh; học viên lớn tuổi thì tự đăng ký.",
}
WARNING_WORDS: Final = {
    "short-year": "Năm sinh ghi hai chữ số: hãy xem chúng tôi hiểu có đúng không.",
    "unusual-age": "Tuổi của em khác các bạn trong lớp: hãy xem lại năm sinh.",
    "twice": "Hai dòng cùng họ tên và ngày sinh: dòng sau được bỏ qua. Nếu là hai em khác nhau, hãy "
    "thêm cột mã học sinh.",
    "one-word": "Họ tên chỉ có một chữ: hãy xem có thiếu họ không.",
}


class Columns(msgspec.Struct, frozen=True):
    """
    How a list is read: which sheet (from 0), the line of its titles (from 1; 0: none), and each
    column's role: full-name, family-name, given-name, birth-date, birth-day, birth-month,
    birth-year, number, school-number, ward; "" for a column that is left out.

    Of several columns with one role the first that says something in a line counts: birth dates
    stand in two columns where one is for boys and one for girls.
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
    most = (0, 0)
    for at, sheet in enumerate(sheets):
        found = find_columns(sheet.rows, some_day)
        if found is None:
            continue
        columns = Columns(at, *found)
        count = _count(understand(sheet, columns, today=some_day))
        if best is None or count > most:
            best, most = columns, count
    if remembered is not None and remembered.sheet < len(sheets):
        sheet = sheets[remembered.sheet]
        width = max((len(row) for row in sheet.rows), default=0)
        count = _count(understand(sheet, remembered, today=some_day))
        if width == len(remembered.roles) and count[0] and count[0] >= most[0]:
            return remembered
    return best


def _count(found: Understood) -> tuple[int, int]:
    """A sheet with more pupils is more of a list; then one with more lines that could be pupils."""
    return len(found.pupils), len({each.line for each in found.faults})


def understand(sheet: Sheet, columns: Columns, *, today: date) -> Understood:
    """Every line under the titles: a pupil, a fault with the name of its column, or neither."""
    reader = _Reader(sheet, columns, today)
    for at in range(columns.header, len(sheet.rows)):
        reader.read(at + 1, sheet.rows[at])
    return Understood(reader.pupils, reader.faults, reader.warnings, reader.ignored)


class _Reader:
    def __init__(self, sheet: Sheet, columns: Columns, today: date) -> None:
        self._places: dict[str, list[int]] = {}
        for at, role in enumerate(columns.roles):
            if role:
                self._places.setdefault(role, []).append(at)
        self._titles = titles_over(sheet.rows, columns.header)
        self._today = today
        self._seen: set[tuple[str, date, str]] = set()
        # Below a total or a signature names without number and date are those of teachers.
        self._is_below = False
        lines = sheet.rows[columns.header :]
        names = [name for name in map(self._name_text, lines) if name]
        numbers = sum(self._number(cells) is not None for cells in lines)
        self._is_numbered = numbers * 2 >= len(names) > 0
        self._font = old_fonts.font_of_list(names)
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
        self.pupils.append(
            PupilRow(
                line=line,
                full_name=name,
                birth_date=born.day,
                birth_is_year=born.is_year,
                school_number=number,
                number=self._number(cells),
                ward=self._cell(cells, "ward"),
            )
        )

    def _cell(self, cells: Sequence[str], role: str) -> str:
        found = (cells[at] for at in self._places.get(role, ()) if at < len(cells) and cells[at])
        return next(found, "")

    def _name_text(self, cells: Sequence[str]) -> str:
        family, given = self._cell(cells, "family-name"), self._cell(cells, "given-name")
        return self._cell(cells, "full-name") or " ".join(each for each in (family, given) if each)

    def _number(self, cells: Sequence[str]) -> int | None:
        own = self._cell(cells, "number").rstrip(".")
        return int(own) if own.isascii() and own.isdigit() and 0 < len(own) < 6 else None

    def _is_no_pupil(self, cells: Sequence[str]) -> bool:
        """Empty lines, titles repeated on a new page, headings, totals and signatures."""
        told = [self._cell(cells, role) for role in self._places if role != "number"]
        if not any(told):
            return True
        name = self._name_text(cells)
        if remarks.is_column_numbers(cells, name):
            return True
        has_number = self._is_numbered and self._number(cells) is not None
        if has_number or (name and self._has_date(cells)):
            self._is_below = False
            return False
        if sum(bool(role_of(cell)) for cell in cells) >= 2:
            return True
        births = [self._cell(cells, role) for role in self._places if role.startswith("birth")]
        texts = [self._unicode(each) for each in (self._first(cells), name, *births) if each]
        if remarks.is_below(texts):
            self._is_below = bool(self.pupils or self.faults)
            return True
        if remarks.is_group(self._unicode(name)):
            return True
        is_alone = sum(bool(cell) for cell in cells) == 1
        # A word or two in a numbered list without a number: a heading, unless it is a name.
        is_heading = self._is_numbered and is_alone and name and not is_name(name)
        return self._is_below or bool(is_heading)

    def _first(self, cells: Sequence[str]) -> str:
        """What the line begins with; not a given name, which may be Trường or Ký."""
        given = self._places.get("given-name", ())
        told = (cell for at, cell in enumerate(cells) if at not in given)
        return next((cell for cell in told if cell and not cell.isdigit()), "")

    def _has_date(self, cells: Sequence[str]) -> bool:
        texts = [self._cell(cells, role) for role in ("birth-date", "birth-year")]
        return any(isinstance(read_date(text, self._today), Born) for text in texts if text)

    def _unicode(self, text: str) -> str:
        return text if self._font is None else old_fonts.turned(text, self._font)

    def _name(self, line: int, cells: Sequence[str]) -> str | None:
        text = self._name_text(cells)
        where = "full-name" if "full-name" in self._places else "given-name"
        if not text:
            self._fault(line, where, "no-name", text)
            return None
        if self._font is not None and self._unicode(text) != text:
            self._fault(line, where, "old-font", text)
            return None
        if old_fonts.is_broken(text):
            self._fault(line, where, "broken-letters", text)
            return None
        if old_fonts.font_of(text) is not None:
            self._fault(line, where, "old-font", text)
            return None
        name = tidy_name(text)
        if len(name) > LONGEST_NAME:
            self._fault(line, where, "long-name", text)
            return None
        # "Lê An - lớp trưởng": a remark beside the name is no part of it.
        if not is_name(name) or " - " in name:
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
            if found.is_short and age not in _PUPILS_AGES:
                self._fault(line, where, "unclear-year", text)
                return None
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
        at = next(iter(self._places.get(role, ())), len(self._titles))
        return self._titles[at] if at < len(self._titles) else ""
