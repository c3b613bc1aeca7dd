"""A person's page at the desk: their entries, their public name, their extra time."""

from contest.editions.extra_time import extra_time
from contest.ledger.queries import entries_of
from contest.people.consent import NAME_ON_BOARDS
from contest.people.queries import shown_names
from contest.web.i18n import clock_time
from tests.people.consent.families import ELEVEN, make
from tests.server import Visitor
from tests.site import Site


def person(site: Site, handle: str) -> tuple[Visitor, str]:
    """The organiser, and the address of somebody's page."""
    site.world.open_edition()
    return site.as_("khanh"), f"/dieu-hanh/nguoi/{site.world.ref(handle)}"


def test_somebody_who_has_not_started_anything(site: Site):
    khanh, page = person(site, "minh")

    answer = khanh.get(page)

    assert answer.status_code == 200
    assert "chưa bắt đầu bài thi chính thức nào" in answer.text
    assert "T. Đ. Minh" in answer.text
    assert khanh.get("/dieu-hanh/nguoi/NOBODY").status_code == 404


def test_attempts_are_told_without_a_score_until_the_round_is_published(site: Site):
    khanh, page = person(site, "minh")
    world = site.world
    code = world.start("minh").code
    entry = world.attempt("minh", code).entry_code

    text = khanh.get(page).text
    assert (
        f"đang làm, hết giờ lúc {clock_time(world.attempt('minh', code).deadline_at, 'vi')}" in text
    )
    assert entry in text
    assert f'href="/dieu-hanh/vong/thu-nghiem/tuan-1/loai?ma={entry}"' in text
    assert "/vi-sao/" not in text

    world.clock.tick(minutes=5)
    world.save("minh", code, 1, world.key(world.attempt("minh", code), 1))
    receipt = world.submit("minh", code).receipt
    world.close()
    world.settle()
    text = khanh.get(page).text
    assert receipt in text
    assert "Chờ công bố" in text
    assert "/vi-sao/" not in text

    world.publish()
    text = khanh.get(page).text
    assert f'href="/xep-hang/thu-nghiem/tuan-1/vi-sao/{entry}"' in text


def test_a_name_is_hidden_at_once_and_given_back(site: Site):
    khanh, page = person(site, "minh")
    world = site.world
    khanh.get(page)

    def shown() -> bool:
        with world.db.read() as tx:
            account_id = world.accounts["minh"]
            return account_id in shown_names(tx, [account_id], on=world.clock().date())

    assert shown()
    for _ in range(2):  # A second press does nothing more.
        answer = khanh.post(f"{page}/an-ten", {"hidden": "1"})
        assert answer.headers["location"] == f"{page}#ten"
        assert not shown()
    assert "Đang ẩn" in khanh.get(page).text
    khanh.post(f"{page}/an-ten")
    assert shown()
    with world.db.read() as tx:
        kinds = [each.kind for each in entries_of(tx, world.ref("minh"))]
    assert kinds.count("people.hide_name") == 1
    assert kinds.count("people.show_name") == 1


def test_why_a_child_s_name_is_not_shown_is_told_as_the_signatures_stand(site: Site):
    world = site.world
    world.open_edition()
    make(world, "an", ELEVEN)
    khanh, page = site.as_("khanh"), f"/dieu-hanh/nguoi/{world.ref('an')}"

    assert "không đồng ý hiện tên" in khanh.get(page).text
    world.agree("an", NAME_ON_BOARDS, proof="same-phone")
    assert "ký qua đường dẫn, trên giấy hoặc tại bàn này" in khanh.get(page).text
    world.agree("an", NAME_ON_BOARDS, proof="paper")
    assert "Mọi người thấy: L. B. An." in khanh.get(page).text
    world.clock.tick(days=5 * 366)
    assert "đã đủ 16 tuổi và chưa tự ký lại" in site.as_("khanh").get(page).text


def test_extra_time_is_granted_changed_and_ended(site: Site):
    khanh, page = person(site, "hoa")
    world = site.world
    khanh.get(page)

    def held() -> tuple[int, str] | None:
        with world.db.read() as tx:
            found = extra_time(tx, world.edition().id, world.accounts["hoa"])
        return (found.percent, found.need) if found else None

    granted = khanh.post(f"{page}/them-gio", {"percent": "50", "need": "Mắt kém, đọc chậm"})
    assert granted.headers["location"] == f"{page}#them-gio"
    assert held() == (50, "Mắt kém, đọc chậm")
    text = khanh.get(page).text
    assert "Đang được thêm 50 %" in text
    assert "Mắt kém, đọc chậm" in text
    khanh.post(f"{page}/them-gio", {"percent": "100", "need": "Mắt kém, đọc chậm"})
    assert held() == (100, "Mắt kém, đọc chậm")
    for _ in range(2):
        assert khanh.post(f"{page}/them-gio", {"end": "1"}).status_code == 303
        assert held() is None
    assert "Đang được thêm" not in khanh.get(page).text


def test_a_form_for_extra_time_that_is_not_whole_is_kept_as_typed(site: Site):
    khanh, page = person(site, "hoa")
    khanh.get(page)

    refused = khanh.post(f"{page}/them-gio", {"percent": "7", "need": "ốm"})
    assert refused.status_code == 422
    assert 'href="#f-percent"' in refused.text
    assert 'href="#f-need"' in refused.text
    assert ">ốm</textarea>" in refused.text
    long = "chậm " * 150
    refused = khanh.post(f"{page}/them-gio", {"percent": "25", "need": long})
    assert refused.status_code == 422
    assert long.strip() in refused.text
    assert 'value="25" checked' in refused.text
    assert khanh.post(f"{page}/them-gio").status_code == 422


def test_without_an_edition_there_is_no_extra_time_to_grant(site: Site):
    site.world.person("minh")
    khanh, page = site.as_("khanh"), f"/dieu-hanh/nguoi/{site.world.ref('minh')}"

    assert "Thêm giờ làm bài" not in khanh.get(page).text
    refused = khanh.post(f"{page}/them-gio", {"percent": "25", "need": "đọc chậm"})
    assert refused.status_code == 404


def test_an_entrant_can_do_none_of_it(site: Site):
    site.world.open_edition()
    minh, page = site.as_("minh"), f"/dieu-hanh/nguoi/{site.world.ref('hoa')}"
    minh.get("/tai-khoan")

    assert minh.get(page).status_code == 403
    assert minh.post(f"{page}/an-ten", {"hidden": "1"}).status_code == 403
    assert minh.post(f"{page}/them-gio", {"percent": "25", "need": "đọc chậm"}).status_code == 403
