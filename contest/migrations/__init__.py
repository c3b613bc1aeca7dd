"""Alembic migrations, one file a step; run by `python -m contest db upgrade` and at every start."""

from alembic import command
from alembic.config import Config

from contest import paths


def config(database_url: str) -> Config:
    """Alembic's configuration without a file: everything it needs is here."""
    made = Config()
    made.set_main_option("script_location", str(paths.MIGRATIONS).replace("%", "%%"))
    made.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    made.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    made.set_main_option("path_separator", "os")
    return made


def upgrade(database_url: str) -> None:
    """Brings the tables up to date; does nothing when they are."""
    command.upgrade(config(database_url), "head")


def downgrade(database_url: str, revision: str) -> None:
    """Goes back to a revision ("-1": one step, "base": no tables)."""
    command.downgrade(config(database_url), revision)
