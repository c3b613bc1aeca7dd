"""One's own consents on one phone: every age, wrong turns, twice, bad input, taken back."""

import pytest

from contest.people.consent import PURPOSES
from contest.people.consent.machine import State
from contest.people.consent.queries import history, open_withdrawals, representatives
from tests.people.consent.families import (
    ELEVEN,
    FIFTEEN,
    FIVE,
    MOTHER,
    SIXTEEN_TOMORROW,
    TAKE_PART,
    THIRTY,
    WITH_NAME,
    child,
    is_named,
    make,
    state,
)
from tests.site import Site


def test_a_child_and_a_mother_sign_in_two_steps_on_one_phone(site: Site):
    an = child(site, "an", ELEVEN)
    assert 'href="/dong-y/em?tiep=/thi"' in an.get("/dong-y?tiep=/thi").text

    step = an.get("/dong-y/em?tiep=/thi")
    assert "checked" not in step.text
    signed = an.post("/dong-y/em", {"tiep": "/thi", **TAKE_PART})
    assert signed.headers["location"] == "/dong-y/phu-huynh?tiep=/thi&xong=em"
    assert state(site.world, "an", "take-part") is State.NEEDS_REPRESENTATIVE
    mothers = an.get(signed.headers["location"])
    assert "Đưa máy cho cha, mẹ" in mothers.text
    assert 'name="email"' in mothers.text
    signed = an.post("/dong-y/phu-huynh", {"tiep": "/thi", "agrees": "1", **MOTHER})
    assert signed.headers["location"] == "/dong-y?tiep=/thi&xong=ky"
    assert state(site.world, "an", "take-part") is State.STANDS
    done = an.get(signed.headers["location"])
    assert 'href="/thi"' in done.text
    assert "Đỗ Thị Mai" in done.text


def test_the_same_phone_is_not_enough_for_the_name(site: Site):
    an = child(site, "an", ELEVEN)
    an.post("/dong-y/em", WITH_NAME)

    an.post("/dong-y/phu-huynh", {"agrees": "1", **WITH_NAME, **MOTHER})

    assert state(site.world, "an", "take-part") is State.STANDS
    assert state(site.world, "an", "name-on-boards") is State.NEEDS_REPRESENTATIVE
    assert not is_named(site.world, "an")
    assert "Cha mẹ ký bằng thư điện tử" in an.get("/dong-y").text


def test_a_child_who_wishes_more_later_ticks_it_later(site: Site):
    an = child(site, "an", FIFTEEN)
    an.post("/dong-y/em", TAKE_PART)
    an.post("/dong-y/phu-huynh", {"agrees": "1", **MOTHER})

    assert "em đã đồng ý" in an.get("/dong-y/em").text
    answer = an.post("/dong-y/em", {"name-on-boards": "1"})

    assert answer.headers["location"] == "/dong-y?xong=em"
    assert state(site.world, "an", "name-on-boards") is State.NEEDS_REPRESENTATIVE


def test_the_child_comes_before_the_parent_and_says_yes_to_taking_part_first(site: Site):
    an = child(site, "an", ELEVEN)

    assert an.get("/dong-y/phu-huynh").headers["location"] == "/dong-y/em"
    assert an.post("/dong-y/phu-huynh", {"agrees": "1", **MOTHER}).status_code == 303
    refused = an.post("/dong-y/em", {"name-on-boards": "1"})

    assert refused.status_code == 422
    assert 'href="#f-take-part"' in refused.text
    assert 'name="name-on-boards" value="1" checked' in refused.text
    with site.world.db.read() as tx:
        assert history(tx, site.world.accounts["an"]) == []
        assert representatives(tx, site.world.accounts["an"]) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"full_name": "M1"}, "full_name"),
        ({"full_name": "lê bảo an"}, "full_name"),
        ({"relation": "aunt"}, "relation"),
        ({"agrees": ""}, "agrees"),
    ],
)
def test_a_parent_s_form_that_is_not_whole_is_kept_as_typed(
    site: Site, changes: dict[str, str], field: str
):
    an = child(site, "an", FIVE)
    sent = {"agrees": "1", **MOTHER, **changes}

    refused = an.post("/dong-y/phu-huynh", sent)

    assert refused.status_code == 422
    assert f'href="#f-{field}"' in refused.text
    assert f'value="{sent["full_name"]}"' in refused.text
    assert state(site.world, "an", "take-part") is State.NOT_GIVEN


def test_under_seven_only_the_representative_signs(site: Site):
    an = child(site, "an", FIVE)

    assert an.get("/dong-y/em?tiep=/thi").headers["location"] == "/dong-y?tiep=/thi"
    assert an.post("/dong-y/em", TAKE_PART).headers["location"] == "/dong-y"
    assert 'href="/dong-y/phu-huynh"' in an.get("/dong-y").text
    an.post("/dong-y/phu-huynh", {"agrees": "1", **MOTHER})

    assert state(site.world, "an", "take-part") is State.STANDS


def test_two_presses_sign_once(site: Site):
    an = child(site, "an", ELEVEN)
    for _ in range(2):
        an.post("/dong-y/em", TAKE_PART)
    for _ in range(2):
        assert an.post("/dong-y/phu-huynh", {"agrees": "1", **MOTHER}).status_code == 303

    with site.world.db.read() as tx:
        assert len(history(tx, site.world.accounts["an"])) == 2


