from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from contest.infra.database import Tx
from contest.ledger import commands as ledger
from contest.people.consent import NAME_ON_BOARDS, PURPOSES, TAKE_PART, WORDING_VERSION
from contest.people.models import Account, Consent

_REF = sa.select(Account.ref).where(Account.id == sa.bindparam("account_id"))


def give_consents(
    tx: Tx, *, account_id: int, purposes: Sequence[str], by: str, now: datetime
) -> list[str]:
    """Gives what is not given yet; one ledger entry for all. Returns the newly given purposes."""
    insert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    given = [
        purpose
        for purpose in purposes
        if tx.execute(
            insert(Consent)
            .values(
                account_id=account_id,
                purpose=_known(purpose),
                wording_version=WORDING_VERSION,
                given_by=by,
                given_at=now,
            )
            .on_conflict_do_nothing()
            .returning(Consent.id)
        ).first()
    ]
    if given:
        _note(tx, "people.give_consent", account_id, given, by, now)
    return given


def set_consent(
    tx: Tx, *, account_id: int, purpose: str, given: bool, by: str, now: datetime
) -> bool:
    """Gives or withdraws one consent. False when it stood so already, and nothing was written."""
    if given:
        return bool(give_consents(tx, account_id=account_id, purposes=[purpose], by=by, now=now))
    if purpose == TAKE_PART:
        # Withdrawing it ends the account; that is an intention of its own, not a switch.
        raise ValueError(purpose)
    withdrawn = tx.execute(
        sa.update(Consent)
        .where(
            Consent.account_id == account_id,
            Consent.purpose == _known(purpose),
            Consent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now, withdrawn_by=by)
    )
    if not withdrawn.rowcount:
        return False
    _note(tx, "people.withdraw_consent", account_id, [purpose], by, now)
    return True


def set_name_on_boards(tx: Tx, *, account_id: int, shown: bool, by: str, now: datetime) -> bool:
    """The switch on one's own page."""
    return set_consent(
        tx, account_id=account_id, purpose=NAME_ON_BOARDS, given=shown, by=by, now=now
    )


def _known(purpose: str) -> str:
    if purpose not in PURPOSES:
        raise ValueError(purpose)
    return purpose


def _note(
    tx: Tx, kind: str, account_id: int, purposes: Sequence[str], by: str, now: datetime
) -> None:
    subject: str = tx.execute(_REF, {"account_id": account_id}).scalar_one()
    ledger.append(
        tx,
        kind=kind,
        subject=subject,
        by=by,
        now=now,
        facts={"purposes": sorted(purposes), "wording": WORDING_VERSION},
    )
