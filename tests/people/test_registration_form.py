"""The registration form: understood, or told field by field with what was typed kept."""

from datetime import date
from typing import Any

import pytest

from contest.people.forms import (
    OTHER_WARD,
    Registration,
    RegistrationForm,
    read_registration,
    understand,
)
from contest.web.forms import Form

TODAY = date(2026, 11, 24)
WARD = "00004@2025-07-01"
GOOD = RegistrationForm(
    form_key="K",
    next_path="/",
    full_name="Nguyễn Thị Hoa",
    day="2",
    month="9",
    year="1958",
    ward=WARD,
    takes_part=True,
)
PASSWORD = "con mèo trèo cây cau"


def understood(password: str = PASSWORD, **changes: Any) -> Any:
    kept = {name: getattr(GOOD, name) for name in GOOD.__struct_fields__}
    return understand(RegistrationForm(**(kept | changes)), password, wards={WARD}, today=TODAY)


def fields(password: str = PASSWORD, **changes: Any) -> list[str]:
    found = understood(password, **changes)
    assert isinstance(found, list), found
    return [fault.field for fault in found]


def test_a_form_without_any_contact_is_enough():
    found = understood()

    assert isinstance(found, Registration)
    assert (found.birth_date, found.ward_id) == (date(1958, 9, 2), WARD)
    assert (found.email, found.phone, found.shows_name) == (None, None, False)


def test_somewhere_else_is_told_in_words():
    found = understood(ward=OTHER_WARD, ward_other="Nam Định")

    assert isinstance(found, Registration)
    assert (found.ward_id, found.ward_other) == (None, "Nam Định")
    assert fields(ward=OTHER_WARD, ward_other="") == ["ward_other"]


def test_words_beside_a_chosen_ward_do_not_count():
    found = understood(ward_other="Nam Định")

    assert isinstance(found, Registration)
    assert found.ward_other == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"full_name": "K3"}, "full_name"),
        ({"year": "58"}, "day"),
        ({"year": "2030"}, "day"),
        ({"phone": "12"}, "phone"),
        ({"email": "hoa"}, "email"),
        ({"ward": ""}, "ward"),
        ({"ward": "00004@2020-03-01"}, "ward"),
        ({"takes_part": False}, "takes_part"),
        ({"password": "matkhau123"}, "password"),
        ({"password": "Nguyễn Thị Hoa"}, "password"),
    ],
)
def test_each_fault_is_told_at_its_field(changes: dict[str, Any], field: str):
    assert fields(**changes) == [field]


def test_all_faults_are_told_at_once_in_the_order_of_the_fields():
    assert fields("", full_name="", day="", ward="", phone="1", email="x", takes_part=False) == [
        "full_name",
        "day",
        "phone",
        "email",
        "ward",
        "password",
        "takes_part",
    ]


def test_a_child_s_form_needs_no_tick_and_a_tick_there_counts_for_nothing():
    found = understood(year="2015", takes_part=False, shows_name=True)

    assert isinstance(found, Registration)
    assert (found.birth_date, found.shows_name) == (date(2015, 9, 2), False)


def test_a_child_s_other_faults_are_told_like_anybody_s():
    assert fields("", full_name="", year="2015", takes_part=False) == ["full_name", "password"]


def test_what_was_typed_is_kept_but_not_the_password():
    form = Form([("full_name", " Hoa 1 "), ("password", PASSWORD), ("shows_name", "1")])

    typed = read_registration(form, next_path="/thi")

    assert (typed.full_name, typed.shows_name, typed.takes_part) == ("Hoa 1", True, False)
    assert PASSWORD not in str(typed)
