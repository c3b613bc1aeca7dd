"""Files in a folder of this machine, as durable as the database and for nobody else to read.

A file is made under `.incoming` (no key begins with a dot), synced, renamed to its place, and every
folder above it is synced. So it is whole or not there, and what a killed process leaves lies in one
place, where `drop_unfinished` finds it.

Folders that have become empty are removed by whoever empties them. Making folders for a file and
removing empty ones wait for each other, threads and processes alike, by a lock on `.incoming` that
is held for a few calls and never for a disk: else a put could lose its folders again and again.
"""

import fcntl
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from contest.errors import NotFound
from contest.infra.storage.kind import PIECE_BYTES, Kept

_INCOMING = ".incoming"
_COPY_BYTES = 1024 * 1024


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, key: str, content: bytes) -> None:
        temporary = self._temporary()
        try:
            with _new_file(temporary) as file:
                file.write(content)
                _sync_file(file)
            self._place(temporary, key)
        finally:
            temporary.unlink(missing_ok=True)

    def put_file(self, key: str, source: Path, file: BinaryIO) -> None:
        temporary = self._temporary()
        try:
            if _linked(source, file, temporary):
                os.fchmod(file.fileno(), 0o600)
                os.fsync(file.fileno())
            else:
                with _new_file(temporary) as copy:
                    shutil.copyfileobj(file, copy, _COPY_BYTES)
                    _sync_file(copy)
            self._place(temporary, key)
        finally:
            temporary.unlink(missing_ok=True)

    def get(self, key: str) -> bytes:
        with self._open(key) as file:
            return file.read()

    def fetch(self, key: str, into: Path) -> None:
        with self._open(key) as file:
            # Beside where it goes, so that the rename stays on one file system.
            temporary = into.with_name(f".{into.name}.{secrets.token_hex(8)}")
            try:
                if not _linked(self._root / key, file, temporary):
                    with _new_file(temporary) as copy:
                        shutil.copyfileobj(file, copy, _COPY_BYTES)
                temporary.replace(into)
            finally:
                temporary.unlink(missing_ok=True)

    def size(self, key: str) -> int:
        try:
            found = (self._root / key).lstat()
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound("no-file") from None
        if not stat.S_ISREG(found.st_mode):
            raise NotFound("no-file")
        return found.st_size

    def stretch(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        with self._open(key) as file:
            file.seek(start)
            while start < stop:
                piece = file.read(min(PIECE_BYTES, stop - start))
                if not piece:
                    raise OSError("a kept file has become shorter")
                start += len(piece)
                yield piece

    def walk(self, prefix: str) -> Iterator[Kept]:
        try:
            entries = os.scandir(self._root / prefix)
        except (FileNotFoundError, NotADirectoryError):
            return
        with entries:
            for entry in entries:
                key = f"{prefix}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    yield from self.walk(key)
                elif entry.is_file(follow_symlinks=False):
                    with suppress(FileNotFoundError):
                        found = entry.stat(follow_symlinks=False)
                        changed = datetime.fromtimestamp(found.st_mtime, UTC)
                        yield Kept(key, found.st_size, changed)

    def delete(self, key: str) -> None:
        path = self._root / key
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            path.unlink()
        self._prune(path.parent)

    def delete_folder(self, prefix: str) -> None:
        path = self._root / prefix
        if path.is_dir():
            # Away at once for everybody, and only then file by file.
            doomed = self._temporary()
            with self._alone(), suppress(FileNotFoundError):
                path.rename(doomed)
            with suppress(FileNotFoundError):
                shutil.rmtree(doomed)
        self._prune(path.parent)

    def drop_unfinished(self, before: datetime) -> int:
        dropped = 0
        incoming = self._root / _INCOMING
        if not incoming.is_dir():
            return 0
        for left in incoming.iterdir():
            with suppress(FileNotFoundError):
                found = left.lstat()
                # Not st_mtime: a link has that of the file it was made of.
                if found.st_ctime >= before.timestamp():
                    continue
                if stat.S_ISDIR(found.st_mode):
                    shutil.rmtree(left)
                else:
                    left.unlink()
                dropped += 1
        return dropped

    def free_bytes(self) -> int | None:
        figures = os.statvfs(self._root)
        return figures.f_bavail * figures.f_frsize

    def _open(self, key: str) -> BinaryIO:
        self.size(key)
        try:
            return (self._root / key).open("rb", buffering=0)
        except FileNotFoundError:
            raise NotFound("no-file") from None

    def _temporary(self) -> Path:
        return self._incoming() / secrets.token_hex(16)

    def _incoming(self) -> Path:
        incoming = self._root / _INCOMING
        incoming.mkdir(mode=0o700, exist_ok=True)
        return incoming

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else makes or removes folders meanwhile."""
        descriptor = os.open(self._incoming(), os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _place(self, temporary: Path, key: str) -> None:
        target = self._root / key
        above = [self._root / part for part in Path(key).parents[:-1]]
        with self._alone():
            for folder in reversed(above):
                folder.mkdir(mode=0o700, exist_ok=True)
            # Where both are names of one file already, this does nothing and leaves both.
            temporary.replace(target)
        for folder in (*above, self._root):
            # Gone again already: then so is the file, which somebody has deleted since.
            with suppress(FileNotFoundError):
                _sync(folder)

    def _prune(self, folder: Path) -> None:
        """Removes this folder and those above it as far as they are empty."""
        with self._alone():
            while folder != self._root:
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    pass
                except OSError:
                    break
                folder = folder.parent
        with suppress(FileNotFoundError):
            _sync(folder)


def _linked(path: Path, file: BinaryIO, name: Path) -> bool:
    """Gives the open file a second name, or says that here one has to copy."""
    try:
        os.link(path, name, follow_symlinks=False)
    except OSError:
        return False
    if os.path.samestat(name.lstat(), os.fstat(file.fileno())):
        return True
    # Somebody has put another file under the path since it was opened.
    name.unlink()
    return False


def _new_file(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _sync_file(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
