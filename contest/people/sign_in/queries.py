from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.access import Actor, Grant, Role, Scope
from contest.infra.chance import grouped
from contest.infra.database import Tx
from contest.people.contacts import Identifier
from contest.people.models import Account, RoleGrant, SessionRow
from contest.web.context import Session

# Sharing a contact is for families. More than so many cost more hashing than one try may.
CANDIDATES = 8

SESSION = (
    sa.select(
        SessionRow.account_id,
        SessionRow.expires_at,
        Account.code,
        Account.full_name,
        Account.password_is_short,
        RoleGrant.role,
        RoleGrant.scope,
        RoleGrant.scope_ref,
    )
    .join(Account, Account.id == SessionRow.account_id)
    .outerjoin(RoleGrant, sa.and_(RoleGrant.account_id == Account.id, RoleGrant.ended_at.is_(None)))
    .where(SessionRow.id == sa.bindparam("session_id"))
)


class FoundSession(msgspec.Struct, frozen=True, kw_only=True):
    session: Session
    expires_at: datetime


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may be meant by what was typed; the password decides."""

    account_id: int
    ref: str
    code: str
    full_name: str
    password_hash: str | None


def session_of(tx: Tx, session_id: str, now: datetime) -> FoundSession | None:
    """The session with its person and roles, or None when it ended or ran out."""
    rows = tx.execute(SESSION, {"session_id": session_id}).all()
    if not rows or rows[0].expires_at <= now:
        return None
    first = rows[0]
    # A role asks for a longer password (password_policy.py); until then it sleeps.
    grants = tuple(
        Grant(Role(row.role), Scope(row.scope), row.scope_ref)
        for row in rows
        if row.role is not None and not first.password_is_short
    )
    actor = Actor(account_id=first.account_id, name=first.full_name, grants=grants)
    return FoundSession(
        session=Session(id=session_id, actor=actor, account_code=grouped(first.code)),
        expires_at=first.expires_at,
    )


_CANDIDATE = sa.select(
    Account.id.label("account_id"),
    Account.ref,
    Account.code,
    Account.full_name,
    Account.password_hash,
)


def candidates(tx: Tx, identifier: Identifier | None) -> list[Candidate]:
    """At most CANDIDATES people with this code, address or number, the oldest account first."""
    if identifier is None:
        return []
    column = {"code": Account.code, "email": Account.email, "phone": Account.phone}
    rows = tx.execute(
        _CANDIDATE.where(column[identifier.kind] == identifier.value)
        .order_by(Account.id)
        .limit(CANDIDATES)
    )
    return [Candidate(**row) for row in rows.mappings()]


def password_hash_of(tx: Tx, account_id: int) -> str | None:
    """For somebody signed in who must give their password again."""
    found: str | None = tx.execute(
        sa.select(Account.password_hash).where(Account.id == account_id)
    ).scalar_one_or_none()
    return found


def candidates_by_ref(tx: Tx, refs: list[str]) -> list[Candidate]:
    """Those among whom the chooser's page lets one choose."""
    rows = tx.execute(_CANDIDATE.where(Account.ref.in_(refs)).order_by(Account.name_key))
    return [Candidate(**row) for row in rows.mappings()]
