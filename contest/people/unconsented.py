"""Children who registered by themselves and for whom nobody signed: found to be forgotten."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.people.classes.models import ClassPupil
from contest.people.consent import TAKE_PART
from contest.people.consent.machine import SELF_CONSENT_AGE, Signature, State, band, state
from contest.people.consent.models import Consent
from contest.people.models import Account, RoleGrant

KEPT_FOR: Final = timedelta(days=60)


def unconsented(
    tx: Tx, *, now: datetime, after: int = 0, only: Collection[int] | None = None, limit: int
) -> tuple[list[int], int | None]:
    """
    Accounts of people under 16 that are KEPT_FOR old, in no class for as long, without a role, and
    whose consent to take part never stood; by id, from behind `after`.

    Looks at `limit` accounts: gives those that fit, and the last one looked at, None at the end.
    `only`: of these accounts alone.
    """
    today = now.astimezone(HANOI).date()
    before = now - KEPT_FOR
    in_class = sa.exists().where(
        ClassPupil.account_id == Account.id,
        sa.or_(ClassPupil.left_at.is_(None), ClassPupil.left_at > before),
    )
    asked = (
        sa.select(Account.id, Account.birth_date)
        .where(
            Account.id > after,
            # A year too many, whose people are left out below: their birthday decides.
            Account.birth_date >= date(today.year - SELF_CONSENT_AGE, 1, 1),
            Account.created_at <= before,
            Account.erased_at.is_(None),
            ~in_class,
            ~sa.exists().where(RoleGrant.account_id == Account.id, RoleGrant.ended_at.is_(None)),
        )
        .order_by(Account.id)
        .limit(limit)
    )
    if only is not None:
        asked = asked.where(Account.id.in_(only))
    rows = tx.execute(asked).all()
    minors = {row.id: row.birth_date for row in rows if band(row.birth_date, today) != "self"}
    stood = _ever_stood(tx, minors)
    last = rows[-1].id if len(rows) == limit else None
    return [each for each in minors if each not in stood], last


def _ever_stood(tx: Tx, births: dict[int, date]) -> set[int]:
    """Those of whom the signatures amounted to a consent at the moment of one of them."""
    given: dict[int, list[tuple[str, str, datetime, datetime | None]]] = {}
    for row in tx.execute(
        sa.select(
            Consent.account_id, Consent.signer, Consent.proof, Consent.given_at,
            Consent.withdrawn_at,
        ).where(Consent.account_id.in_(list(births)), Consent.purpose == TAKE_PART)
    ):  # fmt: skip
        given.setdefault(row.account_id, []).append(
            (row.signer, row.proof, row.given_at, row.withdrawn_at)
        )
    return {
        account_id
        for account_id, lines in given.items()
        if any(_stands_at(moment, lines, births[account_id]) for _, _, moment, _ in lines)
    }


def _stands_at(
    moment: datetime, lines: list[tuple[str, str, datetime, datetime | None]], born: date
) -> bool:
    signed = {
        signer: Signature(signer, proof, given_at.astimezone(HANOI).date())
        for signer, proof, given_at, withdrawn_at in lines
        if given_at <= moment and (withdrawn_at is None or withdrawn_at >= moment)
    }
    on = moment.astimezone(HANOI).date()
    found = state(TAKE_PART, born, on, signed.get("self"), signed.get("representative"))
    return found is State.STANDS
