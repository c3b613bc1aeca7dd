"""A light HTTP/1.1 client: many keep-alive connections in one thread, little work for each answer.

It shares the machine with the server it loads, so it does only what is needed: one write and, as
a rule, one read a request, no parsing of headers but the two that tell where an answer ends.

    async with connected(address, 50) as connections:
        reply = await connections[0].ask(request)

`Lost` is raised when the server goes away before an answer is complete.
"""

import asyncio
import contextlib
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final, NamedTuple, TypeVar, cast
from urllib.parse import urlencode

T = TypeVar("T")
Address = tuple[str, int]
_END_OF_HEAD: Final = b"\r\n\r\n"


class Lost(Exception):
    """The connection broke: what was asked may or may not have been done."""


class Reply(NamedTuple):
    """A complete answer; the header's names are in lower case."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: bytes) -> bytes:
        """The value of the first header of that name, b"" without one."""
        start = self.head.lower().find(b"\r\n" + name + b":")
        if start < 0:
            return b""
        start += len(name) + 3
        end = self.head.find(b"\r\n", start)
        return self.head[start : end if end >= 0 else None].strip()

    def content(self) -> bytes:
        """The body, unpacked."""
        if b"content-encoding: gzip" in self.head:
            return zlib.decompress(self.body, wbits=31)
        return self.body

    def text(self) -> str:
        return self.content().decode()


class Connection(asyncio.Protocol):
    """One keep-alive connection; one question at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Reply] | None = None
        self._received = b""
        self._closed = asyncio.get_running_loop().create_future()

    @property
    def is_open(self) -> bool:
        return self._transport is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do as asyncio's without being of their class.
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, _error: Exception | None) -> None:
        self._transport = None
        if not self._closed.done():
            self._closed.set_result(None)
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(Lost())

    def data_received(self, data: bytes) -> None:
        received = self._received = self._received + data if self._received else data
        reply = _reply(received)
        if reply is None:
            return
        self._received = b""
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(reply)

    async def ask(self, request: bytes) -> Reply:
        """Sends a request and waits for its whole answer."""
        if self._transport is None:
            raise Lost
        waiting: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        self._transport.write(request)
        return await waiting

    async def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()
        await self._closed


def _reply(received: bytes) -> Reply | None:
    """The answer in `received`, None while it is incomplete."""
    at = received.find(_END_OF_HEAD)
    if at < 0:
        return None
    head = received[:at]
    status = int(head[9:12])
    body_at = at + len(_END_OF_HEAD)
    field = head.find(b"content-length: ")
    if field >= 0:
        end = head.find(b"\r\n", field)
        length = int(head[field + 16 : end if end >= 0 else None])
        if len(received) < body_at + length:
            return None
        return Reply(status, head, received[body_at : body_at + length])
    if b"transfer-encoding: chunked" in head:
        body = _unchunked(received, body_at)
        return None if body is None else Reply(status, head, body)
    return Reply(status, head, b"")


def _unchunked(received: bytes, at: int) -> bytes | None:
    parts: list[bytes] = []
    while True:
        end = received.find(b"\r\n", at)
        if end < 0:
            return None
        size = int(received[at:end], 16)
        if len(received) < end + 2 + size + 2:
            return None
        if size == 0:
            return b"".join(parts)
        parts.append(received[end + 2 : end + 2 + size])
        at = end + 2 + size + 2


async def connect(address: Address) -> Connection:
    """Raises OSError when nobody listens."""
    _transport, connection = await asyncio.get_running_loop().create_connection(
        Connection, *address
    )
    return connection


@contextlib.asynccontextmanager
async def connected(address: Address, count: int) -> AsyncIterator[list[Connection]]:
    connections = [await connect(address) for _ in range(count)]
    try:
        yield connections
    finally:
        for connection in connections:
            await connection.close()


def post(
    address: Address, path: str, cookie: str, fields: dict[str, Any], *, by_script: bool = False
) -> bytes:
    """A form as a browser sends it, or a script in the browser."""
    head = form_head(address, path, cookie, by_script=by_script)
    return head + form_tail(urlencode(fields, doseq=True).encode())


def form_head(address: Address, path: str, cookie: str, *, by_script: bool = False) -> bytes:
    """The part of a form's request that stays the same from one to the next."""
    origin = f"http://{address[0]}:{address[1]}"
    return (
        f"POST {path} HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nCookie: {cookie}\r\n"
        f"Origin: {origin}\r\nReferer: {origin}/\r\nSec-Fetch-Site: same-origin\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*\r\n"
        "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: vi-VN,vi\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"{'X-Requested-By: script' if by_script else 'Upgrade-Insecure-Requests: 1'}\r\n"
    ).encode()


def form_tail(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def get(address: Address, path: str, cookie: str = "") -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nCookie: {cookie}\r\n"
        "Accept: */*\r\nAccept-Encoding: gzip\r\n\r\n"
    ).encode()


def run(work: Coroutine[Any, Any, T], *, within_s: float = 180) -> T:
    """asyncio.run, on the quicker loop where that is installed. TimeoutError: it hangs."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(asyncio.wait_for(work, within_s))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
