"""Over random histories of consents, withdrawals, hidden names and birthdays, what the public gets
to see is exactly what is allowed on that day: by the machine, and on every page and in every file.

`_Person` says what is allowed by walking through the whole history in plain steps; it shares
nothing with the code under test but the words for purposes and proofs.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contest.editions.entering import Person
from contest.errors import Conflict
from contest.infra.clock import HANOI
from contest.people.commands import hide_name, register_account
from contest.people.consent import (
    NAME_ON_BOARDS,
    PUBLIC_PURPOSES,
    PURPOSES,
    SCHOOL_ON_BOARDS,
    TAKE_PART,
)
from contest.people.consent.commands import sign, withdraw
from contest.people.models import Account
from contest.people.queries import shown
from contest.quiz import commands as quiz
from contest.standings.names import refresh_names
from contest.units.commands import import_schools, import_units
from contest.units.rows import SchoolRow, UnitRow
from tests.site import Site
from tests.standings.explained import entry_code, officially
from tests.sweep import Sweep, look
from tests.world import World

WARD = "00070@2025-07-01"
BOARD = "/xep-hang/thu-nghiem/tuan-1"
# Ages on the first day, in years and days: around every birthday that changes something.
AGES: Final = ((6, 340), (7, 0), (15, 330), (16, 0), (17, 355), (40, 100))
NAMES: Final = (
    "Nguyễn Hạo Khởi", "Trần Uyển Nhi", "Lê Vạn Xuyên", "Phạm Ỷ Lan", "Hồ Quỳ Yến", "Vũ Đắc Ước",
)  # fmt: skip

Event = tuple[Any, ...]


@dataclass
class _Person:
    born: date
    signatures: list[tuple[str, str, str, date]] = field(default_factory=list)
    is_hidden: bool = False

    def age(self, on: date) -> int:
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))

    def sign(self, purposes: tuple[str, ...], signer: str, proof: str, on: date) -> None:
        if signer == "self" and self.age(on) < 7:
            return
        if signer == "representative" and self.age(on) > 15:
            return
        self.signatures += [(purpose, signer, proof, on) for purpose in purposes]

    def withdraw(self, purposes: tuple[str, ...]) -> None:
        gone = PURPOSES if TAKE_PART in purposes else purposes
        self.signatures = [each for each in self.signatures if each[0] not in gone]

    def allows(self, purpose: str, on: date) -> bool:
        of = [each for each in self.signatures if each[0] == purpose]
        own = [when for _p, signer, _proof, when in of if signer == "self"]
        if self.age(on) > 15:
            return any(self.age(when) > 15 for when in own)
        is_sure = any(
            signer == "representative" and (proof != "same-phone" or purpose == TAKE_PART)
            for _p, signer, proof, _when in of
        )
        return is_sure and (self.age(on) < 7 or bool(own))

    def shows_name(self, on: date) -> bool:
        return self.allows(NAME_ON_BOARDS, on) and not self.is_hidden


some_purposes = st.sampled_from([*((each,) for each in PURPOSES), PURPOSES, PURPOSES[1:3]])
who = st.integers(0, len(AGES) - 1)
events = st.lists(
    st.one_of(
        st.tuples(st.just("self"), who, some_purposes),
        st.tuples(
            st.just("parent"),
            who,
            some_purposes,
            st.sampled_from(["same-phone", "link", "paper", "desk"]),
        ),
        st.tuples(st.just("withdraw"), who, some_purposes),
        st.tuples(st.just("hide"), who, st.booleans()),
        st.tuples(st.just("days"), st.sampled_from([1, 10, 30, 200])),
    ),
    min_size=1,
    max_size=14,
)


# What chance would seldom come upon: signed by both and then a birthday; signed by a parent alone
# and then old enough to sign too; everything given, then the one consent that ends all.
TURNS_16: Final[list[Event]] = [
    ("self", 2, PURPOSES),
    ("parent", 2, PURPOSES, "paper"),
    ("days", 200),
    ("self", 2, (NAME_ON_BOARDS,)),
]
TURNS_7: Final[list[Event]] = [
    ("parent", 0, PURPOSES, "link"),
    ("days", 30),
    ("self", 0, (SCHOOL_ON_BOARDS,)),
]
TAKES_ALL_BACK: Final[list[Event]] = [
    ("self", 1, PURPOSES),
    ("parent", 1, PURPOSES, "desk"),
    ("self", 5, PURPOSES),
    ("withdraw", 1, (TAKE_PART,)),
    ("withdraw", 5, (NAME_ON_BOARDS,)),
]


class Stage:
    """A published round with the six on it, and what the oracle knows of each."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people: list[_Person] = []
        self.accounts: list[int] = []
        world.open_edition()
        _add_units(world)
        for at, name in enumerate(NAMES):
            self._enter(at, name)
        officially(world)

    def _enter(self, at: int, name: str) -> None:
        world, now = self.world, self.world.clock()
        made = world.db.write(
            register_account,
            full_name=name,
            birth_date=date(1990, 1, 1),
            ward_id=WARD,
            chance=world.chance,
            now=now,
        )
        self.accounts.append(made.account_id)
        world.accounts[f"p{at}"] = made.account_id
        started = world.db.write(
            quiz.start_attempt,
            round_id=world.round().id,
            person=Person(
                account_id=made.account_id,
                birth_date=date(1990, 1, 1),
                roles={"entrant"},
                ward_id=WARD,
                school_id=f"school-{at}",
            ),
            chance=world.chance,
            now=now,
        )
        world.save(f"p{at}", started.code, 1, (0,), tab=f"p{at}")
        world.submit(f"p{at}", started.code)

    def begin(self) -> None:
        """Everybody as young as AGES says, with nothing signed and nothing hidden."""
        self.people = [_Person(_born(self.today, *age)) for age in AGES]
        for account_id, person in zip(self.accounts, self.people, strict=True):
            self._write(withdraw, account_id=account_id, purposes=PURPOSES)
            self._write(hide_name, account_id=account_id, hidden=False)
            self.world.db.write(_make_of_age, account_id=account_id, born=person.born)

    @property
    def today(self) -> date:
        return self.world.clock().astimezone(HANOI).date()

    def happen(self, event: Event) -> None:
        kind = event[0]
        if kind == "days":
            self.world.clock.tick(days=event[1])
            return
        person, account_id = self.people[event[1]], self.accounts[event[1]]
        if kind == "withdraw":
            person.withdraw(event[2])
            self._write(withdraw, account_id=account_id, purposes=event[2])
        elif kind == "hide":
            person.is_hidden = event[2]
            self._write(hide_name, account_id=account_id, hidden=event[2])
        else:
            signer = "self" if kind == "self" else "representative"
            proof = "account" if kind == "self" else event[3]
            person.sign(event[2], signer, proof, self.today)
            # A child under 7 does not sign, nor does a parent of somebody of 16.
            with suppress(Conflict):
                self._write(
                    sign, account_id=account_id, purposes=event[2], signer=signer, proof=proof
                )

    def _write(self, command: Any, **facts: Any) -> None:
        self.world.db.write(command, by="tests", now=self.world.clock(), **facts)

    def names_allowed(self) -> set[str]:
        return {
            _short(name)
            for name, person in zip(NAMES, self.people, strict=True)
            if person.shows_name(self.today)
        }

    def schools_allowed(self) -> set[str]:
        return {
            f"Trường Số {at}"
            for at, person in enumerate(self.people)
            if person.allows(SCHOOL_ON_BOARDS, self.today)
        }


