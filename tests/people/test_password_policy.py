"""Long, not common, not made of what others know of one; nothing else."""

from datetime import date

import pytest

from contest.access import Role
from contest.people.password_policy import (
    LONGEST,
    Fault,
    find_fault,
    is_short_for_staff,
    is_staff,
    personal_texts,
)

OWN = personal_texts("Nguyễn Thu Hà", date(1990, 2, 1), "thuha.ng@example.vn", "0912345678")


def fault(password: str, *, staff: bool = False) -> Fault | None:
    return find_fault(password, staff=staff, personal=OWN)


@pytest.mark.parametrize(
    "password",
    [
        "con mèo trèo cây cau",
        "sen-ho-guom-4821",
        "xe đạp màu tím",
        "aaaa bbbb cccc ddd",
        "7294018365",
    ],
)
def test_a_sentence_of_ones_own_is_good_whatever_its_characters(password: str):
    assert fault(password) is None


@pytest.mark.parametrize(
    "password",
    [
        "matkhau123",
        "Mật khẩu 2026",
        "1234567890",
        "0987654321",
        "anhyeuem2026",
        "Password2026",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "Hanoi@2026!!",
        "!!!!!!!!!!!!",
        "p@ssw0rd123",
    ],
)
def test_what_is_guessed_first_is_refused(password: str):
    assert fault(password) == "common"


@pytest.mark.parametrize(
    "password", ["nguyenthuha90", "Thu Hà 01021990", "0912345678", "thuhang1990", "HÀ0912345678!"]
)
def test_what_others_know_of_one_is_refused(password: str):
    assert fault(password) == "personal"


def test_ten_characters_are_enough_and_staff_need_fifteen():
    assert fault("mèo ngủ kỹ") is None
    assert fault("mèo ngủ k") == "too-short"
    assert fault("mèo ngủ kỹ", staff=True) == "too-short"
    assert fault("mèo ngủ kỹ trên mái", staff=True) is None


def test_letters_count_as_composed_ones():
    split = "me\u0300o ngu\u0309 ky\u0303"

    assert fault(split) is None
    assert fault(split[:-2]) == "too-short"
    assert is_short_for_staff(split)


def test_nothing_and_too_much_are_refused():
    assert fault("") == "missing"
    assert fault("x y" * LONGEST) == "too-long"


def test_whoever_holds_a_role_is_staff():
    assert is_staff([Role.ENTRANT, Role.JUROR])
    assert not is_staff([Role.ENTRANT])
