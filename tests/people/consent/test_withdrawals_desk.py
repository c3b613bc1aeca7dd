"""Withdrawals at the desk: told there, answered in time, finished; papers signed at the desk."""

import re
from datetime import date, datetime, timedelta

import httpx
import pytest

from contest.errors import Conflict, Invalid, NotFound
from contest.infra.mail import newest
from contest.ledger.queries import entries_of
from contest.people.consent import NAME_ON_BOARDS, PRESS, PURPOSES, TAKE_PART
from contest.people.consent import withdrawal_queries as withdrawals
from contest.people.consent.commands import finish_followed_withdrawals, withdraw
from contest.people.consent.machine import State
from contest.people.consent.paper_queries import papers_of
from contest.people.consent.queries import history
from contest.people.consent.withdrawal_queries import WithdrawalLine
from contest.people.consent.withdrawals import (
    AnswerLetter,
    answer_withdrawal,
    finish_withdrawal,
    record_withdrawal,
)
from tests.people.consent import scans
from tests.people.consent.families import ELEVEN, is_named, make, state
from tests.people.consent.test_paper_pages import upload, value_of
from tests.server import Visitor
from tests.site import Site
from tests.world import World

LETTER = AnswerLetter(to_address="mai@example.vn", subject="Đã nhận", body="Xin chào")


def agreed(world: World, handle: str = "an") -> None:
    """A child of eleven, for whom everything stands; the mother has an address."""
    make(world, handle, ELEVEN)
    world.agree(handle, *PURPOSES)


def told(world: World, *purposes: str, handle: str = "an") -> int:
    height = world.db.write(
        record_withdrawal,
        account_id=world.accounts[handle],
        purposes=purposes,
        teller="representative",
        way="telephone",
        by=world.ref("khanh"),
        now=world.clock(),
    )
    assert height is not None
    return height


def answer(world: World, height: int, letter: AnswerLetter | None = None) -> bool:
    return world.db.write(
        answer_withdrawal, height=height, letter=letter, by=world.ref("khanh"), now=world.clock()
    )


def finish(world: World, height: int, done: str = "") -> bool:
    return world.db.write(
        finish_withdrawal, height=height, done=done, by=world.ref("khanh"), now=world.clock()
    )


def line(world: World, height: int) -> WithdrawalLine:
    with world.db.read() as tx:
        return withdrawals.line(tx, height)


