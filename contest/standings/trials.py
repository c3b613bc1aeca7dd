"""What a proposed ruling would change: the trial settlement against the result that holds."""

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
import sqlalchemy as sa

from contest.editions.models import Entrant
from contest.editions.queries import EditionView, RoundView
from contest.infra.database import Tx
from contest.rules.prizes import award
from contest.standings.computing import Computed
from contest.standings.models import Publication, Settlement, Standing
from contest.standings.raw_facts import Array, RawFacts

LISTED_AT_MOST: Final = 200
_ROWS: Final = 10_000


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """
    Somebody whose score or prize would change, or who would leave or come back to the board.

    None where there is no line before, or none after. Prizes are positions in the rules' list.
    """

    entry_code: str
    place_before: int | None
    place_after: int | None
    score_before: int | None
    score_after: int | None
    prize_before: int | None
    prize_after: int | None
    value_before: int
    value_after: int


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of entrants, the figures before and after, and those concerned (the first of them)."""

    up: int
    down: int
    scores_changed: int
    left: int
    came_back: int
    valid_before: int
    valid_after: int
    perfect_before: int
    perfect_after: int
    truth_before: int | None
    truth_after: int | None
    prizes_changed: int
    concerned: int
    listed: list[Moved]


class _Prized(msgspec.Struct, frozen=True):
    index: int
    value_vnd: int


class _Side(msgspec.Struct, frozen=True, kw_only=True):
    """A board by entrant, in the order of lines."""

    entrant_id: Array
    place: Array
    score_milli: Array
    prized: dict[int, _Prized]


class _Placed(msgspec.Struct, frozen=True):
    place: int
    key: int


def effect_of(
    tx: Tx, edition: EditionView, this: RoundView, facts: RawFacts, computed: Computed
) -> str:
    """The effect of a trial, as JSON; "" for a round that has no official result yet."""
    before = tx.execute(
        sa.select(Settlement.id, Settlement.valid, Settlement.perfect, Settlement.truth)
        .join(Publication, Publication.settlement_id == Settlement.id)
        .where(Publication.round_id == this.id)
        .order_by(Publication.number.desc())
        .limit(1)
    ).one_or_none()
    if before is None:
        return ""
    old = _kept(tx, before.id, edition)
    lines = computed.lines
    new = _side(facts.entrant_id[lines.row], lines.place, lines.score_milli, edition)
    _, at_old, at_new = np.intersect1d(old.entrant_id, new.entrant_id, return_indices=True)
    moved = new.place[at_new] - old.place[at_old]
    rescored = new.score_milli[at_new] != old.score_milli[at_old]
    gone = np.setdiff1d(np.arange(len(old.entrant_id)), at_old)
    come = np.setdiff1d(np.arange(len(new.entrant_id)), at_new)
    other_prize = [
        key
        for key in old.prized.keys() | new.prized.keys()
        if old.prized.get(key) != new.prized.get(key)
    ]
    stayed = np.isin(new.entrant_id, np.array(other_prize, dtype=np.int64))
    concerned = np.union1d(np.union1d(at_new[rescored], come), np.flatnonzero(stayed))
    listed = [
        *old.entrant_id[gone[:LISTED_AT_MOST]].tolist(),
        *new.entrant_id[concerned[:LISTED_AT_MOST]].tolist(),
    ][:LISTED_AT_MOST]
    effect = Effect(
        up=int((moved < 0).sum()),
        down=int((moved > 0).sum()),
        scores_changed=int(rescored.sum()),
        left=len(gone),
        came_back=len(come),
        valid_before=before.valid,
        valid_after=computed.valid,
        perfect_before=before.perfect,
        perfect_after=computed.perfect,
        truth_before=before.truth,
        truth_after=computed.truth,
        prizes_changed=len(other_prize),
        concerned=len(gone) + len(concerned),
        listed=_listed(tx, listed, old, new),
    )
    return msgspec.json.encode(effect).decode()


def _kept(tx: Tx, settlement_id: int, edition: EditionView) -> _Side:
    rows = tx.execution_options(yield_per=_ROWS).execute(
        sa.select(Standing.entrant_id, Standing.place, Standing.score_milli)
        .where(Standing.settlement_id == settlement_id)
        .order_by(Standing.line)
    )
    pieces = [np.array(piece, dtype=np.int64) for piece in rows.partitions(_ROWS)]
    columns = np.concatenate([np.empty((0, 3), dtype=np.int64), *pieces])
    return _side(columns[:, 0], columns[:, 1], columns[:, 2], edition)


def _side(entrant_id: Array, place: Array, score_milli: Array, edition: EditionView) -> _Side:
    prizes = edition.document.rules.prizes
    positions = sum(prize.places for prize in prizes.individual)
    reach = int(np.searchsorted(place, positions, side="right"))
    first = [
        _Placed(place=at, key=key)
        for at, key in zip(place[:reach].tolist(), entrant_id[:reach].tolist(), strict=True)
    ]
    return _Side(
        entrant_id=entrant_id,
        place=place,
        score_milli=score_milli,
        prized={
            int(each.key): _Prized(each.prize_index, each.value_vnd)
            for each in award(first, prizes.individual, prizes.tie_across_edge)
        },
    )


def _listed(tx: Tx, entrant_ids: Sequence[int], old: _Side, new: _Side) -> list[Moved]:
    codes = {
        row.id: row.entry_code
        for row in tx.execute(
            sa.select(Entrant.id, Entrant.entry_code).where(Entrant.id.in_(entrant_ids))
        )
    }
    was, now = _lines_of(old, entrant_ids), _lines_of(new, entrant_ids)
    none = (None, None)
    return [
        Moved(
            entry_code=codes[key],
            place_before=was.get(key, none)[0],
            place_after=now.get(key, none)[0],
            score_before=was.get(key, none)[1],
            score_after=now.get(key, none)[1],
            prize_before=old.prized[key].index if key in old.prized else None,
            prize_after=new.prized[key].index if key in new.prized else None,
            value_before=old.prized[key].value_vnd if key in old.prized else 0,
            value_after=new.prized[key].value_vnd if key in new.prized else 0,
        )
        for key in entrant_ids
    ]


def _lines_of(side: _Side, entrant_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Entrant → place and score, for those of the list who have a line."""
    at = np.flatnonzero(np.isin(side.entrant_id, np.array(entrant_ids, dtype=np.int64)))
    return {
        int(side.entrant_id[each]): (int(side.place[each]), int(side.score_milli[each]))
        for each in at
    }
