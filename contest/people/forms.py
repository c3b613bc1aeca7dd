"""The registration form: what was typed, what it means, and what is wrong with it."""

from collections.abc import Collection
from datetime import date

import msgspec

from contest.people import password_policy
from contest.people.birthdays import is_plausible, read_birth_date
from contest.people.consent.machine import band
from contest.people.contacts import normal_email, normal_phone
from contest.people.faults import FieldFault, password_fault
from contest.people.names import is_name, tidy_name
from contest.web.forms import Form

OTHER_WARD = "khac"


class RegistrationForm(msgspec.Struct, frozen=True, kw_only=True):
    """The texts as they were typed, to be given back after an error; the password is not."""

    form_key: str
    next_path: str
    full_name: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    phone: str = ""
    email: str = ""
    ward: str = ""
    ward_other: str = ""
    school: str = ""
    takes_part: bool = False
    shows_name: bool = False


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """The form, understood."""

    full_name: str
    birth_date: date
    email: str | None
    phone: str | None
    ward_id: str | None
    ward_other: str
    school: str
    password: str
    shows_name: bool


def read_registration(form: Form, *, next_path: str) -> RegistrationForm:
    return RegistrationForm(
        form_key=form.text("form_key", limit=40),
        next_path=next_path,
        full_name=form.text("full_name", limit=100),
        day=form.text("day", limit=12),
        month=form.text("month", limit=12),
        year=form.text("year", limit=12),
        phone=form.text("phone", limit=40),
        email=form.text("email", limit=254),
        ward=form.text("ward", limit=30),
        ward_other=form.text("ward_other", limit=120),
        school=form.text("school", limit=120),
        takes_part=form.ticked("takes_part"),
        shows_name=form.ticked("shows_name"),
    )


def understand(
    typed: RegistrationForm, password: str, *, wards: Collection[str], today: date
) -> Registration | list[FieldFault]:
    """
    `wards`: the ids one may choose. Faults come in the order of the fields.

    Somebody under 16 need not tick that they take part: they and a parent are asked afterwards,
    and a tick here would be no consent.
    """
    found: list[FieldFault] = []
    name = tidy_name(typed.full_name)
    if not is_name(name):
        found.append(FieldFault("full_name", _name_words(name)))
    birth_date, signs_here = read_birth_date(typed.day, typed.month, typed.year), True
    if birth_date is None or not is_plausible(birth_date, today):
        found.append(FieldFault("day", "Hãy ghi ngày, tháng, năm sinh bằng số, ví dụ 2 9 1958."))
    elif band(birth_date, today) != "self":
        signs_here = False
    phone, email = normal_phone(typed.phone), normal_email(typed.email)
    if typed.phone and phone is None:
        found.append(
            FieldFault("phone", "Số điện thoại này chưa đúng. Số ở Việt Nam có 10 chữ số.")
        )
    if typed.email and email is None:
        found.append(FieldFault("email", "Thư điện tử này chưa đúng, ví dụ đúng: hoa@example.vn."))
    found += _ward_faults(typed, wards)
    fault = password_policy.find_fault(
        password,
        staff=False,
        personal=password_policy.personal_texts(name, birth_date, email, phone),
    )
    if fault is not None:
        found.append(password_fault("password", fault, staff=False))
    if signs_here and not typed.takes_part:
        found.append(
            FieldFault("takes_part", "Cần bạn đồng ý thì chúng tôi mới mở được tài khoản.")
        )
    if found or birth_date is None:
        return found
    lives_elsewhere = typed.ward == OTHER_WARD
    return Registration(
        full_name=name,
        birth_date=birth_date,
        email=email,
        phone=phone,
        ward_id=None if lives_elsewhere else typed.ward,
        ward_other=typed.ward_other if lives_elsewhere else "",
        school=typed.school,
        password=password_policy.normalised(password),
        shows_name=signs_here and typed.shows_name,
    )


def _name_words(name: str) -> str:
    if not name:
        return "Hãy ghi họ và tên."
    return "Họ và tên chỉ gồm chữ cái, ít nhất hai chữ, ví dụ Nguyễn Thị Hoa."


def _ward_faults(typed: RegistrationForm, wards: Collection[str]) -> list[FieldFault]:
    if typed.ward == OTHER_WARD:
        if typed.ward_other:
            return []
        return [FieldFault("ward_other", "Hãy ghi nơi bạn ở, vì bạn đã chọn “Khác”.")]
    if typed.ward not in wards:
        return [
            FieldFault("ward", "Hãy chọn phường hoặc xã nơi bạn ở; nếu ở nơi khác, chọn “Khác”.")
        ]
    return []
