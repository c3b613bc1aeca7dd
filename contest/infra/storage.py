"""The door to files: a local folder or an S3 bucket, by `SANCHOI_STORAGE_URL`.

A key is a path of small letters, digits, dots and dashes ("private/consents/ab/…"), made at random
by `new_key` and never out of anything of a person's. What lies under "private/" is only ever given
out by a handler that has asked who may see it; nothing here makes an address for it.

A file is whole or not there. In a folder it is on disk when `put` returns, as an acknowledged
answer is: the file and every folder above it are synced. Contents come and go as bytes: for things
as big as a form, not for recordings. Why obstore: docs/decisions/2026-11-25-obstore.md.
"""

import os
import re
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from contest.errors import NotFound, Unavailable
from contest.infra.chance import Chance, code

PRIVATE = "private"
# 32 letters of base 32 are 160 bits: nobody finds a file by trying.
_KEY_LETTERS = 32
_KEY = re.compile(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)+")
_LONGEST_KEY = 200
_S3_TIMEOUT = "20s"


def new_key(chance: Chance, *under: str) -> str:
    """A random key below these folders: new_key(chance, PRIVATE, "consents")."""
    name = code(chance, _KEY_LETTERS).lower()
    return "/".join((*under, name[:2], name[2:]))


class Storage:
    """Safe to use from several threads at once. Every method blocks until it is done."""

    def __init__(self, url: str) -> None:
        """`url`: file:///a/folder or s3://bucket/prefix, as settings.py has checked it."""
        self._folder = Path(url.removeprefix("file://")) if url.startswith("file://") else None
        self._store: LocalStore | S3Store
        if self._folder is not None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._store = LocalStore(self._folder)
            return
        # Who we are to the bucket comes from AWS_* in the environment, as its own tools have it.
        self._store = S3Store.from_url(
            url,
            client_options={"timeout": _S3_TIMEOUT, "connect_timeout": "5s"},
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
        )

    def put(self, key: str, content: bytes) -> None:
        """Keeps the file; one of the same key is replaced. Raises Unavailable("storage-away")."""
        _check(key)
        try:
            if self._folder is None:
                obstore.put(self._store, key, content)
            else:
                self._put_in_folder(self._folder, key, content)
        except (BaseError, OSError) as error:
            raise Unavailable("storage-away") from error

    def get(self, key: str) -> bytes:
        """Raises NotFound("no-file") and Unavailable("storage-away")."""
        _check(key)
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except FileNotFoundError as error:
            raise NotFound("no-file") from error
        except (BaseError, OSError) as error:
            raise Unavailable("storage-away") from error

    def exists(self, key: str) -> bool:
        _check(key)
        try:
            obstore.head(self._store, key)
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as error:
            raise Unavailable("storage-away") from error
        return True

    def delete(self, key: str) -> None:
        """After it the file is gone, whether or not there was one."""
        _check(key)
        try:
            obstore.delete(self._store, key)
            if self._folder is not None:
                _sync((self._folder / key).parent)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise Unavailable("storage-away") from error

    def _put_in_folder(self, root: Path, key: str, content: bytes) -> None:
        # The store writes beside and renames, but syncs nothing and leaves files for all to read;
        # until they are narrowed here, the root's own mode keeps others out.
        path = root / key
        above = [root / part for part in reversed(Path(key).parents[:-1])]
        for folder in above:
            folder.mkdir(mode=0o700, exist_ok=True)
        obstore.put(self._store, key, content)
        path.chmod(0o600)
        _sync(path)
        for folder in (*reversed(above), root):
            _sync(folder)


def _check(key: str) -> None:
    # Keys come out of our own tables; a wrong one is a fault of ours and must not reach a path.
    if not _KEY.fullmatch(key) or ".." in key or len(key) > _LONGEST_KEY:
        raise ValueError(f"not a key of the storage: {key[:40]!r}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
