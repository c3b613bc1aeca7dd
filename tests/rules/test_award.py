from contest.rules.document import IndividualPrize, TiePolicy, Words
from contest.rules.prizes import award
from contest.rules.ranking import Entry, Placed

# 1 first of 100, 2 second of 60, 3 third of 30.
PRIZES = [
    IndividualPrize(title=Words(vi="Giải", en="Prize"), places=places, value_vnd=value)
    for places, value in ((1, 100), (2, 60), (3, 30))
]


def placed(*places: int) -> list[Placed]:
    entry = Entry(key=0, score_milli=0, distance=None, ranking_time_ms=0, submitted_ms=0)
    return [
        Placed(place=place, key="abcdefghij"[at], entry=entry) for at, place in enumerate(places)
    ]


def given(tie: TiePolicy, *places: int) -> list[str]:
    """ "a 0:100" → a has the first prize of the list, worth 100."""
    found = award(placed(*places), PRIZES, tie)
    return [f"{each.key} {each.prize_index}:{each.value_vnd}" for each in found]


def test_without_ties_the_prizes_go_down_the_places():
    expected = ["a 0:100", "b 1:60", "c 1:60", "d 2:30", "e 2:30", "f 2:30"]

    assert given("all-higher", 1, 2, 3, 4, 5, 6, 7) == expected
    assert given("share-money", 1, 2, 3, 4, 5, 6, 7) == expected


def test_a_tie_within_one_prize_changes_nothing():
    expected = ["a 0:100", "b 1:60", "c 1:60", "d 2:30"]

    assert given("all-higher", 1, 2, 2, 4) == expected
    assert given("share-money", 1, 2, 2, 4) == expected


def test_a_tie_across_the_edge_all_get_the_higher_and_use_up_its_positions():
    """Two share place 1: both have the first prize, and one second prize is used up."""
    assert given("all-higher", 1, 1, 3, 4) == ["a 0:100", "b 0:100", "c 1:60", "d 2:30"]


def test_a_tie_across_the_last_edge_pays_more_people_than_prizes():
    assert given("all-higher", 1, 2, 3, 4, 5, 6, 6, 8)[-2:] == ["f 2:30", "g 2:30"]


def test_shared_money_is_the_money_of_the_positions_rounded_down():
    """Places 1, 1, 1 hold 100 + 60 + 60 = 220: 73 each, and 1 stays with the organiser."""
    assert given("share-money", 1, 1, 1, 4) == ["a 0:73", "b 0:73", "c 0:73", "d 2:30"]


def test_positions_without_a_prize_add_no_money():
    """Two share place 6, the last prize: 30 between them."""
    assert given("share-money", 1, 2, 3, 4, 5, 6, 6)[-2:] == ["f 2:15", "g 2:15"]


def test_fewer_entrants_than_prizes_leave_prizes_over():
    assert given("all-higher", 1) == ["a 0:100"]
    assert given("all-higher") == []


def test_without_prizes_nobody_gets_any():
    assert award(placed(1, 2), [], "all-higher") == []
