"""A PostgreSQL cluster of the tests' own: in a temporary folder, on a unix socket, gone afterwards.

    cluster, reason = start_cluster()
    if cluster is None:
        pytest.skip(reason)
    url = cluster.create_database()
    ...
    cluster.stop()

No port is opened and nothing of a PostgreSQL that may run on the machine is touched. The server
refuses to run as root: then its folder belongs to the user `postgres`, which the package makes.
"""

import contextlib
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

ACCOUNT: Final = "sanchoi"
SERVICE_ACCOUNT: Final = "postgres"
START_SECONDS: Final = 60.0

# What only costs time where nothing is to survive a power cut.
CARELESS: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class ClusterFailed(Exception):
    """The server did not start; the message holds the end of its log."""


class Cluster:
    """One server in one folder. `fsync` on means that a commit has reached the disk."""

    def __init__(self, folder: Path, programs: Path, owner: str | None, *, fsync: bool) -> None:
        self.folder = folder
        self.fsync = fsync
        self._programs = programs
        self._owner = owner
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        """SQLAlchemy URL of the maintenance database."""
        return self.url_for("postgres")

    def url_for(self, database: str) -> str:
        return f"postgresql+psycopg://{ACCOUNT}@/{database}?host={self.folder}"

    def create_database(self, name: str | None = None, *, template: str | None = None) -> str:
        """Make a database and return its URL; a copy of `template` takes some 30 ms.

        Nobody may be connected to the template meanwhile.
        """
        name = name or f"t_{secrets.token_hex(6)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template or "template0")
        )
        if not self.fsync and template:
            # Copies files instead of logging every page: quicker when no file is synced.
            statement += sql.SQL(" STRATEGY FILE_COPY")
        with self.connect() as connection:
            connection.execute(statement)
        return self.url_for(name)

    def drop_database(self, name_or_url: str) -> None:
        """Drop a database, ending whatever connections it still has."""
        name = name_or_url
        if "://" in name_or_url:
            name = name_or_url.partition("?")[0].rpartition("/")[2]
        with self.connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def connect(self, database: str = "postgres") -> "psycopg.Connection[Any]":
        """A plain connection, each statement its own transaction."""
        return psycopg.connect(
            host=str(self.folder), user=ACCOUNT, dbname=database, autocommit=True
        )

    def start(self) -> None:
        """Start the server and wait until it answers; after `crash` it recovers first."""
        settings = [f"fsync={'on' if self.fsync else 'off'}", *(() if self.fsync else CARELESS)]
        settings += [
            "listen_addresses=",
            f"unix_socket_directories={self.folder}",
            "max_connections=60",
            "shared_buffers=64MB",
            # Autovacuum would make timings wander, and the tables live for seconds.
            "autovacuum=off",
            "log_min_messages=warning",
        ]
        command = [str(self._programs / "postgres"), "-D", str(self.folder / "data")]
        if shutil.which("setpriv"):
            # A test runner that is killed leaves no server behind.
            command = ["setpriv", "--pdeathsig", "QUIT", *command]
        for setting in settings:
            command += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                # Ctrl-C at the terminal is for the test runner, which then stops the server.
                start_new_session=True,
                **_as_user(self._owner),
            )
        give_up_at = time.monotonic() + START_SECONDS
        while True:
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                if self._server.poll() is not None or time.monotonic() > give_up_at:
                    self._end(signal.SIGQUIT)
                    raise ClusterFailed(_tail(self.folder / "log")) from None
                time.sleep(0.02)

    def crash(self) -> None:
        """Kill all of the server's processes, as a power cut would; `start` brings it back."""
        server = self._server
        if server is not None and server.poll() is None:
            for child in _children(server.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the server without waiting for clients and remove its folder; twice is fine."""
        self._end(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        if server.poll() is None:
            server.send_signal(how)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(10)


def start_cluster(*, fsync: bool = False) -> tuple[Cluster | None, str]:
    """A running cluster and "", or None and a sentence that says why there is none."""
    programs = find_programs()
    if programs is None:
        return None, "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    owner = None
    if os.geteuid() == 0:
        owner = SERVICE_ACCOUNT
        try:
            pwd.getpwnam(owner)
        except KeyError:
            return None, f"run as root, and there is no user {owner} to run PostgreSQL as"
    # Directly under /tmp: a socket's path may have no more than 107 bytes, and the server's user
    # must be able to walk there.
    folder = Path(tempfile.mkdtemp(prefix="sanchoi-pg-", dir="/tmp"))
    try:
        if owner is not None:
            shutil.chown(folder, owner, pwd.getpwnam(owner).pw_gid)
        cluster = Cluster(folder, programs, owner, fsync=fsync)
        _make_data_folder(folder, programs, owner, fsync=fsync)
        cluster.start()
    except (ClusterFailed, OSError) as problem:
        shutil.rmtree(folder, ignore_errors=True)
        return None, f"PostgreSQL does not start here: {problem}"
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return cluster, ""


@contextlib.contextmanager
def running_cluster(*, fsync: bool = False) -> Iterator[tuple[Cluster | None, str]]:
    """`start_cluster` for a with-statement; stops what it started."""
    cluster, reason = start_cluster(fsync=fsync)
    try:
        yield cluster, reason
    finally:
        if cluster is not None:
            cluster.stop()


def find_programs() -> Path | None:
    """The folder with initdb and postgres: Debian keeps it off the path, one a version."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: [int(part) for part in re.findall(r"\d+", folder.parent.name)],
        reverse=True,
    )
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
            return folder
    return None


def _make_data_folder(folder: Path, programs: Path, owner: str | None, *, fsync: bool) -> None:
    command = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", ACCOUNT]
    # The folder is closed to others, so nobody else can reach the socket.
    command += ["--auth=trust", "--locale=C.UTF-8", "--encoding=UTF8"]
    if not fsync:
        command.append("--no-sync")
    made = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, **_as_user(owner)
    )
    if made.returncode != 0:
        raise ClusterFailed(made.stderr.strip()[-600:])


def _as_user(owner: str | None) -> dict[str, Any]:
    """Arguments for subprocess: become that user with its groups only."""
    if owner is None:
        return {}
    account = pwd.getpwnam(owner)
    groups = os.getgrouplist(owner, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": groups}


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(child) for child in listed.read_text("ascii").split()]
    except FileNotFoundError:
        return []


def _tail(log: Path) -> str:
    try:
        return log.read_text("utf-8", "replace").strip()[-600:]
    except FileNotFoundError:
        return "it wrote no log"
