"""Is it alive, is it ready, and its figures."""

import time
from ipaddress import ip_address
from typing import Any

import sqlalchemy as sa
from litestar import Response, get
from litestar.enums import MediaType

from contest.access import may
from contest.errors import NotAllowed
from contest.infra import metrics
from contest.infra.database import Database, Tx
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.threads import in_thread

_FORWARDING = ("forwarded", "x-forwarded-for", "x-real-ip")
_TRY_EVERY_S = 2.0


@get("/healthz", opt={"action": "web.health"}, media_type=MediaType.TEXT)
async def healthz() -> str:
    """Alive: the loop turns."""
    return "ok\n"


class Readiness:
    """Whether the database takes writes, tried at most every few seconds: each try is a disk sync
    and anybody may ask."""

    def __init__(self) -> None:
        self._known_until = 0.0
        self._writes = False

    def writes(self, database: Database) -> bool:
        now = time.monotonic()
        if now >= self._known_until:
            try:
                database.write(_touch)
                self._writes = True
            except Exception:
                self._writes = False
            self._known_until = now + _TRY_EVERY_S
        return self._writes


def _touch(tx: Tx) -> None:
    tx.execute(sa.text("update ledger_head set height = height"))


@get("/readyz", opt={"action": "web.health"})
@in_thread
def readyz(request: AnyRequest) -> Response[dict[str, Any]]:
    """Ready: the database takes writes, the data folder, the worker. 503 names what is not."""
    site = site_of(request)
    checks = {
        "database": request.app.state.readiness.writes(site.database),
        "storage": site.settings.data_dir.is_dir(),
        "worker": request.app.state.worker_is_alive(),
    }
    ready = all(checks.values())
    return Response(
        {"ready": ready, **checks},
        status_code=200 if ready else 503,
        headers={"cache-control": "no-store"},
    )


@get("/metrics", opt={"action": "web.health"})
async def figures(request: AnyRequest) -> Response[bytes]:
    """Prometheus figures, for a caller on loopback or an operator."""
    context = context_of(request)
    address = context.client_address
    # Behind a proxy on this machine that nobody named as trusted, everybody seems to be here.
    is_forwarded = any(name in request.headers for name in _FORWARDING)
    on_loopback = bool(address) and ip_address(address).is_loopback and not is_forwarded
    if not on_loopback and may(context.actor, "web.metrics") is None:
        raise NotAllowed("no-right")
    return Response(
        metrics.exposition(),
        media_type="text/plain; version=0.0.4; charset=utf-8",
        headers={"cache-control": "no-store"},
    )
