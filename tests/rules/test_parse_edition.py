import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from contest.rules.document import (
    EditionDocument,
    RulesRefused,
    canonical,
    max_score_milli,
    parse_edition,
    questions_in,
    rules_hash,
)
from tests.rules.documents import an_edition, an_edition_with, refusals, with_value


def test_a_sound_document_is_read_with_its_times_in_utc():
    document = parse_edition(an_edition())

    assert document.rounds[0].opens == datetime(2026, 11, 16, 3, tzinfo=UTC)
    assert document.rounds[0].opens.tzinfo is UTC
    assert questions_in(document.rounds[0]) == 10
    assert max_score_milli(document, document.rounds[0]) == 10_000


def test_what_is_left_out_follows_the_domain_s_defaults():
    raw = an_edition()
    del raw["contact"]
    raw["rules"] = {
        "entry": {"minimum_age": 11},
        "attempt": {"minutes": 10},
        "chain": ["score", "time"],
    }
    rules = parse_edition(raw).rules

    assert rules.entry.barred_roles == ("organiser", "question-setter", "juror", "operator")
    assert (rules.attempt.attempts, rules.attempt.counts, rules.attempt.grace_seconds) == (
        1,
        "best",
        5,
    )
    assert rules.marking.multiple_choice == "all-or-nothing"
    assert rules.prediction.kind == "none"
    assert rules.own_score == "at-publishing"
    assert rules.prizes.tie_across_edge == "all-higher"
    assert (rules.complaints.within_days, rules.complaints.answer_days) == (5, 3)


def test_the_canonical_form_reads_back_as_the_same_document():
    document = parse_edition(an_edition())
    form = canonical(document)

    assert parse_edition(json.loads(form)) == document
    assert b'"opens":"2026-11-16T03:00:00Z"' in form
    assert json.dumps(json.loads(form), sort_keys=True, ensure_ascii=False) == json.dumps(
        json.loads(form), ensure_ascii=False
    )


def test_a_document_stored_before_there_were_complaints_means_the_defaults():
    stored = json.loads(canonical(parse_edition(an_edition())))
    del stored["rules"]["complaints"]

    read = msgspec.json.decode(json.dumps(stored), type=EditionDocument)

    assert read == parse_edition(an_edition())


def test_the_hash_depends_on_meaning_alone():
    """Another order of lines, or the same instant by another clock, is the same document."""
    raw = dict(reversed(an_edition().items()))
    raw["rounds"][0]["opens"] = "2026-11-16T03:00:00Z"

    assert rules_hash(parse_edition(raw)) == rules_hash(parse_edition(an_edition()))
    assert rules_hash(an_edition_with(rules__attempt__minutes=11)) != rules_hash(
        parse_edition(an_edition())
    )


