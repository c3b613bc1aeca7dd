"""The desk finds people by what they can tell."""

from datetime import datetime

import pytest

from contest.access import Grant, Role, Scope
from contest.errors import NotFound
from contest.infra.chance import SeededChance, grouped
from contest.infra.database import Database
from contest.people.commands import grant_role
from contest.people.queries import find_people, person_line
from tests.people.somebody import HOA, MINH, register


def names(db: Database, text: str) -> list[str]:
    with db.read() as tx:
        return [person.full_name for person in find_people(tx, text)]


def test_by_code_number_address_or_name(db: Database, now: datetime, chance: SeededChance):
    hoa = register(db, chance, now, HOA, phone="0912345678", ward_other="Nam Định")
    register(db, chance, now, MINH, email="minh@example.vn")

    for text in (grouped(hoa.code), hoa.code.lower(), "0912 345 678", "thi hoa", "HOÀ nguyễn"):
        assert names(db, text) == ["Nguyễn Thị Hoa"]
    assert names(db, "Minh@example.vn") == ["Trần Đức Minh"]
    assert names(db, "hoang") == []


def test_what_names_nobody_finds_nobody(db: Database, now: datetime, chance: SeededChance):
    register(db, chance, now, HOA)

    for text in ("", "  ", "%", "_", "@", "hoa@example.vn"):
        assert names(db, text) == []


def test_people_stand_in_the_order_of_given_names(
    db: Database, now: datetime, chance: SeededChance
):
    for name in ("Lê Văn Ân", "Lê Thị Đào", "Lê Thu Dung", "Lê An"):
        register(db, chance, now, full_name=name)

    assert names(db, "le") == ["Lê An", "Lê Văn Ân", "Lê Thu Dung", "Lê Thị Đào"]


def test_a_line_tells_enough_to_be_sure_and_no_more(
    db: Database, now: datetime, chance: SeededChance
):
    minh = register(db, chance, now, MINH, phone="0912345678", email="minh@example.vn")
    grant = Grant(Role.JUROR, Scope.EDITION)
    db.write(grant_role, account_id=minh.account_id, grant=grant, by="system", now=now)

    with db.read() as tx:
        line = person_line(tx, minh.ref)
        with pytest.raises(NotFound, match="no-person"):
            person_line(tx, "NOBODY")
    assert (line.phone, line.email) == ("091••••678", "m••••@example.vn")
    assert line.roles == ("juror",)
    assert line.code == grouped(minh.code)
