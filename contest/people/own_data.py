"""What this room keeps of a person, for the file in which they get it; no secrets and no ids."""

from datetime import date, datetime
from typing import Literal

import msgspec
import sqlalchemy as sa

from contest.infra.database import Tx
from contest.people.classes.models import ClassPupil, SchoolClass
from contest.people.consent import queries as consents
from contest.people.consent import withdrawal_queries
from contest.people.consent.models import ConsentLink, ConsentPaper
from contest.people.models import RoleGrant, SessionRow
from contest.people.queries import AccountView
from contest.units import queries as units
from contest.units.models import School

By = Literal["self", "representative", "other", ""]


class OwnAccount(msgspec.Struct, frozen=True, kw_only=True):
    """`birth_is_year`: only the year is known. `ward`, `school`: in words; ids where listed."""

    ref: str
    sign_in_code: str
    full_name: str
    birth_date: date
    birth_is_year: bool
    email: str | None
    phone: str | None
    ward_id: str | None
    ward: str
    school_id: str | None
    school: str
    language: str
    has_password: bool
    has_recovery_code: bool
    name_is_hidden: bool
    created_at: datetime


class OwnRole(msgspec.Struct, frozen=True, kw_only=True):
    """`scope_ref`: the school, unit or edition where it holds, "" for all."""

    role: str
    scope_ref: str
    granted_at: datetime
    ended_at: datetime | None


class OwnClass(msgspec.Struct, frozen=True, kw_only=True):
    """A class the person is or was in. `has_card`: a printed card opens the account."""

    name: str
    school: str
    school_year: str
    number: int
    school_number: str
    has_card: bool
    joined_at: datetime
    left_at: datetime | None


