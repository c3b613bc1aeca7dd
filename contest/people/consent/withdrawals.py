"""What the desk does about withdrawals: one that was told there, the answer, the end."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal

import msgspec
import sqlalchemy as sa

from contest.errors import Conflict, Invalid, NotFound
from contest.infra.database import Tx
from contest.infra.mail import write_letter
from contest.ledger import commands as ledger
from contest.people.consent.commands import WITH_PARTNERS, withdraw
from contest.people.consent.models import Withdrawal
from contest.people.models import Account

Teller = Literal["self", "representative"]
Way = Literal["desk", "telephone", "letter"]

TELLERS: Final[tuple[Teller, ...]] = ("self", "representative")
WAYS: Final[tuple[Way, ...]] = ("desk", "telephone", "letter")
LETTER: Final = "people.withdrawal_answered"
NOTE_AT_MOST: Final = 1000


class AnswerLetter(msgspec.Struct, frozen=True, kw_only=True):
    """Rendered before; it goes out with the deed or not at all."""

    to_address: str
    subject: str
    body: str


def record_withdrawal(
    tx: Tx,
    *,
    account_id: int,
    purposes: Collection[str],
    teller: str,
    way: str,
    by: str,
    now: datetime,
) -> int | None:
    """
    Somebody told the organiser. Works at once, as if pressed on the page; the case waits for the
    answer. Returns its height, None where nothing was signed. Raises Invalid for what is unknown.
    """
    if not purposes:
        raise Invalid("nothing-withdrawn", field="purposes")
    if teller not in TELLERS:
        raise Invalid("no-teller", field="teller")
    if way not in WAYS:
        raise Invalid("no-way", field="way")
    height = withdraw(tx, account_id=account_id, purposes=purposes, by=by, by_whom="desk", now=now)
    if height is not None:
        tx.execute(
            sa.update(Withdrawal).where(Withdrawal.height == height).values(note=f"{teller} {way}")
        )
    return height


def answer_withdrawal(
    tx: Tx, *, height: int, letter: AnswerLetter | None, by: str, now: datetime
) -> bool:
    """
    Says that whoever withdrew was told what happens and by when; the letter goes with it.

    False when it was answered before: then nothing is written, and no second letter goes out.
    Raises NotFound("no-withdrawal").
    """
    found = _locked(tx, height)
    if found.answered_at is not None:
        return False
    tx.execute(
        sa.update(Withdrawal)
        .where(Withdrawal.height == height)
        .values(answered_at=now, answered_by=by)
    )
    ledger.append(
        tx,
        kind="people.answer_withdrawal",
        subject=found.ref,
        by=by,
        now=now,
        facts={"withdrawal": height, "letter": letter is not None},
    )
    if letter is not None:
        write_letter(
            tx,
            kind=LETTER,
            to_address=letter.to_address,
            subject=letter.subject,
            body=letter.body,
            now=now,
        )
    return True


def finish_withdrawal(tx: Tx, *, height: int, done: str, by: str, now: datetime) -> bool:
    """
    Everything has followed, partners too; `done` says what was done about them.

    False when it was finished before. Raises NotFound("no-withdrawal"),
    Conflict("withdrawal-not-answered"), Invalid("no-note") where partners are concerned.
    """
    found = _locked(tx, height)
    if found.finished_at is not None:
        return False
    if found.answered_at is None:
        raise Conflict("withdrawal-not-answered")
    words = " ".join(done.split())
    if len(words) > NOTE_AT_MOST or (not words and needs_note(found.purposes.split())):
        raise Invalid("no-note", field="done")
    tx.execute(
        sa.update(Withdrawal)
        .where(Withdrawal.height == height)
        .values(
            finished_at=now,
            finished_by=by,
            note="\n".join(each for each in (found.note, words) if each),
        )
    )
    ledger.append(
        tx,
        kind="people.finish_withdrawal",
        subject=found.ref,
        by=by,
        now=now,
        facts={"withdrawal": height},
    )
    return True


def needs_note(purposes: Collection[str]) -> bool:
    """Whether others than this site must stop too, so that somebody has to tell them."""
    return bool(WITH_PARTNERS & set(purposes))


def _locked(tx: Tx, height: int) -> sa.Row[datetime | None, datetime | None, str, str, str]:
    found = tx.execute(
        sa.select(
            Withdrawal.answered_at,
            Withdrawal.finished_at,
            Withdrawal.purposes,
            Withdrawal.note,
            Account.ref,
        )
        .join(Account, Account.id == Withdrawal.account_id)
        .where(Withdrawal.height == height)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound("no-withdrawal")
    return found
