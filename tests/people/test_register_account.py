"""Registering: works, twice, shared contacts, bad input."""

from datetime import date, datetime, timedelta

import pytest

from contest.errors import Conflict, Invalid, NotFound
from contest.infra.chance import LETTERS, SeededChance
from contest.infra.database import Database, Tx
from contest.ledger.queries import entries_of
from contest.people import queries
from contest.people.consent import NAME_ON_BOARDS, TAKE_PART
from contest.people.consent.machine import State
from contest.people.consent.queries import states, takes_part
from contest.people.recovery.queries import way_in_by_code
from tests.people.somebody import HOA, MINH, register


def own_states(tx: Tx, account_id: int, now: datetime) -> dict[str, State]:
    return states(tx, account_id, queries.account(tx, account_id).birth_date, on=now.date())


def test_an_account_keeps_what_was_told_in_its_normal_form(
    db: Database, now: datetime, chance: SeededChance
):
    made = register(
        db,
        chance,
        now,
        full_name="nguyễn  thị hoa",
        email="Hoa@Example.VN",
        phone="+84 912 345 678",
        ward_other="Nam Định",
        password_hash="hash",
    )

    with db.read() as tx:
        account = queries.account(tx, made.account_id)
    assert made.is_new
    assert (account.full_name, account.email, account.phone, account.ward_other) == (
        "Nguyễn Thị Hoa",
        "hoa@example.vn",
        "0912345678",
        "Nam Định",
    )
    assert (account.code, account.ref) == (made.code, made.ref)
    assert len(made.code) == 8
    assert set(made.code) <= set(LETTERS)
    assert account.has_password
    assert not account.has_recovery_code


def test_the_consents_given_are_kept_and_stand_in_the_ledger(
    db: Database, now: datetime, chance: SeededChance
):
    quiet = register(db, chance, now)
    seen = register(db, chance, now, MINH, shows_name=True)

    with db.read() as tx:
        for made, shows in ((quiet, False), (seen, True)):
            stands = {
                purpose
                for purpose, state in own_states(tx, made.account_id, now).items()
                if state is State.STANDS
            }
            assert stands == ({TAKE_PART, NAME_ON_BOARDS} if shows else {TAKE_PART})
        (entry,) = entries_of(tx, seen.ref)
    assert (entry.kind, entry.by) == ("people.give_consent", seen.ref)
    assert entry.facts["purposes"] == ["name-on-boards", "take-part"]
    assert "Minh" not in str(entry)


def test_a_child_s_tick_is_no_consent_and_does_not_wait_for_a_birthday(
    db: Database, now: datetime, chance: SeededChance
):
    made = register(db, chance, now, birth_date=date(2011, 1, 1), shows_name=True)

    with db.read() as tx:
        assert set(own_states(tx, made.account_id, now).values()) == {State.NOT_GIVEN}
        assert not takes_part(tx, made.account_id, on=date(2030, 1, 1))
        assert entries_of(tx, made.ref) == []


def test_a_family_shares_a_telephone_and_an_address(
    db: Database, now: datetime, chance: SeededChance
):
    contact = {"phone": "0912345678", "email": "nha@example.vn"}
    one = register(db, chance, now, HOA, **contact)
    other = register(db, chance, now, MINH, **contact)

    assert one.account_id != other.account_id
    assert one.code != other.code


def test_the_same_person_again_is_let_in_and_left_for_the_review(
    db: Database, now: datetime, chance: SeededChance
):
    assert register(db, chance, now).account_id != register(db, chance, now).account_id


def test_the_same_form_sent_twice_makes_one_account(
    db: Database, now: datetime, chance: SeededChance
):
    first = register(db, chance, now, form_key="form", recovery_hash="first")
    again = register(db, chance, now, form_key="form", recovery_hash="second")

    assert not again.is_new
    assert (again.account_id, again.code) == (first.account_id, first.code)
    with db.read() as tx:
        # The first answer was never seen, so the code of the second is the one that works.
        assert way_in_by_code(tx, "first", now) is None
        found = way_in_by_code(tx, "second", now)
        assert found is not None
        assert found.account_id == first.account_id
        assert len(entries_of(tx, first.ref)) == 1


def test_the_same_form_much_later_opens_nobodys_account(
    db: Database, now: datetime, chance: SeededChance
):
    register(db, chance, now, form_key="form")

    with pytest.raises(Conflict, match="already-registered"):
        register(db, chance, now + timedelta(minutes=16), form_key="form")


def test_under_sixteen_an_account_is_made_that_takes_part_in_nothing_yet(
    db: Database, now: datetime, chance: SeededChance
):
    almost = register(db, chance, now, birth_date=date(2010, 11, 25))
    just = register(db, chance, now, birth_date=date(2010, 11, 24))

    today = now.date()
    with db.read() as tx:
        assert not takes_part(tx, almost.account_id, on=today)
        assert takes_part(tx, just.account_id, on=today)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"full_name": "A1"}, "wrong-name"),
        ({"birth_date": date(2030, 1, 1)}, "wrong-birth-date"),
        ({"email": "hoa"}, "wrong-email"),
        ({"phone": "12"}, "wrong-phone"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(
    db: Database, now: datetime, chance: SeededChance, changes: dict[str, object], code: str
):
    with pytest.raises(Invalid, match=code):
        register(db, chance, now, **changes)


def test_nobody_has_no_account(db: Database):
    with db.read() as tx, pytest.raises(NotFound, match="no-person"):
        queries.account(tx, 4711)
