"""The organiser's pages of rulings: works · too early · bad input kept · twice · sealed."""

import re

from contest.bank import queries as bank
from contest.infra.chance import grouped
from contest.standings import jobs
from tests.server import Visitor
from tests.site import Site
from tests.standings.judging import (
    BECAUSE,
    announce,
    answer_given,
    digest,
    entrant_id,
    entry_code,
    key_of,
    official,
    places,
    play,
    revision_of,
    ruled,
)
from tests.world import World

ROUND = "/dieu-hanh/vong/thu-nghiem/tuan-1"
PUBLIC = "/xep-hang/thu-nghiem/tuan-1/dieu-chinh"


def contest(world: World) -> None:
    world.open_edition()
    play(world, "an", right=10, prediction=1, minutes=5)
    play(world, "binh", right=9, prediction=1, minutes=3)
    play(world, "chi", right=8, prediction=3, minutes=4)


def question_of(world: World, revision: int) -> str:
    with world.db.read() as tx:
        return bank.bodies(tx, [revision])[revision].question_id


def compute(site: Site) -> None:
    """What the worker does in the background."""
    site.running.application.worker.run_until_idle()


def open_(visitor: Visitor, path: str) -> str:
    response = visitor.get(path)
    assert response.status_code == 200, response.text
    return response.text


def test_a_key_is_corrected_from_the_questions_to_the_public_list(site: Site) -> None:
    world = site.world
    contest(world)
    announce(world)
    revision = revision_of(world, "binh", 10)
    question, wrong = question_of(world, revision), answer_given(world, "binh", 10)
    desk = site.as_("khanh")

    listed = open_(desk, f"{ROUND}/cau-hoi")
    assert f"{ROUND}/cau-hoi/{question}/sua" in listed
    form = open_(desk, f"{ROUND}/cau-hoi/{question}/sua")
    assert "đáp án</span>" in form
    ticked = [str(place) for place in range(4) if wrong >> place & 1]
    sent = desk.post(
        f"{ROUND}/cau-hoi/{question}/sua",
        {"ban": "1", "kind": "accept-also", "choices": ticked, "reason": BECAUSE},
    )
    assert sent.status_code == 303
    address = sent.headers["location"]

    waiting = open_(desk, address)
    assert "Đang tính thử…" in waiting
    assert 'hx-trigger="load delay:2s"' in waiting
    assert "Áp dụng quyết định này" not in waiting
    compute(site)
    ready = open_(desk, address)
    assert "Nếu áp dụng, kết quả đổi thế này" in ready
    assert "Giải Nhất" in ready
    assert official(world).number == 1
    before = digest(world)

    assert desk.post(f"{address}/ap-dung").status_code == 303

    assert official(world).number == 2
    assert digest(world) != before
    assert places(world)["binh"] == 1
    assert "Đã áp dụng" in open_(desk, address)
    # Pressed twice, it is done once.
    assert desk.post(f"{address}/ap-dung").status_code == 303
    assert official(world).number == 2
    public = open_(site.visitor(), PUBLIC)
    assert "Chấp nhận thêm phương án" in public
    assert BECAUSE in public
    assert f"Câu hỏi {question} là gì?" in public
    assert "Đã sửa" in open_(desk, f"{ROUND}/cau-hoi")


