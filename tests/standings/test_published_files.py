"""The published table of a round to download: what it holds, whose name, when it is made anew."""

import asyncio
import csv
import gzip
import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import anyio
import msgspec
import pytest
import sqlalchemy as sa

from contest.cli.replay import read_file
from contest.errors import Unavailable
from contest.people.commands import hide_name
from contest.people.consent.commands import set_name_on_boards
from contest.rules.replay import check_rules, replay
from contest.rulings.commands import propose_correction
from contest.standings import file_pages, published_files, queries
from contest.standings.commands import decide_ruling
from contest.standings.file_pages import Download
from contest.standings.published_files import safe_cell
from contest.standings.settle import try_ruling
from tests.site import Site
from tests.world import World

PATH = "/xep-hang/thu-nghiem/tuan-1/ket-qua"


def played(world: World) -> None:
    """Three on the board, one who answered nothing; published."""
    world.open_edition()
    world.play("minh", right=10, prediction=2)
    world.play("hoa", right=10, prediction=7, minutes=3)
    world.attempts["nam", "tuan-1"] = world.play("nam", right=4)
    world.start("giang")
    world.close()
    world.settle()
    world.publish()


@pytest.fixture
def published(site: Site) -> Site:
    played(site.world)
    return site


def rows_of(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(io.StringIO("\n".join(lines))))


def test_both_files_hold_what_ranks_and_can_be_computed_again(published: Site) -> None:
    world = published.world
    csv_answer = published.visitor().get(f"{PATH}.csv")
    json_answer = published.visitor().get(f"{PATH}.json")
    read = read_file(json_answer.content)
    whole = msgspec.json.decode(json_answer.content)

    assert csv_answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert csv_answer.headers["content-disposition"] == (
        'attachment; filename="ket-qua-thu-nghiem-tuan-1-1.csv"'
    )
    assert json_answer.headers["content-type"] == "application/json"
    assert whole["format"] == "sanchoi-round/1"
    assert whole["rules_hash"] == hashlib.sha256(whole["rules"].encode()).hexdigest()
    assert whole["rules_hash"] == world.edition().rules_hash
    assert (whole["truth"], whole["max_score_milli"], whole["lines"]) == (2, 10_000, 3)
    assert whole["published_at"] == "2026-11-29T03:01:00Z"
    assert whole["adjusted_at"] is None
    assert [
        (row["place"], row["name"], row["prediction"], row["distance"])
        for row in whole["standings"]
    ] == [(1, "T. Đ. Minh", 2, 0), (2, "N. T. Hoa", 7, 5), (3, "L. H. Nam", None, None)]
    assert read.rules is not None
    assert check_rules(read.head, read.rules) == []
    assert replay(read.head, read.lines).differences == []
    # The other file says the same.
    other = read_file(csv_answer.content)
    assert (other.head, other.lines) == (read.head, read.lines)
    assert csv_answer.content.startswith(b"\xef\xbb\xbf# format: sanchoi-round/1\r\n")
    assert [row["name"] for row in rows_of(csv_answer.content.decode("utf-8-sig"))] == [
        row["name"] for row in whole["standings"]
    ]


def test_before_publishing_there_is_no_file(site: Site) -> None:
    site.world.open_edition()
    site.world.play("minh")
    site.world.close()
    site.world.settle()

    for kind in ("csv", "json"):
        answer = site.visitor().get(f"{PATH}.{kind}")
        assert answer.status_code == 409
        assert "Kết quả chưa công bố" in answer.text
        assert site.visitor().get(f"/xep-hang/khac/tuan-1/ket-qua.{kind}").status_code == 404


def test_a_name_leaves_the_file_with_its_consent_and_the_tag_changes(published: Site) -> None:
    world, visitor = published.world, published.visitor()
    before = visitor.get(f"{PATH}.json")
    tag = before.headers["etag"]
    assert visitor.get(f"{PATH}.json", **{"if-none-match": tag}).status_code == 304
    assert before.headers["cache-control"] == "public, max-age=60, must-revalidate"

    world.db.write(
        hide_name, account_id=world.accounts["minh"], hidden=True, by="tests", now=world.clock()
    )
    world.db.write(
        set_name_on_boards,
        account_id=world.accounts["hoa"],
        shown=False,
        by="tests",
        now=world.clock(),
    )
    after = visitor.get(f"{PATH}.json", **{"if-none-match": tag})

    assert after.status_code == 200
    assert after.headers["etag"] != tag
    assert [row["name"] for row in msgspec.json.decode(after.content)["standings"]] == [
        "",
        "",
        "L. H. Nam",
    ]
    assert "Minh" not in after.text
    assert replay(*whole(after.content)).differences == []


def whole(content: bytes) -> Any:
    read = read_file(content)
    return read.head, read.lines


def test_the_tag_changes_with_the_day_because_people_come_of_age(world: World) -> None:
    played(world)
    with world.db.read() as tx:
        result = queries.publication(tx, world.round().id)
        assert result is not None
        today, later, tomorrow = (
            published_files.tag_of(tx, result, world.clock() + timedelta(hours=hours))
            for hours in (0, 1, 24)
        )

    assert today == later != tomorrow


