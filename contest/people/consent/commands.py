from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from contest.errors import Conflict, Invalid
from contest.infra.chance import Chance, code
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.ledger import commands as ledger
from contest.people.consent import (
    NAME_ON_BOARDS,
    PRESS,
    PUBLISH_RECORDING,
    PURPOSES,
    TAKE_PART,
    WORDING_VERSION,
)
from contest.people.consent.machine import STRENGTH, Proof, Signer, State, band
from contest.people.consent.models import Consent, Representative, Withdrawal
from contest.people.consent.queries import signatures, state_of
from contest.people.models import Account
from contest.people.names import is_name, tidy_name
from contest.rules.deadlines import end_of_days, end_of_working_days

RELATIONS = ("mother", "father", "guardian", "other")
ANSWER_WORKING_DAYS = 2
FINISH_DAYS = 15
FINISH_DAYS_WITH_PARTNERS = 20
# What others may have taken over from us: they must stop too, and somebody must tell them.
WITH_PARTNERS = frozenset({PUBLISH_RECORDING, PRESS})
SUPERSEDED = "superseded"
ASKED_AGAIN = "asked-again"
_REF_LETTERS = 16

_PERSON = sa.select(Account.ref, Account.birth_date).where(Account.id == sa.bindparam("account_id"))


def sign(
    tx: Tx,
    *,
    account_id: int,
    purposes: Sequence[str],
    by: str,
    signer: Signer = "self",
    proof: Proof = "account",
    representative_id: int | None = None,
    paper_id: int | None = None,
    now: datetime,
) -> list[str]:
    """
    Signs under these purposes; one ledger entry for all. Returns those that are new.

    A signature takes the place of an earlier one of the same signer that is weaker, of another
    wording or given at an age at which a parent had to sign too; else nothing is written.
    Raises Conflict("too-young-to-sign") for a child under 7, Conflict("of-age") for a
    representative of somebody of 16.
    """
    person = tx.execute(_PERSON, {"account_id": account_id}).one()
    today = now.astimezone(HANOI).date()
    who = band(person.birth_date, today)
    if signer == "self" and who == "representative":
        raise Conflict("too-young-to-sign")
    if signer == "representative" and who == "self":
        raise Conflict("of-age")
    # On PostgreSQL two presses at once must see each other; SQLite has one writer anyway.
    tx.execute(sa.select(Account.id).where(Account.id == account_id).with_for_update())
    standing = {
        row.purpose: row
        for row in tx.execute(
            sa.select(
                Consent.id, Consent.purpose, Consent.proof, Consent.wording_version,
                Consent.given_at,
            ).where(
                Consent.account_id == account_id,
                Consent.signer == signer,
                Consent.withdrawn_at.is_(None),
            )
        )
    }  # fmt: skip
    signed = []
    for purpose in purposes:
        _check(purpose)
        kept = standing.get(purpose)
        if kept is not None:
            is_as_good = (
                STRENGTH[kept.proof] >= STRENGTH[proof]
                and kept.wording_version == WORDING_VERSION
                and (
                    signer == "representative"
                    or band(person.birth_date, kept.given_at.astimezone(HANOI).date()) == who
                )
            )
            if is_as_good:
                continue
            tx.execute(
                sa.update(Consent)
                .where(Consent.id == kept.id)
                .values(withdrawn_at=now, withdrawn_by=SUPERSEDED)
            )
        tx.execute(
            sa.insert(Consent).values(
                account_id=account_id,
                purpose=purpose,
                signer=signer,
                proof=proof,
                representative_id=representative_id,
                paper_id=paper_id,
                wording_version=WORDING_VERSION,
                given_by=by,
                given_at=now,
            )
        )
        signed.append(purpose)
    if signed:
        ledger.append(
            tx,
            kind="people.give_consent",
            subject=person.ref,
            by=by,
            now=now,
            facts={
                "purposes": sorted(signed),
                "signer": signer,
                "proof": proof,
                "wording": WORDING_VERSION,
            },
        )
    return signed


