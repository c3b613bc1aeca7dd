"""The published table of a round, to download: CSV for a spreadsheet, JSON for a program."""

import zlib
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from typing import Any, Final

from anyio import CancelScope, create_task_group, fail_after
from anyio.to_thread import run_sync
from litestar import Response, get
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from contest.errors import Unavailable
from contest.standings import published_files, queries
from contest.standings.published_files import Kind
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.threads import in_thread

# Each keeps a thread busy for as long as a large file takes to be made.
AT_ONCE: Final = 2
MAKING: Final = BoundedSemaphore(AT_ONCE)
# A reader that takes no piece for so long has gone, and another may have the place.
_SECONDS_A_PIECE: Final = 60
_RETRY_AFTER_S: Final = 30
# Names are asked for at each download; a copy on the way may be no older than this.
_MAX_AGE_S: Final = 60
_TYPES: Final[dict[Kind, str]] = {"csv": "text/csv", "json": "application/json"}


class Download(Response[bytes]):
    """Pieces made in worker threads while they are sent; `make` is called once it is one's turn."""

    def __init__(
        self, make: Callable[[], Iterator[bytes]], *, media_type: str, headers: dict[str, str]
    ) -> None:
        super().__init__(b"", media_type=media_type, headers=headers)
        self.make = make

    def to_asgi_response(self, *_args: Any, **_more: Any) -> ASGIResponse:
        return _Sending(self.make, media_type=self.media_type, headers=self.headers)


class _Sending(ASGIResponse):
    _should_set_content_length = False

    def __init__(self, make: Callable[[], Iterator[bytes]], **more: Any) -> None:
        super().__init__(status_code=200, **more)
        self._make = make

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """
        Sends the file, or raises Unavailable("files-busy") before the first byte.

        The place is taken and given back here and nowhere else, whatever happens between.
        """
        if not MAKING.acquire(blocking=False):
            raise Unavailable("files-busy", retry_after_s=_RETRY_AFTER_S)
        try:
            await super().__call__(scope, receive, send)
        finally:
            MAKING.release()

    async def send_body(self, send: Any, receive: Any) -> None:
        pieces = self._make()
        try:
            async with create_task_group() as group:
                group.start_soon(_watch, receive, group.cancel_scope)
                # A thread that is at work is waited for, also when the reader has gone.
                while (piece := await run_sync(next, pieces, None)) is not None:
                    with fail_after(_SECONDS_A_PIECE):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                group.cancel_scope.cancel()
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()


async def _watch(receive: Any, scope: CancelScope) -> None:
    """Ends the sending when the reader goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


@get(
    "/xep-hang/{edition_slug:str}/{slug:str}/ket-qua.csv",
    # Compressed below, in the thread that makes the pieces: not on the event loop.
    opt={"action": "standings.published_file", "uncompressed": True},
)
@in_thread
def csv_file(
    request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str]
) -> Response[Any]:
    return _file(request, "csv", edition_slug, slug)


@get(
    "/xep-hang/{edition_slug:str}/{slug:str}/ket-qua.json",
    opt={"action": "standings.published_file", "uncompressed": True},
)
@in_thread
def json_file(
    request: AnyRequest, edition_slug: FromPath[str], slug: FromPath[str]
) -> Response[Any]:
    return _file(request, "json", edition_slug, slug)


def _file(request: AnyRequest, kind: Kind, edition_slug: str, slug: str) -> Response[Any]:
    database, now = site_of(request).database, context_of(request).received_at
    with database.read() as tx:
        edition, this, result = queries.official_round(tx, edition_slug, slug)
        # Weak: compressed or not, it is the same file.
        tag = f'W/"{published_files.tag_of(tx, result, now)}"'
        headers = {
            "etag": tag,
            "cache-control": f"public, max-age={_MAX_AGE_S}, must-revalidate",
            "vary": "Accept-Encoding",
        }
        if _is_known(request.headers.get("if-none-match", ""), tag):
            return Response(b"", status_code=304, headers=headers)
        file = published_files.round_file(tx, edition, this, result)
    name = f"ket-qua-{edition.slug}-{this.slug}-{result.number}.{kind}"
    headers["content-disposition"] = f'attachment; filename="{name}"'
    is_packed = _takes_gzip(request.headers.get("accept-encoding", ""))
    if is_packed:
        headers["content-encoding"] = "gzip"

    def make() -> Iterator[bytes]:
        pieces = published_files.pieces_of_lines(database, file, now)
        whole = published_files.written(kind, file, pieces)
        return _packed(whole) if is_packed else whole

    return Download(make, media_type=_TYPES[kind], headers=headers)


def _is_known(sent: str, tag: str) -> bool:
    """If-None-Match compares weakly: W/ says nothing here."""
    tags = {each.strip().removeprefix("W/") for each in sent.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags


def _takes_gzip(accepted: str) -> bool:
    for each in accepted.lower().split(","):
        name, _, weight = each.strip().partition(";")
        if name == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(level=6, wbits=31)
    for piece in pieces:
        packed = packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
        yield packed
    yield packer.flush()


ROUTES = [csv_file, json_file]
