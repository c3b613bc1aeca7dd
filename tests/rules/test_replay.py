"""A published file computed again: what follows is passed over, what does not is named."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from contest.rules.document import canonical, rules_hash
from contest.rules.replay import FORMAT, Corrected, Difference, Head, Line, check_rules, replay
from tests.rules.documents import an_edition_with

EDITION = an_edition_with(rules__prediction__kind="perfect-count")
DOCUMENT = canonical(EDITION).decode()


def head(**facts: Any) -> Head:
    made = {
        "format": FORMAT,
        "edition": "cong-dan-so-thu-do-2026",
        "round": "tuan-1",
        "act": 1,
        "published_at": datetime(2026, 11, 24, tzinfo=UTC),
        "adjusted_at": None,
        "rules_hash": rules_hash(EDITION),
        "chain": EDITION.rules.chain,
        "prediction_kind": "perfect-count",
        "max_score_milli": 10_000,
        "truth": 2,
        "corrections": (),
        "disqualified": 0,
        "lines": 4,
    }
    return Head(**{**made, **facts})


# Two with all right; of those with 9 points one guessed 3, the other nothing.
LINES = [
    Line(1, "AAAA", 10_000, 2, 0, 60_000, 3),
    Line(2, "BBBB", 10_000, 5, 3, 50_000, 1),
    Line(3, "CCCC", 9_000, 3, 1, 70_000, 2),
    Line(4, "DDDD", 9_000, None, None, 10_000, 2),
]


def changed(at: int, **facts: Any) -> list[Line]:
    return [
        msgspec.structs.replace(line, **facts) if number == at else line
        for number, line in enumerate(LINES)
    ]


def whats(found: list[Difference]) -> list[str]:
    return [f"{each.entry_code or '*'} {each.what} {each.stands}/{each.computed}" for each in found]


def test_a_sound_file_has_no_differences() -> None:
    done = replay(head(), LINES)

    assert done.differences == []
    assert (done.perfect, done.truth) == (2, 2)
    assert check_rules(head(), DOCUMENT) == []


def test_the_order_of_the_lines_does_not_matter() -> None:
    assert replay(head(), LINES[::-1]).differences == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (changed(0, place=2), ["AAAA place 2/1"]),
        (changed(3, place=3), ["DDDD place 3/4"]),
        (changed(2, distance=2), ["CCCC distance 2/1"]),
        (changed(2, prediction=4), ["CCCC distance 1/2"]),
        (changed(3, ranking_time_ms=-1), ["DDDD ranking_time_ms -1/0 or more"]),
        (changed(3, submission_order=0), ["DDDD submission_order 0/1 or more"]),
        (changed(3, entry_code="CCCC"), ["CCCC entry_code twice/once"]),
        (
            changed(3, score_milli=11_000),
            [
                "DDDD score_milli 11000/0 to 10000",
                *("AAAA place 1/2", "BBBB place 2/3", "CCCC place 3/4", "DDDD place 4/1"),
            ],
        ),
        # A score that makes somebody perfect moves the truth, and with it every distance.
        (
            changed(2, score_milli=10_000),
            [
                *("* truth 2/3", "AAAA distance 0/1", "BBBB distance 3/2", "CCCC distance 1/0"),
                *("AAAA place 1/2", "BBBB place 2/3", "CCCC place 3/1"),
            ],
        ),
        (LINES[:3], ["* lines 4/3"]),
    ],
)
def test_whatever_was_changed_is_named(lines: list[Line], expected: list[str]) -> None:
    assert whats(replay(head(), lines).differences) == expected


def test_those_equal_in_the_whole_chain_share_the_place() -> None:
    lines = [*LINES[:2], *(msgspec.structs.replace(LINES[2], entry_code=code) for code in "CD")]

    assert (
        replay(head(), [*lines[:3], msgspec.structs.replace(lines[3], place=3)]).differences == []
    )
    found = replay(head(), [*lines[:3], msgspec.structs.replace(lines[3], place=4)]).differences
    assert whats(found) == ["D place 4/3"]


def test_without_a_prediction_there_is_neither_truth_nor_distance() -> None:
    plain = head(prediction_kind="none", chain=("score", "time"), truth=None, lines=1)
    line = Line(1, "AAAA", 9_000, None, None, 1, 1)

    assert replay(plain, [line]).differences == []
    odd = replay(plain, [msgspec.structs.replace(line, prediction=3, distance=1)])
    assert whats(odd.differences) == ["AAAA prediction 3/none", "AAAA distance 1/none"]


def test_a_share_is_recomputed_to_the_fifth_decimal() -> None:
    share = head(prediction_kind="perfect-percent", truth=6_666_667, lines=3)
    lines = [
        Line(1, "A", 10_000, 6_666_667, 0, 1, 1),
        Line(2, "B", 10_000, 6_666_666, 1, 1, 1),
        Line(3, "C", 0, 0, 6_666_667, 1, 1),
    ]

    assert replay(share, lines).differences == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"corrections": (Corrected(kind="void", question="q-1"),)}, []),
        (
            {"corrections": (Corrected(kind="accept-also", question="q-1", masks=(2, 5)),)},
            [],
        ),
        ({"corrections": (Corrected(kind="accept-also", question="q-1"),)}, ["correction"]),
        ({"corrections": (Corrected(kind="void", question="q-1", masks=(1,)),)}, ["correction"]),
        ({"corrections": (Corrected(kind="forgive", question="q-1"),)}, ["correction"]),
        ({"corrections": (Corrected(kind="void", question=""),)}, ["correction"]),
        ({"corrections": (Corrected(kind="void", question="q-1"),) * 2}, ["correction"]),
        ({"disqualified": -1}, ["disqualified"]),
        ({"truth": 3}, ["truth"]),
        ({"truth": None}, ["truth"]),
        ({"lines": 5}, ["lines"]),
        ({"chain": ("distance", "time", "submitted")}, ["chain"]),
    ],
)
def test_a_head_that_cannot_be_is_named(facts: dict[str, Any], expected: list[str]) -> None:
    whole = [each.what for each in replay(head(**facts), LINES).differences if not each.entry_code]
    assert whole == expected


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"rules_hash": "0" * 64}, "rules_hash"),
        ({"chain": ("score", "time")}, "chain"),
        ({"prediction_kind": "none"}, "prediction_kind"),
        ({"max_score_milli": 11_000}, "max_score_milli"),
        ({"edition": "khac"}, "edition"),
        ({"round": "tuan-7"}, "round"),
    ],
)
def test_a_head_that_departs_from_the_rules_is_named(facts: dict[str, Any], what: str) -> None:
    assert [each.what for each in check_rules(head(**facts), DOCUMENT)] == [what]


def test_a_document_changed_by_a_letter_is_named() -> None:
    bent = DOCUMENT.replace("Giải Nhất", "Giải Nhứt")

    [found] = check_rules(head(), bent)

    assert found.computed == hashlib.sha256(bent.encode()).hexdigest()


def test_a_document_of_a_later_release_is_still_read() -> None:
    raw = msgspec.json.decode(DOCUMENT)
    raw["rules"]["something_new"] = {"a": 1}
    text = msgspec.json.encode(raw, order="sorted").decode()

    digest = hashlib.sha256(text.encode()).hexdigest()
    assert check_rules(head(rules_hash=digest), text) == []


def test_what_is_no_document_is_refused() -> None:
    for text in ("", "[]", "{}"):
        with pytest.raises(ValueError, match="rule document"):
            check_rules(head(), text)


def test_a_round_without_entrants_agrees() -> None:
    assert replay(head(lines=0, truth=0), []).differences == []
