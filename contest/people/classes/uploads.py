"""Lists that wait for the teacher's yes: kept, read in another way, forgotten after a day."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from contest.errors import NotFound
from contest.infra.chance import Chance, code
from contest.infra.database import Tx
from contest.people.classes.models import ClassListUpload

REF_LETTERS = 16
# A list holds names and birth dates of children: who does not bring it in does not need it.
KEEP_UPLOADS = timedelta(days=1)


def keep_upload(
    tx: Tx,
    *,
    class_id: int,
    file_name: str,
    cells: str,
    chosen: str,
    chance: Chance,
    now: datetime,
) -> str:
    """A list as it was read, until the teacher says yes; takes the place of one that waited."""
    tx.execute(
        sa.delete(ClassListUpload).where(
            ClassListUpload.class_id == class_id, ClassListUpload.brought_in_at.is_(None)
        )
    )
    ref = code(chance, REF_LETTERS)
    tx.execute(
        sa.insert(ClassListUpload).values(
            ref=ref,
            class_id=class_id,
            file_name=file_name[:200],
            cells=cells,
            chosen=chosen,
            made_at=now,
        )
    )
    return ref


def choose_columns(tx: Tx, *, class_id: int, upload: str, chosen: str) -> None:
    """How the teacher says that the list is to be read. Raises NotFound("no-class-list")."""
    done = tx.execute(
        sa.update(ClassListUpload)
        .where(ClassListUpload.ref == upload, ClassListUpload.class_id == class_id)
        .values(chosen=chosen)
    )
    if not done.rowcount:
        raise NotFound("no-class-list")


def has_old_uploads(tx: Tx, *, now: datetime) -> bool:
    """Whether there is something to forget: a sweep asks every second and seldom writes."""
    asked = sa.select(ClassListUpload.ref).where(ClassListUpload.made_at < now - KEEP_UPLOADS)
    return tx.execute(asked.limit(1)).first() is not None


def forget_old_uploads(tx: Tx, *, now: datetime) -> int:
    """Lists older than a day go, brought in or not. Returns how many."""
    gone = tx.execute(
        sa.delete(ClassListUpload).where(ClassListUpload.made_at < now - KEEP_UPLOADS)
    )
    return gone.rowcount


def mark_brought_in(tx: Tx, *, class_id: int, upload: str, now: datetime) -> None:
    """The whole list is in. It stays until the day is over, for the lines that have faults."""
    tx.execute(
        sa.update(ClassListUpload)
        .where(
            ClassListUpload.ref == upload,
            ClassListUpload.class_id == class_id,
            ClassListUpload.brought_in_at.is_(None),
        )
        .values(brought_in_at=now)
    )