def test_an_entry_goes_out_by_its_code_and_comes_back(site: Site) -> None:
    world = site.world
    contest(world)
    announce(world)
    desk = site.as_("khanh")
    code = entry_code(world, "an")

    typed = grouped(code).lower()
    seen = open_(desk, f"{ROUND}/loai?ma={typed}")
    assert "Nguyễn Văn An" in seen
    sent = desk.post(f"{ROUND}/loai", {"ma": typed, "reason": "Làm bài thay người khác."})
    address = sent.headers["location"]
    compute(site)
    assert "Nguyễn Văn An" in open_(desk, address)
    desk.post(f"{address}/ap-dung")
    assert places(world)["binh"] == 1

    # The public list says that one went out and why, not who.
    public = open_(site.visitor(), PUBLIC)
    assert "Loại 1 bài dự thi" in public
    assert "Làm bài thay người khác." in public
    assert code not in public
    assert grouped(code) not in public
    # A second time there is nothing to take out; the page leads to the decision.
    again = desk.post(f"{ROUND}/loai", {"ma": code, "reason": "Làm bài thay người khác."})
    assert again.headers["location"] == f"{ROUND}/loai?ma={code}"
    assert address in open_(desk, f"{ROUND}/loai?ma={code}")

    short = desk.post(f"{address}/go-bo", {"reason": "nhầm"})
    assert short.status_code == 422
    assert "từ 10 đến 1.000 ký tự" in short.text
    assert ">nhầm</textarea>" in short.text
    sent = desk.post(f"{address}/go-bo", {"reason": "Đã kiểm tra lại, đúng là người ấy."})
    compute(site)
    desk.post(f"{sent.headers['location']}/ap-dung")
    assert places(world)["an"] == 1
    public = open_(site.visitor(), PUBLIC)
    assert "Gỡ bỏ: loại 1 bài dự thi" in public
    assert "Về sau đã gỡ bỏ" in public


def test_what_was_typed_wrongly_is_kept_and_pointed_at(site: Site) -> None:
    world = site.world
    contest(world)
    announce(world)
    question = question_of(world, revision_of(world, "an", 1))
    desk = site.as_("khanh")
    address = f"{ROUND}/cau-hoi/{question}/sua"
    open_(desk, address)

    nothing = desk.post(address, {"ban": "1", "reason": ""})
    assert nothing.status_code == 422
    assert "Hãy chọn một cách sửa." in nothing.text
    assert "từ 10 đến 1.000 ký tự" in nothing.text
    for choices in ([], ["9"], ["x", "-1"], ["²"]):
        answer = desk.post(
            address, {"ban": "1", "kind": "accept-also", "choices": choices, "reason": BECAUSE}
        )
        assert answer.status_code == 422
        assert "ít nhất một phương án" in answer.text
        assert BECAUSE in answer.text
    key = key_of(world, revision_of(world, "an", 1))
    places_of_key = [str(place) for place in range(4) if key >> place & 1]
    already = desk.post(
        address, {"ban": "1", "kind": "accept-also", "choices": places_of_key, "reason": BECAUSE}
    )
    assert (already.status_code, "đã là đáp án rồi" in already.text) == (422, True)
    assert desk.post(address, {"ban": "x", "kind": "void", "reason": BECAUSE}).status_code == 422
    assert desk.post(address, {"ban": "7", "kind": "void", "reason": BECAUSE}).status_code == 404

    unknown = desk.post(f"{ROUND}/loai", {"ma": "ABCD-0000", "reason": BECAUSE})
    assert unknown.status_code == 422
    assert "Không có bài dự thi nào mang mã này" in unknown.text
    assert 'value="ABCD-0000"' in unknown.text
    assert desk.get(f"{ROUND}/loai?ma=%27%25").status_code == 422
    assert desk.get(f"{ROUND}/cau-hoi/khong-co/sua").status_code == 404
    assert desk.get("/dieu-hanh/quyet-dinh/KHONGCO").status_code == 404
    assert desk.get(f"{ROUND}/cau-hoi?trang=99").status_code == 200


