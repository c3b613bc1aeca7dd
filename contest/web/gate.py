"""The gate: what happens to every request before the router, in one place and one order.

Request id and log → session → the whole body, then the receipt time → CSRF → application,
and on the way out cookies and security headers. Pure ASGI around the application, so that a page
that does not exist is answered with the same care. A refusal found here is not answered here:
it is left in the context and raised by the guard, so that one place turns errors into words.
"""

import random
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

import structlog
from prometheus_client import Counter, Histogram

from contest.errors import ContestError, Invalid, NotAllowed, NotFound, TooLarge, Unavailable
from contest.infra import metrics
from contest.infra.clock import Clock
from contest.settings import Settings
from contest.web import cookies, csrf
from contest.web.context import Context, Session, attach
from contest.web.forms import Form, read_form
from contest.web.headers import security_headers

log = structlog.get_logger("request")

# ASGI as its specification has it: dictionaries.
AsgiScope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]
FindSession = Callable[[str], Awaitable[Session | None]]

MAX_FORM_BYTES = 256 * 1024
MAX_UPLOAD_BYTES = 3 * 1024 * 1024
_SAFE = {"GET", "HEAD", "OPTIONS"}
_WITHOUT_SESSION = ("/static/", "/healthz", "/readyz")


@lru_cache(maxsize=4096)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _meters(action: str, status: int) -> tuple[Counter, Histogram]:
    # Looking a label up takes a lock and longer than counting; there are few of them.
    return (
        metrics.REQUESTS.labels(action, str(status)),
        metrics.REQUEST_SECONDS.labels(action),
    )


class Gate:
    """Wraps the application; `find_session` knows which session a cookie's token stands for."""

    def __init__(
        self, app: AsgiApp, *, settings: Settings, clock: Clock, find_session: FindSession
    ) -> None:
        self._app = app
        self._settings = settings
        self._clock = clock
        self._find_session = find_session
        self._headers = security_headers(settings)

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        headers = dict(scope["headers"])
        context = Context(
            request_id=f"{random.getrandbits(64):016x}",
            received_at=self._clock(),
            lang=cookies.LANGUAGES[0],
        )
        attach(scope, context)
        context.client_address = self._client_address(scope, headers)
        if not scope["path"].startswith(_WITHOUT_SESSION):
            await self._read_cookies(context, headers)
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            # No name of ours holds one, and PostgreSQL refuses to look for it.
            context.refusal = NotFound("no-page")
        if scope["method"] not in _SAFE:
            receive = await self._read_body(scope, headers, receive, context)
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                raw = [*message["headers"], *self._headers]
                raw.append((b"x-request-id", context.request_id.encode()))
                raw.extend((b"set-cookie", line.encode()) for line in self._cookies(context))
                message = {**message, "headers": raw}
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            seconds = time.perf_counter() - began
            requests, lengths = _meters(context.action, status)
            requests.inc()
            lengths.observe(seconds)
            if status >= 400 or not context.is_counted_only:
                # The action and not the path: a path may hold somebody's code.
                log.info(
                    "answered",
                    request_id=context.request_id,
                    action=context.action,
                    method=scope["method"],
                    status=status,
                    ms=round(seconds * 1000, 1),
                )

    async def _read_cookies(self, context: Context, headers: dict[bytes, bytes]) -> None:
        https = self._settings.https
        jar = cookies.read_cookies(headers.get(b"cookie", b"").decode("latin-1"))
        lang = jar.get(cookies.name_of(cookies.LANGUAGE, https=https), "")
        if lang in cookies.LANGUAGES:
            context.lang = lang
        token = jar.get(cookies.name_of(cookies.SESSION, https=https), "")
        if token:
            try:
                context.session = await self._find_session(token)
            except ContestError as error:
                context.refusal = error
            except Exception:
                log.exception("session look-up failed", request_id=context.request_id)
                context.refusal = Unavailable("database-busy")
        if context.session is None:
            context.visitor_token = jar.get(cookies.name_of(cookies.VISITOR, https=https), "")
            if len(context.visitor_token) != 32:
                context.visitor_token = secrets.token_hex(16)
                context.visitor_token_is_new = True

    async def _read_body(
        self,
        scope: AsgiScope,
        headers: dict[bytes, bytes],
        receive: Receive,
        context: Context,
    ) -> Receive:
        """Reads the form, stamps the receipt, checks where it comes from; replays the body."""
        kind = headers.get(b"content-type", b"").decode("latin-1")
        limit = MAX_UPLOAD_BYTES if kind.startswith("multipart/") else MAX_FORM_BYTES
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            chunk = message.get("body", b"")
            size += len(chunk)
            if size <= limit:
                chunks.append(chunk)
            if not message.get("more_body", False):
                break
        # After the last byte, not at the first: a slow sender must not choose after the deadline.
        context.received_at = self._clock()
        body = b"".join(chunks) if size <= limit else b""
        if context.refusal is None:
            context.refusal = self._refusal(scope, headers, kind, body, size > limit, context)

        async def replay() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        return replay

    def _refusal(
        self,
        scope: AsgiScope,
        headers: dict[bytes, bytes],
        kind: str,
        body: bytes,
        too_large: bool,
        context: Context,
    ) -> ContestError | None:
        if too_large:
            return TooLarge("too-large")
        try:
            context.form = read_form(kind, body)
        except Invalid as error:
            context.form = Form()
            return error
        if not self._is_from_here(headers):
            return NotAllowed("foreign-form")
        token = headers.get(csrf.HEADER, b"").decode("latin-1") or context.form.text(csrf.FIELD)
        bound_to = context.session.id if context.session else context.visitor_token
        if not csrf.is_valid(self._settings.secret_key, bound_to, token):
            return NotAllowed("stale-form")
        return None

    def _is_from_here(self, headers: dict[bytes, bytes]) -> bool:
        """Sec-Fetch-Site where the browser sends it, else Origin; the token is checked besides."""
        site = headers.get(b"sec-fetch-site", b"")
        if site:
            return site in {b"same-origin", b"none"}
        origin = headers.get(b"origin", b"").decode("latin-1")
        if not origin:
            return True
        host = headers.get(b"host", b"").decode("latin-1")
        return urlsplit(origin).netloc == host or origin == self._settings.public_url

    def _client_address(self, scope: AsgiScope, headers: dict[bytes, bytes]) -> str:
        client = scope.get("client")
        peer = client[0] if client else ""
        address = _address(peer)
        if address is None:
            return ""
        trusted = self._settings.trusted_proxies
        if not any(address in network for network in trusted):
            return str(address)
        # The right-most address that is not a proxy of ours; what stands left of it is hearsay.
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
        for part in reversed(forwarded):
            try:
                address = ip_address(part.strip())
            except ValueError:
                break
            if not any(address in network for network in trusted):
                break
        return str(address)

    def _cookies(self, context: Context) -> list[str]:
        lines = list(context.set_cookies)
        if (
            context.visitor_token_is_new
            and context.session is None
            and context.needs_visitor_cookie
        ):
            lines.append(
                cookies.cookie(cookies.VISITOR, context.visitor_token, https=self._settings.https)
            )
        return lines
