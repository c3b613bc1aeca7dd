"""Ranking, marking and prizes against slow definitions, on small values so that ties abound."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules.document import ChainStep, IndividualPrize, Words
from contest.rules.prizes import award
from contest.rules.ranking import Entry, best_attempt, chain_key, rank
from contest.rules.scoring import (
    AcceptAlso,
    Correction,
    GiveAll,
    Mark,
    Void,
    mark,
    mark_answer,
    score_paper,
)

few = st.integers(0, 2)
entries = st.lists(
    st.builds(
        Entry,
        key=st.text("abcdefgh", min_size=1, max_size=4),
        score_milli=few,
        distance=st.none() | few,
        ranking_time_ms=few,
        submitted_ms=few,
    ),
    max_size=25,
    unique_by=lambda each: each.key,
)
chains = st.permutations(["distance", "time", "submitted"]).flatmap(
    lambda rest: st.integers(0, 3).map(lambda length: ("score", *rest[:length]))
)
prizes = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 1000)), max_size=5).map(
    lambda pairs: [
        IndividualPrize(title=Words(vi="Giải", en="Prize"), places=places, value_vnd=value)
        for (places, _), value in zip(
            pairs, sorted((value for _, value in pairs), reverse=True), strict=True
        )
    ]
)


def is_better(one: Entry, other: Entry, chain: tuple[ChainStep, ...]) -> bool:
    """The chain as the rules tell it, a step at a time."""
    for step in chain:
        if step == "score" and one.score_milli != other.score_milli:
            return one.score_milli > other.score_milli
        if step == "distance" and one.distance != other.distance:
            if one.distance is None or other.distance is None:
                return other.distance is None
            return one.distance < other.distance
        if step == "time" and one.ranking_time_ms != other.ranking_time_ms:
            return one.ranking_time_ms < other.ranking_time_ms
        if step == "submitted" and one.submitted_ms != other.submitted_ms:
            return one.submitted_ms < other.submitted_ms
    return False


@given(entries, chains)
def test_a_place_is_one_more_than_the_number_of_those_better(found, chain):
    places = {each.key: each.place for each in rank(found, chain)}

    assert places == {
        each.key: 1 + sum(is_better(other, each, chain) for other in found) for each in found
    }


@given(st.data(), entries, chains)
def test_the_order_of_the_input_never_matters(data, found, chain):
    assert rank(data.draw(st.permutations(found)), chain) == rank(found, chain)


@given(entries, chains)
def test_chain_keys_compare_as_the_chain_does(found, chain):
    for one in found[:8]:
        for other in found[:8]:
            better = chain_key(one, chain) < chain_key(other, chain)
            assert better == is_better(one, other, chain)


@given(st.data(), entries.filter(bool))
def test_no_attempt_beats_the_one_that_counts(data, found):
    best = best_attempt(found)

    assert best == best_attempt(data.draw(st.permutations(found)))
    assert best.score_milli == max(each.score_milli for each in found)
    assert not any(
        each.score_milli == best.score_milli and each.submitted_ms < best.submitted_ms
        for each in found
    )


@st.composite
def questions(draw):
    """Type, key, chosen and number of choices of a question that could stand in a bank."""
    choice_count = draw(st.integers(2, 6))
    top = (1 << choice_count) - 1
    question_type = draw(st.sampled_from(["single", "multiple", "true-false"]))
    key = draw(st.integers(1, top))
    if question_type != "multiple":
        key = 1 << draw(st.integers(0, choice_count - 1))
    return question_type, key, draw(st.none() | st.integers(0, top)), choice_count


policies = st.sampled_from(["all-or-nothing", "right-minus-wrong"])


@given(questions(), policies, st.integers(1, 100))
def test_points_stay_in_bounds_and_are_full_for_the_key_alone(question, policy, points):
    question_type, key, chosen, choice_count = question
    got = mark_answer(question_type, key, chosen, choice_count, policy, points * 1000)

    assert 0 <= got <= points * 1000
    assert (got == points * 1000) == (chosen == key)


@given(questions(), policies, st.data())
def test_accepting_more_or_giving_all_never_takes_points(question, policy, data):
    question_type, key, chosen, choice_count = question
    masks = st.integers(1, (1 << choice_count) - 1)
    kinds: st.SearchStrategy[Correction] = st.just(GiveAll()) | st.builds(
        AcceptAlso, st.lists(masks, max_size=3).map(tuple)
    )
    corrections = data.draw(st.lists(kinds, max_size=3))
    arguments = (question_type, key, chosen, choice_count, policy, 1000)
    before, after = mark(*arguments), mark(*arguments, corrections)

    assert before.got_milli <= after.got_milli <= 1000
    assert mark(*arguments, [*corrections, Void()]) == Mark(0, 1000, False, False)
    assert after == mark(*arguments, corrections[::-1])


marks = st.builds(
    lambda got, counted: Mark(got if counted else 0, 1000, counted and got == 1000, counted),
    st.sampled_from([0, 333, 500, 1000]),
    st.booleans(),
)


@given(st.lists(marks, min_size=1, max_size=12))
def test_a_score_is_the_share_of_what_was_still_possible(paper):
    scored = score_paper(paper)
    counted = [each for each in paper if each.is_counted]
    share = Fraction(sum(each.got_milli for each in counted), 1000 * len(counted) or 1)

    assert 0 <= scored.score_milli <= 1000 * len(paper)
    assert scored.is_perfect == (scored.score_milli == 1000 * len(paper))
    if counted:
        assert scored.score_milli == int(share * 1000 * len(paper))


@settings(max_examples=150)
@given(entries, chains, prizes)
def test_prizes_follow_the_places(found, chain, listed):
    placed = rank(found, chain)
    positions = [prize.value_vnd for prize in listed for _ in range(prize.places)]
    higher = award(placed, listed, "all-higher")
    shared = award(placed, listed, "share-money")
    groups = {}
    for each in higher:
        groups.setdefault(each.place, []).append(each)

    # The same people win under both policies: those whose place is a position with a prize.
    assert [each.key for each in higher] == [each.key for each in shared]
    assert [each.key for each in higher] == [
        each.key for each in placed if each.place <= len(positions)
    ]
    # Sharing never pays out more than there is; a dong a person may be left over.
    paid = sum(each.value_vnd for each in shared)
    there = sum(positions[: len(placed)])
    assert there - len(shared) <= paid <= there
    # No position is filled twice: groups lie one behind another.
    assert all(len(group) == group[0].shared_by for group in groups.values())
    filled = [place + at for place, group in groups.items() for at in range(len(group))]
    assert len(filled) == len(set(filled))
    # A better place never gets less.
    for awards in (higher, shared):
        values = [each.value_vnd for each in awards]
        assert values == sorted(values, reverse=True)
