"""Lines of a class list that are no pupil's: totals, signatures, headings. Pure.

With their tones, for without them Trường (a school) is Trương (a family), and Tổng (a sum) Tống.
"""

import re
from collections.abc import Sequence
from typing import Final

_BELOW: Final = re.compile(
    r"\(?(tổng|cộng\b|sĩ số|danh sách|trong đó|ghi chú|lưu ý|giáo viên|gvcn|gv chủ|hiệu trưởng"
    r"|phó hiệu trưởng|kt\.|tm\.|t/m|người lập|lập bảng|lập biểu|ký tên|ký,|\(ký|đã ký|đóng dấu"
    r"|xác nhận|thủ trưởng|phụ trách|số học sinh|học sinh (nam|nữ)|(nam|nữ) *[:=]|lớp\b|trường\b"
    r"|phòng gd|phòng giáo dục|ngày +\S+ +tháng)"
    # Where nobody writes tones only what cannot be a name.
    r"|\(?(tong (so|cong)|tong:|si so|danh sach|trong do|ghi chu|giao vien|hieu truong|pho hieu"
    r"|nguoi lap|ky ten|xac nhan|hoc sinh (nam|nu)|phong gd|ngay +\S+ +thang)"
)
_PLACE_AND_DAY: Final = re.compile(r".*\b(ngày|ngay)\b.*\b(tháng|thang)\b.*\b(năm|nam)\b.*")
_GROUP: Final = re.compile(r"(tổ|nhóm|chi đội|phân đội|to|nhom)\s+\S{1,4}")
_COLUMN_NUMBER: Final = re.compile(r"\(?([0-9]{1,2}|[a-z])\)?")


def is_below(texts: Sequence[str]) -> bool:
    """Whether one of these begins like a total or a signature."""
    return any(
        _BELOW.match(text) or _PLACE_AND_DAY.fullmatch(text)
        for text in (each.casefold() for each in texts)
    )


def is_group(name: str) -> bool:
    """Tổ 2, Nhóm A: a heading between the pupils."""
    return bool(_GROUP.fullmatch(name.casefold()))


def is_column_numbers(cells: Sequence[str], name: str) -> bool:
    """(1) (2) (3) under the titles, as ministries' forms have them."""
    filled = [cell.casefold() for cell in cells if cell]
    return (
        bool(_COLUMN_NUMBER.fullmatch(name.casefold()))
        and len(filled) >= 2
        and all(_COLUMN_NUMBER.fullmatch(cell) for cell in filled)
    )