def withdraw(
    tx: Tx,
    *,
    account_id: int,
    purposes: Collection[str],
    by: str,
    by_whom: str = "self",
    now: datetime,
) -> int | None:
    """
    Takes consents back: every signature under these purposes ends, whoever gave it, so that
    nothing comes back by itself. Withdrawing to take part withdraws all.

    Where one of them stood, a case with the law's deadlines is opened; withdrawn by oneself on
    our pages it is answered at once. Returns the height in the ledger, None where nothing was
    signed.
    """
    for each in purposes:
        _check(each)
    ended = PURPOSES if TAKE_PART in purposes else tuple(p for p in PURPOSES if p in purposes)
    person = tx.execute(_PERSON, {"account_id": account_id}).one()
    today = now.astimezone(HANOI).date()
    of = signatures(tx, [account_id], ended)
    gone = tx.execute(
        sa.update(Consent)
        .where(
            Consent.account_id == account_id,
            Consent.purpose.in_(ended),
            Consent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now, withdrawn_by=by)
    )
    if not gone.rowcount:
        return None
    stood = [
        each
        for each in ended
        if state_of(of, account_id, each, person.birth_date, on=today) is State.STANDS
    ]
    height = ledger.append(
        tx,
        kind="people.withdraw_consent",
        subject=person.ref,
        by=by,
        now=now,
        facts={"purposes": sorted({purpose for _, purpose in of}), "by_whom": by_whom},
    )
    if stood:
        days = FINISH_DAYS_WITH_PARTNERS if WITH_PARTNERS & set(stood) else FINISH_DAYS
        at_once = by_whom != "desk"
        tx.execute(
            sa.insert(Withdrawal).values(
                height=height,
                account_id=account_id,
                purposes=" ".join(stood),
                by_whom=by_whom,
                received_at=now,
                answer_due_at=end_of_working_days(now, ANSWER_WORKING_DAYS, HANOI),
                finish_due_at=end_of_days(now, days, HANOI),
                answered_at=now if at_once else None,
                answered_by="page" if at_once else None,
            )
        )
    return height


def ask_again(tx: Tx, *, account_id: int, by: str, now: datetime) -> bool:
    """
    Ends every signature of somebody whose birth date was corrected and who signs alone by the new
    one: what was signed as a child, and perhaps a slip in a list, must not show a name. Nobody
    withdrew, so no case is opened. False where nothing was signed.
    """
    person = tx.execute(_PERSON, {"account_id": account_id}).one()
    ended = tx.execute(
        sa.update(Consent)
        .where(Consent.account_id == account_id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_by=ASKED_AGAIN)
        .returning(Consent.purpose)
    ).scalars()
    purposes = sorted(set(ended))
    if purposes:
        ledger.append(
            tx,
            kind="people.withdraw_consent",
            subject=person.ref,
            by=by,
            now=now,
            facts={"purposes": purposes, "by_whom": ASKED_AGAIN},
        )
    return bool(purposes)


def set_name_on_boards(tx: Tx, *, account_id: int, shown: bool, by: str, now: datetime) -> bool:
    """The switch of somebody who signs alone. False when it stood so already."""
    if shown:
        return bool(sign(tx, account_id=account_id, purposes=[NAME_ON_BOARDS], by=by, now=now))
    done = withdraw(tx, account_id=account_id, purposes=[NAME_ON_BOARDS], by=by, now=now)
    return done is not None


def finish_followed_withdrawals(tx: Tx, *, upto: int, now: datetime) -> int:
    """
    Finishes the cases that only concern this site, once all that was prepared has followed the
    ledger to the height `upto`. Returns how many. The others wait for a person at the desk.
    """
    waiting = tx.execute(
        sa.select(Withdrawal.height, Withdrawal.purposes).where(
            Withdrawal.finished_at.is_(None),
            Withdrawal.answered_at.is_not(None),
            Withdrawal.height <= upto,
        )
    ).all()
    done = [row.height for row in waiting if not WITH_PARTNERS & set(row.purposes.split())]
    if done:
        tx.execute(
            sa.update(Withdrawal)
            .where(Withdrawal.height.in_(done), Withdrawal.finished_at.is_(None))
            .values(finished_at=now, finished_by="site")
        )
    return len(done)


def add_representative(
    tx: Tx,
    *,
    account_id: int,
    full_name: str,
    relation: str,
    email: str | None = None,
    phone: str | None = None,
    by: str,
    chance: Chance,
    now: datetime,
) -> int:
    """
    A parent or guardian; the same name and relation again is the same person, with the newer
    contact. Returns the id. Raises Invalid with the field that is wrong.
    """
    name = tidy_name(full_name)
    if not is_name(name):
        raise Invalid("wrong-name", field="full_name")
    if relation not in RELATIONS:
        raise Invalid("wrong-relation", field="relation")
    found: int | None = tx.execute(
        sa.select(Representative.id).where(
            Representative.account_id == account_id,
            Representative.full_name == name,
            Representative.relation == relation,
        )
    ).scalar_one_or_none()
    contact = {"email": email, "phone": phone}
    if found is not None:
        newer = {key: value for key, value in contact.items() if value}
        if newer:
            tx.execute(sa.update(Representative).where(Representative.id == found).values(**newer))
        return found
    made: int = tx.execute(
        sa.insert(Representative)
        .values(
            ref=code(chance, _REF_LETTERS),
            account_id=account_id,
            full_name=name,
            relation=relation,
            added_by=by,
            added_at=now,
            **contact,
        )
        .returning(Representative.id)
    ).scalar_one()
    return made


def _check(purpose: str) -> None:
    if purpose not in PURPOSES:
        raise Invalid("unknown-purpose", field="purpose")
