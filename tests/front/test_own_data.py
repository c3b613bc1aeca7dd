"""One's own data as a file: all of it, nothing sealed, nothing of others."""

import json
from typing import Any

import pytest

from contest.editions.extra_time import grant_extra_time
from contest.front.own_data import FORM, own_data
from contest.infra import mail
from contest.infra.chance import grouped
from contest.people.consent import NAME_ON_BOARDS, TAKE_PART
from contest.people.consent.commands import withdraw
from contest.people.homes import change_home
from tests.complaints.published import published
from tests.people.consent.families import ELEVEN, make
from tests.site import Site
from tests.world import PASSWORD, World

SECRETS = ("password_hash", "recovery_hash", "form_key", "card_digest", "scan_key", "$argon2")


def text_of(site: Site, handle: str) -> str:
    visitor = site.as_(handle)
    answer = visitor.get("/tai-khoan/du-lieu.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    return answer.text


def file_of(site: Site, handle: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text_of(site, handle))
    return found


def test_the_page_says_what_is_in_the_file_and_leads_to_it(site: Site) -> None:
    site.world.person("minh")
    minh = site.as_("minh")

    page = minh.get("/tai-khoan/du-lieu")

    assert page.status_code == 200
    assert 'href="/tai-khoan/du-lieu.json"' in page.text
    assert 'href="/tai-khoan/du-lieu"' in minh.get("/tai-khoan").text
    assert site.visitor().get("/tai-khoan/du-lieu.json").status_code in (303, 401)


def test_the_file_holds_account_consents_and_sessions_and_no_secret(site: Site) -> None:
    site.world.person("minh", site.running.application.site.passwords.hash(PASSWORD))

    found = file_of(site, "minh")

    assert found["form"] == FORM
    assert found["account"]["full_name"] == "Trần Đức Minh"
    assert found["account"]["birth_date"] == "2006-03-14"
    assert found["account"]["phone"] == "0900000001"
    assert found["account"]["ward"] == "Tỉnh Ninh Bình"
    assert found["account"]["has_password"] is True
    assert found["consents"]["states"]["take-part"] == "stands"
    assert {each["given_by"] for each in found["consents"]["signatures"]} == {"self"}
    assert len(found["sessions"]) == 1
    assert [each["kind"] for each in found["ledger"]] == ["people.give_consent"]
    text = text_of(site, "minh")
    assert [each for each in SECRETS if each in text] == []


def test_every_save_of_an_attempt_stands_in_it_as_the_paper_was(site: Site) -> None:
    world = site.world
    world.open_edition()
    code = world.start("minh").code
    attempt = world.attempt("minh", code)
    world.save("minh", code, 1, world.wrong(attempt, 1))
    world.save("minh", code, 1, world.key(attempt, 1), based_on=1)
    world.save("minh", code, 0, prediction=4)

    (entry,) = file_of(site, "minh")["entries"]

    (this,) = entry["rounds"]
    (one,) = this["attempts"]
    question = one["questions"][0]
    letters = ["ABCDEF"[at] for at in world.key(attempt, 1)]
    assert [each["n"] for each in question["saves"]] == [1, 2]
    assert question["saves"][1]["chosen"] == letters
    assert question["text"].startswith("Câu hỏi sealed-1-")
    assert len(question["choices"]) == len(attempt.items[0].order)
    assert [each["prediction"] for each in one["prediction"]] == [4]
    assert (entry["edition"], this["round"]) == ("thu-nghiem", "tuan-1")


@pytest.mark.parametrize("state", ["running", "submitted", "settled"])
def test_nothing_sealed_stands_in_it_before_publishing(site: Site, state: str) -> None:
    world = site.world
    world.open_edition()
    if state == "running":
        code = world.start("minh").code
        world.save("minh", code, 1, world.key(world.attempt("minh", code), 1))
    else:
        world.play("minh", right=7, prediction=1)
    if state == "settled":
        world.close()
        world.settle()

    text = text_of(site, "minh")

    (this,) = json.loads(text)["entries"][0]["rounds"]
    assert this["result"] is None
    assert this["attempts"][0]["is_counted"] is None
    for question in this["attempts"][0]["questions"]:
        assert question["mark"] is None
        assert question["question_id"] is None
    for word in ("Vì là thế", "Common:", "right", "score_milli", "place", "truth", "distance"):
        assert word not in text, word


def test_the_same_answers_give_the_same_file_whatever_the_keys_are(world: World) -> None:
    """Two contests that differ in their keys alone: byte for byte the same before publishing."""
    world.open_edition(flipped=False)
    code = world.start("minh").code
    for place in range(1, 11):
        world.save("minh", code, place, (0,))
    world.submit("minh", code)
    with world.db.read() as tx:
        one = own_data(tx, world.accounts["minh"], lang="vi", now=world.clock())
    world.open_edition(flipped=True)
    with world.db.read() as tx:
        other = own_data(tx, world.accounts["minh"], lang="vi", now=world.clock())

    assert one == other


def test_once_published_marks_place_and_complaint_stand_in_it(site: Site) -> None:
    world = site.world
    code = published(world, "minh", "hoa")
    filed = world.complain("minh", code)

    (this,) = file_of(site, "minh")["entries"][0]["rounds"]

    assert this["result"]["place"] in (1, 2)
    assert this["result"]["counted_attempt"] == code
    assert this["attempts"][0]["is_counted"] is True
    verdicts = [each["mark"]["verdict"] for each in this["attempts"][0]["questions"]]
    assert verdicts == ["right"] + ["none"] * 9
    assert [each["code"] for each in this["complaints"]] == [filed.complaint.code]
    assert "Vì là thế" not in text_of(site, "minh")


def test_of_a_child_the_parent_s_signatures_and_what_was_withdrawn(site: Site) -> None:
    world = site.world
    make(world, "an", ELEVEN)
    world.agree("an", TAKE_PART, NAME_ON_BOARDS)
    world.db.write(
        withdraw,
        account_id=world.accounts["an"],
        purposes=[NAME_ON_BOARDS],
        by=world.ref("an"),
        now=world.clock(),
    )

    found = file_of(site, "an")

    assert [each["full_name"] for each in found["representatives"]] == ["Đỗ Thị Mai"]
    signed = found["consents"]["signatures"]
    assert {(each["purpose"], each["signer"]) for each in signed} == {
        (purpose, signer)
        for purpose in (TAKE_PART, NAME_ON_BOARDS)
        for signer in ("self", "representative")
    }
    ended = [each for each in signed if each["withdrawn_at"]]
    assert {each["purpose"] for each in ended} == {NAME_ON_BOARDS}
    assert found["consents"]["withdrawals"][0]["purposes"] == [NAME_ON_BOARDS]


def test_extra_time_is_in_it_with_the_need_that_was_told(site: Site) -> None:
    world = site.world
    world.person("minh")
    world.db.write(
        grant_extra_time,
        edition_id=world.open_edition().id,
        account_id=world.accounts["minh"],
        percent=25,
        need="mắt kém",
        by="tests",
        now=world.clock(),
    )

    (held,) = file_of(site, "minh")["extra_time"]

    assert (held["edition"], held["grants"][0]["need"]) == ("thu-nghiem", "mắt kém")


def test_letters_are_told_by_kind_and_time_never_by_what_they_say(site: Site) -> None:
    """An address is not proved: its letters may hold somebody else's way in."""
    world = site.world
    world.person("khanh")
    world.person("dung")
    own = grouped(world.codes["khanh"])
    for body in (f"Mã {own}, đường dẫn bí mật-1", "Mã 0000-0000, đường dẫn bí mật-2"):
        world.db.write(
            mail.write_letter,
            kind="people.password_reset",
            to_address="khanh@example.vn",
            subject="Đặt lại",
            body=body,
            now=world.clock(),
        )

    text = text_of(site, "khanh")

    assert [each["kind"] for each in json.loads(text)["letters"]] == ["people.password_reset"]
    assert "bí mật" not in text


def test_who_else_decided_is_not_named(site: Site) -> None:
    world = site.world
    world.person("minh")
    world.db.write(
        change_home,
        account_id=world.accounts["minh"],
        ward_id=None,
        ward_other="Tỉnh Hưng Yên",
        by=world.ref("khanh"),
        now=world.clock(),
    )

    text = text_of(site, "minh")

    assert [each["by"] for each in json.loads(text)["ledger"]] == ["self", "other"]
    assert world.ref("khanh") not in text


def test_texts_come_in_the_language_of_the_page(site: Site) -> None:
    world = site.world
    world.open_edition()
    world.start("minh")
    minh = site.as_("minh")
    minh.http.cookies.set("sc_lang", "en")

    found = json.loads(minh.get("/tai-khoan/du-lieu.json").text)

    question = found["entries"][0]["rounds"][0]["attempts"][0]["questions"][0]
    assert found["language"] == "en"
    assert question["text"].startswith("What is question")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("address", ["/du-lieu-ca-nhan", "/tro-nang"])
def test_the_pages_about_data_and_access_are_there_in_both_languages(
    site: Site, address: str, lang: str
) -> None:
    visitor = site.visitor()
    visitor.http.cookies.set("sc_lang", lang)
    empty = visitor.get(address)
    site.world.open_edition()

    page = visitor.get(address)

    assert (empty.status_code, page.status_code) == (200, 200)
    assert f'<html lang="{lang}"' in page.text
    for link in ("/du-lieu-ca-nhan", "/tro-nang", "/the-le", "/don-vi", "/luyen-tap", "/thi"):
        assert f'href="{link}"' in page.text
