"""The entrant's page: form, receipt, answer; who may see it and when; what was typed stays."""

from datetime import timedelta

from contest.infra import mail
from contest.infra.chance import grouped
from tests.complaints.published import ANSWER, TEXT, attempt_of, published
from tests.complaints.test_answer_complaint import answer
from tests.complaints.test_file_complaint import disqualify
from tests.site import Site


def own(site: Site, handle: str = "minh") -> str:
    return f"/bai/{attempt_of(site.world, handle)}/khieu-nai"


def letters(site: Site) -> list[mail.Letter]:
    with site.world.db.read() as tx:
        return mail.newest(tx, limit=9)


def test_filed_it_stands_there_with_its_code_and_the_day_of_the_answer(site: Site) -> None:
    published(site.world)
    minh, page = site.as_("minh"), own(site)
    form = minh.get(page).text
    assert "Nhận khiếu nại đến 23:59, thứ Sáu 4/12/2026" in form
    assert "trả lời chậm nhất 23:59, thứ Tư 2/12/2026" in form
    assert "1.000/" not in form
    assert "/vi-sao/" in form

    sent = minh.post(page, {"text": TEXT})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{page}?xong=gui")

    receipt = minh.get(sent.headers["location"]).text
    assert "Ban tổ chức đã nhận khiếu nại của bạn." in receipt
    assert TEXT in receipt
    assert "<textarea" not in receipt
    (letter,) = letters(site)
    assert (letter.to_address, letter.kind) == ("minh@example.vn", "complaints.received")
    assert letter.subject.rsplit(maxsplit=1)[-1] in receipt
    assert f"{page}\n" in letter.body
    assert "23:59, thứ Tư 2/12/2026" in letter.body


def test_a_second_press_sends_nothing_more_and_says_so(site: Site) -> None:
    published(site.world)
    minh, page = site.as_("minh"), own(site)
    minh.get(page)

    minh.post(page, {"text": TEXT})
    same = minh.post(page, {"text": TEXT})
    other = minh.post(page, {"text": TEXT + " Và câu 4."})

    assert same.headers["location"].endswith("xong=gui")
    assert other.headers["location"].endswith("xong=da-co")
    assert "vẫn đang chờ trả lời" in minh.get(other.headers["location"]).text
    assert len(letters(site)) == 1


def test_what_was_typed_stays_when_it_is_refused(site: Site) -> None:
    published(site.world)
    minh, page = site.as_("minh"), own(site)
    minh.get(page)

    short = minh.post(page, {"text": "Câu 3 <sai>"})
    long = minh.post(page, {"text": "Dài " * 1000})

    assert (short.status_code, long.status_code) == (422, 422)
    assert "Câu 3 &lt;sai&gt;</textarea>" in short.text
    assert "ít nhất 20 ký tự" in short.text
    assert "dài nhất 3000 ký tự" in long.text
    assert long.text.count("Dài Dài") > 400


def test_after_the_period_the_page_says_whom_to_write_and_gives_the_words_back(
    site: Site,
) -> None:
    published(site.world, "minh", "hoa")
    minh, page = site.as_("minh"), own(site)
    minh.get(page)
    site.world.clock.tick(days=6)

    late = minh.post(page, {"text": TEXT})

    assert late.status_code == 409
    assert TEXT in late.text
    assert "Đã hết hạn khiếu nại" in late.text
    assert 'href="/the-le#lien-he"' in late.text
    assert "<textarea" not in minh.get(page).text


def test_before_publishing_the_page_is_closed_to_all(site: Site) -> None:
    site.world.open_edition()
    site.world.play("minh")
    site.world.close()
    site.world.settle()
    minh, page = site.as_("minh"), own(site)

    assert minh.get(page).status_code == 409
    minh.get("/tai-khoan")
    assert minh.post(page, {"text": TEXT}).status_code == 409


def test_another_s_page_does_not_exist_and_a_visitor_signs_in(site: Site) -> None:
    published(site.world)
    code = site.world.complain("minh", attempt_of(site.world, "minh")).complaint.code
    hoa, page = site.as_("hoa"), own(site)

    assert hoa.get(page).status_code == 404
    hoa.get("/tai-khoan")
    assert hoa.post(page, {"text": TEXT}).status_code == 404
    assert hoa.post(f"{page}/rut", {"complaint": code}).status_code == 404
    assert site.visitor().get(page).headers["location"].startswith("/dang-nhap")


def test_a_complaint_is_withdrawn_while_it_waits(site: Site) -> None:
    published(site.world)
    code = site.world.complain("minh", attempt_of(site.world, "minh")).complaint.code
    minh, page = site.as_("minh"), own(site)
    minh.get(page)

    for _ in range(2):
        gone = minh.post(f"{page}/rut", {"complaint": code})
        assert gone.headers["location"] == f"{page}?xong=rut"
    after = minh.get(gone.headers["location"]).text
    assert "Đã rút" in after
    assert "2 trên 3 lần" in after
    assert minh.post(f"{page}/rut").status_code == 404


def test_the_answer_stands_on_the_page_and_an_overdue_one_says_sorry(site: Site) -> None:
    published(site.world, complaints={"within_days": 30})
    code = site.world.complain("minh", attempt_of(site.world, "minh")).complaint.code
    minh, page = site.as_("minh"), own(site)
    site.world.clock.tick(days=10)
    assert "Đã quá hạn trả lời" in minh.get(page).text
    withdrawn = minh.get(page)
    answer(site.world, code)

    text = minh.get(page).text
    assert ANSWER in text
    assert "Ban tổ chức không chấp nhận" in text
    assert grouped(code) in text
    assert withdrawn.status_code == 200
    assert minh.post(f"{page}/rut", {"complaint": code}).status_code == 409


def test_who_was_disqualified_reads_why_and_may_complain(site: Site) -> None:
    attempt = published(site.world)
    disqualify(site.world, "minh", attempt)
    site.world.clock.tick(minutes=1)
    minh, page = site.as_("minh"), own(site)

    text = minh.get(page).text
    assert "Một người dự thi bằng hai tài khoản." in text
    assert "/vi-sao/" not in text
    assert minh.post(page, {"text": TEXT}).status_code == 303


def test_without_an_address_there_is_no_letter(site: Site) -> None:
    published(site.world)
    hoa, page = site.as_("hoa"), own(site, "hoa")
    hoa.get(page)
    hoa.post(page, {"text": TEXT})

    assert letters(site) == []


def test_a_complaint_of_yesterday_is_due_by_its_own_date(site: Site) -> None:
    """A later change of the rules does not move what the page has told."""
    published(site.world)
    filed = site.world.complain("minh", attempt_of(site.world, "minh")).complaint
    site.world.clock.tick(days=1)

    assert filed.due_at - site.world.clock() < timedelta(days=3)
    assert "23:59, thứ Tư 2/12/2026" in site.as_("minh").get(own(site)).text
