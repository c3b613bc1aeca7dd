"""Practice: any number of questions, each with its explanation at once. For everybody."""

from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath, QueryParameter

from contest.bank import queries as bank
from contest.errors import NotFound
from contest.quiz.papers import Item
from contest.quiz.practice import ANY, DOMAINS, LEVELS, questions_of, read_run
from contest.quiz.views import LETTERS, ChoiceView, shown_choices
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

Domain = Annotated[str, QueryParameter(name="linh-vuc")]
Level = Annotated[str, QueryParameter(name="muc")]
Kept = Annotated[str, QueryParameter(name="tra-loi")]
Chosen = Annotated[list[str] | None, QueryParameter(name="chon")]


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """A question of the run with its key: `right` is None while it is not answered."""

    number: int
    domain: str
    type: str
    text: str
    choices: list[ChoiceView]
    keys: tuple[int, ...]
    chosen: tuple[int, ...]
    right: bool | None
    explanation: str
    cite: str


@get("/luyen-tap", opt={"action": "quiz.practise"})
@in_thread
def practice(request: AnyRequest) -> Response[Any]:
    """What one can practise."""
    with site_of(request).database.read() as tx:
        pool = bank.candidates(tx, bank.PRACTICE)
    counts = {domain: sum(1 for each in pool if each.domain == domain) for domain in DOMAINS}
    return page(
        request,
        "quiz/practice.html",
        nav="practice",
        counts=counts,
        total=len(pool),
        levels=LEVELS,
    )


@get("/luyen-tap/luot/moi", opt={"action": "quiz.practise"})
async def new_run(request: AnyRequest, domain: Domain = ANY, level: Level = ANY) -> Response[None]:
    """A run with a seed of its own."""
    run = read_run(site_of(request).chance.octets(6).hex(), domain, level, "")
    return redirect(run.address(1))


@get("/luyen-tap/luot/{seed:str}/{number:int}", opt={"action": "quiz.practise"})
@in_thread
def practise(
    request: AnyRequest,
    seed: FromPath[str],
    number: FromPath[int],
    domain: Domain = ANY,
    level: Level = ANY,
    kept: Kept = "",
    chosen: Chosen = None,
) -> Response[Any]:
    """One question, or its explanation once something is chosen; after the last, the summary."""
    run = read_run(seed, domain, level, kept)
    lang = context_of(request).lang
    with site_of(request).database.read() as tx:
        drawn = questions_of(run, bank.candidates(tx, bank.PRACTICE))
        revision_ids = [item.revision_id for item in drawn]
        bodies, keys = bank.bodies(tx, revision_ids), bank.keys(tx, revision_ids)
    if not drawn:
        return page(request, "quiz/practice_empty.html", nav="practice")
    if not 1 <= number <= len(drawn) + 1:
        raise NotFound("no-page")

    def reviewed(at: int, places: tuple[int, ...] | None) -> Reviewed:
        body, key = bodies[drawn[at - 1].revision_id], keys[drawn[at - 1].revision_id]
        item = Item(body.revision_id, body.type, drawn[at - 1].order)
        mask = None
        if places is not None:
            try:
                mask = item.to_original(places)
            except ValueError:
                places = None
        return Reviewed(
            number=at,
            domain=body.domain,
            type=body.type,
            text=body.body.text[lang],
            choices=[
                ChoiceView(
                    place=place, letter=LETTERS[place], text=text, chosen=place in (places or ())
                )
                for place, text in enumerate(shown_choices(item, body, lang))
            ],
            keys=item.to_shown(key.key_mask),
            chosen=places or (),
            right=None if places is None else mask == key.key_mask,
            explanation=key.explanation[lang],
            cite=key.cite[lang],
        )

    answered = [
        reviewed(at, places) for at, places in enumerate(run.answers[: len(drawn)], start=1)
    ]
    if number > len(drawn):
        return page(
            request,
            "quiz/practice_summary.html",
            nav="practice",
            run=run,
            questions=answered,
            total=len(drawn),
        )
    places = _places(chosen)
    question = reviewed(number, places)
    # A question passed over is kept as one without an answer, or the next would take its place.
    after = run.with_answer(number, question.chosen)
    return page(
        request,
        "quiz/practice_question.html",
        nav="practice",
        run=run,
        question=question,
        total=len(drawn),
        score=sum(1 for each in answered[: number - 1] if each.right),
        nothing_chosen=chosen is not None and places is None,
        here=f"/luyen-tap/luot/{run.seed}/{number}",
        kept=".".join("".join(map(str, each)) or "-" for each in run.answers[: number - 1]),
        next_address=after.address(number + 1),
    )


def _places(chosen: list[str] | None) -> tuple[int, ...] | None:
    places = tuple(int(text) for text in chosen or [] if text.isascii() and text.isdigit())
    return places[:6] or None


ROUTES = [practice, new_run, practise]
