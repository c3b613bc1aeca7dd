"""Consents signed on paper: recorded by a teacher or at the desk, and a record taken back.

A teacher's tick is not a consent: a record names who signed, on which day, and where the paper can
be looked at. It never brings back what was withdrawn after the paper was signed.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec
import sqlalchemy as sa

from contest.errors import Conflict, Invalid, NotAllowed, NotFound
from contest.infra.chance import LETTERS, Chance
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.ledger import commands as ledger
from contest.people.consent import PURPOSES
from contest.people.consent.commands import ASKED_AGAIN, SUPERSEDED, add_representative, sign
from contest.people.consent.machine import Band, Proof, Signer, band
from contest.people.consent.models import Consent, ConsentPaper
from contest.people.models import Account

Place = Literal["school", "desk"]
Reason = Literal["wrong-person", "wrong-ticks", "not-signed", "other"]

PROOF_OF: Final[dict[Place, Proof]] = {"school": "paper", "desk": "desk"}
REASONS: Final[tuple[Reason, ...]] = ("wrong-person", "wrong-ticks", "not-signed", "other")
REVOKED: Final = "revoked"
# Nobody remembers longer what a paper in a drawer was for.
LONGEST_AGO: Final = timedelta(days=365)
LONGEST_KEPT_WHERE: Final = 200
_REF_LETTERS: Final = 16


class SignedBy(msgspec.Struct, frozen=True):
    """The parent or guardian on the paper. `relation`: of commands.RELATIONS."""

    full_name: str
    relation: str


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """`is_new` is False when the same form was sent before; `signed`: what is new by this paper."""

    paper_ref: str
    is_new: bool
    signed: tuple[str, ...] = ()


def record_paper(
    tx: Tx,
    *,
    account_id: int,
    representative: SignedBy | None,
    signed_on: date,
    place: Place = "school",
    kept_where: str = "",
    scan_key: str = "",
    purposes_of_child: Collection[str] = (),
    purposes_of_representative: Collection[str] = (),
    form_key: str,
    by: str,
    chance: Chance,
    now: datetime,
) -> Recorded:
    """
    Keeps the paper and the signatures that stand on it, proof "paper" or, at the desk, "desk".

    One form sent twice is one paper; the same form with other words is another. Raises
    Invalid with its field for what cannot be on a paper, Conflict("withdrawn-since") where a
    purpose was taken back since that day, Conflict("signed-at-other-age") where the law now asks
    for another signature than it did then, Conflict("paper-adds-nothing") where all stands already.
    """
    of_child = [each for each in PURPOSES if each in purposes_of_child]
    of_parent = [each for each in PURPOSES if each in purposes_of_representative]
    where = " ".join(kept_where.split())
    _check(representative, where, scan_key, of_child, of_parent)
    asked = sa.select(Account.ref, Account.birth_date).where(Account.id == account_id)
    # Two presses at once come one after the other.
    person = tx.execute(asked.where(Account.erased_at.is_(None)).with_for_update()).one_or_none()
    if person is None:
        raise NotFound("no-person")
    today = now.astimezone(HANOI).date()
    _check_day(signed_on, today)
    parent = (representative.full_name, representative.relation) if representative else ("", "")
    ref = _ref_of(form_key, by, person.ref, parent, signed_on, place, where, of_child, of_parent)
    if tx.execute(sa.select(ConsentPaper.id).where(ConsentPaper.ref == ref)).first():
        return Recorded(paper_ref=ref, is_new=False)
    _check_age(person.birth_date, signed_on, today, of_child, of_parent)
    _check_withdrawn(tx, account_id, {*of_child, *of_parent}, signed_on, today, place)
    representative_id = None
    if of_parent and representative is not None:
        representative_id = add_representative(
            tx,
            account_id=account_id,
            full_name=representative.full_name,
            relation=representative.relation,
            by=by,
            chance=chance,
            now=now,
        )
    paper_id: int = tx.execute(
        sa.insert(ConsentPaper)
        .values(
            ref=ref,
            account_id=account_id,
            representative_id=representative_id,
            signed_on=signed_on,
            place=place,
            kept_where=where,
            scan_key=scan_key,
            recorded_by=by,
            recorded_at=now,
        )
        .returning(ConsentPaper.id)
    ).scalar_one()
    ledger.append(
        tx,
        kind="people.record_paper",
        subject=person.ref,
        by=by,
        now=now,
        facts={"paper": ref, "place": place, "scan": bool(scan_key)},
    )
    new: set[str] = set()
    signers: list[tuple[Signer, list[str], int | None]] = [
        ("representative", of_parent, representative_id),
        ("self", of_child, None),
    ]
    for signer, purposes, its_id in signers:
        if purposes:
            new.update(
                sign(
                    tx,
                    account_id=account_id,
                    purposes=purposes,
                    by=by,
                    signer=signer,
                    proof=PROOF_OF[place],
                    representative_id=its_id,
                    paper_id=paper_id,
                    now=now,
                )
            )
    if not new:
        raise Conflict("paper-adds-nothing")
    return Recorded(
        paper_ref=ref, is_new=True, signed=tuple(each for each in PURPOSES if each in new)
    )


def add_scan(
    tx: Tx, *, paper_ref: str, scan_key: str, only_by: str | None = None, by: str, now: datetime
) -> str:
    """
    Ties a picture to a paper. Returns the key it replaces, "" without one.

    `only_by`: a teacher adds to the own records only, else NotAllowed("not-own-paper").
    """
    found = _paper(tx, paper_ref, only_by)
    tx.execute(sa.update(ConsentPaper).where(ConsentPaper.id == found.id).values(scan_key=scan_key))
    ledger.append(
        tx,
        kind="people.add_scan",
        subject=found.ref_of_account,
        by=by,
        now=now,
        facts={"paper": paper_ref},
    )
    replaced: str = found.scan_key
    return replaced


def revoke_paper(
    tx: Tx, *, paper_ref: str, reason: str, only_by: str | None = None, by: str, now: datetime
) -> list[str]:
    """
    A paper was recorded by mistake: what it signed never was. Returns the purposes concerned.

    A weaker signature whose place it took stands again. `only_by`: a teacher takes back the own
    records only, else NotAllowed("not-own-paper"). Raises NotFound("no-paper"),
    Invalid("no-reason"). Repeated, it changes nothing.
    """
    if reason not in REASONS:
        raise Invalid("no-reason", field="reason")
    found = _paper(tx, paper_ref, only_by)
    ended = tx.execute(
        sa.update(Consent)
        .where(Consent.paper_id == found.id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_by=REVOKED)
        .returning(Consent.purpose, Consent.signer)
    ).all()
    for purpose, signer in ended:
        tx.execute(
            sa.update(Consent)
            .where(
                Consent.account_id == found.account_id,
                Consent.purpose == purpose,
                Consent.signer == signer,
                Consent.withdrawn_by == SUPERSEDED,
                Consent.withdrawn_at == found.recorded_at,
            )
            .values(withdrawn_at=None, withdrawn_by=None)
        )
    purposes = [each for each in PURPOSES if each in {purpose for purpose, _ in ended}]
    if purposes:
        ledger.append(
            tx,
            kind="people.revoke_paper",
            subject=found.ref_of_account,
            by=by,
            now=now,
            facts={"paper": paper_ref, "reason": reason, "purposes": sorted(purposes)},
        )
    return purposes


def earliest_day(today: date) -> date:
    """The oldest signature that may still be recorded."""
    return today - LONGEST_AGO


def age_forbids(birth_date: date, signed_on: date, today: date, *, child_signed: bool) -> bool:
    """Whether what was signed then is not what the law asks for today."""
    then, now_ = band(birth_date, signed_on), band(birth_date, today)
    if now_ == "self":
        return then != "self"
    return child_signed and then == "representative"


def _paper(
    tx: Tx, paper_ref: str, only_by: str | None
) -> sa.Row[int, int, str, str, datetime, str]:
    found = tx.execute(
        sa.select(
            ConsentPaper.id,
            ConsentPaper.account_id,
            ConsentPaper.recorded_by,
            ConsentPaper.scan_key,
            ConsentPaper.recorded_at,
            Account.ref.label("ref_of_account"),
        )
        .join(Account, Account.id == ConsentPaper.account_id)
        .where(ConsentPaper.ref == paper_ref, Account.erased_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound("no-paper")
    if only_by is not None and found.recorded_by != only_by:
        raise NotAllowed("not-own-paper")
    return found


def _check(
    representative: SignedBy | None,
    kept_where: str,
    scan_key: str,
    of_child: Sequence[str],
    of_parent: Sequence[str],
) -> None:
    if not of_child and not of_parent:
        raise Invalid("nothing-signed", field="purposes")
    if of_parent and representative is None:
        raise Invalid("wrong-name", field="full_name")
    if not kept_where and not scan_key:
        raise Invalid("no-evidence", field="kept_where")
    if len(kept_where) > LONGEST_KEPT_WHERE:
        raise Invalid("too-long", field="kept_where")


def _check_day(signed_on: date, today: date) -> None:
    if not earliest_day(today) <= signed_on <= today:
        raise Invalid("wrong-day", field="signed_on")


def _check_age(
    birth_date: date,
    signed_on: date,
    today: date,
    of_child: Sequence[str],
    of_parent: Sequence[str],
) -> None:
    who: Band = band(birth_date, today)
    if (who == "self" and of_parent) or (who == "representative" and of_child):
        raise Invalid("wrong-signer", field="purposes")
    if age_forbids(birth_date, signed_on, today, child_signed=bool(of_child)):
        raise Conflict("signed-at-other-age")


def _check_withdrawn(
    tx: Tx, account_id: int, purposes: set[str], signed_on: date, today: date, place: Place
) -> None:
    if place == "desk" and signed_on == today:
        return  # signed before our eyes, so later than anything that was taken back
    last = tx.execute(
        sa.select(sa.func.max(Consent.withdrawn_at)).where(
            Consent.account_id == account_id,
            Consent.purpose.in_(purposes),
            Consent.withdrawn_by.not_in((SUPERSEDED, ASKED_AGAIN, REVOKED)),
        )
    ).scalar_one()
    if last is not None and signed_on <= last.astimezone(HANOI).date():
        raise Conflict("withdrawn-since")


def _ref_of(form_key: str, *facts: object) -> str:
    """The same form makes the same reference, and nobody else's form can."""
    text = msgspec.json.encode([form_key, *facts])
    octets = hashlib.sha256(text).digest()[:_REF_LETTERS]
    return "".join(LETTERS[octet & 31] for octet in octets)
