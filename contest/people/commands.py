from datetime import date, datetime, timedelta

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from contest.access import Grant
from contest.errors import Conflict, Invalid
from contest.infra.chance import Chance, code
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.ledger import commands as ledger
from contest.people import queries
from contest.people.birthdays import is_plausible
from contest.people.consent import NAME_ON_BOARDS, TAKE_PART
from contest.people.consent.commands import sign
from contest.people.consent.machine import SELF_CONSENT_AGE
from contest.people.contacts import CODE_LETTERS, normal_email, normal_phone
from contest.people.models import Account, RoleGrant
from contest.people.names import is_name, name_key, name_search_key, tidy_name
from contest.rules.eligibility import age_on

REF_LETTERS = 16
LANGUAGES = ("vi", "en")
# So long a repeated form is the same person's second press, and not somebody else's.
SAME_FORM = timedelta(minutes=15)
_ATTEMPTS_AT_A_CODE = 5


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """`is_new` is False when the same form had made the account already."""

    account_id: int
    code: str
    ref: str
    is_new: bool


def register_account(
    tx: Tx,
    *,
    full_name: str,
    birth_date: date,
    birth_is_year: bool = False,
    language: str = "vi",
    email: str | None = None,
    phone: str | None = None,
    ward_id: str | None = None,
    ward_other: str = "",
    school_id: str | None = None,
    school_other: str = "",
    password_hash: str | None = None,
    password_is_short: bool = False,
    recovery_hash: str | None = None,
    shows_name: bool = False,
    signs: bool = True,
    form_key: str | None = None,
    chance: Chance,
    now: datetime,
) -> Registered:
    """
    Makes an account. From 16 on making it is the consent to take part, `shows_name` the one to a
    name on boards; a younger person's consents are given afterwards, with a parent (consent/).
    `signs` is False where somebody else makes it (a teacher): nobody consents for another.

    `birth_is_year`: only the year is known and the date is its last day. `form_key` is the
    digest of the form's key and its visitor: sent again within SAME_FORM the same account is given
    back, with the newer recovery code, since the first answer was never seen.
    Raises Invalid with the field that is wrong, Conflict("already-registered") for an old form.
    """
    name = tidy_name(full_name)
    today = now.astimezone(HANOI).date()
    if not is_name(name):
        raise Invalid("wrong-name", field="full_name")
    if not is_plausible(birth_date, today):
        raise Invalid("wrong-birth-date", field="birth_date")
    values = {
        "full_name": name,
        "name_key": name_key(name),
        "search_key": name_search_key(name),
        "birth_date": birth_date,
        "birth_is_year": birth_is_year,
        "language": language,
        "email": _email(email),
        "phone": _phone(phone),
        "ward_id": ward_id,
        "ward_other": ward_other,
        "school_id": school_id,
        "school_other": school_other,
        "password_hash": password_hash,
        "password_is_short": password_is_short,
        "recovery_hash": recovery_hash,
        "form_key": form_key,
        "created_at": now,
    }
    insert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    for _ in range(_ATTEMPTS_AT_A_CODE):
        row = tx.execute(
            insert(Account)
            .values(ref=code(chance, REF_LETTERS), code=code(chance, CODE_LETTERS), **values)
            .on_conflict_do_nothing()
            .returning(Account.id, Account.code, Account.ref)
        ).one_or_none()
        if row is not None:
            break
        found = _of_same_form(tx, form_key, recovery_hash, now)
        if found is not None:
            return found
    else:
        raise Conflict("no-free-code")
    if signs and age_on(birth_date, today) >= SELF_CONSENT_AGE:
        purposes = [TAKE_PART, NAME_ON_BOARDS] if shows_name else [TAKE_PART]
        sign(tx, account_id=row.id, purposes=purposes, by=row.ref, now=now)
    return Registered(account_id=row.id, code=row.code, ref=row.ref, is_new=True)


def _of_same_form(
    tx: Tx, form_key: str | None, recovery_hash: str | None, now: datetime
) -> Registered | None:
    if form_key is None:
        return None
    found = tx.execute(
        sa.select(Account.id, Account.code, Account.ref, Account.created_at).where(
            Account.form_key == form_key
        )
    ).one_or_none()
    if found is None:
        return None
    if now - found.created_at > SAME_FORM:
        raise Conflict("already-registered")
    tx.execute(sa.update(Account).where(Account.id == found.id).values(recovery_hash=recovery_hash))
    return Registered(account_id=found.id, code=found.code, ref=found.ref, is_new=False)


def _email(text: str | None) -> str | None:
    if not text:
        return None
    address = normal_email(text)
    if address is None:
        raise Invalid("wrong-email", field="email")
    return address


def _phone(text: str | None) -> str | None:
    if not text:
        return None
    number = normal_phone(text)
    if number is None:
        raise Invalid("wrong-phone", field="phone")
    return number


def choose_language(tx: Tx, *, account_id: int, language: str) -> None:
    """In which language letters to the person are written. Raises Invalid("no-language")."""
    if language not in LANGUAGES:
        raise Invalid("no-language", field="language")
    tx.execute(sa.update(Account).where(Account.id == account_id).values(language=language))


def grant_role(tx: Tx, *, account_id: int, grant: Grant, by: str, now: datetime) -> bool:
    """Gives a role. False when the person held it already, and nothing was written."""
    subject = queries.ref_of(tx, account_id)
    insert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    given = tx.execute(
        insert(RoleGrant)
        .values(
            account_id=account_id,
            role=grant.role.value,
            scope=grant.scope.value,
            scope_ref=grant.scope_ref,
            granted_by=by,
            granted_at=now,
        )
        .on_conflict_do_nothing()
        .returning(RoleGrant.id)
    ).first()
    if given is None:
        return False
    _note_role(tx, "people.grant_role", subject, grant, by, now)
    return True


def end_role(tx: Tx, *, account_id: int, grant: Grant, by: str, now: datetime) -> bool:
    """Takes a role back. False when the person did not hold it."""
    subject = queries.ref_of(tx, account_id)
    ended = tx.execute(
        sa.update(RoleGrant)
        .where(
            RoleGrant.account_id == account_id,
            RoleGrant.role == grant.role.value,
            RoleGrant.scope == grant.scope.value,
            RoleGrant.scope_ref == grant.scope_ref,
            RoleGrant.ended_at.is_(None),
        )
        .values(ended_at=now, ended_by=by)
    )
    if not ended.rowcount:
        return False
    _note_role(tx, "people.end_role", subject, grant, by, now)
    return True


def hide_name(tx: Tx, *, account_id: int, hidden: bool, by: str, now: datetime) -> bool:
    """Takes an unfit name off every public page at once, or gives it back."""
    stands = Account.name_hidden_at.is_(None) if hidden else Account.name_hidden_at.is_not(None)
    done = tx.execute(
        sa.update(Account)
        .where(Account.id == account_id, stands)
        .values(name_hidden_at=now if hidden else None)
        .returning(Account.ref)
    ).scalar_one_or_none()
    if done is None:
        return False
    kind = "people.hide_name" if hidden else "people.show_name"
    ledger.append(tx, kind=kind, subject=done, by=by, now=now)
    return True


def _note_role(tx: Tx, kind: str, subject: str, grant: Grant, by: str, now: datetime) -> None:
    facts = {"role": grant.role.value, "scope": grant.scope.value, "scope_ref": grant.scope_ref}
    ledger.append(tx, kind=kind, subject=subject, by=by, now=now, facts=facts)