@pytest.mark.parametrize(
    ("path", "value", "where", "reason"),
    [
        ("edition", "Công dân", "edition", "small letters a-z"),
        ("title.en", "  ", "title.en", "1 to 500 characters"),
        ("title.vi", "Tua\u0302\u0300n", "title.vi", "NFC"),
        ("title.vi", "Tuần\x07", "title.vi", "control characters"),
        ("title.vi", 2026, "title.vi", "must be a text of 1 to 500 characters, not 2026"),
        ("titel", {}, "titel", "is not known here; allowed are: edition, title"),
        ("contact.email", "nobody", "contact.email", "an e-mail address"),
        ("contact.phone", 2438250000, "contact.phone", "in quotes"),
        ("rules.entry.minimum_age", -1, "rules.entry.minimum_age", "0 to 120"),
        ("rules.entry.minimum_age", True, "rules.entry.minimum_age", "whole number of years"),
        ("rules.entry.verified_contact", "no", "rules.entry.verified_contact", "true or false"),
        ("rules.entry.barred_roles", ["king"], "rules.entry.barred_roles[0]", "one of: organiser"),
        (
            "rules.entry.barred_roles",
            ["juror", "juror"],
            "rules.entry.barred_roles[1]",
            "stands twice",
        ),
        ("rules.attempt.minutes", 10.0, "rules.attempt.minutes", "whole number of minutes"),
        ("rules.attempt.grace_seconds", 31, "rules.attempt.grace_seconds", "from 0 to 30"),
        ("rules.attempt.counts", "mean", "rules.attempt.counts", "no other way of counting"),
        ("rules.marking.multiple_choice", "half", "rules.marking.multiple_choice", "one of: all"),
        ("rules.prediction.kind", "guess", "rules.prediction.kind", "perfect-count"),
        ("rules.prediction.question", None, "rules.prediction.question", "is missing"),
        ("rules.chain", [], "rules.chain", "must begin with score"),
        ("rules.chain", ["time", "score"], "rules.chain", "must begin with score"),
        ("rules.chain", ["score", "time", "time"], "rules.chain[2]", "stands twice"),
        ("rules.chain", "score", "rules.chain", "must be a list"),
        ("rules.prizes.tie_across_edge", "draw", "rules.prizes.tie_across_edge", "a seed"),
        (
            "rules.prizes.individual.1.value_vnd",
            9999,
            "rules.prizes.individual[1].value_vnd",
            "at most 5000",
        ),
        ("rules.prizes.individual.0.places", 0, "rules.prizes.individual[0].places", "1 to 1000"),
        ("rules.complaints", {"within_days": 0}, "rules.complaints.within_days", "from 1 to 60"),
        ("rules.complaints", {"answer_days": 31}, "rules.complaints.answer_days", "from 1 to 30"),
        ("rules.complaints", {"days": 5}, "rules.complaints.days", "within_days, answer_days"),
        ("rounds", [], "rounds", "1 to 60 rounds"),
        ("rounds", {}, "rounds", "must be a list, not a mapping"),
        ("rounds.0.opens", "2026-11-16T10:00:00", "rounds[0].opens", "offset from UTC"),
        ("rounds.0.opens", datetime(2026, 11, 16, 10), "rounds[0].opens", "offset from UTC"),
        ("rounds.0.opens", "Monday", "rounds[0].opens", "must be a date and time"),
        ("rounds.0.opens", "2026-11-16T10:00:00.5+07:00", "rounds[0].opens", "whole seconds"),
        ("rounds.0.opens", "0001-01-01T00:00:00+07:00", "rounds[0].opens", "2000 to 2199"),
        ("rounds.0.closes", "2026-11-16T10:00:00+07:00", "rounds[0].closes", "after opens"),
        ("rounds.0.closes", "2026-11-16T10:09:59+07:00", "rounds[0].closes", "10 minutes"),
        ("rounds.0.publishes", "2026-11-22T21:59:59+07:00", "rounds[0].publishes", "not be before"),
        ("rounds.1.opens", "2026-11-22T21:59:59+07:00", "rounds[1].opens", "before round tuan-1"),
        ("rounds.1.slug", "tuan-1", "rounds[1].slug", "already the name"),
        ("rounds.1.pool", "demo-week-1", "rounds[1].pool", "already drawn from"),
        ("rounds.1.pool", "practice", "rounds[1].pool", "sealed pool"),
        ("rounds.0.blueprint", [], "rounds[0].blueprint", "1 to 50 questions altogether, not 0"),
        ("rounds.0.blueprint.0.take", 50, "rounds[0].blueprint", "not 56"),
        ("rounds.0.blueprint.1.level", "any", "rounds[0].blueprint[2]", "stands twice"),
        ("rounds.0.blueprint.0.domain", "law", "rounds[0].blueprint[0].domain", "one of: info"),
    ],
)
def test_what_cannot_be_executed_is_refused_in_words(
    path: str, value: object, where: str, reason: str
):
    found = refusals(with_value(an_edition(), path, value))

    assert list(found) == [where]
    assert reason in found[where]


@pytest.mark.parametrize("raw", [None, [], "text", 7])
def test_what_is_no_mapping_is_refused_as_a_whole(raw: object):
    assert list(refusals(raw)) == ["document"]


def test_every_fault_is_named_at_once():
    """A misspelt line in the rules does not hide that two rounds overlap."""
    raw = an_edition()
    del raw["organiser"]
    raw["rules"]["chian"] = raw["rules"].pop("chain")
    raw["rounds"][0]["pool"] = "practice"
    raw["rounds"][0]["title"] = {"vi": "Tuần"}
    raw["rounds"][1]["closes"] = raw["rounds"][1]["opens"]
    found = refusals(raw)

    assert set(found) == {
        "organiser",
        "rules.chain",
        "rules.chian",
        "rounds[0].title.en",
        "rounds[1].closes",
    }


def test_distance_needs_a_prediction_and_a_question_needs_one_too():
    found = refusals(with_value(an_edition(), "rules.prediction.kind", "none"))

    assert set(found) == {"rules.chain[1]", "rules.prediction.question"}


@pytest.mark.parametrize(
    ("attempts", "chain", "taken"),
    [
        (1, ["score", "distance", "time"], True),
        (3, ["score", "time"], True),
        (3, ["score", "distance", "time"], False),
    ],
)
def test_one_s_own_score_is_shown_early_unless_it_helps_the_next_prediction(
    attempts: int, chain: list[str], taken: bool
):
    raw = with_value(an_edition(), "rules.own_score", "at-submission")
    raw = with_value(raw, "rules.attempt.attempts", attempts)
    raw = with_value(raw, "rules.chain", chain)

    assert list(refusals(raw)) == ([] if taken else ["rules.own_score"])


def test_rounds_may_follow_one_another_without_a_gap():
    raw = an_edition()
    raw["rounds"][1]["opens"] = raw["rounds"][0]["closes"]

    assert refusals(raw) == {}


def test_the_refusal_reads_as_one_sentence_a_fault():
    raw: dict[Any, Any] = an_edition()
    raw[1] = "a key that is no text"

    with pytest.raises(RulesRefused, match=r"^1: is not known here"):
        parse_edition(raw)
