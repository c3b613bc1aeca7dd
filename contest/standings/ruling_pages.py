"""A ruling: its effect before it is decided, the decision, its end; and the public list."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from contest.editions.queries import round_by_id
from contest.errors import Conflict, Invalid, NotFound
from contest.infra.chance import grouped
from contest.people import faults
from contest.people import queries as people
from contest.people.faults import FieldFault, told
from contest.rules.predictions import teller
from contest.rulings import commands as rulings
from contest.rulings import queries as ruling_queries
from contest.rulings.commands import drop_ruling
from contest.standings import adjustments, proposals, queries, question_figures
from contest.standings.commands import decide_ruling
from contest.standings.proposals import Trial
from contest.standings.question_pages import WORDS
from contest.standings.trials import LISTED_AT_MOST
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread


@get("/dieu-hanh/quyet-dinh/{ruling:str}", opt={"action": "standings.see_ruling"})
@in_thread
def see_ruling(request: AnyRequest, ruling: FromPath[str]) -> Response[Any]:
    """
    What is proposed and what it would change, or what was decided and changed.

    Of a round that is not published no effect is computed, so there is none to be seen.
    """
    return _ruling_page(request, ruling)


def _ruling_page(
    request: AnyRequest, code: str, *, reason: str = "", found: Sequence[FieldFault] = ()
) -> Response[Any]:
    with site_of(request).database.read() as tx:
        this = ruling_queries.ruling(tx, code)
        of_round = round_by_id(tx, this.round_id) if this else None
        if this is None or of_round is None:
            raise NotFound("no-ruling")
        edition, round = of_round
        history = queries.publication_history(tx, [round.id])
        result = history[-1] if history else None
        subject = adjustments.subjects(
            tx, [this], shows_keys=result is not None, shows_entries=True
        )[0]
        act = next((each for each in history if each.ruling_id == this.id), None)
        trial: Trial | None = None
        if act is not None:
            trial = Trial(state="ready", effect=proposals.effect(tx, act.settlement_id))
        elif this.state == "proposed" and result is not None:
            trial = proposals.trial(tx, this)
        papers = None
        if this.revision_id is not None and result is None:
            papers = question_figures.papers_holding(tx, round.id, this.revision_id)
        person = None
        if subject.entry_code:
            entry = ruling_queries.entry(tx, round.id, subject.entry_code)
            person = people.person_line(tx, entry.account_ref) if entry else None
        of_round_all = ruling_queries.rulings_of_round(tx, round.id)
    kind, lang = edition.document.rules.prediction.kind, context_of(request).lang
    return page(
        request,
        "standings/rulings/ruling.html",
        nav="desk",
        status=422 if found else 200,
        edition=edition,
        round=round,
        result=result,
        ruling=this,
        subject=subject,
        act=act,
        trial=trial,
        papers=papers,
        counted_at_most=question_figures.COUNTED_AT_MOST,
        listed_at_most=LISTED_AT_MOST,
        person=person,
        # What would end this ruling, or has ended it.
        lifts=[
            each
            for each in of_round_all
            if each.lifts_id == this.id and each.state in ("proposed", "in-force")
        ],
        prizes=edition.document.rules.prizes.individual,
        grouped=grouped,
        in_words=teller(kind, lang, none="–"),
        has_truth=kind != "none",
        reason=reason,
        faults=told(request, found) if found else faults.NONE,
    )


@post("/dieu-hanh/quyet-dinh/{ruling:str}/ap-dung", opt={"action": "standings.decide_ruling"})
@in_thread
def decide(request: AnyRequest, ruling: FromPath[str]) -> Response[Any]:
    """Puts the proposal in force; the result of a published round changes with this act."""
    site, now = site_of(request), context_of(request).received_at
    with site.database.read() as tx:
        by = people.ref_of(tx, account_id_of(request))
    try:
        site.database.write(decide_ruling, ruling_code=ruling, by=by, now=now)
    except Conflict as conflict:
        if conflict.code not in ("trial-not-ready", "trial-outdated"):
            raise
        # What was looked at is not what would happen: computed again, and shown again.
        site.database.write(proposals.ask_for_trial, ruling_code=ruling, now=now)
    return redirect(f"/dieu-hanh/quyet-dinh/{ruling}")


@post("/dieu-hanh/quyet-dinh/{ruling:str}/bo", opt={"action": "standings.drop_ruling"})
@in_thread
def drop(request: AnyRequest, ruling: FromPath[str]) -> Response[Any]:
    """Gives the proposal up; its trial is removed in the background."""
    site = site_of(request)
    with site.database.read() as tx:
        by = people.ref_of(tx, account_id_of(request))
    dropped = site.database.write(
        drop_ruling, ruling_code=ruling, by=by, now=context_of(request).received_at
    )
    with site.database.read() as tx:
        found = round_by_id(tx, dropped.round_id)
    assert found is not None
    return redirect(f"/dieu-hanh/vong/{found[0].slug}/{found[1].slug}/cau-hoi#quyet-dinh")


@post("/dieu-hanh/quyet-dinh/{ruling:str}/go-bo", opt={"action": "standings.propose_ruling"})
@in_thread
def propose_lift(request: AnyRequest, ruling: FromPath[str]) -> Response[Any]:
    """Proposes that a ruling holds no longer: a proposal like any other, with its effect."""
    site = site_of(request)
    reason = form_of(request).text("reason", limit=2000)
    with site.database.read() as tx:
        by = people.ref_of(tx, account_id_of(request))
    try:
        made = site.database.write(
            proposals.propose,
            proposal=rulings.propose_lift,
            facts={"ruling_code": ruling, "reason": reason},
            by=by,
            chance=site.chance,
            now=context_of(request).received_at,
        )
    except Invalid:
        found = [FieldFault("reason", WORDS["reason-needed"])]
        return _ruling_page(request, ruling, reason=reason, found=found)
    return redirect(f"/dieu-hanh/quyet-dinh/{made.code}")


@get("/xep-hang/{edition_slug:str}/{slug:str}/dieu-chinh", opt={"action": "standings.adjustments"})
@in_thread
def adjustment_list(
    request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str]
) -> Response[Any]:
    """Everything that was decided about a published result: what, when, why, before and after."""
    with site_of(request).database.read() as tx:
        edition, this, result = queries.official_round(tx, edition_slug, slug)
        found = adjustments.adjustments(tx, this.id)
    kind, lang = edition.document.rules.prediction.kind, context_of(request).lang
    return page(
        request,
        "standings/adjustments.html",
        nav="board",
        edition=edition,
        round=this,
        result=result,
        adjustments=found,
        in_words=teller(kind, lang, none="–"),
        has_truth=kind != "none",
    )


ROUTES = [see_ruling, decide, drop, propose_lift, adjustment_list]
