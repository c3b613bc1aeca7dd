"""Pupils with the cards they hold, for tests."""

from typing import Any

from contest.people.classes import card_commands
from contest.people.classes.card_commands import Renewed
from contest.people.classes.cards import Card, card_letters
from contest.people.classes.queries import ClassView, PupilView
from tests.people.classes.lists import row
from tests.people.classes.teaching import KEY, bring_in, make_class, pupils
from tests.world import World

LAN = row("Đỗ Ngọc Lan", "2015-05-05")
AN = row("Nguyễn Văn An", "2015-03-15")
# Sixteen already: signs alone.
BINH = row("Trần Bình", "2009-01-02")


def class_of_two(world: World, **changes: Any) -> tuple[ClassView, PupilView, PupilView]:
    """A class with Lan and An in it, in this order."""
    this = make_class(world, **changes)
    bring_in(world, this, [LAN, AN])
    lan, an = pupils(world, this)
    return this, lan, an


def card_of(this: ClassView, pupil: PupilView, key: bytes = KEY) -> Card:
    """What the pupil's card said when `pupil` was read."""
    return Card(this.code, card_letters(key, pupil.ref, pupil.card_serial))


def renew(world: World, this: ClassView, pupil: PupilView, key: bytes = KEY) -> Renewed:
    return world.db.write(
        card_commands.renew_card,
        class_id=this.id,
        pupil=pupil.ref,
        seen_serial=pupil.card_serial,
        secret_key=key,
        by=world.ref("nam"),
        now=world.clock(),
    )
