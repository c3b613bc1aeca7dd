"""People of a board's tests: with the name, age and ward that a test is about, in few writes."""

from datetime import date, timedelta

from contest.editions.queries import EntrantView, entrant
from contest.infra.chance import grouped
from contest.people.commands import register_account
from contest.quiz import commands
from contest.quiz.commands import Person
from contest.standings import names, queries
from contest.standings.queries import Published
from contest.units.commands import import_units
from contest.units.rows import UnitRow
from tests.world import World

HO_GUOM, BA_VI, HA_DONG = "00070@2025-07-01", "09616@2025-07-01", "09556@2025-07-01"
_WARDS = {HO_GUOM: "Phường Hồ Gươm", BA_VI: "Xã Ba Vì", HA_DONG: "Phường Hà Đông"}
ADULT = date(1990, 5, 1)


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
