"""Alembic's environment: knows every room's tables."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

import contest.bank.models
import contest.complaints.models
import contest.editions.models
import contest.infra.tables
import contest.ledger.models
import contest.people.classes.models
import contest.people.consent.models
import contest.people.models
import contest.quiz.models
import contest.quiz.outages.models
import contest.rulings.models
import contest.standings.models
import contest.units.models  # noqa: F401
from contest.infra.database import Instant, Model

# Two processes that start at once must not both migrate.
_LOCK = 7_203_114


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    # A migration is history: it must not change when our types do.
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Instant) else False


def run() -> None:
    url = context.config.get_main_option("sqlalchemy.url")
    assert url is not None
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text(f"select pg_advisory_lock({_LOCK})"))
        else:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        # Or Alembic would take our transaction for somebody else's and never commit it.
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_item=_render,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
