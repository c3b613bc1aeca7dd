"""Looking at why-pages: whose they are, what they say, what they add up to."""

import html
import random
import re
from typing import Any

import sqlalchemy as sa

from contest.rulings import commands as rulings
from contest.rulings.queries import RulingView
from contest.standings.commands import decide_ruling
from contest.standings.settle import try_ruling
from tests.world import World

REASON = "Đề in thiếu một phương án đúng nên câu này được xem lại."


def officially(world: World) -> None:
    world.close()
    world.settle()
    world.publish()


def entry_code(world: World, handle: str) -> str:
    with world.db.read() as tx:
        return str(
            tx.execute(
                sa.text("select entry_code from entrants where account_id = :account"),
                {"account": world.accounts[handle]},
            ).scalar_one()
        )


def entrant_id(world: World, handle: str) -> int:
    with world.db.read() as tx:
        return int(
            tx.execute(
                sa.text("select id from entrants where account_id = :account"),
                {"account": world.accounts[handle]},
            ).scalar_one()
        )


def address(world: World, handle: str) -> str:
    return f"/xep-hang/thu-nghiem/tuan-1/vi-sao/{entry_code(world, handle)}"


def rule(world: World, propose: Any, **facts: Any) -> RulingView:
    """Proposes, tries and decides a ruling about the published round."""
    world.clock.tick(minutes=10)
    proposed = world.db.write(
        propose,
        reason=REASON,
        by="tests",
        chance=world.chance,
        now=world.clock(),
        **facts,
    )
    try_ruling(world.db, proposed.code, world.clock)
    return world.db.write(decide_ruling, ruling_code=proposed.code, by="tests", now=world.clock())


def disqualify(world: World, handle: str) -> RulingView:
    return rule(
        world,
        rulings.propose_disqualification,
        round_id=world.round().id,
        entrant_id=entrant_id(world, handle),
    )


def correct(world: World, handle: str, code: str, place: int, kind: str) -> RulingView:
    """A ruling about the question that stands at a place of somebody's paper."""
    return rule(
        world,
        rulings.propose_correction,
        round_id=world.round().id,
        kind=kind,
        revision_id=world.attempt(handle, code).items[place - 1].revision_id,
    )


def words(page: str) -> str:
    """What the page's main part says, on one line."""
    main = page[page.index("<main") : page.index("</main>")]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def told_place(page: str) -> int:
    """The place of the heading, after the sum under the steps has been added up."""
    place = re.search(r"đứng thứ (\d+)\?", words(page))
    assert place is not None
    total = re.search(r'class="chain-total">(.*?)</p>', page)
    if total is None:
        assert "Không ai đứng trước" in words(page)
        assert place[1] == "1"
        return 1
    terms, _, whole = re.sub(r"<[^>]+>", "", total[1]).partition(" = ")
    assert sum(int(term) for term in terms.split(" + ")) == int(whole) == int(place[1])
    return int(whole)


def play_a_tied_round(world: World, people: int = 12) -> list[str]:
    """Many equal scores, distances and times; two of the handles never answered anything right."""
    dice = random.Random(4)
    handles = [f"nguoi{chr(ord('a') + at)}" for at in range(people)]
    for handle in handles:
        world.play(
            handle,
            right=dice.choice([9, 10, 10]),
            prediction=dice.choice([None, 3, 5, 7]),
            minutes=dice.choice([3, 4]),
        )
    return handles
