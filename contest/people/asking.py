"""A query asked from a handler on the event loop, in a thread, so that others are not held up."""

import asyncio
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from contest.infra.database import Database, Tx

P = ParamSpec("P")
T = TypeVar("T")


async def ask(
    database: Database, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    def read() -> T:
        with database.read() as tx:
            return query(tx, *args, **kwargs)

    return await asyncio.to_thread(read)
