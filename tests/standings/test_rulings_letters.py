"""Letters of an adjustment: to exactly those concerned, once, also after a crash in the middle."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from contest import paths
from contest.infra.jobs import JobFunction, claim
from contest.infra.mail import Letter, newest
from contest.people.models import Account
from contest.standings import commands, jobs, letters
from contest.web.assets import Assets
from contest.web.templating import Templates
from tests.standings.judging import (
    BECAUSE,
    announce,
    answer_given,
    entrant_id,
    entry_code,
    play,
    revision_of,
    ruled,
)
from tests.world import World

URL = "https://thi.example.vn"


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(paths.TEMPLATES, paths.LOCALE, Assets(paths.STATIC))


@pytest.fixture
def tell(world: World, templates: Templates) -> Callable[[], None]:
    """Runs the job that waits, as the worker does; a failing one stays as it is."""

    def run() -> None:
        job = world.db.write(claim, now=world.clock(), kinds=[commands.TELL_CONCERNED])
        assert job is not None
        function: JobFunction = jobs.tell_concerned_job(world.db, world.clock, templates, URL)
        function(job.payload)

    return run


def contest(world: World) -> None:
    world.open_edition()
    play(world, "an", right=10, prediction=0, minutes=5)
    play(world, "binh", right=9, prediction=0, minutes=3)
    play(world, "chi", right=8, prediction=0, minutes=4)
    play(world, "diep", right=7, prediction=0, minutes=5)
    announce(world)
    for who in ("an", "binh", "chi"):
        write_to(world, who)


def write_to(world: World, who: str) -> None:
    """Gives somebody an e-mail address; Diep stays without."""
    address = sa.update(Account).where(Account.id == world.accounts[who])
    world.db.write(lambda tx: tx.execute(address.values(email=f"{who}@example.vn")))


def sent(world: World) -> dict[str, Letter]:
    """Address → letter; fails when somebody got two."""
    with world.db.read() as tx:
        found = [each for each in newest(tx, limit=100) if each.kind == letters.KIND]
    by_address = {each.to_address: each for each in found}
    assert len(by_address) == len(found)
    return by_address


def test_who_left_and_who_won_are_told_and_nobody_else(
    world: World, tell: Callable[[], None]
) -> None:
    contest(world)
    ruled(
        world,
        "disqualification",
        entrant_id=entrant_id(world, "an"),
        reason="Có người khác làm bài thay trên cùng một máy.",
    )

    tell()

    # Chi moves up a place with the same score and no prize: she reads it on the board.
    found = sent(world)
    assert set(found) == {"an@example.vn", "binh@example.vn"}
    out, won = found["an@example.vn"].body, found["binh@example.vn"].body
    assert "đã loại bài dự thi" in out
    assert "Có người khác làm bài thay trên cùng một máy." in out
    assert "hạng 1, 10 điểm, Giải Nhất" in out
    assert "Trước: hạng 2, 9 điểm" in won
    assert "Nay: hạng 1, 9 điểm, Giải Nhất (5.000.000 đ)" in won
    assert f"{URL}/xep-hang/thu-nghiem/tuan-1/vi-sao/{entry_code(world, 'binh')}" in won
    assert f"{URL}/xep-hang/thu-nghiem/tuan-1/dieu-chinh" in won
    # Whose entry went out stands in no letter but their own.
    assert entry_code(world, "an") not in won


def test_who_came_back_is_told(world: World, tell: Callable[[], None]) -> None:
    contest(world)
    out = ruled(world, "disqualification", entrant_id=entrant_id(world, "chi"))
    tell()
    assert set(sent(world)) == {"chi@example.vn"}

    ruled(world, "lift", ruling_code=out.code)
    tell()

    with world.db.read() as tx:
        last = newest(tx, limit=1)[0]
    assert last.to_address == "chi@example.vn"
    assert "được đưa trở lại bảng xếp hạng" in last.body
    assert "Quyết định: gỡ bỏ việc loại một bài dự thi" in last.body


def test_whose_score_changed_is_told_with_the_question_and_the_reason(
    world: World, tell: Callable[[], None]
) -> None:
    contest(world)
    revision = revision_of(world, "binh", 10)
    ruled(
        world,
        "correction",
        kind="accept-also",
        revision_id=revision,
        masks=[answer_given(world, "binh", 10)],
    )

    tell()

    body = sent(world)["binh@example.vn"].body
    assert "chấp nhận thêm phương án cho câu hỏi: Câu hỏi sealed-1" in body
    assert BECAUSE in body
    assert "Nay: hạng 1, 10 điểm, Giải Nhất" in body
    # Nothing is escaped as on a page.
    assert "&" not in body
    # An lost the prize with the same score.
    assert "Trước: hạng 1, 10 điểm, Giải Nhất" in sent(world)["an@example.vn"].body


def test_a_job_that_dies_in_the_middle_writes_to_nobody_twice(
    world: World, tell: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    contest(world)
    for who in ("diep",):
        write_to(world, who)
    revision = revision_of(world, "binh", 10)
    ruled(world, "correction", kind="void", revision_id=revision)
    ruled(world, "correction", kind="void", revision_id=revision_of(world, "diep", 10))
    monkeypatch.setattr(letters, "LETTERS_A_COMMAND", 1)
    monkeypatch.setattr(letters.next_changes, "__kwdefaults__", {"piece": 2})
    written = 0
    whole = letters.write_letter

    def dying(*args: object, **facts: object) -> None:
        nonlocal written
        if written == 1:
            raise RuntimeError("killed")
        written += 1
        whole(*args, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(letters, "write_letter", dying)
    with pytest.raises(RuntimeError, match="killed"):
        tell()
    after_crash = set(sent(world))
    assert len(after_crash) == 1

    # The lease runs out, another run goes on where it was.
    monkeypatch.setattr(letters, "write_letter", whole)
    world.clock.tick(minutes=5)
    tell()

    assert after_crash < set(sent(world))
    # And once more, as if it had died before it could say that it is done.
    world.clock.tick(minutes=5)
    before = sent(world)
    tell()
    assert sent(world) == before


def test_two_runs_of_the_same_job_write_one_letter_each(world: World, templates: Templates) -> None:
    contest(world)
    ruled(world, "disqualification", entrant_id=entrant_id(world, "an"))
    job = world.db.write(claim, now=world.clock(), kinds=[commands.TELL_CONCERNED])
    assert job is not None
    run = jobs.tell_concerned_job(world.db, world.clock, templates, URL)

    run(job.payload)
    run(job.payload)

    assert set(sent(world)) == {"an@example.vn", "binh@example.vn"}
