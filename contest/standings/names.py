"""What a board's search by name runs over: keys of the names that may be shown, and their lines.

Prepared for each official result, and records the height of the ledger it follows. A key is made
of a name's public form, on both sides: what is typed is cut down to initials before it is looked
for, so nobody learns from a search what stands behind an initial.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

import msgspec
import sqlalchemy as sa

from contest.editions.models import Entrant
from contest.infra.clock import HANOI, Clock
from contest.infra.database import Database, Tx
from contest.ledger import queries as ledger
from contest.people import queries as people
from contest.people.models import Account
from contest.people.names import public_name
from contest.standings import name_rows
from contest.standings.models import BoardName, BoardNames, EntrantLine, Settlement, Standing
from contest.standings.name_rows import Key
from contest.web.i18n import without_tones

# Lines a write command: an answer of another round waits no longer than for one piece.
PIECE = 1000
# SQLite forgets what it has read when somebody writes: so not a read for every write.
_READ_AT_ONCE = 10_000
_ENTRIES_A_STEP = 500
_LONGEST_KEY = 120
# The decisions after which a name may appear or disappear; their subject is the account's ref.
KINDS = (
    "people.hide_name",
    "people.show_name",
    "people.give_consent",
    "people.withdraw_consent",
    "people.revoke_paper",
    "people.correct_pupil",
    "people.erase_account",
)


def name_keys(shown: str) -> list[str]:
    """N. T. Hà → "ha", "ha t", "ha t n": given name, then initials from the right; toneless."""
    return list(_keys(shown))


# A city's public forms are far fewer than its people.
@lru_cache(maxsize=50_000)
def _keys(shown: str) -> tuple[str, ...]:
    parts = [part for part in map(_plain, shown.replace(".", " ").split()) if part]
    keys = parts[-1:]
    for part in reversed(parts[:-1]):
        keys.append(f"{keys[-1]} {part[0]}")
    return tuple(key[:_LONGEST_KEY] for key in keys)


def query_key(text: str) -> str | None:
    """
    What was typed, cut down to the public form: "nguyen thu ha" and "N. T. Hà" → "ha t n".

    None when there is no letter in it.
    """
    return next(reversed(name_keys(public_name(text))), None)


def _plain(part: str) -> str:
    return "".join(letter for letter in without_tones(part).casefold() if letter.isalnum())


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a board and all keys under which its name could stand, shown or not."""

    settlement_id: int
    line: int
    account_id: int
    possible: list[str]


def are_prepared(tx: Tx, settlement_id: int) -> bool:
    """Whether a search by name would find everybody it may."""
    asked = sa.select(BoardNames.height).where(BoardNames.settlement_id == settlement_id)
    return tx.execute(asked).first() is not None


def are_behind(tx: Tx) -> bool:
    """Whether an official result has no names yet, or names older than the newest decision."""
    newest = ledger.height(tx)
    return bool(name_rows.unprepared(tx)) or any(
        each < newest for each in name_rows.heights(tx).values()
    )


def followed(tx: Tx) -> int:
    """The height to which every name that is prepared follows the ledger."""
    if name_rows.unprepared(tx):
        return 0
    return min(name_rows.heights(tx).values(), default=ledger.height(tx))


def forget_person(tx: Tx, account_id: int) -> None:
    """Takes a person's keys out of every board's search, before their name is erased."""
    settlements = list(tx.execute(sa.select(BoardNames.settlement_id)).scalars())
    lines = _lines(tx, settlements, Account.id == account_id)
    gone = [(each.settlement_id, key, each.line) for each in lines for key in each.possible]
    name_rows.write_keys(tx, gone=gone, kept=[])


def refresh_names(database: Database, clock: Clock) -> None:
    """Brings the names of all official results up to what people wish now; repeated, the same."""
    with database.read() as tx:
        unprepared, outdated, target = (
            name_rows.unprepared(tx),
            name_rows.outdated(tx),
            ledger.height(tx),
        )
    for settlement_id in unprepared:
        prepare_names(database, settlement_id, clock)
    while _follow(database, clock, target):
        pass
    for settlement_id in outdated:
        _drop_names(database, settlement_id)


def prepare_names(database: Database, settlement_id: int, clock: Clock) -> None:
    """Fills the names of one settlement, in pieces; what was begun before comes to the same."""
    today = _today(clock)
    with database.read() as tx:
        # Taken before the first name is read: what is decided meanwhile is followed afterwards.
        height = ledger.height(tx)
        valid = tx.execute(
            sa.select(Settlement.valid).where(Settlement.id == settlement_id)
        ).scalar_one()
        begun = sa.select(BoardName.line).where(BoardName.settlement_id == settlement_id).limit(1)
        is_repeated = tx.execute(begun).first() is not None
    for first in range(1, valid + 1, _READ_AT_ONCE):
        with database.read() as tx:
            gone, kept = _keys_of_lines(tx, settlement_id, first, today, is_repeated)
        for gone_here, kept_here in zip(_pieces(gone, first), _pieces(kept, first), strict=True):
            database.write(name_rows.write_keys, gone=gone_here, kept=kept_here)
    database.write(name_rows.set_height, settlement_id=settlement_id, height=height)