def in_hanoi(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T23:59:59.999+07:00")


def test_what_is_told_works_at_once_and_waits_for_its_answer(world: World) -> None:
    agreed(world)

    height = told(world, NAME_ON_BOARDS)

    assert not is_named(world, "an")
    assert state(world, "an", TAKE_PART) is State.STANDS
    case = line(world, height)
    assert (case.step, case.teller, case.way) == ("answer", "representative", "telephone")
    # Tuesday, the 24th: two working days, fifteen days.
    assert case.answer_due_at == in_hanoi("2026-11-26")
    assert case.finish_due_at == in_hanoi("2026-12-09")


def test_partners_have_twenty_days(world: World) -> None:
    agreed(world)

    assert line(world, told(world, PRESS)).finish_due_at == in_hanoi("2026-12-14")


@pytest.mark.parametrize(
    "changes", [{"purposes": []}, {"purposes": ["all"]}, {"teller": "aunt"}, {"way": "dream"}]
)
def test_what_is_told_is_told_by_somebody_in_some_way(
    world: World, changes: dict[str, object]
) -> None:
    agreed(world)
    facts: dict[str, object] = {"purposes": [PRESS], "teller": "self", "way": "desk"} | changes

    with pytest.raises(Invalid):
        world.db.write(
            record_withdrawal,  # type: ignore[arg-type]
            account_id=world.accounts["an"],
            by="DESK",
            now=world.clock(),
            **facts,
        )
    assert is_named(world, "an")


def test_an_answer_goes_out_once_and_is_in_the_ledger(world: World) -> None:
    agreed(world)
    height = told(world, NAME_ON_BOARDS)

    assert answer(world, height, LETTER)
    assert not answer(world, height, LETTER)

    with world.db.read() as tx:
        assert [each.to_address for each in newest(tx, limit=5)] == ["mai@example.vn"]
        kinds = [each.kind for each in entries_of(tx, world.ref("an"))]
    assert kinds.count("people.answer_withdrawal") == 1
    with pytest.raises(NotFound, match="no-withdrawal"):
        answer(world, 999_999)


def test_it_is_not_finished_before_it_was_answered_nor_without_a_word_on_partners(
    world: World,
) -> None:
    agreed(world)
    height = told(world, PRESS)

    with pytest.raises(Conflict, match="withdrawal-not-answered"):
        finish(world, height, "Đã báo đài")
    answer(world, height)
    with pytest.raises(Invalid, match="no-note"):
        finish(world, height, "  ")
    assert finish(world, height, "Đã báo Đài Hà Nội ngày 25/11; họ đã gỡ.")
    assert not finish(world, height, "again")

    case = line(world, height)
    assert (case.step, case.done) == ("done", "Đã báo Đài Hà Nội ngày 25/11; họ đã gỡ.")
    assert (case.teller, case.way) == ("representative", "telephone")
    with world.db.read() as tx:
        entry = entries_of(tx, world.ref("an"))[-1]
    assert (entry.kind, entry.facts) == ("people.finish_withdrawal", {"withdrawal": height})


def test_what_concerns_this_site_alone_ends_by_itself_after_the_answer(world: World) -> None:
    agreed(world)
    height = told(world, NAME_ON_BOARDS)

    def sweep() -> int:
        now = world.clock()
        return world.db.write(finish_followed_withdrawals, upto=height, now=now)

    assert sweep() == 0
    answer(world, height)
    assert line(world, height).step == "site"
    assert sweep() == 1
    assert line(world, height).step == "done"


def test_the_figures_count_what_waits_for_a_person_and_what_is_overdue(world: World) -> None:
    agreed(world)
    agreed(world, "bo")
    first = told(world, PRESS)
    by_page = world.db.write(
        withdraw,
        account_id=world.accounts["bo"],
        purposes=[NAME_ON_BOARDS],
        by="BO",
        now=world.clock(),
    )
    assert by_page is not None

    def waiting() -> tuple[int, int, datetime | None]:
        with world.db.read() as tx:
            found = withdrawals.waiting(tx, now=world.clock())
        return found.count, found.overdue, found.next_due

    assert waiting() == (1, 0, in_hanoi("2026-11-26"))
    answer(world, first)
    assert waiting() == (1, 0, in_hanoi("2026-12-14"))
    world.clock.tick(days=21)
    assert waiting() == (1, 1, in_hanoi("2026-12-14"))
    finish(world, first, "Đã báo.")
    assert waiting() == (0, 0, None)


def test_the_list_has_overdue_ones_first(world: World) -> None:
    for handle in ("an", "bo", "co"):
        agreed(world, handle)
    answered = told(world, PRESS, handle="an")
    answer(world, answered)
    world.clock.tick(days=6)
    fresh = told(world, NAME_ON_BOARDS, handle="bo")
    world.clock.set(world.clock() - timedelta(days=5))
    late = told(world, NAME_ON_BOARDS, handle="co")
    world.clock.tick(days=5)

    with world.db.read() as tx:
        assert [each.height for each in withdrawals.open_lines(tx)] == [late, fresh, answered]


def test_the_answer_goes_to_the_parent_before_the_child(world: World) -> None:
    agreed(world)
    make(world, "de", ELEVEN, email="de@example.vn")
    world.db.write(
        withdraw, account_id=world.accounts["an"], purposes=[PRESS], by="AN", now=world.clock()
    )

    with world.db.read() as tx:
        (case,) = withdrawals.of_person(tx, world.accounts["an"])
    assert case.email == "mai@example.vn"


# Pages


def desk(site: Site, handle: str = "an") -> tuple[Visitor, str]:
    """The organiser, and the address of the person's consents."""
    site.world.open_edition()
    agreed(site.world, handle)
    khanh = site.as_("khanh")
    address = f"/dieu-hanh/nguoi/{site.world.ref(handle)}/dong-y"
    khanh.get(address)
    return khanh, address


def test_nothing_waits_and_the_page_says_what_would(site: Site):
    site.world.open_edition()
    khanh = site.as_("khanh")

    assert "Không có yêu cầu rút nào đang mở" in khanh.get("/dieu-hanh/rut").text
    assert "Yêu cầu rút đồng ý, " not in khanh.get("/dieu-hanh").text
    assert site.as_("nam").get("/dieu-hanh/rut").status_code == 403


def test_a_withdrawal_told_at_the_desk_is_answered_by_letter(site: Site):
    khanh, address = desk(site)

    answer = khanh.post(
        address,
        {"viec": "rut", "purposes": [NAME_ON_BOARDS], "teller": "representative", "way": "letter"},
    )
    assert answer.headers["location"] == f"{address}?xong=da-rut"
    assert not is_named(site.world, "an")
    assert "Yêu cầu rút đồng ý, hạn gần nhất" in khanh.get("/dieu-hanh").text
    text = khanh.get("/dieu-hanh/rut").text
    assert "1 yêu cầu chờ bạn" in text
    assert "cha, mẹ hoặc người giám hộ báo bằng thư" in text
    height = re.search(r"/dieu-hanh/rut/(\d+)/tra-loi", text)
    assert height

    done = khanh.post(f"/dieu-hanh/rut/{height[1]}/tra-loi")

    assert "thư trả lời đang được gửi đi" in khanh.get(done.headers["location"]).text
    with site.world.db.read() as tx:
        (letter,) = newest(tx, limit=5)
    assert letter.to_address == "mai@example.vn"
    assert letter.subject == "Đã nhận yêu cầu rút đồng ý"
    assert "- Hiện tên viết tắt trên bảng xếp hạng" in letter.body
    assert "Lê Bảo An" in letter.body
    assert "<" not in letter.body


def test_a_withdrawal_at_the_desk_names_what_who_and_how(site: Site):
    khanh, address = desk(site)

    answer = khanh.post(address, {"viec": "rut", "purposes": [PRESS], "way": "dream"})

    assert answer.status_code == 422
    assert "Hãy chọn ai báo rút" in answer.text
    assert "Hãy chọn báo bằng cách nào" in answer.text
    assert f'value="{PRESS}" checked' in answer.text
    assert is_named(site.world, "an")


def test_partners_need_a_note_and_an_overdue_case_says_so(site: Site):
    khanh, _ = desk(site)
    height = told(site.world, PRESS)
    site.world.clock.tick(days=7)

    text = khanh.get("/dieu-hanh/rut").text
    assert "1 đã quá hạn" in text
    assert "Quá hạn trả lời từ" in text
    assert 'class="is-overdue"' in text
    assert "1 đã quá hạn" in khanh.get("/dieu-hanh").text
    address = f"/dieu-hanh/rut/{height}"
    early = khanh.post(f"{address}/xong", {"done": "Đã báo đài."})
    assert early.status_code == 409
    assert "chưa được trả lời" in early.text

    khanh.post(f"{address}/tra-loi")
    empty = khanh.post(f"{address}/xong", {"done": " "})
    assert empty.status_code == 422
    assert "Hãy ghi đã báo cho bên nào" in empty.text
    long = khanh.post(f"{address}/xong", {"done": "x" * 1001})
    assert long.status_code == 422
    assert "x" * 1001 in long.text
    done = khanh.post(f"{address}/xong", {"done": "Đã báo Đài Hà Nội."})
    assert done.status_code == 303
    assert "Đã báo Đài Hà Nội." in khanh.get("/dieu-hanh/rut").text
    assert khanh.post(f"{address}/xong", {"done": ""}).status_code == 303
    assert khanh.post("/dieu-hanh/rut/999999/xong", {"done": "x"}).status_code == 404


def paper_at_desk(khanh: Visitor, address: str, **changes: object) -> httpx.Response:
    fields: dict[str, object] = {
        "form_key": value_of(khanh.get(address).text, "form_key"),
        "signed_on": "2026-11-24",
        "kept_where": "Tủ 2",
        "full_name": "Lê Văn Bình",
        "relation": "father",
        "of_parent": [TAKE_PART],
        "of_child": [TAKE_PART],
        "checked": "1",
    } | changes
    return upload(khanh, address, fields, ("phieu.jpg", scans.jpeg()))


def test_a_paper_signed_at_the_desk_needs_the_identity_checked(site: Site):
    khanh, address = desk(site)

    refused = paper_at_desk(khanh, address, checked="")
    assert refused.status_code == 422
    assert "Hãy xác nhận đã kiểm tra giấy tờ" in refused.text
    answer = paper_at_desk(khanh, address)

    assert answer.headers["location"] == f"{address}?xong=ghi"
    with site.world.db.read() as tx:
        (paper,) = papers_of(tx, site.world.accounts["an"])
        proofs = {each.proof for each in history(tx, paper.account_id) if each.paper_ref}
    assert (paper.place, paper.signed_on, paper.has_scan) == ("desk", date(2026, 11, 24), True)
    assert proofs == {"desk"}
    text = khanh.get(address).text
    assert "tại bàn ban tổ chức, ký ngày 24/11/2026" in text
    assert "có chữ ký mới thay" in text
    assert f'href="/giay-dong-y/{paper.ref}"' in text


def test_consents_at_the_desk_are_for_the_organiser_alone(site: Site):
    _, address = desk(site)

    for who in ("nam", "minh", "ha"):
        visitor = site.as_(who)
        visitor.get("/tai-khoan")
        assert visitor.get(address).status_code == 403
        assert visitor.post(address, {"viec": "rut", "purposes": [PRESS]}).status_code == 403
    assert is_named(site.world, "an")


def test_the_page_of_a_person_leads_there(site: Site):
    khanh, address = desk(site)

    assert f'href="{address}"' in khanh.get(address.removesuffix("/dong-y")).text
    assert khanh.get("/dieu-hanh/nguoi/NOBODY/dong-y").status_code == 404


def test_both_pages_speak_english(site: Site):
    khanh, address = desk(site)
    told(site.world, PRESS)
    khanh.http.cookies.set("sc_lang", "en")

    for page in (address, "/dieu-hanh/rut"):
        assert khanh.get(page).status_code == 200
