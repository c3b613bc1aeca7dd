"""Jinja2 pages with words in the reader's language, and the shell every page stands in."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from litestar import Response
from litestar.enums import MediaType
from markupsafe import escape

from contest.access import Role, may
from contest.infra.clock import to_ms
from contest.web import csrf, i18n
from contest.web.assets import Assets
from contest.web.context import AnyRequest, context_of

# More than there are states, languages and minutes at one time.
_STENCILS = 256

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
        self._stencils: dict[tuple[str, str, tuple[tuple[str, Any], ...]], Stencil] = {}
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

    def stencil(
        self, lang: str, name: str, holes: tuple[str, ...], values: tuple[tuple[str, Any], ...]
    ) -> "Stencil":
        """A piece rendered once with these `values` and holes; kept for the next time."""
        found = self._stencils.get((lang, name, values))
        if found is None:
            marks = {hole: f"\0{hole}\0" for hole in holes}
            found = Stencil(self.text(lang, name, {**dict(values), **marks}))
            if len(self._stencils) >= _STENCILS:
                self._stencils.clear()
            self._stencils[lang, name, values] = found
        return found

    def translate(self, lang: str, message: str, **facts: object) -> str:
        found = self._translations[lang].gettext(message)
        return found % facts if facts else found


class Stencil:
    """A rendered piece with holes in it, for answers that are given thousands of times a minute."""

    def __init__(self, rendered: str) -> None:
        # Text, hole, text, hole … text.
        self._texts = rendered.split("\0")
        self._holes = self._texts[1::2]

    def fill(self, values: Mapping[str, object]) -> str:
        """The piece with these values, escaped, in its holes."""
        texts = self._texts.copy()
        texts[1::2] = [escape(values[hole]) for hole in self._holes]
        return "".join(texts)


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
    # Who organises it and how to reach them; "" without an edition or a contact.
    organiser: str
    email: str
    phone: str
    signed_in: bool
    person_name: str
    is_staff: bool
    is_organiser: bool
    is_teacher: bool
    is_unit_officer: bool
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
        organiser=words(edition.organiser, context.lang) if edition else "",
        email=edition.email if edition else "",
        phone=edition.phone if edition else "",
        signed_in=context.actor.is_signed_in,
        person_name=context.actor.name,
        is_staff=may(context.actor, "front.desk") is not None,
        is_organiser=may(context.actor, "front.desk") is not None,
        is_teacher=may(context.actor, "people.own_classes") is not None,
        is_unit_officer=Role.UNIT_OFFICER in context.actor.roles,
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


def stencilled_part(
    request: AnyRequest, template: str, *, fixed: dict[str, Any], holes: dict[str, object]
) -> Response[str]:
    """
    A part that is rendered once for each `fixed`, of which there are few; `holes` may be anything.

    The template may print what is in `holes`, but not ask about it.
    """
    stencil = request.app.state.site.templates.stencil(
        context_of(request).lang, template, tuple(holes), tuple(fixed.items())
    )
    return Response(
        stencil.fill(holes),
        status_code=200,
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
