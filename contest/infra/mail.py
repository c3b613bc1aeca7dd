"""Letters: written with the deed that causes them, delivered by a job over SMTP."""

import smtplib
import ssl
from collections.abc import Collection, Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

import msgspec
import sqlalchemy as sa

from contest.infra.clock import Clock
from contest.infra.database import Database, Tx
from contest.infra.jobs import JobFunction, enqueue
from contest.infra.tables import MailRow

DELIVER = "mail.deliver"
_TIMEOUT_S = 30


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    kind: str
    to_address: str
    subject: str
    body: str
    written_at: datetime
    sent_at: datetime | None


class SentLetter(msgspec.Struct, frozen=True, kw_only=True):
    """That a letter went out, for whom it is about. `sent_at`: None while it waits."""

    kind: str
    to_address: str
    written_at: datetime
    sent_at: datetime | None


def write_letter(
    tx: Tx, *, kind: str, to_address: str, subject: str, body: str, now: datetime
) -> None:
    """Puts a letter in the outbox and asks for its delivery, in the caller's transaction."""
    letter_id = tx.execute(
        sa.insert(MailRow)
        .values(kind=kind, to_address=to_address, subject=subject, body=body, written_at=now)
        .returning(MailRow.id)
    ).scalar_one()
    enqueue(tx, DELIVER, {"letter": letter_id}, now=now, dedup_key=str(letter_id))


def newest(tx: Tx, *, limit: int) -> list[Letter]:
    rows = tx.execute(sa.select(MailRow).order_by(MailRow.id.desc()).limit(limit))
    return [Letter(**row._mapping) for row in rows]


def sent_letters(tx: Tx, addresses: Collection[str], marks: Collection[str]) -> list[SentLetter]:
    """
    What went or goes to these addresses and holds one of the marks, oldest first; not the bodies.

    An address may be a family's, and a letter may hold somebody else's way in: so nobody is told
    of a letter that does not name them.
    """
    rows = tx.execute(
        sa.select(MailRow.kind, MailRow.to_address, MailRow.written_at, MailRow.sent_at)
        .where(MailRow.to_address.in_(addresses), _holds(marks))
        .order_by(MailRow.id)
    )
    return [SentLetter(**row._mapping) for row in rows]


def forget_letters(tx: Tx, *, to_address: str, marks: Collection[str] | None = None) -> int:
    """
    Deletes what went to an address: all of it, or what holds one of the `marks`.

    A letter that still waits is not sent any more. Returns how many are gone.
    """
    gone = sa.delete(MailRow).where(MailRow.to_address == to_address)
    return tx.execute(gone if marks is None else gone.where(_holds(marks))).rowcount


def _holds(marks: Collection[str]) -> sa.ColumnElement[bool]:
    texts = (MailRow.body, MailRow.subject)
    return sa.or_(
        sa.false(), *(text.contains(mark, autoescape=True) for mark in marks for text in texts)
    )


def _letter(tx: Tx, letter_id: int) -> Letter | None:
    row = tx.execute(sa.select(MailRow).where(MailRow.id == letter_id)).one_or_none()
    return None if row is None else Letter(**row._mapping)


def _mark_sent(tx: Tx, *, letter_id: int, now: datetime) -> None:
    tx.execute(sa.update(MailRow).where(MailRow.id == letter_id).values(sent_at=now))


def deliver_job(database: Database, clock: Clock, smtp_url: str | None, sender: str) -> JobFunction:
    """Sends one letter. Without SMTP it stays in the outbox, where the organiser reads it.

    A crash between sending and marking sends it twice: better than never.
    """

    def run(payload: Mapping[str, object]) -> None:
        letter_id = payload["letter"]
        assert isinstance(letter_id, int)
        with database.read() as tx:
            letter = _letter(tx, letter_id)
        if letter is None or letter.sent_at is not None or smtp_url is None:
            return
        _send(smtp_url, sender, letter)
        database.write(_mark_sent, letter_id=letter_id, now=clock())

    return run


def _send(smtp_url: str, sender: str, letter: Letter) -> None:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to_address
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message.set_content(letter.body)
    parts = urlsplit(smtp_url)
    host = parts.hostname or ""
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=_TIMEOUT_S, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=_TIMEOUT_S)
    with server:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
