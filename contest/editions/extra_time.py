"""More time for one person, granted by the organiser for a need that only the organiser reads."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.editions.models import Edition, ExtraTime
from contest.errors import Invalid, NotFound
from contest.infra.database import Tx
from contest.ledger.commands import append
from contest.people import queries as people

PERCENTS = (25, 50, 100)
NEED_AT_LEAST, NEED_AT_MOST = 5, 500


class ExtraTimeView(msgspec.Struct, frozen=True, kw_only=True):
    """The extra time a person has in an edition. `need` is for the organiser's desk alone."""

    percent: int
    need: str
    granted_at: datetime


_HELD = (
    sa.select(ExtraTime.percent, ExtraTime.need, ExtraTime.granted_at)
    .where(
        ExtraTime.edition_id == sa.bindparam("edition"),
        ExtraTime.account_id == sa.bindparam("account"),
        ExtraTime.ended_at.is_(None),
    )
    .limit(1)
)


def extra_time(tx: Tx, edition_id: int, account_id: int) -> ExtraTimeView | None:
    """What stands for a person in an edition; None where nothing was granted or it has ended."""
    row = tx.execute(_HELD, {"edition": edition_id, "account": account_id}).one_or_none()
    return None if row is None else ExtraTimeView(**row._mapping)


def grant_extra_time(
    tx: Tx, *, edition_id: int, account_id: int, percent: int, need: str, by: str, now: datetime
) -> ExtraTimeView:
    """
    Gives a person more time in the attempts they start from now on; one that runs is left alone.

    Replaces what stood; the same once more changes nothing. Raises Invalid("no-percent") or
    Invalid("need-needed") with the field, NotFound for an edition or a person that is not there.
    """
    words = " ".join(need.split())
    if percent not in PERCENTS:
        raise Invalid("no-percent", field="percent")
    if not NEED_AT_LEAST <= len(words) <= NEED_AT_MOST:
        raise Invalid("need-needed", field="need")
    slug, ref = _lock(tx, edition_id), people.ref_of(tx, account_id)
    held = extra_time(tx, edition_id, account_id)
    if held is not None and (held.percent, held.need) == (percent, words):
        return held
    if held is not None:
        _end(tx, edition_id, account_id, by, now)
    tx.execute(
        sa.insert(ExtraTime).values(
            edition_id=edition_id,
            account_id=account_id,
            percent=percent,
            need=words,
            granted_by=by,
            granted_at=now,
        )
    )
    append(
        tx,
        kind="editions.grant_extra_time",
        subject=ref,
        by=by,
        now=now,
        facts={"edition": slug, "percent": percent},
    )
    return ExtraTimeView(percent=percent, need=words, granted_at=now)


def end_extra_time(tx: Tx, *, edition_id: int, account_id: int, by: str, now: datetime) -> bool:
    """Ends it for attempts started from now on; says whether there was anything to end."""
    slug, ref = _lock(tx, edition_id), people.ref_of(tx, account_id)
    if not _end(tx, edition_id, account_id, by, now):
        return False
    append(
        tx,
        kind="editions.end_extra_time",
        subject=ref,
        by=by,
        now=now,
        facts={"edition": slug},
    )
    return True


def _end(tx: Tx, edition_id: int, account_id: int, by: str, now: datetime) -> bool:
    ended = tx.execute(
        sa.update(ExtraTime)
        .where(
            ExtraTime.edition_id == edition_id,
            ExtraTime.account_id == account_id,
            ExtraTime.ended_at.is_(None),
        )
        .values(ended_by=by, ended_at=now)
    )
    return ended.rowcount > 0


def _lock(tx: Tx, edition_id: int) -> str:
    """The edition's slug; two grants at once, or a grant and a start, follow one another."""
    slug: str | None = tx.execute(
        sa.select(Edition.slug).where(Edition.id == edition_id).with_for_update()
    ).scalar_one_or_none()
    if slug is None:
        raise NotFound("no-edition")
    return slug
