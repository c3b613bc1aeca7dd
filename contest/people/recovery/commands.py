from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from contest.access import Actor, Role
from contest.errors import NotAllowed, NotFound
from contest.infra.chance import Chance
from contest.infra.database import Tx
from contest.infra.mail import write_letter
from contest.ledger import commands as ledger
from contest.people import queries as people
from contest.people.models import Account, PasswordReset
from contest.people.recovery import queries
from contest.people.sign_in.commands import change_password
from contest.people.tokens import digest, new_desk_code

LINK_LIFETIME = timedelta(hours=1)
DESK_CODE_LIFETIME = timedelta(hours=24)
LETTER = "people.password_reset"
# Whoever may publish results must not be taken over by a colleague's click.
_RESET_BY_OPERATOR_ONLY = {Role.ORGANISER, Role.OPERATOR}


class Link(msgspec.Struct, frozen=True):
    """A way back in for one of the accounts that share an address."""

    account_id: int
    token_digest: str


class OneTimeCode(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk hands over, ungrouped; it stands nowhere else."""

    code: str
    expires_at: datetime


def start_password_reset(
    tx: Tx, *, email: str, links: Sequence[Link], subject: str, body: str, now: datetime
) -> None:
    """Keeps the links of one letter and puts the letter into the outbox, both or neither."""
    for link in links:
        _forget_unused(tx, link.account_id, "mail")
        tx.execute(
            sa.insert(PasswordReset).values(
                id=link.token_digest,
                account_id=link.account_id,
                way="mail",
                made_by="mail",
                made_at=now,
                expires_at=now + LINK_LIFETIME,
            )
        )
    write_letter(tx, kind=LETTER, to_address=email, subject=subject, body=body, now=now)


def use_password_reset(
    tx: Tx, *, token_digest: str, password_hash: str, password_is_short: bool, now: datetime
) -> int | None:
    """
    A new password by the letter's link; ends all sessions. Returns the account.

    None: there is no such link, it was used, or its hour is over.
    """
    account_id = _use(tx, token_digest, "mail", now)
    if account_id is None:
        return None
    change_password(
        tx,
        account_id=account_id,
        password_hash=password_hash,
        password_is_short=password_is_short,
    )
    return account_id


def use_recovery_code(
    tx: Tx,
    *,
    code_digest: str,
    password_hash: str,
    password_is_short: bool,
    new_recovery_hash: str,
    now: datetime,
) -> int | None:
    """
    A new password by the printed recovery code or by the desk's one-time code; ends all sessions.

    Either works once, and a new recovery code takes the place of the old. Returns the account, or
    None when no account has this code now.
    """
    account_id: int | None = tx.execute(
        sa.update(Account)
        .where(Account.recovery_hash == code_digest)
        .values(recovery_hash=new_recovery_hash)
        .returning(Account.id)
    ).scalar_one_or_none()
    if account_id is None:
        account_id = _use(tx, code_digest, "desk", now)
        if account_id is None:
            return None
        renew_recovery_code(tx, account_id=account_id, recovery_hash=new_recovery_hash)
    change_password(
        tx,
        account_id=account_id,
        password_hash=password_hash,
        password_is_short=password_is_short,
    )
    return account_id


def renew_recovery_code(tx: Tx, *, account_id: int, recovery_hash: str) -> None:
    """The old code stops working."""
    tx.execute(
        sa.update(Account).where(Account.id == account_id).values(recovery_hash=recovery_hash)
    )


def reset_sign_in(
    tx: Tx, *, account_id: int, by: Actor, by_ref: str, chance: Chance, now: datetime
) -> OneTimeCode:
    """
    A code that lets its holder set a new password once within a day, made at the desk for somebody
    whom the organiser has in front of them.

    The old password goes on working until then: the person may yet remember. An earlier code of the
    desk stops working. Raises NotAllowed("reset-by-operator") for an organiser's or operator's own
    account unless an operator does it, and NotFound("no-person").
    """
    subject = people.ref_of(tx, account_id)
    if people.account(tx, account_id).is_erased:
        raise NotFound("no-person")
    roles = {grant.role for grant in people.grants_of(tx, account_id)}
    if roles & _RESET_BY_OPERATOR_ONLY and Role.OPERATOR not in by.roles:
        raise NotAllowed("reset-by-operator")
    _forget_unused(tx, account_id, "desk")
    made = OneTimeCode(code=new_desk_code(chance), expires_at=now + DESK_CODE_LIFETIME)
    tx.execute(
        sa.insert(PasswordReset).values(
            id=digest(made.code),
            account_id=account_id,
            way="desk",
            made_by=by_ref,
            made_at=now,
            expires_at=made.expires_at,
        )
    )
    ledger.append(tx, kind="people.reset_sign_in", subject=subject, by=by_ref, now=now)
    return made


def _use(tx: Tx, token_digest: str, way: str, now: datetime) -> int | None:
    # One statement looks and marks: of two at once only one finds it unused.
    used: int | None = tx.execute(
        sa.update(PasswordReset)
        .where(queries.usable(token_digest, way, now))
        .values(used_at=now)
        .returning(PasswordReset.account_id)
    ).scalar_one_or_none()
    if used is not None:
        _forget_unused(tx, used, way)
    return used


def _forget_unused(tx: Tx, account_id: int, way: str) -> None:
    """One way back in of a kind at a time: the newest."""
    tx.execute(
        sa.delete(PasswordReset).where(
            PasswordReset.account_id == account_id,
            PasswordReset.way == way,
            PasswordReset.used_at.is_(None),
        )
    )
