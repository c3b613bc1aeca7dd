"""The desk's pages that give time back, and what entrants then read: round, receipt, rules."""

from datetime import timedelta
from html import unescape

import pytest

from contest.bank.commands import load_bank
from contest.editions.extra_time import grant_extra_time
from contest.quiz.outages.moments import read_moment, write_moment
from contest.quiz.outages.queries import outages_of_round
from tests.site import Site
from tests.world import bank_of

REASON = "Máy chủ mất điện ở trung tâm dữ liệu"
OUTAGE = "/dieu-hanh/vong/thu-nghiem/tuan-1/su-co"
EXTENSION = "/dieu-hanh/vong/thu-nghiem/tuan-1/gia-han"


def outage(site: Site, minutes: float = 30, reopen_hours: float | None = 24) -> dict[str, str]:
    """Lets an outage pass with Minh in it; gives the form that tells of it."""
    world = site.world
    world.open_edition()
    world.db.write(load_bank, bank=bank_of("sealed-1", 4), by="tests", now=world.clock())
    world.attempts["minh", "tuan-1"] = world.start("minh").code
    began = world.clock.tick(minutes=4)
    ended = world.clock.tick(minutes=minutes)
    world.sweep()
    until = write_moment(ended + timedelta(hours=reopen_hours)) if reopen_hours else ""
    return {
        "began_at": write_moment(began),
        "ended_at": write_moment(ended),
        "reopen_until": until,
        "reason": REASON,
    }


@pytest.mark.parametrize(
    "typed",
    ["2026-11-29T22:05", "2026-11-29 22:05", "29/11/2026 22:05", " 22:05 29/11/2026 "],
)
def test_a_moment_is_read_in_hanoi_as_one_types_it(typed: str) -> None:
    read = read_moment(typed)
    assert read is not None
    assert read.isoformat() == "2026-11-29T15:05:00+00:00"
    assert write_moment(read) == "2026-11-29T22:05"


@pytest.mark.parametrize(
    "typed",
    ["", "hôm qua", "2026-11-29", "31/11/2026 10:00", "9999-12-31T23:59", "0001-01-01T00:00"],
)
def test_what_is_no_moment_is_none(typed: str) -> None:
    assert read_moment(typed) is None


def test_an_outage_is_looked_at_first_and_then_made_good(site: Site) -> None:
    form = outage(site)
    desk = site.as_("khanh")
    assert "Sự cố xảy ra khi nào?" in desk.get(OUTAGE).text

    preview = desk.post(OUTAGE, form)
    with site.world.db.read() as tx:
        assert outages_of_round(tx, site.world.round().id) == []
    assert preview.status_code == 200
    assert "1 bài không tính" in preview.text
    assert "đủ câu hỏi khác cho mọi người" in preview.text

    done = desk.post(OUTAGE, {**form, "confirm": "1"})
    assert done.status_code == 303
    assert "Đã bù giờ cho sự cố" in desk.get(done.headers["location"]).text
    again = desk.post(OUTAGE, {**form, "confirm": "1"})
    assert again.headers["location"] == done.headers["location"]


def test_a_refused_form_keeps_what_was_typed_and_names_each_fault(site: Site) -> None:
    form = outage(site)
    desk = site.as_("khanh")
    desk.get(OUTAGE)
    for wrong, words in [
        ({"began_at": "hôm qua"}, "Hãy ghi đủ ngày và giờ"),
        ({"reopen_until": "hôm qua"}, "Hãy ghi đủ ngày và giờ"),
        ({"ended_at": form["began_at"]}, "Lúc có lại phải sau"),
        ({"ended_at": "2099-01-01T00:00"}, "Lúc này chưa tới"),
        ({"reopen_until": "2026-01-01T00:00"}, "Hạn làm lại phải sau lúc này"),
        ({"reopen_until": ""}, "Có bài phải làm lại"),
        ({"reason": "Mất <đ>"}, "10 đến 500 ký tự"),
    ]:
        for confirm in ({}, {"confirm": "1"}):
            typed = form | wrong
            answer = desk.post(OUTAGE, {**typed, **confirm})
            text = unescape(answer.text)
            assert answer.status_code == 422
            assert words in text
            assert all(value in text for value in typed.values())
            assert answer.text.count('aria-invalid="true"') == 1


def test_the_same_moments_a_second_time_are_refused_at_their_field(site: Site) -> None:
    form = outage(site)
    desk = site.as_("khanh")
    desk.get(OUTAGE)
    desk.post(OUTAGE, {**form, "confirm": "1"})

    other = desk.post(OUTAGE, {**form, "reason": "Lại kể một lần nữa"})
    assert other.status_code == 422
    assert "trùng với một sự cố" in other.text


