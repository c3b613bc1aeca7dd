"""One's own result: score, place, every question with its key."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from contest.bank import queries as bank
from contest.bank.queries import Key
from contest.editions.queries import round_by_id
from contest.errors import Closed, NotFound
from contest.infra.chance import grouped
from contest.infra.database import Tx
from contest.quiz import queries as quiz
from contest.quiz.own_rounds import own_rounds
from contest.quiz.queries import AttemptView
from contest.quiz.views import LETTERS, shown_choices
from contest.rules.document import max_score_milli
from contest.rules.predictions import teller
from contest.rules.scoring import Mark
from contest.rulings import queries as rulings
from contest.standings import explanations, queries
from contest.standings.explanations import PaperCorrection, verdict_of
from contest.standings.settle import score_attempt
from contest.web.context import AnyRequest, account_id_of, context_of
from contest.web.site import site_of
from contest.web.templating import page
from contest.web.threads import in_thread


class ReviewedChoice(msgspec.Struct, frozen=True, kw_only=True):
    letter: str
    text: str
    key: bool
    chosen: bool


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """
    A question of one's paper with its key. `verdict`: right, partly, wrong, void, given or none.

    `given`: its points were given to everybody, whatever was answered. `corrections` in force.
    """

    number: int
    domain: str
    text: str
    verdict: str
    got_milli: int
    choices: list[ReviewedChoice]
    explanation: str
    cite: str
    corrections: list[PaperCorrection]


@get("/bai/{code:str}/ket-qua", opt={"action": "standings.result"})
@in_thread
def result(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Score, place and every question with its key, once published.

    Where the rules show one's own score at submission, the score alone is shown before.
    """
    context = context_of(request)
    with site_of(request).database.read() as tx:
        attempt = quiz.own_attempt(tx, code, account_id_of(request))
        if attempt is None:
            raise NotFound("no-attempt")
        found = round_by_id(tx, attempt.round_id)
        assert found is not None
        edition, this = found
        official = queries.publication(tx, attempt.round_id)
        own = own_rounds(tx, account_id_of(request), edition, [this], context.received_at)[this.id]
        rules = edition.document.rules
        if attempt.submitted_at is None:
            raise Closed("not-submitted")
        if official is None and rules.own_score != "at-submission":
            raise Closed("not-published")
        revision_ids = [item.revision_id for item in attempt.items]
        keys = bank.keys(tx, revision_ids)
        answers = quiz.current_answers(tx, attempt.id)
        values = {place: answer.value for place, answer in answers.items()}
        marks, scored = score_attempt(
            attempt.items, values, keys, edition, rulings.in_force(tx, this.id).corrections
        )
        standing = out = None
        sharing = 0
        reviewed: list[Reviewed] = []
        if official is not None:
            standing = queries.own_standing(tx, official, attempt.entrant_id)
            if standing is not None:
                steps = len(rules.chain)
                sharing = queries.sharing(tx, official, standing.place, steps=steps)
            else:
                out = rulings.disqualification(tx, this.id, attempt.entrant_id)
            reviewed = _reviewed(tx, attempt, values, keys, marks, context.lang)
    told = teller(rules.prediction.kind, context.lang)

    return page(
        request,
        "standings/result.html",
        nav="account",
        attempt=attempt,
        own=own,
        edition=edition,
        round=this,
        official=official,
        standing=standing,
        sharing=sharing,
        out=out,
        is_counted=standing is not None and standing.attempt_id == attempt.id,
        receipt=grouped(attempt.receipt or ""),
        scored=scored,
        max_score=max_score_milli(edition.document, this.rules),
        questions=scored.counted_questions,
        reviewed=reviewed,
        predicted=told(standing.prediction if standing else None),
        truth=told(official.truth if official else None),
        distance=told(standing.distance if standing else None),
    )


def _reviewed(
    tx: Tx,
    attempt: AttemptView,
    values: Mapping[int, int | None],
    keys: Mapping[int, Key],
    marks: Sequence[Mark],
    lang: str,
) -> list[Reviewed]:
    """A paper's questions in order, each with its key and what was decided about it."""
    corrections = [
        each
        for each in explanations.paper_corrections(tx, attempt.round_id, attempt.items)
        if each.state == "in-force"
    ]
    bodies = bank.bodies(tx, [item.revision_id for item in attempt.items])
    found = []
    for place, (item, mark) in enumerate(zip(attempt.items, marks, strict=True), start=1):
        body, key = bodies[item.revision_id], keys[item.revision_id]
        chosen = item.to_shown(values.get(place))
        of_question = [each for each in corrections if each.place == place]
        right = {*item.to_shown(key.key_mask)}
        for also in (each for one in of_question for each in one.also):
            # Of several choices together only the whole answer is right: it is marked for
            # whoever gave it.
            if item.type != "multiple" or set(also) == set(chosen):
                right.update(also)
        found.append(
            Reviewed(
                number=place,
                domain=body.domain,
                text=body.body.text[lang],
                verdict=verdict_of(bool(chosen), mark, of_question),
                got_milli=mark.got_milli,
                choices=[
                    ReviewedChoice(
                        letter=LETTERS[at], text=text, key=at in right, chosen=at in chosen
                    )
                    for at, text in enumerate(shown_choices(item, body, lang))
                ],
                explanation=key.explanation[lang],
                cite=key.cite[lang],
                corrections=of_question,
            )
        )
    return found


ROUTES = [result]
