"""A bucket that refuses, is gone, or does not answer: told as passing, in time, without secrets."""

import socket
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from contest.errors import Unavailable
from contest.infra.storage import Storage, _without_secrets, bucket
from tests.s3 import S3Server, start_s3

KEY = "recordings/ab/cdef"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 6 * 1024 * 1024)
    return path


@pytest.fixture
def own_s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    """A server that the test may kill."""
    server, reason = start_s3()
    if server is None:
        pytest.skip(f"S3: {reason}")
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    yield server
    server.stop()


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch, bucket_url: str) -> Iterator[str]:
    """A server that takes a connection and says nothing; its patience is made short."""
    monkeypatch.setattr(bucket, "_TIMEOUT", timedelta(seconds=0.5))
    monkeypatch.setattr(bucket, "_RETRY_TIMEOUT", timedelta(seconds=1))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{listening.getsockname()[1]}")
        yield bucket_url


def everything(storage: Storage, file: Path) -> dict[str, Callable[[], object]]:
    return {
        "put": lambda: storage.put(KEY, b"kept"),
        "put_file": lambda: storage.put_file(KEY, file, move=True),
        "get": lambda: storage.get(KEY),
        "fetch": lambda: storage.fetch(KEY, file.with_name("into")),
        "size": lambda: storage.size(KEY),
        "exists": lambda: storage.exists(KEY),
        "read_range": lambda: list(storage.read_range(KEY, 0, 5)),
        "list": lambda: list(storage.list("recordings")),
        "delete": lambda: storage.delete(KEY),
        "delete_folder": lambda: storage.delete_folder("recordings"),
    }


def all_refused(storage: Storage, file: Path) -> str:
    """What a log would say of every way to use it."""
    said = []
    for name, use in everything(storage, file).items():
        with pytest.raises(Unavailable, match="storage-away") as refusal:
            use()
        told = "".join(traceback.format_exception(refusal.value))
        assert "Error" in told, name
        # What web/problems.py puts into the log.
        said += [told, str(refusal.value.facts["cause"])]
    assert file.exists()
    assert [path.name for path in file.parent.iterdir()] == ["file"]
    return "\n".join(said)


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_wrong_credentials_are_told_as_passing_and_named_in_no_log(
    bucket_url: str, s3: S3Server, file: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    Storage(bucket_url).put(KEY, b"kept")
    monkeypatch.setenv(name, "wrong-credential-of-ours")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a-passing-token")

    said = all_refused(Storage(bucket_url), file)

    assert "403 Forbidden" in said
    for secret in ("wrong-credential-of-ours", "a-passing-token", s3.secret_key):
        assert secret not in said


def test_what_a_server_repeats_of_our_request_reaches_no_log() -> None:
    head = "Generic S3 error: Error performing GET https://s3/x - Server returned 403 Forbidden: "
    error = OSError(f"{head}<Error><Signed>token:SECRET</Signed>\nDebug source: SECRET")

    assert _without_secrets(error) == f"OSError: {head}"


def test_a_bucket_that_is_not_there_keeps_nothing(
    bucket_url: str, s3: S3Server, file: Path
) -> None:
    storage = Storage(f"s3://no-such-bucket/{bucket_url[-8:]}")

    for keep in (lambda: storage.put(KEY, b"kept"), lambda: storage.put_file(KEY, file, move=True)):
        with pytest.raises(Unavailable, match="storage-away"):
            keep()
    assert file.exists()


def test_without_leave_nothing_is_sent_in_the_clear(
    bucket_url: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ALLOW_HTTP")

    all_refused(Storage(bucket_url), file)


@pytest.mark.slow
def test_a_server_that_is_gone_is_told_in_time_and_found_again(
    own_s3: S3Server, file: Path
) -> None:
    storage = Storage(own_s3.new_place())
    storage.put(KEY, b"kept")
    own_s3.kill()

    begin = time.monotonic()
    all_refused(storage, file)
    assert time.monotonic() - begin < 20

    own_s3.start()
    assert storage.get(KEY) == b"kept"
    storage.put_file(KEY, file, move=True)
    assert storage.size(KEY) == 6 * 1024 * 1024
    assert not file.exists()


@pytest.mark.slow
def test_a_server_that_says_nothing_is_given_up(silent: str, file: Path) -> None:
    begin = time.monotonic()

    all_refused(Storage(silent), file)

    assert time.monotonic() - begin < 60


@pytest.mark.slow
def test_a_server_that_goes_while_a_recording_is_read_is_told(own_s3: S3Server, file: Path) -> None:
    storage = Storage(own_s3.new_place())
    storage.put_file(KEY, file)
    reading = storage.read_range(KEY, 0, 10**9)
    next(reading)

    own_s3.kill()

    with pytest.raises(Unavailable, match="storage-away"):
        list(reading)
