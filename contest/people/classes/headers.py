"""Which column of a class list holds what: by the words above it, or by what stands in it. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from contest.people.classes.dates import Born, read_date
from contest.web.i18n import without_tones

# The title row stands among the first lines; above it the school, the class, the year.
_LOOK_DOWN: Final = 30

_WORDS: Final[dict[str, str]] = {
    "full-name": "ho va ten|ho ten|ho va ten hoc sinh|ho ten hoc sinh|ten hoc sinh|hoc sinh|ho va ten hs|ho ten hs|"
    "ho va ten tre|full name|fullname|name|student name|student|hovaten|hoten",
    "family-name": "ho lot|ho dem|ho va dem|ho va ten dem|ho va chu lot|ho va ten lot|ho chu lot|ho|ho va lot|"
    "last name|lastname|surname|family name|ho ten dem|holot|hodem",
    "given-name": "ten|ten goi|given name|first name|firstname|ten hs",
    "birth-date": "ngay sinh|ngay thang nam sinh|sinh ngay|ntns|n sinh|nam sinh|ngay thang nam|ngay/thang/nam sinh|"
    "date of birth|birth date|birthdate|birthday|dob|ngaysinh|namsinh|ngay thang sinh|ns|ngay sinh (dd/mm/yyyy)",
    "number": "stt|tt|so tt|so thu tu|no|no.|#|sothutu",
    "school-number": "ma hs|ma hoc sinh|ma dinh danh|ma so|ma so hs|ma so hoc sinh|so dinh danh|ma hs bo|ma hoc sinh bo|"
    "mshs|student id|id|mahs|ma bo|ma dinh danh hs|ma dinh danh bo gd&dt|so dinh danh ca nhan",
    "ward": "phuong xa|phuong/xa|phuong, xa|phuong|xa|xa phuong|xa/phuong|phuong (xa)|noi o|ward|xa, phuong|phuong - xa",
}
_ROLES: Final = {word: role for role, words in _WORDS.items() for word in words.split("|")}
_DAY_PARTS: Final = {"ngay": "birth-day", "thang": "birth-month", "nam": "birth-year"}
_NAME: Final = {"full-name", "given-name"}
_BIRTH: Final = {"birth-date", "birth-year"}
_A_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_.'’-]+)+")


def role_of(title: str) -> str:
    """What a title says that its column holds; "" for anything else."""
    plain = re.sub(r"[*:]", "", without_tones(title)).strip()
    return _ROLES.get(plain) or _ROLES.get(re.sub(r"\s*\(.*\)$", "", plain), "")


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
    parts = [_DAY_PARTS.get(without_tones(cell), "") for cell in under]
    own_parts = [_DAY_PARTS.get(without_tones(cell), "") for cell in row]
    if {"birth-day", "birth-month", "birth-year"} <= set(own_parts):
        roles = [part or role for role, part in zip(roles, _padded(own_parts, width), strict=True)]
    elif {"birth-day", "birth-month", "birth-year"} <= set(parts):
        # "Ngày sinh" over three columns, which say in a second line what each of them is.
        roles = [part or role for role, part in zip(roles, _padded(parts, width), strict=True)]
        roles = ["" if role == "birth-date" else role for role in roles]
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
    """A second column of the same role is left out: the first is the pupil's own."""
    seen: set[str] = set()
    kept = []
    for role in roles:
        kept.append("" if role in seen else role)
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
