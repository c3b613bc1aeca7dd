"""A person at the organiser's desk: who it is, their entries, and what one can do for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from contest.editions import extra_time
from contest.editions.extra_time import NEED_AT_LEAST, NEED_AT_MOST, PERCENTS, ExtraTimeView
from contest.editions.queries import EditionView, RoundView, current_edition, editions, entrant
from contest.errors import NotFound
from contest.infra.chance import grouped
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.people import commands, faults, queries, shown_once
from contest.people.consent import NAME_ON_BOARDS
from contest.people.consent import queries as consents
from contest.people.faults import FieldFault, told
from contest.people.queries import PersonLine
from contest.people.recovery.commands import DESK_CODE_LIFETIME, reset_sign_in
from contest.quiz import queries as quiz
from contest.quiz.queries import OwnAttempt
from contest.rulings import queries as rulings
from contest.standings import queries as standings
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread

_NOT_CHECKED = "Hãy xác nhận rằng bạn đã kiểm tra đúng người."
_NO_PERCENT = "Hãy chọn thêm bao nhiêu giờ."
_NO_NEED = "Hãy ghi lý do bằng %(least)d đến %(most)d ký tự."


class PersonRound(msgspec.Struct, frozen=True, kw_only=True):
    """
    A round in which a person has attempts. `state` is the round's, "official" once published.

    `why_address`: where their published place is explained, "" without one; `ruling`: the code of
    the decision that took them out, "" without one.
    """

    round: RoundView
    state: str
    attempts: list[OwnAttempt]
    why_address: str
    ruling: str
    discard_address: str


class PersonEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A person in an edition, with the rounds they took part in."""

    edition: EditionView
    entry_code: str
    rounds: list[PersonRound]


class PublicName(msgspec.Struct, frozen=True, kw_only=True):
    """What the public sees of a person: `shown`, or the entry's code because of `why`.

    `why`: "hidden" by the organiser, else the state of the consent (consent/machine.py); "" when
    the name is shown.
    """

    shown: str
    why: str
    is_hidden: bool


class Typed(msgspec.Struct, frozen=True):
    """The form for extra time as it was sent."""

    percent: str = ""
    need: str = ""


