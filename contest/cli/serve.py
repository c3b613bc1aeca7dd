"""`serve` and `work`: the site, and background work in a process of its own."""

import argparse
import errno
import gc
import signal
import socket
import sys
import time
from types import FrameType

import uvicorn

from contest import paths
from contest.app import Application, make_worker
from contest.cli import demo
from contest.cli.bank import load
from contest.cli.opened import Families, Stopped, migrate, opened_database, subcommand
from contest.infra.chance import SystemChance
from contest.infra.clock import Clock, system_clock
from contest.infra.database import Database
from contest.settings import Settings, read_settings
from contest.units.files import load_units
from contest.web.logs import set_up_logs

_GRACE_S = 10


def add(families: Families) -> None:
    parser = subcommand(families, "serve", "start the site", _serve)
    parser.add_argument(
        "--no-worker", action="store_true", help="background work runs elsewhere (`work`)"
    )
    subcommand(families, "work", "background work in a process of its own", _work)


def _serve(chosen: argparse.Namespace) -> int:
    run_site(read_settings(), with_worker=not chosen.no_worker)
    return 0


def run_site(settings: Settings, *, clock: Clock = system_clock, with_worker: bool = True) -> None:
    """Prepares everything and serves until a signal; the tests pass a clock of their own."""
    listening = _listen(settings)
    set_up_logs(readable=sys.stderr.isatty())
    prepare(settings, clock)
    _say(settings)
    application = Application(settings, clock=clock, with_worker=with_worker)
    for number in (signal.SIGINT, signal.SIGTERM):
        # The server shuts down in order and then raises the signal again: that is a clean end.
        signal.signal(number, _leave)
    server = uvicorn.Server(
        uvicorn.Config(
            application.asgi,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="on",
            timeout_graceful_shutdown=_GRACE_S,
        )
    )
    _spare_the_collector()
    server.run(sockets=[listening])


def _spare_the_collector() -> None:
    """What was made for the start stays until the end: the collector need not look through it for
    every few hundred objects that a request makes."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _work(_chosen: argparse.Namespace) -> int:
    settings = read_settings()
    set_up_logs(readable=sys.stderr.isatty())
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    with opened_database(settings) as (_settings, database):
        worker = make_worker(settings, database, system_clock, SystemChance())
        worker.start()
        try:
            while worker.is_alive():
                time.sleep(1)
        finally:
            worker.stop()
    return 0


def _listen(settings: Settings) -> socket.socket:
    """Takes the port before anything slow is done, so that a taken one is told at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise Stopped(
                f"Port {settings.port} is taken by another program; "
                "stop it, or choose another with SANCHOI_PORT=8001."
            ) from error
        raise Stopped(
            f"Cannot listen on {settings.host}, port {settings.port}: {error.strerror}. "
            "See SANCHOI_HOST and SANCHOI_PORT."
        ) from error
    listening.listen(2048)
    listening.set_inheritable(True)
    return listening


def prepare(settings: Settings, clock: Clock = system_clock) -> None:
    """Tables, units, practice questions, sealed sets, and at the first start the demo."""
    migrate(settings)
    database = Database(settings.database_url)
    try:
        load_units(database, paths.UNITS, with_schools=settings.demo)
        load(database, paths.QUESTIONS / "practice", clock)
        if settings.bank_dir is not None:
            load(database, settings.bank_dir, clock)
        if settings.demo:
            demo.seed(settings, database, clock())
    finally:
        database.close()


def _say(settings: Settings) -> None:
    print(f"\nSân Chơi: {settings.public_url}\n")
    if settings.demo:
        print(demo.accounts_table(settings))
        if not settings.on_loopback:
            print(
                "\n!!! DEMO MODE ON A PUBLIC ADDRESS: anybody who finds the password above is the\n"
                "!!! organiser. For a real contest start with SANCHOI_DEMO=0.\n",
                file=sys.stderr,
            )
    sys.stdout.flush()
