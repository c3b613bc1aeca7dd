"""What is known of a request before its handler runs."""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request

from contest.access import VISITOR, Actor
from contest.errors import ContestError
from contest.web.forms import Form

CONTEXT_KEY = "sanchoi.context"

AnyRequest = Request[Any, Any, Any]


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A server-side session as the gate sees it. `id` is the hash of the cookie's token."""

    id: str
    actor: Actor
    account_code: str


class Context(msgspec.Struct, kw_only=True):
    """One request's facts; the gate fills it, handlers read it.

    `received_at` is the moment the last byte of the request was there, before any queue:
    the rules go by it.
    """

    request_id: str
    received_at: datetime
    lang: str
    session: Session | None = None
    # What a signed-out form's CSRF token is bound to; set as a cookie only when a page has a form.
    visitor_token: str = ""
    visitor_token_is_new: bool = False
    needs_visitor_cookie: bool = False
    form: Form | None = None
    refusal: ContestError | None = None
    client_address: str = ""
    set_cookies: list[str] = msgspec.field(default_factory=list)
    action: str = "none"
    # Ten million saves would be two gigabytes of lines that say "saved": the figures count them,
    # and only what went wrong is logged.
    is_counted_only: bool = False

    @property
    def actor(self) -> Actor:
        return self.session.actor if self.session else VISITOR


def attach(scope: MutableMapping[str, Any], context: Context) -> None:
    scope[CONTEXT_KEY] = context


def context_of(request: AnyRequest) -> Context:
    found: Context = request.scope[CONTEXT_KEY]  # type: ignore[literal-required]
    return found


def form_of(request: AnyRequest) -> Form:
    """The browser's form, already read and checked by the gate."""
    return context_of(request).form or Form()


def account_id_of(request: AnyRequest) -> int:
    """The signed-in account; only for routes whose action visitors lack."""
    account_id = context_of(request).actor.account_id
    assert account_id is not None
    return account_id
