"""Files: kept, given back, gone; who else may read them; what is no key; a disk that refuses."""

import os
import stat
import threading
from pathlib import Path

import pytest

from contest.errors import NotFound, Unavailable
from contest.infra.chance import SeededChance
from contest.infra.storage import PRIVATE, Storage, new_key

KEY = "private/consents/ab/cdef"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "files"


@pytest.fixture
def storage(folder: Path) -> Storage:
    return Storage(f"file://{folder}")


def test_what_is_kept_is_given_back_byte_for_byte(storage: Storage) -> None:
    content = bytes(range(256)) * 100

    storage.put(KEY, content)

    assert storage.get(KEY) == content
    assert storage.exists(KEY)


def test_a_file_of_the_same_key_is_replaced(storage: Storage) -> None:
    storage.put(KEY, b"first")
    storage.put(KEY, b"second")

    assert storage.get(KEY) == b"second"


def test_a_new_storage_over_the_folder_finds_what_was_kept(storage: Storage, folder: Path) -> None:
    storage.put(KEY, b"kept")

    assert Storage(f"file://{folder}").get(KEY) == b"kept"


def test_a_deleted_file_is_gone_and_deleting_again_is_no_fault(storage: Storage) -> None:
    storage.put(KEY, b"kept")

    storage.delete(KEY)
    storage.delete(KEY)

    assert not storage.exists(KEY)
    with pytest.raises(NotFound, match="no-file"):
        storage.get(KEY)


def test_nobody_else_on_the_machine_may_read_or_list(storage: Storage, folder: Path) -> None:
    before = os.umask(0)
    try:
        storage.put(KEY, b"a child's signature")
    finally:
        os.umask(before)

    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert [mode for path, mode in modes.items() if path.is_file()] == [0o600]


def test_file_and_every_folder_above_it_are_synced_before_put_returns(
    storage: Storage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    storage.put(KEY, b"kept")

    assert synced[0] == str(folder / KEY)
    assert set(synced[1:]) == {str(folder), *(str(folder / up) for up in Path(KEY).parents[:-1])}


@pytest.mark.parametrize(
    "key",
    ["", "x", "/etc/passwd", "private/../../x", "private//x", "../x", "private/X", "private/x\n",
     "private/Nguyễn", "private/a b", "private/.hidden", "a/" + "b" * 300],
)  # fmt: skip
def test_what_is_no_key_reaches_no_path(storage: Storage, folder: Path, key: str) -> None:
    for use in (storage.get, storage.exists, storage.delete):
        with pytest.raises(ValueError, match="not a key"):
            use(key)
    with pytest.raises(ValueError, match="not a key"):
        storage.put(key, b"")
    assert list(folder.iterdir()) == []


def test_keys_are_random_and_lie_under_their_prefix() -> None:
    chance = SeededChance("keys")
    made = {new_key(chance, PRIVATE, "consents") for _ in range(1000)}

    assert len(made) == 1000
    assert all(key.startswith("private/consents/") and len(key) <= 80 for key in made)


def test_a_folder_that_refuses_is_told_as_passing(folder: Path) -> None:
    storage = Storage(f"file://{folder}")
    (folder / "private").write_bytes(b"a file where a folder should be")

    with pytest.raises(Unavailable, match="storage-away"):
        storage.put(KEY, b"kept")


def test_many_at_once_disturb_nobody(storage: Storage) -> None:
    keys = [f"private/consents/{at:02d}/x" for at in range(16)]
    threads = [threading.Thread(target=storage.put, args=(key, key.encode())) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [storage.get(key) for key in keys] == [key.encode() for key in keys]


def test_a_bucket_is_made_out_of_its_address_without_reaching_for_it() -> None:
    Storage("s3://contest-files/hanoi")
