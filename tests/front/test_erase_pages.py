"""The page that erases an account: what it asks for, who is refused, what every other page says."""

import pytest

from contest.access import Grant, Role, Scope
from contest.people import queries
from tests.access.routes import entry_code
from tests.complaints.published import published
from tests.front.erased import erase
from tests.people.consent.families import ELEVEN, make
from tests.server import Visitor
from tests.site import Site
from tests.world import PASSWORD


@pytest.fixture
def minh(site: Site) -> Visitor:
    site.world.person("minh", site.running.application.site.passwords.hash(PASSWORD))
    visitor = site.as_("minh")
    visitor.get("/tai-khoan/xoa")
    return visitor


def is_erased(site: Site, handle: str) -> bool:
    with site.world.db.read() as tx:
        return queries.account(tx, site.world.accounts[handle]).is_erased


def test_the_page_asks_for_password_and_tick_and_then_signs_out(site: Site, minh: Visitor) -> None:
    elsewhere = site.as_("minh")

    wrong = minh.post("/tai-khoan/xoa", {"password": "wrong", "sure": "1"})
    unsure = minh.post("/tai-khoan/xoa", {"password": PASSWORD})
    assert (wrong.status_code, unsure.status_code) == (422, 422)
    assert 'href="#f-password"' in wrong.text
    assert 'href="#f-sure"' in unsure.text
    assert not is_erased(site, "minh")

    done = minh.post("/tai-khoan/xoa", {"password": PASSWORD, "sure": "1"})

    assert (done.status_code, done.headers["location"]) == (303, "/du-lieu-ca-nhan?xong=xoa")
    assert is_erased(site, "minh")
    assert "Đã xóa tài khoản" in minh.get("/du-lieu-ca-nhan?xong=xoa").text
    assert minh.get("/tai-khoan").status_code in (303, 401)
    assert elsewhere.get("/tai-khoan").status_code in (303, 401)


def test_nobody_signs_in_to_an_erased_account(site: Site, minh: Visitor) -> None:
    minh.post("/tai-khoan/xoa", {"password": PASSWORD, "sure": "1"})

    visitor = site.visitor()
    for who in ("0900000001", site.world.codes["minh"]):
        visitor.get("/dang-nhap")
        answer = visitor.post("/dang-nhap", {"who": who, "password": PASSWORD})
        assert answer.status_code == 422


@pytest.mark.parametrize("word", ["XÓA", "xoá", "xoa", "Erase"])
def test_a_child_with_a_card_types_a_word_instead(site: Site, word: str) -> None:
    make(site.world, "an", ELEVEN)
    an = site.as_("an")
    page = an.get("/tai-khoan/xoa").text
    assert "Em hoặc cha mẹ đều được quyền xóa" in page
    assert 'name="password"' not in page

    assert an.post("/tai-khoan/xoa", {"word": "có", "sure": "1"}).status_code == 422
    assert an.post("/tai-khoan/xoa", {"word": word, "sure": "1"}).status_code == 303
    assert is_erased(site, "an")


def test_who_cannot_erase_now_is_told_why_and_what_to_do(site: Site) -> None:
    site.world.open_edition()
    site.world.start("minh")
    site.world.person("nam")
    site.world.grant("nam", Grant(Role.TEACHER, Scope.UNIT, "th-hoa-gao"))
    for handle, told in (("nam", "giữ một vai trò"), ("minh", "đang làm bài")):
        visitor = site.as_(handle)
        page = visitor.get("/tai-khoan/xoa")
        assert told in page.text
        assert 'action="/tai-khoan/xoa"' not in page.text
        visitor.get("/tai-khoan")
        answer = visitor.post("/tai-khoan/xoa", {"word": "XÓA", "sure": "1"})
        assert answer.status_code == 409
        assert not is_erased(site, handle)


def test_every_page_that_named_the_person_says_so(site: Site) -> None:
    world = site.world
    code = published(world, "minh", "hoa")
    filed = world.complain("minh", code)
    ref = world.ref("minh")
    world.person("khanh")
    erase(world, "minh")
    khanh = site.as_("khanh")
    entry = entry_code(world, "minh")
    pages = {
        f"/dieu-hanh/nguoi/{ref}": "Người đã xóa tài khoản",
        "/dieu-hanh/khieu-nai": "Người đã xóa tài khoản",
        f"/dieu-hanh/khieu-nai/{filed.complaint.code}": "Người đã xóa tài khoản",
        "/dieu-hanh/nguoi?q=minh": "Không tìm thấy ai",
        f"/dieu-hanh/vong/thu-nghiem/tuan-1/loai?ma={entry}": "Người đã xóa tài khoản",
        "/dieu-hanh/vong/thu-nghiem/tuan-1/trao-giai": "",
        "/xep-hang/thu-nghiem/tuan-1": entry,
        f"/xep-hang/thu-nghiem/tuan-1/vi-sao/{entry}": "",
        "/dieu-hanh/rut": "",
        f"/dieu-hanh/nguoi/{ref}/dong-y": "",
        f"/dieu-hanh/nguoi/{ref}/vai-tro": "",
    }
    for address, told in pages.items():
        answer = khanh.get(address)
        if answer.status_code == 404 and not told:
            continue
        assert answer.status_code == 200, address
        assert told in answer.text.replace("-", ""), address
        assert "Trần Đức Minh" not in answer.text, address
    person = khanh.get(f"/dieu-hanh/nguoi/{ref}").text
    assert "/dat-lai" not in person
    for action in ("an-ten", "dat-lai", "them-gio", "vai-tro"):
        fields = {
            "hidden": "1",
            "checked": "1",
            "percent": "25",
            "need": "mắt kém",
            "role": "juror",
        }
        assert khanh.post(f"/dieu-hanh/nguoi/{ref}/{action}", fields).status_code in (404, 422)
