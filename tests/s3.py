"""An S3 server of the tests' own: nanio on a free port of the loopback, in a temporary folder.

    server, reason = start_s3()
    if server is None:
        pytest.skip(reason)
    os.environ.update(server.environment())
    storage = Storage(server.new_place())
    ...
    server.stop()

It is a real server: it checks signatures, takes uploads in parts and answers ranges. What it does
not do is heed If-None-Match. Buckets are folders below `server.folder`, objects are files in them.
"""

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

BUCKET: Final = "contest-files"
START_SECONDS: Final = 30.0
# Somebody else may take a free port between our asking for it and the server's binding it.
PORTS_TRIED: Final = 3


class S3Failed(Exception):
    """The server did not start; the message holds the end of its log."""


class S3Server:
    """One server over one folder; it may be killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.access_key = f"tests-{secrets.token_hex(4)}"
        self.secret_key = secrets.token_hex(20)
        self.port = 0
        self._server: subprocess.Popen[bytes] | None = None
        (folder / "data" / BUCKET).mkdir(parents=True)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def bucket(self) -> Path:
        """Where the objects lie."""
        return self.folder / "data" / BUCKET

    def environment(self) -> dict[str, str]:
        """What somebody sets who keeps files here."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ALLOW_HTTP": "true",
        }

    def new_place(self) -> str:
        """The address of an empty place for files, for SANCHOI_STORAGE_URL."""
        return f"s3://{BUCKET}/{secrets.token_hex(6)}"

    def start(self) -> None:
        """Start and wait until it answers; after `kill` on the port it had."""
        for _ in range(PORTS_TRIED):
            if self._comes_up(self.port or _free_port()):
                return
        raise S3Failed((self.folder / "log").read_text(errors="replace")[-2000:])

    def kill(self) -> None:
        """As a power cut would; `start` brings it back."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the server and remove its folder; twice is fine."""
        self._end(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _comes_up(self, port: int) -> bool:
        command = [sys.executable, "-m", "nanio", "serve", "--host", "127.0.0.1"]
        command += ["--port", str(port), "--data-dir", str(self.folder / "data")]
        command += ["--no-access-log", "--log-level", "warning"]
        if shutil.which("setpriv"):
            # A test runner that is killed leaves no server behind.
            command = ["setpriv", "--pdeathsig", "KILL", *command]
        keys = {"NANIO_ACCESS_KEY": self.access_key, "NANIO_SECRET_KEY": self.secret_key}
        with (self.folder / "log").open("ab") as log:
            server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, **keys},
                start_new_session=True,
            )
        give_up_at = time.monotonic() + START_SECONDS
        while server.poll() is None and time.monotonic() < give_up_at:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                self.port, self._server = port, server
                return True
            time.sleep(0.02)
        server.kill()
        server.wait(10)
        return False

    def _end(self, how: signal.Signals) -> None:
        server, self._server = self._server, None
        if server is not None and server.poll() is None:
            server.send_signal(how)
            server.wait(10)


def start_s3() -> tuple[S3Server | None, str]:
    """A running server and "", or None and a sentence that says why there is none."""
    if importlib.util.find_spec("nanio") is None:
        return None, "nanio is not installed (make setup-dev)"
    folder = Path(tempfile.mkdtemp(prefix="sanchoi-s3-"))
    server = S3Server(folder)
    try:
        server.start()
    except (S3Failed, OSError) as problem:
        server.stop()
        return None, f"nanio does not start here: {problem}"
    except BaseException:
        server.stop()
        raise
    return server, ""


@contextlib.contextmanager
def running_s3() -> Iterator[tuple[S3Server | None, str]]:
    """`start_s3` for a with-statement; stops what it started."""
    server, reason = start_s3()
    try:
        yield server, reason
    finally:
        if server is not None:
            server.stop()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
