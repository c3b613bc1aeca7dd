"""The one guard: asks the table of rights before any handler runs."""

from litestar.handlers import BaseRouteHandler

from contest.access import may
from contest.errors import NotAllowed, SignInNeeded
from contest.web.context import AnyRequest, context_of


def action_of(handler: BaseRouteHandler) -> str:
    """The action a route declares. KeyError: it declares none, which the start refuses."""
    if getattr(handler, "http_methods", None) == {"OPTIONS"}:
        # The framework's own answer on every path: which methods there are, and nothing else.
        return "web.health"
    action: str = handler.opt["action"]
    return action


async def guard(request: AnyRequest) -> None:
    """
    Raises what the gate found, then what the table of rights says.

    The application's `before_request`, not one of Litestar's guards: those are given a copy of the
    route's handler each time, which costs more than this does. The start refuses a route with a
    `before_request` of its own, which would run instead.
    """
    context = context_of(request)
    action = action_of(request.route_handler)
    context.action = action
    context.is_counted_only = "counted_only" in request.route_handler.opt
    if context.refusal is not None:
        raise context.refusal
    if may(context.actor, action) is None:
        if context.actor.is_signed_in:
            raise NotAllowed("no-right")
        raise SignInNeeded()
