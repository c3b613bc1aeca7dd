"""The one guard: asks the table of rights before any handler runs."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from contest.access import may
from contest.errors import NotAllowed, SignInNeeded
from contest.web.context import CONTEXT_KEY, Context


def action_of(handler: BaseRouteHandler) -> str:
    """The action a route declares. KeyError: it declares none, which the start refuses."""
    if getattr(handler, "http_methods", None) == {"OPTIONS"}:
        # The framework's own answer on every path: which methods there are, and nothing else.
        return "web.health"
    action: str = handler.opt["action"]
    return action


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Raises what the gate found, then what the table of rights says."""
    context: Context = connection.scope[CONTEXT_KEY]  # type: ignore[literal-required]
    action = action_of(handler)
    context.action = action
    if context.refusal is not None:
        raise context.refusal
    if may(context.actor, action) is None:
        if context.actor.is_signed_in:
            raise NotAllowed("no-right")
        raise SignInNeeded()
