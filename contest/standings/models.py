from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Model, RowId


class Settlement(Model):
    """
    One whole computation of a round. `is_ready` turns true when its last line is written.

    `digest` is the SHA-256 of its lines: two settlements of the same facts have the same.
    `is_trial`: computed to show what a proposed ruling would change; deciding the ruling makes it
    the round's. `form` numbers the way in which it is kept: an older form is computed again.
    """

    __tablename__ = "settlements"
    __table_args__ = (sa.Index("ix_settlements_round", "round_id", "is_ready"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    rules_version: Mapped[int]
    height: Mapped[int] = mapped_column(sa.BigInteger)
    settled_at: Mapped[datetime]
    is_ready: Mapped[bool]
    is_trial: Mapped[bool] = mapped_column(server_default=sa.false())
    ruling_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rulings.id"), index=True)
    form: Mapped[int] = mapped_column(server_default="1")
    attempts: Mapped[int]
    valid: Mapped[int]
    perfect: Mapped[int]
    disqualified: Mapped[int] = mapped_column(server_default="0")
    truth: Mapped[int | None]
    digest: Mapped[str] = mapped_column(sa.String(64))
    # Of a trial: what it would change, as JSON (standings/trials.Effect); "" otherwise.
    effect: Mapped[str] = mapped_column(sa.Text, server_default="")


class Standing(Model):
    """
    An entrant's line. `line` is its number on the board, without gaps; places may be shared.

    Lines stand in the order of the chain, so all who are equal up to a step are neighbours
    (`Tie`). `submission_order` counts submissions from 1, equal milliseconds alike. Unit and age
    group are those of the entry, here for the board's filters.

    Lines are written in their order and looked up by it; other ways to them (`EntrantLine`,
    `BoardBlock`) are tables of their own, each written in its own order: as indexes of this one
    they cost seven times the table itself. No foreign keys to entrants and attempts: both were read
    a moment before, and nothing is ever deleted there.
    """

    __tablename__ = "standings"
    __table_args__ = (
        sa.PrimaryKeyConstraint("settlement_id", "line"),
        {"sqlite_with_rowid": False},
    )

    settlement_id: Mapped[int] = mapped_column(sa.ForeignKey("settlements.id"))
    line: Mapped[int]
    place: Mapped[int]
    entrant_id: Mapped[int] = mapped_column(RowId)
    attempt_id: Mapped[int] = mapped_column(RowId)
    score_milli: Mapped[int]
    correct: Mapped[int]
    prediction: Mapped[int | None] = mapped_column(sa.BigInteger)
    distance: Mapped[int | None] = mapped_column(sa.BigInteger)
    ranking_time_ms: Mapped[int]
    submitted_at: Mapped[datetime]
    submission_order: Mapped[int] = mapped_column(server_default="0")
    ward_id: Mapped[str | None] = mapped_column(sa.String(20))
    age_group: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")


class EntrantLine(Model):
    """Where an entrant's line is."""

    __tablename__ = "entrant_lines"
    __table_args__ = (
        sa.PrimaryKeyConstraint("settlement_id", "entrant_id"),
        {"sqlite_with_rowid": False},
    )

    settlement_id: Mapped[int] = mapped_column(sa.ForeignKey("settlements.id"))
    entrant_id: Mapped[int] = mapped_column(RowId)
    line: Mapped[int]


class Tie(Model):
    """
    Two or more lines that are equal in the first `step` steps of the chain: `first` to `last`.

    A line that no row of a step covers stands alone there. Steps count from 1.
    """

    __tablename__ = "standing_ties"
    __table_args__ = (
        sa.PrimaryKeyConstraint("settlement_id", "step", "first_line"),
        {"sqlite_with_rowid": False},
    )

    settlement_id: Mapped[int] = mapped_column(sa.ForeignKey("settlements.id"))
    step: Mapped[int] = mapped_column(sa.SmallInteger)
    first_line: Mapped[int]
    last_line: Mapped[int]


class BoardGroup(Model):
    """How many lines a unit and an age group have on a board; ward "" is no ward of the list."""

    __tablename__ = "board_groups"
    __table_args__ = (
        sa.PrimaryKeyConstraint("settlement_id", "ward_id", "age_group"),
        {"sqlite_with_rowid": False},
    )

    settlement_id: Mapped[int] = mapped_column(sa.ForeignKey("settlements.id"))
    ward_id: Mapped[str] = mapped_column(sa.String(20))
    age_group: Mapped[int] = mapped_column(sa.SmallInteger)
    lines: Mapped[int]


class BoardBlock(Model):
    """
    Some line numbers of a filtered board, in their order: a page of it is found by counting.

    `list_name` is "ward:ID", "age:GROUP" or "ward:ID age:GROUP"; block 0 holds its first
    boards.LINES_A_BLOCK lines, as little-endian numbers of 32 bits.
    """

    __tablename__ = "board_blocks"
    __table_args__ = (
        sa.PrimaryKeyConstraint("settlement_id", "list_name", "block"),
        {"sqlite_with_rowid": False},
    )

    settlement_id: Mapped[int] = mapped_column(sa.ForeignKey("settlements.id"))
    list_name: Mapped[str] = mapped_column(sa.String(40))
    block: Mapped[int]
    lines: Mapped[bytes] = mapped_column(sa.LargeBinary)


class BoardName(Model):
    """
    What a board's search finds: a key of a name as the public may see it, and a line.

    A name stands under its given name and under each longer form with initials: "ha", "ha t",
    "ha t n" for N. T. Hà. Prepared; whether the name may still be shown is asked at each reading.
    """

    __tablename__ = "board_names"
    __table_args__ = (
        sa.PrimaryKeyConstraint("settlement_id", "key", "line"),
        {"sqlite_with_rowid": False},
    )

    settlement_id: Mapped[int] = mapped_column(sa.ForeignKey("settlements.id"))
    key: Mapped[str] = mapped_column(sa.String(120))
    line: Mapped[int]


class BoardNames(Model):
    """Up to which height of the ledger the `BoardName` rows follow what people wish."""

    __tablename__ = "board_names_heights"

    settlement_id: Mapped[int] = mapped_column(
        sa.ForeignKey("settlements.id"), primary_key=True, autoincrement=False
    )
    height: Mapped[int] = mapped_column(sa.BigInteger)


class QuestionFigure(Model):
    """How a question of a round was answered by those who stand on the board."""

    __tablename__ = "question_figures"
    __table_args__ = (
        sa.PrimaryKeyConstraint("settlement_id", "revision_id"),
        {"sqlite_with_rowid": False},
    )

    settlement_id: Mapped[int] = mapped_column(sa.ForeignKey("settlements.id"))
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("question_revisions.id"))
    papers: Mapped[int]
    right: Mapped[int]
    # Answer mask (file order; "0": blank) → how often, as JSON.
    answers: Mapped[str] = mapped_column(sa.Text)


class Publication(Model):
    """
    An act that made a result official: number 1 published the round, each later one adjusted it.

    The result that holds is the one with the highest number; the earlier ones are kept.
    """

    __tablename__ = "publications"
    __table_args__ = (sa.PrimaryKeyConstraint("round_id", "number"),)

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    number: Mapped[int]
    settlement_id: Mapped[int] = mapped_column(sa.ForeignKey("settlements.id"))
    # The ruling that changed the result; null for number 1.
    ruling_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rulings.id"))
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(sa.String(40))
    height: Mapped[int] = mapped_column(sa.BigInteger)
