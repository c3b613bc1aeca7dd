from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.bank import queries as bank
from contest.editions.models import Entrant, Round
from contest.errors import Conflict, Invalid, NotFound
from contest.infra.chance import Chance, code
from contest.infra.database import Tx
from contest.ledger.commands import append
from contest.rulings import queries
from contest.rulings.models import Ruling
from contest.rulings.queries import RulingView

CODE_LETTERS = 16
REASON_AT_LEAST, REASON_AT_MOST = 10, 1000
CORRECTIONS = ("accept-also", "give-all", "void")


def propose_correction(
    tx: Tx,
    *,
    round_id: int,
    kind: str,
    revision_id: int,
    masks: Sequence[int] = (),
    reason: str,
    by: str,
    chance: Chance,
    now: datetime,
) -> RulingView:
    """
    Proposes another key for a question; nothing changes until it is decided.

    `masks`: with accept-also, whole answers that are right as well, in the file's order. Raises
    Invalid for a kind, masks or a reason that cannot stand, NotFound for no such question.
    """
    if kind not in CORRECTIONS:
        raise Invalid("no-correction", field="kind")
    body = bank.bodies(tx, [revision_id]).get(revision_id)
    if body is None:
        raise NotFound("no-question")
    if kind == "accept-also":
        every = (1 << body.choice_count) - 1
        fits = [0 < mask <= every for mask in masks]
        single = body.type != "multiple"
        if not fits or not all(fits) or (single and any(mask.bit_count() > 1 for mask in masks)):
            raise Invalid("no-choice", field="choices")
    elif masks:
        raise Invalid("no-choice", field="choices")
    return _propose(
        tx,
        round_id=round_id,
        reason=reason,
        by=by,
        chance=chance,
        now=now,
        kind=kind,
        revision_id=revision_id,
        masks=msgspec.json.encode(sorted(set(masks))).decode(),
    )


def propose_disqualification(
    tx: Tx, *, round_id: int, entrant_id: int, reason: str, by: str, chance: Chance, now: datetime
) -> RulingView:
    """
    Proposes to take an entrant out of a round. Raises Conflict("already-disqualified"), NotFound
    for an entrant of another edition.
    """
    of_edition = sa.select(Entrant.id).join(Round, Round.edition_id == Entrant.edition_id)
    if tx.execute(of_edition.where(Round.id == round_id, Entrant.id == entrant_id)).first() is None:
        raise NotFound("no-entrant")
    if queries.disqualification(tx, round_id, entrant_id) is not None:
        raise Conflict("already-disqualified")
    return _propose(
        tx,
        round_id=round_id,
        reason=reason,
        by=by,
        chance=chance,
        now=now,
        kind="disqualify",
        entrant_id=entrant_id,
    )


def propose_lift(
    tx: Tx, *, ruling_code: str, reason: str, by: str, chance: Chance, now: datetime
) -> RulingView:
    """Proposes that a ruling shall hold no longer. Raises Conflict unless it is in force."""
    lifted = queries.ruling(tx, ruling_code)
    if lifted is None:
        raise NotFound("no-ruling")
    if lifted.state != "in-force" or lifted.kind == "lift":
        raise Conflict("ruling-not-in-force")
    return _propose(
        tx,
        round_id=lifted.round_id,
        reason=reason,
        by=by,
        chance=chance,
        now=now,
        kind="lift",
        lifts_id=lifted.id,
    )


def _propose(
    tx: Tx, *, round_id: int, reason: str, by: str, chance: Chance, now: datetime, **subject: object
) -> RulingView:
    words = " ".join(reason.split())
    if not REASON_AT_LEAST <= len(words) <= REASON_AT_MOST:
        raise Invalid("reason-needed", field="reason")
    if tx.execute(sa.select(Round.id).where(Round.id == round_id)).first() is None:
        raise NotFound("no-round")
    # A second press of the same form, and not a second wish: the proposal that waits is given back.
    same = sa.and_(
        *(
            getattr(Ruling, name).is_(None)
            if subject.get(name) is None
            else getattr(Ruling, name) == subject[name]
            for name in ("revision_id", "entrant_id", "lifts_id")
        ),
        Ruling.masks == subject.get("masks", "[]"),
    )
    waiting = tx.execute(
        sa.select(Ruling.code).where(
            Ruling.round_id == round_id,
            Ruling.kind == subject["kind"],
            Ruling.decided_at.is_(None),
            Ruling.dropped_at.is_(None),
            same,
        )
    ).scalar()
    made = waiting or code(chance, CODE_LETTERS)
    if waiting is None:
        tx.execute(
            sa.insert(Ruling).values(
                code=made,
                round_id=round_id,
                reason=words,
                proposed_by=by,
                proposed_at=now,
                **subject,
            )
        )
    found = queries.ruling(tx, made)
    assert found is not None
    return found


def drop_ruling(tx: Tx, *, ruling_code: str, by: str, now: datetime) -> RulingView:
    """Gives a proposal up; repeated, it changes nothing. Raises Conflict when it was decided."""
    found = lock_ruling(tx, ruling_code)
    if found.decided_at is not None:
        raise Conflict("ruling-decided")
    tx.execute(
        sa.update(Ruling)
        .where(Ruling.id == found.id, Ruling.decided_at.is_(None), Ruling.dropped_at.is_(None))
        .values(dropped_at=now, dropped_by=by)
    )
    after = queries.ruling(tx, ruling_code)
    assert after is not None
    return after


def lock_ruling(tx: Tx, ruling_code: str) -> RulingView:
    """The ruling, which nobody else can decide or drop meanwhile. Raises NotFound."""
    tx.execute(sa.select(Ruling.id).where(Ruling.code == ruling_code).with_for_update())
    found = queries.ruling(tx, ruling_code)
    if found is None:
        raise NotFound("no-ruling")
    return found


def decide_ruling(tx: Tx, *, ruling_code: str, by: str, now: datetime) -> RulingView:
    """
    Puts a proposal in force and writes it down; repeated, it changes nothing.

    What follows for the result is the caller's (standings.commands.decide_ruling), in the same
    transaction. Raises Conflict when the proposal was dropped, or lifts what is lifted already.
    """
    found = lock_ruling(tx, ruling_code)
    if found.dropped_at is not None:
        raise Conflict("ruling-dropped")
    if found.decided_at is not None:
        return found
    facts: dict[str, object] = {"ruling": found.code}
    if found.lifts_id is not None:
        lifted = queries.ruling_by_id(tx, found.lifts_id)
        assert lifted is not None
        if lifted.state != "in-force":
            raise Conflict("ruling-not-in-force")
        facts["lifts"] = lifted.code
    if found.entrant_id is not None:
        if queries.disqualification(tx, found.round_id, found.entrant_id) is not None:
            raise Conflict("already-disqualified")
        # The entry's code is what boards show; it names nobody.
        facts["entry"] = tx.execute(
            sa.select(Entrant.entry_code).where(Entrant.id == found.entrant_id)
        ).scalar_one()
    if found.revision_id is not None:
        facts |= {"revision": found.revision_id, "masks": list(found.masks)}
    height = append(
        tx,
        kind=f"rulings.{found.kind}",
        subject=f"round:{found.round_id}",
        by=by,
        now=now,
        facts=facts,
    )
    tx.execute(
        sa.update(Ruling)
        .where(Ruling.id == found.id)
        .values(decided_at=now, decided_by=by, height=height)
    )
    after = queries.ruling(tx, ruling_code)
    assert after is not None
    return after
