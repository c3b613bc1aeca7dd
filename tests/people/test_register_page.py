"""The walk from the empty form to the page with the codes, as a browser without scripts goes it."""

import re

from contest import paths
from contest.people import queries
from contest.people.consent.queries import history
from contest.units.files import load_units
from tests.server import Visitor
from tests.site import Site

FIELDS = {
    "full_name": "Nguyễn Thị Hoa",
    "day": "2",
    "month": "9",
    "year": "1958",
    "ward": "00004@2025-07-01",
    "school": "Trường của tôi",
    "phone": "0912 345 678",
    "password": "con mèo trèo cây cau",
    "takes_part": "1",
    "tiep": "/thi",
}


def form_key(text: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', text)
    assert found
    return found[1]


def opened(site: Site) -> tuple[Visitor, dict[str, str]]:
    load_units(site.world.db, paths.UNITS)
    visitor = site.visitor()
    response = visitor.get("/dang-ky?tiep=/thi")
    assert response.status_code == 200
    assert "Phường Ba Đình" in response.text
    return visitor, FIELDS | {"form_key": form_key(response.text)}


def code_on(text: str, id: str) -> str:
    found = re.search(rf'<code id="{id}">([^<]+)</code>', text)
    assert found, id
    return found[1]


def test_a_person_registers_and_is_signed_in_with_two_codes(site: Site):
    visitor, fields = opened(site)

    response = visitor.post("/dang-ky", fields)

    assert (response.status_code, response.headers["location"]) == (
        303,
        "/dang-ky/xong?tiep=/thi",
    )
    done = visitor.get("/dang-ky/xong?tiep=/thi")
    assert re.fullmatch(r"\w{4}-\w{4}", code_on(done.text, "sign-in-code"))
    recovery = code_on(done.text, "recovery-code")
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}-\w{4}", recovery)
    # A reload shows it again, until the person says that they have it.
    assert recovery in visitor.get("/dang-ky/xong").text
    assert visitor.post("/dang-ky/xong", {"tiep": "/thi"}).headers["location"] == "/thi"
    assert recovery not in visitor.get("/dang-ky/xong").text
    account = visitor.get("/tai-khoan").text
    for words in ("Nguyễn Thị Hoa", "0912345678", "Phường Ba Đình", "Trường của tôi"):
        assert words in account


def test_the_browser_gets_a_new_session_and_loses_the_visitors_token(site: Site):
    visitor, fields = opened(site)
    before = visitor.http.cookies["sc_visitor"]

    visitor.post("/dang-ky", fields)

    assert before
    assert "sc_visitor" not in visitor.http.cookies
    assert len(visitor.http.cookies["sc_session"]) == 43


def test_two_presses_make_one_account_and_the_second_answer_is_whole(site: Site):
    visitor, fields = opened(site)
    jar = dict(visitor.http.cookies)
    visitor.post("/dang-ky", fields)

    # The second press was sent before the first answer came: the same cookies, the same token.
    second = site.visitor()
    second.token = visitor.token
    for name, value in jar.items():
        second.http.cookies.set(name, value)
    assert second.post("/dang-ky", fields).status_code == 303

    assert code_on(second.get("/dang-ky/xong").text, "recovery-code")
    with site.world.db.read() as tx:
        assert len(queries.find_people(tx, "0912345678")) == 1


def test_after_an_error_all_is_kept_but_the_password(site: Site):
    visitor, fields = opened(site)

    response = visitor.post("/dang-ky", fields | {"full_name": "K3", "takes_part": ""})

    assert response.status_code == 422
    assert 'href="#f-full_name"' in response.text
    assert 'href="#f-takes_part"' in response.text
    assert 'value="1958"' in response.text
    assert '<option value="00004@2025-07-01" selected>' in response.text
    assert FIELDS["password"] not in response.text
    assert form_key(response.text) == fields["form_key"]


def test_no_consent_is_ticked_beforehand(site: Site):
    visitor, _ = opened(site)

    assert "checked" not in visitor.get("/dang-ky").text


def test_a_child_registers_without_a_tick_and_goes_on_to_the_consents(site: Site):
    visitor, fields = opened(site)

    response = visitor.post("/dang-ky", fields | {"year": "2015", "takes_part": ""})

    assert response.status_code == 303
    done = visitor.get(response.headers["location"])
    assert "cha, mẹ hoặc người giám hộ" in done.text
    onward = re.search(r'name="tiep" value="([^"]+)"', done.text)
    assert onward
    assert onward[1] == "/dong-y?tiep=/thi"
    answer = visitor.post("/dang-ky/xong", {"tiep": onward[1]})
    assert answer.headers["location"] == "/dong-y?tiep=/thi"
    assert 'href="/dong-y/em?tiep=/thi"' in visitor.get("/dong-y?tiep=/thi").text


def test_a_child_s_ticks_on_the_form_are_no_consent(site: Site):
    visitor, fields = opened(site)

    visitor.post("/dang-ky", fields | {"year": "2015", "takes_part": "1", "shows_name": "1"})

    with site.world.db.read() as tx:
        (child,) = queries.find_people(tx, "0912345678")
        assert history(tx, child.account_id) == []


def test_whoever_is_signed_in_does_not_register_again(site: Site):
    minh = site.as_("minh")

    assert minh.get("/dang-ky").headers["location"] == "/tai-khoan"


def test_schools_and_wards_are_suggested(site: Site):
    visitor, _ = opened(site)

    assert "Trường Tiểu học Hoa Gạo (" in visitor.get("/don-vi/tim?loai=truong&q=hoa gao").text
    assert "Phường Ba Đình" in visitor.get("/don-vi/tim?q=ba").text
    assert visitor.get("/don-vi/tim").text.strip() == ""
