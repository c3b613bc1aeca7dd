"""How a class takes part, for its teacher alone, without a score."""

import re
from datetime import date
from html import unescape

import httpx
import pytest
import sqlalchemy as sa

from contest.access import Grant, Role, Scope
from contest.editions.entering import Person
from contest.people.classes.queries import ClassView
from contest.people.consent import TAKE_PART
from contest.quiz import commands
from contest.quiz.taking_part import stages
from tests.people.classes.lists import Row
from tests.people.classes.teaching import bring_in, make_class, pupils
from tests.site import Site
from tests.world import World

BORN = date(2015, 3, 9)


def words(answer: httpx.Response) -> str:
    main = answer.text.partition("<main ")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def class_of_three(world: World) -> ClassView:
    """An consents and hands in, Bình consents and has begun, Chi waits for her mother."""
    world.open_edition()
    this = make_class(world)
    names = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Mai Chi")
    bring_in(world, this, [Row(full_name=name, birth_date=BORN) for name in names])
    for handle, pupil in zip(("an", "binh", "chi"), pupils(world, this), strict=True):
        world.accounts[handle] = pupil.account_id
    for handle in ("an", "binh"):
        world.agree(handle, TAKE_PART, proof="same-phone")
    code = start(world, "an")
    world.save("an", code, 1, world.wrong(world.attempt("an", code), 1), tab="an")
    world.submit("an", code)
    start(world, "binh")
    return this


def start(world: World, handle: str) -> str:
    return world.db.write(
        commands.start_attempt,
        round_id=world.round().id,
        person=Person(account_id=world.accounts[handle], birth_date=BORN, roles={"entrant"}),
        chance=world.chance,
        now=world.clock(),
    ).code


def test_the_teacher_sees_who_may_who_began_and_who_handed_in(site: Site) -> None:
    this = class_of_three(site.world)

    told = words(site.as_("nam").get(f"/lop/{this.ref}/tham-gia"))

    assert "2 trên 3 em đã đủ sự đồng ý" in told
    assert "1 trên 3 em đã nộp bài" in told
    assert "1 em đang làm" in told
    assert "1 em chưa thi" in told
    assert re.search(r"Nguyễn Văn An Được dự thi Tuần 1: Đã nộp", told)
    assert re.search(r"Trần Thị Bình Được dự thi Tuần 1: Đang làm", told)
    assert re.search(r"Lê Mai Chi Chưa có đồng ý Tuần 1: Chưa thi", told)
    # The second round has not opened: nobody is behind in it.
    assert "Tuần 2: Chưa thi" not in told


def test_no_score_is_told_before_or_after_publishing(site: Site) -> None:
    this = class_of_three(site.world)
    before = site.as_("nam").get(f"/lop/{this.ref}/tham-gia")
    site.world.close()
    site.world.settle()
    site.world.publish()

    after = site.as_("nam").get(f"/lop/{this.ref}/tham-gia")

    for answer in (before, after):
        told = words(answer)
        assert "Trang này không có điểm và hạng, cả sau khi công bố" in told
        assert not re.search(r"\d điểm|[Hh]ạng \d", told)
        assert "/vi-sao" not in answer.text


def test_an_attempt_that_an_outage_ended_counts_for_nothing(world: World) -> None:
    this = class_of_three(world)
    accounts = [each.account_id for each in pupils(world, this)]
    world.db.write(
        lambda tx: tx.execute(
            sa.text("update attempts set annulled_at = submitted_at where submitted_at is not null")
        )
    )
    with world.db.read() as tx:
        found = stages(tx, accounts, [world.round().id])

    assert found == {(world.accounts["binh"], world.round().id): "started"}


@pytest.mark.parametrize("handle", ["", "minh", "ha", "khanh"])
def test_nobody_else_sees_the_class(site: Site, handle: str) -> None:
    this = class_of_three(site.world)
    visitor = site.as_(handle) if handle else site.visitor()

    assert visitor.get(f"/lop/{this.ref}/tham-gia").status_code in (303, 401, 403, 404)


def test_another_teacher_does_not_find_it(site: Site) -> None:
    this = class_of_three(site.world)
    site.world.person("thu")
    site.world.grant("thu", Grant(Role.TEACHER, Scope.UNIT, "th-hoa-gao"))

    assert site.as_("thu").get(f"/lop/{this.ref}/tham-gia").status_code == 404


def test_an_empty_class_says_what_to_do(site: Site) -> None:
    site.world.open_edition()
    this = make_class(site.world)

    assert "Lớp chưa có học sinh" in words(site.as_("nam").get(f"/lop/{this.ref}/tham-gia"))


def test_without_an_edition_the_page_says_so(site: Site) -> None:
    this = make_class(site.world)
    bring_in(site.world, this, [Row(full_name="Nguyễn Văn An", birth_date=BORN)])

    assert "Chưa có kỳ thi" in words(site.as_("nam").get(f"/lop/{this.ref}/tham-gia"))
