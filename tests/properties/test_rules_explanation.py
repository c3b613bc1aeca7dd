"""Explanations of whole boards, on small values so that ties abound."""

from hypothesis import given
from hypothesis import strategies as st

from contest.rules.explanation import explain
from contest.rules.ranking import Entry, chain_key, rank

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
    min_size=1,
    max_size=25,
    unique_by=lambda each: each.key,
)
chains = st.permutations(["distance", "time", "submitted"]).flatmap(
    lambda rest: st.integers(0, 3).map(lambda length: ("score", *rest[:length]))
)


def explained(found, chain):
    """Every line of the board with its steps, the ranges of lines counted the slow way."""
    placed = rank(found, chain)
    keys = [chain_key(each.entry, chain) for each in placed]
    for each, key in zip(placed, keys, strict=True):
        ties = []
        for step in range(1, len(chain) + 1):
            equal = [at for at, other in enumerate(keys, start=1) if other[:step] == key[:step]]
            ties.append((equal[0], equal[-1]))
        yield each, key, explain(chain, ties, len(placed)), keys


@given(entries, chains)
def test_those_ahead_step_by_step_and_oneself_make_the_place(found, chain):
    for each, _key, steps, _keys in explained(found, chain):
        assert each.place == 1 + sum(step.ahead for step in steps)


@given(entries, chains)
def test_at_each_step_those_ahead_equal_and_behind_are_those_who_were_equal_before(found, chain):
    for _each, key, steps, keys in explained(found, chain):
        among = len(found)
        for at, step in enumerate(steps, start=1):
            rivals = [other for other in keys if other[: at - 1] == key[: at - 1]]
            assert step.among == among == len(rivals)
            assert step.among == step.ahead + step.equal + step.behind
            assert step.ahead == sum(other[at - 1] < key[at - 1] for other in rivals)
            assert step.is_needed == (among > 1)
            among = step.equal
        assert among == keys.count(key)


@given(entries, chains)
def test_one_step_decides_and_it_is_a_needed_one(found, chain):
    for _each, _key, steps, _keys in explained(found, chain):
        deciding = [step for step in steps if step.is_deciding]

        assert len(deciding) == (1 if len(found) > 1 else 0)
        assert all(step.is_needed for step in deciding)
        assert all(step.ahead == max(other.ahead for other in steps) for step in deciding)