def _short(name: str) -> str:
    words = name.split()
    plain = str.maketrans("ỶỲĐ", "YYĐ")
    return " ".join([*(f"{word[0].translate(plain)}." for word in words[:-1]), words[-1]])


def _born(today: date, years: int, days: int) -> date:
    return date(today.year - years, 3 if today.month == 2 else today.month, min(today.day, 28)) - (
        timedelta(days=days)
    )


def _make_of_age(tx: Any, *, account_id: int, born: date) -> None:
    tx.execute(sa.update(Account).where(Account.id == account_id).values(birth_date=born))


def _add_units(world: World) -> None:
    ward = UnitRow(
        id=WARD,
        code=WARD[:5],
        name="Phường Hồ Gươm",
        kind="ward",
        parent_id=None,
        valid_from=date(2025, 7, 1),
        valid_to=None,
    )
    world.db.write(import_units, rows=[ward])
    schools = [
        SchoolRow(id=f"school-{at}", name=f"Trường Số {at}", level="primary", ward_id=WARD, size=99)
        for at in range(len(NAMES))
    ]
    world.db.write(import_schools, rows=schools)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(history=events)
@example(history=TURNS_16)
@example(history=TURNS_7)
@example(history=TAKES_ALL_BACK)
def test_what_may_be_shown_is_what_the_history_allows(world: World, history: list[Event]) -> None:
    stage = _stage_of(world)
    stage.begin()
    for event in history:
        stage.happen(event)
        with world.db.read() as tx:
            faces = shown(tx, stage.accounts, on=stage.today)
        for at, (account_id, person) in enumerate(zip(stage.accounts, stage.people, strict=True)):
            face = faces.get(account_id)
            allowed = {each for each in PUBLIC_PURPOSES if person.allows(each, stage.today)}
            assert (face.allowed if face else set()) == allowed
            named = _short(NAMES[at]) if person.shows_name(stage.today) else None
            assert (face.name if face else None) == named


