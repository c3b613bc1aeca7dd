"""
Links sent to a parent's own mailbox, and what she does by one: sign, look, withdraw.

The link proves more than a press on the child's phone, because it goes to a contact that is not
the child's. Opening it uses nothing up; only the digest of its token is kept.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec
import sqlalchemy as sa

from contest.errors import Conflict, Invalid, NotFound
from contest.infra.chance import Chance
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.infra.mail import write_letter
from contest.people.classes.models import ClassPupil, SchoolClass
from contest.people.consent import TAKE_PART, queries
from contest.people.consent.commands import add_representative, sign, withdraw
from contest.people.consent.machine import band
from contest.people.consent.models import ConsentLink, Representative
from contest.people.models import Account

LINK_DAYS = 30
LETTER = "people.consent_link"


class LinkView(msgspec.Struct, frozen=True, kw_only=True):
    """
    A link that may be used now, and the child it is about. `representative_id` once signed by.

    `classes`: the names of those the child is in.
    """

    account_id: int
    child_name: str
    birth_date: date
    school_id: str | None
    school_other: str
    classes: list[str]
    email: str
    representative_id: int | None
    expires_at: datetime


class SentLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link that waits for its parent."""

    email: str
    made_at: datetime
    expires_at: datetime


def link(tx: Tx, token_digest: str, now: datetime) -> LinkView | None:
    """
    None: there is no such link, it was replaced, its 30 days are over before anybody signed by it,
    or the child is 16 by now.
    """
    row = tx.execute(
        sa.select(
            ConsentLink.account_id,
            Account.full_name.label("child_name"),
            Account.birth_date,
            Account.school_id,
            Account.school_other,
            ConsentLink.email,
            ConsentLink.representative_id,
            ConsentLink.expires_at,
        )
        .join(Account, Account.id == ConsentLink.account_id)
        .where(
            ConsentLink.id == token_digest,
            ConsentLink.ended_at.is_(None),
            sa.or_(ConsentLink.expires_at > now, ConsentLink.representative_id.is_not(None)),
            Account.erased_at.is_(None),
        )
    ).one_or_none()
    if row is None or band(row.birth_date, now.astimezone(HANOI).date()) == "self":
        return None
    classes = tx.execute(
        sa.select(SchoolClass.name)
        .join(ClassPupil, ClassPupil.class_id == SchoolClass.id)
        .where(ClassPupil.account_id == row.account_id, ClassPupil.left_at.is_(None))
        .order_by(SchoolClass.school_year.desc(), SchoolClass.name)
    ).scalars()
    return LinkView(**row._mapping, classes=list(classes))


