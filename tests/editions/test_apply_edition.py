"""apply_edition: works · twice · what may not change once somebody has started."""

from datetime import datetime, timedelta

import pytest

from contest.editions import commands, queries
from contest.editions.commands import Applied
from contest.infra.database import Database
from contest.quiz.queries import started_rounds
from contest.rules.document import EditionDocument, RulesRefused, parse_edition
from tests.world import World, edition_document


def apply(db: Database, document: EditionDocument, now: datetime) -> Applied:
    with db.read() as tx:
        started = started_rounds(tx, document.edition)
    return db.write(
        commands.apply_edition, document=document, started_rounds=started, by="me", now=now
    )


def test_applied_again_it_changes_nothing(db: Database, now: datetime) -> None:
    document = parse_edition(edition_document(now))
    first, again = apply(db, document, now), apply(db, document, now)

    assert (first.version, first.is_new, bool(first.changes)) == (1, True, True)
    assert (again.version, again.is_new, again.changes) == (1, False, [])


def test_a_change_is_a_new_version_and_the_old_one_stays_readable(
    db: Database, now: datetime
) -> None:
    apply(db, parse_edition(edition_document(now)), now)
    changed = apply(db, parse_edition(edition_document(now, attempt={"minutes": 15})), now)

    assert changed.version == 2
    assert [change.path for change in changed.changes] == ["rules.attempt.minutes"]
    with db.read() as tx:
        edition = queries.edition(tx, "thu-nghiem")
        assert edition is not None
        before = queries.document_of_version(tx, edition.id, 1)
    assert (before.rules.attempt.minutes, edition.document.rules.attempt.minutes) == (10, 15)


def test_a_round_can_be_dropped_before_anybody_starts(db: Database, now: datetime) -> None:
    raw = edition_document(now)
    apply(db, parse_edition(raw), now)
    raw["rounds"] = raw["rounds"][:1]
    apply(db, parse_edition(raw), now)
    with db.read() as tx:
        edition = queries.edition(tx, "thu-nghiem")
    assert edition is not None
    assert [each.slug for each in edition.rounds] == ["tuan-1"]


def test_once_started_what_decides_the_ranking_is_locked(world: World) -> None:
    edition = world.open_edition()
    world.start("minh")
    opens = edition.rounds[0].opens_at
    changed = parse_edition(edition_document(opens, attempt={"minutes": 20}))

    with pytest.raises(RulesRefused):
        apply(world.db, changed, world.clock())
    assert world.edition().version == 1


def test_once_started_the_close_may_move_back_but_not_forward(world: World) -> None:
    edition = world.open_edition()
    world.start("minh")
    raw = edition_document(edition.rounds[0].opens_at)
    closes = raw["rounds"][0]["closes"]

    raw["rounds"][0]["closes"] = closes + timedelta(hours=2)
    assert apply(world.db, parse_edition(raw), world.clock()).version == 2
    raw["rounds"][0]["closes"] = closes + timedelta(hours=1)
    with pytest.raises(RulesRefused):
        apply(world.db, parse_edition(raw), world.clock())


def test_a_pool_that_is_short_is_told_before_the_round_opens(db: Database, now: datetime) -> None:
    document = parse_edition(edition_document(now))
    with db.read() as tx:
        short = commands.shortages(tx, document)

    assert {slug: lines[0].had for slug, lines in short.items()} == {"tuan-1": 0, "tuan-2": 0}


def test_the_current_edition_is_the_one_with_an_open_round(world: World) -> None:
    world.open_edition()
    with world.db.read() as tx:
        found = queries.current_edition(tx, world.clock())
    assert found is not None
    assert found.slug == "thu-nghiem"
