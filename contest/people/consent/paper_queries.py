"""Papers of a person or of a class, for the teacher's and the desk's pages."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from contest.errors import NotFound
from contest.infra.database import Tx
from contest.people.classes.models import ClassPupil, SchoolClass
from contest.people.consent import PURPOSES
from contest.people.consent.models import Consent, ConsentPaper, Representative
from contest.people.consent.papers import Place
from contest.people.models import Account


class PaperView(msgspec.Struct, frozen=True, kw_only=True):
    """
    A recorded paper. `standing`: purposes for which a signature on it holds now; without one it
    was revoked, withdrawn or a later signature took its place. `recorded_by_name`: "" once gone.
    """

    ref: str
    account_id: int
    representative: str
    relation: str
    signed_on: date
    place: Place
    kept_where: str
    has_scan: bool
    recorded_by: str
    recorded_by_name: str
    recorded_at: datetime
    standing: tuple[str, ...]


class ScanView(msgspec.Struct, frozen=True):
    """Where a scan lies, and whose paper it is of."""

    paper_ref: str
    scan_key: str


class KnownParent(msgspec.Struct, frozen=True):
    """Who signed or was named for a pupil before."""

    full_name: str
    relation: str


_RECORDER = aliased(Account)


def papers_of(tx: Tx, account_id: int) -> list[PaperView]:
    """The newest record first; two statements."""
    rows = (
        tx.execute(
            sa.select(
                ConsentPaper.id,
                ConsentPaper.ref,
                ConsentPaper.account_id,
                sa.func.coalesce(Representative.full_name, "").label("representative"),
                sa.func.coalesce(Representative.relation, "").label("relation"),
                ConsentPaper.signed_on,
                ConsentPaper.place,
                ConsentPaper.kept_where,
                (ConsentPaper.scan_key != "").label("has_scan"),
                ConsentPaper.recorded_by,
                sa.func.coalesce(_RECORDER.full_name, "").label("recorded_by_name"),
                ConsentPaper.recorded_at,
            )
            .outerjoin(Representative, Representative.id == ConsentPaper.representative_id)
            .outerjoin(_RECORDER, _RECORDER.ref == ConsentPaper.recorded_by)
            .where(ConsentPaper.account_id == account_id)
            .order_by(ConsentPaper.recorded_at.desc(), ConsentPaper.id.desc())
        )
        .mappings()
        .all()
    )
    held: dict[int, set[str]] = {}
    for paper_id, purpose in tx.execute(
        sa.select(Consent.paper_id, Consent.purpose).where(
            Consent.account_id == account_id,
            Consent.paper_id.is_not(None),
            Consent.withdrawn_at.is_(None),
        )
    ):
        assert paper_id is not None
        held.setdefault(paper_id, set()).add(purpose)
    found = []
    for row in rows:
        facts = dict(row)
        standing = held.get(facts.pop("id"), set())
        found.append(
            PaperView(**facts, standing=tuple(each for each in PURPOSES if each in standing))
        )
    return found


def paper_counts(tx: Tx, account_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Account → papers recorded, and how many of them have a scan."""
    rows = tx.execute(
        sa.select(
            ConsentPaper.account_id,
            sa.func.count(),
            sa.func.sum(sa.case((ConsentPaper.scan_key != "", 1), else_=0)),
        )
        .where(ConsentPaper.account_id.in_(list(account_ids)))
        .group_by(ConsentPaper.account_id)
    )
    return {account_id: (count, scans) for account_id, count, scans in rows}


def known_parents(tx: Tx, account_ids: Iterable[int]) -> dict[int, KnownParent]:
    """Account → the parent or guardian named last, so that nobody types a name twice."""
    rows = tx.execute(
        sa.select(Representative.account_id, Representative.full_name, Representative.relation)
        .where(Representative.account_id.in_(list(account_ids)))
        .order_by(Representative.id)
    )
    return {account_id: KnownParent(name, relation) for account_id, name, relation in rows}


def scan_for(tx: Tx, paper_ref: str, *, teacher_id: int | None) -> ScanView:
    """
    The scan of a paper, for the desk (None) or for the teacher of a class the pupil is in now.

    Raises NotFound("no-scan"), also where there is one that this teacher may not see.
    """
    asked = sa.select(ConsentPaper.ref, ConsentPaper.scan_key).where(
        ConsentPaper.ref == paper_ref, ConsentPaper.scan_key != ""
    )
    if teacher_id is not None:
        asked = asked.where(
            sa.exists()
            .where(ClassPupil.account_id == ConsentPaper.account_id, ClassPupil.left_at.is_(None))
            .where(SchoolClass.id == ClassPupil.class_id, SchoolClass.teacher_id == teacher_id)
        )
    row = tx.execute(asked).one_or_none()
    if row is None:
        raise NotFound("no-scan")
    return ScanView(row.ref, row.scan_key)


def paper_of(tx: Tx, paper_ref: str, account_id: int) -> str:
    """The reference, when it is a paper of that person. Raises NotFound("no-paper")."""
    found: str | None = tx.execute(
        sa.select(ConsentPaper.ref).where(
            ConsentPaper.ref == paper_ref, ConsentPaper.account_id == account_id
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("no-paper")
    return found


def scan_keys(tx: Tx, account_id: int) -> list[str]:
    """Where a person's scans lie: whoever erases the account deletes them too."""
    found = tx.execute(
        sa.select(ConsentPaper.scan_key).where(
            ConsentPaper.account_id == account_id, ConsentPaper.scan_key != ""
        )
    )
    return list(found.scalars())
