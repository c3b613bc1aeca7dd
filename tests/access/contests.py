"""Contests that go on and are not published, to be compared with one another."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from contest.editions.extra_time import grant_extra_time
from contest.infra.chance import SeededChance
from contest.infra.database import Database
from contest.quiz.outages.commands import make_good_outage
from contest.rulings.commands import propose_correction, propose_disqualification
from tests.access.routes import PEOPLE, propose, question_of
from tests.clock import MovableClock
from tests.conftest import NOW
from tests.server import running, settings_for
from tests.site import Site
from tests.world import World


@dataclass
class Contest(Site):
    """A site, and the codes of the rulings that are proposed in it."""

    rulings: list[str] = field(default_factory=list)


@contextmanager
def contest(url: str, folder: Path, *, flipped: bool) -> Iterator[Contest]:
    """
    The first round closed and settled, not published, with two proposals about it; the second open:
    Minh, who has extra time, in the middle of it, bà Hoa handed in, and Bình lost his attempt to an
    outage that was made good. Answers do not go by the keys, so that only scores and truth differ.
    """
    folder.mkdir()
    clock = MovableClock(NOW)
    with ExitStack() as stack:
        db = Database(url)
        stack.callback(db.close)
        world = World(db, clock, SeededChance("leak"))
        world.open_edition(opened=timedelta(days=8), flipped=flipped)
        for handle in filter(None, PEOPLE):
            world.person(handle)
        clock.tick(days=-7)
        _play(world, "minh", "tuan-1", hand_in=True)
        _play(world, "hoa", "tuan-1", hand_in=True)
        clock.set(NOW)
        world.settle("tuan-1")
        rulings = _propose_rulings(world)
        clock.tick(minutes=-11)
        world.person("binh")
        _play(world, "binh", "tuan-2", hand_in=False)
        clock.set(NOW)
        _grant_extra_time(world, "minh")
        _play(world, "hoa", "tuan-2", hand_in=True)
        _play(world, "minh", "tuan-2", hand_in=False)
        clock.tick(minutes=2)
        world.sweep()
        _make_good(world, NOW - timedelta(minutes=3), NOW + timedelta(minutes=1))
        settings = settings_for(url, folder)
        site = stack.enter_context(running(settings, clock=clock, chance=SeededChance("site")))
        made = Contest(world, site)
        made.rulings = rulings
        stack.callback(made.close)
        yield made


def _propose_rulings(world: World) -> list[str]:
    """A corrected key and a disqualification, proposed about the round that is not published."""
    attempt = world.attempt("minh", world.attempts["minh", "tuan-1"])
    _, revision_id = question_of(world, attempt, 1)
    taken_out = world.attempt("hoa", world.attempts["hoa", "tuan-1"]).entrant_id
    return [
        # Both contests accept the same, whatever the key is.
        propose(
            world,
            "tuan-1",
            propose_correction,
            kind="accept-also",
            revision_id=revision_id,
            masks=[2],
        ),
        propose(world, "tuan-1", propose_disqualification, entrant_id=taken_out),
    ]


def _grant_extra_time(world: World, handle: str) -> None:
    world.db.write(
        grant_extra_time,
        edition_id=world.edition().id,
        account_id=world.accounts[handle],
        percent=50,
        need="Mắt kém, đọc chậm hơn.",
        by=world.ref("khanh"),
        now=world.clock(),
    )


def _make_good(world: World, began: datetime, ended: datetime) -> None:
    made = world.db.write(
        make_good_outage,
        round_id=world.round("tuan-2").id,
        began_at=began,
        ended_at=ended,
        reopen_until=world.clock() + timedelta(days=1),
        reason="Máy chủ khởi động lại ngoài kế hoạch.",
        by=world.ref("khanh"),
        chance=world.chance,
        now=world.clock(),
    )
    assert (made.extended, made.annulled) == (1, 1)


def _play(world: World, handle: str, slug: str, *, hand_in: bool) -> None:
    code = world.start(handle, slug).code
    for place in range(1, 8):
        world.save(handle, code, place, (place % 2,), tab=handle)
    world.save(handle, code, 0, prediction=place, tab=handle)
    if hand_in:
        world.clock.tick(minutes=4)
        world.submit(handle, code)
        world.clock.tick(minutes=-4)
    world.attempts[handle, slug] = code
