from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
import sqlalchemy as sa
import sqlalchemy.orm

from contest.editions.models import Entrant, Round
from contest.infra.database import Tx
from contest.people.models import Account
from contest.quiz.models import Attempt
from contest.rules.scoring import AcceptAlso, Correction, GiveAll, Void
from contest.rulings.models import Ruling

State = Literal["proposed", "in-force", "lifted", "dropped"]


class RulingView(msgspec.Struct, frozen=True, kw_only=True):
    """A ruling with its state; see models.Ruling. `masks` are in the file's order of choices."""

    id: int
    code: str
    round_id: int
    kind: str
    revision_id: int | None
    entrant_id: int | None
    lifts_id: int | None
    masks: tuple[int, ...]
    reason: str
    proposed_at: datetime
    decided_at: datetime | None
    dropped_at: datetime | None
    height: int | None
    state: State


class InForce(msgspec.Struct, frozen=True, kw_only=True):
    """What a settlement heeds: corrections by revision, the entrants who are out."""

    corrections: dict[int, tuple[Correction, ...]]
    disqualified: frozenset[int]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Whose entry a code names, for the desk; `attempts` of the round, all and handed in."""

    entrant_id: int
    entry_code: str
    account_ref: str
    attempts: int
    submitted: int


_LIFT = sa.orm.aliased(Ruling)
_IS_LIFTED = (
    sa.exists().where(_LIFT.lifts_id == Ruling.id, _LIFT.decided_at.is_not(None)).correlate(Ruling)
)
_RULINGS = sa.select(
    Ruling.id,
    Ruling.code,
    Ruling.round_id,
    Ruling.kind,
    Ruling.revision_id,
    Ruling.entrant_id,
    Ruling.lifts_id,
    Ruling.masks,
    Ruling.reason,
    Ruling.proposed_at,
    Ruling.decided_at,
    Ruling.dropped_at,
    Ruling.height,
    _IS_LIFTED.label("is_lifted"),
)


def ruling(tx: Tx, code: str) -> RulingView | None:
    return next(iter(_views(tx, _RULINGS.where(Ruling.code == code))), None)


def ruling_by_id(tx: Tx, ruling_id: int) -> RulingView | None:
    return next(iter(_views(tx, _RULINGS.where(Ruling.id == ruling_id))), None)


def rulings_of_round(tx: Tx, round_id: int) -> list[RulingView]:
    """All of a round's rulings, proposals and dropped ones too; the newest first."""
    return _views(tx, _RULINGS.where(Ruling.round_id == round_id).order_by(Ruling.id.desc()))


def decided_rulings(tx: Tx, round_id: int) -> list[RulingView]:
    """What was decided about a round, in the order of the decisions; lifted ones are marked."""
    return _views(
        tx,
        _RULINGS.where(Ruling.round_id == round_id, Ruling.decided_at.is_not(None)).order_by(
            Ruling.height
        ),
    )


def open_proposals(tx: Tx, round_ids: Sequence[int]) -> list[RulingView]:
    """Proposals that wait for a decision, the oldest first."""
    return _views(
        tx,
        _RULINGS.where(
            Ruling.round_id.in_(round_ids),
            Ruling.decided_at.is_(None),
            Ruling.dropped_at.is_(None),
        ).order_by(Ruling.id),
    )


def disqualification(tx: Tx, round_id: int, entrant_id: int) -> RulingView | None:
    """The ruling by which an entrant is out of a round now, or None."""
    return next(
        iter(
            _views(
                tx,
                _RULINGS.where(
                    Ruling.round_id == round_id,
                    Ruling.entrant_id == entrant_id,
                    Ruling.decided_at.is_not(None),
                    ~_IS_LIFTED,
                ).order_by(Ruling.height),
            )
        ),
        None,
    )


def entry(tx: Tx, round_id: int, entry_code: str) -> Entry | None:
    """The entry with this code in the round's edition, whether or not it has an attempt there."""
    row = tx.execute(
        sa.select(Entrant.id, Entrant.entry_code, Account.ref)
        .join(Round, Round.edition_id == Entrant.edition_id)
        .join(Account, Account.id == Entrant.account_id)
        .where(Round.id == round_id, Entrant.entry_code == entry_code)
    ).one_or_none()
    if row is None:
        return None
    ended = tx.execute(
        sa.select(Attempt.submitted_at).where(
            Attempt.round_id == round_id,
            Attempt.entrant_id == row.id,
            Attempt.annulled_at.is_(None),
        )
    ).scalars()
    attempts = list(ended)
    return Entry(
        entrant_id=row.id,
        entry_code=row.entry_code,
        account_ref=row.ref,
        attempts=len(attempts),
        submitted=sum(1 for each in attempts if each is not None),
    )


def in_force(tx: Tx, round_id: int, *, trial: RulingView | None = None) -> InForce:
    """The rulings a settlement heeds; with `trial` as if that proposal were decided too."""
    decided = decided_rulings(tx, round_id)
    heeded = [each for each in decided if each.state == "in-force"]
    if trial is not None:
        heeded = [each for each in heeded if each.id != trial.lifts_id] + [trial]
    corrections: dict[int, tuple[Correction, ...]] = {}
    for each in heeded:
        if each.revision_id is not None:
            earlier = corrections.get(each.revision_id, ())
            corrections[each.revision_id] = (*earlier, correction_of(each))
    return InForce(
        corrections=corrections,
        disqualified=frozenset(each.entrant_id for each in heeded if each.entrant_id is not None),
    )


def correction_of(each: RulingView) -> Correction:
    """A ruling about a question as the scoring takes it. ValueError for any other ruling."""
    if each.kind == "accept-also":
        return AcceptAlso(each.masks)
    if each.kind == "give-all":
        return GiveAll()
    if each.kind == "void":
        return Void()
    raise ValueError(f"{each.kind} corrects no key")


def _views(tx: Tx, statement: sa.Executable) -> list[RulingView]:
    found = []
    for row in tx.execute(statement).mappings():
        facts = dict(row)
        is_lifted = facts.pop("is_lifted")
        state: State = "proposed"
        if facts["dropped_at"] is not None:
            state = "dropped"
        elif facts["decided_at"] is not None:
            state = "lifted" if is_lifted else "in-force"
        facts["masks"] = msgspec.json.decode(facts["masks"], type=tuple[int, ...])
        found.append(RulingView(state=state, **facts))
    return found
