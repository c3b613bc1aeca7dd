"""An officer's page: how the unit and what is under it take part in an edition. No names."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery

from contest.access import Actor, Role, Scope, may
from contest.editions.queries import EditionView, RoundView, current_edition, editions
from contest.errors import NotFound
from contest.front.unit_counting import UnitCounts, first_day
from contest.front.unit_figures import Counts, Line, Minors, Table
from contest.front.unit_reports import Report, Subject, is_under, report, subject_of
from contest.infra.database import Tx
from contest.rules.ages import FEWEST_MINORS
from contest.standings import queries as standings
from contest.standings.published_files import safe_cell
from contest.units import queries as units
from contest.units import tree as unit_tree
from contest.units.queries import SchoolLine
from contest.units.tree import DatedUnit, Tree
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.templating import page, redirect, say, words
from contest.web.threads import in_thread

_APART = {
    "typed-ward": "Nơi ở khác (tự ghi)",
    "no-ward": "Chưa ghi nơi ở",
    "other-day": "Phường, xã của thời gian khác",
    "school-here": "Học trường của phường, xã này",
    "school-elsewhere": "Học trường ở nơi khác hoặc trường thuộc Sở",
    "typed-school": "Trường khác (tự ghi)",
    "no-school": "Không ghi trường",
    "home-here": "Ở cùng phường, xã với trường",
    "home-elsewhere": "Ở phường, xã khác",
}
_TOTAL = "Tổng cộng"
_TOTAL_SCHOOLS = "Cộng các trường"
_FEW = "dưới %(count)d"
_AT_LEAST = "ít nhất %(count)d"
_WITHHELD = "không nêu"
_NO_ROLL = "chưa có sĩ số"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a page is about: an edition, its units on its first day, and whose figures they are."""

    edition: EditionView
    day: date
    tree: Tree
    schools: list[SchoolLine]
    subject: Subject
    own: list[Subject]


@get("/don-vi-toi", opt={"action": "front.unit_figures"})
@in_thread
def own_units(request: AnyRequest, ky: FromQuery[str] = "") -> Response[Any]:
    """Straight to the unit where one has one only; the organiser's is the city."""
    with site_of(request).database.read() as tx:
        every, edition = _editions(tx, request, ky)
        own: list[Subject] = []
        if edition is not None:
            tree, schools = _units(tx, first_day(edition))
            own = _own(tx, request, tree, schools)
    query = f"?ky={edition.slug}" if edition and ky else ""
    if len(own) == 1:
        return redirect(f"/don-vi-toi/{own[0].id}{query}")
    return page(request, "front/own_units.html", nav="unit", own=own, edition=edition, every=every)


@get("/don-vi-toi/{unit_id:str}", opt={"action": "front.unit_figures"})
@in_thread
def unit_figures_page(
    request: AnyRequest, unit_id: FromPath[str], ky: FromQuery[str] = "", dang: FromQuery[str] = ""
) -> Response[Any]:
    """`ky`: the edition's slug, else the one that is on; `dang=csv`: the same as a file."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        every, edition = _editions(tx, request, ky)
        if edition is None:
            raise NotFound("no-edition")
        seen = _seen(tx, request, edition, unit_id)
        rounds = [each for each in edition.rounds if each.state(now) != "scheduled"]
        counts = _counts(tx, request, edition)
    told = report(seen.subject, counts, seen.tree, seen.schools)
    published = [each for each in rounds if each.id in counts.placed]
    if dang == "csv":
        return _file(request, seen, told, rounds, published)
    return page(
        request,
        "front/unit_figures.html",
        nav="unit",
        seen=seen,
        subject=seen.subject,
        edition=edition,
        every=every,
        report=told,
        rounds=rounds,
        published=published,
        counted_at=_counted(request).as_of(edition),
        is_chosen=bool(ky),
        apart={key: say(request, text) for key, text in _APART.items()},
        minors_told=lambda minors: _minors_told(request, minors),
        fewest=FEWEST_MINORS,
    )


def _editions(
    tx: Tx, request: AnyRequest, slug: str
) -> tuple[list[EditionView], EditionView | None]:
    every = editions(tx)
    if not slug:
        return every, current_edition(tx, context_of(request).received_at)
    found = next((each for each in every if each.slug == slug), None)
    if found is None:
        raise NotFound("no-edition")
    return every, found


def _units(tx: Tx, day: date) -> tuple[Tree, list[SchoolLine]]:
    return unit_tree.tree_on(tx, day), units.schools(tx)


def _own(tx: Tx, request: AnyRequest, tree: Tree, schools: Sequence[SchoolLine]) -> list[Subject]:
    """Where the person's figures begin: the city for an organiser, else the units of the roles."""
    actor = context_of(request).actor
    if _sees_all(actor):
        city = subject_of(tree.city, None, tree)
        return [city] if city else []
    refs = [
        grant.scope_ref
        for grant in actor.grants
        if grant.role is Role.UNIT_OFFICER and grant.scope is Scope.UNIT and grant.scope_ref
    ]
    known = unit_tree.dated_units(tx, refs)
    found = [_subject(ref, known, schools, tree) for ref in dict.fromkeys(refs)]
    return [each for each in found if each is not None]


