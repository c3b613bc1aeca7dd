"""Migrations: up and down with data in them, and the same tables as the models say, on both."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from contest.infra.chance import SeededChance
from contest.infra.database import Database, Model
from contest.migrations import config, downgrade, upgrade
from tests.clock import MovableClock
from tests.conftest import NOW
from tests.world import World


def test_down_to_nothing_and_up_again_with_data_in_the_tables(database_url: str) -> None:
    db = Database(database_url)
    world = World(db, MovableClock(NOW), SeededChance("migrations"))
    world.open_edition()
    world.play("an", prediction=3)
    world.close()
    world.settle()
    world.publish()
    db.close()

    downgrade(database_url, "base")
    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    upgrade(database_url)

    again = Database(database_url)
    world = World(again, MovableClock(NOW), SeededChance("migrations"))
    world.open_edition()
    world.play("an", prediction=3)
    again.close()


def test_the_tables_are_those_of_the_models(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = compare_metadata(context, Model.metadata)
    engine.dispose()

    assert differences == []


def test_every_step_is_named_and_there_is_one_way_up() -> None:
    scripts = ScriptDirectory.from_config(config("sqlite://"))

    assert len(scripts.get_heads()) == 1
    for revision in scripts.walk_revisions():
        assert revision.doc


def test_upgrading_twice_changes_nothing(new_database: Callable[[], str]) -> None:
    url = new_database()
    upgrade(url)
    upgrade(url)
