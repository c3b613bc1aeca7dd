"""A teacher's list corrects a pupil's birth date or name: what the public sees follows at once,
also where somebody kept the file of a moment ago and only asks whether it changed."""

from datetime import date

import pytest

from contest.people.classes.queries import ClassView, pupils
from contest.people.consent import NAME_ON_BOARDS, PURPOSES, TAKE_PART
from contest.people.consent.commands import sign, withdraw
from contest.people.consent.machine import State
from contest.people.consent.queries import states
from contest.standings.names import refresh_names
from tests.people.classes.lists import row
from tests.people.classes.teaching import bring_in, make_class
from tests.site import Site
from tests.standings.explained import officially
from tests.sweep import Sweep, look

BOARD = "/xep-hang/thu-nghiem/tuan-1"
FOUND_AS_LAN, FOUND_AS_LIEN, FILE = f"{BOARD}?tim=Lan", f"{BOARD}?tim=Liên", f"{BOARD}/ket-qua.csv"


def looked_at(site: Site, earlier: Sweep | None = None) -> Sweep:
    met, visitor = Sweep(), site.visitor()
    for address in (BOARD, FOUND_AS_LAN, FOUND_AS_LIEN, FILE):
        look(visitor.get, address, met, earlier)
    return met


@pytest.fixture
def school_class(site: Site) -> ClassView:
    """With a pupil of 17 by the list, who consented alone and stands on a published board."""
    world = site.world
    world.open_edition(entry={"minimum_age": 6})
    made = make_class(world)
    bring_in(world, made, [row("Đỗ Ngọc Lan", "2009-06-01", "HS1")])
    with world.db.read() as tx:
        [world.accounts["lan"]] = [each.account_id for each in pupils(tx, made.id)]
    world.db.write(
        sign,
        account_id=world.accounts["lan"],
        purposes=[TAKE_PART, NAME_ON_BOARDS],
        by=world.ref("lan"),
        now=world.clock(),
    )
    world.play("lan", right=9)
    world.play("minh", right=3)
    officially(world)
    refresh_names(world.db, world.clock)
    return made


def test_who_turns_out_to_be_younger_is_shown_no_more(site: Site, school_class: ClassView) -> None:
    before = looked_at(site)
    assert set(before.holding(["Đ. N. Lan"])) == {BOARD, FOUND_AS_LAN, FILE}

    bring_in(site.world, school_class, [row("Đỗ Ngọc Lan", "2012-06-01", "HS1")])

    assert looked_at(site, before).holding(["Đ. N. Lan"]) == {}
    refresh_names(site.world.db, site.world.clock)
    assert looked_at(site, before).holding(["Đ. N. Lan"]) == {}


def test_a_corrected_name_takes_the_old_one_s_place(site: Site, school_class: ClassView) -> None:
    before = looked_at(site)

    bring_in(site.world, school_class, [row("Đỗ Ngọc Liên", "2009-06-01", "HS1")])
    refresh_names(site.world.db, site.world.clock)
    met = looked_at(site, before)

    assert met.holding(["Đ. N. Lan"]) == {}
    assert set(met.holding(["Đ. N. Liên"])) == {BOARD, FOUND_AS_LIEN, FILE}


def test_a_slip_in_a_list_does_not_make_a_child_s_own_wish_enough(
    site: Site, school_class: ClassView
) -> None:
    """Signed at 14 without a parent; then a list says that she is 17."""
    world = site.world
    bring_in(world, school_class, [row("Đỗ Ngọc Lan", "2012-06-01", "HS1")])
    lan = {"account_id": world.accounts["lan"], "by": world.ref("lan")}
    world.db.write(withdraw, purposes=PURPOSES, now=world.clock(), **lan)
    world.db.write(sign, purposes=PURPOSES, now=world.clock(), **lan)

    bring_in(world, school_class, [row("Đỗ Ngọc Lan", "2009-06-01", "HS1")])

    assert looked_at(site).holding(["Đ. N. Lan"]) == {}
    with world.db.read() as tx:
        found = states(tx, lan["account_id"], date(2009, 6, 1), on=world.clock().date())
        assert set(found.values()) == {State.NOT_GIVEN}
    # Asked again, she may say so herself.
    world.db.write(sign, purposes=[TAKE_PART, NAME_ON_BOARDS], now=world.clock(), **lan)
    assert BOARD in looked_at(site).holding(["Đ. N. Lan"])


def test_the_same_list_again_corrects_nobody(site: Site, school_class: ClassView) -> None:
    before = looked_at(site)

    bring_in(site.world, school_class, [row("Đỗ Ngọc Lan", "2009-06-01", "HS1")])

    assert looked_at(site).tags == before.tags