def _sees_all(actor: Actor) -> bool:
    return may(actor, "front.unit_figures") not in (None, Scope.UNIT)


def _subject(
    ref: str, known: dict[str, DatedUnit], schools: Sequence[SchoolLine], tree: Tree
) -> Subject | None:
    school = next((each for each in schools if each.id == ref), None)
    return subject_of(known.get(ref), school, tree)


def _seen(tx: Tx, request: AnyRequest, edition: EditionView, unit_id: str) -> Seen:
    """Raises NotFound("no-unit-of-yours"), also for what is not there: who asks learns nothing."""
    day = first_day(edition)
    tree, schools = _units(tx, day)
    own = _own(tx, request, tree, schools)
    asked = _subject(unit_id, unit_tree.dated_units(tx, [unit_id[:40]]), schools, tree)
    sees_all = _sees_all(context_of(request).actor)
    if asked is None or not (sees_all or any(is_under(asked, root) for root in own)):
        raise NotFound("no-unit-of-yours")
    return Seen(edition=edition, day=day, tree=tree, schools=schools, subject=asked, own=own)


def _counts(tx: Tx, request: AnyRequest, edition: EditionView) -> Counts:
    counted = _counted(request)
    official = standings.publications(tx, [each.id for each in edition.rounds])
    return Counts(
        entered=counted.entered(tx, edition),
        took_part=counted.took_part(tx, edition),
        placed={
            round_id: counted.placed(tx, result, edition) for round_id, result in official.items()
        },
    )


def _counted(request: AnyRequest) -> UnitCounts:
    found: UnitCounts = request.app.state.unit_counts
    return found


def _minors_told(request: AnyRequest, minors: Minors) -> str:
    """The number, or so much of it as points at no child."""
    if minors.is_told:
        return str(minors.count)
    if not minors.is_sum:
        return say(request, _FEW, count=FEWEST_MINORS)
    return (
        say(request, _AT_LEAST, count=minors.at_least)
        if minors.at_least
        else say(request, _WITHHELD)
    )


def _file(
    request: AnyRequest,
    seen: Seen,
    told: Report,
    rounds: Sequence[RoundView],
    published: Sequence[RoundView],
) -> Response[bytes]:
    """The tables of the page for a spreadsheet, one below the other."""
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\r\n").writerow
    lang = context_of(request).lang
    write([safe_cell(seen.subject.name), safe_cell(words(seen.edition.title, lang))])
    for heading, table, total in (
        (say(request, "Đơn vị"), told.parts, _TOTAL),
        (say(request, "Trường"), told.schools, _TOTAL_SCHOOLS),
    ):
        if table is None:
            continue
        titles = {each.id: words(each.title, lang).split(":")[0] for each in rounds}
        columns = [heading, say(request, "Đã dự thi"), say(request, "Dưới 18 tuổi")]
        columns += [say(request, "%(round)s: đã nộp", round=titles[each.id]) for each in rounds]
        columns += [say(request, "Sĩ số"), say(request, "Tỷ lệ dự thi (phần trăm)")]
        for each in published:
            columns += [
                say(request, "%(round)s: hợp lệ", round=titles[each.id]),
                say(request, "%(round)s: số giải", round=titles[each.id]),
            ]
        write([])
        write([safe_cell(each) for each in columns])
        for line in [*table.lines, table.total]:
            name = _name(request, line, table, total)
            write([safe_cell(each) for each in _cells(request, line, name, rounds, published)])
    return Response(
        # With a mark at its start Excel reads the Vietnamese letters as what they are.
        b"\xef\xbb\xbf" + text.getvalue().encode(),
        media_type="text/csv",
        headers={
            "content-disposition": f'attachment; filename="{_file_name(seen)}"',
            "cache-control": "private, no-store",
        },
    )


def _name(request: AnyRequest, line: Line, table: Table, total: str) -> str:
    if line is table.total:
        return say(request, total)
    return say(request, _APART[line.part.key]) if line.part.kind == "apart" else line.part.name


def _cells(
    request: AnyRequest,
    line: Line,
    name: str,
    rounds: Sequence[RoundView],
    published: Sequence[RoundView],
) -> list[Any]:
    cells: list[Any] = [name, line.people]
    cells.append(_minors_told(request, line.minors) if line.minors else "")
    cells += [line.submitted.get(each.id, 0) for each in rounds]
    is_school = line.part.kind == "school" and line.part.key != "schools"
    cells.append(line.part.size or (say(request, _NO_ROLL) if is_school else ""))
    cells.append("" if line.share_percent is None else line.share_percent)
    for each in published:
        result = line.results[each.id]
        cells += [result.valid, result.prizes]
    return cells


def _file_name(seen: Seen) -> str:
    return f"{seen.edition.slug}-{seen.subject.id.replace('@', '-')}.csv"


ROUTES = [own_units, unit_figures_page]
