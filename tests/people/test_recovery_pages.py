"""Forgotten: the letter, and the desk."""

import re
import time

import pytest

from contest.infra import mail
from contest.infra.mail import Letter
from contest.people.queries import ref_of
from tests.people.somebody import HOA, MINH, register
from tests.site import Site

NEW = "thuyền giấy trôi sông"


def letters(site: Site) -> list[Letter]:
    with site.world.db.read() as tx:
        return mail.newest(tx, limit=5)


def wait_for_letter(site: Site) -> Letter:
    """It is written after the answer is out."""
    for _ in range(100):
        found = letters(site)
        if found:
            return found[0]
        time.sleep(0.02)
    raise AssertionError("no letter")


def ask(site: Site, email: str) -> object:
    visitor = site.visitor()
    visitor.get("/quen-mat-khau")
    return visitor.post("/quen-mat-khau", {"email": email})


def test_a_letter_brings_everybody_of_the_address_back_in(site: Site):
    world = site.world
    for person in (HOA, MINH):
        register(world.db, world.chance, world.clock(), person, email="nha@example.vn")

    asked = ask(site, "Nha@example.vn")

    assert asked.headers["location"] == "/quen-mat-khau/da-gui"
    letter = wait_for_letter(site)
    assert letter.to_address == "nha@example.vn"
    assert "Trần Đức Minh (" in letter.body
    assert "&" not in letter.body
    links = re.findall(r"https?://[^/\s]+(/dat-lai-mat-khau/\w+)", letter.body)
    assert len(links) == 2
    visitor = site.visitor()
    opened = visitor.get(links[1])
    assert "Trần Đức Minh" in opened.text
    assert visitor.post(links[1], {"new_password": "ngắn"}).status_code == 422
    done = visitor.post(links[1], {"new_password": NEW})
    assert done.headers["location"] == "/tai-khoan?xong=mat-khau"
    assert "Trần Đức Minh" in visitor.get("/tai-khoan").text
    assert site.visitor().get(links[1]).status_code == 404


def test_an_address_that_nobody_has_gets_the_same_answer_and_no_letter(site: Site):
    asked = ask(site, "khac@example.vn")

    assert asked.headers["location"] == "/quen-mat-khau/da-gui"
    assert letters(site) == []


@pytest.mark.parametrize("email", ["nha@example.vn", "khac@example.vn"])
def test_a_mailbox_is_not_filled_by_strangers(site: Site, email: str):
    world = site.world
    register(world.db, world.chance, world.clock(), HOA, email="nha@example.vn")

    assert [ask(site, email).status_code for _ in range(4)] == [303, 303, 303, 429]


def test_what_is_no_address_is_told(site: Site):
    asked = ask(site, "hoa")

    assert asked.status_code == 422
    assert 'value="hoa"' in asked.text


def test_the_desk_finds_a_person_and_gives_a_code_that_lets_them_in(site: Site):
    world = site.world
    hoa = register(world.db, world.chance, world.clock(), HOA, phone="0912345678")
    khanh = site.as_("khanh")

    found = khanh.get("/dieu-hanh/nguoi?q=thi hoa")
    assert f'href="/dieu-hanh/nguoi/{hoa.ref}"' in found.text
    assert "0912345678" not in found.text
    page = f"/dieu-hanh/nguoi/{hoa.ref}"
    khanh.get(page)
    assert khanh.post(f"{page}/dat-lai").status_code == 422
    assert khanh.post(f"{page}/dat-lai", {"checked": "1"}).headers["location"] == page
    text = khanh.get(page).text
    code = re.search(r'<code id="one-time-code">([^<]+)</code>', text)[1]
    visitor = site.visitor()
    visitor.get("/khoi-phuc")
    entered = visitor.post("/khoi-phuc", {"code": code, "new_password": NEW})
    assert entered.headers["location"] == "/tai-khoan/ma-khoi-phuc"
    assert "Nguyễn Thị Hoa" in visitor.get("/tai-khoan").text


def test_the_desk_does_not_reset_its_own_kind(site: Site):
    khanh, other = site.as_("khanh"), site.world.person("phuc")
    with site.world.db.read() as tx:
        ref = ref_of(tx, other)
    khanh.get("/tai-khoan")

    assert khanh.post(f"/dieu-hanh/nguoi/{ref}/dat-lai", {"checked": "1"}).status_code == 403


def test_an_entrant_is_not_at_the_desk(site: Site):
    minh = site.as_("minh")

    assert minh.get("/dieu-hanh/nguoi").status_code == 403


def test_nobody_found_says_what_to_do(site: Site):
    assert "không dấu" in site.as_("khanh").get("/dieu-hanh/nguoi?q=zzzz").text
    assert site.as_("khanh").get("/dieu-hanh/nguoi/NOBODY").status_code == 404
