"""What a folder and a bucket both can do. Storage checks keys and translates errors before them."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

# What one step of a stretch holds at most: a page hands such pieces on as they come.
PIECE_BYTES = 256 * 1024


class Kept(NamedTuple):
    """A file of the storage: `size` in bytes, `changed` in UTC."""

    key: str
    size: int
    changed: datetime


class Kind(Protocol):
    """Every method blocks. NotFound("no-file") where a file is asked for and there is none; any
    OSError or error of obstore means that the storage is away."""

    def put(self, key: str, content: bytes) -> None: ...

    def put_file(self, key: str, source: Path, file: BinaryIO) -> None:
        """`file` is `source`, open at its beginning."""

    def get(self, key: str) -> bytes: ...

    def fetch(self, key: str, into: Path) -> None: ...

    def size(self, key: str) -> int: ...

    def stretch(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes [start, stop), which the file has, in pieces of at most PIECE_BYTES."""

    def walk(self, prefix: str) -> Iterator[Kept]: ...

    def delete(self, key: str) -> None: ...

    def delete_folder(self, prefix: str) -> None: ...

    def drop_unfinished(self, before: datetime) -> int: ...

    def free_bytes(self) -> int | None: ...
