"""A person's attempts with every save, in words; nothing of keys or scores. For their own file."""

from datetime import datetime
from typing import Final

import msgspec
import sqlalchemy as sa

from contest.bank import queries as bank
from contest.editions.models import Entrant
from contest.infra.database import Tx
from contest.quiz import papers
from contest.quiz.models import AFTER_SUBMISSION, COUNTED, LATE, STALE, Answer, Attempt
from contest.quiz.papers import PREDICTION, Item
from contest.quiz.views import LETTERS, shown_choices

_VERDICTS: Final = {
    COUNTED: "counted",
    STALE: "stale",
    LATE: "late",
    AFTER_SUBMISSION: "after-submission",
}
_IDS_A_STATEMENT = 500


class OwnSave(msgspec.Struct, frozen=True, kw_only=True):
    """
    One save. `chosen`: letters of the paper, empty where the answer was taken back; `prediction`:
    in its unit. `verdict`: counted, stale (another tab was newer), late, after-submission.
    """

    n: int
    chosen: tuple[str, ...] = ()
    prediction: int | None = None
    verdict: str
    received_at: datetime


class OwnQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question as the paper showed it. The last counted save is the answer."""

    number: int
    question_id: str
    domain: str
    type: str
    text: str
    choices: dict[str, str]
    is_flagged: bool
    saves: list[OwnSave]


class OwnAttemptData(msgspec.Struct, frozen=True, kw_only=True):
    """`items` and `values` (place → the answer that counts, a mask) are for whoever marks it."""

    id: int
    round_id: int
    entrant_id: int
    code: str
    number: int
    receipt: str | None
    started_at: datetime
    deadline_at: datetime
    allowed_ms: int
    submitted_at: datetime | None
    submitted_by_itself: bool | None
    time_used_ms: int | None
    annulled_at: datetime | None
    items: tuple[Item, ...]
    values: dict[int, int | None]
    questions: list[OwnQuestion]
    prediction: list[OwnSave]


def own_attempts_data(tx: Tx, account_id: int, lang: str) -> list[OwnAttemptData]:
    """All attempts of a person, oldest first, texts in one language."""
    rows = tx.execute(
        sa.select(
            Attempt.id,
            Attempt.round_id,
            Attempt.entrant_id,
            Attempt.code,
            Attempt.number,
            Attempt.receipt,
            Attempt.started_at,
            Attempt.deadline_at,
            Attempt.allowed_ms,
            Attempt.submitted_at,
            Attempt.submitted_by_itself,
            Attempt.time_used_ms,
            Attempt.annulled_at,
            Attempt.flags,
            Attempt.paper,
        )
        .join(Entrant, Entrant.id == Attempt.entrant_id)
        .where(Entrant.account_id == account_id)
        .order_by(Attempt.id)
    ).all()
    decoded = {row.id: papers.decode(row.paper) for row in rows}
    bodies = _bodies(tx, [item.revision_id for items in decoded.values() for item in items])
    saves = _saves(tx, list(decoded))
    found = []
    for row in rows:
        facts = dict(row._mapping)
        flags, _paper = facts.pop("flags"), facts.pop("paper")
        items, of_attempt = decoded[row.id], saves.get(row.id, {})
        questions = []
        for number, item in enumerate(items, start=1):
            body = bodies[item.revision_id]
            texts = shown_choices(item, body, lang)
            questions.append(
                OwnQuestion(
                    number=number,
                    question_id=body.question_id,
                    domain=body.domain,
                    type=item.type,
                    text=body.body.text[lang],
                    choices=dict(zip(LETTERS, texts, strict=False)),
                    is_flagged=bool(flags >> number & 1),
                    saves=[_of_question(each, item) for each in of_attempt.get(number, [])],
                )
            )
        found.append(
            OwnAttemptData(
                **facts,
                items=items,
                values={
                    place: each.value
                    for place, lines in of_attempt.items()
                    for each in lines
                    if each.verdict == COUNTED
                },
                questions=questions,
                prediction=[
                    OwnSave(
                        n=each.n,
                        prediction=each.value,
                        verdict=_VERDICTS[each.verdict],
                        received_at=each.received_at,
                    )
                    for each in of_attempt.get(PREDICTION, [])
                ],
            )
        )
    return found


class _Save(msgspec.Struct, frozen=True):
    n: int
    value: int | None
    verdict: int
    received_at: datetime


def _of_question(each: _Save, item: Item) -> OwnSave:
    return OwnSave(
        n=each.n,
        chosen=tuple(LETTERS[at] for at in item.to_shown(each.value)),
        verdict=_VERDICTS[each.verdict],
        received_at=each.received_at,
    )


def _bodies(tx: Tx, revision_ids: list[int]) -> dict[int, bank.QuestionBody]:
    wanted = sorted(set(revision_ids))
    found: dict[int, bank.QuestionBody] = {}
    for start in range(0, len(wanted), _IDS_A_STATEMENT):
        found |= bank.bodies(tx, wanted[start : start + _IDS_A_STATEMENT])
    return found


def _saves(tx: Tx, attempt_ids: list[int]) -> dict[int, dict[int, list[_Save]]]:
    """Attempt → place → its saves in their order."""
    found: dict[int, dict[int, list[_Save]]] = {}
    for start in range(0, len(attempt_ids), _IDS_A_STATEMENT):
        for row in tx.execute(
            sa.select(
                Answer.attempt_id, Answer.position, Answer.n, Answer.value, Answer.verdict,
                Answer.received_at,
            )
            .where(Answer.attempt_id.in_(attempt_ids[start : start + _IDS_A_STATEMENT]))
            .order_by(Answer.attempt_id, Answer.position, Answer.n)
        ):  # fmt: skip
            found.setdefault(row.attempt_id, {}).setdefault(row.position, []).append(
                _Save(row.n, row.value, row.verdict, row.received_at)
            )
    return found
