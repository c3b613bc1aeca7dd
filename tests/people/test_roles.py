"""Giving and taking roles."""

from datetime import datetime

import pytest

from contest.access import Grant, Role, Scope
from contest.errors import NotFound
from contest.infra.chance import SeededChance
from contest.infra.database import Database
from contest.ledger.queries import entries_of
from contest.people import queries
from contest.people.commands import end_role, grant_role
from tests.people.somebody import register

JUROR = Grant(Role.JUROR, Scope.EDITION, "tuan-le-2026")


def test_a_role_is_given_and_taken_and_both_are_written_down(
    db: Database, now: datetime, chance: SeededChance
):
    made = register(db, chance, now)

    assert db.write(grant_role, account_id=made.account_id, grant=JUROR, by="system", now=now)
    with db.read() as tx:
        assert queries.grants_of(tx, made.account_id) == [JUROR]
    assert db.write(end_role, account_id=made.account_id, grant=JUROR, by="system", now=now)
    with db.read() as tx:
        assert queries.grants_of(tx, made.account_id) == []
        kinds = [entry.kind for entry in entries_of(tx, made.ref)]
        facts = entries_of(tx, made.ref)[1].facts
    assert kinds == ["people.give_consent", "people.grant_role", "people.end_role"]
    assert facts == {"role": "juror", "scope": "edition", "scope_ref": "tuan-le-2026"}


def test_giving_twice_and_taking_twice_write_nothing(
    db: Database, now: datetime, chance: SeededChance
):
    made = register(db, chance, now)

    given = [
        db.write(grant_role, account_id=made.account_id, grant=JUROR, by="system", now=now)
        for _ in range(2)
    ]
    taken = [
        db.write(end_role, account_id=made.account_id, grant=JUROR, by="system", now=now)
        for _ in range(2)
    ]
    assert (given, taken) == ([True, False], [True, False])
    with db.read() as tx:
        assert len(entries_of(tx, made.ref)) == 3


def test_a_role_may_be_given_again(db: Database, now: datetime, chance: SeededChance):
    made = register(db, chance, now)
    for command in (grant_role, end_role, grant_role):
        assert db.write(command, account_id=made.account_id, grant=JUROR, by="system", now=now)

    with db.read() as tx:
        assert queries.grants_of(tx, made.account_id) == [JUROR]


def test_nobody_is_given_nothing(db: Database, now: datetime):
    with pytest.raises(NotFound, match="no-person"):
        db.write(grant_role, account_id=4711, grant=JUROR, by="system", now=now)
