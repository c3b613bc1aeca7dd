"""The sealed token between the password and the choice among those who share it."""

from datetime import timedelta

from contest.people.sign_in.chooser import LIFETIME, Choice, open_choice, seal_choice
from tests.conftest import NOW

KEY = b"k" * 32
SEALED = seal_choice(KEY, "visitor", ["AAA", "BBB"], shared_device=True, now=NOW)


def test_what_was_sealed_is_opened_again():
    assert open_choice(KEY, "visitor", SEALED, now=NOW) == Choice(
        refs=["AAA", "BBB"], shared_device=True
    )


def test_another_visitor_opens_nothing():
    assert open_choice(KEY, "somebody", SEALED, now=NOW) is None


def test_after_five_minutes_it_is_over():
    assert open_choice(KEY, "visitor", SEALED, now=NOW + LIFETIME) is None
    assert open_choice(KEY, "visitor", SEALED, now=NOW + LIFETIME - timedelta(seconds=1))


def test_a_changed_token_opens_nothing():
    for changed in ("", ".", SEALED.replace("BBB", "CCC"), SEALED[:-1], "é" + SEALED, "a.b.c.d"):
        assert open_choice(KEY, "visitor", changed, now=NOW) is None