def _pieces(keys: Sequence[Key], first: int) -> list[list[Key]]:
    """Keys of the lines from `first` on, by PIECE lines, each piece in the table's order."""
    pieces: list[list[Key]] = [[] for _ in range(_READ_AT_ONCE // PIECE)]
    for key in keys:
        pieces[(key[2] - first) // PIECE].append(key)
    for piece in pieces:
        piece.sort()
    return pieces


def _keys_of_lines(
    tx: Tx, settlement_id: int, first: int, today: date, is_repeated: bool
) -> tuple[list[Key], list[Key]]:
    """Keys to take away and keys to have for the next lines."""
    rows = tx.execute(
        sa.select(Standing.line, Entrant.account_id)
        .join(Entrant, Entrant.id == Standing.entrant_id)
        .where(
            Standing.settlement_id == settlement_id,
            Standing.line.between(first, first + _READ_AT_ONCE - 1),
        )
    ).all()
    # In the order of accounts: those who are neighbours there are read together.
    shown = people.shown_names(tx, sorted(account_id for _, account_id in rows), on=today)
    kept = [
        (settlement_id, key, line)
        for line, account_id in rows
        if account_id in shown
        for key in name_keys(shown[account_id])
    ]
    if not is_repeated:
        return [], kept
    unnamed = [account_id for _, account_id in rows if account_id not in shown]
    return [
        (each.settlement_id, key, each.line)
        for each in _lines(tx, [settlement_id], Account.id.in_(unnamed))
        for key in each.possible
    ], kept


def _follow(database: Database, clock: Clock, target: int) -> bool:
    """One step towards the height `target`; False when all names are there."""
    with database.read() as tx:
        heights = {
            each: height for each, height in name_rows.heights(tx).items() if height < target
        }
        if not heights:
            return False
        entries = ledger.entries_after(
            tx, min(heights.values()), upto=target, kinds=KINDS, limit=_ENTRIES_A_STEP
        )
        upto = entries[-1].height if len(entries) == _ENTRIES_A_STEP else target
        refs = {entry.subject for entry in entries}
        lines = _lines(tx, list(heights), Account.ref.in_(refs)) if refs else []
    for start in range(0, len(lines), PIECE):
        database.write(_bring_up_to_date, lines=lines[start : start + PIECE], today=_today(clock))
    database.write(name_rows.move_heights, seen=heights, upto=upto)
    return True


def _bring_up_to_date(tx: Tx, *, lines: Sequence[_Line], today: date) -> None:
    # Two workers may follow at once: the second waits, and then reads what stands by then.
    tx.execute(
        sa.select(BoardNames.height)
        .where(BoardNames.settlement_id.in_({each.settlement_id for each in lines}))
        .order_by(BoardNames.settlement_id)
        .with_for_update()
    )
    shown = people.shown_names(tx, {each.account_id for each in lines}, on=today)
    gone: list[Key] = []
    kept: list[Key] = []
    for each in lines:
        name = shown.get(each.account_id)
        rows, keys = (gone, each.possible) if name is None else (kept, name_keys(name))
        rows.extend((each.settlement_id, key, each.line) for key in keys)
    name_rows.write_keys(tx, gone=gone, kept=kept)


def _lines(tx: Tx, settlement_ids: Sequence[int], who: sa.ColumnElement[bool]) -> list[_Line]:
    """
    Where some people stand on these boards, with the keys that their names would have.

    The only reader of names that may not be shown: to take away what was prepared from them.
    """
    rows = tx.execute(
        sa.select(EntrantLine.settlement_id, EntrantLine.line, Account.id, Account.full_name)
        .select_from(Account)
        .join(Entrant, Entrant.account_id == Account.id)
        .join(EntrantLine, EntrantLine.entrant_id == Entrant.id)
        .where(EntrantLine.settlement_id.in_(settlement_ids), who)
    )
    return [
        _Line(
            settlement_id=row.settlement_id,
            line=row.line,
            account_id=row.id,
            possible=name_keys(public_name(row.full_name)),
        )
        for row in rows
    ]


def _drop_names(database: Database, settlement_id: int) -> None:
    """Names of a result that holds no more: nobody searches it, and wishes do not reach it."""
    of_it = (
        sa.select(BoardName.settlement_id, BoardName.key, BoardName.line)
        .where(BoardName.settlement_id == settlement_id)
        .limit(PIECE)
    )
    while True:
        with database.read() as tx:
            rows = [(row[0], row[1], row[2]) for row in tx.execute(of_it)]
        if not rows:
            break
        database.write(name_rows.write_keys, gone=rows, kept=[])
    database.write(name_rows.forget_height, settlement_id=settlement_id)


def _today(clock: Clock) -> date:
    now: datetime = clock()
    return now.astimezone(HANOI).date()
