"""Numbers, times and searching in the reader's language."""

from datetime import UTC, datetime

import pytest

from contest.web import i18n

SUNDAY = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("milli", "vi", "en"),
    [(10_000, "10", "10"), (7_500, "7,5", "7.5"), (3_333, "3,333", "3.333"), (0, "0", "0")],
)
def test_scores(milli: int, vi: str, en: str) -> None:
    assert (i18n.score(milli, "vi"), i18n.score(milli, "en")) == (vi, en)


@pytest.mark.parametrize(
    ("ms", "vi"), [(161_905, "2:41,905"), (600_000, "10:00,000"), (3_661_001, "1:01:01,001")]
)
def test_durations(ms: int, vi: str) -> None:
    assert i18n.duration(ms, "vi") == vi


def test_moments_are_told_in_hanoi() -> None:
    assert i18n.moment(SUNDAY, "vi") == "22:00, Chủ nhật 29/11/2026"
    assert i18n.moment(SUNDAY, "en") == "22:00, Sunday 29 Nov 2026"
    assert i18n.number(15083, "vi") == "15.083"
    assert i18n.number(15083, "en") == "15,083"


@pytest.mark.parametrize("spelt", ["Hoà Bình", "Hòa Bình", "HOA  BINH", "hoa binh"])
def test_searching_forgives_tones_and_both_spellings(spelt: str) -> None:
    assert i18n.without_tones(spelt) == "hoa binh"


def test_d_with_a_stroke_is_a_d() -> None:
    assert i18n.without_tones("Đặng Đình Độ") == "dang dinh do"
