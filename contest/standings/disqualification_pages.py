"""Taking an entry out of a round: whose it is, and the proposal."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from contest.editions.queries import round_by_slugs
from contest.errors import Conflict, Invalid
from contest.infra.chance import grouped, ungrouped
from contest.people import faults
from contest.people import queries as people
from contest.people.faults import FieldFault, told
from contest.rulings import commands as rulings
from contest.rulings import queries as ruling_queries
from contest.standings import proposals, queries
from contest.standings.question_pages import WORDS
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

_NO_ENTRY = "Không có bài dự thi nào mang mã này trong kỳ thi. Hãy so lại từng chữ với bảng."


@get(
    "/dieu-hanh/vong/{edition_slug:str}/{slug:str}/loai", opt={"action": "standings.propose_ruling"}
)
@in_thread
def disqualification_form(
    request: AnyRequest,
    edition_slug: FromPath[str],
    slug: FromPath[str],
    ma: FromQuery[str] = "",
) -> Response[Any]:
    """Whose entry a code names, and the form to take it out of the round."""
    return _disqualification_page(request, edition_slug, slug, ma[:40].strip())


def _disqualification_page(
    request: AnyRequest,
    edition_slug: str,
    slug: str,
    typed: str,
    *,
    reason: str = "",
    found: Sequence[FieldFault] = (),
) -> Response[Any]:
    with site_of(request).database.read() as tx:
        edition, this = round_by_slugs(tx, edition_slug, slug)
        result = queries.publication(tx, this.id)
        entry = ruling_queries.entry(tx, this.id, ungrouped(typed)) if typed else None
        person = standing = is_out = None
        if entry is not None:
            person = people.person_line(tx, entry.account_ref)
            standing = queries.own_standing(tx, result, entry.entrant_id) if result else None
            is_out = ruling_queries.disqualification(tx, this.id, entry.entrant_id)
    if typed and entry is None:
        found = [FieldFault("ma", _NO_ENTRY), *(each for each in found if each.field != "ma")]
    return page(
        request,
        "standings/rulings/disqualify.html",
        nav="desk",
        status=422 if found else 200,
        edition=edition,
        round=this,
        result=result,
        typed=typed,
        entry=entry,
        entry_code=grouped(entry.entry_code) if entry else "",
        person=person,
        standing=standing,
        is_out=is_out,
        reason=reason,
        faults=told(request, found) if found else faults.NONE,
    )


@post(
    "/dieu-hanh/vong/{edition_slug:str}/{slug:str}/loai", opt={"action": "standings.propose_ruling"}
)
@in_thread
def propose_disqualification(
    request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str]
) -> Response[Any]:
    """Proposes to take an entry out; nothing changes by it but that its effect is computed."""
    site, form, now = site_of(request), form_of(request), context_of(request).received_at
    typed, reason = form.text("ma", limit=40), form.text("reason", limit=2000)
    with site.database.read() as tx:
        _edition, this = round_by_slugs(tx, edition_slug, slug)
        entry = ruling_queries.entry(tx, this.id, ungrouped(typed))
        by = people.ref_of(tx, account_id_of(request))
    if entry is None:
        found = [FieldFault("ma", _NO_ENTRY)]
        return _disqualification_page(
            request, edition_slug, slug, typed, reason=reason, found=found
        )
    try:
        made = site.database.write(
            proposals.propose,
            proposal=rulings.propose_disqualification,
            facts={"round_id": this.id, "entrant_id": entry.entrant_id, "reason": reason},
            by=by,
            chance=site.chance,
            now=now,
        )
    except Invalid as fault:
        found = [FieldFault("reason", WORDS[fault.code])]
        return _disqualification_page(
            request, edition_slug, slug, typed, reason=reason, found=found
        )
    except Conflict:
        # The page says by which decision, and leads there.
        return redirect(f"/dieu-hanh/vong/{edition_slug}/{slug}/loai?ma={entry.entry_code}")
    return redirect(f"/dieu-hanh/quyet-dinh/{made.code}")


ROUTES = [disqualification_form, propose_disqualification]
