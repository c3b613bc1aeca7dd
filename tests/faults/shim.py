"""Builds sync_shim.c and reads what it logged."""

import shutil
import subprocess
from pathlib import Path
from typing import Final, NamedTuple

SOURCE: Final = Path(__file__).with_name("sync_shim.c")
MARK_TAIL: Final = 8


class NoShim(Exception):
    """It cannot be built here; the message is a sentence that says why."""


class Written(NamedTuple):
    """A completed write; times in nanoseconds of the monotonic clock."""

    pid: int
    at: int
    size: int
    marks: frozenset[str]


class Synced(NamedTuple):
    """A disk sync that came back: when it was asked for and when it was done."""

    pid: int
    began: int
    ended: int


def build_shim(folder: Path) -> Path:
    """Compiles the library into `folder`, readable for everybody. Raises NoShim."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise NoShim("no C compiler is installed (Debian: apt-get install gcc libc6-dev)")
    library = folder / "sync_shim.so"
    built = subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-ldl"],
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode != 0:
        raise NoShim(f"the shim does not compile here: {built.stderr.strip()[-400:]}")
    library.chmod(0o755)
    return library


def read_trace(log: Path) -> tuple[list[Written], list[Synced]]:
    """All writes and all syncs that succeeded, in the order in which they were logged."""
    writes, syncs = [], []
    for line in log.read_text("ascii").splitlines():
        kind, pid, *rest = line.split(" ")
        if kind == "W":
            at, size, marks = rest
            writes.append(Written(int(pid), int(at), int(size), frozenset(marks.split(","))))
        else:
            began, ended, result = rest
            if result == "0":
                syncs.append(Synced(int(pid), int(began), int(ended)))
    return writes, syncs
