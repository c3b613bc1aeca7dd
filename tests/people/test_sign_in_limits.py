"""How often one may try to sign in, and from where."""

from datetime import datetime, timedelta

import pytest

from contest.errors import TooMany
from contest.infra.database import Database
from contest.people.contacts import identify
from contest.people.sign_in import limits
from contest.people.sign_in.commands import count_try, give_back

ONE = limits.Limit("who:one", 3)
OTHER = limits.Limit("who:other", 3)
BLOCK = limits.Limit("from:here", 5)


def test_after_the_last_try_one_is_told_how_long_to_wait(db: Database, now: datetime):
    for _ in range(3):
        db.write(count_try, limits=[ONE], now=now)

    with pytest.raises(TooMany) as refused:
        db.write(count_try, limits=[ONE], now=now + timedelta(minutes=5))
    assert refused.value.retry_after_s == 600


def test_one_persons_tries_do_not_count_for_another(db: Database, now: datetime):
    for _ in range(3):
        db.write(count_try, limits=[ONE, BLOCK], now=now)
    db.write(count_try, limits=[OTHER, BLOCK], now=now)


def test_a_block_is_limited_whoever_is_tried(db: Database, now: datetime):
    for number in range(5):
        db.write(count_try, limits=[limits.Limit(f"who:{number}", 3), BLOCK], now=now)

    with pytest.raises(TooMany):
        db.write(count_try, limits=[limits.Limit("who:9", 3), BLOCK], now=now)


def test_the_window_ends(db: Database, now: datetime):
    for _ in range(3):
        db.write(count_try, limits=[ONE], now=now)

    db.write(count_try, limits=[ONE], now=now + limits.WINDOW)


def test_a_refused_try_is_not_counted_against_the_others(db: Database, now: datetime):
    for _ in range(3):
        db.write(count_try, limits=[ONE, BLOCK], now=now)
    for _ in range(4):
        with pytest.raises(TooMany):
            db.write(count_try, limits=[ONE, BLOCK], now=now)

    db.write(count_try, limits=[OTHER, BLOCK], now=now)


def test_a_success_gives_its_try_back(db: Database, now: datetime):
    for _ in range(20):
        db.write(count_try, limits=[ONE, BLOCK], now=now)
        db.write(give_back, forget=[ONE], one_of=[BLOCK])


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("", ""),
        ("testclient", ""),
    ],
)
def test_addresses_are_counted_in_blocks(address: str, block: str):
    assert limits.address_block(address) == block


def test_what_was_typed_is_counted_in_its_normal_form_and_not_kept():
    def key(typed: str) -> str:
        return limits.of_identifier(identify(typed), typed).key

    assert key("0912345678") == key("+84 912 345 678")
    assert key("k7qm 2xta") == key("K7QM-2XTA")
    assert key("Nobody") == key(" nobody ")
    assert key("0912345678") != key("0912345679")
    assert "0912345678" not in key("0912345678")
