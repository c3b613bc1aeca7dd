"""Children who registered by themselves and for whom nobody signed are forgotten after 60 days."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from contest.access import Grant, Role, Scope
from contest.editions.entering import Person
from contest.front import erasing
from contest.front.erasing import sweep_unconsented
from contest.ledger.queries import entries_of
from contest.people import queries
from contest.people.classes.commands import make_class
from contest.people.classes.models import ClassPupil
from contest.people.consent import TAKE_PART
from contest.people.consent.commands import sign, withdraw
from contest.people.unconsented import unconsented
from contest.quiz import commands
from tests.people.consent.families import ELEVEN, FIVE, SIXTEEN_TOMORROW, THIRTY, make
from tests.world import World


def is_erased(world: World, handle: str) -> bool:
    with world.db.read() as tx:
        return queries.account(tx, world.accounts[handle]).is_erased


def sweep(world: World) -> int:
    return sweep_unconsented(world.db, world.clock, world.chance)


def sign_oneself(world: World, handle: str) -> None:
    world.db.write(
        sign,
        account_id=world.accounts[handle],
        purposes=[TAKE_PART],
        by=world.ref(handle),
        now=world.clock(),
    )


def test_after_sixty_days_and_not_before(world: World) -> None:
    make(world, "an", ELEVEN)

    world.clock.tick(days=58)
    assert sweep(world) == 0
    world.clock.tick(days=2)
    assert sweep(world) == 1

    assert is_erased(world, "an")
    assert sweep(world) == 0
    with world.db.read() as tx:
        last = entries_of(tx, world.ref("an"))[-1]
    assert (last.kind, last.by) == ("people.erase_account", "site")
    assert last.facts == {"why": "unconsented"}


def test_a_child_who_signed_alone_is_forgotten_too(world: World) -> None:
    make(world, "an", ELEVEN)
    sign_oneself(world, "an")
    world.clock.tick(days=61)

    assert sweep(world) == 1


def test_a_mother_s_signature_alone_is_not_yet_a_consent_of_a_child_of_eleven(
    world: World,
) -> None:
    make(world, "an", ELEVEN)
    make(world, "be", FIVE)
    for handle in ("an", "be"):
        world.agree(handle, TAKE_PART, proof="same-phone")
    make(world, "chi", ELEVEN)
    world.db.write(
        sign,
        account_id=world.accounts["chi"],
        purposes=[TAKE_PART],
        signer="representative",
        proof="paper",
        by="tests",
        now=world.clock(),
    )
    world.clock.tick(days=61)

    assert sweep(world) == 1
    assert [is_erased(world, each) for each in ("an", "be", "chi")] == [False, False, True]


def test_one_whose_consent_stood_and_was_withdrawn_stays(world: World) -> None:
    make(world, "an", ELEVEN)
    world.agree("an", TAKE_PART)
    world.db.write(
        withdraw,
        account_id=world.accounts["an"],
        purposes=[TAKE_PART],
        by=world.ref("an"),
        now=world.clock(),
    )
    world.clock.tick(days=61)

    assert sweep(world) == 0


def in_a_class(world: World, *, left_ago: timedelta | None = None) -> None:
    make(world, "co", THIRTY)
    made = world.db.write(
        make_class,
        teacher_id=world.accounts["co"],
        name="5A",
        school_year="2026-2027",
        school_id=None,
        school_other="Trường Tiểu học Hoa Gạo",
        by=world.ref("co"),
        chance=world.chance,
        now=world.clock(),
    )
    now = world.clock()
    left_at = None if left_ago is None else now + timedelta(days=61) - left_ago
    pupil = sa.insert(ClassPupil).values(
        class_id=made.id,
        account_id=world.accounts["an"],
        number=1,
        joined_at=now,
        left_at=left_at,
    )
    world.db.write(lambda tx: tx.execute(pupil))


@pytest.mark.parametrize(
    ("left_ago", "gone"), [(None, 0), (timedelta(days=3), 0), (timedelta(days=61), 1)]
)
def test_a_pupil_of_a_class_is_the_teacher_s_to_care_for(
    world: World, left_ago: timedelta | None, gone: int
) -> None:
    make(world, "an", ELEVEN)
    in_a_class(world, left_ago=left_ago)
    world.clock.tick(days=61)

    assert sweep(world) == gone


@pytest.mark.parametrize(
    "kept",
    [
        lambda world: make(world, "an", THIRTY),
        # Sixteen by now: decides alone.
        lambda world: make(world, "an", SIXTEEN_TOMORROW),
        lambda world: (
            make(world, "an", ELEVEN),
            world.grant("an", Grant(Role.TEACHER, Scope.UNIT, "th-hoa-gao")),
        ),
    ],
)
def test_grown_ups_and_whoever_holds_a_role_stay(
    world: World, kept: Callable[[World], object]
) -> None:
    kept(world)
    world.clock.tick(days=90)

    assert sweep(world) == 0


def test_somebody_with_an_entry_stays(world: World) -> None:
    """Should there be one: the start of an attempt asks for the consent."""
    world.open_edition()
    make(world, "an", ELEVEN)
    world.agree("an", TAKE_PART)
    world.db.write(
        commands.start_attempt,
        round_id=world.round().id,
        person=Person(
            account_id=world.accounts["an"], birth_date=ELEVEN, roles=frozenset({"entrant"})
        ),
        chance=world.chance,
        now=world.clock(),
    )
    world.clock.tick(days=61)

    assert sweep(world) == 0


def test_many_are_forgotten_in_pieces(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "A_PIECE", 1)
    for at in range(13):
        make(world, f"em{at}", date(2014 + at % 4, 1, 1))
    world.clock.tick(days=61)

    assert sweep(world) == 13


def test_whoever_signed_between_the_look_and_the_act_stays(world: World) -> None:
    make(world, "an", ELEVEN)
    world.clock.tick(days=61)
    with world.db.read() as tx:
        found, _ = unconsented(tx, now=world.clock(), limit=10)
    assert found == [world.accounts["an"]]
    world.agree("an", TAKE_PART)

    forgotten = world.db.write(
        erasing.forget_unconsented, account_ids=found, chance=world.chance, now=world.clock()
    )

    assert forgotten == 0
    assert not is_erased(world, "an")
