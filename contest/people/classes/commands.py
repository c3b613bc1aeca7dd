import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from contest.errors import Conflict, Invalid
from contest.infra.chance import Chance, code
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.ledger import commands as ledger
from contest.people.classes import queries
from contest.people.classes.cards import card_digest, card_letters
from contest.people.classes.known import known_for
from contest.people.classes.matching import Kind, PupilRow, Step, plan
from contest.people.classes.models import ClassPupil, SchoolClass
from contest.people.classes.queries import ClassView
from contest.people.classes.wards import Wards
from contest.people.commands import register_account
from contest.people.consent.commands import ask_again
from contest.people.consent.machine import band
from contest.people.models import Account
from contest.people.names import name_key, name_search_key, tidy_name
from contest.units.queries import wards_on

REF_LETTERS = 16
CODE_LETTERS = 6
LONGEST_NAME = 40
_SCHOOL_YEAR = re.compile(r"(20\d\d)-(20\d\d)")
_ATTEMPTS_AT_A_CODE = 5
# Pupils a command: an answer of somebody in the quiz waits behind it for a part of a second.
PIECE = 100


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What one piece of a list came to. `upto`: lines that are done; all when it is the length."""

    new: int
    back: int
    moved: int
    changed: int
    same: int
    upto: int


def make_class(
    tx: Tx,
    *,
    teacher_id: int,
    name: str,
    school_id: str | None,
    school_other: str = "",
    school_year: str,
    by: str,
    chance: Chance,
    now: datetime,
) -> ClassView:
    """
    A new class under its teacher. Raises Invalid with the field that is wrong,
    Conflict("class-exists") when the teacher has one of that name in that year.
    """
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME:
        raise Invalid("wrong-class-name", field="name")
    if not is_school_year(school_year):
        raise Invalid("wrong-school-year", field="school_year")
    insert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    for _ in range(_ATTEMPTS_AT_A_CODE):
        made = tx.execute(
            insert(SchoolClass)
            .values(
                ref=code(chance, REF_LETTERS),
                code=code(chance, CODE_LETTERS),
                name=tidy,
                school_id=school_id,
                school_other="" if school_id else school_other,
                school_year=school_year,
                teacher_id=teacher_id,
                made_at=now,
            )
            .on_conflict_do_nothing()
            .returning(SchoolClass.ref)
        ).scalar_one_or_none()
        if made is not None:
            break
        if _has_class(tx, teacher_id, school_year, tidy):
            raise Conflict("class-exists")
    else:
        raise Conflict("no-free-code")
    ledger.append(
        tx,
        kind="people.make_class",
        subject=f"class:{made}",
        by=by,
        now=now,
        facts={"school_year": school_year},
    )
    return queries.class_of(tx, made, teacher_id)


def is_school_year(text: str) -> bool:
    """Two years that follow each other: 2026-2027."""
    found = _SCHOOL_YEAR.fullmatch(text)
    return found is not None and int(found[2]) == int(found[1]) + 1


def _has_class(tx: Tx, teacher_id: int, school_year: str, name: str) -> bool:
    asked = sa.select(SchoolClass.id).where(
        SchoolClass.teacher_id == teacher_id,
        SchoolClass.school_year == school_year,
        SchoolClass.name == name,
    )
    return tx.execute(asked).first() is not None


def remove_pupil(tx: Tx, *, class_id: int, pupil: str, by: str, now: datetime) -> bool:
    """
    Takes a pupil out of the class: the card stops working, the account and its entries stay.
    False when the pupil was not in it (any more). `pupil`: the account's ref.
    """
    account_id = tx.execute(sa.select(Account.id).where(Account.ref == pupil)).scalar_one_or_none()
    if account_id is None:
        return False
    gone = tx.execute(
        sa.update(ClassPupil)
        .where(
            ClassPupil.class_id == class_id,
            ClassPupil.account_id == account_id,
            ClassPupil.left_at.is_(None),
        )
        .values(left_at=now, card_digest=None)
    )
    if not gone.rowcount:
        return False
    ledger.append(
        tx,
        kind="people.remove_pupil",
        subject=pupil,
        by=by,
        now=now,
        facts={"class": _ref_of_class(tx, class_id)},
    )
    return True


def _ref_of_class(tx: Tx, class_id: int) -> str:
    found: str = tx.execute(
        sa.select(SchoolClass.ref).where(SchoolClass.id == class_id)
    ).scalar_one()
    return found


def import_list(
    tx: Tx,
    *,
    class_id: int,
    pupils: Sequence[PupilRow],
    columns: str,
    secret_key: bytes,
    first: int = 0,
    count: int = PIECE,
    by: str,
    chance: Chance,
    now: datetime,
) -> Imported:
    """
    Brings `count` lines of a list in, from the line at `first` (from 0) on; `pupils` is the whole
    list, since a line is understood beside the others. Lines that are in already change nothing,
    so that a list may be brought in again from its beginning after whatever came between.

    Accounts are made without a password and nobody consents by it. Nobody leaves the class.
    `columns`: how the list was read, kept for the next one. `secret_key` makes the cards' letters.
    """
    # Two presses at once on PostgreSQL would make two accounts of every child.
    asked = sa.select(SchoolClass.ref, SchoolClass.teacher_id).where(SchoolClass.id == class_id)
    found = tx.execute(asked.with_for_update()).one()
    this = queries.class_of(tx, found.ref, found.teacher_id)
    names = {name_key(tidy_name(row.full_name)) for row in pupils}
    piece = plan(pupils, known_for(tx, this, names)).steps[first : first + count]
    wards = Wards(wards_on(tx, now.astimezone(HANOI).date()))
    refs = _refs(tx, [step.known.account_id for step in piece if step.known])
    figures: dict[Kind, int] = defaultdict(int)
    for step in piece:
        if step.known is None:
            made = register_account(
                tx,
                full_name=step.full_name,
                birth_date=step.row.birth_date,
                birth_is_year=step.row.birth_is_year,
                ward_id=wards.named(step.row.ward),
                school_id=this.school_id,
                school_other="" if this.school_id else this.school,
                signs=False,
                chance=chance,
                now=now,
            )
            account_id, ref = made.account_id, made.ref
        else:
            account_id = step.known.account_id
            ref = refs[account_id]
            _correct(tx, step, wards, this, ref, by, now)
        _enrol(tx, this, step, account_id, ref, secret_key, now)
        figures[step.kind] += 1
    if any(figures[kind] for kind in ("new", "back", "moved", "changed")):
        ledger.append(
            tx,
            kind="people.import_class_list",
            subject=f"class:{this.ref}",
            by=by,
            now=now,
            facts={kind: figures[kind] for kind in figures},
        )
    tx.execute(sa.update(SchoolClass).where(SchoolClass.id == this.id).values(columns=columns))
    return Imported(
        new=figures["new"],
        back=figures["back"],
        moved=figures["moved"],
        changed=figures["changed"],
        same=figures["same"],
        upto=min(first + count, len(pupils)),
    )


def _refs(tx: Tx, account_ids: Sequence[int]) -> dict[int, str]:
    rows = tx.execute(sa.select(Account.id, Account.ref).where(Account.id.in_(account_ids)))
    return {row.id: row.ref for row in rows}


def _correct(
    tx: Tx, step: Step, wards: Wards, this: ClassView, ref: str, by: str, now: datetime
) -> None:
    """
    What the list knows better: the name's spelling, the birth date, a home nobody has told.

    A name or a birth date decides what the public sees, so the ledger says whose was corrected:
    that is what prepared names and published files follow.
    """
    values: dict[str, Any] = {}
    if "full_name" in step.changes:
        values |= {
            "full_name": step.full_name,
            "name_key": name_key(step.full_name),
            "search_key": name_search_key(step.full_name),
        }
    if "birth_date" in step.changes:
        values |= {
            "birth_date": step.row.birth_date,
            "birth_is_year": step.row.birth_is_year,
        }
    assert step.known is not None
    account = Account.id == step.known.account_id
    if step.kind == "moved":
        values |= {"school_id": this.school_id, "school_other": ""}
    if values:
        tx.execute(sa.update(Account).where(account).values(**values))
    corrected = [each for each in ("full_name", "birth_date") if each in values]
    if corrected:
        ledger.append(
            tx,
            kind="people.correct_pupil",
            subject=ref,
            by=by,
            now=now,
            facts={"corrected": corrected, "class": this.ref},
        )
        today = now.astimezone(HANOI).date()
        was, is_now = step.known.birth_date, values.get("birth_date", step.known.birth_date)
        if band(was, today) != "self" and band(is_now, today) == "self":
            ask_again(tx, account_id=step.known.account_id, by=by, now=now)
    ward_id = wards.named(step.row.ward)
    if ward_id is not None:
        homeless = (Account.ward_id.is_(None), Account.ward_other == "")
        tx.execute(sa.update(Account).where(account, *homeless).values(ward_id=ward_id))


def _enrol(
    tx: Tx,
    this: ClassView,
    step: Step,
    account_id: int,
    ref: str,
    secret_key: bytes,
    now: datetime,
) -> None:
    """The line in the class: written anew, or taken up again with the card that was printed."""
    values: dict[str, Any] = {"number": step.number}
    if step.row.school_number:
        values["school_number"] = step.row.school_number
    here = (ClassPupil.class_id == this.id, ClassPupil.account_id == account_id)
    if step.kind in ("same", "changed"):
        tx.execute(sa.update(ClassPupil).where(*here, ClassPupil.left_at.is_(None)).values(values))
        return
    serial = 1
    if step.kind == "moved":
        serial = 1 + _leave_earlier(tx, this, account_id, now)
    if step.kind == "back":
        last = tx.execute(
            sa.select(ClassPupil.id, ClassPupil.card_serial)
            .where(*here)
            .order_by(ClassPupil.id.desc())
            .limit(1)
        ).one()
        letters = card_letters(secret_key, ref, last.card_serial)
        tx.execute(
            sa.update(ClassPupil)
            .where(ClassPupil.id == last.id)
            .values(left_at=None, card_digest=card_digest(this.code, letters), **values)
        )
        return
    tx.execute(
        sa.insert(ClassPupil).values(
            class_id=this.id,
            account_id=account_id,
            card_serial=serial,
            card_digest=card_digest(this.code, card_letters(secret_key, ref, serial)),
            joined_at=now,
            **values,
        )
    )


def _leave_earlier(tx: Tx, this: ClassView, account_id: int, now: datetime) -> int:
    """Out of the classes of earlier years. Returns the last serial of a card."""
    earlier = sa.select(SchoolClass.id).where(SchoolClass.school_year < this.school_year)
    tx.execute(
        sa.update(ClassPupil)
        .where(
            ClassPupil.account_id == account_id,
            ClassPupil.class_id.in_(earlier),
            ClassPupil.left_at.is_(None),
        )
        .values(left_at=now, card_digest=None)
    )
    asked = sa.select(sa.func.max(ClassPupil.card_serial))
    last: int = tx.execute(asked.where(ClassPupil.account_id == account_id)).scalar_one()
    return last
