"""People of every age, and what a browser without scripts reads on the pages about consents."""

import re
from datetime import date, timedelta

from contest.infra.mail import newest
from contest.people.commands import register_account
from contest.people.consent import queries
from contest.people.consent.machine import State
from contest.people.queries import account, shown_names
from tests.server import Visitor
from tests.site import Site
from tests.world import World

# The fixture's clock says 24 November 2026.
FIVE = date(2021, 5, 5)
ELEVEN = date(2015, 5, 5)
FIFTEEN = date(2011, 5, 5)
SIXTEEN_TOMORROW = date(2010, 11, 25)
THIRTY = date(1996, 5, 5)

MOTHER = {"full_name": "Đỗ Thị Mai", "relation": "mother"}
TAKE_PART = {"take-part": "1"}
WITH_NAME = {"take-part": "1", "name-on-boards": "1"}
_LINK = re.compile(r"/dong-y/xac-nhan/[0-9A-Z]+")


def make(world: World, handle: str, birth_date: date, **changes: str) -> int:
    """An account of somebody whose consents are not given yet; World finds it by the handle."""
    made = world.db.write(
        register_account,
        full_name="Lê Bảo An",
        birth_date=birth_date,
        ward_other="Tỉnh Ninh Bình",
        school_other="Trường Tiểu học Hoa Gạo",
        chance=world.chance,
        now=world.clock() - timedelta(days=1),
        **changes,  # type: ignore[arg-type]
    )
    world.accounts[handle] = made.account_id
    return made.account_id


def child(site: Site, handle: str, birth_date: date, **changes: str) -> Visitor:
    """The same, signed in, with the page of the consents open."""
    make(site.world, handle, birth_date, **changes)
    visitor = site.as_(handle)
    visitor.get("/dong-y")
    return visitor


def state(world: World, handle: str, purpose: str) -> State:
    account_id, on = world.accounts[handle], world.clock().date()
    with world.db.read() as tx:
        return queries.states(tx, account_id, account(tx, account_id).birth_date, on=on)[purpose]


def is_named(world: World, handle: str) -> bool:
    account_id = world.accounts[handle]
    with world.db.read() as tx:
        return account_id in shown_names(tx, [account_id], on=world.clock().date())


def letter(world: World) -> tuple[str, str]:
    """To whom the newest letter went, and the address in it."""
    with world.db.read() as tx:
        (found,) = newest(tx, limit=1)
    link = _LINK.search(found.body)
    assert link, found.body
    return found.to_address, link[0]


def letters(world: World) -> int:
    with world.db.read() as tx:
        return len(newest(tx, limit=50))


def opened(site: Site, address: str) -> Visitor:
    """The parent's own browser, at the link, signed in nowhere."""
    visitor = site.visitor()
    assert visitor.get(address).status_code == 200
    return visitor
