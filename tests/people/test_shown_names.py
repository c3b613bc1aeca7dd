"""What any public page may show of somebody, after every way to change it."""

from datetime import date, datetime, timedelta

import pytest

from contest.errors import Invalid
from contest.infra.chance import SeededChance
from contest.infra.database import Database
from contest.ledger.queries import entries_of
from contest.people.commands import hide_name
from contest.people.consent import NAME_ON_BOARDS, TAKE_PART
from contest.people.consent.commands import set_name_on_boards, sign, withdraw
from contest.people.consent.queries import takes_part
from contest.people.queries import shown_names
from tests.people.somebody import HOA, MINH, register

TODAY = date(2026, 11, 24)


def test_only_those_who_agreed_are_named(db: Database, now: datetime, chance: SeededChance):
    hoa = register(db, chance, now, HOA, shows_name=True)
    minh = register(db, chance, now, MINH)
    child = register(db, chance, now, birth_date=date(2011, 1, 1), shows_name=True)

    with db.read() as tx:
        ids = [hoa.account_id, minh.account_id, child.account_id, 4711]
        assert shown_names(tx, ids, on=TODAY) == {hoa.account_id: "N. T. Hoa"}
        assert shown_names(tx, [], on=TODAY) == {}


def test_taking_the_consent_back_takes_the_name_away(
    db: Database, now: datetime, chance: SeededChance
):
    hoa = register(db, chance, now, HOA, shows_name=True)
    own = {"account_id": hoa.account_id, "by": hoa.ref, "now": now}

    assert db.write(set_name_on_boards, shown=False, **own)
    with db.read() as tx:
        assert shown_names(tx, [hoa.account_id], on=TODAY) == {}
    assert db.write(set_name_on_boards, shown=True, **own)
    with db.read() as tx:
        assert shown_names(tx, [hoa.account_id], on=TODAY) == {hoa.account_id: "N. T. Hoa"}
        kinds = [entry.kind for entry in entries_of(tx, hoa.ref)]
    assert kinds == ["people.give_consent", "people.withdraw_consent", "people.give_consent"]


def test_switching_to_where_it_stands_writes_nothing(
    db: Database, now: datetime, chance: SeededChance
):
    hoa = register(db, chance, now, HOA)
    own = {"account_id": hoa.account_id, "by": hoa.ref, "now": now}

    assert not db.write(set_name_on_boards, shown=False, **own)
    assert db.write(set_name_on_boards, shown=True, **own)
    assert not db.write(set_name_on_boards, shown=True, **own)
    with db.read() as tx:
        assert len(entries_of(tx, hoa.ref)) == 2


def test_an_unfit_name_is_hidden_at_once_and_given_back(
    db: Database, now: datetime, chance: SeededChance
):
    hoa = register(db, chance, now, HOA, shows_name=True)
    by = {"account_id": hoa.account_id, "by": "desk", "now": now}

    assert db.write(hide_name, hidden=True, **by)
    assert not db.write(hide_name, hidden=True, **by)
    with db.read() as tx:
        assert shown_names(tx, [hoa.account_id], on=TODAY) == {}
    assert db.write(hide_name, hidden=False, **by)
    with db.read() as tx:
        assert shown_names(tx, [hoa.account_id], on=TODAY) == {hoa.account_id: "N. T. Hoa"}


def test_taking_part_taken_back_takes_the_name_too_and_other_purposes_do_not_exist(
    db: Database, now: datetime, chance: SeededChance
):
    hoa = register(db, chance, now, HOA, shows_name=True)
    own = {"account_id": hoa.account_id, "by": hoa.ref, "now": now}

    for change in (sign, withdraw):
        with pytest.raises(Invalid, match="unknown-purpose"):
            db.write(change, purposes=["sell-my-data"], **own)
    db.write(withdraw, purposes=[TAKE_PART], **own)
    with db.read() as tx:
        assert not takes_part(tx, hoa.account_id, on=TODAY)
        assert shown_names(tx, [hoa.account_id], on=TODAY) == {}


def test_a_name_goes_with_the_sixteenth_birthday_until_one_signs_oneself(
    db: Database, now: datetime, chance: SeededChance
):
    child = register(db, chance, now, birth_date=date(2010, 11, 25))
    own = {"account_id": child.account_id, "by": child.ref, "purposes": [NAME_ON_BOARDS]}
    db.write(sign, now=now, **own)
    db.write(sign, signer="representative", proof="paper", now=now, **own)

    tomorrow = now + timedelta(days=1)
    with db.read() as tx:
        assert shown_names(tx, [child.account_id], on=TODAY)
        assert shown_names(tx, [child.account_id], on=tomorrow.date()) == {}
    db.write(sign, now=tomorrow, **own)
    with db.read() as tx:
        assert shown_names(tx, [child.account_id], on=tomorrow.date())


def test_names_for_a_whole_board_come_in_few_statements(
    db: Database, now: datetime, chance: SeededChance
):
    hoa = register(db, chance, now, HOA, shows_name=True)

    with db.read() as tx:
        assert shown_names(tx, [hoa.account_id, *range(10_000, 12_000)], on=TODAY) == {
            hoa.account_id: "N. T. Hoa"
        }
