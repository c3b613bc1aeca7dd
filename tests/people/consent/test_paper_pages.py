"""A teacher's pages of papers: the overview, forty at once, a scan; nobody else's class."""

import re
from collections.abc import Mapping
from datetime import date

import httpx
import pytest

from contest.people.consent import NAME_ON_BOARDS, TAKE_PART
from contest.people.consent.commands import withdraw
from contest.people.consent.machine import State
from contest.people.consent.paper_queries import PaperView, papers_of, scan_keys
from contest.people.consent.queries import states
from tests.people.classes.lists import row
from tests.people.classes.teaching import bring_in, make_class, pupils, remove
from tests.people.consent import scans
from tests.server import Visitor
from tests.site import Site

FORTY = [
    row(f"Nguyễn Văn {chr(65 + at // 20)}{'abcdefghijklmnopqrst'[at % 20]}") for at in range(40)
]
DAY, WHERE = "2026-11-20", "Tủ hồ sơ lớp 5A"


class Classroom:
    """Nam with a class and its page open."""

    def __init__(self, site: Site, *rows: object) -> None:
        self.site, self.world = site, site.world
        self.this = make_class(site.world)
        bring_in(site.world, self.this, list(rows))  # type: ignore[arg-type]
        self.nam = site.as_("nam")
        self.pupils = pupils(site.world, self.this)
        self.address = f"/lop/{self.this.ref}/giay-dong-y"

    def of_row(self, at: int, *purposes: str, **changes: object) -> dict[str, object]:
        ref = self.pupils[at].ref
        return {
            f"ten.{ref}": "Đỗ Thị Mai",
            f"qh.{ref}": "mother",
            f"muc.{ref}": list(purposes or (TAKE_PART,)),
            f"ky.{ref}": ["parent", "child"],
        } | {f"{name}.{ref}": value for name, value in changes.items()}

    def send(self, *rows: Mapping[str, object], **common: str) -> httpx.Response:
        text = self.nam.get(f"{self.address}?viec=ghi&loc=tat-ca").text
        fields: dict[str, object] = {
            "form_key": value_of(text, "form_key"), "signed_on": DAY, "kept_where": WHERE,
        } | common  # fmt: skip
        for each in rows:
            fields |= each
        return self.nam.post(self.address, fields)  # type: ignore[arg-type]

    def state(self, at: int, purpose: str = TAKE_PART) -> State:
        pupil = self.pupils[at]
        with self.world.db.read() as tx:
            on = self.world.clock().date()
            return states(tx, pupil.account_id, pupil.birth_date, on=on)[purpose]

    def papers(self, at: int = 0) -> list[PaperView]:
        with self.world.db.read() as tx:
            return papers_of(tx, self.pupils[at].account_id)

    def scans(self, at: int = 0) -> list[str]:
        with self.world.db.read() as tx:
            return scan_keys(tx, self.pupils[at].account_id)

    def one(self, scan: tuple[str, bytes] | None = None, **changes: object) -> httpx.Response:
        """The form of one pupil, with a file."""
        text = self.nam.get(f"{self.address}?hs={self.pupils[0].ref}").text
        fields = {
            "hs": self.pupils[0].ref,
            "form_key": value_of(text, "form_key"),
            "signed_on": DAY,
            "kept_where": WHERE,
            "full_name": "Đỗ Thị Mai",
            "relation": "mother",
            "of_parent": [TAKE_PART, NAME_ON_BOARDS],
            "of_child": [TAKE_PART],
        } | changes
        return upload(self.nam, self.address, fields, scan)


def value_of(text: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)
    assert found, name
    return found[1]


def upload(
    visitor: Visitor,
    address: str,
    fields: Mapping[str, object],
    scan: tuple[str, bytes] | None,
) -> httpx.Response:
    """As a browser sends it: an empty file without a name where none was chosen."""
    return visitor.http.post(
        address,
        data={"csrf_token": visitor.token, **fields},
        files={"scan": scan or ("", b"")},
        headers={"origin": visitor.site.url},
    )


def test_forty_papers_are_recorded_in_one_form(site: Site):
    room = Classroom(site, *FORTY)

    answer = room.send(*(room.of_row(at, TAKE_PART, NAME_ON_BOARDS) for at in range(40)))

    assert answer.status_code == 303
    assert answer.headers["location"].endswith("viec=ghi&xong=40-0")
    assert {room.state(at) for at in range(40)} == {State.STANDS}
    text = room.nam.get(answer.headers["location"]).text
    assert "Đã ghi 40 phiếu." in text
    assert "Không còn em nào thiếu" in text
    (paper,) = room.papers()
    assert (paper.signed_on, paper.kept_where) == (date(2026, 11, 20), WHERE)


