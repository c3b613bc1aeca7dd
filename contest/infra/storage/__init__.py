"""The door to files: a local folder or an S3 bucket, by `SANCHOI_STORAGE_URL`.

A key is a path of small letters, digits, dots and dashes ("private/consents/ab/…"), made at random
by `new_key` and never out of anything of a person's. What lies under "private/" is only ever given
out by a handler that has asked who may see it; nothing here makes an address for it.

A file is whole or not there. In a folder it is on disk when `put` or `put_file` returns, as an
acknowledged answer is. `put` and `get` hold a whole file in memory and are for things as big as a
form; `put_file`, `fetch` and `read_range` take files of any size at flat memory (some 20 MiB where
it goes to a bucket). Why obstore: docs/decisions/2026-11-25-obstore.md.
"""

import errno
import os
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

from obstore.exceptions import BaseError

from contest.errors import NotFound, Unavailable
from contest.infra.storage.bucket import Bucket
from contest.infra.storage.folder import Folder
from contest.infra.storage.keys import PRIVATE, check_folder, check_key, is_key, new_key
from contest.infra.storage.kind import PIECE_BYTES, Kept, Kind

__all__ = ["PIECE_BYTES", "PRIVATE", "Kept", "Storage", "new_key"]

_LONGEST_CAUSE = 300
_T = TypeVar("_T")


class Storage:
    """Safe to use from several threads at once. Every method blocks, and so does every step of what
    `read_range` and `list` give: in a page, only in a thread.

    All raise Unavailable("storage-away") when the disk or the bucket refuses, ValueError for what
    is no key. A request that a bucket does not answer is given up within a minute.
    """

    def __init__(self, url: str) -> None:
        """`url`: file:///a/folder or s3://bucket/prefix, as settings.py has checked it."""
        self._kind: Kind
        if url.startswith("file://"):
            self._kind = Folder(Path(url.removeprefix("file://")))
        else:
            self._kind = Bucket(url)

    def put(self, key: str, content: bytes) -> None:
        """Keeps the file; one of the same key is replaced."""
        check_key(key)
        with _away():
            self._kind.put(key, content)

    def put_file(self, key: str, path: Path, *, move: bool = False) -> None:
        """Keeps a file of this machine; one of the same key is replaced.

        In a folder on the same file system the kept file and `path` are then one file with two
        names and the mode 0600: write to `path` no more. With `move` it is gone from `path` once it
        is safely kept; after a crash between the two, the same call again puts it right.

        Raises FileNotFoundError when there is nothing at `path`, ValueError when that is no plain
        file (a link could lead anywhere).
        """
        check_key(key)
        with _plain_file(path) as file, _away():
            self._kind.put_file(key, path, file)
            if move:
                path.unlink(missing_ok=True)

    def get(self, key: str) -> bytes:
        """Raises NotFound("no-file")."""
        check_key(key)
        with _away():
            return self._kind.get(key)

    def fetch(self, key: str, into: Path) -> None:
        """Brings the file to `into`, whole or not at all; what was there is replaced.

        To read only: out of a folder it may be the kept file itself under a second name. Not
        synced: it can be fetched again. Raises NotFound("no-file").
        """
        check_key(key)
        with _away():
            self._kind.fetch(key, into)

    def size(self, key: str) -> int:
        """In bytes. Raises NotFound("no-file")."""
        check_key(key)
        with _away():
            return self._kind.size(key)

    def exists(self, key: str) -> bool:
        try:
            self.size(key)
        except NotFound:
            return False
        return True

    def read_range(self, key: str, start: int, length: int) -> Generator[bytes, None, None]:
        """At most `length` bytes from byte `start` on, in pieces of at most PIECE_BYTES.

        What lies beyond the end is left out: there fewer bytes come, or none. Nothing is open
        before the first piece is asked for; whoever stops early calls close(), or lets go.

        Raises NotFound("no-file") at the call; while it is read, NotFound when the file has been
        deleted meanwhile, Unavailable when it cannot be read to its end.
        """
        check_key(key)
        if start < 0 or length < 0:
            raise ValueError("a range has no negative ends")
        stop = min(start + length, self.size(key))
        return _passing(self._kind.stretch(key, start, stop))

    def list(self, prefix: str) -> Generator[Kept, None, None]:
        """All files below a whole folder ("recordings/ab"), in no order, at flat memory.

        What comes or goes meanwhile may or may not be among them.
        """
        check_folder(prefix)
        return _passing(kept for kept in self._kind.walk(prefix) if is_key(kept.key))

    def delete(self, key: str) -> None:
        """After it the file is gone, whether or not there was one, and folders left empty too."""
        check_key(key)
        with _away():
            self._kind.delete(key)

    def delete_folder(self, prefix: str) -> None:
        """After it all below the folder is gone; safe to repeat, whatever stopped it before.

        Nobody finds any of it once it has begun on a folder; bytes that a kill left are removed by
        `drop_unfinished`. In a bucket a repetition goes on where it was stopped.
        """
        check_folder(prefix)
        with _away():
            self._kind.delete_folder(prefix)

    def drop_unfinished(self, before: datetime) -> int:
        """Removes what killed processes left half-way before this instant, and says how much.

        Give a generous time: a put that is still going on is among them. In a bucket nothing is
        found; there a rule of the bucket ends unfinished uploads.
        """
        with _away():
            return self._kind.drop_unfinished(before)

    def free_bytes(self) -> int | None:
        """How much more fits, None where nobody can say (a bucket)."""
        with _away():
            return self._kind.free_bytes()


def _plain_file(path: Path) -> BinaryIO:
    try:
        # Without waiting: opening a pipe would.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ValueError("not a plain file but a link") from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError("not a plain file")
    return os.fdopen(descriptor, "rb")


def _passing(pieces: Iterator[_T]) -> Generator[_T, None, None]:
    with _away():
        yield from pieces


@contextmanager
def _away() -> Iterator[None]:
    """What the disk or the bucket refuses becomes Unavailable("storage-away")."""
    try:
        yield
    except (BaseError, OSError) as error:
        cause = _without_secrets(error)
        # Not from the error itself, so that no log has more of it than this.
        raise Unavailable("storage-away", cause=cause) from OSError(cause)


def _without_secrets(error: Exception) -> str:
    # After the status comes what the server said, in XML: there some repeat what was signed, and a
    # passing token with it. The lines below are the library's own view of the same.
    first = str(error).partition("\n")[0].partition("<")[0]
    return f"{type(error).__name__}: {first[:_LONGEST_CAUSE]}"