def test_a_dropped_proposal_stays_in_sight_and_decides_nothing(site: Site) -> None:
    world = site.world
    contest(world)
    announce(world)
    desk = site.as_("khanh")
    open_(desk, f"{ROUND}/loai?ma={entry_code(world, 'an')}")
    sent = desk.post(f"{ROUND}/loai", {"ma": entry_code(world, "an"), "reason": BECAUSE})
    address = sent.headers["location"]
    compute(site)

    assert desk.post(f"{address}/bo").headers["location"] == f"{ROUND}/cau-hoi#quyet-dinh"
    assert desk.post(f"{address}/bo").status_code == 303

    refused = desk.post(f"{address}/ap-dung")
    assert refused.status_code == 409
    assert "Đề nghị này đã bị bỏ" in refused.text
    assert official(world).number == 1
    assert "Đã bỏ đề nghị" in open_(desk, f"{ROUND}/cau-hoi")
    assert "chưa bao giờ có hiệu lực" in open_(desk, address)


def test_an_effect_that_is_no_longer_true_is_computed_again_before_deciding(site: Site) -> None:
    world = site.world
    contest(world)
    announce(world)
    desk = site.as_("khanh")
    open_(desk, f"{ROUND}/loai?ma={entry_code(world, 'an')}")
    sent = desk.post(f"{ROUND}/loai", {"ma": entry_code(world, "an"), "reason": BECAUSE})
    address = sent.headers["location"]
    compute(site)
    ruled(world, "disqualification", entrant_id=entrant_id(world, "chi"))

    assert desk.post(f"{address}/ap-dung").headers["location"] == address
    assert official(world).number == 2
    assert "đã có quyết định khác" in open_(desk, address)
    compute(site)
    assert "Nếu áp dụng" in open_(desk, address)
    desk.post(f"{address}/ap-dung")
    assert official(world).number == 3


def test_before_publishing_nothing_of_the_effect_or_the_key_is_seen(site: Site) -> None:
    world = site.world
    contest(world)
    world.close()
    world.settle()
    revision = revision_of(world, "binh", 10)
    question = question_of(world, revision)
    desk = site.as_("khanh")

    listed = open_(desk, f"{ROUND}/cau-hoi")
    assert "còn niêm phong" in listed
    assert f"Câu hỏi {question} là gì?" in listed or "trang=2" in listed
    assert "Nghi sai" not in listed
    form = open_(desk, f"{ROUND}/cau-hoi/{question}/sua")
    assert "chip--green" not in form
    sent = desk.post(
        f"{ROUND}/cau-hoi/{question}/sua", {"ban": "1", "kind": "give-all", "reason": BECAUSE}
    )
    address = sent.headers["location"]
    compute(site)
    seen = open_(desk, address)
    assert "Ảnh hưởng còn niêm phong" in seen
    assert re.search(r"\b[1-3] bài có câu hỏi này", seen)
    for word in ("Đúng hết", "đổi điểm", "Đáp án khi ra đề", "chip--green"):
        assert word not in seen
    assert site.visitor().get(PUBLIC).status_code == 409

    desk.post(f"{address}/ap-dung")
    assert "vẫn niêm phong" in open_(desk, address)
    compute(site)
    world.publish()
    assert "Trước khi công bố" in open_(site.visitor(), PUBLIC)
    assert official(world).perfect == 2


def test_a_round_that_has_not_opened_shows_no_question(site: Site) -> None:
    site.world.open_edition()
    desk = site.as_("khanh")

    page = open_(desk, "/dieu-hanh/vong/thu-nghiem/tuan-2/cau-hoi")

    assert "Câu hỏi sealed-2" not in page
    assert "còn niêm phong" in page
    question = "/dieu-hanh/vong/thu-nghiem/tuan-2/cau-hoi/sealed-2-ai-0/sua"
    assert desk.get(question).status_code == 404


def test_a_published_round_without_adjustments_says_so(site: Site) -> None:
    contest(site.world)
    announce(site.world)

    assert "Chưa có điều chỉnh nào" in open_(site.visitor(), PUBLIC)


def test_the_sweeps_leave_nothing_to_do_when_nothing_is_proposed(site: Site) -> None:
    contest(site.world)
    announce(site.world)

    jobs.sweep_proposals(site.world.db, site.world.clock)
    jobs.sweep_leftovers(site.world.db)

    assert official(site.world).number == 1
