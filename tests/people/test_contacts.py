"""Numbers, addresses and codes as people type them."""

import pytest

from contest.people.contacts import (
    Identifier,
    identify,
    masked_email,
    masked_phone,
    normal_email,
    normal_phone,
)


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678",
        "0912.345.678",
        "+84 912 345 678",
        "0084912345678",
        "84912345678",
        "+840912345678",
    ],
)
def test_one_number_has_one_form(typed: str):
    assert normal_phone(typed) == "0912345678"


@pytest.mark.parametrize(
    "typed",
    ["", "912345678", "09123", "abc", "0912345678901", "٠٩١٢٣٤٥٦٧٨", "+84 12", "++84912345678"],
)
def test_what_is_no_number_is_refused(typed: str):
    assert normal_phone(typed) is None


def test_landlines_and_numbers_from_abroad_are_numbers():
    assert normal_phone("(024) 3825-1234") == "02438251234"
    assert normal_phone("+49 151 1234 5678") == "+4915112345678"


def test_an_address_is_kept_in_lower_case():
    assert normal_email(" Hoa.Nguyen@Example.VN ") == "hoa.nguyen@example.vn"


@pytest.mark.parametrize(
    "typed",
    ["", "hoa", "hoa@", "hoa@vn", "a b@x.vn", "a@b@x.vn", "a@x..vn", "a,b@x.vn", "a@x.vn\nb"],
)
def test_what_is_no_address_is_refused(typed: str):
    assert normal_email(typed) is None


@pytest.mark.parametrize("typed", ["K7QM-2XTA", "k7qm 2xta", "K7QM2XTA"])
def test_a_code_forgives_case_dashes_and_spaces(typed: str):
    assert identify(typed) == Identifier("code", "K7QM2XTA")


def test_each_of_the_three_is_told_apart():
    assert identify("Hoa@Example.vn") == Identifier("email", "hoa@example.vn")
    assert identify("+84 912 345 678") == Identifier("phone", "0912345678")
    assert identify("1234 5678") == Identifier("code", "12345678")
    assert identify("hoa@") is None
    assert identify("nobody") is None


def test_masks_let_the_owner_recognise_them_and_nobody_use_them():
    assert masked_phone("0912345678") == "091••••678"
    assert masked_email("hoa@example.vn") == "h••••@example.vn"
    assert masked_phone(None) == masked_email(None) == ""
