"""Wires the rooms into one application: routes, gate, lifespan, nudges → jobs.

The only file that knows all rooms.
"""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.routes import HTTPRoute

from contest import access, paths
from contest.bank import pages as bank_pages
from contest.complaints import desk_pages as complaints_desk_pages
from contest.complaints import pages as complaints_pages
from contest.editions.queries import current_edition
from contest.errors import Unavailable
from contest.front import pages as front_pages
from contest.front import rules_pages
from contest.front.erasing import sweep_unconsented
from contest.front.figures import Remembered
from contest.front.unit_counting import UnitCounts
from contest.infra import mail
from contest.infra.chance import Chance, SystemChance
from contest.infra.clock import Clock, system_clock
from contest.infra.database import Database
from contest.infra.jobs import Worker
from contest.infra.passwords import Passwords
from contest.infra.printer import Printer
from contest.infra.storage import Storage
from contest.ledger.commands import NUDGE
from contest.people import pages as people_pages
from contest.people.classes.uploads import forget_old_uploads, has_old_uploads
from contest.people.erasing import DELETE_SCAN
from contest.people.jobs import delete_scan_job
from contest.people.sessions import Sessions
from contest.quiz import pages as quiz_pages
from contest.quiz import practice_pages, round_pages
from contest.quiz.commands import SWEEP_LIMIT, submit_due
from contest.quiz.outages import pages as outages_pages
from contest.settings import Settings
from contest.standings import (
    board_pages,
    disqualification_pages,
    file_pages,
    prize_pages,
    question_pages,
    result_pages,
    ruling_pages,
    why_pages,
)
from contest.standings import jobs as standings_jobs
from contest.standings import pages as standings_pages
from contest.standings.commands import TELL_CONCERNED, TRY_RULING
from contest.standings.participation import Counted
from contest.units import pages as units_pages
from contest.units import tree_pages as units_tree_pages
from contest.web import assets, health
from contest.web.gate import Gate
from contest.web.guard import action_of, guard
from contest.web.problems import EXCEPTION_HANDLERS
from contest.web.site import EditionInShell, Site
from contest.web.templating import Templates

ROUTES: list[Any] = [
    health.healthz,
    health.readyz,
    health.figures,
    assets.static,
    *front_pages.ROUTES,
    *people_pages.ROUTES,
    *units_pages.ROUTES,
    *units_tree_pages.ROUTES,
    *bank_pages.ROUTES,
    *rules_pages.ROUTES,
    *round_pages.ROUTES,
    *quiz_pages.ROUTES,
    *practice_pages.ROUTES,
    *outages_pages.ROUTES,
    *board_pages.ROUTES,
    *result_pages.ROUTES,
    *why_pages.ROUTES,
    *file_pages.ROUTES,
    *prize_pages.ROUTES,
    *standings_pages.ROUTES,
    *question_pages.ROUTES,
    *disqualification_pages.ROUTES,
    *ruling_pages.ROUTES,
    *complaints_pages.ROUTES,
    *complaints_desk_pages.ROUTES,
]

# How long the shell may show an edition's old title after it was changed.
_SHELL_SECONDS = 5.0
_HOUR = timedelta(hours=1)
# No file takes that long to be kept: what is half there by then was left by a killed process.
_UNFINISHED_AFTER = timedelta(days=1)


class Application:
    """The ASGI application with all that it holds open; `close()` when done with."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = system_clock,
        chance: Chance | None = None,
        with_worker: bool = True,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.chance = chance or SystemChance()
        self.database = Database(settings.database_url)
        self.sessions = Sessions(self.database, clock)
        static = assets.Assets(paths.STATIC)
        self.site = Site(
            settings=settings,
            database=self.database,
            clock=clock,
            chance=self.chance,
            passwords=Passwords(),
            storage=Storage(settings.storage_url),
            printer=Printer(paths.TEMPLATES / "print"),
            assets=static,
            templates=Templates(paths.TEMPLATES, paths.LOCALE, static),
            edition_in_shell=_remembered(self._edition_in_shell),
            sessions=self.sessions,
        )
        self.worker = make_worker(
            settings, self.database, clock, self.chance, self.site.templates, self.site.storage
        )
        self._with_worker = with_worker
        self.litestar = self._litestar()
        self.asgi = Gate(
            self.litestar, settings=settings, clock=clock, find_session=self.sessions.find
        )

    def close(self) -> None:
        if self._with_worker:
            self.worker.stop()
        self.site.passwords.close()
        self.site.printer.close()
        self.database.close()

    def _litestar(self) -> Litestar:
        app = Litestar(
            route_handlers=ROUTES,
            before_request=guard,
            exception_handlers=EXCEPTION_HANDLERS,
            # Static files come compressed out of memory already.
            # A small answer says so (`uncompressed`): the middleware alone costs what it saves.
            compression_config=CompressionConfig(
                backend="gzip",
                minimum_size=900,
                exclude=["^/static/"],
                exclude_opt_key="uncompressed",
            ),
            lifespan=[self._lifespan],
            openapi_config=None,
            logging_config=None,
            debug=False,
            request_max_body_size=None,
        )
        app.state.site = self.site
        app.state.readiness = health.Readiness()
        app.state.desk_counts = Remembered(self.clock)
        app.state.unit_counts = UnitCounts(self.clock)
        app.state.counted = Counted(self.clock)
        app.state.worker_is_alive = self.worker.is_alive if self._with_worker else lambda: True
        check_actions(app)
        return app

    @asynccontextmanager
    async def _lifespan(self, _app: Litestar) -> AsyncIterator[None]:
        if self._with_worker:
            self.worker.start()
        try:
            yield
        finally:
            self.close()

    def _edition_in_shell(self) -> EditionInShell | None:
        with self.database.read() as tx:
            found = current_edition(tx, self.clock())
        if found is None:
            return None
        organiser, contact = found.document.organiser, found.document.contact
        return EditionInShell(
            found.slug,
            found.title,
            {"vi": organiser.vi, "en": organiser.en},
            email=(contact and contact.email) or "",
            phone=(contact and contact.phone) or "",
        )


def check_actions(app: Litestar) -> None:
    """Refuses to start with a route that the guard does not see, or whose action is unknown."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            raise RuntimeError(f"{route.path}: the guard stands before HTTP routes only")
        for handler in route.route_handlers:
            if handler.resolve_before_request() is not guard:
                raise RuntimeError(f"{route.path}: something else stands in the guard's place")
            if action_of(handler) not in access.ACTIONS:
                raise RuntimeError(f"{route.path}: unknown action {action_of(handler)}")


