import pytest

from contest.rules.document import Change, changes, locked_changes, parse_edition
from tests.rules.documents import a_round, an_edition, an_edition_with

STARTED = {"tuan-1"}


def test_nothing_differs_from_itself():
    assert changes(parse_edition(an_edition()), parse_edition(an_edition())) == []


def test_each_value_that_differs_is_shown_before_and_after():
    old = parse_edition(an_edition())
    new = an_edition_with(
        rules__attempt__minutes=15,
        rules__entry__minimum_age=18,
        rules__chain=["score", "distance"],
        rules__prizes__individual__0__value_vnd=6000,
        rounds__0__blueprint__0__take=3,
    )

    assert changes(old, new) == [
        Change(path="rules.entry.minimum_age", before="16", after="18"),
        Change(path="rules.attempt.minutes", before="10", after="15"),
        Change(
            path="rules.chain",
            before="score, distance, time, submitted",
            after="score, distance",
        ),
        Change(path="rules.prizes.individual[0].value_vnd", before="5000", after="6000"),
        Change(path="rounds[tuan-1].blueprint[safety/basic]", before="4", after="3"),
    ]


def test_a_round_put_in_first_is_no_change_of_the_others():
    raw = an_edition()
    raw["rounds"] = [a_round(2)]
    found = changes(parse_edition(raw), parse_edition(an_edition()))

    assert {change.path.split(".")[0] for change in found} == {"rounds[tuan-1]"}
    assert all(change.before is None for change in found)


def test_a_first_document_is_all_new():
    found = changes(None, parse_edition(an_edition()))

    assert Change(path="edition", before=None, after="cong-dan-so-thu-do-2026") in found


def test_before_anyone_starts_everything_may_change():
    new = an_edition_with(rules__chain=["score"], rounds__0__pool="other", edition="another")

    assert locked_changes(parse_edition(an_edition()), new, set()) == []


@pytest.mark.parametrize(
    ("path", "value", "locked"),
    [
        ("edition", "another", "edition"),
        ("rules__attempt__minutes", 12, "rules.attempt"),
        ("rules__attempt__grace_seconds", 0, "rules.attempt"),
        ("rules__marking__multiple_choice", "right-minus-wrong", "rules.marking"),
        ("rules__prediction__kind", "perfect-percent", "rules.prediction.kind"),
        ("rules__chain", ["score", "time"], "rules.chain"),
        ("rules__own_score", "at-submission", "rules.own_score"),
        ("rules__prizes__tie_across_edge", "share-money", "rules.prizes.tie_across_edge"),
        ("rules__prizes__individual__2__value_vnd", 999, "rules.prizes.individual[2].value_vnd"),
        ("rules__prizes__individual__2__places", 2, "rules.prizes.individual[2].places"),
        ("rules__prizes__individual", [], "rules.prizes.individual[0]"),
        ("rules__complaints", {"within_days": 4}, "rules.complaints.within_days"),
        ("rules__complaints", {"answer_days": 4}, "rules.complaints.answer_days"),
        ("rounds__0__opens", "2026-11-16T09:00:00+07:00", "rounds[tuan-1].opens"),
        ("rounds__0__closes", "2026-11-22T21:00:00+07:00", "rounds[tuan-1].closes"),
        ("rounds__0__pool", "other", "rounds[tuan-1].pool"),
        ("rounds__0__blueprint__0__take", 5, "rounds[tuan-1].blueprint"),
        ("rounds__0__slug", "tuan-mot", "rounds[tuan-1]"),
        ("rounds", [a_round(2)], "rounds[tuan-1]"),
    ],
)
def test_what_decides_a_started_round_may_not_change(path: str, value: object, locked: str):
    faults = locked_changes(parse_edition(an_edition()), an_edition_with(**{path: value}), STARTED)

    assert faults[0].path == locked
    assert len(faults) == (3 if value == [] else 1)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("tagline__vi", "Học suốt đời"),
        ("rules__entry__minimum_age", 14),
        ("rules__prediction__question__en", "How many entrants will have all ten right?"),
        ("rules__prizes__individual__0__value_vnd", 6000),
        ("rules__complaints", {"within_days": 10, "answer_days": 2}),
        ("rounds__0__closes", "2026-11-22T23:00:00+07:00"),
        ("rounds__0__publishes", "2026-11-24T09:00:00+07:00"),
        ("rounds__0__blueprint", list(reversed(a_round(1)["blueprint"]))),
        ("rounds__1__pool", "other"),
        ("rounds__1__blueprint__0__take", 9),
        ("rounds", [a_round(1)]),
    ],
)
def test_words_later_rounds_and_what_only_gives_more_may_change(path: str, value: object):
    old, new = parse_edition(an_edition()), an_edition_with(**{path: value})

    assert changes(old, new) or path == "rounds__0__blueprint"
    assert locked_changes(old, new, STARTED) == []
