"""The letter with a link, and the link's one use."""

from datetime import datetime, timedelta

from contest.infra import jobs, mail
from contest.infra.chance import SeededChance
from contest.infra.database import Database
from contest.people.recovery import queries
from contest.people.recovery.commands import (
    LINK_LIFETIME,
    Link,
    start_password_reset,
    use_password_reset,
)
from contest.people.sign_in.queries import password_hash_of, session_of
from tests.people.somebody import HOA, MINH, register, sign_in


def send(db: Database, now: datetime, *links: Link) -> None:
    db.write(
        start_password_reset,
        email="nha@example.vn",
        links=links,
        subject="Đặt lại",
        body="…",
        now=now,
    )


def use(db: Database, token: str, now: datetime) -> int | None:
    return db.write(
        use_password_reset,
        token_digest=token,
        password_hash="new",
        password_is_short=False,
        now=now,
    )


def test_a_letter_goes_to_the_outbox_with_a_job_to_deliver_it(
    db: Database, now: datetime, chance: SeededChance
):
    hoa = register(db, chance, now, HOA, email="nha@example.vn")
    send(db, now, Link(hoa.account_id, "t1"))

    with db.read() as tx:
        (letter,) = mail.newest(tx, limit=5)
    assert (letter.to_address, letter.sent_at) == ("nha@example.vn", None)
    job = db.write(jobs.claim, now=now, kinds=[mail.DELIVER])
    assert job is not None
    assert job.payload == {"letter": letter.id}


def test_everybody_with_the_address_is_found(db: Database, now: datetime, chance: SeededChance):
    hoa = register(db, chance, now, HOA, email="nha@example.vn")
    minh = register(db, chance, now, MINH, email="NHA@example.vn")

    with db.read() as tx:
        people = queries.accounts_with_email(tx, "nha@example.vn")
        nobody = queries.accounts_with_email(tx, "khac@example.vn")
    assert [each.account_id for each in people] == [hoa.account_id, minh.account_id]
    assert people[0].code.replace("-", "") == hoa.code
    assert nobody == []


def test_a_link_sets_the_password_once_and_ends_all_sessions(
    db: Database, now: datetime, chance: SeededChance
):
    hoa = register(db, chance, now, HOA, password_hash="old")
    session_id = sign_in(db, hoa.account_id, "token", now)
    send(db, now, Link(hoa.account_id, "t1"))

    with db.read() as tx:
        way_in = queries.way_in_by_link(tx, "t1", now)
    assert way_in is not None
    assert (way_in.full_name, way_in.is_staff) == ("Nguyễn Thị Hoa", False)
    assert use(db, "t1", now) == hoa.account_id
    assert use(db, "t1", now) is None
    with db.read() as tx:
        assert password_hash_of(tx, hoa.account_id) == "new"
        assert session_of(tx, session_id, now) is None
        assert queries.way_in_by_link(tx, "t1", now) is None


def test_an_hour_later_the_link_is_over(db: Database, now: datetime, chance: SeededChance):
    hoa = register(db, chance, now, HOA)
    send(db, now, Link(hoa.account_id, "t1"))

    assert use(db, "t1", now + LINK_LIFETIME) is None
    assert use(db, "t1", now + LINK_LIFETIME - timedelta(seconds=1)) == hoa.account_id


def test_only_the_newest_link_of_a_person_works(db: Database, now: datetime, chance: SeededChance):
    hoa, minh = register(db, chance, now, HOA), register(db, chance, now, MINH)
    send(db, now, Link(hoa.account_id, "t1"), Link(minh.account_id, "t2"))
    send(db, now, Link(hoa.account_id, "t3"))

    assert use(db, "t1", now) is None
    assert use(db, "t2", now) == minh.account_id
    assert use(db, "t3", now) == hoa.account_id


def test_a_made_up_link_opens_nothing(db: Database, now: datetime):
    assert use(db, "made-up", now) is None
