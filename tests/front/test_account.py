"""One's own page: the rounds one took part in with their results, and one's complaints."""

from contest.complaints.commands import answer_complaint
from tests.site import Site


def test_nothing_of_a_result_before_publishing_and_the_place_after(site: Site) -> None:
    world = site.world
    world.open_edition()
    code = world.play("minh", right=9, prediction=1)
    world.play("hoa")
    minh = site.as_("minh")

    before = minh.get("/tai-khoan").text
    assert "Đã nộp, kết quả dự kiến công bố" in before
    assert f"/bai/{code}/bien-nhan" in before
    assert "/ket-qua" not in before

    world.close()
    world.settle()
    assert "Hạng" not in minh.get("/tai-khoan").text
    world.publish()
    after = minh.get("/tai-khoan").text
    assert "Hạng 2 trên 2 người" in after
    assert f"/bai/{code}/ket-qua" in after
    assert f"/bai/{code}/vi-sao" in after
    assert "Các vòng tôi đã thi" not in site.as_("nam").get("/tai-khoan").text


def test_complaints_are_found_again_with_their_state_by_their_author_alone(site: Site) -> None:
    world = site.world
    world.open_edition()
    code = world.play("minh")
    world.play("hoa")
    world.close()
    world.settle()
    world.publish()
    minh = site.as_("minh")
    assert "Khiếu nại của tôi" not in minh.get("/tai-khoan").text

    filed = world.complain("minh", code).complaint
    waiting = minh.get("/tai-khoan").text
    assert filed.shown_code in waiting
    assert "chờ trả lời" in waiting
    assert f"/bai/{code}/khieu-nai" in waiting
    world.db.write(
        answer_complaint,
        complaint_code=filed.code,
        outcome="rejected",
        answer="Đáp án theo đúng văn bản đã dẫn nguồn.",
        by=world.ref("khanh"),
        now=world.clock(),
    )
    assert "Không chấp nhận" in minh.get("/tai-khoan").text
    assert filed.shown_code not in site.as_("hoa").get("/tai-khoan").text
