"""What is told of rulings: their subject in words, and the public list of adjustments."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

import msgspec
import sqlalchemy as sa

from contest.bank import queries as bank
from contest.bank.queries import Key, QuestionBody
from contest.editions.models import Entrant
from contest.infra.database import Tx
from contest.quiz.views import LETTERS
from contest.rulings import queries as rulings
from contest.rulings.queries import RulingView
from contest.standings import queries
from contest.standings.queries import Published

_TRUE_FALSE = ({"vi": "Đúng", "en": "True"}, {"vi": "Sai", "en": "False"})

Text = Mapping[str, str]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A choice of a question in the file's order; `text` in both languages."""

    place: int
    letter: str
    text: Text


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a ruling is about, for those who read it.

    Of a correction: the question, its choices, `accepted` answers that are right as well, and
    `key`, empty unless the round is published. Of a disqualification `entry_code`, for the desk
    alone. Of a lift: the ruling that ends, with its own subject.
    """

    ruling: RulingView
    question_id: str = ""
    domain: str = ""
    text: Text | None = None
    choices: tuple[Choice, ...] = ()
    key: tuple[Choice, ...] = ()
    accepted: tuple[tuple[Choice, ...], ...] = ()
    entry_code: str = ""
    lifted: "Subject | None" = None


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """
    A ruling that bears on a published result, with the figures before and after it.

    `before` and `after` are None for one that was decided before the result was published.
    """

    subject: Subject
    decided_at: datetime
    before: Published | None
    after: Published | None


def choices_of(body: QuestionBody) -> tuple[Choice, ...]:
    texts: Sequence[Text] = body.body.choices or _TRUE_FALSE
    return tuple(
        Choice(place=place, letter=LETTERS[place], text=text) for place, text in enumerate(texts)
    )


def chosen(choices: Sequence[Choice], mask: int) -> tuple[Choice, ...]:
    return tuple(each for each in choices if mask >> each.place & 1)


def subjects(
    tx: Tx, found: Sequence[RulingView], *, shows_keys: bool, shows_entries: bool
) -> list[Subject]:
    """The rulings in words. Keys only of a published round, entries only at the desk."""
    lifted_ids = {each.lifts_id for each in found if each.lifts_id is not None}
    lifted = [each for each in (rulings.ruling_by_id(tx, id) for id in lifted_ids) if each]
    every = [*found, *lifted]
    revisions = {each.revision_id for each in every if each.revision_id is not None}
    bodies = bank.bodies(tx, revisions) if revisions else {}
    keys = bank.keys(tx, revisions) if revisions and shows_keys else {}
    entries = _entry_codes(tx, every) if shows_entries else {}
    of_lifted = {each.id: _subject(each, bodies, keys, entries, None) for each in lifted}
    return [
        _subject(each, bodies, keys, entries, of_lifted.get(each.lifts_id or 0)) for each in found
    ]


def _subject(
    each: RulingView,
    bodies: Mapping[int, QuestionBody],
    keys: Mapping[int, Key],
    entries: Mapping[int, str],
    lifted: Subject | None,
) -> Subject:
    if each.revision_id is None:
        return Subject(ruling=each, entry_code=entries.get(each.entrant_id or 0, ""), lifted=lifted)
    body = bodies[each.revision_id]
    choices = choices_of(body)
    key = keys.get(each.revision_id)
    return Subject(
        ruling=each,
        question_id=body.question_id,
        domain=body.domain,
        text=body.body.text,
        choices=choices,
        key=chosen(choices, key.key_mask) if key else (),
        accepted=tuple(chosen(choices, mask) for mask in each.masks),
    )


def _entry_codes(tx: Tx, every: Iterable[RulingView]) -> dict[int, str]:
    ids = {each.entrant_id for each in every if each.entrant_id is not None}
    rows = tx.execute(sa.select(Entrant.id, Entrant.entry_code).where(Entrant.id.in_(ids)))
    return {row.id: row.entry_code for row in rows}


def adjustments(tx: Tx, round_id: int) -> list[Adjustment]:
    """What was decided about a published round, in the order of the decisions."""
    history = queries.publication_history(tx, [round_id])
    acts = {
        after.ruling_id: (before, after)
        for before, after in pairwise(history)
        if after.ruling_id is not None
    }
    decided = rulings.decided_rulings(tx, round_id)
    told = subjects(tx, decided, shows_keys=True, shows_entries=False)
    found = []
    for each in told:
        before, after = acts.get(each.ruling.id, (None, None))
        assert each.ruling.decided_at is not None
        found.append(
            Adjustment(subject=each, decided_at=each.ruling.decided_at, before=before, after=after)
        )
    return found
