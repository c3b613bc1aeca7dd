"""Every query here asks of one teacher's own classes: the join with the teacher is the right."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
import sqlalchemy as sa

from contest.errors import NotFound
from contest.infra.database import Tx
from contest.people.classes.models import ClassListUpload, ClassPupil, SchoolClass
from contest.people.consent import TAKE_PART
from contest.people.consent.machine import State
from contest.people.consent.models import Consent
from contest.people.consent.queries import signatures, state_of
from contest.people.models import Account, RoleGrant, SessionRow
from contest.units.models import School


class ClassView(msgspec.Struct, frozen=True, kw_only=True):
    """A class. `school`: its name in words. `columns`: how the last list was read, JSON."""

    id: int
    ref: str
    code: str
    name: str
    school_id: str | None
    school: str
    school_year: str
    teacher_id: int
    columns: str
    made_at: datetime


class ClassCard(msgspec.Struct, frozen=True, kw_only=True):
    """
    A class with its figures. `signed_in`: pupils who have used their card; `may_take_part`: whose
    consent stands today.
    """

    school_class: ClassView
    pupils: int
    signed_in: int
    may_take_part: int

    @property
    def missing(self) -> int:
        return self.pupils - self.may_take_part


class PupilView(msgspec.Struct, frozen=True, kw_only=True):
    """
    A pupil who is in the class now. `number`: the line in the class list. With `birth_is_year`
    the date is the last day of the year. `has_card`: a card of this serial opens the account.
    """

    account_id: int
    ref: str
    full_name: str
    name_key: str
    birth_date: date
    birth_is_year: bool
    ward_id: str | None
    number: int
    school_number: str
    card_serial: int
    has_card: bool
    joined_at: datetime


class UploadView(msgspec.Struct, frozen=True, kw_only=True):
    """A list as it was read. `cells`, `chosen`: JSON, see models.ClassListUpload."""

    ref: str
    class_id: int
    file_name: str
    cells: str
    chosen: str
    made_at: datetime
    brought_in_at: datetime | None


_CLASS = sa.select(
    SchoolClass.id,
    SchoolClass.ref,
    SchoolClass.code,
    SchoolClass.name,
    SchoolClass.school_id,
    sa.func.coalesce(School.name, SchoolClass.school_other).label("school"),
    SchoolClass.school_year,
    SchoolClass.teacher_id,
    SchoolClass.columns,
    SchoolClass.made_at,
).outerjoin(School, School.id == SchoolClass.school_id)

# An erased person is in no list any more.
_PRESENT = sa.and_(ClassPupil.left_at.is_(None), Account.erased_at.is_(None))

_PUPIL = sa.select(
    ClassPupil.account_id,
    Account.ref,
    Account.full_name,
    Account.name_key,
    Account.birth_date,
    Account.birth_is_year,
    Account.ward_id,
    ClassPupil.number,
    ClassPupil.school_number,
    ClassPupil.card_serial,
    ClassPupil.card_digest.is_not(None).label("has_card"),
    ClassPupil.joined_at,
).join(Account, Account.id == ClassPupil.account_id)


def classes_of(tx: Tx, teacher_id: int) -> list[ClassView]:
    """A teacher's classes, the newest school year first."""
    rows = tx.execute(
        _CLASS.where(SchoolClass.teacher_id == teacher_id).order_by(
            SchoolClass.school_year.desc(), SchoolClass.name, SchoolClass.id
        )
    )
    return [ClassView(**row) for row in rows.mappings()]


