"""Two contests that differ only in keys, explanations and truth look the same to everybody who has
no right to keys, on every route, byte for byte, until the organiser publishes."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from contest.bank import queries as bank
from contest.infra.chance import SeededChance
from contest.infra.database import Database, Tx
from contest.standings import queries as standings
from tests.access.routes import PEOPLE, concrete, routes
from tests.clock import MovableClock
from tests.conftest import NOW
from tests.server import Visitor, running, settings_for
from tests.site import Site
from tests.world import World

Answers = dict[str, bytes]

# Nonces, tokens and times: what differs from one request to the next for everybody.
_MASKS = (
    (re.compile(rb'name="csrf_token" value="[^"]+"'), b""),
    (re.compile(rb"\b[0-9a-f]{16}\b"), b"NONCE"),
)
_VOLATILE = {"date", "x-request-id", "set-cookie"}
# Figures of the process, not of the contest.
_LEFT_OUT = {"/metrics"}


@contextmanager
def contest(url: str, folder: Path, *, flipped: bool) -> Iterator[Site]:
    """
    The first round closed and settled, not published; the second open: Minh in the middle of it,
    bà Hoa handed in. Answers do not go by the keys, so that only scores and truth differ.
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
        _play(world, "hoa", "tuan-2", hand_in=True)
        _play(world, "minh", "tuan-2", hand_in=False)
        clock.tick(minutes=2)
        settings = settings_for(url, folder)
        site = stack.enter_context(running(settings, clock=clock, chance=SeededChance("site")))
        made = Site(world, site)
        stack.callback(made.close)
        yield made


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


def everything(site: Site) -> Answers:
    """Role, method and path → status, headers and body, masked."""
    answers: Answers = {}
    codes = [code for (handle, _), code in site.world.attempts.items() if handle == "minh"]
    version = site.running.application.site.assets.version
    for handle in PEOPLE:
        visitor = site.as_(handle) if handle else site.visitor()
        visitor.http.headers["accept-encoding"] = "identity"
        for method, path, action in routes(site):
            if path in _LEFT_OUT or action.startswith(("people.sign_out", "standings.publish")):
                continue
            for slug in ("tuan-1", "tuan-2") if "{slug" in path else ("",):
                for code in codes if "{code" in path else codes[:1]:
                    address = concrete(
                        path, slug=slug, code=code, ref=site.world.ref("hoa"), version=version
                    )
                    answers[f"{handle} {method} {address}"] = _ask(visitor, method, address)
    return answers


def _ask(visitor: Visitor, method: str, address: str) -> bytes:
    if method == "GET":
        response = visitor.get(address)
    else:
        visitor.get("/tai-khoan")
        fields: dict[str, str | list[str]] = {
            "tab": "leak",
            "seq": "1",
            "position": "9",
            "based_on": "0",
            "choice": "0",
            "q9": "0",
        }
        response = visitor.post(address, fields)
    headers = sorted(
        f"{name}: {value}"
        for name, value in response.headers.items()
        if name not in _VOLATILE | {"content-length"}
    )
    body = response.content
    for pattern, instead in _MASKS:
        body = pattern.sub(instead, body)
    return "\n".join([str(response.status_code), *headers, ""]).encode() + body


@pytest.fixture
def two(new_database: Callable[[], str], tmp_path: Path) -> Iterator[tuple[Site, Site]]:
    with (
        contest(new_database(), tmp_path / "one", flipped=False) as one,
        contest(new_database(), tmp_path / "other", flipped=True) as other,
    ):
        yield one, other


def different(one: Answers, other: Answers) -> list[str]:
    assert one.keys() == other.keys()
    return [asked for asked, answer in one.items() if answer != other[asked]]


def test_before_publishing_nobody_can_tell_the_keys(two: tuple[Site, Site]) -> None:
    one, other = two
    answers = everything(one)

    assert different(answers, everything(other)) == []
    assert len(answers) > 300


def test_the_two_really_differ_and_publishing_shows_it(two: tuple[Site, Site]) -> None:
    """Were they alike, byte-equality would say nothing."""
    seen = []
    for site in two:
        site.world.publish("tuan-1")
        with site.world.db.read() as tx:
            published = standings.publication(tx, site.world.round("tuan-1").id)
            assert published is not None
            rows = standings.board_lines(tx, published, first=1, last=9, now=NOW)
        code = site.world.attempts["minh", "tuan-1"]
        page = site.as_("minh").get(f"/bai/{code}/ket-qua").text
        seen.append((published.truth, [row.score_milli for row in rows], page))

    assert seen[0] != seen[1]
    assert seen[0][1] != seen[1][1]
    assert "Vì là thế" in seen[0][2]
    assert "Không phải vậy" in seen[1][2]


def test_a_key_that_leaks_by_a_single_blank_is_found(
    two: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test can fail: here a question ends in a blank when its key is even."""
    whole = bank.bodies

    def leaking(tx: Tx, ids: list[int]) -> dict[int, bank.QuestionBody]:
        keys = bank.keys(tx, ids)
        return {
            revision: msgspec.structs.replace(
                body,
                body=msgspec.structs.replace(
                    body.body,
                    text={
                        lang: text + " " * (keys[revision].key_mask % 2)
                        for lang, text in body.body.text.items()
                    },
                ),
            )
            for revision, body in whole(tx, ids).items()
        }

    monkeypatch.setattr(bank, "bodies", leaking)
    one, other = two

    found = different(everything(one), everything(other))

    code = one.world.attempts["minh", "tuan-2"]
    assert f"minh GET /bai/{code}" in found