def test_somebody_of_age_signs_alone_and_goes_on(site: Site):
    site.world.person("minh")
    minh = site.as_("minh")
    minh.get("/dong-y")
    minh.post("/dong-y/rut", {"purpose": "take-part"})
    page = minh.get("/dong-y?tiep=/thi")
    assert "checked" not in page.text
    assert all(f'name="{each}"' in page.text for each in PURPOSES)
    assert 'name="email"' not in page.text

    signed = minh.post("/dong-y", {"tiep": "/thi", **WITH_NAME})

    assert signed.headers["location"] == "/thi"
    assert state(site.world, "minh", "take-part") is State.STANDS
    assert state(site.world, "minh", "press") is State.NOT_GIVEN
    assert is_named(site.world, "minh")
    for step in ("/dong-y/em", "/dong-y/phu-huynh"):
        assert minh.get(step).headers["location"] == "/dong-y"
        assert minh.post(step, {"agrees": "1", **WITH_NAME, **MOTHER}).status_code == 303


def test_a_grown_person_s_form_without_taking_part_is_kept(site: Site):
    site.world.person("minh")
    minh = site.as_("minh")
    minh.get("/dong-y")
    minh.post("/dong-y/rut", {"purpose": "take-part"})

    refused = minh.post("/dong-y", {"press": "1"})

    assert refused.status_code == 422
    assert 'href="#f-take-part"' in refused.text
    assert 'name="press" value="1" checked' in refused.text


def test_whoever_turns_sixteen_is_told_and_asked_again(site: Site):
    world = site.world
    world.open_edition()
    an = child(site, "an", SIXTEEN_TOMORROW)
    world.agree("an", "take-part", "name-on-boards", proof="paper")
    assert is_named(world, "an")

    world.clock.tick(days=1)
    page = an.get("/dong-y")
    assert "đã đủ 16 tuổi" in page.text
    assert "checked" not in page.text
    assert "đã đủ 16 tuổi" in an.get("/tai-khoan").text
    assert not is_named(world, "an")
    assert an.get("/dong-y/phu-huynh").headers["location"] == "/dong-y"
    an.post("/dong-y", TAKE_PART)

    assert state(world, "an", "take-part") is State.STANDS
    assert state(world, "an", "name-on-boards") is State.ASK_AGAIN


def test_taking_one_thing_back_leaves_the_others(site: Site):
    an = child(site, "an", ELEVEN)
    site.world.agree("an", "take-part", "name-on-boards")
    assert is_named(site.world, "an")

    for _ in range(2):
        answer = an.post("/dong-y/rut", {"purpose": "name-on-boards"})
        assert answer.headers["location"] == "/dong-y?xong=rut"

    assert not is_named(site.world, "an")
    assert state(site.world, "an", "take-part") is State.STANDS
    with site.world.db.read() as tx:
        (case,) = open_withdrawals(tx, limit=5)
    assert (case.purposes, case.by_whom) == (("name-on-boards",), "self")


def test_taking_part_taken_back_takes_all_and_stops_further_starts(site: Site):
    world = site.world
    world.open_edition()
    make(world, "an", ELEVEN)
    an = site.as_("an")
    an.get("/dong-y")
    world.agree("an", *PURPOSES)

    an.post("/dong-y/rut", {"purpose": "take-part"})

    assert {state(world, "an", each) for each in PURPOSES} == {State.NOT_GIVEN}
    assert an.post("/thi/tuan-1").headers["location"] == "/dong-y?tiep=/thi/tuan-1"
    assert "Chưa đủ sự đồng ý" in an.get("/tai-khoan").text


def test_what_is_no_purpose_takes_nothing_back(site: Site):
    an = child(site, "an", ELEVEN)
    site.world.agree("an", "take-part")

    for sent in ("", "everything"):
        assert an.post("/dong-y/rut", {"purpose": sent}).status_code == 303
    assert state(site.world, "an", "take-part") is State.STANDS


def test_nobody_else_is_led_astray_and_visitors_sign_in_first(site: Site):
    an = child(site, "an", ELEVEN)
    site.world.agree("an", "take-part")

    assert 'href="//evil' not in an.get("/dong-y?tiep=//evil.example").text
    visitor = site.visitor()
    for path in ("/dong-y", "/dong-y/em", "/dong-y/phu-huynh"):
        assert visitor.get(path).headers["location"].startswith("/dang-nhap")


def test_the_account_page_tells_of_each_purpose_and_how_a_pupil_signs_in(site: Site):
    an = child(site, "an", THIRTY)

    page = an.get("/tai-khoan").text

    assert "Sự đồng ý của tôi" in page
    assert page.count("Có hiệu lực") == 1
    assert page.count("Chưa đồng ý") == 4
    assert 'href="/dong-y"' in page
    assert "Thẻ của lớp" in page
    assert "/tai-khoan/mat-khau" not in page


def test_a_child_can_not_switch_the_name_on_at_the_account(site: Site):
    an = child(site, "an", ELEVEN)
    site.world.agree("an", "take-part")

    an.post("/tai-khoan/ten", {"shown": "1"})

    assert not is_named(site.world, "an")
    assert state(site.world, "an", "name-on-boards") is State.NOT_GIVEN