def own_classes(tx: Tx, teacher_id: int, *, on: date) -> list[ClassCard]:
    """The classes with their figures of the day; a fixed number of statements."""
    classes = classes_of(tx, teacher_id)
    rows = tx.execute(
        sa.select(ClassPupil.class_id, Account.id, Account.birth_date)
        .join(Account, Account.id == ClassPupil.account_id)
        .where(ClassPupil.class_id.in_([each.id for each in classes]), _PRESENT)
    ).all()
    ids = [row.id for row in rows]
    of = signatures(tx, ids, (TAKE_PART,))
    entered = _signed_in(tx, [each.id for each in classes])
    figures = {each.id: [0, 0, 0] for each in classes}
    for class_id, account_id, born in rows:
        of_class = figures[class_id]
        of_class[0] += 1
        of_class[1] += account_id in entered
        of_class[2] += state_of(of, account_id, TAKE_PART, born, on=on) is State.STANDS
    return [
        ClassCard(
            school_class=each,
            pupils=figures[each.id][0],
            signed_in=figures[each.id][1],
            may_take_part=figures[each.id][2],
        )
        for each in classes
    ]


def class_of(tx: Tx, ref: str, teacher_id: int) -> ClassView:
    """The teacher's own class. Raises NotFound("no-class"), also for somebody else's."""
    row = (
        tx.execute(_CLASS.where(SchoolClass.ref == ref, SchoolClass.teacher_id == teacher_id))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound("no-class")
    return ClassView(**row)


def pupils(tx: Tx, class_id: int) -> list[PupilView]:
    """Who is in the class, in the order of the class list."""
    rows = tx.execute(
        _PUPIL.where(ClassPupil.class_id == class_id, _PRESENT).order_by(
            ClassPupil.number, Account.name_key, Account.id
        )
    )
    return [PupilView(**row) for row in rows.mappings()]


def pupil_of(tx: Tx, class_id: int, ref: str) -> PupilView:
    """One pupil of the class. Raises NotFound("no-pupil")."""
    row = (
        tx.execute(_PUPIL.where(ClassPupil.class_id == class_id, Account.ref == ref, _PRESENT))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound("no-pupil")
    return PupilView(**row)


def take_part_states(tx: Tx, of: Sequence[PupilView], *, on: date) -> dict[int, State]:
    """Account → the state of the consent to take part, for all at once."""
    signed = signatures(tx, [each.account_id for each in of], (TAKE_PART,))
    return {
        each.account_id: state_of(signed, each.account_id, TAKE_PART, each.birth_date, on=on)
        for each in of
    }


def signed_in(tx: Tx, class_id: int) -> set[int]:
    """Pupils of the class of whom we know that they signed in: their cards have reached them."""
    return _signed_in(tx, [class_id])


def _signed_in(tx: Tx, class_ids: Sequence[int]) -> set[int]:
    found = tx.execute(
        sa.select(ClassPupil.account_id)
        .where(
            ClassPupil.class_id.in_(list(class_ids)),
            ClassPupil.left_at.is_(None),
            sa.or_(
                sa.exists().where(SessionRow.account_id == ClassPupil.account_id),
                # Sessions end; what was signed with one's own account stays.
                sa.exists().where(
                    Consent.account_id == ClassPupil.account_id,
                    Consent.signer == "self",
                    Consent.proof == "account",
                ),
            ),
        )
        .distinct()
    )
    return set(found.scalars())


def schools_of_teacher(tx: Tx, teacher_id: int) -> list[str]:
    """Ids of the schools for which the person holds the role of a teacher."""
    found = tx.execute(
        sa.select(RoleGrant.scope_ref)
        .join(School, School.id == RoleGrant.scope_ref)
        .where(
            RoleGrant.account_id == teacher_id,
            RoleGrant.role == "teacher",
            RoleGrant.ended_at.is_(None),
        )
        .order_by(RoleGrant.id)
    )
    return list(found.scalars())


def upload_of(tx: Tx, class_id: int, ref: str) -> UploadView:
    """A list that waits. Raises NotFound("no-class-list"): also a day later."""
    row = (
        tx.execute(
            sa.select(
                ClassListUpload.ref,
                ClassListUpload.class_id,
                ClassListUpload.file_name,
                ClassListUpload.cells,
                ClassListUpload.chosen,
                ClassListUpload.made_at,
                ClassListUpload.brought_in_at,
            ).where(ClassListUpload.ref == ref, ClassListUpload.class_id == class_id)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound("no-class-list")
    return UploadView(**row)
