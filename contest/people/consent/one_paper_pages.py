"""What the page of one person's papers does, at the desk and in a class: record, add, take back."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import msgspec
from litestar import Response

from contest.errors import Conflict, Invalid
from contest.people import faults
from contest.people import queries as people
from contest.people.consent import WORDING_VERSION, paper_queries, papers
from contest.people.consent.overview import overview
from contest.people.consent.paper_forms import (
    REFUSALS,
    Common,
    PaperForm,
    common_faults,
    day_of,
    paper_facts,
    paper_faults,
    read_paper,
    refusal_fault,
    scan_faults,
    scan_of,
)
from contest.people.consent.scan_files import drop_scan, keep_scan
from contest.people.faults import FieldFault, told
from contest.people.tokens import new_form_key
from contest.units.pages import today
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import redirect

_NO_SCAN = "Hãy chọn ảnh chụp của phiếu."
_NO_REASON = "Hãy chọn vì sao ghi nhầm."


class Of(msgspec.Struct, frozen=True, kw_only=True):
    """
    Whose papers. `address`: of the page, to which a query may be added. `at_desk`: the organiser
    writes, who may also take back what others recorded. `not_before`: the class's first day.
    """

    account_id: int
    full_name: str
    birth_date: date
    address: str
    at_desk: bool = False
    not_before: date | None = None


# Shows the page again with what was typed and what is wrong with it.
ShowAgain = Callable[[PaperForm | None, Sequence[FieldFault]], Response[Any]]


def papers_of_person(
    request: AnyRequest, of: Of, typed: PaperForm | None, found: Sequence[FieldFault]
) -> dict[str, Any]:
    """What both pages show: states, recorded papers, the form for one more."""
    with site_of(request).database.read() as tx:
        own = overview(tx, of.account_id, of.birth_date, on=today(request))
        recorded = paper_queries.papers_of(tx, of.account_id)
        by = people.ref_of(tx, account_id_of(request))
    if typed is None:
        last = own.representatives[-1] if own.representatives else None
        typed = PaperForm(
            common=Common(form_key=new_form_key(site_of(request).chance)),
            full_name=last.full_name if last else "",
            relation=last.relation if last else "",
        )
    return {
        "own": own,
        "papers": recorded,
        "by": by,
        "typed": typed,
        "wording": WORDING_VERSION,
        "faults": told(request, found) if found else faults.NONE,
    }


def change_papers(request: AnyRequest, of: Of, show_again: ShowAgain) -> Response[Any]:
    """By `viec`: a scan for a paper (anh), a record taken back (thu-hoi), else a new paper."""
    viec = form_of(request).text("viec", limit=20)
    if viec == "anh":
        return _add_scan(request, of, show_again)
    if viec == "thu-hoi":
        return _revoke(request, of, show_again)
    return _record(request, of, show_again)


def _record(request: AnyRequest, of: Of, show_again: ShowAgain) -> Response[Any]:
    site, form, day = site_of(request), form_of(request), today(request)
    typed, upload = read_paper(form), scan_of(form)
    found = [
        *common_faults(
            typed.common, day, not_before=of.not_before, has_scan=upload is not None, may_scan=True
        ),
        *paper_faults(typed, of.full_name, of.birth_date, day, at_desk=of.at_desk),
        *scan_faults(upload),
    ]
    signed_on = day_of(typed.common)
    if found or signed_on is None:
        return show_again(typed, found)
    with site.database.read() as tx:
        by = people.ref_of(tx, account_id_of(request))
    key = keep_scan(site, upload)
    try:
        made = site.database.write(
            papers.record_paper,
            account_id=of.account_id,
            signed_on=signed_on,
            place="desk" if of.at_desk else "school",
            scan_key=key,
            by=by,
            chance=site.chance,
            now=context_of(request).received_at,
            **paper_facts(typed, of.birth_date, day),
        )
    except (Conflict, Invalid) as refusal:
        drop_scan(site, key)
        if refusal.code not in REFUSALS:
            raise
        return show_again(typed, [refusal_fault(refusal.code)])
    if not made.is_new:
        drop_scan(site, key)
    return redirect(f"{of.address}xong=ghi")


def _add_scan(request: AnyRequest, of: Of, show_again: ShowAgain) -> Response[Any]:
    site, form = site_of(request), form_of(request)
    upload = scan_of(form)
    with site.database.read() as tx:
        paper_ref = paper_queries.paper_of(tx, form.text("paper", limit=16), of.account_id)
        by = people.ref_of(tx, account_id_of(request))
    # Under the paper it was meant for: there are several forms with a file on the page.
    at_paper = f"scan.{paper_ref}"
    if upload is None:
        return show_again(None, [FieldFault(at_paper, _NO_SCAN)])
    found = scan_faults(upload)
    if found:
        return show_again(None, [FieldFault(at_paper, each.text) for each in found])
    key = keep_scan(site, upload)
    try:
        replaced = site.database.write(
            papers.add_scan,
            paper_ref=paper_ref,
            scan_key=key,
            only_by=None if of.at_desk else by,
            by=by,
            now=context_of(request).received_at,
        )
    except BaseException:
        drop_scan(site, key)
        raise
    drop_scan(site, replaced)
    return redirect(f"{of.address}xong=anh")


def _revoke(request: AnyRequest, of: Of, show_again: ShowAgain) -> Response[Any]:
    site, form = site_of(request), form_of(request)
    reason = form.text("reason", limit=20)
    with site.database.read() as tx:
        paper_ref = paper_queries.paper_of(tx, form.text("paper", limit=16), of.account_id)
        by = people.ref_of(tx, account_id_of(request))
    if reason not in papers.REASONS:
        return show_again(None, [FieldFault(f"reason.{paper_ref}", _NO_REASON)])
    site.database.write(
        papers.revoke_paper,
        paper_ref=paper_ref,
        reason=reason,
        only_by=None if of.at_desk else by,
        by=by,
        now=context_of(request).received_at,
    )
    return redirect(f"{of.address}xong=thu-hoi")