@get("/dieu-hanh/nguoi/{ref:str}", opt={"action": "people.reset_sign_in"})
@in_thread
def person_page(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    """All of the person's page; the one-time code right after it was made."""
    return _person_page(request, ref)


def _person_page(
    request: AnyRequest, ref: str, found: Sequence[FieldFault] = (), typed: Typed | None = None
) -> Response[Any]:
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        person = queries.person_line(tx, ref)
        entries = _entries(tx, person.account_id, now)
        name = _public_name(tx, person, now)
        edition = current_edition(tx, now)
        held = extra_time.extra_time(tx, edition.id, person.account_id) if edition else None
    kept = shown_once.read(request, shown_once.DESK)
    code = grouped(kept.code) if kept and kept.subject == person.ref else None
    return page(
        request,
        "people/person.html",
        nav="desk",
        status=422 if found else 200,
        person=person,
        entries=entries,
        name=name,
        edition=edition,
        held=held,
        percents=PERCENTS,
        typed=typed or _as_held(held),
        need_at_most=NEED_AT_MOST,
        one_time_code=code,
        recovery_address=f"{site_of(request).settings.public_url}/khoi-phuc",
        hours=int(DESK_CODE_LIFETIME.total_seconds() // 3600),
        faults=told(request, found) if found else faults.NONE,
    )


def _as_held(held: ExtraTimeView | None) -> Typed:
    return Typed(str(held.percent), held.need) if held else Typed()


def _public_name(tx: Tx, person: PersonLine, now: datetime) -> PublicName:
    today = now.astimezone(HANOI).date()
    shown = queries.shown_names(tx, [person.account_id], on=today).get(person.account_id, "")
    is_hidden = queries.account(tx, person.account_id).name_hidden
    why = ""
    if not shown:
        states = consents.states(tx, person.account_id, person.birth_date, on=today)
        why = "hidden" if is_hidden else states[NAME_ON_BOARDS].value
    return PublicName(shown=shown, why=why, is_hidden=is_hidden)


def _entries(tx: Tx, account_id: int, now: datetime) -> list[PersonEntry]:
    """The person's entries, the newest edition first; nothing of scores before publishing."""
    found = []
    for edition in editions(tx):
        this = entrant(tx, edition.id, account_id)
        if this is None:
            continue
        ids = [each.id for each in edition.rounds]
        attempts = quiz.own_attempts(tx, account_id, ids)
        taken = {each.round_id for each in attempts}
        official = standings.publications(tx, taken)
        rounds = []
        for each in edition.rounds:
            if each.id not in taken:
                continue
            result = official.get(each.id)
            out = rulings.disqualification(tx, each.id, this.id)
            stands = result is not None and standings.own_standing(tx, result, this.id)
            board = f"/xep-hang/{edition.slug}/{each.slug}"
            desk = f"/dieu-hanh/vong/{edition.slug}/{each.slug}"
            rounds.append(
                PersonRound(
                    round=each,
                    state="official" if result else each.state(now),
                    attempts=[one for one in attempts if one.round_id == each.id],
                    why_address=f"{board}/vi-sao/{this.entry_code}" if stands else "",
                    ruling=out.code if out else "",
                    discard_address=f"{desk}/loai?ma={this.entry_code}",
                )
            )
        found.append(PersonEntry(edition=edition, entry_code=this.entry_code, rounds=rounds))
    return found


@post("/dieu-hanh/nguoi/{ref:str}/dat-lai", opt={"action": "people.reset_sign_in"})
@in_thread
def reset_persons_sign_in(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    """Makes the one-time code for the person in front of the desk."""
    site, context = site_of(request), context_of(request)
    with site.database.read() as tx:
        person = queries.person_line(tx, ref)
        by_ref = queries.ref_of(tx, account_id_of(request))
    if not form_of(request).ticked("checked"):
        return _person_page(request, ref, [FieldFault("checked", _NOT_CHECKED)])
    made = site.database.write(
        reset_sign_in,
        account_id=person.account_id,
        by=context.actor,
        by_ref=by_ref,
        chance=site.chance,
        now=context.received_at,
    )
    assert context.session is not None
    shown_once.keep(request, shown_once.DESK, ref, made.code, session_id=context.session.id)
    return redirect(f"/dieu-hanh/nguoi/{ref}")


@post("/dieu-hanh/nguoi/{ref:str}/an-ten", opt={"action": "people.hide_name"})
@in_thread
def hide_persons_name(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    """Takes the name off every public page at once (`hidden` is ticked), or lets it be shown."""
    site = site_of(request)
    with site.database.read() as tx:
        account_id = queries.account_id_by_ref(tx, ref)
        by = queries.ref_of(tx, account_id_of(request))
    site.database.write(
        commands.hide_name,
        account_id=account_id,
        hidden=form_of(request).ticked("hidden"),
        by=by,
        now=context_of(request).received_at,
    )
    return redirect(f"/dieu-hanh/nguoi/{ref}#ten")


@post("/dieu-hanh/nguoi/{ref:str}/them-gio", opt={"action": "editions.grant_extra_time"})
@in_thread
def change_extra_time(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    """Grants more time in the edition that is on, or ends it (`end` is pressed)."""
    site, form = site_of(request), form_of(request)
    now = context_of(request).received_at
    with site.database.read() as tx:
        account_id = queries.account_id_by_ref(tx, ref)
        by = queries.ref_of(tx, account_id_of(request))
        edition = current_edition(tx, now)
    if edition is None:
        raise NotFound("no-edition")
    if form.ticked("end"):
        site.database.write(
            extra_time.end_extra_time,
            edition_id=edition.id,
            account_id=account_id,
            by=by,
            now=now,
        )
        return redirect(f"/dieu-hanh/nguoi/{ref}#them-gio")
    # Longer than may be kept: a text that is too long is told, not cut.
    typed = Typed(form.text("percent"), form.text("need", limit=4 * NEED_AT_MOST))
    found = _faults(typed)
    if found:
        return _person_page(request, ref, found, typed)
    site.database.write(
        extra_time.grant_extra_time,
        edition_id=edition.id,
        account_id=account_id,
        percent=int(typed.percent),
        need=typed.need,
        by=by,
        now=now,
    )
    return redirect(f"/dieu-hanh/nguoi/{ref}#them-gio")


def _faults(typed: Typed) -> list[FieldFault]:
    found = []
    if typed.percent not in {str(each) for each in PERCENTS}:
        found.append(FieldFault("percent", _NO_PERCENT))
    if not NEED_AT_LEAST <= len(" ".join(typed.need.split())) <= NEED_AT_MOST:
        facts: dict[str, object] = {"least": NEED_AT_LEAST, "most": NEED_AT_MOST}
        found.append(FieldFault("need", _NO_NEED, facts))
    return found


ROUTES = [person_page, reset_persons_sign_in, hide_persons_name, change_extra_time]
