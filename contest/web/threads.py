"""Handlers that ask the database run in threads, so that the event loop is free for the answers.

Our own wrapper and not the framework's `sync_to_thread`: Litestar 2.25 wraps a handler once for
every method of its path, and with two methods the answer is a coroutine that nobody awaits.
"""

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from anyio.to_thread import run_sync

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(handler: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """The handler as a coroutine function that runs it in a worker thread."""

    @wraps(handler)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return await run_sync(partial(handler, *args, **kwargs))

    return run
