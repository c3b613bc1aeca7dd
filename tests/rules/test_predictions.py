import pytest

from contest.rules.document import PredictionKind
from contest.rules.predictions import (
    Lang,
    NotUnderstood,
    NotUnderstoodCode,
    Understood,
    distance,
    format_prediction,
    parse_prediction,
    truth,
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0", 0),
        ("120", 120),
        ("1234", 1234),
        ("1.234", 1234),
        ("12.345", 12_345),
        ("1.234.567", 1_234_567),
        ("  97 ", 97),
        ("\u00a097\u2009", 97),
        ("007", 7),
        ("10.000.000", 10_000_000),
    ],
)
def test_whole_numbers_take_dots_as_separators_of_thousands(typed: str, value: int):
    assert parse_prediction(typed, "perfect-count") == Understood(value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        (" \u00a0 ", "empty"),
        ("1.23", "bad-thousands"),
        ("1.2345", "bad-thousands"),
        ("0.123", "bad-thousands"),
        ("1234.567", "bad-thousands"),
        ("1,234", "not-whole"),
        ("1.234,5", "not-whole"),
        ("1 234", "not-a-number"),
        ("-5", "not-a-number"),
        ("+5", "not-a-number"),
        ("1e3", "not-a-number"),
        ("12 người", "not-a-number"),
        ("٣", "not-a-number"),
        (".", "not-a-number"),
        ("10000001", "too-large"),
        ("9" * 5000, "not-a-number"),
    ],
)
def test_other_whole_numbers_are_refused_with_a_reason(typed: str, code: NotUnderstoodCode):
    assert parse_prediction(typed, "perfect-count") == NotUnderstood(code)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("87,65432", 8_765_432),
        ("87.65432", 8_765_432),
        ("87,5 %", 8_750_000),
        ("87,5%", 8_750_000),
        ("87\u00a0%", 8_700_000),
        ("0", 0),
        ("0,00001", 1),
        ("100", 10_000_000),
        ("100,00000", 10_000_000),
        ("1.234", 123_400),
    ],
)
def test_shares_take_comma_or_point(typed: str, value: int):
    assert parse_prediction(typed, "perfect-percent") == Understood(value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("87,654321", "too-many-decimals"),
        ("100,00001", "too-large"),
        ("101", "too-large"),
        ("1.234,5", "not-a-number"),
        (",5", "not-a-number"),
        ("5,", "not-a-number"),
        ("%", "not-a-number"),
        ("5 % %", "not-a-number"),
        ("-1", "not-a-number"),
    ],
)
def test_other_shares_are_refused_with_a_reason(typed: str, code: NotUnderstoodCode):
    assert parse_prediction(typed, "perfect-percent") == NotUnderstood(code)


@pytest.mark.parametrize(
    ("value", "kind", "lang", "shown"),
    [
        (4971, "perfect-count", "vi", "4.971"),
        (4971, "perfect-count", "en", "4,971"),
        (97, "perfect-count", "vi", "97"),
        (8_765_432, "perfect-percent", "vi", "87,65432 %"),
        (8_765_432, "perfect-percent", "en", "87.65432 %"),
        (8_750_000, "perfect-percent", "vi", "87,5 %"),
        (10_000_000, "perfect-percent", "vi", "100 %"),
        (1, "perfect-percent", "en", "0.00001 %"),
    ],
)
def test_what_was_understood_is_shown_as_the_language_writes_it(
    value: int, kind: PredictionKind, lang: Lang, shown: str
):
    assert format_prediction(value, kind, lang) == shown


@pytest.mark.parametrize(
    ("perfect", "valid", "kind", "value"),
    [
        (120, 5000, "perfect-count", 120),
        (0, 0, "perfect-count", 0),
        (0, 0, "perfect-percent", 0),
        (1, 3, "perfect-percent", 3_333_333),
        (2, 3, "perfect-percent", 6_666_667),
        (3, 3, "perfect-percent", 10_000_000),
        # Exactly 0.5 and 2.5 units: half goes up, not to the even number.
        (1, 20_000_000, "perfect-percent", 1),
        (5, 20_000_000, "perfect-percent", 3),
    ],
)
def test_the_truth_counts_perfect_papers(
    perfect: int, valid: int, kind: PredictionKind, value: int
):
    assert truth(perfect, valid, kind) == value


def test_more_perfect_than_valid_is_an_error():
    with pytest.raises(ValueError, match="cannot be"):
        truth(4, 3, "perfect-count")


def test_distance_goes_both_ways_and_nothing_has_none():
    assert [distance(118, 120), distance(125, 120), distance(None, 120)] == [2, 5, None]


def test_without_a_prediction_in_the_rules_there_is_nothing_to_read():
    with pytest.raises(ValueError, match="no prediction"):
        parse_prediction("5", "none")
