"""Synthetic rounds of any size, settled and published, and people who ask for their pages."""

import random
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec
import sqlalchemy as sa

from bench.autosave import PASSWORD
from contest.cli.bench import CACHE_KIB, load_synthetic
from contest.editions.models import Entrant
from contest.editions.queries import RoundView
from contest.infra.clock import system_clock
from contest.infra.database import Database, Tx
from contest.infra.passwords import Passwords
from contest.migrations import upgrade
from contest.people.sign_in.commands import open_session
from contest.people.tokens import digest, new_session_token
from contest.quiz.models import Attempt
from contest.standings import names, queries
from contest.standings.apart import settle_apart
from contest.standings.commands import publish_round
from contest.standings.models import Standing
from contest.web import cookies
from tests.crowd import Runner, gather_crowd
from tests.launcher import Site

# Requests of one kind in one run, by as many different people.
ASKED: Final = 40
SEARCHED, WARD_PARAMETER = "ha", "don-vi"


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on the board: who they are and the cookie they are signed in with."""

    entry_code: str
    attempt_code: str
    cookie: str


class Contest:
    """A settled and published synthetic round of `attempts`, and the site that shows it."""

    def __init__(self, folder: Path, attempts: int, *, secret_key: bytes, crowd: int = 0) -> None:
        self.attempts = attempts
        self.site = Site(folder, with_worker=False, secret_key=secret_key)
        url = self.site.database_url
        upgrade(url)
        database = Database(url, cache_kib=CACHE_KIB)
        try:
            began = time.monotonic()
            self.round: RoundView = load_synthetic(database, attempts)
            self.loaded_s = time.monotonic() - began
            self.runners: list[Runner] = []
            if crowd:
                hasher = Passwords()
                self.runners = gather_crowd(
                    database, system_clock, crowd, password_hash=hasher.hash(PASSWORD)
                )
                hasher.close()
            settle_apart(database, "round", str(self.round.id), system_clock())
            database.write(publish_round, round_id=self.round.id, by="bench", now=system_clock())
            names.refresh_names(database, system_clock)
            with database.read() as tx:
                found = queries.publication(tx, self.round.id)
                assert found is not None
                self.result = found
                people, self.ward = _people(tx, found.settlement_id, attempts)
            self.samples = [_signed_in(database, *each) for each in people]
        finally:
            database.close()

    def addresses(self) -> dict[str, list[tuple[str, str]]]:
        """What is asked → path and cookie of each request of a run."""
        board = f"/xep-hang/{self.round.edition_slug}/{self.round.slug}"
        half = -(-self.result.valid // 50) // 2
        pages = random.Random(7).sample(range(half - 20, half + 20), ASKED)
        return {
            "own result": [(f"/bai/{s.attempt_code}/ket-qua", s.cookie) for s in self.samples],
            "why page": [(f"{board}/vi-sao/{s.entry_code}", s.cookie) for s in self.samples],
            "board, page 1": [(board, s.cookie) for s in self.samples],
            "board, half depth": [
                (f"{board}?trang={page}", s.cookie)
                for page, s in zip(pages, self.samples, strict=True)
            ],
            "search": [(f"{board}?tim={SEARCHED}", s.cookie) for s in self.samples],
            "unit filter": [
                (f"{board}?{WARD_PARAMETER}={self.ward}", s.cookie) for s in self.samples
            ],
        }


def _people(tx: Tx, settlement_id: int, valid: int) -> tuple[list[tuple[int, str, str]], str]:
    """(account, entry code, attempt code) of people all over the board; and somebody's ward."""
    lines = random.Random(3).sample(range(1, valid + 1), ASKED)
    rows = tx.execute(
        sa.select(Entrant.account_id, Entrant.entry_code, Attempt.code, Entrant.ward_id)
        .join(Standing, Standing.entrant_id == Entrant.id)
        .join(Attempt, Attempt.id == Standing.attempt_id)
        .where(Standing.settlement_id == settlement_id, Standing.line.in_(lines))
    ).all()
    return [(row[0], row[1], row[2]) for row in rows], rows[0].ward_id or ""


def _signed_in(database: Database, account_id: int, entry_code: str, attempt_code: str) -> Sample:
    token, now = new_session_token(), system_clock()
    database.write(
        open_session,
        account_id=account_id,
        session_id=digest(token),
        expires_at=now + timedelta(days=1),
        now=now,
    )
    cookie = f"{cookies.name_of(cookies.SESSION, https=False)}={token}"
    return Sample(entry_code=entry_code, attempt_code=attempt_code, cookie=cookie)
