"""Starts the real site as a process of its own, and moves its clock.

    site = Site(folder)
    site.start()                       # tables, units, banks; returns when it is ready
    ...
    site.move_clock(timedelta(hours=1))
    site.kill()                        # kill -9
    site.start()                       # the same port, the same data

What runs is `contest serve` with one difference: its clock adds an offset kept in a file. The
application itself has no route and no setting that moves time.
"""

import argparse
import contextlib
import http.client
import mmap
import os
import secrets
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from contest.infra.clock import system_clock
from contest.infra.database import Database

ROOT: Final = Path(__file__).resolve().parents[1]
READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0
_OFFSET: Final = struct.Struct("<q")


class FileClock:
    """The system's clock plus an offset in milliseconds, kept in a file that processes share."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(_OFFSET.pack(0))
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), _OFFSET.size)

    def __call__(self) -> datetime:
        return system_clock() + self.offset

    @property
    def offset(self) -> timedelta:
        found: int = _OFFSET.unpack(self._shared[:])[0]
        return timedelta(milliseconds=found)

    @offset.setter
    def offset(self, offset: timedelta) -> None:
        self._shared[:] = _OFFSET.pack(offset // timedelta(milliseconds=1))

    def close(self) -> None:
        self._shared.close()


class SiteFailed(Exception):
    """The site did not start; the message holds the end of its log."""


class Site:
    """One site: a data folder, a port, a clock, and the process while it runs.

    `preload` is a library for LD_PRELOAD, `environment` more variables for the process, `module`
    what is started instead of this one (it gets the same arguments).
    """

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str | None = None,
        demo: bool = False,
        with_worker: bool = True,
        preload: Path | None = None,
        environment: Mapping[str, str] | None = None,
        secret_key: bytes | None = None,
        module: str = "tests.launcher",
    ) -> None:
        self.folder = folder
        self.data_dir = folder / "var"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.host, self.port = "127.0.0.1", _free_port()
        self.database_url = database_url or f"sqlite:///{self.data_dir}/contest.db"
        self.secret_key = secret_key or secrets.token_hex(32).encode()
        self.clock = FileClock(folder / "clock")
        self._module = module
        self._arguments: Sequence[str] = [str(folder / "clock")]
        if not with_worker:
            self._arguments = [*self._arguments, "--no-worker"]
        self._environment = {
            # Nothing of the caller's own settings; PATH, HOME and the like stay.
            **{name: text for name, text in os.environ.items() if not name.startswith("SANCHOI_")},
            "SANCHOI_HOST": self.host,
            "SANCHOI_PORT": str(self.port),
            "SANCHOI_DATA_DIR": str(self.data_dir),
            "SANCHOI_DATABASE_URL": self.database_url,
            "SANCHOI_SECRET_KEY": self.secret_key.decode(),
            "SANCHOI_DEMO": "1" if demo else "0",
            "SANCHOI_PUBLIC_URL": self.url,
            "PYTHONUNBUFFERED": "1",
            **(environment or {}),
        }
        if preload is not None:
            self._environment["LD_PRELOAD"] = str(preload)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None, "the site does not run"
        return self._process.pid

    def start(self) -> float:
        """Starts the site and waits until it is ready; seconds that took. Raises SiteFailed."""
        assert not self.is_running, "the site runs already"
        began = time.monotonic()
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module, *self._arguments],
                # The site ends when this pipe closes: a killed test run leaves none behind.
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=self._environment,
                start_new_session=True,
            )
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > began + READY_SECONDS:
                self.kill()
                raise SiteFailed(self.log()[-3000:])
            time.sleep(0.02)
        return time.monotonic() - began

    def kill(self) -> None:
        """kill -9 of the process and whatever it started; no chance to finish anything."""
        self._signal(signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        """The orderly end."""
        self._signal(signal.SIGTERM)
        try:
            self._reap()
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def close(self) -> None:
        """Ends whatever still runs."""
        self.kill()
        self.clock.close()

    def move_clock(self, length: timedelta) -> datetime:
        """Lets so much time pass at once, for the running site too; says what time it is then."""
        self.clock.offset += length
        return self.clock()

    def log(self) -> str:
        """Everything the site has printed and logged so far."""
        try:
            return (self.folder / "server.log").read_text("utf-8", "replace")
        except FileNotFoundError:
            return ""

    @contextlib.contextmanager
    def database(self) -> Iterator[Database]:
        """The site's own database, beside the running site or instead of it."""
        opened = Database(self.database_url)
        try:
            yield opened
        finally:
            opened.close()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _reap(self) -> None:
        if self._process is not None:
            self._process.wait(STOP_SECONDS)
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process = None

    def _is_ready(self) -> bool:
        asked = http.client.HTTPConnection(self.host, self.port, timeout=10)
        try:
            asked.request("GET", "/readyz")
            return asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()


@contextlib.contextmanager
def running(site: Site) -> Iterator[Site]:
    """`start` for a with-statement; nothing of the site is left running."""
    try:
        site.start()
        yield site
    finally:
        site.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def end_with_parent() -> None:
    """Ends this process when the one that holds the other end of its standard input is gone."""

    def wait() -> None:
        # Not through sys.stdin, whose lock would be held when the process ends in order.
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def main() -> None:
    # Here and not above: the classes are used by tests that do not need the whole application.
    from contest.cli.serve import run_site
    from contest.settings import read_settings

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clock", type=Path, help="the file that holds the clock's offset")
    parser.add_argument("--no-worker", action="store_true")
    chosen = parser.parse_args()
    end_with_parent()
    run_site(read_settings(), clock=FileClock(chosen.clock), with_worker=not chosen.no_worker)


if __name__ == "__main__":
    main()
