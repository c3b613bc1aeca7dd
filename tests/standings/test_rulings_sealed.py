"""Two contests that differ only in keys: before publishing the desk sees the same of both."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from contest.bank import queries as bank
from contest.infra.chance import SeededChance
from contest.infra.database import Database
from tests.clock import MovableClock
from tests.conftest import NOW
from tests.server import running, settings_for
from tests.site import Site
from tests.standings.judging import BECAUSE, entry_code
from tests.world import World

ROUND = "/dieu-hanh/vong/thu-nghiem/tuan-1"
# What differs from one request to the next for everybody.
_VOLATILE = re.compile(r'name="csrf_token" value="[^"]+"|\b[0-9a-f]{16}\b')


def walk(url: str, folder: Path, *, flipped: bool, publish: bool) -> list[str]:
    """Everything an organiser can see of questions, a correction and a disqualification."""
    folder.mkdir()
    clock = MovableClock(NOW)
    db = Database(url)
    world = World(db, clock, SeededChance("sealed"))
    world.open_edition(flipped=flipped)
    for who in ("an", "binh"):
        code = world.attempts[who, "tuan-1"] = world.start(who).code
        for place in range(1, 11):
            world.save(who, code, place, (place % 2,), tab=who)
        clock.tick(minutes=4)
        world.submit(who, code)
    world.close()
    world.settle()
    if publish:
        world.publish()
    seen = []
    with running(settings_for(url, folder), clock=clock, chance=SeededChance("site")) as served:
        site = Site(world, served)
        desk = site.as_("khanh")

        def see(path: str) -> None:
            response = desk.get(path)
            seen.append(f"{path} {response.status_code} {_VOLATILE.sub('', response.text)}")

        def send(path: str, fields: dict[str, str]) -> str:
            response = desk.post(path, fields)
            seen.append(f"{path} {response.status_code} {_VOLATILE.sub('', response.text)}")
            return response.headers.get("location", "/")

        see(f"{ROUND}/cau-hoi")
        attempt = world.attempt("an", world.attempts["an", "tuan-1"])
        with db.read() as tx:
            body = bank.bodies(tx, [attempt.items[0].revision_id]).popitem()[1]
        form = f"{ROUND}/cau-hoi/{body.question_id}/sua"
        see(form)
        for choice in range(body.choice_count):
            fields = {"ban": "1", "kind": "accept-also", "choices": str(choice)}
            send(form, fields | {"reason": ""})
            see(send(form, fields | {"reason": BECAUSE}))
        ruling = send(form, {"ban": "1", "kind": "void", "reason": BECAUSE})
        served.application.worker.run_until_idle()
        see(ruling)
        if not publish:
            send(f"{ruling}/ap-dung", {})
        see(f"{ROUND}/loai?ma={entry_code(world, 'an')}")
        out = send(f"{ROUND}/loai", {"ma": entry_code(world, "an"), "reason": BECAUSE})
        see(out)
        served.application.worker.run_until_idle()
        see(ruling)
        see(out)
        see(f"{ROUND}/cau-hoi")
        see("/xep-hang/thu-nghiem/tuan-1/dieu-chinh")
        site.close()
    db.close()
    return seen


@pytest.mark.slow
def test_before_publishing_the_desk_cannot_tell_the_keys(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    one = walk(new_database(), tmp_path / "one", flipped=False, publish=False)
    other = walk(new_database(), tmp_path / "other", flipped=True, publish=False)

    assert one == other
    assert len(one) > 15


@pytest.mark.slow
def test_after_publishing_the_two_differ(new_database: Callable[[], str], tmp_path: Path) -> None:
    """Were they alike then, likeness would say nothing."""
    one = walk(new_database(), tmp_path / "one", flipped=False, publish=True)
    other = walk(new_database(), tmp_path / "other", flipped=True, publish=True)

    assert one != other
