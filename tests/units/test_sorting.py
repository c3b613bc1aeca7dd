"""Vietnamese order and toneless search, as keys that every database compares alike."""

import random

import pytest

from contest.units.sorting import search_key, search_words, vietnamese_sort_key


def test_letters_stand_in_vietnamese_order():
    words = "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y".split()
    shuffled = random.Random(1).sample(words, len(words))

    assert words == sorted(shuffled, key=vietnamese_sort_key)


def test_tones_decide_only_between_equal_letters():
    words = ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "mãi", "măng", "mận"]
    shuffled = random.Random(2).sample(words, len(words))

    assert words == sorted(shuffled, key=vietnamese_sort_key)


def test_a_shorter_word_stands_first_and_a_space_before_any_letter():
    words = ["Ba", "Ba Đình", "Ba Vì", "Bạch Mai", "Bát Tràng", "Đại Mỗ", "Đan Phượng"]
    shuffled = random.Random(3).sample(words, len(words))

    assert words == sorted(shuffled, key=vietnamese_sort_key)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hòa", "Hoà"), ("Thúy", "Thuý"), ("Hà", "Hà"), ("Văn Miếu - Quốc Tử", "Văn Miếu Quốc Tử")],
)
def test_two_spellings_of_one_name_have_one_key(one: str, other: str):
    assert vietnamese_sort_key(one) == vietnamese_sort_key(other)
    assert search_key(one) == search_key(other)


def test_the_first_part_decides_with_its_tones_before_the_second():
    assert vietnamese_sort_key("Hà", "Z") < vietnamese_sort_key("Hạ", "A")
    assert vietnamese_sort_key("Hà", "An") < vietnamese_sort_key("Hà", "Ân")


def test_keys_are_digits_only_because_collations_differ_in_the_rest():
    assert vietnamese_sort_key("Ô Chợ Dừa – 3/2 Ω", "x").isdigit()


def test_a_typed_word_finds_beginnings_of_words():
    key = search_key("Nguyễn Thu Hà")

    assert all(word in key for word in search_words("thu HÀ"))
    assert " ha" not in search_key("Trần Thanh")


def test_an_empty_text_searches_nothing():
    assert search_words(" - ") == []