def make_worker(
    settings: Settings,
    database: Database,
    clock: Clock,
    chance: Chance,
    templates: Templates | None = None,
    storage: Storage | None = None,
) -> Worker:
    """Sweeps and jobs of all rooms; runs beside the web process or in one of its own."""
    host = urlsplit(settings.public_url).hostname or "localhost"
    templates = templates or Templates(paths.TEMPLATES, paths.LOCALE, assets.Assets(paths.STATIC))
    storage = storage or Storage(settings.storage_url)

    def end_attempts() -> None:
        while database.write(submit_due, now=clock(), chance=chance) == SWEEP_LIMIT:
            pass

    def forget_class_lists() -> None:
        with database.read() as tx:
            is_due = has_old_uploads(tx, now=clock())
        if is_due:
            database.write(forget_old_uploads, now=clock())

    def every(pause: timedelta, sweep: Callable[[], object]) -> Callable[[], None]:
        last = clock() - pause

        def run() -> None:
            nonlocal last
            if clock() - last >= pause:
                last = clock()
                sweep()

        return run

    def drop_unfinished_files() -> None:
        # By the disk's own clock, which is the one that tells how old a file is.
        storage.drop_unfinished(system_clock() - _UNFINISHED_AFTER)

    def follow_ledger(_payload: dict[str, object]) -> None:
        standings_jobs.sweep_closed_rounds(database, clock)
        standings_jobs.sweep_names(database, clock)
        standings_jobs.sweep_proposals(database, clock)

    return Worker(
        database,
        clock,
        functions={
            NUDGE: follow_ledger,
            mail.DELIVER: mail.deliver_job(database, clock, settings.smtp_url, f"san-choi@{host}"),
            standings_jobs.SETTLE: standings_jobs.settle_job(database, clock),
            TRY_RULING: standings_jobs.try_ruling_job(database, clock),
            TELL_CONCERNED: standings_jobs.tell_concerned_job(
                database, clock, templates, settings.public_url
            ),
            standings_jobs.REFRESH_NAMES: standings_jobs.refresh_names_job(database, clock),
            DELETE_SCAN: delete_scan_job(storage.delete),
        },
        sweeps=[
            end_attempts,
            lambda: standings_jobs.sweep_closed_rounds(database, clock),
            lambda: standings_jobs.sweep_proposals(database, clock),
            lambda: standings_jobs.sweep_withdrawals(database, clock),
            lambda: standings_jobs.sweep_leftovers(database),
            lambda: standings_jobs.sweep_names(database, clock),
            forget_class_lists,
            # It looks at every minor's account: what may wait for 60 days may wait for an hour.
            every(_HOUR, lambda: sweep_unconsented(database, clock, chance)),
            every(_HOUR, drop_unfinished_files),
        ],
        slow=standings_jobs.SLOW,
    )


def _remembered(
    ask: Callable[[], EditionInShell | None],
) -> Callable[[], EditionInShell | None]:
    kept: list[Any] = [0.0, None]

    def answer() -> EditionInShell | None:
        now = time.monotonic()
        if now >= kept[0]:
            kept[0] = now + _SHELL_SECONDS
            # The page that says that the database is away must not need it: an old title will do.
            with suppress(Unavailable):
                kept[1] = ask()
        found: EditionInShell | None = kept[1]
        return found

    return answer
