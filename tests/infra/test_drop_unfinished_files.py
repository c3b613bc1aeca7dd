"""The worker removes what killed processes left half-way in the folder, and only that."""

from datetime import timedelta
from pathlib import Path

import pytest

from contest import app
from contest.infra.storage import Storage
from tests.server import settings_for
from tests.world import World

KEY = "private/consents/ab/cdef"


@pytest.mark.parametrize("is_old", [True, False])
def test_the_worker_drops_what_was_left_half_way_once_it_is_old(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_old: bool
) -> None:
    """Half a scan of a signed paper must not stay for ever where nobody looks."""
    settings = settings_for("sqlite:///unused.db", tmp_path)
    storage = Storage(settings.storage_url)
    storage.put(KEY, b"kept")
    left = tmp_path / "files" / ".incoming" / "left-by-a-kill"
    left.write_bytes(b"half a scan")
    # A file's age cannot be set back: so the patience is taken away instead.
    if is_old:
        monkeypatch.setattr(app, "_UNFINISHED_AFTER", timedelta(seconds=-1))

    app.make_worker(settings, world.db, world.clock, world.chance).run_until_idle()

    assert left.exists() is not is_old
    assert storage.get(KEY) == b"kept"
