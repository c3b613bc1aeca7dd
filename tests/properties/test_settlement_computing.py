"""The arithmetic in columns gives what the readable rules give, whatever was answered."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from contest.rules import predictions, ranking
from contest.rules.scoring import AcceptAlso, Correction, GiveAll, Mark, Void, mark, score_paper
from contest.standings import computing
from contest.standings.raw_facts import ENTRY, MASKS, NO_PREDICTION, RawFacts

# Revision → type, key, choices.
QUESTIONS = {
    11: ("single", 1, 4),
    12: ("multiple", 3, 4),
    13: ("true-false", 2, 2),
    14: ("single", 4, 3),
}
POINTS = 1000
CHAINS = [
    ("score",),
    ("score", "distance"),
    ("score", "time"),
    ("score", "distance", "time", "submitted"),
    ("score", "submitted", "distance"),
]

corrections = st.dictionaries(
    st.sampled_from(sorted(QUESTIONS)),
    st.lists(
        st.one_of(st.builds(AcceptAlso, st.just((1,))), st.just(GiveAll()), st.just(Void())),
        max_size=2,
    ).map(tuple),
    max_size=3,
)


@st.composite
def attempts(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Few distinct values, so that ties abound; entrants come several times."""
    count = draw(st.integers(0, 14))
    made = []
    for number in range(count):
        paper = draw(st.permutations(sorted(QUESTIONS)))[: draw(st.integers(1, 4))]
        answers = [draw(st.integers(0, (1 << QUESTIONS[each][2]) - 1)) for each in paper]
        answers = [
            mask if QUESTIONS[each][0] == "multiple" or mask.bit_count() <= 1 else 1
            for each, mask in zip(paper, answers, strict=True)
        ]
        made.append(
            {
                "attempt": 100 + number,
                "entrant": draw(st.integers(1, 10)),
                "paper": paper,
                "answers": answers,
                "prediction": draw(st.one_of(st.none(), st.integers(0, 4))),
                "time": draw(st.integers(1, 3)),
                # An entrant's attempts follow one another.
                "submitted": draw(st.integers(0, 1)) if number == 0 else number // 2,
            }
        )
    return made


def naive(
    made: list[dict[str, Any]],
    corrected: dict[int, tuple[Correction, ...]],
    out: frozenset[int],
    chain: Any,
    kind: Any,
    policy: Any,
) -> tuple[Any, ...]:
    """Straight from the rules, one person at a time."""
    scored = {}
    for each in made:
        marks = [
            mark(
                QUESTIONS[q][0],
                QUESTIONS[q][1],
                a,
                QUESTIONS[q][2],
                policy,
                POINTS,
                corrected.get(q, ()),
            )  # type: ignore[arg-type]
            for q, a in zip(each["paper"], each["answers"], strict=True)
        ]
        if any(each["answers"]) and each["entrant"] not in out:
            scored[each["attempt"]] = (each, score_paper(marks))
    best: dict[int, Any] = {}
    for each, result in scored.values():
        rival = best.get(each["entrant"])
        if rival is None or (-result.score_milli, each["submitted"], each["attempt"]) < (
            -rival[1].score_milli,
            rival[0]["submitted"],
            rival[0]["attempt"],
        ):
            best[each["entrant"]] = (each, result)
    perfect = sum(result.is_perfect for _, result in best.values())
    truth = None if kind == "none" else predictions.truth(perfect, len(best), kind)
    placed = ranking.rank(
        [
            ranking.Entry(
                key=f"E{each['entrant']:07d}",
                score_milli=result.score_milli,
                distance=None if truth is None else predictions.distance(each["prediction"], truth),
                ranking_time_ms=each["time"],
                submitted_ms=each["submitted"],
            )
            for each, result in best.values()
        ],
        chain,
    )
    keys = [ranking.chain_key(each.entry, chain) for each in placed]
    ties = {
        (step, line): sum(key[:step] == keys[line - 1][:step] for key in keys)
        for step in range(1, len(chain) + 1)
        for line in range(1, len(keys) + 1)
        if line == 1 or keys[line - 2][:step] != keys[line - 1][:step]
    }
    return (
        [(each.place, each.key, each.entry.score_milli, each.entry.distance) for each in placed],
        {key: count for key, count in ties.items() if count > 1},
        (len(best), perfect, truth),
    )


def facts_of(made: list[dict[str, Any]]) -> RawFacts:
    revisions = sorted(QUESTIONS)
    length = max((len(each["paper"]) for each in made), default=1)
    answers = np.full((len(made), length), -1, dtype=np.int16)
    for at, each in enumerate(made):
        for place, (question, mask) in enumerate(zip(each["paper"], each["answers"], strict=True)):
            answers[at, place] = revisions.index(question) * MASKS + mask

    def column(values: list[Any], kind: Any) -> Any:
        return np.array(values, dtype=kind)

    return RawFacts(
        attempt_id=column([each["attempt"] for each in made], np.int64),
        entrant_id=column([each["entrant"] for each in made], np.int64),
        entry=column([f"E{each['entrant']:07d}" for each in made], ENTRY),
        ward=column([-1 for _ in made], np.int16),
        wards=[],
        age_group=column([0 for _ in made], np.int8),
        ranking_time_ms=column([each["time"] for each in made], np.int32),
        submitted_ms=column([each["submitted"] for each in made], np.int64),
        answers=answers,
        revisions=revisions,
        prediction=column(
            [NO_PREDICTION if each["prediction"] is None else each["prediction"] for each in made],
            np.int64,
        ),
    )


@given(
    attempts(),
    corrections,
    st.frozensets(st.integers(1, 10), max_size=2),
    st.sampled_from(CHAINS),
    st.sampled_from(["perfect-count", "perfect-percent"]),
    st.sampled_from(["all-or-nothing", "right-minus-wrong"]),
)
def test_columns_and_rules_agree(
    made: list[dict[str, Any]],
    corrected: dict[int, tuple[Correction, ...]],
    out: frozenset[int],
    chain: Any,
    kind: Any,
    policy: Any,
) -> None:
    facts = facts_of(made)
    marks: dict[int, list[Mark | None]] = {
        question: [
            mark(type_, key, mask, choices, policy, POINTS, corrected.get(question, ()))  # type: ignore[arg-type]
            if mask < 1 << choices
            else None
            for mask in range(MASKS)
        ]
        for question, (type_, key, choices) in QUESTIONS.items()
    }

    found = computing.compute(
        facts, marks, points_milli=POINTS, disqualified=out, chain=chain, kind=kind
    )

    lines = found.lines
    rows = [
        (place, facts.entry[row].decode(), score, None if distance < 0 else distance)
        for place, row, score, distance in zip(
            lines.place.tolist(),
            lines.row,
            lines.score_milli.tolist(),
            lines.distance.tolist(),
            strict=True,
        )
    ]
    ties = {
        (step, int(first)): int(last - first + 1)
        for step, (firsts, lasts) in lines.ties.items()
        for first, last in zip(firsts, lasts, strict=True)
    }
    expected_rows, expected_ties, figures = naive(made, corrected, out, chain, kind, policy)
    assert rows == expected_rows
    assert ties == expected_ties
    assert (found.valid, found.perfect, found.truth) == figures
