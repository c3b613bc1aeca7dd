"""The close of a round moved back for everybody: a new version of the rules, a public reason."""

from collections.abc import Set
from datetime import UTC, datetime

import msgspec
import sqlalchemy as sa

from contest.editions.commands import apply_edition
from contest.editions.models import Edition, Round, RoundExtension
from contest.editions.queries import round_by_id
from contest.errors import Conflict, Invalid, NotFound
from contest.infra.database import Tx
from contest.ledger import queries as ledger
from contest.ledger.commands import append
from contest.rules.document import EditionDocument

REASON_AT_LEAST, REASON_AT_MOST = 10, 500
# Publishing is done in a room above this one; what it has decided stands in the ledger.
_PUBLISHED = "standings.publish"


class ExtensionView(msgspec.Struct, frozen=True, kw_only=True):
    """An extension as the rules page tells it."""

    round_id: int
    closes_before: datetime
    closes_at: datetime
    reason: str
    decided_at: datetime


class NewClose(msgspec.Struct, frozen=True, kw_only=True):
    """What moving a close changes in the calendar; `is_new` is False where it stands already."""

    edition_id: int
    closes_before: datetime
    closes_at: datetime
    publishes_before: datetime
    publishes_at: datetime
    is_new: bool = True


def extensions_of_edition(tx: Tx, edition_id: int) -> list[ExtensionView]:
    """All extensions of an edition's rounds, in the order of the decisions."""
    rows = tx.execute(
        sa.select(
            RoundExtension.round_id,
            RoundExtension.closes_before,
            RoundExtension.closes_at,
            RoundExtension.reason,
            RoundExtension.decided_at,
        )
        .join(Round, Round.id == RoundExtension.round_id)
        .where(Round.edition_id == edition_id)
        .order_by(RoundExtension.id)
    )
    return [ExtensionView(**row._mapping) for row in rows]


def is_published(tx: Tx, round_id: int) -> bool:
    """Whether the round's result is official; then neither its times nor its attempts move."""
    return any(each.kind == _PUBLISHED for each in ledger.entries_of(tx, f"round:{round_id}"))


def lock_round(tx: Tx, round_id: int) -> None:
    """Until the end of the transaction nobody starts in the round, publishes it or changes it."""
    tx.execute(
        sa.select(Edition.id)
        .join(Round, Round.edition_id == Edition.id)
        .where(Round.id == round_id)
        .with_for_update(of=Edition)
    )
    locked = tx.execute(sa.select(Round.id).where(Round.id == round_id).with_for_update())
    if locked.first() is None:
        raise NotFound("no-round")


def words_of_reason(reason: str) -> str:
    """The public reason as it is kept. Raises Invalid("reason-needed")."""
    words = " ".join(reason.split())
    if not REASON_AT_LEAST <= len(words) <= REASON_AT_MOST:
        raise Invalid("reason-needed", field="reason")
    return words


def planned_close(
    tx: Tx,
    *,
    round_id: int,
    closes_at: datetime,
    reason: str,
    publishes_at: datetime | None = None,
    now: datetime,
) -> NewClose:
    """
    What the extension would change in the calendar; nothing is written.

    The hour of publishing moves along by the same length where it would fall before the close.
    Raises Conflict("round-published"); Invalid with the field for a reason, a close that is not
    later ("close-not-later", "close-over") or reaches into the next round
    ("close-after-next-round"), a publishing before the close ("publishes-before-close").
    """
    words = words_of_reason(reason)
    found = round_by_id(tx, round_id)
    if found is None:
        raise NotFound("no-round")
    edition, this = found
    if is_published(tx, round_id):
        raise Conflict("round-published")
    if closes_at == this.closes_at and _is_last(tx, round_id, closes_at, words):
        return NewClose(
            edition_id=edition.id,
            closes_before=closes_at,
            closes_at=closes_at,
            publishes_before=this.publishes_at,
            publishes_at=this.publishes_at,
            is_new=False,
        )
    following = next((each for each in edition.rounds if each.number == this.number + 1), None)
    if closes_at <= this.closes_at:
        raise Invalid("close-not-later", field="closes_at")
    if closes_at <= now:
        raise Invalid("close-over", field="closes_at")
    if following is not None and closes_at > following.opens_at:
        raise Invalid("close-after-next-round", field="closes_at")
    publishes = publishes_at or this.publishes_at
    if publishes_at is None and publishes < closes_at:
        publishes += closes_at - this.closes_at
    if publishes < closes_at:
        raise Invalid("publishes-before-close", field="publishes_at")
    return NewClose(
        edition_id=edition.id,
        closes_before=this.closes_at,
        closes_at=closes_at,
        publishes_before=this.publishes_at,
        publishes_at=publishes,
    )


def move_close(
    tx: Tx,
    *,
    round_id: int,
    closes_at: datetime,
    reason: str,
    publishes_at: datetime | None = None,
    started_rounds: Set[str],
    by: str,
    now: datetime,
) -> NewClose:
    """
    Moves the close back in a new version of the edition's document; repeated, it does nothing.

    The attempts that run are the caller's (quiz.outages.commands.extend_round), in the same
    transaction. Raises as `planned_close` does.
    """
    lock_round(tx, round_id)
    planned = planned_close(
        tx,
        round_id=round_id,
        closes_at=closes_at,
        reason=reason,
        publishes_at=publishes_at,
        now=now,
    )
    found = round_by_id(tx, round_id)
    assert found is not None
    edition, this = found
    if not planned.is_new:
        return planned
    applied = apply_edition(
        tx,
        document=_with_close(edition.document, this.slug, planned),
        started_rounds=started_rounds,
        by=by,
        now=now,
    )
    height = append(
        tx,
        kind="editions.extend_round",
        subject=f"round:{round_id}",
        by=by,
        now=now,
        facts={
            "version": applied.version,
            "closes_before": planned.closes_before.isoformat(),
            "closes_at": planned.closes_at.isoformat(),
        },
    )
    tx.execute(
        sa.insert(RoundExtension).values(
            round_id=round_id,
            closes_before=planned.closes_before,
            closes_at=planned.closes_at,
            reason=words_of_reason(reason),
            decided_by=by,
            decided_at=now,
            height=height,
        )
    )
    return planned


def _is_last(tx: Tx, round_id: int, closes_at: datetime, reason: str) -> bool:
    last = tx.execute(
        sa.select(RoundExtension.closes_at, RoundExtension.reason)
        .where(RoundExtension.round_id == round_id)
        .order_by(RoundExtension.id.desc())
        .limit(1)
    ).one_or_none()
    return last is not None and (last.closes_at, last.reason) == (closes_at, reason)


def _with_close(document: EditionDocument, slug: str, planned: NewClose) -> EditionDocument:
    # In UTC, as the canonical form writes times: the same close must give the same hash.
    times = {
        "closes": planned.closes_at.astimezone(UTC),
        "publishes": planned.publishes_at.astimezone(UTC),
    }
    rounds = tuple(
        msgspec.structs.replace(each, **times) if each.slug == slug else each
        for each in document.rounds
    )
    return msgspec.structs.replace(document, rounds=rounds)
