"""People of a board's tests: with the name, age and ward that a test is about, in few writes."""

import re
from datetime import date, timedelta
from html import unescape

import httpx

from contest.editions.entering import Person
from contest.editions.queries import EntrantView, entrant
from contest.infra.chance import grouped
from contest.people.commands import register_account
from contest.people.consent import TAKE_PART
from contest.people.consent.machine import band
from contest.quiz import commands
from contest.standings import names, queries
from contest.standings.queries import Published
from contest.units.commands import import_units
from contest.units.rows import UnitRow
from tests.world import World

HO_GUOM, BA_VI, HA_DONG = "00070@2025-07-01", "09616@2025-07-01", "09556@2025-07-01"
_WARDS = {HO_GUOM: "Phường Hồ Gươm", BA_VI: "Xã Ba Vì", HA_DONG: "Phường Hà Đông"}
ADULT = date(1990, 5, 1)

BOARD = "/xep-hang/thu-nghiem/tuan-1"
YOUNG = date(2009, 6, 1)
_ROW = re.compile(
    r'<td class="rank">([\d.]+)(?:<span class="under">.*?</span>([\d./]+)</span>)?</td>\s*'
    r'<th scope="row">(.*?)<span class="under',
    re.S,
)


def wards(world: World) -> None:
    rows = [
        UnitRow(
            id=id,
            code=id[:5],
            name=name,
            kind="ward" if name.startswith("Phường") else "commune",
            parent_id=None,
            valid_from=date(2025, 7, 1),
            valid_to=None,
        )
        for id, name in _WARDS.items()
    ]
    world.db.write(import_units, rows=rows)


def enter(
    world: World,
    handle: str,
    full_name: str,
    *,
    minutes: float,
    born: date = ADULT,
    ward: str | None = None,
    shows_name: bool = True,
    slug: str = "tuan-1",
) -> None:
    """Somebody answers one question at random and hands in after so many minutes."""
    if handle not in world.accounts:
        made = world.db.write(
            register_account,
            full_name=full_name,
            birth_date=born,
            shows_name=shows_name,
            chance=world.chance,
            now=world.clock() - timedelta(days=30),
        )
        world.accounts[handle] = made.account_id
        world.codes[handle] = made.code
        if band(born, world.clock().date()) != "self":
            world.agree(handle, TAKE_PART, proof="same-phone")
    code = world.db.write(
        commands.start_attempt,
        round_id=world.round(slug).id,
        person=Person(
            account_id=world.accounts[handle], birth_date=born, roles={"entrant"}, ward_id=ward
        ),
        chance=world.chance,
        now=world.clock(),
    ).code
    # The same number of right answers for everybody: only the time ranks.
    world.save(handle, code, 1, world.wrong(world.attempt(handle, code), 1), tab=handle)
    began = world.clock()
    world.clock.tick(minutes=minutes)
    world.submit(handle, code)
    world.clock.set(began)


def officially(world: World, *, prepared: bool = True) -> Published:
    """Closes, settles and publishes the first round; with `prepared` its names can be searched."""
    world.close()
    world.settle()
    world.publish()
    if prepared:
        names.refresh_names(world.db, world.clock)
    with world.db.read() as tx:
        found = queries.publication(tx, world.round().id)
    assert found is not None
    return found


def entry_code(world: World, handle: str) -> str:
    return _entrant(world, handle).entry_code


def entrant_id(world: World, handle: str) -> int:
    return _entrant(world, handle).id


def _entrant(world: World, handle: str) -> EntrantView:
    with world.db.read() as tx:
        found = entrant(tx, world.edition().id, world.accounts[handle])
    assert found is not None
    return found


def as_printed(code: str) -> str:
    return grouped(code).lower()


def lines(answer: httpx.Response) -> list[tuple[str, str, str]]:
    """The rows of the table: place, place in the filtered part, name."""
    assert answer.status_code == 200, answer.text
    return [
        (place, part, unescape(re.sub(r"<[^>]+>", "", who)).strip())
        for place, part, who in _ROW.findall(answer.text)
    ]


def words(answer: httpx.Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def a_week(world: World) -> None:
    """Seven lines: 1 Hà, 2 An, 2 Bình, 4 Chi (17), 5 Dũng, 6 Em (no name), 7 Hạ."""
    world.open_edition(chain=["score", "time"])
    wards(world)
    enter(world, "ha", "Nguyễn Thu Hà", minutes=1, ward=HO_GUOM)
    enter(world, "an", "Trần An", minutes=2, ward=BA_VI)
    enter(world, "binh", "Lê Bình", minutes=2, ward=HO_GUOM, born=date(1950, 1, 1))
    enter(world, "chi", "Vũ Chi", minutes=3, ward=HO_GUOM, born=YOUNG, shows_name=False)
    enter(world, "dung", "Đỗ Dũng", minutes=4, ward=HO_GUOM)
    enter(world, "em", "Phan Em", minutes=5, ward=HO_GUOM, shows_name=False)
    enter(world, "ha2", "Ngô Thị Hạ", minutes=6)
