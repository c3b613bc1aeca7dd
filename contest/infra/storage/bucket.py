"""Files in a bucket of whoever speaks S3. Who we are to it comes from AWS_* in the environment.

Big files go up in parts and come down in windows, each a request of its own with its own time-out
and its own retries. So nothing is held open while a phone listens for an hour, and a file of any
size costs the memory of a few parts. A file is there once its last part has been named; parts of an
upload that nobody ended are listed nowhere, and a rule of the bucket clears them away
(docs/operations.md).

Keys are random and written once, so nothing here asks for "only if there is none": not every server
heeds it.
"""

import os
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import obstore
from obstore.store import S3Store

from contest.errors import NotFound
from contest.infra.storage.kind import PIECE_BYTES, Kept

if TYPE_CHECKING:
    from obstore import GetOptions

_TIMEOUT = timedelta(seconds=20)  # one request with its body: a part at 2 Mbit/s just fits
_CONNECT_TIMEOUT = timedelta(seconds=5)
_RETRIES = 3
_RETRY_TIMEOUT = timedelta(seconds=30)
_PART_BYTES = 5 * 1024 * 1024  # the least that S3 takes; 10,000 of them are 48 GiB
_PARTS_AT_ONCE = 3
# What a listener who leaves early has cost at most, and what each of many listeners holds.
_WINDOW_BYTES = 1024 * 1024
_FETCH_BYTES = 4 * 1024 * 1024
_KEYS_AT_ONCE = 1000
_YES = ("1", "true", "yes", "on")


class Bucket:
    def __init__(self, url: str) -> None:
        # Options of our own replace all that obstore would read of them, this one too.
        allow_http = os.environ.get("AWS_ALLOW_HTTP", "").strip().lower() in _YES
        self._store = S3Store.from_url(
            url,
            client_options={
                "timeout": _TIMEOUT,
                "connect_timeout": _CONNECT_TIMEOUT,
                "allow_http": allow_http,
            },
            retry_config={"max_retries": _RETRIES, "retry_timeout": _RETRY_TIMEOUT},
        )

    def put(self, key: str, content: bytes) -> None:
        obstore.put(self._store, key, content)

    def put_file(self, key: str, source: Path, file: BinaryIO) -> None:
        size = os.fstat(file.fileno()).st_size
        obstore.put(self._store, key, file, chunk_size=_PART_BYTES, max_concurrency=_PARTS_AT_ONCE)
        arrived = obstore.head(self._store, key)["size"]
        if arrived != size:
            obstore.delete(self._store, key)
            raise OSError(f"{arrived} of {size} bytes arrived")

    def get(self, key: str) -> bytes:
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except FileNotFoundError:
            raise NotFound("no-file") from None

    def fetch(self, key: str, into: Path) -> None:
        size, etag = self._head(key)
        temporary = into.with_name(f".{into.name}.{secrets.token_hex(8)}")
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                for window in self._windows(key, etag, 0, size, _FETCH_BYTES):
                    file.write(window)
            temporary.replace(into)
        finally:
            temporary.unlink(missing_ok=True)

    def size(self, key: str) -> int:
        return self._head(key)[0]

    def stretch(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        for window in self._windows(key, None, start, stop, _WINDOW_BYTES):
            for at in range(0, len(window), PIECE_BYTES):
                yield bytes(window[at : at + PIECE_BYTES])

    def walk(self, prefix: str) -> Iterator[Kept]:
        for some in obstore.list(self._store, prefix, chunk_size=_KEYS_AT_ONCE):
            for found in some:
                yield Kept(found["path"], found["size"], found["last_modified"])

    def delete(self, key: str) -> None:
        obstore.delete(self._store, key)

    def delete_folder(self, prefix: str) -> None:
        for some in obstore.list(self._store, prefix, chunk_size=_KEYS_AT_ONCE):
            obstore.delete(self._store, [found["path"] for found in some])

    def drop_unfinished(self, before: datetime) -> int:
        return 0

    def free_bytes(self) -> int | None:
        return None

    def _head(self, key: str) -> tuple[int, str | None]:
        try:
            found = obstore.head(self._store, key)
        except FileNotFoundError:
            raise NotFound("no-file") from None
        return found["size"], found["e_tag"]

    def _windows(
        self, key: str, etag: str | None, start: int, stop: int, width: int
    ) -> Iterator[memoryview]:
        """[start, stop) window by window; all of one content, where the server knows If-Match."""
        for at in range(start, stop, width):
            end = min(at + width, stop)
            options: GetOptions = {"range": (at, end)}
            if etag is not None:
                options["if_match"] = etag
            try:
                got = obstore.get(self._store, key, options=options)
                window = memoryview(got.bytes())
            except FileNotFoundError:
                raise NotFound("no-file") from None
            if len(window) != end - at:
                raise OSError(f"{len(window)} bytes came where {end - at} were asked for")
            etag = etag or got.meta["e_tag"]
            yield window
