import pytest

from contest.rules.document import ChainStep
from contest.rules.predictions import distance
from contest.rules.ranking import OVERALL_CHAIN, Entry, best_attempt, chain_key, rank

CHAIN: tuple[ChainStep, ...] = ("score", "distance", "time", "submitted")


def entry(said: str, truth: int = 0) -> Entry:
    """ "Lan 9 @125 7:10 #3" → nine points, predicted 125, 7 min 10 s, submitted third."""
    name, points, *rest = said.split()
    marked = {each[0]: each[1:] for each in rest if each[0] in "@#"}
    minutes, _, seconds = next((each for each in rest if ":" in each), "0:0").partition(":")
    predicted = int(marked["@"]) if "@" in marked else None
    return Entry(
        key=name,
        score_milli=int(points) * 1000,
        distance=distance(predicted, truth),
        ranking_time_ms=(int(minutes) * 60 + int(seconds)) * 1000,
        submitted_ms=int(marked.get("#", 0)),
    )


def board(*said: str, truth: int = 0, chain: tuple[ChainStep, ...] = CHAIN) -> list[str]:
    placed = rank([entry(each, truth) for each in said], chain)
    return [f"{each.place} {each.key}" for each in placed]


def test_equal_scores_fall_to_the_nearer_prediction():
    """Nine right each; truth is 120: Minh said 118, Lan 125."""
    found = board("Lan 9 @125 7:10", "Minh 9 @118 9:58", truth=120)

    assert found == ["1 Minh", "2 Lan"]


def test_equal_distances_fall_to_the_shorter_time():
    """118 and 122 are equally far from 120."""
    found = board("Minh 9 @118 9:58", "Lan 9 @122 7:10", truth=120)

    assert found == ["1 Lan", "2 Minh"]


def test_equal_times_fall_to_the_earlier_submission():
    assert board("Minh 9 @1 5:00 #9", "Lan 9 @1 5:00 #8") == ["1 Lan", "2 Minh"]


def test_equal_in_the_whole_chain_shares_the_place_and_the_next_counts_them():
    found = board("Hoa 8 @1 5:00", "Minh 9 @1 5:00", "Lan 9 @1 5:00", "Nam 10 @1", "An 7 @1")

    assert found == ["1 Nam", "2 Lan", "2 Minh", "4 Hoa", "5 An"]


def test_no_prediction_ranks_behind_every_distance():
    found = board("Lan 9 1:00", "Minh 9 @9999999 9:59", "Hoa 9 1:00", truth=0)

    assert found == ["1 Minh", "2 Hoa", "2 Lan"]


def test_the_chain_of_the_rules_decides_not_ours():
    said = ("Lan 9 @125 7:10", "Minh 9 @118 9:58")

    assert board(*said, truth=120, chain=("score", "time")) == ["1 Lan", "2 Minh"]
    assert board(*said, truth=120, chain=("score",)) == ["1 Lan", "1 Minh"]


def test_over_several_rounds_sums_of_scores_then_of_times_decide():
    found = board("Lan 27 21:00", "Minh 27 20:00", "Hoa 28 30:00", chain=OVERALL_CHAIN)

    assert found == ["1 Hoa", "2 Minh", "3 Lan"]


def test_the_input_s_order_decides_neither_place_nor_order():
    said = ["Lan 9", "Minh 9", "Hoa 9", "Nam 8"]

    assert board(*said) == board(*reversed(said)) == ["1 Hoa", "1 Lan", "1 Minh", "4 Nam"]


def test_nobody_is_an_empty_board():
    assert rank([], CHAIN) == []


def test_an_entrant_is_ranked_once():
    with pytest.raises(ValueError, match="twice"):
        board("Lan 9", "Lan 8")


def test_the_chain_key_sorts_the_better_first():
    better, worse = entry("Minh 9 @118", 120), entry("Lan 9", 120)

    assert chain_key(better, CHAIN) == (-9000, 2, 0, 0)
    assert chain_key(better, CHAIN) < chain_key(worse, CHAIN)


def test_of_several_attempts_the_highest_score_counts_then_the_earliest():
    """Its own prediction goes with it, though the other attempt's was nearer."""
    attempts = [entry("a 8 @0 #1"), entry("b 9 @50 9:00 #2"), entry("c 9 @0 1:00 #3")]

    assert best_attempt(attempts).key == "b"
    assert best_attempt(reversed(attempts)).key == "b"
