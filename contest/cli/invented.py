"""Invented people for the demo: plausible names, ages and wards, and how each would have played.

Nobody real is meant: family, middle and given names are drawn independently of each other. The
same seed and day give the same people and the same board.
"""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

_FAMILY = (
    "Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ "
    "Ngô Dương Lý Đào Đinh Mai Trịnh Lương Hà Tạ Cao Chu Quách Kiều"
).split()
_MIDDLE_F = "Thị Thị Thu Thanh Ngọc Minh Phương Bích Hồng Kim Mai Diệu Khánh Thùy Quỳnh".split()
_MIDDLE_M = "Văn Văn Đức Minh Quang Hữu Anh Tuấn Xuân Công Đình Gia Bảo Trọng Thành".split()
_GIVEN_F = (
    "An Anh Bình Chi Dung Giang Hà Hạnh Hiền Hoa Huệ Hương Lan Linh Loan Ly Mai My Nga Ngân Nhung "
    "Oanh Phương Quyên Tâm Thảo Thu Thủy Trang Uyên Vân Yến"
).split()
_GIVEN_M = (
    "An Bách Bình Cường Dũng Duy Đạt Giang Hải Hiếu Hoàng Hùng Huy Khang Khôi Kiên Lâm Long Minh "
    "Nam Nghĩa Phong Phúc Quân Sơn Tài Thắng Tiến Trung Tuấn Việt Vinh"
).split()

SHARE_PERFECT = 1 / 3
SHARE_UNSUBMITTED = 0.02
SHARE_NAMED = 0.72


class Invented(msgspec.Struct, frozen=True, kw_only=True):
    """A person and their attempt. `right` is how many of ten they will have answered correctly."""

    full_name: str
    birth_date: date
    phone: str
    ward_id: str
    shows_name: bool
    starts_at: datetime
    used: timedelta
    right: int
    prediction: int | None
    submits: bool
    school_id: str | None = None


def invent(
    count: int,
    *,
    seed: str,
    opens: datetime,
    closes: datetime,
    wards: Sequence[str],
) -> list[Invented]:
    """
    `count` people who played between `opens` and `closes`, in the order of their starts.

    A third have all right; every 250th comes twice with the same prediction and the same times,
    so that the board shows shared places.
    """
    chance = random.Random(seed)
    people: list[Invented] = []
    perfect_goal = count // 3
    for number in range(count):
        twin = people[-1] if number % 250 == 249 else None
        people.append(
            _one(chance, number, number < perfect_goal, perfect_goal, opens, closes, wards, twin)
        )
    return sorted(people, key=lambda each: each.starts_at)


def _one(
    chance: random.Random,
    number: int,
    is_perfect: bool,
    perfect_goal: int,
    opens: datetime,
    closes: datetime,
    wards: Sequence[str],
    twin: Invented | None,
) -> Invented:
    is_woman = chance.random() < 0.55
    middle, given = (_MIDDLE_F, _GIVEN_F) if is_woman else (_MIDDLE_M, _GIVEN_M)
    years = min(82, 16 + int(chance.gammavariate(2.2, 9)))
    born = opens.date() - timedelta(days=years * 365 + chance.randrange(10, 360) + years // 4)
    used_ms = int(1000 * min(598, max(58, chance.gauss(255 if is_perfect else 330, 95))))
    used = timedelta(milliseconds=used_ms + chance.randrange(1000))
    right = 10 if is_perfect else min(9, max(0, round(chance.gauss(7.1, 1.7))))
    guess = max(0, round(chance.gauss(perfect_goal, perfect_goal / 5)))
    if chance.random() < 0.12:
        # People love round numbers; that is where ties in the distance come from.
        guess = round(guess, -2)
    starts = _start(chance, opens, closes)
    return Invented(
        full_name=f"{chance.choice(_FAMILY)} {chance.choice(middle)} {chance.choice(given)}",
        birth_date=born,
        phone=f"09{chance.randrange(10**8):08d}",
        ward_id=chance.choice(wards),
        shows_name=chance.random() < SHARE_NAMED,
        starts_at=twin.starts_at if twin else starts,
        used=twin.used if twin else used,
        right=twin.right if twin else right,
        prediction=twin.prediction if twin else (None if chance.random() < 0.04 else guess),
        submits=twin.submits if twin else chance.random() >= SHARE_UNSUBMITTED,
    )


def _start(chance: random.Random, opens: datetime, closes: datetime) -> datetime:
    """More in the evenings and at noon, fewer at night; whole milliseconds."""
    span_ms = int((closes - opens).total_seconds() * 1000)
    while True:
        at = opens + timedelta(milliseconds=chance.randrange(span_ms - 900_000))
        hour = (at.hour + 7) % 24
        weight = 1.0 if 19 <= hour <= 22 else 0.7 if 11 <= hour <= 13 else 0.35
        if (weight if hour >= 6 else 0.04) > chance.random():
            return at
