"""A code that is shown after a redirect and kept nowhere by us.

It travels in a sealed cookie of the browser that asked for it: bound to its session, for ten
minutes or until the person says that they have written it down. So a reload shows it again, and
neither an address nor a log nor the database ever holds it.
"""

import hmac

import msgspec

from contest.web import cookies, csrf
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of

_COOKIE = "sc_once"
_SECONDS = 600

RECOVERY = "recovery"
DESK = "desk"


class ShownOnce(msgspec.Struct, frozen=True):
    """`subject`: whose code it is (an account's ref)."""

    subject: str
    code: str


def keep(request: AnyRequest, purpose: str, subject: str, code: str, *, session_id: str) -> None:
    """All parts are letters and digits, so dots can stand between them."""
    seal = _seal(request, purpose, subject, code, session_id)
    _set(request, f"{purpose}.{subject}.{code}.{seal}", _SECONDS)


def read(request: AnyRequest, purpose: str) -> ShownOnce | None:
    """The code kept for this session and purpose, if there is one."""
    session = context_of(request).session
    https = site_of(request).settings.https
    parts = request.cookies.get(cookies.name_of(_COOKIE, https=https), "").split(".")
    if session is None or len(parts) != 4 or parts[0] != purpose:
        return None
    _, subject, code, seal = parts
    expected = _seal(request, purpose, subject, code, session.id)
    if not hmac.compare_digest(seal.encode(), expected.encode()):
        return None
    return ShownOnce(subject, code)


def drop(request: AnyRequest) -> None:
    _set(request, "", 0)


def _seal(request: AnyRequest, purpose: str, subject: str, code: str, session_id: str) -> str:
    text = "\0".join((session_id, purpose, subject, code))
    return csrf.sign(site_of(request).settings.secret_key, "people.shown_once", text)


def _set(request: AnyRequest, value: str, max_age: int) -> None:
    https = site_of(request).settings.https
    line = cookies.cookie(_COOKIE, value, https=https, max_age=max_age)
    context_of(request).set_cookies.append(line)
