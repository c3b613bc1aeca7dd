"""Letters to those whose result an adjustment changed: who they are, each exactly one letter."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from contest.editions.models import Entrant
from contest.editions.queries import EditionView, RoundView, round_by_id
from contest.infra.database import Tx
from contest.infra.jobs import move_on
from contest.infra.mail import write_letter
from contest.people.models import Account
from contest.rules.prizes import award
from contest.rulings import queries as rulings
from contest.standings import adjustments, commands, queries
from contest.standings.adjustments import Subject
from contest.standings.models import EntrantLine, Standing
from contest.standings.queries import Published

KIND: Final = "standings.adjusted"
# Lines of each board that are compared at a time.
PIECE: Final = 1000
# So many letters at most are one command.
LETTERS_A_COMMAND: Final = 100


class Prize(msgspec.Struct, frozen=True):
    """A prize of the rules' list and what it is worth to its winner, in dong."""

    index: int
    value_vnd: int


class Line(msgspec.Struct, frozen=True):
    place: int
    score_milli: int


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What an adjustment made of somebody's result; no line: not on that board."""

    entrant_id: int
    before: Line | None
    after: Line | None
    prize_before: Prize | None
    prize_after: Prize | None


class Addressee(msgspec.Struct, frozen=True, kw_only=True):
    entrant_id: int
    email: str
    full_name: str
    language: str
    entry_code: str


class Adjusted(msgspec.Struct, frozen=True, kw_only=True):
    """An act that changed a published result, with the prizes of both boards by entrant."""

    edition: EditionView
    round: RoundView
    before: Published
    after: Published
    subject: Subject
    prizes_before: Mapping[int, Prize]
    prizes_after: Mapping[int, Prize]


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    to_address: str
    subject: str
    body: str


class _Placed(msgspec.Struct, frozen=True):
    place: int
    key: int


def adjusted(tx: Tx, round_id: int, number: int) -> Adjusted | None:
    """The act by its number; None where there is none, or it only published the round."""
    acts = {each.number: each for each in queries.publication_history(tx, [round_id])}
    before, after = acts.get(number - 1), acts.get(number)
    found = round_by_id(tx, round_id)
    if before is None or after is None or after.ruling_id is None or found is None:
        return None
    ruling = rulings.ruling_by_id(tx, after.ruling_id)
    assert ruling is not None
    edition, this = found
    return Adjusted(
        edition=edition,
        round=this,
        before=before,
        after=after,
        subject=adjustments.subjects(tx, [ruling], shows_keys=True, shows_entries=False)[0],
        prizes_before=_prizes(tx, edition, before.settlement_id),
        prizes_after=_prizes(tx, edition, after.settlement_id),
    )


def _prizes(tx: Tx, edition: EditionView, settlement_id: int) -> dict[int, Prize]:
    rules = edition.document.rules.prizes
    positions = sum(prize.places for prize in rules.individual)
    rows = tx.execution_options(yield_per=1000).execute(
        sa.select(Standing.place, Standing.entrant_id)
        .where(Standing.settlement_id == settlement_id)
        .order_by(Standing.line)
    )
    winners = [
        _Placed(row.place, row.entrant_id)
        for row in takewhile(lambda row: row.place <= positions, rows)
    ]
    rows.close()
    return {
        int(each.key): Prize(each.prize_index, each.value_vnd)
        for each in award(winners, rules.individual, rules.tie_across_edge)
    }


def next_changes(
    tx: Tx, this: Adjusted, *, after: int, piece: int = PIECE
) -> tuple[list[Change], int | None]:
    """
    Those concerned among the next entrants behind `after`, and up to whom that goes.

    Concerned is whose score or prize changed, who left the board or came back to it. None: these
    were the last.
    """
    old, old_last = _lines(tx, this.before.settlement_id, after, piece)
    new, new_last = _lines(tx, this.after.settlement_id, after, piece)
    last = min((each for each in (old_last, new_last) if each is not None), default=None)
    found = [
        Change(
            entrant_id=each,
            before=old.get(each),
            after=new.get(each),
            prize_before=this.prizes_before.get(each),
            prize_after=this.prizes_after.get(each),
        )
        for each in sorted(old.keys() | new.keys())
        if last is None or each <= last
    ]
    return [each for each in found if _is_concerned(each)], last


def _is_concerned(each: Change) -> bool:
    if each.before is None or each.after is None:
        return True
    return (
        each.before.score_milli != each.after.score_milli or each.prize_before != each.prize_after
    )


def _lines(
    tx: Tx, settlement_id: int, after: int, piece: int
) -> tuple[dict[int, Line], int | None]:
    """The next lines by entrant, and the last of them unless the board ends there."""
    rows = tx.execute(
        sa.select(EntrantLine.entrant_id, Standing.place, Standing.score_milli)
        .join(
            Standing,
            sa.and_(
                Standing.settlement_id == EntrantLine.settlement_id,
                Standing.line == EntrantLine.line,
            ),
        )
        .where(EntrantLine.settlement_id == settlement_id, EntrantLine.entrant_id > after)
        .order_by(EntrantLine.entrant_id)
        .limit(piece)
    ).all()
    found = {row.entrant_id: Line(row.place, row.score_milli) for row in rows}
    return found, rows[-1].entrant_id if len(rows) == piece else None


def addressees(tx: Tx, changes: Sequence[Change]) -> dict[int, Addressee]:
    """Entrant → where to write, for those who gave an e-mail address."""
    rows = tx.execute(
        sa.select(
            Entrant.id, Account.email, Account.full_name, Account.language, Entrant.entry_code
        )
        .join(Account, Account.id == Entrant.account_id)
        .where(Entrant.id.in_([each.entrant_id for each in changes]), Account.email.is_not(None))
    )
    return {
        row.id: Addressee(
            entrant_id=row.id,
            email=row.email,
            full_name=row.full_name,
            language=row.language,
            entry_code=row.entry_code,
        )
        for row in rows
    }


def write_letters(
    tx: Tx,
    *,
    letters: Sequence[Letter],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    now: datetime,
) -> bool:
    """
    Puts the letters of a piece into the outbox and notes in the job that they are written.

    `before` and `after` are payloads of the job. False, and no letter, when another run of the
    same job wrote this piece.
    """
    if not move_on(tx, commands.TELL_CONCERNED, before, after):
        return False
    for each in letters:
        write_letter(
            tx,
            kind=KIND,
            to_address=each.to_address,
            subject=each.subject,
            body=each.body,
            now=now,
        )
    return True