def test_a_correction_in_force_stands_in_the_file_of_the_adjusted_result(published: Site) -> None:
    world = published.world
    tag = published.visitor().get(f"{PATH}.csv").headers["etag"]
    paper = world.attempt("nam", world.attempts["nam", "tuan-1"])
    item = paper.items[9]
    world.clock.tick(days=1)
    proposed = world.db.write(
        propose_correction,
        round_id=world.round().id,
        kind="void",
        revision_id=item.revision_id,
        reason="Câu hỏi này không có đáp án nào đúng.",
        by="tests",
        chance=world.chance,
        now=world.clock(),
    )
    try_ruling(world.db, proposed.code, world.clock)
    assert "correction" not in published.visitor().get(f"{PATH}.csv").text
    world.db.write(decide_ruling, ruling_code=proposed.code, by="tests", now=world.clock())

    answer = published.visitor().get(f"{PATH}.csv", **{"if-none-match": tag})
    read = read_file(published.visitor().get(f"{PATH}.json").content)

    assert answer.status_code == 200
    assert "# act: 2\r\n" in answer.text
    assert "# adjusted_at: 2026-11-30T03:01:00Z\r\n" in answer.text
    assert read.head.corrections[0].kind == "void"
    assert f"# correction: void {read.head.corrections[0].question}\r\n" in answer.text
    assert replay(read.head, read.lines).differences == []


def test_the_pieces_agree_whatever_their_size(
    published: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = published.visitor().get(f"{PATH}.json").content
    monkeypatch.setattr(published_files, "LINES_A_PIECE", 2)

    assert published.visitor().get(f"{PATH}.json").content == at_once


def test_a_piece_asks_the_same_number_of_questions_whatever_it_holds(world: World) -> None:
    played(world)
    with world.db.read() as tx:
        result = queries.publication(tx, world.round().id)
        assert result is not None
        file = published_files.round_file(tx, world.edition(), world.round(), result)
    asked: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    engine = world.db._readers
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        [lines] = published_files.pieces_of_lines(world.db, file, world.clock())
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert len(lines) == 3
    # Lines, signatures and names; nobody here chose a ward.
    assert len([each for each in asked if each.lower().startswith("select")]) == 3


def test_a_board_without_anybody_is_a_file_too(site: Site) -> None:
    site.world.open_edition()
    site.world.start("minh")
    site.world.close()
    site.world.settle()
    site.world.publish()

    for kind in ("csv", "json"):
        head, lines = whole(site.visitor().get(f"{PATH}.{kind}").content)
        assert (head.lines, head.truth, lines) == (0, 0, [])


def test_who_takes_gzip_gets_it_and_who_does_not_gets_the_same(published: Site) -> None:
    visitor = published.visitor()
    with visitor.http.stream("GET", f"{PATH}.csv", headers={"accept-encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["vary"] == "Accept-Encoding"
    plain = visitor.get(f"{PATH}.csv", **{"accept-encoding": "identity"})

    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed) == plain.content
    refused = visitor.get(f"{PATH}.csv", **{"accept-encoding": "gzip;q=0, identity"})
    assert "content-encoding" not in refused.headers


def test_when_two_are_being_made_the_next_is_asked_to_come_back(published: Site) -> None:
    for _ in range(file_pages.AT_ONCE):
        assert file_pages.MAKING.acquire(blocking=False)
    try:
        answer = published.visitor().get(f"{PATH}.csv")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "30"
        assert "content-disposition" not in answer.headers
        assert "Hãy đợi khoảng nửa phút rồi tải lại" in answer.text
    finally:
        for _ in range(file_pages.AT_ONCE):
            file_pages.MAKING.release()

    for _ in range(2 * file_pages.AT_ONCE):
        assert published.visitor().get(f"{PATH}.csv").status_code == 200


def sending(pieces: Iterator[bytes]) -> Any:
    return Download(lambda: pieces, media_type="text/csv", headers={}).to_asgi_response()


def free_places() -> int:
    taken = 0
    while file_pages.MAKING.acquire(blocking=False):
        taken += 1
    for _ in range(taken):
        file_pages.MAKING.release()
    return taken


def test_a_reader_who_goes_away_leaves_nothing_behind() -> None:
    closed: list[str] = []

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 1000
        finally:
            closed.append("closed")

    async def go_away_after_some() -> int:
        gone = asyncio.Event()
        sent = 0

        async def receive() -> dict[str, str]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            nonlocal sent
            sent += len(message.get("body", b""))
            if sent > 5000:
                gone.set()
                await anyio.sleep(0)

        with anyio.fail_after(10):
            await sending(endless())({}, receive, send)
        return sent

    assert 5000 < asyncio.run(go_away_after_some()) < 50_000
    assert closed == ["closed"]
    assert free_places() == file_pages.AT_ONCE


def test_a_fault_in_the_middle_ends_the_answer_and_frees_the_place() -> None:
    def broken() -> Iterator[bytes]:
        yield b"first"
        raise Unavailable("database-busy")

    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, str]:
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    with pytest.raises(ExceptionGroup):
        asyncio.run(sending(broken())({}, receive, send))

    # No last piece: whoever reads sees that the file is not whole.
    assert messages[-1]["more_body"] is True
    assert free_places() == file_pages.AT_ONCE


@pytest.mark.parametrize("text", ["=1+1", "+84", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["", "N. T. Hà", "a=b", "7F3K92QD", 5, -5, None])
def test_any_other_cell_stays_as_it_is(value: Any) -> None:
    assert safe_cell(value) == value
