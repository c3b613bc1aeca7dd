"""What a sweep needs: everything below a folder, with size and date, and all of it gone at once."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from contest.infra.storage import Storage
from tests.s3 import S3Server

KEYS = {
    "recordings/ab/one/original": 3,
    "recordings/ab/one/playable.mp4": 5,
    "recordings/ab/two/original": 0,
    "recordings/abc/three": 7,
    "recordings/ab.x": 2,
    "private/ab/four": 1,
}


def keep_all(storage: Storage) -> None:
    for key, size in KEYS.items():
        storage.put(key, random.Random(key).randbytes(size))


def listed(storage: Storage, prefix: str) -> dict[str, int]:
    found = list(storage.list(prefix))
    sizes = {key: size for key, size, _ in found}
    assert len(sizes) == len(found)
    return sizes


def below(prefix: str) -> dict[str, int]:
    return {key: size for key, size in KEYS.items() if key.startswith(prefix + "/")}


def test_a_folder_lists_what_is_below_it_and_nothing_of_its_neighbours(storage: Storage) -> None:
    keep_all(storage)

    for prefix in ("recordings", "recordings/ab", "recordings/ab/one", "private"):
        assert listed(storage, prefix) == below(prefix) != {}
    assert listed(storage, "recordings/a") == {}
    assert listed(storage, "recordings/ab/two/original") == {}
    assert listed(storage, "nothing") == {}


def test_each_file_has_the_time_of_its_last_change(storage: Storage) -> None:
    begin = datetime.now(UTC)
    keep_all(storage)

    for kept in storage.list("recordings"):
        # S3 tells whole seconds.
        assert begin - timedelta(seconds=1) <= kept.changed <= datetime.now(UTC)


def test_a_folder_of_more_than_one_page_is_listed_and_deleted_whole(
    storage: Storage, storage_url: str, s3: S3Server, folder: Path
) -> None:
    # A bucket gives a thousand at once. Put in place by hand: a thousand times over HTTP is long.
    root = folder if storage_url.startswith("file") else s3.folder / "data" / storage_url[5:]
    (root / "many" / "ab").mkdir(parents=True)
    for at in range(2100):
        (root / "many" / "ab" / f"file-{at}").touch()
    storage.put("other/kept", b"")

    assert len(listed(storage, "many")) == 2100
    storage.delete_folder("many")

    assert listed(storage, "many") == {}
    assert storage.exists("other/kept")


def test_a_deleted_folder_is_gone_and_deleting_again_is_no_fault(storage: Storage) -> None:
    keep_all(storage)

    for _ in range(2):
        storage.delete_folder("recordings/ab")

    assert listed(storage, "recordings") == {"recordings/abc/three": 7, "recordings/ab.x": 2}
    assert not storage.exists("recordings/ab/one/original")
    assert storage.exists("private/ab/four")
    storage.put("recordings/ab/one/original", b"again")
    assert storage.get("recordings/ab/one/original") == b"again"


def test_a_file_is_no_folder_to_be_deleted(storage: Storage) -> None:
    keep_all(storage)

    storage.delete_folder("recordings/abc/three")
    storage.delete_folder("nothing/here")

    assert listed(storage, "recordings") == below("recordings")


def test_what_is_deleted_while_it_is_listed_disturbs_nobody(storage: Storage) -> None:
    keep_all(storage)

    for kept in storage.list("recordings"):
        storage.delete(kept.key)

    assert listed(storage, "recordings") == {}


def test_what_is_no_key_of_ours_is_not_listed(folder: Path) -> None:
    storage = Storage(f"file://{folder}")
    keep_all(storage)
    (folder / "recordings" / ".DS_Store").touch()
    (folder / "recordings" / "Ảnh.jpg").touch()
    (folder / "recordings" / "ab" / "link").symlink_to("/etc/passwd")
    (folder / "recordings" / "all").symlink_to(folder / "private")

    assert listed(storage, "recordings") == below("recordings")


def test_a_bucket_says_no_figure_and_leaves_unfinished_uploads_to_its_rule(
    bucket_url: str,
) -> None:
    storage = Storage(bucket_url)

    assert storage.free_bytes() is None
    assert storage.drop_unfinished(datetime.now(UTC)) == 0
