from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec
import sqlalchemy as sa

from contest.access import Grant, Role, Scope
from contest.errors import NotFound
from contest.infra.chance import grouped
from contest.infra.database import Tx
from contest.people.consent import NAME_ON_BOARDS, PUBLIC_PURPOSES, SCHOOL_ON_BOARDS
from contest.people.consent.machine import State
from contest.people.consent.queries import signatures, state_of
from contest.people.contacts import identify, masked_email, masked_phone
from contest.people.models import Account, RoleGrant
from contest.people.names import public_name
from contest.units.models import Unit
from contest.units.sorting import search_words

FOUND_AT_MOST = 20
_IDS_A_STATEMENT = 500


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """All that is kept of a person but their secrets: for themselves and for the rules."""

    id: int
    ref: str
    code: str
    full_name: str
    birth_date: date
    email: str | None
    phone: str | None
    ward_id: str | None
    ward_other: str
    school_id: str | None
    school_other: str
    has_password: bool
    password_is_short: bool
    has_recovery_code: bool
    name_hidden: bool
    created_at: datetime
    birth_is_year: bool
    language: str
    is_erased: bool


class Shown(msgspec.Struct, frozen=True):
    """
    What the public may see of a person: `name` in its short form (N. T. Hà) or None, and the
    purposes whose consent stands. A school: only with `may_show_school`.
    """

    name: str | None
    allowed: frozenset[str]

    @property
    def may_show_school(self) -> bool:
        return SCHOOL_ON_BOARDS in self.allowed


