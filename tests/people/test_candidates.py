"""Who may be meant by what was typed to sign in."""

from datetime import datetime

from contest.infra.chance import SeededChance, grouped
from contest.infra.database import Database
from contest.people.contacts import identify
from contest.people.sign_in.queries import CANDIDATES, candidates, candidates_by_ref
from tests.people.somebody import HOA, MINH, register


def test_a_code_means_one_person_and_a_shared_number_everybody_who_has_it(
    db: Database, now: datetime, chance: SeededChance
):
    hoa = register(db, chance, now, HOA, phone="0912345678", email="nha@example.vn")
    minh = register(db, chance, now, MINH, phone="+84912345678", password_hash="hash")

    def ids(typed: str) -> list[int]:
        with db.read() as tx:
            return [each.account_id for each in candidates(tx, identify(typed))]

    assert ids(grouped(minh.code).lower()) == [minh.account_id]
    assert ids("0912.345.678") == [hoa.account_id, minh.account_id]
    assert ids("NHA@example.vn") == [hoa.account_id]
    assert ids("0999999999") == []
    assert ids("?") == []
    with db.read() as tx:
        (found,) = candidates_by_ref(tx, [minh.ref])
    assert (found.full_name, found.password_hash) == ("Trần Đức Minh", "hash")


def test_never_more_people_than_one_try_may_cost(db: Database, now: datetime, chance: SeededChance):
    for _ in range(CANDIDATES + 2):
        register(db, chance, now, phone="0912345678")

    with db.read() as tx:
        assert len(candidates(tx, identify("0912345678"))) == CANDIDATES
