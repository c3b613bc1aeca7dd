"""grant_extra_time, end_extra_time: works · again · replaced · nobody · bad input; what it does."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from contest.editions import extra_time
from contest.editions.extra_time import ExtraTimeView
from contest.editions.models import ExtraTime
from contest.errors import Invalid, NotFound
from contest.ledger import queries as ledger
from contest.standings import boards, queries
from tests.world import World

NEED = "Khiếm thị, dùng trình đọc màn hình"


def grant(world: World, handle: str, percent: int = 50, need: str = NEED) -> ExtraTimeView:
    return world.db.write(
        extra_time.grant_extra_time,
        edition_id=world.edition().id,
        account_id=world.person(handle),
        percent=percent,
        need=need,
        by="tests",
        now=world.clock(),
    )


def held(world: World, handle: str) -> ExtraTimeView | None:
    with world.db.read() as tx:
        return extra_time.extra_time(tx, world.edition().id, world.accounts[handle])


def kinds(world: World, handle: str) -> list[str]:
    with world.db.read() as tx:
        return [each.kind for each in ledger.entries_of(tx, world.ref(handle))]


def test_what_is_granted_stands_until_it_is_ended(world: World) -> None:
    world.open_edition()
    granted = grant(world, "minh", need=f"  {NEED}\n ")
    assert held(world, "minh") == granted
    assert (granted.percent, granted.need) == (50, NEED)

    facts = {"edition_id": world.edition().id, "account_id": world.accounts["minh"]}
    now = world.clock.tick(hours=1)
    ended = [
        world.db.write(extra_time.end_extra_time, **facts, by="tests", now=now) for _ in range(2)
    ]

    assert ended == [True, False]
    assert held(world, "minh") is None
    assert kinds(world, "minh")[-2:] == ["editions.grant_extra_time", "editions.end_extra_time"]


def test_the_same_again_changes_nothing_and_another_replaces_it(world: World) -> None:
    world.open_edition()
    first = grant(world, "minh")
    world.clock.tick(hours=1)

    assert grant(world, "minh") == first
    assert grant(world, "minh", percent=100).percent == 100
    with world.db.read() as tx:
        rows = tx.execute(sa.select(ExtraTime.percent, ExtraTime.ended_at)).all()
    assert [(row.percent, row.ended_at is None) for row in rows] == [(50, False), (100, True)]


def test_the_need_is_nowhere_in_the_ledger(world: World) -> None:
    world.open_edition()
    grant(world, "minh")
    with world.db.read() as tx:
        facts = ledger.entries_of(tx, world.ref("minh"))[-1].facts

    assert facts == {"edition": "thu-nghiem", "percent": 50}


@pytest.mark.parametrize(
    ("percent", "need", "field"),
    [(30, NEED, "percent"), (0, NEED, "percent"), (50, "  vì ", "need"), (50, "x" * 501, "need")],
)
def test_bad_input_names_its_field(world: World, percent: int, need: str, field: str) -> None:
    world.open_edition()
    with pytest.raises(Invalid) as fault:
        grant(world, "minh", percent, need)
    assert fault.value.facts["field"] == field


def test_no_such_edition(world: World) -> None:
    account = world.person("minh")
    with pytest.raises(NotFound, match="no-edition"):
        world.db.write(
            extra_time.grant_extra_time,
            edition_id=99,
            account_id=account,
            percent=50,
            need=NEED,
            by="tests",
            now=world.clock(),
        )


def test_the_deadline_follows_even_past_the_close(world: World) -> None:
    world.open_edition()
    grant(world, "minh")
    closes = world.round().closes_at
    now = world.clock.set(closes - timedelta(minutes=4))

    assert world.start("minh").deadline_at == now + timedelta(minutes=15)
    assert world.start("hoa").deadline_at == closes


def test_an_attempt_that_runs_keeps_its_time(world: World) -> None:
    world.open_edition()
    before = world.start("minh")
    grant(world, "minh")

    assert world.start("minh") == before.__replace__(is_new=False)


def test_time_is_ranked_as_a_share_of_the_time_allowed(world: World) -> None:
    world.open_edition()
    grant(world, "minh", percent=50)
    # 9 of 15 minutes is a smaller share than 6.5 of 10, a larger one than 5.9 of 10.
    world.play("minh", prediction=3, minutes=9)
    world.play("an", prediction=3, minutes=6.5)
    world.play("binh", prediction=3, minutes=5.9)
    world.close()
    world.settle()
    world.publish()

    with world.db.read() as tx:
        result = queries.publication(tx, world.round().id)
        assert result is not None
        lines = boards.board_lines(tx, result, first=1, last=9, now=world.clock())
    assert [line.ranking_time_ms for line in lines] == [354_000, 360_000, 390_000]
