"""What a folder promises beyond: who may read it, what is synced, what is left behind by whom."""

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contest.errors import Unavailable
from contest.infra.storage import Storage
from tests.waiting import wait_until

KEY = "private/consents/ab/cdef"


@pytest.fixture
def storage(folder: Path) -> Storage:
    return Storage(f"file://{folder}")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "recording"
    path.write_bytes(b"a child's voice" * 100_000)
    path.chmod(0o644)
    return path


def apart(*_: object, **__: object) -> None:
    """What linking says across file systems."""
    raise OSError(errno.EXDEV, "across file systems")


@pytest.fixture(params=["linked", "copied"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "copied":
        monkeypatch.setattr(os, "link", apart)
    return str(request.param)


def modes(folder: Path) -> set[tuple[bool, int]]:
    return {
        (path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in (folder, *folder.rglob("*"))
    }


def test_nobody_else_on_the_machine_may_read_or_list(
    storage: Storage, folder: Path, recording: Path, tmp_path: Path, way: str
) -> None:
    before = os.umask(0)
    try:
        storage.put(KEY, b"a child's signature")
        storage.put_file("recordings/ab/cd", recording)
        storage.fetch(KEY, tmp_path / "fetched")
    finally:
        os.umask(before)

    assert modes(folder) == {(True, 0o700), (False, 0o600)}
    assert stat.S_IMODE((tmp_path / "fetched").stat().st_mode) == 0o600


@pytest.mark.parametrize("how", ["put", "put_file"])
def test_a_file_is_synced_before_it_is_there_and_its_folders_before_we_say_so(
    storage: Storage,
    folder: Path,
    recording: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    how: str,
) -> None:
    synced: list[tuple[int, bool]] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        synced.append((os.fstat(descriptor).st_ino, (folder / KEY).exists()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    if how == "put":
        storage.put(KEY, b"kept")
    else:
        storage.put_file(KEY, recording)

    above = [folder, *(folder / up for up in Path(KEY).parents[:-1])]
    assert synced[0] == ((folder / KEY).stat().st_ino, False)
    assert set(synced[1:]) == {(path.stat().st_ino, True) for path in above}


def test_a_file_taken_over_is_no_longer_where_it_was(
    storage: Storage, recording: Path, way: str
) -> None:
    content = recording.read_bytes()

    storage.put_file(KEY, recording, move=True)

    assert not recording.exists()
    assert storage.get(KEY) == content


def test_a_crash_before_the_source_was_removed_is_put_right_by_the_same_call(
    storage: Storage, folder: Path, recording: Path
) -> None:
    content = recording.read_bytes()
    storage.put_file(KEY, recording)  # as far as a move had come

    storage.put_file(KEY, recording, move=True)

    assert not recording.exists()
    assert storage.get(KEY) == content
    assert list((folder / ".incoming").iterdir()) == []


def test_the_same_file_twice_leaves_no_second_name(
    storage: Storage, folder: Path, recording: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        storage.put_file(KEY, recording)
        storage.fetch(KEY, tmp_path / "fetched")

    assert recording.stat().st_nlink == 3
    assert list((folder / ".incoming").iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {"data", "recording", "fetched"}


def test_a_link_that_leads_elsewhere_is_not_kept(storage: Storage, tmp_path: Path) -> None:
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to("/etc/passwd")
    os.mkfifo(pipe)

    for path in (link, pipe, tmp_path):
        with pytest.raises(ValueError, match="plain file"):
            storage.put_file(KEY, path)
    with pytest.raises(FileNotFoundError):
        storage.put_file(KEY, tmp_path / "nothing")
    assert not storage.exists(KEY)


def test_a_folder_that_refuses_is_told_as_passing(
    storage: Storage, folder: Path, recording: Path
) -> None:
    (folder / "private").write_bytes(b"a file where a folder should be")

    for keep in (lambda: storage.put(KEY, b"kept"), lambda: storage.put_file(KEY, recording)):
        with pytest.raises(Unavailable, match="storage-away") as refused:
            keep()
        assert "FileExistsError" in str(refused.value.facts["cause"])
    assert list((folder / ".incoming").iterdir()) == []
    assert recording.exists()


def test_a_full_disk_leaves_nothing_under_the_key(
    storage: Storage, folder: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    for keep in (lambda: storage.put(KEY, b"kept"), lambda: storage.put_file(KEY, recording)):
        with pytest.raises(Unavailable, match="storage-away"):
            keep()

    assert not (folder / KEY).exists()
    assert list((folder / ".incoming").iterdir()) == []


COPY = """
import errno, os, sys
from pathlib import Path
from contest.infra.storage import Storage

def apart(*_, **__):
    raise OSError(errno.EXDEV, "across file systems")

os.link = apart
Storage(sys.argv[1]).put_file(sys.argv[2], Path(sys.argv[3]))
"""


@pytest.mark.faults
def test_a_kill_while_copying_leaves_nothing_under_the_key(
    storage: Storage, folder: Path, tmp_path: Path
) -> None:
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(1024**3)
    incoming = folder / ".incoming"

    child = subprocess.Popen([sys.executable, "-c", COPY, f"file://{folder}", KEY, str(big)])
    wait_until(
        lambda: incoming.is_dir() and any(path.stat().st_size for path in incoming.iterdir())
    )
    child.kill()

    assert child.wait(20) == -signal.SIGKILL
    assert not storage.exists(KEY)
    assert list(storage.list("private")) == []
    now = datetime.now(UTC)
    assert storage.drop_unfinished(now - timedelta(hours=1)) == 0
    assert storage.drop_unfinished(now + timedelta(seconds=1)) == 1
    assert list(incoming.iterdir()) == []


def test_what_a_killed_deletion_left_is_dropped_too(storage: Storage, folder: Path) -> None:
    storage.put("recordings/ab/cd", b"half deleted")
    (folder / "recordings").rename(folder / ".incoming" / "doomed")

    assert storage.drop_unfinished(datetime.now(UTC) + timedelta(seconds=1)) == 1
    assert list((folder / ".incoming").iterdir()) == []


def test_folders_that_became_empty_are_gone_and_others_stay(storage: Storage, folder: Path) -> None:
    storage.put("recordings/ab/one", b"1")
    storage.put("recordings/ab/two", b"2")
    storage.put("recordings/cd/three", b"3")

    storage.delete("recordings/ab/one")
    assert (folder / "recordings" / "ab").is_dir()
    storage.delete("recordings/ab/two")
    assert not (folder / "recordings" / "ab").exists()
    storage.delete_folder("recordings/cd")
    assert not (folder / "recordings").exists()
    assert folder.is_dir()


def test_folders_removed_under_the_hands_of_a_put_are_made_again(
    storage: Storage, folder: Path, recording: Path
) -> None:
    over = threading.Event()

    def put_and_delete(worker: int) -> None:
        for at in range(60):
            key = f"race/ab/{worker}-{at}"
            if at % 2:
                storage.put(key, b"kept")
            else:
                storage.put_file(key, recording)
            assert storage.exists(key)
            storage.delete(key)

    def keep_emptying() -> None:
        while not over.is_set():
            storage.delete("race/ab/nothing")

    emptying = threading.Thread(target=keep_emptying)
    emptying.start()
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(put_and_delete, range(4)))
    finally:
        over.set()
        emptying.join()

    assert list(storage.list("race")) == []
    assert not (folder / "race").exists()


def test_no_file_stays_open_when_a_listener_leaves(storage: Storage, recording: Path) -> None:
    storage.put_file(KEY, recording)
    before = os.listdir("/proc/self/fd")

    never_begun = storage.read_range(KEY, 0, 10**6)
    begun = storage.read_range(KEY, 0, 10**6)
    next(begun)
    assert len(os.listdir("/proc/self/fd")) == len(before) + 1
    begun.close()
    del never_begun
    listing = storage.list("private")
    next(listing)
    listing.close()

    assert os.listdir("/proc/self/fd") == before


def test_free_bytes_are_those_of_the_disk(storage: Storage, folder: Path) -> None:
    free = storage.free_bytes()

    assert free is not None
    assert 0 < free <= os.statvfs(folder).f_blocks * os.statvfs(folder).f_frsize
