"""Fifty people, each saving the next answer as soon as the last one is acknowledged."""

import asyncio
import random
import secrets
import time
from collections.abc import Sequence
from typing import Final

import msgspec

from contest.web import cookies, csrf
from tests.crowd import Runner
from tests.launcher import Site
from tests.load import Address, connected, form_head, form_tail, post

PASSWORD: Final = "chim-lac-bay-qua-song-hong"
WARM_UP_S: Final = 1.5
# Stands in the answer to a save that was kept, here as in the baseline.
_ACKNOWLEDGED: Final = b'data-state="saved"'


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What one run saw. `rate` in acknowledged saves a second, times in milliseconds."""

    rate: float
    p50_ms: float
    p99_ms: float
    sign_ins: int


class Meter:
    """Counts between `begin` and `end`; what falls outside warms up or winds down."""

    def __init__(self) -> None:
        self.is_over = False
        self._is_counting = False
        self._began = 0.0
        self._lengths: list[float] = []
        self._sign_ins = 0

    def begin(self) -> None:
        self._is_counting, self._began = True, time.perf_counter()

    def saved(self, length: float) -> None:
        if self._is_counting:
            self._lengths.append(length)

    def signed_in(self) -> None:
        if self._is_counting:
            self._sign_ins += 1

    def end(self) -> Load:
        seconds = time.perf_counter() - self._began
        self._is_counting, self.is_over = False, True
        lengths = sorted(self._lengths)
        return Load(
            rate=len(lengths) / seconds,
            p50_ms=lengths[len(lengths) // 2] * 1000,
            p99_ms=lengths[len(lengths) * 99 // 100] * 1000,
            sign_ins=self._sign_ins,
        )


class Person:
    """Somebody who answers question after question in one tab, whose sequence goes on."""

    def __init__(self, site: Site, runner: Runner) -> None:
        self._address: Address = (site.host, site.port)
        self._head = form_head(self._address, runner.path, runner.cookie, by_script=True)
        self._token = runner.csrf_token(site.secret_key).encode()
        self._places = [len(item.order) for item in runner.items]
        self._tab = secrets.token_hex(8).encode()
        self._seq = 0
        self._random = random.Random(runner.attempt_id)

    async def save(self, meter: Meter) -> None:
        """Saves without pause until the meter is over."""
        async with connected(self._address, 1) as (connection,):
            while not meter.is_over:
                request = self._next()
                sent = time.perf_counter()
                reply = await connection.ask(request)
                meter.saved(time.perf_counter() - sent)
                if reply.status != 200 or _ACKNOWLEDGED not in reply.content():
                    raise AssertionError(f"a save was refused: {reply.status} {reply.text()}")

    def _next(self) -> bytes:
        self._seq += 1
        place = self._seq % len(self._places)
        return self._head + form_tail(
            b"position=%d&choice=%d&tab=%b&seq=%d&based_on=0&csrf_token=%b"
            % (
                place + 1,
                self._random.randrange(self._places[place]),
                self._tab,
                self._seq,
                self._token,
            )
        )


async def _keep_signing_in(site: Site, code: str, meter: Meter) -> None:
    """Signs in from a fresh browser again and again: a visitor's cookie, the form, argon2."""
    address = (site.host, site.port)
    async with connected(address, 1) as (connection,):
        while not meter.is_over:
            visitor = secrets.token_hex(16)
            fields = {
                "csrf_token": csrf.token_for(site.secret_key, visitor),
                "who": code,
                "password": PASSWORD,
            }
            cookie = f"{cookies.name_of(cookies.VISITOR, https=False)}={visitor}"
            reply = await connection.ask(post(address, "/dang-nhap", cookie, fields))
            if reply.status != 303 or cookies.SESSION.encode() not in reply.header(b"set-cookie"):
                raise AssertionError(f"a sign-in was refused: {reply.status} {reply.text()}")
            meter.signed_in()


async def measure(
    site: Site, people: Sequence[Person], *, seconds: float, signing_in: Sequence[str] = ()
) -> Load:
    """Lets `people` save for so long, while the accounts in `signing_in` keep signing in."""
    meter = Meter()
    going = [asyncio.create_task(person.save(meter)) for person in people]
    going += [asyncio.create_task(_keep_signing_in(site, code, meter)) for code in signing_in]
    try:
        await _unless_one_fails(going, WARM_UP_S)
        meter.begin()
        await _unless_one_fails(going, seconds)
        load = meter.end()
        await asyncio.gather(*going)
    finally:
        for task in going:
            task.cancel()
    return load


async def _unless_one_fails(going: list[asyncio.Task[None]], seconds: float) -> None:
    done, _ = await asyncio.wait(going, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()
