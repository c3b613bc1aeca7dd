"""Which column of a class list holds what: by the words above it, or by what stands in it. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from contest.people.classes.dates import Born, read_date
from contest.people.classes.old_fonts import turned
from contest.web.i18n import without_tones

# The title row stands among the first lines; above it the school, the class, the year.
_LOOK_DOWN: Final = 30

# What stands over a column whose own title does not say what it holds. Not translated: it is read.
TITLES: Final = {
    "full-name": "Họ và tên",
    "family-name": "Họ và tên đệm",
    "given-name": "Tên",
    "birth-date": "Ngày sinh",
    "birth-day": "Ngày",
    "birth-month": "Tháng",
    "birth-year": "Năm",
    "number": "STT",
    "school-number": "Mã học sinh",
    "ward": "Phường, xã",
}
# Without tones; a sign between two words is a blank here.
_WORDS: Final[dict[str, str]] = {
    "full-name": "ho va ten|ho ten|ten hoc sinh|hoc sinh|full name|fullname|name|student name|student|hovaten|hoten|"
    "ho va ten khai sinh|ten day du",
    "family-name": "ho lot|ho dem|ho va dem|ho va ten dem|ho va chu lot|ho va ten lot|ho chu lot|ho|ho va lot|"
    "ho va chu dem|ho ten lot|last name|lastname|surname|family name|ho ten dem|holot|hodem",
    "given-name": "ten|ten goi|given name|first name|firstname|ten hs",
    "birth-date": "ngay sinh|sinh ngay|ntns|n sinh|nam sinh|ngay thang nam|ngay thang nam sinh|"
    "date of birth|birth date|birthdate|birthday|dob|ngaysinh|namsinh|ngay thang sinh|ns|year of birth|birth year",
    "number": "stt|tt|so tt|so thu tu|no|#|sothutu|s t t|thu tu",
    "school-number": "ma hs|ma hoc sinh|ma dinh danh|ma so|ma so hs|ma so hoc sinh|so dinh danh|ma hs bo|ma hoc sinh bo|"
    "mshs|student id|id|mahs|ma bo|ma dinh danh hs|ma dinh danh bo gd dt|so dinh danh ca nhan|ma dinh danh hoc sinh|"
    "ma dinh danh ca nhan|ma dinh danh bo|ma moet|ma csdl",
    "ward": "phuong xa|phuong|xa|xa phuong|noi o|ward",
}  # fmt: skip
_ROLES: Final = {word: role for role, words in _WORDS.items() for word in words.split("|")}
# "Họ và tên thí sinh", "Ngày sinh của em": what follows says whose it is.
_BEGINNINGS: Final = {
    "full-name": ("ho va ten ", "ho ten ", "ten hoc sinh "),
    "birth-date": ("ngay sinh ", "ngay thang nam sinh ", "nam sinh ", "sinh ngay "),
}
_OF_OTHERS: Final = frozenset(
    "bo me cha phu huynh ph giam ho nguoi giao vien gv gvcn ong ba anh chi vo chong khac viet".split()
)
_DAY_PARTS: Final = {
    "ngay": "birth-day", "thang": "birth-month", "nam": "birth-year", "day": "birth-day",
    "month": "birth-month", "year": "birth-year", "ngay sinh": "birth-day",
    "thang sinh": "birth-month", "nam sinh": "birth-year",
}  # fmt: skip
_BY_SEX: Final = {"nam", "nữ"}
_THREE: Final = {"birth-day", "birth-month", "birth-year"}
_NAME: Final = {"full-name", "given-name"}
_BIRTH: Final = {"birth-date", "birth-year"}
_A_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_.'’-]+)+")


def role_of(title: str) -> str:
    """What a title says that its column holds; "" for anything else."""
    return next((role for text in _readings(title) if (role := _role(_plain(text)))), "")


def _readings(title: str) -> Iterator[str]:
    """As it stands, and as the fonts of the 1990s would draw it: "Hä vµ tªn" is Họ và tên."""
    yield title
    if not title.isascii():
        yield turned(title, "tcvn3")
        yield turned(title, "vni")


def _plain(title: str) -> str:
    """Without tones, signs and what stands in brackets."""
    bare = re.sub(r"\(.*?\)", " ", without_tones(title))
    return " ".join(re.sub(r"[^\w#]+", " ", bare).split())


def _role(plain: str) -> str:
    if plain in _ROLES:
        return _ROLES[plain]
    for role, beginnings in _BEGINNINGS.items():
        for beginning in beginnings:
            if plain.startswith(beginning):
                rest = set(plain[len(beginning) :].split())
                return "" if rest & _OF_OTHERS else role
    return ""


def _part(title: str) -> str:
    """Day, month or year of birth, where a date stands in three columns."""
    found = (_DAY_PARTS.get(_plain(text), "") for text in _readings(title))
    return next((part for part in found if part), "")


def titles_over(rows: Sequence[Sequence[str]], header: int) -> list[str]:
    """The title of each column; where titles take two lines, an empty one is that above it."""
    if not 0 < header <= len(rows):
        return []
    own = list(rows[header - 1])
    above = rows[header - 2] if header > 1 else []
    if not any(role_of(cell) for cell in above):
        return own
    width = max(len(own), len(above))
    return [
        low or high for low, high in zip(_padded(own, width), _padded(above, width), strict=True)
    ]


def find_columns(rows: Sequence[Sequence[str]], today: date) -> tuple[int, list[str]] | None:
    """
    The line of the titles (from 1; 0 where there is none) and each column's role.

    None when neither titles nor the cells tell where names and birth dates stand.
    """
    for at, row in enumerate(rows[:_LOOK_DOWN]):
        under = rows[at + 1] if at + 1 < len(rows) else []
        found = _by_titles(row, under, rows[at + 1 :])
        if found is not None:
            roles, depth = found
            return at + depth, roles
    by_cells = _by_cells(rows, today)
    return (0, by_cells) if by_cells is not None else None


def _by_titles(
    row: Sequence[str], under: Sequence[str], below: Sequence[Sequence[str]]
) -> tuple[list[str], int] | None:
    width = max(len(row), len(under))
    roles = [role_of(row[at]) if at < len(row) else "" for at in range(width)]
    depth = 1
    parts = [_part(cell) for cell in under]
    own_parts = [_part(cell) for cell in row]
    both = [cell.casefold() for cell in _padded(under, width + 1)]
    if set(own_parts) >= _THREE:
        roles = [part or role for role, part in zip(roles, _padded(own_parts, width), strict=True)]
        roles = ["" if role == "birth-date" else role for role in roles]
    elif set(parts) >= _THREE:
        # "Ngày sinh" over three columns, which say in a second line what each of them is.
        roles = [part or role for role, part in zip(roles, _padded(parts, width), strict=True)]
        roles = ["" if role == "birth-date" else role for role in roles]
        depth = 2
    elif "birth-date" in roles and {*both[(at := roles.index("birth-date")) :][:2]} == _BY_SEX:
        # Boys' dates in one column, girls' in the next.
        roles = [*roles, ""][: max(width, at + 2)]
        roles[at + 1] = "birth-date"
        depth = 2
    elif (more := [role_of(cell) for cell in under]) and any(more) and _adds(roles, more):
        roles = [new or role for role, new in zip(roles, _padded(more, width), strict=True)]
        depth = 2
    roles = _once_each(roles)
    _split_name(roles, row, below[depth - 1 :])
    if "given-name" in roles and "family-name" not in roles and "full-name" not in roles:
        roles[roles.index("given-name")] = "full-name"
    is_list = bool(_NAME & set(roles)) and (bool(_BIRTH & set(roles)) or len(set(roles) - {""}) > 1)
    return (roles, depth) if is_list else None


def _adds(roles: Sequence[str], more: Sequence[str]) -> bool:
    """Whether a second line of titles tells a name or a date that the first did not."""
    known = set(roles) - {""}
    return bool(known) and not (_NAME & known and _BIRTH & known) and bool(set(more) - {""} - known)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))][:width]


def _once_each(roles: list[str]) -> list[str]:
    """
    A second column of the same role is left out: the first is the pupil's own. Two birth dates
    side by side are one, a column for boys and one for girls.
    """
    seen: set[str] = set()
    kept: list[str] = []
    for at, role in enumerate(roles):
        beside = role == "birth-date" and at > 0 and kept[at - 1] == role
        kept.append("" if role in seen and not beside else role)
        seen.add(role)
    return kept


def _split_name(roles: list[str], row: Sequence[str], below: Sequence[Sequence[str]]) -> None:
    """ "Họ và tên" over two columns: what is before the given name, and the given name."""
    if "full-name" not in roles:
        return
    at = roles.index("full-name")
    beside = at + 1
    if beside >= len(roles):
        roles.append("")
    if roles[beside] or (beside < len(row) and row[beside]):
        return
    cells = [line[beside] for line in below[:40] if len(line) > beside and line[beside]]
    named = [line for line in below[:40] if len(line) > at and line[at]]
    if len(cells) * 2 > len(named) > 0 and all(cell.replace(" ", "").isalpha() for cell in cells):
        roles[at], roles[beside] = "family-name", "given-name"


def _by_cells(rows: Sequence[Sequence[str]], today: date) -> list[str] | None:
    width = max((len(row) for row in rows), default=0)
    some = [row for row in rows[:200] if row]
    names, births = [0] * width, [0] * width
    for row in some:
        for at, cell in enumerate(row):
            names[at] += bool(_A_NAME.fullmatch(cell))
            births[at] += isinstance(read_date(cell, today), Born)
    if not width or max(names) * 2 < len(some) or max(births) * 2 < len(some):
        return None
    roles = [""] * width
    roles[names.index(max(names))] = "full-name"
    birth = births.index(max(births))
    if roles[birth]:
        return None
    roles[birth] = "birth-date"
    return roles
