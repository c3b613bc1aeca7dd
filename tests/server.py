"""The real application behind a real socket, in a thread, with a clock that tests move."""

import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from contest.app import Application
from contest.infra.chance import Chance
from contest.infra.clock import Clock
from contest.settings import Settings, read_settings

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def settings_for(database_url: str, data_dir: Path, **more: str) -> Settings:
    return read_settings(
        {
            "SANCHOI_DATA_DIR": str(data_dir),
            "SANCHOI_DATABASE_URL": database_url.replace("+psycopg", ""),
            "SANCHOI_SECRET_KEY": "k" * 64,
            "SANCHOI_DEMO": "0",
            **more,
        }
    )


class RunningSite:
    def __init__(self, application: Application, url: str) -> None:
        self.application = application
        self.url = url

    def visitor(self) -> "Visitor":
        return Visitor(self)


class Visitor:
    """A browser without scripts: cookies, the forms' tokens, no redirects followed by itself."""

    def __init__(self, site: RunningSite) -> None:
        self.site = site
        # No TLS here, and making its context is what costs most of a client.
        self.http = httpx.Client(base_url=site.url, timeout=20, verify=False)
        self.token = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        response = self.http.get(path, headers=headers)
        found = _TOKEN.search(response.text) if "html" in _kind(response) else None
        if found:
            self.token = found[1]
        return response

    def post(
        self,
        path: str,
        fields: Mapping[str, str | list[str]] | None = None,
        **headers: str,
    ) -> httpx.Response:
        data = {"csrf_token": self.token, **(fields or {})}
        return self.http.post(path, data=data, headers={"origin": self.site.url, **headers})

    def use_session(self, token: str) -> "Visitor":
        self.http.cookies.set("sc_session", token)
        return self

    def close(self) -> None:
        self.http.close()


def _kind(response: httpx.Response) -> str:
    return response.headers.get("content-type", "")


@contextmanager
def running(
    settings: Settings, *, clock: Clock, chance: Chance | None = None, with_worker: bool = False
) -> Iterator[RunningSite]:
    """Serves on a free port of the loopback until the block ends."""
    application = Application(settings, clock=clock, chance=chance, with_worker=with_worker)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(256)
    server = uvicorn.Server(
        uvicorn.Config(
            application.asgi,  # type: ignore[arg-type]
            log_config=None,
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=2,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield RunningSite(application, f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()
