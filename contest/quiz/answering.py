"""Saving answers: the hot path. One look-up, one pure verdict, one insert.

Every save is kept as it came; the verdict says whether it counts (DOMAIN: a stale one is kept,
never current, and its tab is told).
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa
import sqlalchemy.orm

from contest.editions.models import Entrant
from contest.errors import Invalid, NotFound, TooMany
from contest.infra import metrics
from contest.infra.chance import Chance
from contest.infra.clock import to_ms
from contest.infra.database import Tx
from contest.quiz import papers, timing
from contest.quiz.commands import Submitted, submit_attempt
from contest.quiz.models import AFTER_SUBMISSION, COUNTED, LATE, STALE, Answer, Attempt
from contest.quiz.papers import PREDICTION
from contest.quiz.timing import IncomingSave, LastSave, SaveVerdict

# A person changes their mind a few times; a script that loops must not fill the disk.
SAVES_A_QUESTION = 300

_KEPT_AS = {
    SaveVerdict.COUNTED: COUNTED,
    SaveVerdict.STALE: STALE,
    SaveVerdict.LATE: LATE,
    SaveVerdict.AFTER_SUBMISSION: AFTER_SUBMISSION,
}


class Save(msgspec.Struct, frozen=True, kw_only=True):
    """
    One save as a browser sends it.

    `shown` are the chosen places as displayed; at place 0 `prediction` holds the understood value
    (None takes it back). `tab`, `seq`, `based_on`: see quiz/timing.py.
    """

    position: int
    shown: tuple[int, ...] = ()
    prediction: int | None = None
    tab: str
    seq: int
    based_on: int


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """
    What became of a save. `n` is the number of the answer that is current now, `current_shown`
    and `current_prediction` that answer.
    """

    position: int
    verdict: SaveVerdict
    n: int
    current_shown: tuple[int, ...]
    current_prediction: int | None
    received: datetime
    left_ms: int


_EARLIER = sa.orm.aliased(Answer)
# The answer that counts now and what came after it; a person may have changed their mind often.
_SINCE = sa.func.coalesce(
    sa.select(_EARLIER.n)
    .where(
        _EARLIER.attempt_id == Attempt.id,
        _EARLIER.position == sa.bindparam("place"),
        _EARLIER.verdict == COUNTED,
    )
    .order_by(_EARLIER.n.desc())
    .limit(1)
    .scalar_subquery(),
    0,
)

_LOOK_UP = (
    sa.select(
        Attempt.id,
        Attempt.paper,
        Attempt.deadline_at,
        Attempt.final_at,
        Attempt.submitted_at,
        Attempt.submitted_by_itself,
        Answer.n,
        Answer.value,
        Answer.verdict,
        Answer.tab,
        Answer.seq,
    )
    .join(Entrant, Entrant.id == Attempt.entrant_id)
    .outerjoin(
        Answer,
        sa.and_(
            Answer.attempt_id == Attempt.id,
            Answer.position == sa.bindparam("place"),
            Answer.n >= _SINCE,
        ),
    )
    .where(
        Attempt.code == sa.bindparam("attempt_code"),
        Entrant.account_id == sa.bindparam("owner_id"),
    )
    .order_by(Answer.n.desc())
)

_INSERT = sa.insert(Answer)

_OWN = (
    sa.select(Attempt.id, Attempt.paper)
    .join(Entrant, Entrant.id == Attempt.entrant_id)
    .where(
        Attempt.code == sa.bindparam("attempt_code"),
        Entrant.account_id == sa.bindparam("owner_id"),
    )
    .with_for_update(of=Attempt)
)

_SAVES = {verdict: metrics.SAVES.labels(verdict.value) for verdict in SaveVerdict}

_VALUES = sa.select(Answer.position, Answer.n, Answer.value).where(
    Answer.attempt_id == sa.bindparam("attempt")
)


def save_answer(
    tx: Tx, *, attempt_code: str, account_id: int, save: Save, received: datetime
) -> Saved:
    """
    Keeps one answer and says what became of it. A late or stale one is a result, not an error.

    Raises NotFound for an attempt that is not this person's, Invalid for a place or a choice
    that the paper does not have.
    """
    if tx.dialect.name == "postgresql":
        # By itself: a statement that waits for the lock would not see what the one before it saved.
        tx.execute(_OWN, {"attempt_code": attempt_code, "owner_id": account_id})
    rows = tx.execute(
        _LOOK_UP, {"attempt_code": attempt_code, "owner_id": account_id, "place": save.position}
    ).all()
    if not rows:
        raise NotFound("no-attempt")
    first = rows[0]
    item = _item(first.paper, save.position)
    value = _value(item, save)
    last_n = first.n or 0
    current = next((row for row in rows if row.n is not None and row.verdict == COUNTED), None)
    verdict = timing.verdict(
        received=received,
        deadline=first.deadline_at,
        grace=first.final_at - first.deadline_at,
        submitted_at=None if first.submitted_by_itself else first.submitted_at,
        current=current and LastSave(n=current.n, tab=current.tab, seq=current.seq),
        incoming=IncomingSave(
            tab=save.tab,
            seq=save.seq,
            based_on=save.based_on,
            same_answer=current is not None and current.value == value,
        ),
    )
    _SAVES[verdict].inc()
    current_n = current.n if current is not None else 0
    current_value = current.value if current is not None else None
    if verdict is not SaveVerdict.REPEATED:
        if last_n >= SAVES_A_QUESTION:
            raise TooMany("too-many-saves", retry_after_s=600)
        tx.execute(
            _INSERT,
            {
                "attempt_id": first.id,
                "position": save.position,
                "n": last_n + 1,
                "value": value,
                "verdict": _KEPT_AS[verdict],
                "tab": save.tab,
                "seq": save.seq,
                "based_on": save.based_on,
                "received_at": received,
            },
        )
        if verdict is SaveVerdict.COUNTED:
            current_n, current_value = last_n + 1, value
    return Saved(
        position=save.position,
        verdict=verdict,
        n=current_n,
        current_shown=item.to_shown(current_value) if item else (),
        current_prediction=None if item else current_value,
        received=received,
        left_ms=max(0, to_ms(first.deadline_at) - to_ms(received)),
    )


def save_paper(
    tx: Tx, *, attempt_code: str, account_id: int, saves: Sequence[Save], received: datetime
) -> list[Saved]:
    """
    Keeps what a whole form changes, in one transaction, each answer with a verdict of its own.

    A question that stands in the form as the page had shown it was not touched: it is no save,
    even when another device has answered it since.
    """
    attempt = tx.execute(_OWN, {"attempt_code": attempt_code, "owner_id": account_id}).one_or_none()
    if attempt is None:
        raise NotFound("no-attempt")
    seen = {
        (row.position, row.n): row.value for row in tx.execute(_VALUES, {"attempt": attempt.id})
    }
    changed = [
        save
        for save in saves
        if _value(_item(attempt.paper, save.position), save)
        != seen.get((save.position, save.based_on))
    ]
    return [
        save_answer(
            tx, attempt_code=attempt_code, account_id=account_id, save=save, received=received
        )
        for save in changed
    ]


def hand_in(
    tx: Tx,
    *,
    attempt_code: str,
    account_id: int,
    saves: Sequence[Save],
    received: datetime,
    chance: Chance,
) -> tuple[list[Saved], Submitted | None]:
    """
    Saves a form and ends the attempt with it, in one transaction.

    When another tab or device has answered since, nothing is submitted: the person looks again
    first. The saves then say which answers count.
    """
    saved = save_paper(
        tx, attempt_code=attempt_code, account_id=account_id, saves=saves, received=received
    )
    if any(each.verdict is SaveVerdict.STALE for each in saved):
        return saved, None
    return saved, submit_attempt(
        tx, attempt_code=attempt_code, account_id=account_id, received=received, chance=chance
    )


def _item(paper: str, position: int) -> papers.Item | None:
    if position == PREDICTION:
        return None
    items = papers.decode(paper)
    if not 1 <= position <= len(items):
        raise Invalid("no-question")
    return items[position - 1]


def _value(item: papers.Item | None, save: Save) -> int | None:
    if item is None:
        return save.prediction
    try:
        return item.to_original(save.shown)
    except ValueError as error:
        raise Invalid("no-choice") from error
