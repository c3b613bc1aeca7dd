"""All routes of the application, with something real in the holes of their paths."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

from litestar.handlers import HTTPRouteHandler

from contest.bank import queries as bank
from contest.editions.queries import entrant
from contest.quiz.queries import AttemptView
from contest.rulings.queries import RulingView
from contest.standings import proposals
from contest.web.guard import action_of
from tests.site import Site
from tests.world import World

REASON = "Đề in thiếu một phương án đúng nên câu này được xem lại."

# One person a role; "" is a visitor.
PEOPLE = ["", "minh", "nam", "dung", "thu", "son", "ha", "khanh", "phuc"]


def routes(site: Site) -> list[tuple[str, str, str]]:
    """Method, path and action of every route, in the order of paths and methods."""
    found = [
        (method, route.path, action_of(handler))
        for route in site.running.application.litestar.routes
        for handler in route.route_handlers  # type: ignore[union-attr]
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
    ]
    return sorted(found, key=lambda each: (each[1], each[0]))


def addresses(path: str, holes: Mapping[str, Sequence[str]]) -> list[str]:
    """A route's path with each of these values in its holes; what is not named is made up."""
    parts = []
    for part in path.split("/"):
        hole = part[1:-1].partition(":")[0]
        is_hole = part.startswith("{")
        parts.append(holes.get(hole) or [_MADE_UP[hole]] if is_hole else [part])
    return ["/".join(each) or "/" for each in product(*parts)]


_MADE_UP = {
    "name": "css/base.css",
    "lang": "en",
    "edition_slug": "thu-nghiem",
    "entry_code": "AAAA2222",
    "question": "sealed-1-no-such-question",
    "ruling": "R" * 16,
    "complaint": "0" * 12,
    "seed": "abc123",
    "number": "1",
    "token": "x" * 43,
    "pupil": "P" * 16,
    "paper": "G" * 16,
    "height": "999999",
    "upload": "D" * 16,
    "card": "ABCDEF-GHJKMNPQ",
    "unit_id": "00004@2025-07-01",
}


def entry_code(world: World, handle: str) -> str:
    """The public code of somebody who has started an attempt."""
    with world.db.read() as tx:
        found = entrant(tx, world.edition().id, world.accounts[handle])
    assert found is not None
    return found.entry_code


def question_of(world: World, attempt: AttemptView, place: int) -> tuple[str, int]:
    """The id and the revision of a question of a paper."""
    revision_id = attempt.items[place - 1].revision_id
    with world.db.read() as tx:
        return bank.bodies(tx, [revision_id])[revision_id].question_id, revision_id


def propose(world: World, slug: str, proposal: Callable[..., RulingView], **facts: Any) -> str:
    """What the desk's forms do; gives the ruling's code."""
    made = world.db.write(
        proposals.propose,
        proposal=proposal,
        facts={"round_id": world.round(slug).id, "reason": REASON, **facts},
        by=world.ref("khanh"),
        chance=world.chance,
        now=world.clock(),
    )
    return made.code
