"""The printed code, and the code that the desk gives."""

from datetime import datetime, timedelta

import pytest

from contest.access import Actor, Grant, Role, Scope
from contest.errors import NotAllowed, NotFound
from contest.infra.chance import SeededChance
from contest.infra.database import Database
from contest.ledger.queries import entries_of
from contest.people import queries as people
from contest.people.commands import grant_role
from contest.people.recovery import queries
from contest.people.recovery.commands import (
    DESK_CODE_LIFETIME,
    OneTimeCode,
    renew_recovery_code,
    reset_sign_in,
    use_recovery_code,
)
from contest.people.sign_in.queries import password_hash_of, session_of
from contest.people.tokens import digest
from tests.people.somebody import HOA, MINH, register, sign_in

ORGANISER = Actor(account_id=99, grants=(Grant(Role.ORGANISER, Scope.EDITION),))
OPERATOR = Actor(grants=(Grant(Role.OPERATOR, Scope.ALL),))


def use(db: Database, code_digest: str, now: datetime, new: str = "next") -> int | None:
    return db.write(
        use_recovery_code,
        code_digest=code_digest,
        password_hash="new",
        password_is_short=False,
        new_recovery_hash=new,
        now=now,
    )


def reset(
    db: Database,
    account_id: int,
    now: datetime,
    chance: SeededChance,
    by: Actor = ORGANISER,
) -> OneTimeCode:
    return db.write(
        reset_sign_in, account_id=account_id, by=by, by_ref="DESK", chance=chance, now=now
    )


def test_a_recovery_code_works_once_and_the_next_takes_its_place(
    db: Database, now: datetime, chance: SeededChance
):
    hoa = register(db, chance, now, HOA, password_hash="old", recovery_hash="first")
    session_id = sign_in(db, hoa.account_id, "token", now)

    assert use(db, "first", now) == hoa.account_id
    assert use(db, "first", now) is None
    with db.read() as tx:
        assert password_hash_of(tx, hoa.account_id) == "new"
        assert session_of(tx, session_id, now) is None
        assert queries.way_in_by_code(tx, "next", now) is not None
    assert use(db, "next", now, "third") == hoa.account_id


def test_a_renewed_code_puts_the_old_one_out(db: Database, now: datetime, chance: SeededChance):
    hoa = register(db, chance, now, HOA, recovery_hash="first")
    db.write(renew_recovery_code, account_id=hoa.account_id, recovery_hash="second")

    assert use(db, "first", now) is None
    assert use(db, "second", now) == hoa.account_id


def test_the_desks_code_works_once_and_brings_a_recovery_code(
    db: Database, now: datetime, chance: SeededChance
):
    hoa = register(db, chance, now, HOA, password_hash="old", recovery_hash="lost")
    made = reset(db, hoa.account_id, now, chance)

    with db.read() as tx:
        # Until it is used the person may yet remember the old password.
        assert password_hash_of(tx, hoa.account_id) == "old"
        way_in = queries.way_in_by_code(tx, digest(made.code), now)
        entry = entries_of(tx, hoa.ref)[-1]
    assert way_in is not None
    assert way_in.account_id == hoa.account_id
    assert (entry.kind, entry.by) == ("people.reset_sign_in", "DESK")
    assert made.code not in str(entry)
    assert use(db, digest(made.code), now) == hoa.account_id
    assert use(db, digest(made.code), now) is None
    assert use(db, "lost", now) is None
    assert use(db, "next", now, "third") == hoa.account_id


def test_the_desks_code_is_over_after_a_day_and_after_the_next(
    db: Database, now: datetime, chance: SeededChance
):
    hoa = register(db, chance, now, HOA)
    first = reset(db, hoa.account_id, now, chance)
    second = reset(db, hoa.account_id, now, chance)

    assert use(db, digest(first.code), now) is None
    assert use(db, digest(second.code), now + DESK_CODE_LIFETIME) is None
    just_before = now + DESK_CODE_LIFETIME - timedelta(seconds=1)
    assert use(db, digest(second.code), just_before) == hoa.account_id


def test_an_organiser_cannot_take_an_organisers_account_over(
    db: Database, now: datetime, chance: SeededChance
):
    minh = register(db, chance, now, MINH)
    for role in (Role.ORGANISER, Role.OPERATOR):
        grant = Grant(role, Scope.EDITION)
        db.write(grant_role, account_id=minh.account_id, grant=grant, by="system", now=now)

    with pytest.raises(NotAllowed, match="reset-by-operator"):
        reset(db, minh.account_id, now, chance)
    assert reset(db, minh.account_id, now, chance, by=OPERATOR).code


def test_nobody_gets_no_code(db: Database, now: datetime, chance: SeededChance):
    with pytest.raises(NotFound, match="no-person"):
        reset(db, 4711, now, chance)


def test_whoever_has_a_role_is_known_as_staff(db: Database, now: datetime, chance: SeededChance):
    minh = register(db, chance, now, MINH, recovery_hash="first")
    grant = Grant(Role.JUROR, Scope.EDITION)
    db.write(grant_role, account_id=minh.account_id, grant=grant, by="system", now=now)

    with db.read() as tx:
        way_in = queries.way_in_by_code(tx, "first", now)
        assert people.grants_of(tx, minh.account_id) == [grant]
    assert way_in is not None
    assert way_in.is_staff
