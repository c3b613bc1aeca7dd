"""The browser's side of signing in and out: token, cookies, and what this process remembers."""

from collections.abc import Sequence
from datetime import timedelta

from contest.infra import metrics
from contest.people.sessions import Sessions
from contest.people.sign_in import commands
from contest.people.sign_in.limits import Limit
from contest.people.tokens import digest, new_session_token
from contest.web import cookies
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of

LIFETIME = timedelta(days=14)
# On a device that others use too: until the browser closes, and no longer than a school day.
SHARED_DEVICE_LIFETIME = timedelta(hours=12)


def sessions_of(request: AnyRequest) -> Sessions:
    found: Sessions = request.app.state.site.sessions
    return found


async def start_session(
    request: AnyRequest,
    account_id: int,
    *,
    shared_device: bool = False,
    forget: Sequence[Limit] = (),
    one_of: Sequence[Limit] = (),
) -> str:
    """
    Signs the account in on this browser under a new token; returns the session's id.

    The session the browser held before, and a visitor's token, end here.
    """
    site, context = site_of(request), context_of(request)
    lifetime = SHARED_DEVICE_LIFETIME if shared_device else LIFETIME
    token = new_session_token()
    session_id = digest(token)
    before = context.session.id if context.session else None
    await site.database.write_async(
        commands.open_session,
        account_id=account_id,
        session_id=session_id,
        expires_at=context.received_at + lifetime,
        instead_of=before,
        forget=forget,
        one_of=one_of,
        now=context.received_at,
    )
    if before is not None:
        sessions_of(request).forget(before)
    https = site.settings.https
    max_age = None if shared_device else int(lifetime.total_seconds())
    context.set_cookies += [
        cookies.cookie(cookies.SESSION, token, https=https, max_age=max_age),
        cookies.cookie(cookies.VISITOR, "", https=https, max_age=0),
    ]
    metrics.SIGN_INS.labels("done").inc()
    return session_id


def drop_session_cookie(request: AnyRequest) -> None:
    https = site_of(request).settings.https
    context_of(request).set_cookies.append(
        cookies.cookie(cookies.SESSION, "", https=https, max_age=0)
    )
