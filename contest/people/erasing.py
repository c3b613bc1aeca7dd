"""
An account is erased: what tells who somebody is goes, the entries under their codes stay.

The row itself stays too, empty but for the year of birth, because places of others depend on its
entries. What other rooms keep of the person goes by their own commands: front/erasing.py.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa

from contest.errors import Conflict, NotFound
from contest.infra.chance import Chance, code
from contest.infra.database import Tx
from contest.infra.jobs import enqueue
from contest.ledger import commands as ledger
from contest.people.classes.models import ClassPupil
from contest.people.consent import PURPOSES
from contest.people.consent.commands import withdraw
from contest.people.consent.models import ConsentLink, ConsentPaper, Representative, Withdrawal
from contest.people.contacts import CODE_LETTERS
from contest.people.models import Account, PasswordReset
from contest.people.queries import grants_of
from contest.people.sign_in.commands import end_all_sessions

DELETE_SCAN: Final = "people.delete_scan"
_ATTEMPTS_AT_A_CODE = 5


def erase_account(
    tx: Tx,
    *,
    account_id: int,
    by: str,
    by_whom: str = "self",
    why: str = "asked",
    chance: Chance,
    now: datetime,
) -> bool:
    """
    Withdraws every consent, then takes name, contacts, home, school, ways in, parents and papers.

    False when it was erased before. `why`, for the ledger: "asked" or "unconsented". Scans are
    deleted by jobs. Raises NotFound("no-person"), Conflict("erase-with-roles") for somebody who
    holds a role: they give it back first, so that nobody's desk or class is left without one.
    """
    person = tx.execute(
        sa.select(Account.ref, Account.birth_date, Account.erased_at)
        .where(Account.id == account_id)
        .with_for_update()
    ).one_or_none()
    if person is None:
        raise NotFound("no-person")
    if person.erased_at is not None:
        return False
    if grants_of(tx, account_id):
        raise Conflict("erase-with-roles")
    withdraw(tx, account_id=account_id, purposes=PURPOSES, by=by, by_whom=by_whom, now=now)
    _forget_parents(tx, account_id, now)
    _forget_papers(tx, account_id, now)
    _forget_notes(tx, account_id)
    # The card opens nothing any more, and the pupil is in no list.
    tx.execute(
        sa.update(ClassPupil)
        .where(ClassPupil.account_id == account_id)
        .values(
            left_at=sa.func.coalesce(ClassPupil.left_at, sa.literal(now, ClassPupil.left_at.type)),
            card_digest=None,
            school_number="",
        )
    )
    end_all_sessions(tx, account_id=account_id)
    tx.execute(sa.delete(PasswordReset).where(PasswordReset.account_id == account_id))
    tx.execute(
        sa.update(Account)
        .where(Account.id == account_id)
        .values(
            code=_free_code(tx, chance),
            full_name="",
            name_key="",
            search_key="",
            birth_date=date(person.birth_date.year, 12, 31),
            birth_is_year=True,
            email=None,
            phone=None,
            ward_id=None,
            ward_other="",
            school_id=None,
            school_other="",
            password_hash=None,
            password_is_short=False,
            recovery_hash=None,
            form_key=None,
            erased_at=now,
        )
    )
    ledger.append(
        tx, kind="people.erase_account", subject=person.ref, by=by, now=now, facts={"why": why}
    )
    return True


def addresses_of(tx: Tx, account_id: int) -> list[str]:
    """Every e-mail address to which letters about the person went: own ones and parents'."""
    own = sa.select(Account.email).where(Account.id == account_id)
    parents = sa.select(Representative.email).where(Representative.account_id == account_id)
    links = sa.select(ConsentLink.email).where(ConsentLink.account_id == account_id)
    found = tx.execute(sa.union(own, parents, links)).scalars()
    return sorted({each for each in found if each})


def shared_addresses(tx: Tx, account_id: int, addresses: Sequence[str]) -> set[str]:
    """Those of these addresses that stand with somebody else too: a family's, a parent's own."""
    others: sa.CompoundSelect[str | None] = sa.union(
        sa.select(Account.email).where(Account.id != account_id, Account.email.in_(addresses)),
        sa.select(Representative.email).where(
            Representative.account_id != account_id, Representative.email.in_(addresses)
        ),
        sa.select(ConsentLink.email).where(
            ConsentLink.account_id != account_id, ConsentLink.email.in_(addresses)
        ),
    )
    return {each for each in tx.execute(others).scalars() if each}


def _forget_parents(tx: Tx, account_id: int, now: datetime) -> None:
    tx.execute(
        sa.update(Representative)
        .where(Representative.account_id == account_id)
        .values(full_name="", email=None, phone=None)
    )
    tx.execute(
        sa.update(ConsentLink)
        .where(ConsentLink.account_id == account_id)
        .values(
            email="",
            ended_at=sa.func.coalesce(
                ConsentLink.ended_at, sa.literal(now, ConsentLink.ended_at.type)
            ),
        )
    )


def _forget_papers(tx: Tx, account_id: int, now: datetime) -> None:
    """That there was a paper, and of which day, stays as the proof of what was signed."""
    of_person = ConsentPaper.account_id == account_id
    for key in tx.execute(sa.select(ConsentPaper.scan_key).where(of_person)).scalars():
        if key:
            enqueue(tx, DELETE_SCAN, {"key": key}, now=now, dedup_key=key)
    tx.execute(sa.update(ConsentPaper).where(of_person).values(scan_key="", kept_where=""))


def _forget_notes(tx: Tx, account_id: int) -> None:
    """What the desk wrote about finished cases; the first line of some says how it was told."""
    rows = tx.execute(
        sa.select(Withdrawal.height, Withdrawal.note, Withdrawal.by_whom).where(
            Withdrawal.account_id == account_id,
            Withdrawal.finished_at.is_not(None),
            Withdrawal.note != "",
        )
    ).all()
    for row in rows:
        kept = row.note.partition("\n")[0] if row.by_whom == "desk" else ""
        tx.execute(sa.update(Withdrawal).where(Withdrawal.height == row.height).values(note=kept))


def _free_code(tx: Tx, chance: Chance) -> str:
    """What one signs in with is private as well: another takes its place."""
    for _ in range(_ATTEMPTS_AT_A_CODE):
        made = code(chance, CODE_LETTERS)
        if tx.execute(sa.select(Account.id).where(Account.code == made)).first() is None:
            return made
    raise Conflict("no-free-code")
