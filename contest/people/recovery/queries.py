from datetime import date, datetime

import msgspec
import sqlalchemy as sa

from contest.access import Role
from contest.infra.chance import grouped
from contest.infra.database import Tx
from contest.people.models import Account, PasswordReset, RoleGrant
from contest.people.password_policy import is_staff
from contest.people.sign_in.queries import CANDIDATES


class WithEmail(msgspec.Struct, frozen=True, kw_only=True):
    """One of the accounts that share an address; `code` is grouped."""

    account_id: int
    full_name: str
    code: str
    language: str


class WayIn(msgspec.Struct, frozen=True, kw_only=True):
    """Whose password is set anew, and what the policy needs to know of them. `code` is grouped."""

    account_id: int
    code: str
    full_name: str
    birth_date: date
    email: str | None
    phone: str | None
    is_staff: bool


def accounts_with_email(tx: Tx, email: str) -> list[WithEmail]:
    rows = tx.execute(
        sa.select(Account.id, Account.full_name, Account.code, Account.language)
        .where(Account.email == email)
        .order_by(Account.id)
        .limit(CANDIDATES)
    )
    return [
        WithEmail(
            account_id=row.id,
            full_name=row.full_name,
            code=grouped(row.code),
            language=row.language,
        )
        for row in rows
    ]


def usable(token_digest: str, way: str, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        PasswordReset.id == token_digest,
        PasswordReset.way == way,
        PasswordReset.used_at.is_(None),
        PasswordReset.expires_at > now,
    )


def way_in_by_link(tx: Tx, token_digest: str, now: datetime) -> WayIn | None:
    """Whom the letter's link belongs to, while it works."""
    return _way_in(tx, _holder(token_digest, "mail", now))


def way_in_by_code(tx: Tx, code_digest: str, now: datetime) -> WayIn | None:
    """Whom a recovery code or a code of the desk belongs to, while it works."""
    by_recovery_code = _way_in(tx, Account.recovery_hash == code_digest)
    return by_recovery_code or _way_in(tx, _holder(code_digest, "desk", now))


def _holder(token_digest: str, way: str, now: datetime) -> sa.ColumnElement[bool]:
    return Account.id.in_(sa.select(PasswordReset.account_id).where(usable(token_digest, way, now)))


def _way_in(tx: Tx, which: sa.ColumnElement[bool]) -> WayIn | None:
    rows = tx.execute(
        sa.select(
            Account.id,
            Account.code,
            Account.full_name,
            Account.birth_date,
            Account.email,
            Account.phone,
            RoleGrant.role,
        )
        .outerjoin(
            RoleGrant, sa.and_(RoleGrant.account_id == Account.id, RoleGrant.ended_at.is_(None))
        )
        .where(which)
    ).all()
    if not rows:
        return None
    return WayIn(
        account_id=rows[0].id,
        code=grouped(rows[0].code),
        full_name=rows[0].full_name,
        birth_date=rows[0].birth_date,
        email=rows[0].email,
        phone=rows[0].phone,
        is_staff=is_staff(Role(row.role) for row in rows if row.role is not None),
    )
