from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.errors import NotFound
from contest.infra.database import Tx
from contest.ledger import commands as ledger
from contest.people.classes.cards import Card, card_letters
from contest.people.classes.models import ClassPupil, SchoolClass
from contest.people.models import Account
from contest.people.sign_in.commands import end_all_sessions


class Renewed(msgspec.Struct, frozen=True, kw_only=True):
    """`is_new`: False when the card had been renewed since the page was shown."""

    account_id: int
    is_new: bool


class PrintedCard(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on a pupil's card."""

    ref: str
    full_name: str
    card: Card


_PRESENT = (
    sa.select(
        ClassPupil.id,
        ClassPupil.account_id,
        ClassPupil.card_serial,
        ClassPupil.card_digest,
        Account.ref,
        Account.full_name,
    )
    .join(Account, Account.id == ClassPupil.account_id)
    .where(
        ClassPupil.class_id == sa.bindparam("class_id"),
        ClassPupil.left_at.is_(None),
        Account.erased_at.is_(None),
    )
    .order_by(ClassPupil.number, Account.name_key, Account.id)
)


def renew_card(
    tx: Tx,
    *,
    class_id: int,
    pupil: str,
    seen_serial: int,
    secret_key: bytes,
    by: str,
    now: datetime,
) -> Renewed:
    """
    Another card for the pupil (an account's ref): the one before opens nothing any more, and who
    is signed in with it is signed out. `seen_serial`: the card that is to be replaced; once it is,
    a second press does nothing. Raises NotFound("no-pupil").
    """
    class_ref, class_code = _locked_class(tx, class_id)
    row = tx.execute(_PRESENT.where(Account.ref == pupil), {"class_id": class_id}).one_or_none()
    if row is None:
        raise NotFound("no-pupil")
    if row.card_serial != seen_serial:
        return Renewed(account_id=row.account_id, is_new=False)
    serial, _ = _replace(tx, row.id, row.account_id, row.ref, class_code, secret_key)
    end_all_sessions(tx, account_id=row.account_id)
    ledger.append(
        tx,
        kind="people.renew_card",
        subject=row.ref,
        by=by,
        now=now,
        facts={"class": class_ref, "serial": serial},
    )
    return Renewed(account_id=row.account_id, is_new=True)


def print_cards(
    tx: Tx,
    *,
    class_id: int,
    pupils: Sequence[str],
    secret_key: bytes,
    by: str,
    now: datetime,
) -> list[PrintedCard]:
    """
    The cards of these pupils of a class (accounts' refs) as they are now, in the order of the list;
    who has left it since is not among them.

    Letters come from the installation's key. Where that is another one than when a card was made,
    the old letters cannot be printed again: such a card is replaced, and nobody is signed out by
    it, since nothing was lost.
    """
    class_ref, class_code = _locked_class(tx, class_id)
    wanted, printed, replaced = set(pupils), list[PrintedCard](), 0
    for row in tx.execute(_PRESENT, {"class_id": class_id}).all():
        if row.ref not in wanted:
            continue
        card = Card(class_code, card_letters(secret_key, row.ref, row.card_serial))
        if card.digest != row.card_digest:
            serial, card = _replace(tx, row.id, row.account_id, row.ref, class_code, secret_key)
            replaced += 1
            ledger.append(
                tx,
                kind="people.renew_card",
                subject=row.ref,
                by=by,
                now=now,
                facts={"class": class_ref, "serial": serial, "why": "other-key"},
            )
        printed.append(PrintedCard(ref=row.ref, full_name=row.full_name, card=card))
    ledger.append(
        tx,
        kind="people.print_cards",
        subject=f"class:{class_ref}",
        by=by,
        now=now,
        facts={"cards": len(printed), "replaced": replaced},
    )
    return printed


def _locked_class(tx: Tx, class_id: int) -> Sequence[str]:
    # Two renewals at once on PostgreSQL would both count from the same serial.
    asked = sa.select(SchoolClass.ref, SchoolClass.code).where(SchoolClass.id == class_id)
    return tuple(tx.execute(asked.with_for_update()).one())


def _replace(
    tx: Tx, row_id: int, account_id: int, ref: str, class_code: str, secret_key: bytes
) -> tuple[int, Card]:
    # Above every card the child ever had, in whichever class: no letters come a second time.
    asked = sa.select(sa.func.max(ClassPupil.card_serial))
    serial = 1 + tx.execute(asked.where(ClassPupil.account_id == account_id)).scalar_one()
    card = Card(class_code, card_letters(secret_key, ref, serial))
    tx.execute(
        sa.update(ClassPupil)
        .where(ClassPupil.id == row_id)
        .values(card_serial=serial, card_digest=card.digest)
    )
    return serial, card
