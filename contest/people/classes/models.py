from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Model, RowId


class SchoolClass(Model):
    """
    A class of one school year under the teacher who brought it in.

    `code`: six letters that stand on the board in the classroom; with one's own eight letters they
    sign in. `columns`: how the last list's columns were understood, as JSON, {} before the first.
    """

    __tablename__ = "school_classes"
    __table_args__ = (sa.UniqueConstraint("teacher_id", "school_year", "name"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True)
    code: Mapped[str] = mapped_column(sa.String(6), unique=True)
    name: Mapped[str] = mapped_column(sa.String(40))
    school_id: Mapped[str | None] = mapped_column(sa.ForeignKey("schools.id"), index=True)
    school_other: Mapped[str] = mapped_column(sa.String(120), server_default="")
    # "2026-2027"
    school_year: Mapped[str] = mapped_column(sa.String(9))
    teacher_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    columns: Mapped[str] = mapped_column(sa.Text, server_default="{}")
    made_at: Mapped[datetime]


class ClassPupil(Model):
    """
    A pupil in a class. A card's letters are derived from the account, `card_serial` and the
    installation's key (so that a card can be printed again); here lies only their digest.
    """

    __tablename__ = "class_pupils"
    __table_args__ = (
        sa.Index(
            "uq_class_pupils_present",
            "class_id",
            "account_id",
            unique=True,
            sqlite_where=sa.text("left_at is null"),
            postgresql_where=sa.text("left_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("school_classes.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    # The line in the class list, from 1; the school's own number of the pupil, "" without one.
    number: Mapped[int]
    school_number: Mapped[str] = mapped_column(sa.String(40), server_default="")
    card_serial: Mapped[int] = mapped_column(server_default="1")
    card_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class ClassListUpload(Model):
    """
    A list as it was read, waiting for the teacher to look at it; gone after a day.

    `cells`: JSON, sheets of rows of texts. `chosen`: JSON, sheet, header row and columns.
    """

    __tablename__ = "class_list_uploads"

    ref: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("school_classes.id"), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(200))
    cells: Mapped[str] = mapped_column(sa.Text)
    chosen: Mapped[str] = mapped_column(sa.Text, server_default="{}")
    made_at: Mapped[datetime] = mapped_column(index=True)
    brought_in_at: Mapped[datetime | None]
