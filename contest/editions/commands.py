from collections.abc import Set
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from contest.bank import queries as bank
from contest.bank.draw import Shortage, check_blueprint
from contest.editions.models import Edition, EditionVersion, Round
from contest.editions.queries import edition
from contest.infra.database import Tx
from contest.ledger.commands import append
from contest.rules.changes import Change, changes, locked_changes
from contest.rules.document import EditionDocument, RulesRefused, canonical, rules_hash


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """What applying a document did; `version` is unchanged when there was nothing to change."""

    version: int
    changes: list[Change]
    is_new: bool


def planned_changes(tx: Tx, document: EditionDocument, started_rounds: Set[str]) -> list[Change]:
    """
    What applying the document would change; nothing is written.

    Raises RulesRefused for what may not change any more once somebody has started.
    """
    before = edition(tx, document.edition)
    old = before.document if before else None
    if old is not None:
        faults = locked_changes(old, document, started_rounds)
        if faults:
            raise RulesRefused(faults)
    return changes(old, document)


def shortages(tx: Tx, document: EditionDocument) -> dict[str, list[Shortage]]:
    """Round → lines of its blueprint that its pool cannot fill today."""
    found = {}
    for each in document.rounds:
        missing = check_blueprint(bank.candidates(tx, each.pool), each.blueprint)
        if missing:
            found[each.slug] = missing
    return found


def apply_edition(
    tx: Tx, *, document: EditionDocument, started_rounds: Set[str], by: str, now: datetime
) -> Applied:
    """
    Makes the document the rules of its edition, as a new version; repeated, it does nothing.

    Raises RulesRefused as `planned_changes` does.
    """
    planned = planned_changes(tx, document, started_rounds)
    before = edition(tx, document.edition)
    if before is not None and not planned:
        return Applied(version=before.version, changes=[], is_new=False)
    version = before.version + 1 if before else 1
    text, digest = canonical(document).decode(), rules_hash(document)
    if before is None:
        edition_id: int = tx.execute(
            sa.insert(Edition)
            .values(
                slug=document.edition,
                version=version,
                rules_hash=digest,
                document=text,
                applied_at=now,
            )
            .returning(Edition.id)
        ).scalar_one()
    else:
        edition_id = before.id
        tx.execute(
            sa.update(Edition)
            .where(Edition.id == edition_id)
            .values(version=version, rules_hash=digest, document=text, applied_at=now)
        )
    tx.execute(
        sa.insert(EditionVersion).values(
            edition_id=edition_id,
            version=version,
            rules_hash=digest,
            document=text,
            applied_at=now,
            applied_by=by,
        )
    )
    _write_rounds(tx, edition_id, document)
    append(
        tx,
        kind="editions.apply_edition",
        subject=f"edition:{document.edition}",
        by=by,
        now=now,
        facts={"version": version, "rules_hash": digest},
    )
    return Applied(version=version, changes=planned, is_new=before is None)


def _write_rounds(tx: Tx, edition_id: int, document: EditionDocument) -> None:
    insert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    slugs = [each.slug for each in document.rounds]
    tx.execute(sa.delete(Round).where(Round.edition_id == edition_id, Round.slug.not_in(slugs)))
    for number, each in enumerate(document.rounds, start=1):
        values = {"number": number, "opens_at": each.opens, "closes_at": each.closes}
        tx.execute(
            insert(Round)
            .values(edition_id=edition_id, slug=each.slug, **values)
            .on_conflict_do_update(index_elements=[Round.edition_id, Round.slug], set_=values)
        )
