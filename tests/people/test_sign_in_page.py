"""Signing in and out on the pages: by code or contact, shared contacts, limits, no leaks."""

import re

import pytest

from contest.infra.chance import grouped
from tests.people.somebody import HOA, MINH, register
from tests.server import Visitor
from tests.site import Site
from tests.world import PASSWORD


@pytest.fixture
def password_hash(site: Site) -> str:
    return site.running.application.site.passwords.hash(PASSWORD)


def enter(visitor: Visitor, who: str, password: str = PASSWORD, **more: str) -> object:
    visitor.get("/dang-nhap")
    return visitor.post("/dang-nhap", {"who": who, "password": password, **more})


@pytest.mark.parametrize("way", ["code", "phone", "email"])
def test_by_code_telephone_or_address(site: Site, password_hash: str, way: str):
    world = site.world
    made = register(
        world.db,
        world.chance,
        world.clock(),
        MINH,
        phone="0900000001",
        email="minh@example.vn",
        password_hash=password_hash,
    )
    who = {
        "code": grouped(made.code).lower(),
        "phone": "+84 900 000 001",
        "email": "Minh@Example.vn",
    }[way]
    visitor = site.visitor()

    response = enter(visitor, who, tiep="/tai-khoan")

    assert (response.status_code, response.headers["location"]) == (303, "/tai-khoan")
    assert "Trần Đức Minh" in visitor.get("/tai-khoan").text
    # Signed in one is not asked again.
    assert visitor.get("/dang-nhap?tiep=/thi").headers["location"] == "/thi"


def test_every_sign_in_has_a_session_of_its_own(site: Site, password_hash: str):
    site.world.person("minh", password_hash)
    one, other = site.visitor(), site.visitor()
    enter(one, "0900000001")
    enter(other, "0900000001")

    assert one.http.cookies["sc_session"] != other.http.cookies["sc_session"]
    assert "sc_visitor" not in one.http.cookies


def test_nobody_learns_from_the_answer_who_has_an_account(site: Site, password_hash: str):
    site.world.person("minh", password_hash)

    def answer(who: str) -> str:
        response = enter(site.visitor(), who, "wrong password")
        assert response.status_code == 422
        assert f'value="{who}"' in response.text
        text = response.text.replace(who, "WHO")
        text = re.sub(r'csrf_token" value="[^"]+"', "", text)
        return re.sub(r"\d+ · \w+", "", text)

    assert answer("0900000001") == answer("0900000009")


def test_a_link_elsewhere_is_not_followed(site: Site, password_hash: str):
    site.world.person("minh", password_hash)

    response = enter(site.visitor(), "0900000001", tiep="https://example.com/")

    assert response.headers["location"] == "/"


def test_those_who_share_all_choose_their_name(site: Site, password_hash: str):
    world = site.world
    shared = {"phone": "0912345678", "password_hash": password_hash}
    hoa = register(world.db, world.chance, world.clock(), HOA, **shared)
    minh = register(world.db, world.chance, world.clock(), MINH, **shared)
    visitor = site.visitor()

    chooser = enter(visitor, "0912345678", tiep="/tai-khoan")

    assert chooser.status_code == 200
    assert "sc_session" not in visitor.http.cookies
    assert "Nguyễn Thị Hoa" in chooser.text
    assert grouped(minh.code) in chooser.text
    token = re.search(r'name="token" value="([^"]+)"', chooser.text)[1]
    chosen = {"token": token, "person": minh.ref, "tiep": "/tai-khoan"}
    stranger = site.visitor()
    stranger.get("/dang-nhap")
    assert stranger.post("/dang-nhap/chon", chosen).status_code == 422
    assert visitor.post("/dang-nhap/chon", chosen | {"person": "OTHER"}).status_code == 422
    assert visitor.post("/dang-nhap/chon", chosen).headers["location"] == "/tai-khoan"
    assert "Trần Đức Minh" in visitor.get("/tai-khoan").text
    assert hoa.ref != minh.ref


def test_sharing_a_number_but_not_the_password_needs_no_choice(site: Site, password_hash: str):
    world = site.world
    register(world.db, world.chance, world.clock(), HOA, phone="0912345678")
    register(
        world.db, world.chance, world.clock(), MINH, phone="0912345678", password_hash=password_hash
    )
    visitor = site.visitor()

    assert enter(visitor, "0912345678").status_code == 303
    assert "Trần Đức Minh" in visitor.get("/tai-khoan").text


def test_after_ten_wrong_tries_one_waits_and_known_and_unknown_alike(
    site: Site, password_hash: str
):
    site.world.person("minh", password_hash)
    for who in ("0900000001", "0900000009"):
        visitor = site.visitor()
        answers = [enter(visitor, who, "wrong password").status_code for _ in range(11)]
        assert answers == [422] * 10 + [429]
    refused = enter(site.visitor(), "0900000001")
    assert int(refused.headers["retry-after"]) > 0
    site.world.clock.tick(minutes=16)
    assert enter(site.visitor(), "0900000001").status_code == 303


def test_a_shared_device_forgets_with_the_browser(site: Site, password_hash: str):
    site.world.person("minh", password_hash)
    visitor = site.visitor()
    response = enter(visitor, "0900000001", shared_device="1")

    (cookie,) = [
        line for line in response.headers.get_list("set-cookie") if line.startswith("sc_session")
    ]
    assert "Max-Age" not in cookie
    assert "HttpOnly" in cookie
    site.world.clock.tick(hours=13)
    site.running.application.sessions.forget_account(site.world.accounts["minh"])
    assert visitor.get("/tai-khoan").status_code == 303


def test_signing_out_works_at_once_here_and_not_elsewhere(site: Site):
    minh, elsewhere = site.as_("minh"), site.as_("minh")
    token = minh.http.cookies["sc_session"]
    minh.get("/tai-khoan")

    answer = minh.post("/dang-xuat")

    assert answer.headers["location"] == "/"
    assert 'sc_session=""' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert site.visitor().use_session(token).get("/tai-khoan").status_code == 303
    assert elsewhere.get("/tai-khoan").status_code == 200


def test_signing_out_everywhere_ends_all(site: Site):
    minh, elsewhere = site.as_("minh"), site.as_("minh")
    elsewhere.get("/tai-khoan")
    minh.get("/tai-khoan")

    assert minh.post("/dang-xuat-moi-noi").status_code == 303
    assert elsewhere.get("/tai-khoan").status_code == 303


def test_an_empty_form_is_told_what_is_missing(site: Site):
    response = enter(site.visitor(), "", "")

    assert response.status_code == 422
    assert 'href="#f-who"' in response.text
    assert 'href="#f-password"' in response.text
