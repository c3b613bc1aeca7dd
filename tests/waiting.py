"""Waiting for what another process does, no longer than it should take."""

import time
from collections.abc import Callable


def wait_until(is_so: Callable[[], bool], *, seconds: float = 20) -> None:
    give_up_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up_at, "it did not come so far"
        # There is nothing to be told by: a file of another process appears, or grows.
        time.sleep(0.001)
