"""The clock's invariants, and the draw against a brute-force answer on small pools."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.bank.draw import Candidate, NotEnough, check_blueprint, draw
from contest.quiz.timing import (
    IncomingSave,
    LastSave,
    SaveVerdict,
    allowed_ms,
    allowed_time,
    attempt_state,
    deadline,
    submission,
    verdict,
)
from contest.rules.document import BlueprintCell

START = datetime(2026, 11, 22, 14, 50, tzinfo=UTC)
GRACE = timedelta(seconds=5)
lengths = st.integers(0, 40 * 60 * 1000).map(lambda ms: timedelta(milliseconds=ms))


@given(lengths, lengths, st.integers(1, 20), st.sampled_from([0, 25, 50, 100]))
def test_time_stays_within_what_was_allowed(until_close, until_receipt, minutes, extra):
    allowed = allowed_time(minutes, extra)
    ends = deadline(START, allowed, START + until_close, extra_time=extra > 0)
    arguments = {
        "started": START,
        "deadline": ends,
        "grace": GRACE,
        "allowed": allowed,
        "base": allowed_time(minutes),
    }
    by_hand = submission(received=START + until_receipt, **arguments)
    by_itself = submission(received=None, **arguments)

    assert START <= ends <= START + allowed
    assert extra > 0 or ends <= START + until_close
    assert 0 <= by_hand.time_used_ms <= by_itself.time_used_ms <= allowed_ms(minutes, extra)
    assert 0 <= by_hand.ranking_time_ms <= by_itself.ranking_time_ms <= minutes * 60_000
    # Whoever has all the time allowed and uses it up ranks as the whole base time, extra or not.
    if ends == START + allowed:
        assert by_itself.ranking_time_ms == minutes * 60_000
    assert by_hand.is_by_itself == (START + until_receipt > ends + GRACE)


saves = st.builds(
    IncomingSave,
    tab=st.sampled_from("ab"),
    seq=st.integers(1, 4),
    based_on=st.integers(0, 4),
    same_answer=st.booleans(),
)


@given(
    st.lists(st.tuples(saves, st.integers(0, 20)), max_size=12).map(
        lambda found: sorted(found, key=lambda each: each[1])
    ),
    st.none() | st.integers(0, 20),
)
def test_counted_saves_form_one_line_that_ends_in_time(story, submitted):
    """Seconds of receipt around a deadline at 10 s."""
    at = [START + timedelta(seconds=second) for second in range(21)]
    submitted_at = None if submitted is None else at[submitted]
    current = None
    seen = {}
    for incoming, second in story:
        found = verdict(
            received=at[second],
            deadline=at[10],
            grace=GRACE,
            submitted_at=submitted_at,
            current=current,
            incoming=incoming,
        )
        if found is SaveVerdict.COUNTED:
            assert second <= 15
            assert submitted is None or second < submitted
            assert attempt_state(at[second], at[10], GRACE, None) == "open"
            if current and incoming.tab == current.tab:
                assert incoming.seq > current.seq
            elif current:
                assert incoming.based_on == current.n
            current = LastSave(
                n=current.n + 1 if current else 1, tab=incoming.tab, seq=incoming.seq
            )
            seen[incoming.tab] = incoming.seq
        elif found is SaveVerdict.REPEATED:
            assert current is not None
            assert seen[incoming.tab] == incoming.seq


domains = st.sampled_from(["safety", "ai"])
levels = st.sampled_from(["basic", "advanced"])
pools = st.lists(st.tuples(domains, levels), max_size=7).map(
    lambda cells: [
        Candidate(
            question_id=f"q{number}",
            revision_id=number,
            domain=domain,
            level=level,
            choice_count=2 + number % 4,
            shuffles=number % 4 > 0,
        )
        for number, (domain, level) in enumerate(cells)
    ]
)
blueprints = st.lists(
    st.builds(
        BlueprintCell,
        domain=domains | st.just("any"),
        level=levels | st.just("any"),
        take=st.integers(1, 2),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda cell: (cell.domain, cell.level),
)
seeds = st.binary(min_size=1, max_size=8)


def fits(candidate, cell):
    return cell.domain in ("any", candidate.domain) and cell.level in ("any", candidate.level)


def can_fill(candidates, slots):
    """Whether some order of the questions meets the slots one by one."""
    return any(all(map(fits, chosen, slots)) for chosen in permutations(candidates, len(slots)))


@settings(max_examples=150)
@given(st.data(), seeds, pools, blueprints)
def test_a_paper_is_drawn_whenever_the_pool_suffices(data, seed, candidates, blueprint):
    slots = [cell for cell in blueprint for _ in range(cell.take)]
    suffices = can_fill(candidates, slots)

    shortages = check_blueprint(candidates, blueprint)
    assert (shortages == []) == suffices
    assert all(0 <= each.had < each.wanted == each.cell.take for each in shortages)
    if not suffices:
        with pytest.raises(NotEnough):
            draw(seed, candidates, blueprint)
        return
    paper = draw(seed, candidates, blueprint)
    drawn = [candidates[item.revision_id] for item in paper]
    assert len(drawn) == len({each.question_id for each in drawn}) == len(slots)
    assert can_fill(drawn, slots)
    for item, candidate in zip(paper, drawn, strict=True):
        assert sorted(item.order) == list(range(candidate.choice_count))
        assert candidate.shuffles or list(item.order) == sorted(item.order)
    mixed = data.draw(st.permutations(candidates))
    assert draw(seed, mixed, data.draw(st.permutations(blueprint))) == paper