def sent_link(tx: Tx, account_id: int, now: datetime) -> SentLink | None:
    """The newest link of a child by which nobody has signed yet."""
    row = tx.execute(
        sa.select(ConsentLink.email, ConsentLink.made_at, ConsentLink.expires_at)
        .where(
            ConsentLink.account_id == account_id,
            ConsentLink.ended_at.is_(None),
            ConsentLink.representative_id.is_(None),
            ConsentLink.expires_at > now,
        )
        .order_by(ConsentLink.made_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else SentLink(**row._mapping)


def ask_representative(
    tx: Tx,
    *,
    account_id: int,
    email: str,
    token_digest: str,
    subject: str,
    body: str,
    by: str,
    now: datetime,
) -> None:
    """
    Keeps the link and puts its letter into the outbox, both or neither. An earlier link by which
    nobody has signed stops working; one that was signed by goes on.

    Raises Conflict("of-age") from 16 on, Invalid("own-email") for the account's own address:
    that would prove no more than the child's phone.
    """
    child = tx.execute(
        sa.select(Account.birth_date, Account.email).where(Account.id == account_id)
    ).one()
    if band(child.birth_date, now.astimezone(HANOI).date()) == "self":
        raise Conflict("of-age")
    if email == child.email:
        raise Invalid("own-email", field="email")
    tx.execute(
        sa.update(ConsentLink)
        .where(
            ConsentLink.account_id == account_id,
            ConsentLink.representative_id.is_(None),
            ConsentLink.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    tx.execute(
        sa.insert(ConsentLink).values(
            id=token_digest,
            account_id=account_id,
            email=email,
            made_by=by,
            made_at=now,
            expires_at=now + timedelta(days=LINK_DAYS),
        )
    )
    write_letter(tx, kind=LETTER, to_address=email, subject=subject, body=body, now=now)


def sign_by_link(
    tx: Tx,
    *,
    token_digest: str,
    full_name: str,
    relation: str,
    purposes: Sequence[str],
    chance: Chance,
    now: datetime,
) -> list[str]:
    """
    The parent signs under these purposes. Returns those that are new. `full_name` and `relation`
    count the first time; after that the link is theirs.

    Raises NotFound("no-consent-link"), Invalid with the field that is wrong.
    """
    found, representative_id = _signer(
        tx, token_digest, full_name=full_name, relation=relation, chance=chance, now=now
    )
    return sign(
        tx,
        account_id=found.account_id,
        purposes=purposes,
        signer="representative",
        proof="link",
        representative_id=representative_id,
        by=_ref_of(tx, representative_id),
        now=now,
    )


def withdraw_by_link(
    tx: Tx,
    *,
    token_digest: str,
    purposes: Sequence[str],
    full_name: str = "",
    relation: str = "",
    chance: Chance,
    now: datetime,
) -> int | None:
    """
    The parent takes consents back, whoever gave them: also before she signed anything herself, for
    somebody may have signed on the child's phone in her name. Else as `commands.withdraw`.
    """
    found, representative_id = _signer(
        tx, token_digest, full_name=full_name, relation=relation, chance=chance, now=now
    )
    return withdraw(
        tx,
        account_id=found.account_id,
        purposes=purposes,
        by=_ref_of(tx, representative_id),
        by_whom="representative",
        now=now,
    )


def sign_on_same_phone(
    tx: Tx,
    *,
    account_id: int,
    full_name: str,
    relation: str,
    by: str,
    chance: Chance,
    now: datetime,
) -> list[str]:
    """
    A parent agrees on the child's phone that the child takes part: to nothing that others see.

    Raises Invalid with the field that is wrong, Conflict("of-age").
    """
    representative_id = add_representative(
        tx,
        account_id=account_id,
        full_name=full_name,
        relation=relation,
        by=by,
        chance=chance,
        now=now,
    )
    return sign(
        tx,
        account_id=account_id,
        purposes=[TAKE_PART],
        signer="representative",
        proof="same-phone",
        representative_id=representative_id,
        by=by,
        now=now,
    )


def _signer(
    tx: Tx, token_digest: str, *, full_name: str, relation: str, chance: Chance, now: datetime
) -> tuple[LinkView, int]:
    """The link, and who holds it: kept with it the first time."""
    found = link(tx, token_digest, now)
    if found is None:
        raise NotFound("no-consent-link")
    if found.representative_id is not None:
        return found, found.representative_id
    representative_id = add_representative(
        tx,
        account_id=found.account_id,
        full_name=full_name,
        relation=relation,
        email=found.email,
        by="link",
        chance=chance,
        now=now,
    )
    tx.execute(
        sa.update(ConsentLink)
        .where(ConsentLink.id == token_digest, ConsentLink.representative_id.is_(None))
        .values(representative_id=representative_id)
    )
    return found, representative_id


def _ref_of(tx: Tx, representative_id: int) -> str:
    return tx.execute(
        sa.select(Representative.ref).where(Representative.id == representative_id)
    ).scalar_one()


def representative_of(tx: Tx, found: LinkView) -> queries.RepresentativeView | None:
    """Who signed by this link."""
    return next(
        (
            each
            for each in queries.representatives(tx, found.account_id)
            if each.id == found.representative_id
        ),
        None,
    )
