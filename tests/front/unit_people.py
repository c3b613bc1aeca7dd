"""People of wards and schools in editions of several years, for tests of an officer's figures."""

from datetime import date, datetime, timedelta
from typing import Any

from contest import paths
from contest.bank.commands import load_bank
from contest.editions import queries as editions
from contest.editions.commands import apply_edition
from contest.editions.entering import Person
from contest.editions.queries import EditionView
from contest.people.commands import register_account
from contest.people.consent import TAKE_PART
from contest.people.consent.machine import band
from contest.quiz import commands
from contest.rules.document import parse_edition
from contest.units.files import load_units
from tests.world import World, bank_of, edition_document

BA_DINH, HO_GUOM = "00004@2025-07-01", "00070@2025-07-01"
TRUC_BACH = "00004@2020-03-01"
SCHOOL, HIGH_SCHOOL = "th-hoa-gao", "thpt-hoa-gao"
ADULT, CHILD = date(1990, 5, 1), date(2014, 5, 1)


def open_edition(world: World, slug: str, opens: datetime, **rules: Any) -> EditionView:
    """An edition of its own name, with two rounds of a week from `opens` on."""
    load_units(world.db, paths.UNITS)
    for pool in ("practice", "sealed-1", "sealed-2"):
        world.db.write(load_bank, bank=bank_of(pool), by="tests", now=world.clock())
    document = edition_document(opens, **rules) | {"edition": slug}
    world.db.write(
        apply_edition,
        document=parse_edition(document),
        started_rounds=set(),
        by="tests",
        now=world.clock(),
    )
    with world.db.read() as tx:
        found = editions.edition(tx, slug)
    assert found is not None
    return found


def enter(
    world: World,
    edition: EditionView,
    handle: str,
    *,
    ward: str | None = None,
    ward_other: str = "",
    school: str | None = None,
    school_other: str = "",
    born: date = ADULT,
    submits: bool = True,
    slug: str = "tuan-1",
) -> None:
    """Somebody starts, answers one question and, unless told otherwise, hands in."""
    if handle not in world.accounts:
        made = world.db.write(
            register_account,
            full_name="Nguyễn Văn An",
            birth_date=born,
            chance=world.chance,
            now=world.clock() - timedelta(days=1),
        )
        world.accounts[handle] = made.account_id
        world.codes[handle] = made.code
        if band(born, world.clock().date()) != "self":
            world.agree(handle, TAKE_PART, proof="same-phone")
    this = edition.round(slug)
    assert this is not None
    code = world.db.write(
        commands.start_attempt,
        round_id=this.id,
        person=Person(
            account_id=world.accounts[handle],
            birth_date=born,
            roles={"entrant"},
            ward_id=ward,
            ward_other=ward_other,
            school_id=school,
            school_other=school_other,
        ),
        chance=world.chance,
        now=world.clock(),
    ).code
    world.save(handle, code, 1, world.wrong(world.attempt(handle, code), 1), tab=handle)
    if submits:
        world.submit(handle, code)