class PersonLine(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the organiser's desk sees them: enough to be sure who it is."""

    account_id: int
    ref: str
    code: str
    full_name: str
    birth_date: date
    ward: str
    phone: str
    email: str
    roles: tuple[str, ...]
    # Then there is no name any more: only the entries under their codes.
    is_erased: bool


_ACCOUNT = sa.select(
    Account.id,
    Account.ref,
    Account.code,
    Account.full_name,
    Account.birth_date,
    Account.email,
    Account.phone,
    Account.ward_id,
    Account.ward_other,
    Account.school_id,
    Account.school_other,
    Account.password_hash.is_not(None).label("has_password"),
    Account.password_is_short,
    Account.recovery_hash.is_not(None).label("has_recovery_code"),
    Account.name_hidden_at.is_not(None).label("name_hidden"),
    Account.created_at,
    Account.birth_is_year,
    Account.language,
    Account.erased_at.is_not(None).label("is_erased"),
)
ACCOUNT_BY_ID = _ACCOUNT.where(Account.id == sa.bindparam("account_id"))
REF_BY_ID = sa.select(Account.ref).where(Account.id == sa.bindparam("account_id"))
# Of an erased person nothing can be changed any more.
ID_BY_REF = sa.select(Account.id).where(
    Account.ref == sa.bindparam("ref"), Account.erased_at.is_(None)
)

FACES = sa.select(
    Account.id, Account.full_name, Account.birth_date, Account.name_hidden_at, Account.erased_at
).where(Account.id.in_(sa.bindparam("ids", expanding=True)))

ROLES_HELD = sa.select(
    RoleGrant.account_id, RoleGrant.role, RoleGrant.scope, RoleGrant.scope_ref
).where(RoleGrant.account_id.in_(sa.bindparam("ids", expanding=True)), RoleGrant.ended_at.is_(None))


def account(tx: Tx, account_id: int) -> AccountView:
    """Raises NotFound("no-person")."""
    row = tx.execute(ACCOUNT_BY_ID, {"account_id": account_id}).mappings().one_or_none()
    if row is None:
        raise NotFound("no-person")
    return AccountView(**row)


def ref_of(tx: Tx, account_id: int) -> str:
    """What stands in the ledger for the person. Raises NotFound("no-person")."""
    found: str | None = tx.execute(REF_BY_ID, {"account_id": account_id}).scalar_one_or_none()
    if found is None:
        raise NotFound("no-person")
    return found


def account_id_by_ref(tx: Tx, ref: str) -> int:
    """Raises NotFound("no-person"), also for somebody whose account is erased."""
    found: int | None = tx.execute(ID_BY_REF, {"ref": ref}).scalar_one_or_none()
    if found is None:
        raise NotFound("no-person")
    return found


def shown(
    tx: Tx, account_ids: Iterable[int], *, on: date, purposes: Sequence[str] = PUBLIC_PURPOSES
) -> dict[int, Shown]:
    """
    Account → what any public page, file or prepared form may show of the person on that day.

    The only place that decides it: every signature of the consent counts as the day and the birth
    date say (consent/machine.py), and a name that had to be hidden or an erased person is never
    shown. Who is missing shows nothing: the entry's code and the ward. `purposes`: those asked of.
    """
    wanted = list(dict.fromkeys(account_ids))
    faces: dict[int, Shown] = {}
    for start in range(0, len(wanted), _IDS_A_STATEMENT):
        some = wanted[start : start + _IDS_A_STATEMENT]
        of = signatures(tx, some, purposes)
        if not of:
            continue
        signed = {account_id for account_id, _purpose in of}
        for account_id, name, born, hidden_at, erased_at in tx.execute(
            FACES, {"ids": list(signed)}
        ).all():
            allowed = frozenset(
                purpose
                for purpose in purposes
                if erased_at is None
                and state_of(of, account_id, purpose, born, on=on) is State.STANDS
            )
            if allowed:
                has_name = NAME_ON_BOARDS in allowed and hidden_at is None
                faces[account_id] = Shown(public_name(name) if has_name else None, allowed)
    return faces


def shown_names(tx: Tx, account_ids: Iterable[int], *, on: date) -> dict[int, str]:
    """The names of `shown`; whoever is missing is shown by the code of their entry."""
    faces = shown(tx, account_ids, on=on, purposes=(NAME_ON_BOARDS,))
    return {account_id: face.name for account_id, face in faces.items() if face.name is not None}


def grants_of(tx: Tx, account_id: int) -> list[Grant]:
    """The roles a person holds now."""
    return [
        Grant(Role(row.role), Scope(row.scope), row.scope_ref)
        for row in tx.execute(ROLES_HELD, {"ids": [account_id]})
    ]


def find_people(tx: Tx, text: str, *, limit: int = FOUND_AT_MOST) -> list[PersonLine]:
    """
    People by sign-in code, telephone or e-mail exactly, or by words of the name without tones.

    In Vietnamese order of the given name. A word of eight letters may be a code and a name: both.
    """
    ways: list[sa.ColumnElement[bool]] = []
    identifier = identify(text)
    if identifier is not None:
        column = {"code": Account.code, "email": Account.email, "phone": Account.phone}
        ways.append(column[identifier.kind] == identifier.value)
    words = search_words(text)
    if words and "@" not in text:
        ways.append(sa.and_(*(Account.search_key.contains(word) for word in words)))
    if not ways:
        return []
    return _people(tx, sa.and_(sa.or_(*ways), Account.erased_at.is_(None)), limit)


def person_line(tx: Tx, ref: str) -> PersonLine:
    """One person for the desk. Raises NotFound("no-person")."""
    found = _people(tx, Account.ref == ref, 1)
    if not found:
        raise NotFound("no-person")
    return found[0]


def _people(tx: Tx, which: sa.ColumnElement[bool], limit: int) -> list[PersonLine]:
    rows = tx.execute(
        sa.select(
            Account.id,
            Account.ref,
            Account.code,
            Account.full_name,
            Account.birth_date,
            Account.phone,
            Account.email,
            sa.func.coalesce(Unit.name, Account.ward_other).label("ward"),
            Account.erased_at.is_not(None).label("is_erased"),
        )
        .outerjoin(Unit, Unit.id == Account.ward_id)
        .where(which)
        .order_by(Account.name_key, Account.birth_date, Account.ref)
        .limit(limit)
    ).all()
    roles = _roles(tx, [row.id for row in rows])
    return [
        PersonLine(
            account_id=row.id,
            ref=row.ref,
            code=grouped(row.code),
            full_name=row.full_name,
            birth_date=row.birth_date,
            ward=row.ward,
            phone=masked_phone(row.phone),
            email=masked_email(row.email),
            roles=tuple(sorted(roles.get(row.id, ()))),
            is_erased=row.is_erased,
        )
        for row in rows
    ]


def _roles(tx: Tx, ids: Sequence[int]) -> dict[int, set[str]]:
    held: dict[int, set[str]] = {}
    if ids:
        for row in tx.execute(ROLES_HELD, {"ids": ids}):
            held.setdefault(row.account_id, set()).add(row.role)
    return held
