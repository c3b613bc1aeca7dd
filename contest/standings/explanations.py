"""Why a line of a published board has its place: what the page "Vì sao?" asks.

Everything is found by key or by a range of lines: a line of a million costs what one of ten does.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from contest.editions.models import Entrant
from contest.errors import Unavailable
from contest.infra.database import Tx
from contest.quiz.models import Attempt
from contest.quiz.papers import Item
from contest.quiz.views import LETTERS
from contest.rules.explanation import Step, explain
from contest.rules.prizes import Award, award
from contest.rules.scoring import Mark
from contest.rules.shape import ChainStep, Prizes
from contest.rulings import queries as rulings
from contest.rulings.queries import State
from contest.standings import commands, queries
from contest.standings.models import Settlement, Standing, Tie
from contest.standings.queries import Published


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes part in an edition under an entry code."""

    entrant_id: int
    account_id: int
    entry_code: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """
    A line of the board with all that ranked it.

    `submission_order` counts submissions of the board from 1. `attempt_id` is for the owner only.
    """

    line: int
    place: int
    attempt_id: int
    score_milli: int
    prediction: int | None
    distance: int | None
    ranking_time_ms: int
    submission_order: int


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """Where an entrant stood before the last adjustment."""

    place: int
    score_milli: int


class PaperCorrection(msgspec.Struct, frozen=True, kw_only=True):
    """
    A decided ruling about a question of one's own paper.

    `place`: the question's number there; `also`: the answers that are right as well, each the
    places of its choices as the paper shows them (from 0); empty unless `kind` is accept-also.
    """

    place: int
    kind: str
    also: tuple[tuple[int, ...], ...]
    reason: str
    decided_at: datetime
    state: State

    @property
    def answers(self) -> list[str]:
        """`also` in the paper's letters: "B" or "A, C"."""
        return [", ".join(LETTERS[at] for at in sorted(each)) for each in self.also]


class _Placed(msgspec.Struct, frozen=True):
    place: int
    key: int


def entry(tx: Tx, edition_id: int, entry_code: str) -> Entry | None:
    """Whose entry code it is; None where nobody has it."""
    row = tx.execute(
        sa.select(Entrant.id.label("entrant_id"), Entrant.account_id, Entrant.entry_code).where(
            Entrant.edition_id == edition_id, Entrant.entry_code == entry_code
        )
    ).one_or_none()
    return None if row is None else Entry(**row._mapping)


def ask_for_ties(tx: Tx, result: Published) -> None:
    """
    Raises Unavailable("why-not-ready") for a result kept in an older form, which knows no ties.

    The worker is about to compute it again.
    """
    form = tx.execute(
        sa.select(Settlement.form).where(Settlement.id == result.settlement_id)
    ).scalar_one()
    if form < commands.FORM:
        raise Unavailable("why-not-ready")


def line_of(tx: Tx, result: Published, entrant_id: int) -> Line | None:
    """An entrant's line of a published board; None for somebody who is not on it."""
    row = tx.execute(
        sa.select(
            Standing.line,
            Standing.place,
            Standing.attempt_id,
            Standing.score_milli,
            Standing.prediction,
            Standing.distance,
            Standing.ranking_time_ms,
            Standing.submission_order,
        ).where(
            Standing.settlement_id == result.settlement_id,
            Standing.line == queries.line_of(result.settlement_id, entrant_id),
        )
    ).one_or_none()
    return None if row is None else Line(**row._mapping)


def steps_of(
    tx: Tx, result: Published, line: int, chain: Sequence[ChainStep]
) -> tuple[list[Step], int]:
    """The chain as it worked for a line, and how many share its place (itself included)."""
    ties = [_tie(tx, result.settlement_id, step, line) for step in range(1, len(chain) + 1)]
    return explain(chain, ties, result.valid), ties[-1][1] - ties[-1][0] + 1


def _tie(tx: Tx, settlement_id: int, step: int, line: int) -> tuple[int, int]:
    """First and last line of those equal to `line` in the first `step` steps."""
    # The ranges of a step do not overlap, so the one that begins nearest before is the only one
    # that can hold the line: one step down the primary key's tree.
    row = tx.execute(
        sa.select(Tie.first_line, Tie.last_line)
        .where(Tie.settlement_id == settlement_id, Tie.step == step, Tie.first_line <= line)
        .order_by(Tie.first_line.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.last_line < line:
        return line, line
    return row.first_line, row.last_line


def prize_of(place: int, sharing: int, prizes: Prizes) -> Award | None:
    """What a place shared by so many wins; None where there is no prize for it."""
    # A place's prize hangs on its own group alone: groups fill positions one behind another.
    if place > sum(each.places for each in prizes.individual):
        return None
    group = [_Placed(place, 0)] * sharing
    return next(iter(award(group, prizes.individual, prizes.tie_across_edge)), None)


def earlier_line(tx: Tx, before: Published, entrant_id: int) -> Earlier | None:
    """An entrant's line in a result that holds no longer; None where there was none."""
    row = tx.execute(
        sa.select(Standing.place, Standing.score_milli).where(
            Standing.settlement_id == before.settlement_id,
            Standing.line == queries.line_of(before.settlement_id, entrant_id),
        )
    ).one_or_none()
    return None if row is None else Earlier(**row._mapping)


def attempt_code(tx: Tx, attempt_id: int) -> str:
    """The address of an attempt; for its owner only."""
    return tx.execute(sa.select(Attempt.code).where(Attempt.id == attempt_id)).scalar_one()


def is_annulled(tx: Tx, attempt_id: int) -> bool:
    """Whether an attempt counts nowhere because another was granted in its stead."""
    at = tx.execute(sa.select(Attempt.annulled_at).where(Attempt.id == attempt_id)).scalar_one()
    return at is not None


def paper_corrections(tx: Tx, round_id: int, items: Sequence[Item]) -> list[PaperCorrection]:
    """What was decided about the questions of a paper, lifted decisions too, in their order."""
    places = {item.revision_id: place for place, item in enumerate(items, start=1)}
    found = []
    for each in rulings.decided_rulings(tx, round_id):
        place = places.get(each.revision_id) if each.revision_id is not None else None
        if place is None or each.decided_at is None:
            continue
        shown = items[place - 1].to_shown
        found.append(
            PaperCorrection(
                place=place,
                kind=each.kind,
                also=tuple(shown(mask) for mask in each.masks),
                reason=each.reason,
                decided_at=each.decided_at,
                state=each.state,
            )
        )
    return found


def verdict_of(answered: bool, mark: Mark, corrections: Sequence[PaperCorrection]) -> str:
    """Of a question in its reader's words: void, given, none, right, partly or wrong."""
    if not mark.is_counted:
        return "void"
    if any(each.kind == "give-all" for each in corrections):
        return "given"
    if not answered:
        return "none"
    if mark.is_right:
        return "right"
    return "partly" if mark.got_milli else "wrong"
