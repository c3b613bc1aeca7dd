"""Similar pairs are found exactly, and fast enough for a bank of tens of thousands."""

import time
from itertools import pairwise
from random import Random

import pytest

from contest.bank.similarity import similar_pairs
from contest.bank.wording import plain_words


def test_words_are_compared_without_tones_and_case():
    assert plain_words("Đường DẪN “lạ”, số 5!") == ("duong", "dan", "la", "so", "5")


@pytest.mark.parametrize("least", [0.45, 0.6, 1.0])
def test_similar_pairs_are_those_that_comparing_all_pairs_finds(least):
    rng = Random(7)
    sets = [set(rng.choices("abcdefghijkl", k=rng.randint(0, 9))) for _ in range(120)]

    def similarity(i: int, j: int) -> float:
        return len(sets[i] & sets[j]) / len(sets[i] | sets[j]) if sets[i] | sets[j] else 0

    expected = [(i, j) for i in range(120) for j in range(i + 1, 120) if similarity(i, j) >= least]
    found = sorted(similar_pairs(sets, least))

    assert [(i, j) for i, j, _ in found] == expected
    assert all(value == pytest.approx(similarity(i, j)) for i, j, value in found)


@pytest.mark.slow
def test_twins_among_twenty_thousand_are_found_in_seconds():
    """Comparing every pair would be two hundred million comparisons, many minutes."""
    rng = Random(11)
    words = [f"w{i}" for i in range(1500)]
    weights = [1 / (i + 3) for i in range(1500)]  # a few words everywhere, as in a language
    texts = [rng.choices(words, weights, k=25) for _ in range(20_000)]
    texts[12_345] = [*texts[77][:-1], "changed"]
    sets = [{f"{a} {b}" for a, b in pairwise(t)} for t in texts]

    began = time.perf_counter()
    pairs = list(similar_pairs(sets, 0.45))

    assert [pair[:2] for pair in pairs] == [(77, 12_345)]
    assert time.perf_counter() - began < 30
