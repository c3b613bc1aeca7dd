"""What is written of any round is read and computed again to the same places; a change is found."""

from datetime import UTC, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from contest.cli.replay import read_file
from contest.rules import predictions
from contest.rules.ranking import Entry, rank
from contest.rules.replay import FORMAT, Corrected, Head, replay
from contest.standings.published_files import PublishedLine, RoundFile, written

MAX = 3000
few = st.integers(0, 3)
chains = st.permutations(["distance", "time", "submitted"]).flatmap(
    lambda rest: st.integers(0, 3).map(lambda length: ("score", *rest[:length]))
)
kinds = st.sampled_from(["perfect-count", "perfect-percent", "none"])
# A spreadsheet's dangers, and letters that a file must bring over whole.
texts = st.text(st.sampled_from("=+-@\"',; #{}\n\tNguyễn Hà"), max_size=8)
facts = st.lists(
    st.tuples(
        st.text("ABC012", min_size=1, max_size=4), few, st.none() | few, few, few, texts, texts
    ),
    max_size=15,
    unique_by=lambda each: each[0],
)
corrections = st.lists(
    st.builds(Corrected, kind=st.sampled_from(["void", "give-all"]), question=st.just("q-1"))
    | st.builds(
        Corrected, kind=st.just("accept-also"), question=st.just("q-2"), masks=st.just((1, 6))
    ),
    max_size=3,
    unique_by=lambda each: (each.kind, each.question),
).map(tuple)


@st.composite
def rounds(draw):
    """A published round as a settlement leaves it: head and lines, by the pure rules."""
    kind = draw(kinds)
    chain = tuple(step for step in draw(chains) if kind != "none" or step != "distance")
    people = draw(facts)
    perfect = sum(1 for each in people if each[1] * 1000 == MAX)
    truth = None if kind == "none" else predictions.truth(perfect, len(people), kind)
    by_code = {each[0]: each for each in people}
    guesses = {each[0]: None if truth is None else each[2] for each in people}
    placed = rank(
        [
            Entry(
                key=code,
                score_milli=score * 1000,
                distance=None if truth is None else predictions.distance(guess, truth),
                ranking_time_ms=time,
                submitted_ms=order + 1,
            )
            for code, score, guess, time, order, _, _ in people
        ],
        chain,
    )
    lines = [
        PublishedLine(
            each.place,
            each.key,
            each.entry.score_milli,
            guesses[each.key],
            each.entry.distance,
            each.entry.ranking_time_ms,
            each.entry.submitted_ms,
            *by_code[each.key][5:],
        )
        for each in placed
    ]
    head = Head(
        format=FORMAT,
        edition="thu-nghiem",
        round="tuan-1",
        act=draw(st.integers(1, 3)),
        published_at=datetime(2026, 11, 24, 3, 0, 0, 123000, tzinfo=UTC),
        adjusted_at=draw(st.none() | st.just(datetime(2026, 11, 25, tzinfo=UTC))),
        rules_hash="0" * 64,
        chain=chain,
        prediction_kind=kind,
        max_score_milli=MAX,
        truth=truth,
        corrections=draw(corrections),
        disqualified=draw(few),
        lines=len(lines),
    )
    return RoundFile(settlement_id=1, head=head, rules='{"edition": "thử"}'), lines


def pieces(lines, size):
    return [lines[at : at + size] for at in range(0, len(lines), size)]


@given(rounds(), st.sampled_from(["csv", "json"]), st.integers(1, 6))
def test_what_was_written_is_read_and_ranks_the_same(made, kind, size):
    file, lines = made

    read = read_file(b"".join(written(kind, file, pieces(lines, size))))

    assert read.head == file.head
    assert read.rules == (file.rules if kind == "json" else None)
    assert [msgspec.structs.astuple(line) for line in read.lines] == [
        msgspec.structs.astuple(line)[:7] for line in lines
    ]
    assert replay(read.head, read.lines).differences == []


@given(rounds(), st.sampled_from(["csv", "json"]), st.integers(1, 6))
def test_the_pieces_do_not_show(made, kind, size):
    file, lines = made

    assert b"".join(written(kind, file, pieces(lines, size))) == b"".join(
        written(kind, file, [lines])
    )


def redone(head, lines):
    """The places by the slow definition, and the truth: what a change may leave as it was."""
    perfect = sum(1 for line in lines if line.score_milli == MAX)
    kind = head.prediction_kind
    truth = None if kind == "none" else predictions.truth(perfect, len(lines), kind)
    distances = [
        None if truth is None else predictions.distance(x.prediction, truth) for x in lines
    ]

    def key(at):
        line, distance = lines[at], distances[at]
        steps = {
            "score": -line.score_milli,
            "distance": float("inf") if distance is None else distance,
            "time": line.ranking_time_ms,
            "submitted": line.submission_order,
        }
        return tuple(steps[step] for step in head.chain)

    keys = [key(at) for at in range(len(lines))]
    return truth, distances, [1 + sum(other < own for other in keys) for own in keys]


@given(rounds(), st.data())
def test_one_changed_number_is_found_unless_it_changes_nothing(made, data):
    file, lines = made
    if not lines:
        return
    at = data.draw(st.integers(0, len(lines) - 1))
    names = ["place", "score_milli", "ranking_time_ms", "submission_order"]
    if file.head.prediction_kind != "none":
        names += ["prediction", "distance"]
    name = data.draw(st.sampled_from(names))
    value = data.draw(st.integers(1, 4)) * (1000 if name == "score_milli" else 1)
    bent = list(lines)
    bent[at] = msgspec.structs.replace(lines[at], **{name: value})
    truth, distances, places = redone(file.head, bent)
    follows = (truth, distances, places) == (
        file.head.truth,
        [line.distance for line in bent],
        [line.place for line in bent],
    ) and bent[at].score_milli <= MAX

    read = read_file(b"".join(written("json", file, [bent])))

    assert (replay(read.head, read.lines).differences == []) == follows
