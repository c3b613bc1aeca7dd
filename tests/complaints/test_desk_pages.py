"""The organiser's list and answer: order, marks, faults at their fields, two organisers at once."""

from contest.infra import mail
from tests.complaints.published import ANSWER, TEXT, attempt_of, published, the_complaint
from tests.complaints.test_file_complaint import disqualify, withdraw
from tests.site import Site

LIST = "/dieu-hanh/khieu-nai"


def a_complaint(site: Site, handle: str = "minh") -> str:
    return site.world.complain(handle, attempt_of(site.world, handle)).complaint.code


def test_an_empty_list_says_where_complaints_come_from(site: Site) -> None:
    published(site.world)

    assert "Không có khiếu nại nào chờ bạn" in site.as_("khanh").get(LIST).text


def test_the_nearest_deadline_is_first_and_today_and_overdue_are_marked(site: Site) -> None:
    published(site.world, "minh", "hoa", "nam", complaints={"within_days": 30, "answer_days": 1})
    a_complaint(site, "minh")
    khanh = site.as_("khanh")
    assert "Hạn thứ Hai 30/11" in khanh.get(LIST).text

    site.world.clock.tick(days=1)
    a_complaint(site, "hoa")
    assert "Hạn hôm nay" in khanh.get(LIST).text

    site.world.clock.tick(days=1)
    text = khanh.get(LIST).text
    assert "Quá hạn từ thứ Hai 30/11" in text
    assert "1 đã quá hạn" in text
    assert text.index("Trần Đức Minh") < text.index("Nguyễn Thị Hoa")


def test_only_organisers_come_in(site: Site) -> None:
    published(site.world)
    code = a_complaint(site)

    for handle in ("minh", "dung", "phuc"):
        assert site.as_(handle).get(LIST).status_code == 403
        assert site.as_(handle).get(f"{LIST}/{code}").status_code == 403


def test_the_page_has_what_an_answer_needs(site: Site) -> None:
    published(site.world)
    code = a_complaint(site)

    text = site.as_("khanh").get(f"{LIST}/{code}").text

    entry = site.world.attempt("minh", attempt_of(site.world, "minh")).entry_code
    for piece in (
        TEXT,
        "Trần Đức Minh",
        f"/dieu-hanh/nguoi/{site.world.ref('minh')}",
        f"/xep-hang/thu-nghiem/tuan-1/vi-sao/{entry}",
        "/dieu-hanh/vong/thu-nghiem/tuan-1/cau-hoi",
        "/dieu-hanh/vong/thu-nghiem/tuan-1/loai",
    ):
        assert piece in text, piece
    assert site.as_("khanh").get(f"{LIST}/{'0' * 12}").status_code == 404


def test_answered_the_entrant_has_it_on_the_page_and_by_letter(site: Site) -> None:
    published(site.world)
    ruling = disqualify(site.world, "hoa", attempt_of(site.world, "hoa"))
    code = a_complaint(site)
    khanh = site.as_("khanh")
    assert f'value="{ruling}"' in khanh.get(f"{LIST}/{code}").text

    fields = {"outcome": "upheld", "answer": f"{ANSWER}\r\nXin cảm ơn.", "ruling": ruling}
    for _ in range(2):
        sent = khanh.post(f"{LIST}/{code}", fields)
        assert sent.headers["location"] == f"{LIST}/{code}?xong=1"

    done = khanh.get(sent.headers["location"]).text
    assert "Đã trả lời." in done
    assert "Hoàng Vân Khánh" in done
    assert "<textarea" not in done
    assert the_complaint(site.world, code).answered_by == site.world.ref("khanh")
    with site.world.db.read() as tx:
        (letter,) = mail.newest(tx, limit=9)
    assert letter.kind == "complaints.answered"
    assert f"{ANSWER}\nXin cảm ơn." in letter.body
    assert "chấp nhận khiếu nại" in letter.body
    own = site.as_("minh").get(f"/bai/{attempt_of(site.world, 'minh')}/khieu-nai").text
    assert "/xep-hang/thu-nghiem/tuan-1/dieu-chinh" in own
    assert "Hoàng Vân Khánh" not in own


def test_faults_stand_at_their_fields_and_the_answer_is_kept(site: Site) -> None:
    published(site.world)
    code = a_complaint(site)
    khanh = site.as_("khanh")
    khanh.get(f"{LIST}/{code}")

    empty = khanh.post(f"{LIST}/{code}", {"answer": "Không <đúng>"})
    strange = khanh.post(
        f"{LIST}/{code}", {"outcome": "upheld", "answer": ANSWER, "ruling": "0" * 16}
    )

    assert empty.status_code == 422
    assert 'href="#f-outcome"' in empty.text
    assert 'href="#f-answer"' in empty.text
    assert "Không &lt;đúng&gt;</textarea>" in empty.text
    assert strange.status_code == 422
    assert ANSWER in strange.text
    assert 'value="upheld" checked' in strange.text
    assert the_complaint(site.world, code).state == "open"


def test_the_second_of_two_organisers_keeps_the_words_and_sees_the_first_s(site: Site) -> None:
    published(site.world)
    code = a_complaint(site)
    khanh, other = site.as_("khanh"), site.as_("khanh")
    khanh.get(f"{LIST}/{code}")
    other.get(f"{LIST}/{code}")
    khanh.post(f"{LIST}/{code}", {"outcome": "rejected", "answer": ANSWER})

    late = other.post(f"{LIST}/{code}", {"outcome": "upheld", "answer": "Khác hẳn. " * 3})

    assert late.status_code == 409
    assert ANSWER in late.text
    assert "Khác hẳn. Khác hẳn." in late.text


def test_a_withdrawn_one_asks_for_no_answer(site: Site) -> None:
    published(site.world)
    code = a_complaint(site)
    khanh = site.as_("khanh")
    khanh.get(f"{LIST}/{code}")
    withdraw(site.world, "minh", attempt_of(site.world, "minh"), code)

    late = khanh.post(f"{LIST}/{code}", {"outcome": "rejected", "answer": ANSWER})

    assert late.status_code == 409
    assert "vừa rút khiếu nại" in late.text
    assert "không cần trả lời" in khanh.get(f"{LIST}/{code}").text
