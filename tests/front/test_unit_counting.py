"""What is counted for all officers is counted once a minute, and says of when it is."""

from datetime import timedelta

from contest.editions.queries import EditionView
from contest.front.unit_counting import REMEMBERED_FOR, UnitCounts
from tests.front.unit_people import BA_DINH, HO_GUOM, enter, open_edition
from tests.world import World


def people(world: World, counts: UnitCounts, edition: EditionView) -> int:
    with world.db.read() as tx:
        return sum(each.people for each in counts.entered(tx, edition))


def test_a_count_is_kept_for_a_minute_and_then_made_again(world: World) -> None:
    edition = open_edition(world, "nam-2026", world.clock() - timedelta(days=1))
    counts = UnitCounts(world.clock)
    enter(world, edition, "an", ward=BA_DINH)
    began = world.clock()
    assert people(world, counts, edition) == 1

    enter(world, edition, "binh", ward=BA_DINH)
    assert people(world, counts, edition) == 1
    assert counts.as_of(edition) == began

    world.clock.set(began + REMEMBERED_FOR)
    assert people(world, counts, edition) == 2
    assert counts.as_of(edition) == began + REMEMBERED_FOR


def test_two_editions_are_kept_apart(world: World) -> None:
    counts = UnitCounts(world.clock)
    this = open_edition(world, "nam-2026", world.clock() - timedelta(days=1))
    other = open_edition(world, "nam-nay", world.clock() - timedelta(days=2))
    enter(world, this, "an", ward=BA_DINH)
    enter(world, other, "an", ward=HO_GUOM)
    enter(world, other, "binh", ward=HO_GUOM)

    assert (people(world, counts, this), people(world, counts, other)) == (1, 2)


def test_a_clock_that_goes_back_only_makes_it_count_again(world: World) -> None:
    edition = open_edition(world, "nam-2026", world.clock() - timedelta(days=1))
    counts = UnitCounts(world.clock)
    assert people(world, counts, edition) == 0
    enter(world, edition, "an", ward=BA_DINH)

    world.clock.set(world.clock() - timedelta(hours=1))

    assert people(world, counts, edition) == 1