@pytest.mark.slow
@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(history=events, follows=st.booleans())
@example(history=TURNS_16, follows=True)
@example(history=TURNS_7, follows=True)
@example(history=TAKES_ALL_BACK, follows=False)
def test_no_page_and_no_file_shows_more_than_is_allowed(
    site: Site, history: list[Event], follows: bool
) -> None:
    """`follows`: whether background work has prepared the search since the last event."""
    stage = _stage_of(site.world)
    stage.begin()
    earlier = None
    for at, event in enumerate(history):
        if at == len(history) // 2:
            earlier = public_outputs(site)
        stage.happen(event)
        if follows:
            refresh_names(site.world.db, site.world.clock)
    for met in (public_outputs(site, earlier), public_outputs(site, earlier)):
        names, schools = stage.names_allowed(), stage.schools_allowed()
        for name in NAMES:
            assert met.holding([name]) == {}
            if _short(name) not in names:
                assert met.holding([_short(name)]) == {}
        for at in range(len(NAMES)):
            if f"Trường Số {at}" not in schools:
                assert met.holding([f"Trường Số {at}"]) == {}
        # It would have been found: what is allowed stands on the board and in the files.
        board, table = met.texts[BOARD], met.texts[f"{BOARD}/ket-qua.csv"]
        assert {each for each in names if each in board} == names
        assert {each for each in names if each in table} == names
        assert {each for each in schools if each in board} == schools
        assert met.kept_too_long == []
        refresh_names(site.world.db, site.world.clock)
        if follows:
            break


def public_outputs(site: Site, earlier: Sweep | None = None) -> Sweep:
    """Every page and file of the round; with what a cache may still give of an earlier look."""
    visitor, met = site.visitor(), Sweep()
    codes = [entry_code(site.world, f"p{at}") for at in range(len(NAMES))]
    given_names = [name.split()[-1] for name in NAMES]
    for address in (
        "/",
        BOARD,
        f"{BOARD}?tuoi=2",
        f"{BOARD}/giai-thuong",
        f"{BOARD}/dieu-chinh",
        f"{BOARD}/ket-qua.csv",
        f"{BOARD}/ket-qua.json",
        *(f"{BOARD}?tim={name}" for name in given_names),
        *(f"{BOARD}/vi-sao/{code}" for code in codes),
    ):
        # The search says again what was typed; that is not a name it shows.
        look(visitor.get, address, met, earlier)
    for name in given_names:
        address = f"{BOARD}?tim={name}"
        met.texts[address] = met.texts[address].replace(f'value="{name}"', "")
    visitor.close()
    site.visitors.remove(visitor)
    return met


_stages: dict[int, Stage] = {}


def _stage_of(world: World) -> Stage:
    """One stage a test: its examples go on from each other's day with everything taken back."""
    stage = _stages.get(id(world))
    if stage is None or stage.world is not world:
        stage = _stages[id(world)] = Stage(world)
    return stage


@pytest.fixture(autouse=True)
def _no_stage_left() -> Any:
    yield
    _stages.clear()


def test_the_oracle_itself_knows_the_law() -> None:
    day = date(2026, 11, 24)
    child = _Person(born=date(2015, 5, 1))
    child.sign((NAME_ON_BOARDS,), "self", "account", day)
    child.sign((NAME_ON_BOARDS,), "representative", "same-phone", day)
    assert not child.allows(NAME_ON_BOARDS, day)
    child.sign((NAME_ON_BOARDS,), "representative", "link", day)
    assert child.allows(NAME_ON_BOARDS, day)
    assert not child.allows(NAME_ON_BOARDS, date(2031, 5, 1))