class TaughtClass(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    school: str
    school_year: str
    made_at: datetime


class OwnRepresentative(msgspec.Struct, frozen=True, kw_only=True):
    full_name: str
    relation: str
    email: str | None
    phone: str | None
    added_at: datetime


class OwnSignature(msgspec.Struct, frozen=True, kw_only=True):
    """A signature, also one that was withdrawn or replaced. `paper`: the reference of a paper."""

    purpose: str
    signer: str
    representative: str
    proof: str
    wording: str
    paper: str
    given_at: datetime
    given_by: By
    withdrawn_at: datetime | None
    withdrawn_by: By


class OwnPaper(msgspec.Struct, frozen=True, kw_only=True):
    ref: str
    signed_on: date
    place: str
    kept_where: str
    has_scan: bool
    recorded_at: datetime


class OwnLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link sent to a parent; the link itself is kept nowhere."""

    email: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None


class OwnWithdrawal(msgspec.Struct, frozen=True, kw_only=True):
    purposes: tuple[str, ...]
    by_whom: str
    received_at: datetime
    answer_due_at: datetime
    finish_due_at: datetime
    answered_at: datetime | None
    finished_at: datetime | None
    done: str


class OwnConsents(msgspec.Struct, frozen=True, kw_only=True):
    """`states`: purpose → what its signatures amount to today."""

    states: dict[str, str]
    signatures: list[OwnSignature]
    papers: list[OwnPaper]
    links: list[OwnLink]
    withdrawals: list[OwnWithdrawal]


class OwnSession(msgspec.Struct, frozen=True, kw_only=True):
    began_at: datetime
    ends_at: datetime


def own_account(tx: Tx, kept: AccountView) -> OwnAccount:
    return OwnAccount(
        ref=kept.ref,
        sign_in_code=kept.code,
        full_name=kept.full_name,
        birth_date=kept.birth_date,
        birth_is_year=kept.birth_is_year,
        email=kept.email,
        phone=kept.phone,
        ward_id=kept.ward_id,
        ward=units.unit_name(tx, kept.ward_id) or kept.ward_other,
        school_id=kept.school_id,
        school=units.school_name(tx, kept.school_id) or kept.school_other,
        language=kept.language,
        has_password=kept.has_password,
        has_recovery_code=kept.has_recovery_code,
        name_is_hidden=kept.name_hidden,
        created_at=kept.created_at,
    )


def own_roles(tx: Tx, account_id: int) -> list[OwnRole]:
    rows = tx.execute(
        sa.select(RoleGrant.role, RoleGrant.scope_ref, RoleGrant.granted_at, RoleGrant.ended_at)
        .where(RoleGrant.account_id == account_id)
        .order_by(RoleGrant.id)
    )
    return [OwnRole(**row._mapping) for row in rows]


_SCHOOL = sa.func.coalesce(School.name, SchoolClass.school_other).label("school")


def own_classes(tx: Tx, account_id: int) -> list[OwnClass]:
    rows = tx.execute(
        sa.select(
            SchoolClass.name,
            _SCHOOL,
            SchoolClass.school_year,
            ClassPupil.number,
            ClassPupil.school_number,
            ClassPupil.card_digest.is_not(None).label("has_card"),
            ClassPupil.joined_at,
            ClassPupil.left_at,
        )
        .join(SchoolClass, SchoolClass.id == ClassPupil.class_id)
        .outerjoin(School, School.id == SchoolClass.school_id)
        .where(ClassPupil.account_id == account_id)
        .order_by(ClassPupil.id)
    )
    return [OwnClass(**row._mapping) for row in rows]


def taught_classes(tx: Tx, account_id: int) -> list[TaughtClass]:
    rows = tx.execute(
        sa.select(SchoolClass.name, _SCHOOL, SchoolClass.school_year, SchoolClass.made_at)
        .outerjoin(School, School.id == SchoolClass.school_id)
        .where(SchoolClass.teacher_id == account_id)
        .order_by(SchoolClass.id)
    )
    return [TaughtClass(**row._mapping) for row in rows]


def own_representatives(tx: Tx, account_id: int) -> list[OwnRepresentative]:
    return [
        OwnRepresentative(
            full_name=each.full_name,
            relation=each.relation,
            email=each.email,
            phone=each.phone,
            added_at=each.added_at,
        )
        for each in consents.representatives(tx, account_id)
    ]


def own_consents(tx: Tx, kept: AccountView, *, on: date) -> OwnConsents:
    parents = {each.ref for each in consents.representatives(tx, kept.id)}
    papers = tx.execute(
        sa.select(
            ConsentPaper.ref,
            ConsentPaper.signed_on,
            ConsentPaper.place,
            ConsentPaper.kept_where,
            (ConsentPaper.scan_key != "").label("has_scan"),
            ConsentPaper.recorded_at,
        )
        .where(ConsentPaper.account_id == kept.id)
        .order_by(ConsentPaper.id)
    )
    links = tx.execute(
        sa.select(
            ConsentLink.email, ConsentLink.made_at, ConsentLink.expires_at, ConsentLink.ended_at
        )
        .where(ConsentLink.account_id == kept.id)
        .order_by(ConsentLink.made_at, ConsentLink.id)
    )
    states = consents.states(tx, kept.id, kept.birth_date, on=on)
    return OwnConsents(
        states={purpose: each.value for purpose, each in states.items()},
        signatures=[
            OwnSignature(
                purpose=each.purpose,
                signer=each.signer,
                representative=each.representative,
                proof=each.proof,
                wording=each.wording_version,
                paper=each.paper_ref,
                given_at=each.given_at,
                given_by=by_of(each.given_by, kept.ref, parents),
                withdrawn_at=each.withdrawn_at,
                withdrawn_by=by_of(each.withdrawn_by, kept.ref, parents),
            )
            for each in consents.history(tx, kept.id)
        ],
        papers=[OwnPaper(**row._mapping) for row in papers],
        links=[OwnLink(**row._mapping) for row in links],
        withdrawals=[
            OwnWithdrawal(
                purposes=each.purposes,
                by_whom=each.by_whom,
                received_at=each.received_at,
                answer_due_at=each.answer_due_at,
                finish_due_at=each.finish_due_at,
                answered_at=each.answered_at,
                finished_at=each.finished_at,
                done=each.done,
            )
            for each in withdrawal_queries.of_person(tx, kept.id)
        ],
    )


def by_of(ref: str | None, own: str, parents: set[str]) -> By:
    """Who did it, without the reference of anybody else."""
    if not ref:
        return ""
    if ref == own:
        return "self"
    return "representative" if ref in parents else "other"


def own_sessions(tx: Tx, account_id: int, now: datetime) -> list[OwnSession]:
    """Where the person is signed in now; which device it is, is not known."""
    rows = tx.execute(
        sa.select(SessionRow.created_at.label("began_at"), SessionRow.expires_at.label("ends_at"))
        .where(SessionRow.account_id == account_id, SessionRow.expires_at > now)
        .order_by(SessionRow.created_at)
    )
    return [OwnSession(**row._mapping) for row in rows]
