"""Who could be meant by the lines of a class list: what matching.py is asked with."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

import sqlalchemy as sa

from contest.infra.database import Tx
from contest.people.classes.matching import Known, Where
from contest.people.classes.models import ClassPupil, SchoolClass
from contest.people.classes.queries import ClassView, schools_of_teacher
from contest.people.models import Account

_KEYS_A_STATEMENT = 500

_KNOWN = sa.select(
    ClassPupil.account_id,
    Account.full_name,
    Account.birth_date,
    Account.birth_is_year,
    ClassPupil.number,
    ClassPupil.school_number,
    ClassPupil.left_at,
).join(Account, Account.id == ClassPupil.account_id)


def known_for(tx: Tx, school_class: ClassView, name_keys: Collection[str]) -> list[Known]:
    """
    Everybody who is or was in the class, and those of these names in earlier years of the school.

    Children of colleagues' classes only at a school for which the teacher holds the role: whoever
    types a name and a school gets nobody's account by it.
    """
    found: dict[int, Known] = {}
    of_class = _KNOWN.where(ClassPupil.class_id == school_class.id, Account.erased_at.is_(None))
    # The one who is here comes last and stands.
    ordered = of_class.order_by(ClassPupil.left_at.is_(None), ClassPupil.id)
    for row in tx.execute(ordered).mappings():
        where: Where = "here" if row["left_at"] is None else "removed"
        found[row["account_id"]] = _known(row, where)
    if school_class.school_id not in schools_of_teacher(tx, school_class.teacher_id):
        return list(found.values())
    earlier = (
        _KNOWN.join(SchoolClass, SchoolClass.id == ClassPupil.class_id)
        .where(
            SchoolClass.school_id == school_class.school_id,
            SchoolClass.school_year < school_class.school_year,
            ClassPupil.left_at.is_(None),
            Account.erased_at.is_(None),
            Account.name_key.in_(sa.bindparam("keys", expanding=True)),
        )
        .order_by(SchoolClass.school_year.desc(), ClassPupil.id)
    )
    for keys in _in_pieces(name_keys):
        for row in tx.execute(earlier, {"keys": keys}).mappings():
            found.setdefault(row["account_id"], _known(row, "earlier"))
    return list(found.values())


def _known(row: sa.RowMapping, where: Where) -> Known:
    facts = {key: value for key, value in row.items() if key != "left_at"}
    return Known(**facts, where=where)


def namesakes(tx: Tx, school_class: ClassView, name_keys: Collection[str]) -> set[tuple[str, date]]:
    """
    Name keys and birth dates of people at the same school who are not in the class: perhaps the
    same child with a second account. A hint for the teacher's eye, never a reason to merge.
    """
    if school_class.school_id is None:
        return set()
    inside = sa.select(ClassPupil.account_id).where(ClassPupil.class_id == school_class.id)
    asked = sa.select(Account.name_key, Account.birth_date).where(
        Account.name_key.in_(sa.bindparam("keys", expanding=True)),
        Account.school_id == school_class.school_id,
        Account.erased_at.is_(None),
        Account.id.not_in(inside),
    )
    return {
        (row.name_key, row.birth_date)
        for keys in _in_pieces(name_keys)
        for row in tx.execute(asked, {"keys": keys})
    }


def _in_pieces(keys: Collection[str]) -> Iterator[Sequence[str]]:
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), _KEYS_A_STATEMENT):
        yield wanted[start : start + _KEYS_A_STATEMENT]
