"""A teacher with a class, for tests: made by the commands that the pages use."""

from collections.abc import Sequence
from typing import Any

from contest import paths
from contest.people.classes import commands, queries
from contest.people.classes.commands import PIECE, Imported
from contest.people.classes.queries import ClassView, PupilView
from contest.units.files import load_units
from tests.people.classes.lists import Row
from tests.world import World

KEY = b"k" * 64
SCHOOL = "th-hoa-gao"


def make_class(world: World, teacher: str = "nam", name: str = "5A", **changes: Any) -> ClassView:
    if not _has_units(world):
        load_units(world.db, paths.UNITS)
    facts = {"school_id": SCHOOL, "school_year": "2026-2027"} | changes
    return world.db.write(
        commands.make_class,
        teacher_id=world.person(teacher),
        name=name,
        by=world.ref(teacher),
        chance=world.chance,
        now=world.clock(),
        **facts,
    )


def _has_units(world: World) -> bool:
    from contest.units.queries import schools

    with world.db.read() as tx:
        return bool(schools(tx))


def bring_in(
    world: World, this: ClassView, rows: Sequence[Row], count: int = PIECE
) -> list[Imported]:
    """The whole list, piece by piece, as the page does it."""
    done = []
    for first in range(0, len(rows) or 1, count):
        done.append(piece(world, this, rows, first, count))
    return done


def piece(
    world: World, this: ClassView, rows: Sequence[Row], first: int = 0, count: int = PIECE
) -> Imported:
    return world.db.write(
        commands.import_list,
        class_id=this.id,
        pupils=rows,
        columns="{}",
        secret_key=KEY,
        first=first,
        count=count,
        by=world.ref("nam"),
        chance=world.chance,
        now=world.clock(),
    )


def pupils(world: World, this: ClassView) -> list[PupilView]:
    with world.db.read() as tx:
        return queries.pupils(tx, this.id)


def remove(world: World, this: ClassView, pupil: str) -> bool:
    return world.db.write(
        commands.remove_pupil,
        class_id=this.id,
        pupil=pupil,
        by=world.ref("nam"),
        now=world.clock(),
    )
