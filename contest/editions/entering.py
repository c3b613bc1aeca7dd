"""How a person comes into an edition: who may, and with which unit they then stand."""

from collections.abc import Collection
from datetime import date, datetime

import msgspec
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from contest.editions.models import Entrant
from contest.editions.queries import EditionView, EntrantView, entrant
from contest.errors import Conflict
from contest.infra.chance import Chance, code
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.people import queries as people
from contest.people.consent.queries import takes_part
from contest.rules.eligibility import may_enter


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry needs to know of a person: `person_of`."""

    account_id: int
    birth_date: date | None
    roles: Collection[str]
    contact_verified: bool = False
    ward_id: str | None = None
    ward_other: str = ""
    school_id: str | None = None
    school_other: str = ""


def person_of(tx: Tx, account_id: int) -> Person:
    """Raises NotFound("no-person")."""
    account = people.account(tx, account_id)
    return Person(
        account_id=account_id,
        birth_date=account.birth_date,
        # As granted, not as the session holds them: a role that sleeps still bars from entering.
        roles=frozenset(grant.role.value for grant in people.grants_of(tx, account_id)),
        ward_id=account.ward_id,
        ward_other=account.ward_other,
        school_id=account.school_id,
        school_other=account.school_other,
    )


def check_admitted(tx: Tx, edition: EditionView, person: Person, *, now: datetime) -> None:
    """
    Raises Conflict with the eligibility's code, or "consent-missing".

    By the calendar of Việt Nam, and by the consents as they stand now.
    """
    day = now.astimezone(HANOI).date()
    barred = may_enter(
        edition.document.rules.entry,
        person.birth_date,
        person.roles,
        day,
        contact_verified=person.contact_verified,
    )
    if barred is not None:
        raise Conflict(barred.code)
    if not takes_part(tx, person.account_id, on=day):
        raise Conflict("consent-missing")


def enter(
    tx: Tx,
    *,
    edition_id: int,
    person: Person,
    chance: Chance,
    now: datetime,
) -> EntrantView:
    """
    The person's entry in the edition, made at the first start with the unit of that day.

    Safe to repeat: the first one stays, whatever the account says later.
    """
    insert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    found = entrant(tx, edition_id, person.account_id)
    if found is None:
        tx.execute(
            insert(Entrant)
            .values(
                edition_id=edition_id,
                account_id=person.account_id,
                entry_code=code(chance, 8),
                ward_id=person.ward_id,
                ward_other=person.ward_other,
                school_id=person.school_id,
                school_other=person.school_other,
                entered_at=now,
            )
            .on_conflict_do_nothing(index_elements=[Entrant.edition_id, Entrant.account_id])
        )
        found = entrant(tx, edition_id, person.account_id)
        assert found is not None
    return found
