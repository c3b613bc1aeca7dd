from datetime import date

import pytest

from contest.rules.document import EntryRules
from contest.rules.eligibility import Barred, age_on, may_enter

RULES = EntryRules(minimum_age=16)
TODAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2010, 11, 16), date(2026, 11, 15), 15),
        (date(2010, 11, 16), date(2026, 11, 16), 16),
        (date(2008, 2, 29), date(2024, 2, 28), 15),
        (date(2008, 2, 29), date(2024, 2, 29), 16),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (TODAY, TODAY, 0),
        (date(2026, 11, 17), TODAY, -1),
    ],
)
def test_age_is_completed_years(born: date, on: date, age: int):
    assert age_on(born, on) == age


def test_minh_who_is_old_enough_may_enter():
    assert may_enter(RULES, date(2010, 11, 16), {"entrant"}, TODAY) is None


def test_lan_of_11_is_too_young():
    barred = may_enter(RULES, date(2015, 3, 2), set(), TODAY)

    assert barred == Barred(code="too-young", minimum_age=16)


def test_a_juror_may_not_enter_whatever_the_age():
    assert may_enter(RULES, None, ["juror"], TODAY) == Barred(code="barred-role", role="juror")


def test_a_role_that_the_rules_do_not_bar_may_enter():
    rules = EntryRules(minimum_age=16, barred_roles=("organiser",))

    assert may_enter(rules, date(1990, 1, 1), ["juror"], TODAY) is None


def test_without_a_birth_date_a_minimum_age_cannot_be_met():
    assert may_enter(RULES, None, [], TODAY) == Barred(code="birth-date-missing", minimum_age=16)
    assert may_enter(EntryRules(minimum_age=0), None, [], TODAY) is None


def test_nobody_enters_before_birth():
    barred = may_enter(EntryRules(minimum_age=0), date(2027, 1, 1), [], TODAY)

    assert barred == Barred(code="birth-date-in-future")


def test_a_contact_must_be_verified_where_the_rules_say_so():
    rules = EntryRules(minimum_age=16, verified_contact=True)
    born = date(1990, 1, 1)

    assert may_enter(rules, born, [], TODAY) == Barred(code="contact-not-verified")
    assert may_enter(rules, born, [], TODAY, contact_verified=True) is None
