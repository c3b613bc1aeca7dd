"""A list goes in as a browser without scripts sends it: looked at, corrected, brought in."""

import re

import pytest

from contest.app import make_worker
from contest.people.classes import uploads
from tests.people.classes.teaching import make_class, pupils
from tests.server import Visitor
from tests.site import Site

LIST = (
    "TRƯỜNG TIỂU HỌC HOA GẠO\n"
    "STT,Mã HS,Họ và tên,Ngày sinh\n"
    "1,HS01,Nguyễn Thu Hà,15/03/2016\n"
    "2,HS02,Trần Gia Khang,02/11/2016\n"
    "3,HS03,Lê Bảo Ngọc,mười lăm\n"
)


def send(visitor: Visitor, address: str, name: str, content: bytes) -> str:
    """Sends a file; gives the address of the page on which it waits."""
    visitor.get(address)
    answer = visitor.http.post(
        address,
        data={"csrf_token": visitor.token},
        files={"file": (name, content)},
        headers={"origin": visitor.site.url},
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def paste(visitor: Visitor, address: str, text: str) -> str:
    visitor.get(address)
    answer = visitor.post(address, {"pasted": text})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def figures(text: str) -> dict[str, int]:
    """The numbers of "what changes", by their words."""
    found = re.findall(r"<dt>([^<]+)</dt><dd[^>]*>([\d.]+)</dd>", text)
    return {words: int(number.replace(".", "")) for words, number in found}


def bring_in(visitor: Visitor, address: str) -> str:
    """Presses the button of the page; gives where that leads."""
    text = visitor.get(address).text
    seen = re.search(r'name="seen" value="(\w+)"', text)
    assert seen
    answer = visitor.post(address, {"do": "bring", "seen": seen[1]})
    assert answer.status_code == 303
    return answer.headers["location"]


def names(site: Site, this) -> list[str]:  # type: ignore[no-untyped-def]
    return [each.full_name for each in pupils(site.world, this)]


def test_a_file_is_looked_at_and_then_brought_in(site: Site):
    this = make_class(site.world)
    nam = site.as_("nam")

    waiting = send(nam, f"/lop/{this.ref}/danh-sach", "5A.csv", LIST.encode())
    text = nam.get(waiting).text

    assert figures(text)["em mới vào lớp"] == 2
    assert figures(text)["dòng cần sửa"] == 1
    assert "Dòng 5" in text
    assert "mười lăm" in text
    assert names(site, this) == []
    done = bring_in(nam, waiting)
    assert done == f"/lop/{this.ref}?xong=2-0-0"
    assert "2 em mới" in nam.get(done).text
    assert names(site, this) == ["Nguyễn Thu Hà", "Trần Gia Khang"]


def test_the_button_pressed_twice_brings_nobody_in_twice(site: Site):
    this = make_class(site.world)
    nam = site.as_("nam")
    waiting = send(nam, f"/lop/{this.ref}/danh-sach", "5A.csv", LIST.encode())

    bring_in(nam, waiting)

    assert bring_in(nam, waiting) == f"/lop/{this.ref}?xong=0-0-2"
    assert len(names(site, this)) == 2


def test_a_corrected_list_that_is_pasted_updates_the_class(site: Site):
    this = make_class(site.world)
    nam = site.as_("nam")
    bring_in(nam, send(nam, f"/lop/{this.ref}/danh-sach", "5A.csv", LIST.encode()))

    pasted = (
        LIST.replace(",", "\t")
        .replace("mười lăm", "01/05/2016")
        .replace("15/03/2016", "16/03/2016")
        .replace("2\tHS02\tTrần Gia Khang\t02/11/2016\n", "")
    )
    waiting = paste(nam, f"/lop/{this.ref}/danh-sach", pasted)
    text = nam.get(waiting).text

    told = figures(text)
    assert (told["em mới vào lớp"], told["em được cập nhật"]) == (1, 1)
    assert told["em không còn trong danh sách"] == 1
    assert "Trần Gia Khang" in text
    assert "đang ghi: 15/03/2016" in text
    bring_in(nam, waiting)
    assert sorted(names(site, this)) == ["Lê Bảo Ngọc", "Nguyễn Thu Hà", "Trần Gia Khang"]


def roles_on(text: str) -> dict[str, str]:
    """Column → the role it has on the page."""
    found = {}
    for name, body in re.findall(r'<select[^>]* name="(c\d+)">(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return found


def test_columns_that_nobody_knows_are_named_by_the_teacher_and_remembered(site: Site):
    this = make_class(site.world)
    nam = site.as_("nam")
    known = send(nam, f"/lop/{this.ref}/danh-sach", "5A.csv", LIST.encode())
    roles = roles_on(nam.get(known).text)
    strange = LIST.replace("Họ và tên", "Cột X").replace("Ngày sinh", "Cột Y")
    waiting = send(nam, f"/lop/{this.ref}/danh-sach", "5A.csv", strange.encode())

    answer = nam.post(waiting, {"do": "read", "sheet": "0", "header": "2", **roles})

    assert answer.headers["location"] == waiting
    assert figures(nam.get(waiting).text)["em mới vào lớp"] == 2
    bring_in(nam, waiting)
    # The next list of the same shape is read the same way.
    again = send(nam, f"/lop/{this.ref}/danh-sach", "5A.csv", strange.encode())
    assert figures(nam.get(again).text)["em giữ nguyên"] == 2


def test_nothing_goes_in_that_was_read_otherwise_than_it_was_seen(site: Site):
    this = make_class(site.world)
    nam = site.as_("nam")
    waiting = send(nam, f"/lop/{this.ref}/danh-sach", "5A.csv", LIST.encode())
    nam.get(waiting)

    answer = nam.post(waiting, {"do": "bring", "seen": "0" * 16})

    assert answer.headers["location"] == f"{waiting}?doi=1"
    assert names(site, this) == []


@pytest.mark.parametrize(
    "fields", [{}, {"sheet": "7", "header": "-1", "c0": "x"}, {"header": "9" * 9}]
)
def test_columns_no_page_of_ours_sends_are_no_crash(site: Site, fields: dict[str, str]):
    this = make_class(site.world)
    nam = site.as_("nam")
    waiting = send(nam, f"/lop/{this.ref}/danh-sach", "5A.csv", LIST.encode())

    assert nam.post(waiting, {"do": "read", **fields}).status_code == 303
    assert nam.get(waiting).status_code == 200


def test_failed_lines_come_back_as_a_file(site: Site):
    this = make_class(site.world)
    nam = site.as_("nam")
    waiting = send(nam, f"/lop/{this.ref}/danh-sach", "5A.csv", LIST.encode())

    answer = nam.get(f"{waiting}/dong-loi.xlsx")

    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
    assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("fields", "files"), [({}, {}), ({"pasted": ""}, {}), ({}, {"file": ("x.xlsx", b"")})]
)
def test_nothing_sent_is_told_at_its_field(
    site: Site, fields: dict[str, str], files: dict[str, object]
):
    this = make_class(site.world)
    nam = site.as_("nam")
    nam.get(f"/lop/{this.ref}/danh-sach")

    answer = nam.http.post(
        f"/lop/{this.ref}/danh-sach",
        data={"csrf_token": nam.token, **fields},
        files=files or None,  # type: ignore[arg-type]
        headers={"origin": nam.site.url},
    )

    assert answer.status_code == 422
    assert f'href="#f-{"pasted" if fields else "file"}"' in answer.text


def test_a_file_that_is_no_list_is_told(site: Site):
    this = make_class(site.world)
    nam = site.as_("nam")
    nam.get(f"/lop/{this.ref}/danh-sach")

    answer = nam.http.post(
        f"/lop/{this.ref}/danh-sach",
        data={"csrf_token": nam.token},
        files={"file": ("5A.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))},
        headers={"origin": nam.site.url},
    )

    assert answer.status_code == 422
    assert 'href="#f-file"' in answer.text


def test_a_list_is_forgotten_after_a_day(site: Site):
    world = site.world
    this = make_class(world)
    nam = site.as_("nam")
    waiting = send(nam, f"/lop/{this.ref}/danh-sach", "5A.csv", LIST.encode())
    application = site.running.application
    worker = make_worker(application.settings, world.db, world.clock, world.chance)

    world.clock.tick(hours=23)
    worker.run_until_idle()
    assert nam.get(waiting).status_code == 200
    world.clock.tick(hours=2)
    with world.db.read() as tx:
        assert uploads.has_old_uploads(tx, now=world.clock())
    worker.run_until_idle()

    answer = nam.get(waiting)
    assert answer.status_code == 404
    assert "Danh sách này không còn nữa" in answer.text


@pytest.mark.slow
def test_two_thousand_pasted_lines_go_in(site: Site):
    this = make_class(site.world)
    nam = site.as_("nam")
    letters = "abcdeghiklmnopqrstuv"
    lines = [
        f"Nguyễn {a.upper()}{b} {c.upper()}ung\t15/03/2016"
        for a in letters[:10]
        for b in letters[:10]
        for c in letters
    ]
    waiting = paste(nam, f"/lop/{this.ref}/danh-sach", "\n".join(["Họ và tên\tNgày sinh", *lines]))

    assert figures(nam.get(waiting).text)["em mới vào lớp"] == 2000
    assert bring_in(nam, waiting) == f"/lop/{this.ref}?xong=2000-0-0"
    assert nam.get(f"/lop/{this.ref}").status_code == 200
