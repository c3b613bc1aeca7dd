"""A list that waits, as its page shows it: how it is read, what it would change, what is wrong."""

import hashlib
from collections.abc import Sequence
from datetime import date

import msgspec

from contest.infra.database import Tx
from contest.people.classes import queries as classes
from contest.people.classes.known import known_for, namesakes
from contest.people.classes.matching import Plan, Step, plan
from contest.people.classes.queries import ClassView, UploadView
from contest.people.classes.sheets import Sheet
from contest.people.classes.understanding import Columns, Understood, guess_columns, understand
from contest.people.classes.wards import Wards
from contest.people.names import name_key
from contest.units.queries import wards_on

LINES_SHOWN = 60


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """An upload with its sheets; `columns` None where nobody knows yet how to read it."""

    upload: UploadView
    sheets: list[Sheet]
    columns: Columns | None
    understood: Understood | None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line that is understood. `has_namesake`: the school has such an account already."""

    step: Step
    ward_found: bool
    has_namesake: bool


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What bringing it in would do. `lines`: the first ones, those that change something before."""

    plan: Plan
    lines: list[Line]
    more_lines: int


_NOTHING = Outcome(plan=Plan([], []), lines=[], more_lines=0)


def read_upload(tx: Tx, this: ClassView, ref: str, *, today: date) -> Read:
    """Raises NotFound("no-class-list")."""
    upload = classes.upload_of(tx, this.id, ref)
    sheets = msgspec.json.decode(upload.cells, type=list[Sheet])
    columns = columns_in(upload.chosen)
    understood = None
    if columns is not None and columns.sheet < len(sheets):
        understood = understand(sheets[columns.sheet], columns, today=today)
    return Read(upload=upload, sheets=sheets, columns=columns, understood=understood)


def columns_in(text: str) -> Columns | None:
    """Columns out of their JSON; None for {} and for what an older version wrote."""
    try:
        return msgspec.json.decode(text, type=Columns)
    except msgspec.MsgspecError:
        return None


def written(columns: Columns | None) -> str:
    return "{}" if columns is None else msgspec.json.encode(columns).decode()


def first_guess(sheets: Sequence[Sheet], this: ClassView) -> Columns | None:
    return guess_columns(list(sheets), columns_in(this.columns))


def seen(upload: UploadView) -> str:
    """Says which reading a person looked at before saying yes."""
    return hashlib.sha256(upload.chosen.encode()).hexdigest()[:16]


def outcome(tx: Tx, this: ClassView, read: Read, *, today: date) -> Outcome:
    """The plan beside those who are known; a fixed number of statements for every 500 lines."""
    if read.understood is None:
        return _NOTHING
    rows = read.understood.pupils
    keys = {name_key(each.full_name) for each in rows}
    made = plan(rows, known_for(tx, this, keys))
    others = namesakes(tx, this, keys)
    wards = Wards(wards_on(tx, today))
    telling = [step for step in made.steps if step.kind != "same"]
    shown = (telling + [step for step in made.steps if step.kind == "same"])[:LINES_SHOWN]
    return Outcome(
        plan=made,
        lines=[
            Line(
                step=step,
                ward_found=wards.named(step.row.ward) is not None,
                has_namesake=step.kind == "new"
                and (name_key(step.full_name), step.row.birth_date) in others,
            )
            for step in shown
        ],
        more_lines=len(made.steps) - len(shown),
    )


def letter_of(place: int) -> str:
    """0 → A, 26 → AA, as a spreadsheet calls its columns."""
    name = ""
    while place >= 0:
        name = chr(65 + place % 26) + name
        place = place // 26 - 1
    return name
