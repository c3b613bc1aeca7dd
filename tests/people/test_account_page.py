"""One's own page: the name on boards, the password, the recovery code."""

import re

import pytest

from contest.people.queries import shown_names
from tests.server import Visitor
from tests.site import Site
from tests.world import PASSWORD

NEW = "thuyền giấy trôi sông"


@pytest.fixture
def minh(site: Site) -> Visitor:
    site.world.person("minh", site.running.application.site.passwords.hash(PASSWORD))
    visitor = site.as_("minh")
    visitor.get("/tai-khoan")
    return visitor


def test_the_name_is_switched_off_and_on(site: Site, minh: Visitor):
    def shown() -> bool:
        with site.world.db.read() as tx:
            account_id = site.world.accounts["minh"]
            return account_id in shown_names(tx, [account_id], on=site.world.clock().date())

    assert shown()
    assert "T. Đ. Minh" in minh.get("/tai-khoan").text
    off = minh.post("/tai-khoan/ten", {"shown": "0"})
    assert not shown()
    assert "mã bài thi" in minh.get(off.headers["location"]).text
    minh.post("/tai-khoan/ten", {"shown": "1"})
    assert shown()


def test_the_password_changes_and_other_devices_are_signed_out(site: Site, minh: Visitor):
    elsewhere = site.as_("minh")
    elsewhere.get("/tai-khoan")

    changed = minh.post("/tai-khoan/mat-khau", {"password": PASSWORD, "new_password": NEW})

    assert changed.status_code == 303
    assert minh.get("/tai-khoan").status_code == 200
    assert elsewhere.get("/tai-khoan").status_code == 303
    visitor = site.visitor()
    visitor.get("/dang-nhap")
    entered = visitor.post("/dang-nhap", {"who": "0900000001", "password": NEW})
    assert entered.status_code == 303


def test_the_present_password_is_asked_for_and_the_new_one_looked_at(minh: Visitor):
    wrong = minh.post("/tai-khoan/mat-khau", {"password": "wrong", "new_password": NEW})
    weak = minh.post("/tai-khoan/mat-khau", {"password": PASSWORD, "new_password": "matkhau123"})

    assert (wrong.status_code, weak.status_code) == (422, 422)
    assert 'href="#f-password"' in wrong.text
    assert 'href="#f-new_password"' in weak.text
    assert NEW not in wrong.text


def test_guessing_the_present_password_is_limited(minh: Visitor):
    answers = [
        minh.post("/tai-khoan/ma-khoi-phuc", {"password": "wrong"}).status_code for _ in range(11)
    ]

    assert answers == [422] * 10 + [429]


def test_a_new_recovery_code_is_shown_to_this_session_and_lets_one_in_once(
    site: Site, minh: Visitor
):
    made = minh.post("/tai-khoan/ma-khoi-phuc", {"password": PASSWORD})
    text = minh.get(made.headers["location"]).text
    code = re.search(r'<code id="recovery-code">([^<]+)</code>', text)[1]

    other = site.as_("minh")
    other.http.cookies.set("sc_once", minh.http.cookies["sc_once"])
    assert code not in other.get("/tai-khoan/ma-khoi-phuc").text
    visitor = site.visitor()
    visitor.get("/khoi-phuc")
    fields = {"code": code.lower().replace("-", " "), "new_password": NEW}
    entered = visitor.post("/khoi-phuc", fields)
    assert entered.headers["location"] == "/tai-khoan/ma-khoi-phuc"
    renewed = visitor.get("/tai-khoan/ma-khoi-phuc").text
    assert "recovery-code" in renewed
    assert code not in renewed
    # The recovery ended every session that was open before.
    assert minh.get("/tai-khoan").status_code == 303
    again = site.visitor()
    again.get("/khoi-phuc")
    assert again.post("/khoi-phuc", fields).status_code == 422


def test_staff_need_a_longer_password(site: Site):
    site.world.person("khanh", site.running.application.site.passwords.hash(PASSWORD))
    khanh = site.as_("khanh")
    khanh.get("/tai-khoan")

    short = khanh.post("/tai-khoan/mat-khau", {"password": PASSWORD, "new_password": "mèo ngủ kỹ"})

    assert short.status_code == 422
    assert "15" in short.text
