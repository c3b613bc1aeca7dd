"""A new password ends the sessions elsewhere."""

from datetime import datetime

from contest.infra.chance import SeededChance
from contest.infra.database import Database
from contest.people import queries
from contest.people.sign_in.commands import change_password
from contest.people.sign_in.queries import password_hash_of, session_of
from tests.people.somebody import MINH, register, sign_in


def test_the_password_changes_and_only_this_session_goes_on(
    db: Database, now: datetime, chance: SeededChance
):
    made = register(db, chance, now, password_hash="old")
    other = register(db, chance, now, MINH, password_hash="theirs")
    here = sign_in(db, made.account_id, "here", now)
    there = sign_in(db, made.account_id, "there", now)
    strangers = sign_in(db, other.account_id, "stranger", now)

    db.write(
        change_password,
        account_id=made.account_id,
        password_hash="new",
        password_is_short=True,
        keep_session=here,
    )

    with db.read() as tx:
        assert password_hash_of(tx, made.account_id) == "new"
        assert password_hash_of(tx, other.account_id) == "theirs"
        assert queries.account(tx, made.account_id).password_is_short
        found = [session_of(tx, each, now) is not None for each in (here, there, strangers)]
    assert found == [True, False, True]
