from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from contest.editions.models import Edition, EditionVersion, Entrant, Round
from contest.errors import NotFound
from contest.infra.database import Tx
from contest.rules.document import EditionDocument
from contest.rules.document import Round as RoundRules

RoundState = Literal["scheduled", "open", "closed"]


class RoundView(msgspec.Struct, frozen=True, kw_only=True):
    """A round with the part of the rule document that is its own."""

    id: int
    edition_id: int
    edition_slug: str
    slug: str
    number: int
    title: dict[str, str]
    opens_at: datetime
    closes_at: datetime
    publishes_at: datetime
    rules: RoundRules

    def state(self, now: datetime) -> RoundState:
        if now < self.opens_at:
            return "scheduled"
        return "open" if now < self.closes_at else "closed"


class EditionView(msgspec.Struct, frozen=True, kw_only=True):
    """An edition, its document and its rounds in their order."""

    id: int
    slug: str
    version: int
    rules_hash: str
    applied_at: datetime
    document: EditionDocument
    rounds: tuple[RoundView, ...]

    @property
    def title(self) -> dict[str, str]:
        return {"vi": self.document.title.vi, "en": self.document.title.en}

    def round(self, slug: str) -> RoundView | None:
        return next((each for each in self.rounds if each.slug == slug), None)


class EntrantView(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    account_id: int
    entry_code: str
    ward_id: str | None
    school_id: str | None


@lru_cache(maxsize=64)
def _decode(document: str) -> EditionDocument:
    return msgspec.json.decode(document, type=EditionDocument)


def edition(tx: Tx, slug: str) -> EditionView | None:
    return _first(_editions(tx, sa.select(Edition).where(Edition.slug == slug)))


def edition_by_id(tx: Tx, edition_id: int) -> EditionView | None:
    return _first(_editions(tx, sa.select(Edition).where(Edition.id == edition_id)))


def editions(tx: Tx) -> list[EditionView]:
    """All editions, the newest first."""
    return _editions(tx, sa.select(Edition).order_by(Edition.id.desc()))


def current_edition(tx: Tx, now: datetime) -> EditionView | None:
    """
    The edition that the home page is about.

    The one with an open round, else the one whose next round opens soonest, else the one whose
    last round closed latest.
    """
    return min(editions(tx), key=lambda each: _urgency(each, now), default=None)


def _urgency(this: EditionView, now: datetime) -> tuple[int, float]:
    if any(each.state(now) == "open" for each in this.rounds):
        return (0, 0.0)
    to_come = [each.opens_at for each in this.rounds if each.opens_at > now]
    if to_come:
        return (1, (min(to_come) - now).total_seconds())
    return (2, -max(each.closes_at for each in this.rounds).timestamp())


def round_by_id(
    tx: Tx, round_id: int, *, lock: bool = False
) -> tuple[EditionView, RoundView] | None:
    """A round with its edition; `lock` keeps the edition from being changed meanwhile."""
    of_round = (
        sa.select(Edition.id)
        .join(Round, Round.edition_id == Edition.id)
        .where(Round.id == round_id)
    )
    if lock:
        of_round = of_round.with_for_update(read=True, of=Edition)
    edition_id = tx.execute(of_round).scalar_one_or_none()
    found = edition_by_id(tx, edition_id) if edition_id is not None else None
    if found is None:
        return None
    return found, next(each for each in found.rounds if each.id == round_id)


def round_by_slugs(tx: Tx, edition_slug: str, slug: str) -> tuple[EditionView, RoundView]:
    """A round by its address. Raises NotFound("no-round")."""
    found = edition(tx, edition_slug)
    this = found.round(slug) if found else None
    if found is None or this is None:
        raise NotFound("no-round")
    return found, this


def entrant(tx: Tx, edition_id: int, account_id: int) -> EntrantView | None:
    row = tx.execute(
        sa.select(
            Entrant.id, Entrant.account_id, Entrant.entry_code, Entrant.ward_id, Entrant.school_id
        ).where(Entrant.edition_id == edition_id, Entrant.account_id == account_id)
    ).one_or_none()
    return None if row is None else EntrantView(**row._mapping)


def entry_codes(tx: Tx, account_id: int) -> list[str]:
    """A person's codes in all editions, the oldest first."""
    found = tx.execute(
        sa.select(Entrant.entry_code).where(Entrant.account_id == account_id).order_by(Entrant.id)
    )
    return list(found.scalars())


def document_of_version(tx: Tx, edition_id: int, version: int) -> EditionDocument:
    """The rule document an attempt was started under."""
    return _decode(
        tx.execute(
            sa.select(EditionVersion.document).where(
                EditionVersion.edition_id == edition_id, EditionVersion.version == version
            )
        ).scalar_one()
    )


def _first(found: list[EditionView]) -> EditionView | None:
    return found[0] if found else None


def _editions(tx: Tx, statement: sa.Select[Any]) -> list[EditionView]:
    rows = tx.execute(statement).all()
    rounds = tx.execute(
        sa.select(Round)
        .where(Round.edition_id.in_([row.id for row in rows]))
        .order_by(Round.edition_id, Round.number)
    ).all()
    found = []
    for row in rows:
        document = _decode(row.document)
        by_slug = {each.slug: each for each in document.rounds}
        found.append(
            EditionView(
                id=row.id,
                slug=row.slug,
                version=row.version,
                rules_hash=row.rules_hash,
                applied_at=row.applied_at,
                document=document,
                rounds=tuple(
                    RoundView(
                        id=each.id,
                        edition_id=row.id,
                        edition_slug=row.slug,
                        slug=each.slug,
                        number=each.number,
                        title={
                            "vi": by_slug[each.slug].title.vi,
                            "en": by_slug[each.slug].title.en,
                        },
                        opens_at=each.opens_at,
                        closes_at=each.closes_at,
                        publishes_at=by_slug[each.slug].publishes,
                        rules=by_slug[each.slug],
                    )
                    for each in rounds
                    if each.edition_id == row.id
                ),
            )
        )
    return found