def test_who_must_take_it_again_is_led_there_before_and_after_the_close(site: Site) -> None:
    form = outage(site, reopen_hours=24 * 6)
    world, desk, minh = site.world, site.as_("khanh"), site.as_("minh")
    desk.get(OUTAGE)
    desk.post(OUTAGE, {**form, "confirm": "1"})

    for after_close in (False, True):
        if after_close:
            world.clock.set(world.round().closes_at + timedelta(minutes=5))
        assert "Làm lại vì sự cố" in minh.get("/thi").text
        page = minh.get("/thi/tuan-1").text
        assert "Bạn được làm lại bài vì sự cố" in page
        assert "Không tính, vì sự cố" in page
    assert (
        "Bài này không tính" in minh.get(f"/bai/{world.attempts['minh', 'tuan-1']}/bien-nhan").text
    )
    assert "Làm lại vì sự cố" not in site.as_("hoa").get("/thi").text

    minh.get("/thi/tuan-1")
    started = minh.post("/thi/tuan-1")
    assert started.status_code == 303
    assert 'data-left-ms="600000"' in minh.get(started.headers["location"]).text
    assert "Bạn có một bài đang dở" in minh.get("/thi/tuan-1").text


def test_home_and_account_lead_to_the_attempt_taken_again(site: Site) -> None:
    form = outage(site, reopen_hours=24 * 6)
    world, desk, minh = site.world, site.as_("khanh"), site.as_("minh")
    desk.get(OUTAGE)
    desk.post(OUTAGE, {**form, "confirm": "1"})

    for after_close in (False, True):
        if after_close:
            world.clock.set(world.round().closes_at + timedelta(minutes=5))
        home = minh.get("/").text
        assert "Làm lại vì sự cố" in home
        assert 'href="/thi/tuan-1"' in home
        assert "Xem bài đã nộp" not in home
        assert "Bài trước không tính vì sự cố" in minh.get("/tai-khoan").text
    assert "Làm lại vì sự cố" not in site.as_("hoa").get("/").text

    minh.get("/thi/tuan-1")
    started = minh.post("/thi/tuan-1").headers["location"]
    assert f'href="{started}"' in minh.get("/").text
    assert f'href="{started}"' in minh.get("/tai-khoan").text


def test_an_annulled_attempt_says_that_it_does_not_count_and_the_way_on(site: Site) -> None:
    form = outage(site, reopen_hours=24)
    world, desk, minh = site.world, site.as_("khanh"), site.as_("minh")
    desk.get(OUTAGE)
    desk.post(OUTAGE, {**form, "confirm": "1"})
    annulled = world.attempts["minh", "tuan-1"]
    receipt = f"/bai/{annulled}/bien-nhan"
    assert 'href="/thi/tuan-1">Làm lại vì sự cố' in minh.get(receipt).text

    minh.get("/thi/tuan-1")
    again = minh.post("/thi/tuan-1").headers["location"].removeprefix("/bai/")
    assert f'href="/bai/{again}">Làm tiếp' in minh.get(receipt).text
    world.save("minh", again, 1, (0,), tab="minh")
    world.submit("minh", again)
    assert f'href="/bai/{again}/bien-nhan">Xem bài được tính' in minh.get(receipt).text
    assert f"/bai/{again}/bien-nhan" in minh.get("/").text

    world.close()
    world.settle()
    world.publish()
    result = minh.get(f"/bai/{annulled}/ket-qua").text
    assert "<h1>Bài này không tính</h1>" in result
    assert f'href="/bai/{again}/bien-nhan">Xem bài được tính' in result
    assert "ít nhất một câu được trả lời" not in result


def test_who_did_not_take_it_again_is_told_why_there_is_no_place(site: Site) -> None:
    form = outage(site, reopen_hours=24)
    world, desk, minh = site.world, site.as_("khanh"), site.as_("minh")
    desk.get(OUTAGE)
    desk.post(OUTAGE, {**form, "confirm": "1"})
    world.play("hoa")
    world.close()
    world.settle()
    world.publish()
    code = world.attempts["minh", "tuan-1"]

    for page in ("bien-nhan", "ket-qua"):
        text = minh.get(f"/bai/{code}/{page}").text
        assert "hạn làm lại đã qua" in text
        assert 'href="/the-le#lien-he"' in text
    assert "Không có hạng" in minh.get("/tai-khoan").text


def test_a_countdown_and_an_answer_follow_the_extended_attempt(site: Site) -> None:
    form = outage(site, minutes=5, reopen_hours=None)
    desk, minh = site.as_("khanh"), site.as_("minh")
    code = site.world.attempts["minh", "tuan-1"]
    assert 'data-left-ms="60000"' in minh.get(f"/bai/{code}").text
    desk.get(OUTAGE)
    preview = desk.post(OUTAGE, form).text
    assert "nhiều nhất 5 phút" in preview
    desk.post(OUTAGE, {**form, "confirm": "1"})

    assert 'data-left-ms="360000"' in minh.get(f"/bai/{code}").text
    site.world.clock.tick(minutes=5)
    saved = minh.post(
        f"/bai/{code}/tra-loi",
        {"position": "1", "choice": "0", "tab": "a", "seq": "1", "based_on": "0"},
    )
    assert "60000" in saved.text
    minh.get(f"/bai/{code}")
    minh.post(f"/bai/{code}", {"intent": "submit", "tab": "a", "seq": "2", "r1": "1", "q1": "0"})
    assert "thay vì 10 phút" in minh.get(f"/bai/{code}/bien-nhan").text