def test_the_form_of_a_class_stays_within_what_a_form_may_hold(site: Site):
    many = [
        row(f"Nguyễn Văn A{'abcdefghijklmnopqrst'[at % 20]} B{chr(97 + at // 20)}")
        for at in range(60)
    ]
    room = Classroom(site, *many)

    text = room.nam.get(f"{room.address}?viec=ghi").text

    form = text[text.index('<form class="form"') :]
    names = re.findall(r'<(?:input|select)[^>]* name="', form[: form.index("</form>")])
    assert len(names) <= 500
    assert text.count('class="paper-row"') == 45
    assert room.nam.get(f"{room.address}?viec=ghi&tu=45").text.count('class="paper-row"') == 15


def test_the_same_form_twice_records_once(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"))

    first = room.send(room.of_row(0), form_key="K" * 16)
    again = room.send(room.of_row(0), form_key="K" * 16)

    assert first.headers["location"].endswith("xong=1-0")
    assert again.headers["location"].endswith("xong=0-1")
    assert len(room.papers()) == 1


def test_what_is_missing_in_a_row_is_told_at_the_row_and_nothing_is_recorded(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"), row("Trần Bình"))
    an, binh = (each.ref for each in room.pupils)

    answer = room.send(
        room.of_row(0, ten="Mẹ của An, số 4", qh=""),
        {f"ten.{binh}": "Lê Thị Hoa"},
        signed_on="2026-11-30",
        kept_where="",
    )

    assert answer.status_code == 422
    for at_field in (f"ten.{an}", f"qh.{an}", f"muc.{binh}", f"ky.{binh}"):
        assert f'id="f-{at_field}-error"' in answer.text
    assert "Ngày ký ở tương lai" in answer.text
    assert "Hãy ghi phiếu giấy cất ở đâu" in answer.text
    assert 'value="Mẹ của An, số 4"' in answer.text
    assert 'value="2026-11-30"' in answer.text
    assert room.papers(0) == room.papers(1) == []


def test_an_empty_form_and_a_paper_from_before_the_school_year_are_told(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"))

    assert "Chưa có phiếu nào được ghi" in room.send().text
    answer = room.send(room.of_row(0), signed_on="2026-05-20")
    assert answer.status_code == 422
    assert "trước 01/06/2026 là quá cũ" in answer.text


def test_a_tick_without_a_signature_is_no_consent(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"))

    answer = room.send(room.of_row(0, ky=[]))

    assert answer.status_code == 422
    assert "Hãy đánh dấu ai đã ký trên phiếu" in answer.text
    assert room.state(0) is State.NOT_GIVEN


def test_a_refused_row_stays_and_the_others_are_recorded(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"), row("Trần Bình"))
    room.send(room.of_row(0))
    room.world.db.write(
        withdraw,
        account_id=room.pupils[0].account_id,
        purposes=[TAKE_PART],
        by="MOTHER",
        now=room.world.clock(),
    )

    answer = room.send(room.of_row(0), room.of_row(1))

    assert answer.status_code == 422
    assert "đã được rút sau ngày ký" in answer.text
    assert "Đã ghi 1 phiếu." in answer.text
    assert room.state(0) is State.NOT_GIVEN
    assert room.state(1) is State.STANDS


def test_the_overview_counts_marks_and_filters(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"), row("Trần Bình"), row("Lê Chi"))
    room.send(room.of_row(0, TAKE_PART, NAME_ON_BOARDS), room.of_row(1, ky=["parent"]))

    text = room.nam.get(room.address).text
    missing = room.nam.get(f"{room.address}?loc=thieu").text

    assert "2 trên 3 em còn thiếu" in text
    assert "Chờ em" in text
    assert f'href="/lop/{room.this.ref}/phieu-dong-y.pdf"' in text
    assert "Nguyễn Văn An" in text
    assert "Nguyễn Văn An" not in missing
    assert "Trần Bình" in missing


def test_a_paper_with_its_scan_is_seen_by_the_teacher_and_the_organiser_only(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"))

    answer = room.one(("phiếu của An.html", scans.jpeg()), kept_where="")

    assert answer.status_code == 303
    (paper,) = room.papers()
    assert paper.has_scan
    assert room.state(0) is State.STANDS
    for who in ("nam", "khanh"):
        seen = site.as_(who).get(f"/giay-dong-y/{paper.ref}")
        assert seen.content == scans.jpeg()
        assert seen.headers["content-type"] == "image/jpeg"
        assert seen.headers["x-content-type-options"] == "nosniff"
        assert "sandbox; default-src 'none'" in seen.headers["content-security-policy"]
        assert seen.headers["cache-control"] == "private, no-store"
        assert seen.headers["content-disposition"] == f'inline; filename="phieu-{paper.ref}.jpg"'
    assert site.visitor().get(f"/giay-dong-y/{paper.ref}").status_code == 303
    assert site.as_("minh").get(f"/giay-dong-y/{paper.ref}").status_code == 403


def test_a_scan_is_out_of_reach_of_other_teachers_and_once_the_pupil_has_left(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"))
    room.one(("phieu.png", scans.png()))
    (paper,) = room.papers()
    room.world.person("hoa")
    room.world.grant("hoa", grant_of("nam"))
    other = site.as_("hoa")

    assert other.get(f"/giay-dong-y/{paper.ref}").status_code == 404
    assert other.get(room.address).status_code == 404
    assert other.post(room.address, {"viec": "thu-hoi"}).status_code == 404

    remove(room.world, room.this, room.pupils[0].ref)
    assert room.nam.get(f"/giay-dong-y/{paper.ref}").status_code == 404
    assert site.as_("khanh").get(f"/giay-dong-y/{paper.ref}").status_code == 200


def grant_of(handle: str):  # type: ignore[no-untyped-def]
    from contest.cli.cast import BY_HANDLE

    return BY_HANDLE[handle].grants[0]


def test_a_pdf_is_given_to_save_and_not_to_open(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"))
    room.one(("phieu.jpg", scans.pdf()))
    (paper,) = room.papers()

    seen = room.nam.get(f"/giay-dong-y/{paper.ref}")

    assert seen.headers["content-type"] == "application/pdf"
    assert seen.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("html", "không phải ảnh JPG, PNG hay PDF"),
        ("svg", "không phải ảnh JPG, PNG hay PDF"),
        ("zip", "không phải ảnh JPG, PNG hay PDF"),
        ("empty", "Tệp này trống"),
        ("half a png", "Tệp bị hỏng"),
        ("jpeg and page at once", "chứa thêm nội dung khác"),
        ("pdf with a program", "chứa thêm nội dung khác"),
    ],
)
def test_a_hostile_scan_is_told_and_what_was_typed_is_kept(site: Site, name: str, words: str):
    room = Classroom(site, row("Nguyễn Văn An"))

    answer = room.one(("phieu.jpg", scans.HOSTILE[name][0]))

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Đỗ Thị Mai"' in answer.text
    assert "hãy chọn lại" in answer.text
    assert room.papers() == []


def test_four_mebibytes_are_told_in_words(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"))

    answer = room.one(("phieu.jpg", scans.jpeg(behind=b"\0" * 4 * 1024 * 1024)))

    assert answer.status_code == 413
    assert "quá lớn" in answer.text
    assert room.papers() == []


def test_a_refused_paper_leaves_no_file_behind(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"))
    room.one(("phieu.jpg", scans.jpeg()))
    kept = files(site)

    answer = room.one(("phieu.jpg", scans.jpeg()))

    assert "không cần ghi lại" in answer.text
    assert files(site) == kept
    assert len(kept) == 1


def files(site: Site) -> list[str]:
    folder = site.running.application.settings.data_dir / "files"
    return sorted(str(each) for each in folder.rglob("*") if each.is_file())


def test_a_scan_is_added_later_and_replaces_the_one_before(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"))
    room.one()
    (paper,) = room.papers()
    fields = {"hs": room.pupils[0].ref, "viec": "anh", "paper": paper.ref}

    assert "Hãy chọn ảnh chụp" in upload(room.nam, room.address, fields, None).text
    wrong = upload(room.nam, room.address, fields, ("a.jpg", scans.HOSTILE["html"][0]))
    assert wrong.status_code == 422
    assert f'id="f-scan.{paper.ref}-error"' in wrong.text
    for content in (scans.png(), scans.jpeg()):
        answer = upload(room.nam, room.address, fields, ("a.jpg", content))
        assert answer.headers["location"].endswith("&xong=anh")
        assert room.nam.get(f"/giay-dong-y/{paper.ref}").content == content
    assert len(files(site)) == len(room.scans()) == 1


def test_a_record_by_mistake_is_taken_back_with_a_reason(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"))
    room.one()
    (paper,) = room.papers()
    fields = {"hs": room.pupils[0].ref, "viec": "thu-hoi", "paper": paper.ref}

    assert "Hãy chọn vì sao ghi nhầm" in room.nam.post(room.address, fields).text
    done = room.nam.post(room.address, {**fields, "reason": "wrong-person"})

    assert room.state(0) is State.NOT_GIVEN
    assert "Đã bỏ phiếu ghi nhầm" in room.nam.get(done.headers["location"]).text
    assert "Không còn hiệu lực" in room.nam.get(done.headers["location"]).text


def test_a_paper_of_another_pupil_is_not_reached_through_this_one(site: Site):
    room = Classroom(site, row("Nguyễn Văn An"), row("Trần Bình"))
    room.one()
    (paper,) = room.papers(0)

    answer = room.nam.post(
        room.address,
        {"hs": room.pupils[1].ref, "viec": "thu-hoi", "paper": paper.ref, "reason": "other"},
    )

    assert answer.status_code == 404
    assert room.state(0) is State.STANDS


@pytest.mark.parametrize("query", ["?viec=ghi&tu=abc", "?viec=ghi&tu=99999", "?viec=ghi&xong=x-y",
                                   "?loc=khac", "?viec=ghi&tu=-1"])  # fmt: skip
def test_rubbish_in_the_address_is_no_fault(site: Site, query: str):
    room = Classroom(site, row("Nguyễn Văn An"))

    assert room.nam.get(room.address + query).status_code == 200
