"""The organiser's look at a round's questions, and the proposals that start from there."""

from collections.abc import Sequence
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, QueryParameter

from contest.bank import queries as bank
from contest.editions.queries import RoundView, round_by_slugs
from contest.errors import Invalid, NotFound
from contest.infra.database import Tx
from contest.people import faults
from contest.people import queries as people
from contest.people.faults import FieldFault, told
from contest.rulings import commands as rulings
from contest.rulings import queries as ruling_queries
from contest.standings import adjustments, proposals, queries, question_figures
from contest.standings.adjustments import choices_of, chosen
from contest.standings.queries import Published
from contest.standings.question_figures import Held
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

PAGE = 20
WORDS = {
    "no-correction": "Hãy chọn một cách sửa.",
    "no-choice": "Hãy đánh dấu ít nhất một phương án được chấp nhận thêm.",
    "reason-needed": "Hãy ghi lý do, từ 10 đến 1.000 ký tự. Lý do này được công khai.",
}
_IS_KEY = "Các phương án này đã là đáp án rồi. Hãy đánh dấu phương án khác."


@get("/dieu-hanh/vong/{edition_slug:str}/{slug:str}/cau-hoi", opt={"action": "standings.questions"})
@in_thread
def questions(
    request: AnyRequest,
    edition_slug: FromPath[str],
    slug: FromPath[str],
    trang: Annotated[int, QueryParameter(ge=1, le=10_000)] = 1,
) -> Response[Any]:
    """
    How each question was answered, the most doubtful first, and what was ruled on the round.

    Before publishing the texts alone: no figure that a key went into.
    """
    first = (trang - 1) * PAGE
    with site_of(request).database.read() as tx:
        edition, this = round_by_slugs(tx, edition_slug, slug)
        result = queries.publication(tx, this.id)
        figures = question_figures.question_figures(tx, result) if result else []
        revisions = []
        # Before the round opens nobody holds a question, and its set stays sealed to all.
        if result is None and this.state(context_of(request).received_at) != "scheduled":
            drawn = sorted(bank.candidates(tx, this.rules.pool), key=lambda each: each.domain)
            revisions = [each.revision_id for each in drawn]
        bodies = bank.bodies(tx, revisions[first : first + PAGE])
        found = adjustments.subjects(
            tx,
            ruling_queries.rulings_of_round(tx, this.id),
            shows_keys=False,
            shows_entries=True,
        )
    total = len(figures) if result else len(revisions)
    return page(
        request,
        "standings/rulings/questions.html",
        nav="desk",
        edition=edition,
        round=this,
        result=result,
        figures=figures[first : first + PAGE],
        doubtful=sum(1 for each in figures if each.is_doubtful),
        bodies=[bodies[each] for each in revisions[first : first + PAGE]],
        total=total,
        rulings=found,
        page=trang,
        pages=max(1, -(-total // PAGE)),
    )


@get(
    "/dieu-hanh/vong/{edition_slug:str}/{slug:str}/cau-hoi/{question:str}/sua",
    opt={"action": "standings.propose_ruling"},
)
@in_thread
def correction_form(
    request: AnyRequest,
    edition_slug: FromPath[str],
    slug: FromPath[str],
    question: FromPath[str],
    ban: FromQuery[int] = 0,
) -> Response[Any]:
    """The question as papers of this round hold it, and the ways to correct its key."""
    return _correction_page(request, edition_slug, slug, question, ban)


def _correction_page(
    request: AnyRequest,
    edition_slug: str,
    slug: str,
    question: str,
    number: int,
    *,
    kind: str = "",
    ticked: Sequence[str] = (),
    reason: str = "",
    found: Sequence[FieldFault] = (),
) -> Response[Any]:
    with site_of(request).database.read() as tx:
        edition, this = round_by_slugs(tx, edition_slug, slug)
        result = queries.publication(tx, this.id)
        held = _held(tx, this, question, result)
        one = _of_number(held, number)
        choices = choices_of(one.body)
        key = bank.keys(tx, [one.revision_id])[one.revision_id] if result else None
    return page(
        request,
        "standings/rulings/correct.html",
        nav="desk",
        status=422 if found else 200,
        edition=edition,
        round=this,
        result=result,
        question=question,
        held=held,
        one=one,
        choices=choices,
        key=chosen(choices, key.key_mask) if key else (),
        kind=kind,
        ticked=ticked,
        reason=reason,
        faults=told(request, found) if found else faults.NONE,
    )


def _held(tx: Tx, this: RoundView, question: str, result: Published | None) -> list[Held]:
    held = question_figures.held_revisions(tx, this, question, result)
    if not held:
        raise NotFound("no-question")
    return held


def _of_number(held: Sequence[Held], number: int) -> Held:
    """The wording with this number; without one the newest that papers hold."""
    one = next((each for each in held if each.number == number), None)
    if one is None and number:
        raise NotFound("no-question")
    return one or held[0]


@post(
    "/dieu-hanh/vong/{edition_slug:str}/{slug:str}/cau-hoi/{question:str}/sua",
    opt={"action": "standings.propose_ruling"},
)
@in_thread
def propose_correction(
    request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str], question: FromPath[str]
) -> Response[Any]:
    """Proposes another key; nothing changes by it but that its effect is computed."""
    site, form, now = site_of(request), form_of(request), context_of(request).received_at
    kind, ticked = form.text("kind", limit=20), form.all("choices")
    reason, number = form.text("reason", limit=2000), form.whole_number("ban")
    with site.database.read() as tx:
        _edition, this = round_by_slugs(tx, edition_slug, slug)
        result = queries.publication(tx, this.id)
        one = _of_number(_held(tx, this, question, result), number)
        key = bank.keys(tx, [one.revision_id])[one.revision_id] if result else None
        by = people.ref_of(tx, account_id_of(request))
    masks = _masks(ticked, one) if kind == "accept-also" else ()
    found = []
    if key is not None and masks and set(masks) == {key.key_mask}:
        found.append(FieldFault("choices", _IS_KEY))
    try:
        if not found:
            made = site.database.write(
                proposals.propose,
                proposal=rulings.propose_correction,
                facts={
                    "round_id": this.id,
                    "kind": kind,
                    "revision_id": one.revision_id,
                    "masks": masks,
                    "reason": reason,
                },
                by=by,
                chance=site.chance,
                now=now,
            )
            return redirect(f"/dieu-hanh/quyet-dinh/{made.code}")
    except Invalid as fault:
        found = [FieldFault(str(fault.facts["field"]), WORDS[fault.code])]
    if len(reason) < rulings.REASON_AT_LEAST and all(each.field != "reason" for each in found):
        found.append(FieldFault("reason", WORDS["reason-needed"]))
    return _correction_page(
        request,
        edition_slug,
        slug,
        question,
        one.number,
        kind=kind,
        ticked=ticked,
        reason=reason,
        found=found,
    )


def _masks(ticked: Sequence[str], one: Held) -> tuple[int, ...]:
    """Whole answers out of what was ticked: each choice one, or all together of a multiple choice.

    Nothing that stands there, or nothing at all, gives none.
    """
    places = {str(place): place for place in range(one.body.choice_count)}
    known = sorted({places[each] for each in ticked if each in places})
    if not known:
        return ()
    if one.body.type == "multiple":
        return (sum(1 << place for place in known),)
    return tuple(1 << place for place in known)


ROUTES = [questions, correction_form, propose_correction]
