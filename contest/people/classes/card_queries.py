"""Whose card it is, and why one that once was good is so no longer."""

from datetime import date
from typing import Literal

import msgspec
import sqlalchemy as sa

from contest.infra.database import Tx
from contest.people.classes.cards import Card, card_letters
from contest.people.classes.models import ClassPupil, SchoolClass
from contest.people.models import Account, RoleGrant

# erased: the person had the account erased; left: out of that class; renewed: a newer card is good.
Over = Literal["no-class", "wrong", "renewed", "left", "erased"]

# A card older than so many renewals is told like a wrong one.
_EARLIER_SERIALS = 50


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who a good card signs in. `has_role`: the account may do more than take part."""

    account_id: int
    ref: str
    full_name: str
    birth_date: date
    class_name: str
    has_role: bool


def holder(tx: Tx, card: Card) -> Holder | None:
    """The pupil of a good card; None for any other."""
    has_role = sa.exists().where(RoleGrant.account_id == Account.id, RoleGrant.ended_at.is_(None))
    row = (
        tx.execute(
            sa.select(
                ClassPupil.account_id,
                Account.ref,
                Account.full_name,
                Account.birth_date,
                SchoolClass.name.label("class_name"),
                has_role.label("has_role"),
            )
            .join(Account, Account.id == ClassPupil.account_id)
            .join(SchoolClass, SchoolClass.id == ClassPupil.class_id)
            .where(
                ClassPupil.card_digest == card.digest,
                ClassPupil.left_at.is_(None),
                Account.erased_at.is_(None),
            )
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else Holder(**row)


def why_over(tx: Tx, card: Card, *, secret_key: bytes) -> Over:
    """
    Why the card signs nobody in. Who holds a card that was really printed is told what became of
    it; for anything else there is only "wrong", or "no-class" where no class has that code.
    """
    pupils = tx.execute(
        sa.select(Account.ref, Account.erased_at, ClassPupil.card_serial, ClassPupil.left_at)
        .join(ClassPupil, ClassPupil.account_id == Account.id)
        .join(SchoolClass, SchoolClass.id == ClassPupil.class_id)
        .where(SchoolClass.code == card.class_code)
        # Who left and came back in another line: where they are now is what counts.
        .order_by(ClassPupil.left_at.is_not(None), ClassPupil.id)
    ).all()
    for ref, erased_at, serial, left_at in pupils:
        serials = range(max(1, serial - _EARLIER_SERIALS), serial + 1)
        if any(card_letters(secret_key, ref, each) == card.letters for each in serials):
            if erased_at is not None:
                return "erased"
            return "left" if left_at is not None else "renewed"
    if pupils or _has_class(tx, card.class_code):
        return "wrong"
    return "no-class"


def _has_class(tx: Tx, class_code: str) -> bool:
    asked = sa.select(SchoolClass.id).where(SchoolClass.code == class_code)
    return tx.execute(asked).first() is not None
