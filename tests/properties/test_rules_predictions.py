"""Predictions read as the domain says, and are shown so that they read back."""

import re
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from contest.rules.predictions import (
    LARGEST_COUNT,
    WHOLE_PERCENT,
    NotUnderstood,
    Understood,
    distance,
    format_prediction,
    parse_prediction,
    truth,
    typed_prediction,
)

counts = st.integers(0, LARGEST_COUNT)
shares = st.integers(0, WHOLE_PERCENT)
typed = st.text("0123456789.,% -", max_size=12)


@given(counts)
def test_a_whole_number_reads_back_as_shown_in_vietnamese(value):
    assert parse_prediction(format_prediction(value, "perfect-count", "vi"), "perfect-count") == (
        Understood(value)
    )
    assert parse_prediction(str(value), "perfect-count") == Understood(value)


@given(shares, st.sampled_from(["vi", "en"]))
def test_a_share_reads_back_as_shown(value, lang):
    shown = format_prediction(value, "perfect-percent", lang)

    assert parse_prediction(shown, "perfect-percent") == Understood(value)
    assert parse_prediction(shown.removesuffix(" %"), "perfect-percent") == Understood(value)


@given(typed)
@example("0.123")
def test_a_whole_number_has_dots_only_between_groups_of_three(text):
    found = parse_prediction(text, "perfect-count")
    form = re.fullmatch(r"\s*(\d+|[1-9]\d{0,2}(\.\d{3})+)\s*", text)

    if form and int(form[1].replace(".", "")) <= LARGEST_COUNT:
        assert found == Understood(int(form[1].replace(".", "")))
    else:
        assert isinstance(found, NotUnderstood)


@given(typed)
def test_a_share_has_comma_or_point_and_at_most_five_decimals(text):
    found = parse_prediction(text, "perfect-percent")
    form = re.fullmatch(r"\s*(\d+([.,]\d{1,5})?) ?%?\s*", text)
    value = Decimal(form[1].replace(",", ".")) * 100_000 if form else None

    if value is not None and value <= WHOLE_PERCENT:
        assert found == Understood(int(value))
    else:
        assert isinstance(found, NotUnderstood)


@given(st.text(max_size=30), st.sampled_from(["perfect-count", "perfect-percent"]))
def test_nothing_that_is_typed_breaks_the_reader(text, kind):
    assert isinstance(parse_prediction(text, kind), (Understood, NotUnderstood))


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_the_true_share_is_rounded_half_up(one, other):
    perfect, valid = sorted((one, other))
    exact = Decimal(perfect) / Decimal(valid) if valid else Decimal(0)
    value = truth(perfect, valid, "perfect-percent")

    assert value == int((exact * WHOLE_PERCENT).to_integral_value(ROUND_HALF_UP))
    assert 0 <= value <= WHOLE_PERCENT


@given(counts, counts)
def test_distance_is_the_same_from_either_side(one, other):
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


@given(counts)
def test_a_whole_number_as_typed_reads_back(value):
    assert parse_prediction(typed_prediction(value, "perfect-count"), "perfect-count") == (
        Understood(value)
    )


@given(shares)
def test_a_share_as_typed_reads_back(value):
    assert parse_prediction(typed_prediction(value, "perfect-percent"), "perfect-percent") == (
        Understood(value)
    )
