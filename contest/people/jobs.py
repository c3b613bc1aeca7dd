"""What people's data does in the background: scans of papers leave the storage."""

from collections.abc import Callable

from contest.infra.jobs import JobFunction


def delete_scan_job(delete: Callable[[str], None]) -> JobFunction:
    """`delete` forgets a file by its key; a file that is gone already is no fault."""

    def run(payload: dict[str, object]) -> None:
        key = payload["key"]
        assert isinstance(key, str)
        delete(key)

    return run
