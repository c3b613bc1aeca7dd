"""What a name is, how it is ordered, and what of it the public may see."""

import random

import pytest

from contest.people.names import is_name, name_key, public_name, tidy_name


@pytest.mark.parametrize(
    ("full", "public"),
    [
        ("Nguyễn Thu Hà", "N. T. Hà"),
        ("Âu Ấm", "Â. Ấm"),
        ("Đỗ Ổn", "Đ. Ổn"),
        ("Hà", "Hà"),
        ("Nguyễn Thị Thu Hà", "N. T. T. Hà"),
    ],
)
def test_the_public_form_is_initials_before_the_given_name(full: str, public: str):
    assert public_name(full) == public


def test_a_list_goes_by_given_name_then_family_name_then_the_middle():
    names = [
        "Phạm Hạ An",
        "Lê Anh",
        "Đinh Ánh",
        "Trần Văn Ân",
        "Ngô Dung",
        "Đỗ Đạt",
        "Bùi Thu Hà",
        "Nguyễn Bích Hà",
        "Nguyễn Thu Hà",
        "Bùi Hạ",
    ]
    shuffled = random.Random(4).sample(names, len(names))

    assert names == sorted(shuffled, key=name_key)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("NGUYỄN  THU HÀ", "Nguyễn Thu Hà"),
        ("nguyễn thu hà", "Nguyễn Thu Hà"),
        ("Anne-Marie  McDonald", "Anne-Marie McDonald"),
        ("Nguye\u0302\u0303n Thu Ha\u0300", "Nguyễn Thu Hà"),
    ],
)
def test_a_name_is_tidied_but_not_bettered(typed: str, kept: str):
    assert tidy_name(typed) == kept


@pytest.mark.parametrize(
    "text", ["", "A", "A1 B2", "<b>An</b>", "an@example.vn", "An\u202eB", "x" * 101]
)
def test_what_is_no_name_is_refused(text: str):
    assert not is_name(text)


@pytest.mark.parametrize("text", ["Ân", "H'Hen Niê", "Nguyễn Thị Hoa", "Anne-Marie", "J. Müller"])
def test_names_of_all_kinds_are_names(text: str):
    assert is_name(text)
