"""How a round's questions were answered, and which wordings of a question its papers hold."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
import sqlalchemy as sa

from contest.bank import queries as bank
from contest.bank.models import QuestionRevision
from contest.bank.queries import Key, QuestionBody
from contest.editions.queries import RoundView
from contest.infra.database import Tx
from contest.quiz.models import Attempt
from contest.rulings import queries as rulings
from contest.rulings.queries import RulingView
from contest.standings.adjustments import Choice, Text, choices_of, chosen
from contest.standings.models import QuestionFigure
from contest.standings.queries import Published

# Beyond this "so many or more" is said: nobody needs a million papers counted while they wait.
COUNTED_AT_MOST: Final = 20_000
_ANSWERS_LISTED: Final = 8


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """How often an answer was given; no choices: left blank."""

    choices: tuple[Choice, ...]
    times: int
    is_right: bool


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """
    How those on the board answered a question, most frequent answer first.

    `is_doubtful`: a wrong answer was given more often than the right one, and nothing was
    corrected: then the key may be what is wrong.
    """

    question_id: str
    domain: str
    text: Text
    choices: tuple[Choice, ...]
    key: tuple[Choice, ...]
    papers: int
    right: int
    answers: tuple[Answered, ...]
    wrong: Answered | None
    is_doubtful: bool
    corrections: tuple[RulingView, ...]


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A revision of a question that papers of a round hold; `number` counts its wordings from 1."""

    revision_id: int
    number: int
    body: QuestionBody


def question_figures(tx: Tx, result: Published) -> list[Figure]:
    """Every question that papers of a published round hold, the most doubtful first."""
    rows = tx.execute(
        sa.select(
            QuestionFigure.revision_id,
            QuestionFigure.papers,
            QuestionFigure.right,
            QuestionFigure.answers,
        ).where(QuestionFigure.settlement_id == result.settlement_id)
    ).all()
    ids = [row.revision_id for row in rows]
    bodies, keys = bank.bodies(tx, ids), bank.keys(tx, ids)
    corrected: dict[int, list[RulingView]] = {}
    for each in rulings.decided_rulings(tx, result.round_id):
        if each.state == "in-force" and each.revision_id is not None:
            corrected.setdefault(each.revision_id, []).append(each)
    found = [
        _figure(
            bodies[row.revision_id],
            keys[row.revision_id],
            row.papers,
            row.right,
            msgspec.json.decode(row.answers, type=dict[str, int]),
            corrected.get(row.revision_id, []),
        )
        for row in rows
    ]
    return sorted(found, key=_by_doubt)


def _by_doubt(each: Figure) -> tuple[bool, float, str]:
    wrong = each.wrong.times if each.wrong else 0
    return not each.is_doubtful, (each.right - wrong) / each.papers, each.question_id


def _figure(
    body: QuestionBody,
    key: Key,
    papers: int,
    right: int,
    answers: Mapping[str, int],
    corrections: Sequence[RulingView],
) -> Figure:
    choices = choices_of(body)
    accepted = {key.key_mask}.union(*(each.masks for each in corrections))
    by_times = sorted(answers.items(), key=lambda each: (-each[1], int(each[0])))
    given = [
        Answered(choices=chosen(choices, int(mask)), times=times, is_right=int(mask) in accepted)
        for mask, times in by_times
    ]
    wrong = next((each for each in given if each.choices and not each.is_right), None)
    return Figure(
        question_id=body.question_id,
        domain=body.domain,
        text=body.body.text,
        choices=choices,
        key=chosen(choices, key.key_mask),
        papers=papers,
        right=right,
        answers=tuple(given[:_ANSWERS_LISTED]),
        wrong=wrong,
        is_doubtful=not corrections and wrong is not None and wrong.times > right,
        corrections=tuple(corrections),
    )


def held_revisions(
    tx: Tx, this: RoundView, question_id: str, result: Published | None
) -> list[Held]:
    """The wordings of a question of the round's pool that its papers hold, the newest first."""
    rows = tx.execute(
        sa.select(QuestionRevision.id, QuestionRevision.number)
        .where(QuestionRevision.question_id == question_id)
        .order_by(QuestionRevision.number.desc())
    ).all()
    bodies = bank.bodies(tx, [row.id for row in rows])
    found = []
    for row in rows:
        if result is not None:
            is_held = (
                tx.execute(
                    sa.select(QuestionFigure.papers).where(
                        QuestionFigure.settlement_id == result.settlement_id,
                        QuestionFigure.revision_id == row.id,
                    )
                ).first()
                is not None
            )
        else:
            is_held = papers_holding(tx, this.id, row.id, at_most=1) > 0
        if is_held:
            found.append(Held(revision_id=row.id, number=row.number, body=bodies[row.id]))
    return found


def papers_holding(
    tx: Tx, round_id: int, revision_id: int, *, at_most: int = COUNTED_AT_MOST
) -> int:
    """How many papers of a round hold a revision, counted up to `at_most`; asks no key."""
    # A paper is a JSON list of [revision, "type", …]: the quote tells a revision from a choice.
    some = (
        sa.select(Attempt.id)
        .where(
            Attempt.round_id == round_id,
            Attempt.annulled_at.is_(None),
            Attempt.paper.contains(f'[{revision_id},"', autoescape=True),
        )
        .limit(at_most)
        .subquery()
    )
    return tx.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()
