"""Cards and consent forms of a class as papers: what stands on them. The looks: templates/print."""

import html
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import segno

from contest.infra.printer import Printer
from contest.people.classes.card_commands import PrintedCard
from contest.people.classes.cards import shown_letters
from contest.people.classes.queries import ClassView, PupilView
from contest.people.consent import PURPOSES, WORDING_VERSION
from contest.people.consent.machine import band
from contest.people.names import public_name
from contest.web.site import EditionInShell, Site

# A page of a form takes half a megabyte while it is made. A class is never so big; a whole school
# that somebody brought in as one comes in several files.
MOST_IN_A_FILE = 200
_NAME = "%NAME%"


def cards_pdf(
    printer: Printer,
    site: Site,
    this: ClassView,
    cards: Sequence[PrintedCard],
    *,
    made_at: datetime,
) -> bytes:
    """Eight cards a page. Of a child they say the name, the class and the school."""
    address = urlsplit(site.settings.public_url)
    data = {
        "contest": _contest(site.edition_in_shell()),
        "typed_at": f"{address.netloc}{address.path}/the",
        "cards": [
            {
                "name": each.full_name,
                "class": this.name,
                "school": this.school,
                "code": each.card.class_code,
                "letters": shown_letters(each.card.letters),
                "qr": qr_svg(site.settings.public_url + each.card.path),
            }
            for each in cards
        ],
    }
    return printer.pdf("cards.typ", data, made_at=made_at)


def qr_svg(address: str) -> str:
    """A QR code as SVG; a part of it may be dirty or torn (level M: 15 %)."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()


def consent_forms_pdf(
    printer: Printer,
    site: Site,
    this: ClassView,
    pupils: Sequence[PupilView],
    *,
    on: date,
    made_at: datetime,
) -> bytes:
    """One page a pupil. Who signs follows from the age on the day `on`."""
    edition = site.edition_in_shell()
    words = purpose_words(site)
    data = {
        "contest": _contest(edition),
        "organiser": (edition.organiser.get("vi", "") if edition else "") or "Ban tổ chức",
        "contact": ", ".join(filter(None, (edition.email, edition.phone))) if edition else "",
        "site": urlsplit(site.settings.public_url).netloc,
        "wording": _day(date.fromisoformat(WORDING_VERSION)),
        "forms": [
            {
                "name": each.full_name,
                "class": this.name,
                "school": this.school,
                "signs": band(each.birth_date, on),
                "purposes": [_named(purpose, public_name(each.full_name)) for purpose in words],
            }
            for each in pupils
        ],
    }
    return printer.pdf("consent_form.typ", data, made_at=made_at)


def purpose_words(site: Site) -> list[dict[str, str]]:
    """
    The purposes in the very words of the site's pages (templates/people/consent/words.html), so
    that a paper's wording version is true. "%NAME%" stands where the child's short name belongs.
    """
    values = {"purposes": PURPOSES, "name": _NAME}
    text = site.templates.text("vi", "people/consent/on_paper.json", values)
    found: list[dict[str, str]] = json.loads(text)
    # The pages' words come as HTML.
    return [{key: html.unescape(each[key]) for key in each} for each in found]


def _named(words: Mapping[str, str], name: str) -> dict[str, Any]:
    return {key: text.replace(_NAME, name) for key, text in words.items()}


def _contest(edition: EditionInShell | None) -> str:
    return edition.title["vi"] if edition else "Tuần lễ học tập suốt đời"


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