def test_the_round_page_tells_a_person_their_own_time(site: Site) -> None:
    world = site.world
    edition = world.open_edition()
    world.db.write(
        grant_extra_time,
        edition_id=edition.id,
        account_id=world.person("minh"),
        percent=50,
        need="Dùng trình đọc màn hình",
        by="tests",
        now=world.clock(),
    )
    page = site.as_("minh").get("/thi/tuan-1").text
    assert "15 phút (thêm 50 %)" in page
    assert "trình đọc" not in page
    # Within the last minutes their time is whole all the same; others are warned.
    world.clock.set(world.round().closes_at - timedelta(minutes=4))
    assert "Không còn đủ" not in site.as_("minh").get("/thi/tuan-1").text
    assert "Không còn đủ 10 phút" in site.as_("hoa").get("/thi/tuan-1").text


def test_a_close_is_moved_in_two_steps(site: Site) -> None:
    world, desk = site.world, site.as_("khanh")
    world.open_edition()
    closes = world.round().closes_at
    world.clock.set(closes - timedelta(minutes=4))
    world.start("minh")
    later = (closes + timedelta(hours=2)).replace(second=0)
    form = {"closes_at": write_moment(later), "reason": REASON}
    assert write_moment(closes) in desk.get(EXTENSION).text

    preview = desk.post(EXTENSION, form)
    assert world.round().closes_at == closes
    assert "1 bài bị giờ đóng cũ cắt bớt" in preview.text
    done = desk.post(EXTENSION, {**form, "confirm": "1"})
    assert done.status_code == 303
    assert "Đã lùi giờ đóng" in desk.get(done.headers["location"]).text
    assert world.round().closes_at == later
    assert desk.post(EXTENSION, {**form, "confirm": "1"}).status_code == 303
    assert world.edition().version == 2


def test_a_refused_close_keeps_what_was_typed(site: Site) -> None:
    world, desk = site.world, site.as_("khanh")
    world.open_edition()
    desk.get(EXTENSION)
    good = write_moment(world.round().closes_at + timedelta(hours=2))
    for typed, words in [
        ({"closes_at": "mai", "reason": REASON}, "Hãy ghi đủ ngày và giờ"),
        ({"closes_at": "2026-11-20T10:00", "reason": REASON}, "phải sau giờ đóng hiện nay"),
        ({"closes_at": "2027-11-20T10:00", "reason": REASON}, "trước khi vòng sau mở"),
        ({"closes_at": good, "reason": "ngắn"}, "10 đến 500 ký tự"),
    ]:
        answer = desk.post(EXTENSION, typed)
        assert answer.status_code == 422
        assert words in answer.text
        assert all(value in answer.text for value in typed.values())


def test_after_publishing_both_pages_say_so_and_refuse(site: Site) -> None:
    world, desk = site.world, site.as_("khanh")
    form = outage(site)
    world.play("hoa")
    world.close()
    world.settle()
    world.publish()
    assert "đã công bố" in desk.get(EXTENSION).text
    assert "đã công bố" in desk.get(OUTAGE).text
    assert desk.post(OUTAGE, form).status_code == 409
    later = write_moment(world.clock() + timedelta(hours=1))
    assert desk.post(EXTENSION, {"closes_at": later, "reason": REASON}).status_code == 409


def test_no_such_round(site: Site) -> None:
    site.world.open_edition()
    desk = site.as_("khanh")
    desk.get("/dieu-hanh")
    for address in (OUTAGE, EXTENSION):
        gone = address.replace("tuan-1", "tuan-9")
        assert desk.get(gone).status_code == 404
        assert desk.post(gone).status_code == 404


def test_the_rules_tell_what_was_given_back_and_why(site: Site) -> None:
    form = outage(site)
    desk, visitor = site.as_("khanh"), site.visitor()
    assert "Tới nay chưa có lần nào." in visitor.get("/the-le").text
    desk.get(OUTAGE)
    desk.post(OUTAGE, {**form, "confirm": "1"})
    later = write_moment(site.world.round().closes_at + timedelta(hours=2))
    desk.post(
        EXTENSION, {"closes_at": later, "reason": "Bão vào đúng tối cuối cùng", "confirm": "1"}
    )

    text = visitor.get("/the-le").text
    assert "Tuần 1: bù giờ sau sự cố" in text
    assert "1 bài được làm lại" in text
    assert REASON in text
    assert "Tuần 1: lùi giờ đóng" in text
    assert "Bão vào đúng tối cuối cùng" in text
    assert visitor.get("/the-le?ky=khong-co").status_code == 404
