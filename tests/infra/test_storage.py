"""Files: kept, given back, gone; what is no key; many at once. On a folder and on S3 alike."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from contest.errors import NotFound
from contest.infra.chance import SeededChance
from contest.infra.storage import PRIVATE, Storage, new_key
from tests.s3 import S3Server

KEY = "private/consents/ab/cdef"


def test_what_is_kept_is_given_back_byte_for_byte(storage: Storage) -> None:
    content = bytes(range(256)) * 100

    storage.put(KEY, content)

    assert storage.get(KEY) == content
    assert storage.exists(KEY)
    assert storage.size(KEY) == len(content)


def test_an_empty_file_is_a_file(storage: Storage) -> None:
    storage.put(KEY, b"")

    assert storage.get(KEY) == b""
    assert storage.size(KEY) == 0


def test_a_file_of_the_same_key_is_replaced(storage: Storage) -> None:
    storage.put(KEY, b"the first")
    storage.put(KEY, b"second")

    assert storage.get(KEY) == b"second"
    assert storage.size(KEY) == 6


def test_a_new_storage_over_the_same_place_finds_what_was_kept(
    storage: Storage, storage_url: str
) -> None:
    storage.put(KEY, b"kept")

    assert Storage(storage_url).get(KEY) == b"kept"


def test_a_deleted_file_is_gone_and_deleting_again_is_no_fault(storage: Storage) -> None:
    storage.put(KEY, b"kept")

    storage.delete(KEY)
    storage.delete(KEY)

    assert not storage.exists(KEY)
    with pytest.raises(NotFound, match="no-file"):
        storage.get(KEY)


def test_what_was_never_kept_is_found_by_no_way(storage: Storage, tmp_path: Path) -> None:
    for ask in every_way_to_ask(storage, tmp_path / "in"):
        with pytest.raises(NotFound, match="no-file"):
            ask(KEY)
    assert not storage.exists(KEY)
    assert list(tmp_path.glob("*in*")) == []


@pytest.mark.parametrize("key", ["private/consents", f"{KEY}/more"])
def test_a_folder_is_no_file_and_nothing_lies_below_a_file(
    folder: Path, tmp_path: Path, key: str
) -> None:
    storage = Storage(f"file://{folder}")
    storage.put(KEY, b"kept")

    for ask in every_way_to_ask(storage, tmp_path / "in"):
        with pytest.raises(NotFound, match="no-file"):
            ask(key)
    assert not storage.exists(key)
    storage.delete(key)
    assert storage.exists(KEY)


def every_way_to_ask(storage: Storage, into: Path) -> list[Callable[[str], object]]:
    return [
        storage.get,
        storage.size,
        lambda key: storage.fetch(key, into),
        lambda key: storage.read_range(key, 0, 1),
    ]


@pytest.mark.parametrize(
    "key",
    ["", "x", "/etc/passwd", "private/../../x", "private//x", "../x", "private/X", "private/x\n",
     "private/Nguyễn", "private/a b", "private/.hidden", "a/" + "b" * 300],
)  # fmt: skip
def test_what_is_no_key_reaches_no_path(folder: Path, tmp_path: Path, key: str) -> None:
    storage = Storage(f"file://{folder}")
    file = tmp_path / "file"
    file.touch()
    for use in (
        storage.get,
        storage.exists,
        storage.delete,
        storage.size,
        lambda key: storage.put(key, b""),
        lambda key: storage.put_file(key, file),
        lambda key: storage.fetch(key, file),
        lambda key: storage.read_range(key, 0, 1),
    ):
        with pytest.raises(ValueError, match="not a key"):
            use(key)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("prefix", ["", "/", ".", "..", ".incoming", "a/..", "a/", "A", "a//b"])
def test_what_is_no_folder_is_neither_listed_nor_deleted(folder: Path, prefix: str) -> None:
    storage = Storage(f"file://{folder}")
    storage.put("a/b", b"kept")

    for use in (storage.list, storage.delete_folder):
        with pytest.raises(ValueError, match="not a folder"):
            use(prefix)
    assert storage.exists("a/b")


def test_keys_are_random_and_lie_under_their_prefix() -> None:
    chance = SeededChance("keys")
    made = {new_key(chance, PRIVATE, "consents") for _ in range(1000)}

    assert len(made) == 1000
    assert all(key.startswith("private/consents/") and len(key) <= 80 for key in made)


def test_many_at_once_disturb_nobody(storage: Storage) -> None:
    def keep_and_read(worker: int) -> None:
        for at in range(12):
            key = f"recordings/{at % 3:02d}/{worker}-{at}"
            content = key.encode() * 1000
            storage.put(key, content)
            assert storage.get(key) == content
            assert b"".join(storage.read_range(key, 5, 100)) == content[5:105]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep_and_read, range(8)))

    assert len(list(storage.list("recordings"))) == 8 * 12


def test_a_bucket_is_made_out_of_its_address_without_reaching_for_it() -> None:
    Storage("s3://contest-files/hanoi")


def test_two_places_in_a_bucket_know_nothing_of_each_other(bucket_url: str, s3: S3Server) -> None:
    here, there = Storage(bucket_url), Storage(s3.new_place())
    here.put(KEY, b"kept here")

    assert not there.exists(KEY)
    assert list(there.list("private")) == []
    there.delete_folder("private")
    assert here.exists(KEY)
