"""A teacher prints the class's cards and consent forms, and gives a pupil another card."""

import re
from typing import Any, NamedTuple

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from contest.infra.database import Tx
from contest.people import queries
from contest.people.asking import ask
from contest.people.classes import card_commands, printing
from contest.people.classes import queries as classes
from contest.people.classes.queries import ClassView, PupilView
from contest.people.sign_in.entering import sessions_of
from contest.units.pages import today
from contest.units.sorting import search_key
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect
from contest.web.threads import in_thread


@get("/lop/{ref:str}/the.pdf", opt={"action": "people.print_cards", "uncompressed": True})
async def cards_file(
    request: AnyRequest, ref: FromPath[str], hs: FromQuery[str] = "", tu: FromQuery[str] = ""
) -> Response[Any]:
    """
    The cards of the class, or of the one pupil `hs` (an account's ref). Of a class that fills
    several files, those from the pupil at place `tu` (from 1) on.
    """
    site, now = site_of(request), context_of(request).received_at
    asked = await ask(site.database, _asked, request, ref, hs, tu)
    if not asked.pupils:
        return redirect(f"/lop/{ref}")
    cards = await site.database.write_async(
        card_commands.print_cards,
        class_id=asked.this.id,
        pupils=[each.ref for each in asked.pupils],
        secret_key=site.settings.secret_key,
        by=asked.by,
        now=now,
    )
    made = await site.printer.in_turn(printing.cards_pdf, site, asked.this, cards, made_at=now)
    return _file(made, f"the-{_plain(asked.this.name)}")


@get(
    "/lop/{ref:str}/phieu-dong-y.pdf", opt={"action": "people.class_consents", "uncompressed": True}
)
async def consent_forms_file(
    request: AnyRequest, ref: FromPath[str], hs: FromQuery[str] = "", tu: FromQuery[str] = ""
) -> Response[Any]:
    """Consent forms to sign on paper, one page a pupil; `hs`, `tu`: as with the cards."""
    site, now = site_of(request), context_of(request).received_at
    asked = await ask(site.database, _asked, request, ref, hs, tu)
    if not asked.pupils:
        return redirect(f"/lop/{ref}")
    made = await site.printer.in_turn(
        printing.consent_forms_pdf,
        site,
        asked.this,
        asked.pupils,
        on=today(request),
        made_at=now,
    )
    return _file(made, f"phieu-dong-y-{_plain(asked.this.name)}")


class Asked(NamedTuple):
    """What is to be printed, and for whom; no pupils where there is nothing to print."""

    this: ClassView
    pupils: list[PupilView]
    by: str


def _asked(tx: Tx, request: AnyRequest, ref: str, hs: str, tu: str) -> Asked:
    this = classes.class_of(tx, ref, account_id_of(request))
    by = queries.ref_of(tx, account_id_of(request))
    if hs:
        return Asked(this, [classes.pupil_of(tx, this.id, hs)], by)
    first = _first(tu)
    pupils = classes.pupils(tx, this.id)[first : first + printing.MOST_IN_A_FILE]
    return Asked(this, pupils, by)


def _first(tu: str) -> int:
    """The place from 0 of the pupil with which a file begins; `tu` says it from 1."""
    is_number = tu.isascii() and tu.isdigit() and len(tu) <= 6
    return max(0, int(tu) - 1) if is_number else 0


def _file(content: bytes, name: str) -> Response[bytes]:
    """Shown by the browser itself, so that a phone can print it too; kept nowhere on the way."""
    return Response(
        content,
        media_type="application/pdf",
        headers={
            "content-disposition": f'inline; filename="{name}.pdf"',
            "cache-control": "private, no-store",
        },
    )


def _plain(text: str) -> str:
    """Letters and digits that any file system and any header takes: "10 Toán 1" → "10-toan-1"."""
    return "-".join(re.findall("[a-z0-9]+", search_key(text))) or "lop"


@get("/lop/{ref:str}/hoc-sinh/{pupil:str}/the-moi", opt={"action": "people.renew_card"})
@in_thread
def new_card_page(
    request: AnyRequest, ref: FromPath[str], pupil: FromPath[str], xong: FromQuery[str] = ""
) -> Response[Any]:
    """Asks first; with `xong` offers the new card to be printed."""
    this, who = _pupil(request, ref, pupil)
    return _new_card_page(request, this, who, is_done=xong == "1")


def _pupil(request: AnyRequest, ref: str, pupil: str) -> tuple[ClassView, PupilView]:
    with site_of(request).database.read() as tx:
        this = classes.class_of(tx, ref, account_id_of(request))
        return this, classes.pupil_of(tx, this.id, pupil)


def _new_card_page(
    request: AnyRequest, this: ClassView, who: PupilView, *, is_done: bool
) -> Response[Any]:
    return page(
        request,
        "people/classes/new_card.html",
        nav="classes",
        this=this,
        pupil=who,
        is_done=is_done,
    )


@post("/lop/{ref:str}/hoc-sinh/{pupil:str}/the-moi", opt={"action": "people.renew_card"})
@in_thread
def renew_card(request: AnyRequest, ref: FromPath[str], pupil: FromPath[str]) -> Response[Any]:
    """Asks first (without a script too); with `sure` replaces the card whose serial was seen."""
    site, form = site_of(request), form_of(request)
    this, who = _pupil(request, ref, pupil)
    if not form.ticked("sure"):
        return _new_card_page(request, this, who, is_done=False)
    with site.database.read() as tx:
        by = queries.ref_of(tx, account_id_of(request))
    serial = form.text("serial", limit=9)
    done = site.database.write(
        card_commands.renew_card,
        class_id=this.id,
        pupil=pupil,
        seen_serial=int(serial) if serial.isascii() and serial.isdigit() else 0,
        secret_key=site.settings.secret_key,
        by=by,
        now=context_of(request).received_at,
    )
    if done.is_new:
        sessions_of(request).forget_account(done.account_id)
    return redirect(f"/lop/{ref}/hoc-sinh/{pupil}/the-moi?xong=1")


ROUTES = [cards_file, consent_forms_file, new_card_page, renew_card]
