"""Jinja2 pages with words in the reader's language, and the shell every page stands in."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from litestar import Response
from litestar.enums import MediaType

from contest.access import may
from contest.infra.clock import to_ms
from contest.web import csrf, i18n
from contest.web.assets import Assets
from contest.web.context import AnyRequest, context_of

_FILTERS: dict[str, Callable[..., str]] = {
    "number": i18n.number,
    "score": i18n.score,
    "duration": i18n.duration,
    "clock_time": i18n.clock_time,
    "day": i18n.day,
    "moment": i18n.moment,
}


class Templates:
    """One Jinja environment a language: a filter then knows its language without being told."""

    def __init__(self, folder: Path, locale: Path, assets: Assets) -> None:
        self._translations = i18n.load_translations(locale)
        self._environments: dict[str, jinja2.Environment] = {}
        for lang, translations in self._translations.items():
            environment = jinja2.Environment(
                loader=jinja2.FileSystemLoader(folder),
                autoescape=True,
                undefined=jinja2.StrictUndefined,
                extensions=["jinja2.ext.i18n"],
                trim_blocks=True,
                lstrip_blocks=True,
                auto_reload=False,
                cache_size=-1,
            )
            environment.install_gettext_translations(  # type: ignore[attr-defined]
                translations, newstyle=True
            )
            for name, function in _FILTERS.items():
                environment.filters[name] = partial(function, lang=lang)
            environment.filters["words"] = partial(words, lang=lang)
            environment.filters["ms"] = to_ms
            environment.globals.update(lang=lang, static=assets.url)
            self._environments[lang] = environment

    def text(self, lang: str, name: str, values: Mapping[str, Any]) -> str:
        return self._environments[lang].get_template(name).render(values)

    def translate(self, lang: str, message: str, **facts: object) -> str:
        found = self._translations[lang].gettext(message)
        return found % facts if facts else found


def words(both: Mapping[str, str], lang: str) -> str:
    """The reader's language of a text kept in both."""
    return both[lang] or both["vi"]


class _FormToken:
    """A CSRF token made when a template first prints it: a page without a form sets no cookie."""

    def __init__(self, request: AnyRequest) -> None:
        self._request = request
        self._token = ""

    def __str__(self) -> str:
        self._token = self._token or csrf_token(self._request)
        return self._token


class Shell(msgspec.Struct, frozen=True, kw_only=True):
    """What the shell around every page shows."""

    edition_title: str | None
    edition_slug: str | None
    signed_in: bool
    person_name: str
    is_staff: bool
    is_organiser: bool
    demo: bool
    nav: str
    csrf_token: "_FormToken"
    path: str
    request_id: str


def page(
    request: AnyRequest, template: str, *, nav: str = "", status: int = 200, **values: Any
) -> Response[str]:
    """Renders a whole page in the reader's language."""
    site = request.app.state.site
    context = context_of(request)
    edition = site.edition_in_shell()
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    shell = Shell(
        edition_title=words(edition.title, context.lang) if edition else None,
        edition_slug=edition.slug if edition else None,
        signed_in=context.actor.is_signed_in,
        person_name=context.actor.name,
        is_staff=may(context.actor, "front.desk") is not None,
        is_organiser=may(context.actor, "front.desk") is not None,
        demo=site.settings.demo,
        nav=nav,
        csrf_token=_FormToken(request),
        path=address,
        request_id=context.request_id,
    )
    text = site.templates.text(
        context.lang,
        template,
        {"shell": shell, "now": context.received_at, "status": status, **values},
    )
    return Response(
        text,
        status_code=status,
        media_type=MediaType.HTML,
        headers={"cache-control": "private, no-cache", "vary": "Cookie"},
    )


def part(request: AnyRequest, template: str, *, status: int = 200, **values: Any) -> Response[str]:
    """Renders a piece that is swapped into a page."""
    context = context_of(request)
    text = request.app.state.site.templates.text(
        context.lang, template, {"status": status, **values}
    )
    return Response(
        text,
        status_code=status,
        media_type=MediaType.HTML,
        headers={"cache-control": "no-store"},
    )


def csrf_token(request: AnyRequest) -> str:
    """The token for this page's forms; a visitor then also gets the cookie it is bound to."""
    context = context_of(request)
    secret_key = request.app.state.site.settings.secret_key
    if context.session is not None:
        return csrf.token_for(secret_key, context.session.id)
    context.needs_visitor_cookie = True
    return csrf.token_for(secret_key, context.visitor_token)


def say(request: AnyRequest, message: str, **facts: object) -> str:
    """A sentence in the reader's language; `message` is the Vietnamese text."""
    site = request.app.state.site
    found: str = site.templates.translate(context_of(request).lang, message, **facts)
    return found


def redirect(to: str, *, status: int = 303) -> Response[None]:
    """See other: a repeated reload does not send the form again. `to` is a path of ours."""
    return Response(None, status_code=status, headers={"location": to, "cache-control": "no-store"})


def safe_path(text: str, default: str = "/") -> str:
    """A path on this site out of what a link carried, else the default: no open redirect."""
    if not text.startswith("/") or text.startswith(("//", "/\\")) or "\\" in text:
        return default
    if any(ord(letter) < 33 for letter in text):
        return default
    return text
