import pytest

from contest.rules.document import MarkingPolicy
from contest.rules.scoring import (
    AcceptAlso,
    Correction,
    GiveAll,
    Mark,
    QuestionType,
    Scored,
    Void,
    mark,
    mark_answer,
    score_paper,
)

ALL: MarkingPolicy = "all-or-nothing"
MINUS: MarkingPolicy = "right-minus-wrong"


def mask(letters: str) -> int:
    """ "AC" → first and third choice."""
    return sum(1 << "ABCDEF".index(letter) for letter in letters)


@pytest.mark.parametrize(
    ("question_type", "key", "chosen", "policy", "milli"),
    [
        ("single", "B", "B", ALL, 1000),
        ("single", "B", "A", ALL, 0),
        ("single", "B", "AB", ALL, 0),
        ("single", "B", "AB", MINUS, 0),
        ("single", "B", "", ALL, 0),
        ("multiple", "AC", "AC", ALL, 1000),
        ("multiple", "AC", "A", ALL, 0),
        ("multiple", "AC", "AC", MINUS, 1000),
        ("multiple", "AC", "A", MINUS, 500),
        ("multiple", "AC", "AB", MINUS, 0),
        ("multiple", "AC", "ABC", MINUS, 500),
        ("multiple", "AC", "BD", MINUS, 0),
        ("multiple", "ABC", "AB", MINUS, 666),
        ("multiple", "ABC", "ABD", MINUS, 333),
        ("multiple", "AC", "ABCD", MINUS, 0),
    ],
)
def test_an_answer_is_marked_by_the_policy(
    question_type: QuestionType, key: str, chosen: str, policy: MarkingPolicy, milli: int
):
    assert mark_answer(question_type, mask(key), mask(chosen), 4, policy, 1000) == milli


def test_true_is_the_first_choice_and_false_the_second():
    assert mark_answer("true-false", 0b01, 0b01, 2, ALL, 1000) == 1000
    assert mark_answer("true-false", 0b10, 0b01, 2, ALL, 1000) == 0


def test_a_blank_answer_gets_nothing():
    assert mark_answer("single", 1, None, 4, ALL, 1000) == 0


@pytest.mark.parametrize(("key", "chosen"), [(0, 1), (16, 1), (1, 16), (1, -1)])
def test_masks_beyond_the_choices_are_errors(key: int, chosen: int):
    with pytest.raises(ValueError, match=r"choices|offered"):
        mark_answer("single", key, chosen, 4, ALL, 1000)


def marked(chosen: str, *corrections: Correction) -> Mark:
    return mark("multiple", mask("AC"), mask(chosen), 4, MINUS, 1000, corrections)


def test_accepting_another_answer_keeps_the_old_one_right():
    also = AcceptAlso((mask("A"), mask("AD")))

    assert marked("AC", also) == Mark(1000, 1000, True)
    assert marked("A", also) == Mark(1000, 1000, True)
    assert marked("AD", also) == Mark(1000, 1000, True)
    assert marked("BD", also) == Mark(0, 1000, False)


def test_giving_all_reaches_wrong_and_blank_answers():
    assert marked("BD", GiveAll()) == Mark(1000, 1000, True)
    assert marked("", GiveAll()) == Mark(1000, 1000, True)


def test_a_void_question_leaves_the_paper():
    assert marked("AC", Void()) == Mark(0, 1000, False, False)


def test_the_order_of_corrections_decides_nothing():
    also = AcceptAlso((mask("B"),))

    assert marked("B", GiveAll(), also) == marked("B", also, GiveAll())
    assert marked("AC", GiveAll(), Void()) == marked("AC", Void(), GiveAll())


RIGHT = Mark(1000, 1000, True)
WRONG = Mark(0, 1000, False)
VOID = Mark(0, 1000, False, False)


@pytest.mark.parametrize(
    ("paper", "score", "correct", "counted", "perfect"),
    [
        ([RIGHT] * 10, 10_000, 10, 10, True),
        ([RIGHT] * 9 + [WRONG], 9_000, 9, 10, False),
        ([RIGHT] * 9 + [VOID], 10_000, 9, 9, True),
        ([RIGHT] * 8 + [WRONG, VOID], 8_888, 8, 9, False),
        ([WRONG] * 9 + [VOID], 0, 0, 9, False),
        ([VOID] * 10, 10_000, 0, 0, True),
    ],
)
def test_a_paper_is_scored_over_what_still_counts(
    paper: list[Mark], score: int, correct: int, counted: int, perfect: bool
):
    assert score_paper(paper) == Scored(
        score_milli=score,
        correct_count=correct,
        counted_questions=counted,
        is_perfect=perfect,
    )


def test_an_empty_paper_has_no_score():
    with pytest.raises(ValueError, match="without questions"):
        score_paper([])
