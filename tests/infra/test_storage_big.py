"""Recordings: whole files in and out without holding them, and any stretch of one."""

import hashlib
import itertools
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from contest.errors import NotFound
from contest.infra.storage import PIECE_BYTES, Storage
from tests.s3 import S3Server
from tests.waiting import wait_until

KEY = "recordings/ab/cdef"
MIB = 1024 * 1024
PART = 5 * MIB
SIZE = 40 * MIB + 123


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 MiB in which no two stretches are alike."""
    path = tmp_path_factory.mktemp("recording") / "original"
    path.write_bytes(random.Random("recording").randbytes(SIZE))
    return path


@pytest.fixture
def own_copy(recording: Path, tmp_path: Path) -> Path:
    path = tmp_path / "own"
    path.write_bytes(recording.read_bytes())
    return path


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def test_a_recording_comes_back_as_it_went(
    storage: Storage, recording: Path, tmp_path: Path
) -> None:
    into = tmp_path / "fetched"
    into.write_bytes(b"something older")

    storage.put_file(KEY, recording)
    storage.fetch(KEY, into)

    assert storage.size(KEY) == SIZE
    assert digest(into) == digest(recording)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["fetched"]


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 2 * PART])
def test_every_size_comes_back(storage: Storage, tmp_path: Path, size: int) -> None:
    source, into = tmp_path / "source", tmp_path / "into"
    source.write_bytes(random.Random(size).randbytes(size))

    storage.put_file(KEY, source)
    storage.fetch(KEY, into)

    assert storage.size(KEY) == size
    assert digest(into) == digest(source)
    assert b"".join(storage.read_range(KEY, 0, size + 1)) == source.read_bytes()


def test_the_source_stays_unless_it_is_to_move(storage: Storage, own_copy: Path) -> None:
    expected = digest(own_copy)

    storage.put_file(KEY, own_copy)
    assert digest(own_copy) == expected
    storage.put_file(KEY, own_copy, move=True)

    assert not own_copy.exists()
    assert hashlib.sha256(storage.get(KEY)).hexdigest() == expected


def test_another_file_of_the_same_key_replaces_it(storage: Storage, tmp_path: Path) -> None:
    for size in (6 * MIB, 10):
        source = tmp_path / "source"
        source.write_bytes(random.Random(size).randbytes(size))
        storage.put_file(KEY, source, move=True)

    assert storage.size(KEY) == 10


def test_any_stretch_is_read_in_small_pieces(storage: Storage, recording: Path) -> None:
    storage.put_file(KEY, recording)
    content = recording.read_bytes()

    for start, length in (
        (0, 1),
        (0, 0),
        (SIZE - 1, 1),
        (7, 3),
        (PART - 1, 2),
        (PART - 10, PIECE_BYTES + 20),
        (MIB - 1, 2 * MIB + 2),
        (0, SIZE),
        (SIZE - 100, 200),
        (SIZE - 1, 10**12),
        (SIZE, 1),
        (SIZE + 1, 5),
        (10**12, 5),
    ):
        pieces = list(storage.read_range(KEY, start, length))
        assert b"".join(pieces) == content[start : start + length], (start, length)
        assert all(0 < len(piece) <= PIECE_BYTES for piece in pieces)


@pytest.mark.parametrize(("start", "length"), [(-1, 5), (0, -1)])
def test_a_negative_stretch_is_a_fault_of_ours(storage: Storage, start: int, length: int) -> None:
    storage.put(KEY, b"kept")

    with pytest.raises(ValueError, match="negative"):
        storage.read_range(KEY, start, length)


def test_what_is_deleted_before_it_is_read_is_not_found(storage: Storage) -> None:
    storage.put(KEY, b"kept")
    reading = storage.read_range(KEY, 0, 4)

    storage.delete(KEY)

    with pytest.raises(NotFound, match="no-file"):
        next(reading)


def test_what_is_deleted_while_it_is_read_is_never_ended_short(
    storage: Storage, storage_url: str, recording: Path
) -> None:
    storage.put_file(KEY, recording)
    reading = storage.read_range(KEY, 0, SIZE)
    next(reading)

    storage.delete(KEY)

    if storage_url.startswith("file://"):  # it is open
        assert sum(len(piece) for piece in reading) == SIZE - PIECE_BYTES
    else:
        with pytest.raises(NotFound, match="no-file"):
            list(reading)


PUT = """
import sys
from pathlib import Path
from contest.infra.storage import Storage

Storage(sys.argv[1]).put_file(sys.argv[2], Path(sys.argv[3]))
"""


@pytest.mark.faults
def test_a_kill_while_parts_go_up_leaves_nothing_under_the_key(
    bucket_url: str, s3: S3Server, tmp_path: Path
) -> None:
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(300 * MIB)
    before = set(s3.folder.rglob("*.bin"))

    child = subprocess.Popen([sys.executable, "-c", PUT, bucket_url, KEY, str(big)])
    wait_until(lambda: bool(set(s3.folder.rglob("*.bin")) - before))
    child.kill()

    assert child.wait(20) == -signal.SIGKILL
    storage = Storage(bucket_url)
    assert not storage.exists(KEY)
    assert list(storage.list("recordings")) == []


READ_AND_KEEP = """
import sys
from pathlib import Path
from contest.infra.storage import Storage

def peak_mib():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024

url, source, into = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
if sys.argv[4] == "copied":
    import os
    def apart(*_, **__):
        raise OSError("across file systems")
    os.link = apart
storage = Storage(url)
storage.put("warm/up", b"x")
list(storage.read_range("warm/up", 0, 1))
before = peak_mib()
storage.put_file("recordings/big", source)
storage.fetch("recordings/big", into)
read = sum(len(piece) for piece in storage.read_range("recordings/big", 0, 10**12))
assert read == source.stat().st_size == into.stat().st_size, read
print(peak_mib() - before)
"""


@pytest.mark.slow
@pytest.mark.parametrize("way", ["linked", "copied", "sent"])
def test_memory_stays_flat(request: pytest.FixtureRequest, tmp_path: Path, way: str) -> None:
    url = f"file://{tmp_path / 'files'}"
    if way == "sent":
        url = request.getfixturevalue("bucket_url")
    source = tmp_path / "big"
    with source.open("wb") as file:
        file.truncate(200 * MIB)

    done = subprocess.run(
        [sys.executable, "-c", READ_AND_KEEP, url, str(source), str(tmp_path / "in"), way],
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 40


def test_a_listener_who_leaves_early_holds_nothing(storage: Storage, recording: Path) -> None:
    storage.put_file(KEY, recording)

    for reading in [storage.read_range(KEY, 0, SIZE) for _ in range(20)]:
        assert sum(len(piece) for piece in itertools.islice(reading, 2)) == 2 * PIECE_BYTES
        reading.close()
        assert list(reading) == []
