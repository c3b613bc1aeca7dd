from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from contest.errors import TooMany
from contest.infra.database import Tx
from contest.people.models import Account, SessionRow, SignInTry
from contest.people.sign_in.limits import WINDOW, Limit

_FORGOTTEN_AFTER = timedelta(days=1)

_END_SESSION = sa.delete(SessionRow).where(SessionRow.id == sa.bindparam("session_id"))
_GIVE_BACK = (
    sa.update(SignInTry)
    .where(SignInTry.key == sa.bindparam("of"), SignInTry.tries > 0)
    .values(tries=SignInTry.tries - 1)
)
_FORGET_TRIES = sa.delete(SignInTry).where(SignInTry.key == sa.bindparam("of"))


def count_try(tx: Tx, *, limits: Sequence[Limit], now: datetime) -> None:
    """
    Counts a try before it is made, so that a hundred at once cannot all slip through.

    Raises TooMany with the seconds until the window of the fullest key is over; nothing is
    counted then. `give_back` undoes it after a success.
    """
    tx.execute(sa.delete(SignInTry).where(SignInTry.window_start < now - _FORGOTTEN_AFTER))
    # Always in one order: two transactions that wait for each other's key would lock.
    for limit in sorted(limits, key=lambda each: each.key):
        row = _counted(tx, limit.key, now)
        if row.tries > limit.most:
            left = row.window_start + WINDOW - now
            seconds = max(1, int(left.total_seconds()))
            raise TooMany("too-many-sign-ins", retry_after_s=seconds)


def _counted(tx: Tx, key: str, now: datetime) -> sa.Row[int, datetime]:
    insert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    is_over = SignInTry.window_start <= now - WINDOW
    statement = insert(SignInTry).values(key=key, window_start=now, tries=1)
    return tx.execute(
        statement.on_conflict_do_update(
            index_elements=[SignInTry.key],
            set_={
                "tries": sa.case((is_over, 1), else_=SignInTry.tries + 1),
                "window_start": sa.case(
                    (is_over, statement.excluded.window_start), else_=SignInTry.window_start
                ),
            },
        ).returning(SignInTry.tries, SignInTry.window_start)
    ).one()


def give_back(tx: Tx, *, forget: Sequence[Limit] = (), one_of: Sequence[Limit] = ()) -> None:
    """After a success: the keys in `forget` start anew, those in `one_of` get one try back."""
    for limit in sorted(forget, key=lambda each: each.key):
        tx.execute(_FORGET_TRIES, {"of": limit.key})
    for limit in sorted(one_of, key=lambda each: each.key):
        tx.execute(_GIVE_BACK, {"of": limit.key})


def open_session(
    tx: Tx,
    *,
    account_id: int,
    session_id: str,
    expires_at: datetime,
    instead_of: str | None = None,
    forget: Sequence[Limit] = (),
    one_of: Sequence[Limit] = (),
    now: datetime,
) -> None:
    """
    Signs somebody in. `session_id` is the digest of a token made for this; the id is never reused.

    `instead_of`: the session that the browser held before. `forget` and `one_of`: see `give_back`.
    """
    give_back(tx, forget=forget, one_of=one_of)
    tx.execute(
        sa.delete(SessionRow).where(
            SessionRow.account_id == account_id, SessionRow.expires_at <= now
        )
    )
    if instead_of is not None:
        tx.execute(_END_SESSION, {"session_id": instead_of})
    tx.execute(
        sa.insert(SessionRow).values(
            id=session_id, account_id=account_id, created_at=now, expires_at=expires_at
        )
    )


def end_session(tx: Tx, *, session_id: str) -> None:
    """Signs out here. Ending it twice is no fault."""
    tx.execute(_END_SESSION, {"session_id": session_id})


def end_all_sessions(tx: Tx, *, account_id: int, but: str | None = None) -> int:
    """Signs out everywhere, or everywhere `but` here. Returns how many sessions ended."""
    own = sa.delete(SessionRow).where(SessionRow.account_id == account_id)
    ended = tx.execute(own.where(SessionRow.id != but) if but else own)
    return ended.rowcount


def change_password(
    tx: Tx,
    *,
    account_id: int,
    password_hash: str,
    password_is_short: bool,
    keep_session: str | None = None,
) -> None:
    """Sets the password and ends every session but the one it was changed in."""
    tx.execute(
        sa.update(Account)
        .where(Account.id == account_id)
        .values(password_hash=password_hash, password_is_short=password_is_short)
    )
    end_all_sessions(tx, account_id=account_id, but=keep_session)
