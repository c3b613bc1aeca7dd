"""Letters come in the language in which the person reads the pages, whoever causes them."""

import re
import time

import pytest

from contest import paths
from contest.errors import Invalid
from contest.infra import mail
from contest.infra.jobs import claim
from contest.people import queries
from contest.people.commands import choose_language
from contest.standings import commands, jobs
from contest.web.assets import Assets
from contest.web.templating import Templates
from tests.complaints.published import ANSWER, attempt_of, published
from tests.people.somebody import HOA, MINH, register
from tests.site import Site
from tests.standings.judging import entrant_id, ruled
from tests.standings.test_rulings_letters import contest
from tests.world import World


def language(world: World, account_id: int) -> str:
    with world.db.read() as tx:
        return queries.account(tx, account_id).language


def reads_english(world: World, handle: str) -> None:
    world.db.write(choose_language, account_id=world.accounts[handle], language="en")


def letters(world: World) -> list[mail.Letter]:
    with world.db.read() as tx:
        return mail.newest(tx, limit=20)


def test_the_choice_on_a_page_is_kept_for_letters_too(site: Site) -> None:
    world = site.world
    world.person("minh")
    minh = site.as_("minh")
    assert language(world, world.accounts["minh"]) == "vi"

    answer = minh.get("/ngon-ngu/en?next=/tai-khoan")

    assert (answer.status_code, answer.headers["location"]) == (303, "/tai-khoan")
    assert language(world, world.accounts["minh"]) == "en"
    assert '<html lang="en"' in minh.get("/tai-khoan").text
    minh.get("/ngon-ngu/xx")
    assert language(world, world.accounts["minh"]) == "en"


def test_a_visitor_s_choice_is_this_browser_s_alone(site: Site) -> None:
    site.world.person("minh")

    assert site.visitor().get("/ngon-ngu/en").status_code == 303
    assert language(site.world, site.world.accounts["minh"]) == "vi"


def test_only_languages_that_pages_have_are_kept(world: World) -> None:
    world.person("minh")

    with pytest.raises(Invalid, match="no-language"):
        world.db.write(choose_language, account_id=world.accounts["minh"], language="fr")


def test_whoever_registers_on_an_english_page_gets_english_letters(site: Site) -> None:
    visitor = site.visitor()
    visitor.http.cookies.set("sc_lang", "en")
    visitor.get("/dang-ky")

    made = visitor.post(
        "/dang-ky",
        {
            "full_name": "Anna Smith",
            "day": "2",
            "month": "9",
            "year": "1990",
            "ward": "khac",
            "ward_other": "Tỉnh Hưng Yên",
            "password": "blue-lake-4821-moon",
            "takes_part": "1",
            "form_key": "ABCDEFGHJKMNPQRS",
        },
    )

    assert made.status_code == 303, made.text
    with site.world.db.read() as tx:
        (person,) = queries.find_people(tx, "anna smith")
    assert language(site.world, person.account_id) == "en"


def test_the_answer_to_a_complaint_comes_in_the_entrant_s_language(site: Site) -> None:
    world = site.world
    published(world)
    reads_english(world, "minh")
    code = attempt_of(world, "minh")
    minh = site.as_("minh")
    minh.get(f"/bai/{code}/khieu-nai")
    minh.post(f"/bai/{code}/khieu-nai", {"text": "Câu 3 có hai phương án đúng, xin xem lại."})
    (received,) = letters(world)
    assert "received your complaint" in received.body

    number = re.findall(r"\w{4}-\w{4}-\w{4}", received.subject)[0].replace("-", "")
    world.person("khanh")
    khanh = site.as_("khanh")
    khanh.get(f"/dieu-hanh/khieu-nai/{number}")
    khanh.post(
        f"/dieu-hanh/khieu-nai/{number}",
        {"outcome": "rejected", "answer": ANSWER, "ruling": ""},
    )

    answered = letters(world)[0]
    assert answered.kind == "complaints.answered"
    assert "did not uphold your complaint" in answered.body
    assert ANSWER in answered.body


def test_the_letter_of_an_adjustment_comes_in_each_one_s_language(world: World) -> None:
    contest(world)
    reads_english(world, "binh")
    ruled(
        world,
        "disqualification",
        entrant_id=entrant_id(world, "an"),
        reason="Có người khác làm bài thay trên cùng một máy.",
    )
    job = world.db.write(claim, now=world.clock(), kinds=[commands.TELL_CONCERNED])
    assert job is not None
    templates = Templates(paths.TEMPLATES, paths.LOCALE, Assets(paths.STATIC))
    jobs.tell_concerned_job(world.db, world.clock, templates, "https://thi.example.vn")(job.payload)

    bodies = {each.to_address: each.body for each in letters(world)}

    assert "Chào " in bodies["an@example.vn"]
    assert "Chào " not in bodies["binh@example.vn"]
    assert "Reason:" in bodies["binh@example.vn"]


def test_a_reset_letter_speaks_as_those_of_the_address_read(site: Site) -> None:
    world = site.world
    for person in (HOA, MINH):
        register(
            world.db, world.chance, world.clock(), person, email="nha@example.vn", language="en"
        )
    visitor = site.visitor()
    visitor.get("/quen-mat-khau")
    visitor.post("/quen-mat-khau", {"email": "nha@example.vn"})

    for _ in range(100):
        if letters(world):
            break
        time.sleep(0.02)

    assert "Chào bạn" not in letters(world)[0].body
