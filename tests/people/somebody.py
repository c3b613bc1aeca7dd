"""Makes accounts for the tests of this room, by the command a page uses."""

from datetime import date, datetime, timedelta
from typing import Any

from contest.infra.chance import Chance
from contest.infra.database import Database
from contest.people.commands import Registered, register_account
from contest.people.sign_in.commands import open_session
from contest.people.tokens import digest

HOA: dict[str, Any] = {"full_name": "Nguyễn Thị Hoa", "birth_date": date(1958, 9, 2)}
MINH: dict[str, Any] = {"full_name": "Trần Đức Minh", "birth_date": date(2006, 3, 14)}


def register(
    db: Database, chance: Chance, now: datetime, person: dict[str, Any] = HOA, **changes: Any
) -> Registered:
    return db.write(register_account, **(person | changes), chance=chance, now=now)


def sign_in(db: Database, account_id: int, token: str, now: datetime) -> str:
    """Opens a session for a token of the test's; returns its id."""
    session_id = digest(token)
    db.write(
        open_session,
        account_id=account_id,
        session_id=session_id,
        expires_at=now + timedelta(days=14),
        now=now,
    )
    return session_id
