from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import cast

import msgspec
import sqlalchemy as sa

from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.people.consent import PURPOSES, TAKE_PART, machine
from contest.people.consent.machine import Proof, Signature, Signer, State
from contest.people.consent.models import Consent, ConsentPaper, Representative, Withdrawal
from contest.people.models import Account

_IDS_A_STATEMENT = 500

STANDING = sa.select(
    Consent.account_id, Consent.purpose, Consent.signer, Consent.proof, Consent.given_at
).where(
    Consent.account_id.in_(sa.bindparam("ids", expanding=True)),
    Consent.purpose.in_(sa.bindparam("purposes", expanding=True)),
    Consent.withdrawn_at.is_(None),
)

BIRTH = sa.select(Account.birth_date).where(Account.id == sa.bindparam("account_id"))

# Account, purpose → the signatures that were not withdrawn, by whose they are.
Signatures = dict[tuple[int, str], dict[str, Signature]]


class RepresentativeView(msgspec.Struct, frozen=True, kw_only=True):
    """`relation`: mother, father, guardian, other."""

    id: int
    ref: str
    full_name: str
    relation: str
    email: str | None
    phone: str | None
    added_at: datetime


class SignatureLine(msgspec.Struct, frozen=True, kw_only=True):
    """
    A signature in a person's own history, also a withdrawn one.

    `representative`: their name, "" where the person signed. `signed_on`: of a paper.
    """

    purpose: str
    signer: Signer
    proof: Proof
    representative: str
    wording_version: str
    given_by: str
    given_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    paper_ref: str
    signed_on: date | None


class WithdrawalView(msgspec.Struct, frozen=True, kw_only=True):
    """A withdrawal and its deadlines; `purposes` in the order of PURPOSES."""

    height: int
    account_id: int
    purposes: tuple[str, ...]
    by_whom: str
    received_at: datetime
    answer_due_at: datetime
    finish_due_at: datetime
    answered_at: datetime | None
    finished_at: datetime | None
    note: str


def signatures(tx: Tx, account_ids: Iterable[int], purposes: Sequence[str]) -> Signatures:
    """The signatures that stand; a withdrawn or superseded one is not among them."""
    wanted = list(dict.fromkeys(account_ids))
    found: Signatures = {}
    for start in range(0, len(wanted), _IDS_A_STATEMENT):
        some = wanted[start : start + _IDS_A_STATEMENT]
        for account_id, purpose, signer, proof, given_at in tx.execute(
            STANDING, {"ids": some, "purposes": list(purposes)}
        ).all():
            found.setdefault((account_id, purpose), {})[signer] = Signature(
                signer, proof, given_at.astimezone(HANOI).date()
            )
    return found


def state_of(of: Signatures, account_id: int, purpose: str, birth_date: date, *, on: date) -> State:
    """The state of one purpose out of `signatures`."""
    both = of.get((account_id, purpose), {})
    return machine.state(purpose, birth_date, on, both.get("self"), both.get("representative"))


def states(tx: Tx, account_id: int, birth_date: date, *, on: date) -> dict[str, State]:
    """Purpose → what its signatures amount to on that day, in the order of PURPOSES."""
    of = signatures(tx, [account_id], PURPOSES)
    return {each: state_of(of, account_id, each, birth_date, on=on) for each in PURPOSES}


def takes_part(tx: Tx, account_id: int, *, on: date) -> bool:
    """Whether the consent to take part stands on that day."""
    born = tx.execute(BIRTH, {"account_id": account_id}).scalar_one_or_none()
    if born is None:
        return False
    of = signatures(tx, [account_id], (TAKE_PART,))
    return state_of(of, account_id, TAKE_PART, born, on=on) is State.STANDS


def representatives(tx: Tx, account_id: int) -> list[RepresentativeView]:
    """Parents and guardians of a person, in the order in which they were added."""
    rows = tx.execute(
        sa.select(
            Representative.id,
            Representative.ref,
            Representative.full_name,
            Representative.relation,
            Representative.email,
            Representative.phone,
            Representative.added_at,
        )
        .where(Representative.account_id == account_id)
        .order_by(Representative.id)
    )
    return [RepresentativeView(**row) for row in rows.mappings()]


def history(tx: Tx, account_id: int) -> list[SignatureLine]:
    """Every signature ever given for a person, the newest first."""
    rows = tx.execute(
        sa.select(
            Consent.purpose,
            Consent.signer,
            Consent.proof,
            sa.func.coalesce(Representative.full_name, "").label("representative"),
            Consent.wording_version,
            Consent.given_by,
            Consent.given_at,
            Consent.withdrawn_by,
            Consent.withdrawn_at,
            sa.func.coalesce(ConsentPaper.ref, "").label("paper_ref"),
            ConsentPaper.signed_on,
        )
        .outerjoin(Representative, Representative.id == Consent.representative_id)
        .outerjoin(ConsentPaper, ConsentPaper.id == Consent.paper_id)
        .where(Consent.account_id == account_id)
        .order_by(Consent.given_at.desc(), Consent.id.desc())
    )
    return [SignatureLine(**row) for row in rows.mappings()]


_WITHDRAWAL = sa.select(
    Withdrawal.height,
    Withdrawal.account_id,
    Withdrawal.purposes,
    Withdrawal.by_whom,
    Withdrawal.received_at,
    Withdrawal.answer_due_at,
    Withdrawal.finish_due_at,
    Withdrawal.answered_at,
    Withdrawal.finished_at,
    Withdrawal.note,
)


def open_withdrawals(tx: Tx, *, limit: int) -> list[WithdrawalView]:
    """What the desk has to finish, the one that is due first at the head."""
    rows = tx.execute(
        _WITHDRAWAL.where(Withdrawal.finished_at.is_(None))
        .order_by(Withdrawal.finish_due_at, Withdrawal.height)
        .limit(limit)
    )
    return [_withdrawal(row) for row in rows.mappings()]


def waits_for_site(tx: Tx) -> bool:
    """Whether a withdrawal is open that may end by itself."""
    asked = sa.select(Withdrawal.height).where(
        Withdrawal.finished_at.is_(None), Withdrawal.answered_at.is_not(None)
    )
    return tx.execute(asked.limit(1)).first() is not None


def withdrawal(tx: Tx, height: int) -> WithdrawalView | None:
    row = tx.execute(_WITHDRAWAL.where(Withdrawal.height == height)).mappings().one_or_none()
    return None if row is None else _withdrawal(row)


def _withdrawal(row: sa.RowMapping) -> WithdrawalView:
    purposes = cast(str, row["purposes"]).split()
    return WithdrawalView(**dict(row) | {"purposes": tuple(purposes)})
