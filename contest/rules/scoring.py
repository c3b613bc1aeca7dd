"""
Points of a question and of a paper, and what a corrected key makes of them.

Keys and choices are bit masks over the choices in the order in which the question was written
(bit 0 is the first choice), never the order shown. A true-false question has two choices: bit 0
is "true", bit 1 is "false". Points are whole thousandths (`milli`).
"""

from collections.abc import Collection, Iterable
from typing import Literal

from msgspec import Struct

from contest.rules.shape import MarkingPolicy

QuestionType = Literal["single", "multiple", "true-false"]


class AcceptAlso(Struct, frozen=True, tag="accept-also"):
    """These masks are right as well; each is a whole answer, as the key is."""

    masks: tuple[int, ...]


class GiveAll(Struct, frozen=True, tag="give-all"):
    """Everyone whose paper holds the question gets its points, answered or not."""


class Void(Struct, frozen=True, tag="void"):
    """The question leaves the paper."""


Correction = AcceptAlso | GiveAll | Void


class Mark(Struct, frozen=True, gc=False):
    """One question of one paper. Not counted means void: then nothing was got, but it was full."""

    got_milli: int
    full_milli: int
    is_right: bool
    is_counted: bool = True


class Scored(Struct, frozen=True, kw_only=True, gc=False):
    """
    A marked paper.

    `is_perfect`: all counted questions are right; a paper with nothing left to count is perfect,
    as its score is full.
    """

    score_milli: int
    correct_count: int
    counted_questions: int
    is_perfect: bool


def mark_answer(
    question_type: QuestionType,
    key_mask: int,
    chosen_mask: int | None,
    choice_count: int,
    policy: MarkingPolicy,
    points_milli: int,
) -> int:
    """
    Points for one answer, from 0 to `points_milli`; None and 0 are questions left blank.

    `right-minus-wrong` bears on multiple choice alone: (right chosen - wrong chosen) / right
    ones * points, rounded down, never below 0. All else is all or nothing. Raises ValueError for
    masks that name no choice of the question: such an answer was never offered.
    """
    every_choice = (1 << choice_count) - 1
    if not 0 < key_mask <= every_choice:
        raise ValueError(f"key {key_mask} is no answer to a question of {choice_count} choices")
    if chosen_mask is None or chosen_mask == 0:
        return 0
    if not 0 < chosen_mask <= every_choice:
        raise ValueError(f"answer {chosen_mask} names a choice beyond the {choice_count} offered")
    if chosen_mask == key_mask:
        return points_milli
    if question_type != "multiple" or policy == "all-or-nothing":
        return 0
    right = (chosen_mask & key_mask).bit_count()
    wrong = (chosen_mask & ~key_mask).bit_count()
    return max(0, (right - wrong) * points_milli // key_mask.bit_count())


def mark(
    question_type: QuestionType,
    key_mask: int,
    chosen_mask: int | None,
    choice_count: int,
    policy: MarkingPolicy,
    points_milli: int,
    corrections: Collection[Correction] = (),
) -> Mark:
    """
    The mark of one question after all corrections of its key, in whatever order they were made.

    Void outweighs giving all, which outweighs accepting more, so the order of corrections decides
    nothing. Of several accepted answers the one that gives most is taken.
    """
    got = mark_answer(question_type, key_mask, chosen_mask, choice_count, policy, points_milli)
    is_given = False
    for correction in corrections:
        if isinstance(correction, Void):
            return Mark(0, points_milli, is_right=False, is_counted=False)
        if isinstance(correction, GiveAll):
            is_given = True
            continue
        for mask in correction.masks:
            also = mark_answer(question_type, mask, chosen_mask, choice_count, policy, points_milli)
            got = max(got, also)
    if is_given:
        got = points_milli
    return Mark(got, points_milli, is_right=got == points_milli)


def score_paper(marks: Iterable[Mark]) -> Scored:
    """
    Score = floor(full * got / still possible); with nothing left to get, full.

    `full` counts void questions too, so a paper keeps its scale when a question leaves it.
    Raises ValueError for a paper without questions.
    """
    full = got = possible = correct = counted = 0
    for each in marks:
        full += each.full_milli
        if each.is_counted:
            counted += 1
            got += each.got_milli
            possible += each.full_milli
            correct += each.is_right
    if full == 0:
        raise ValueError("a paper without questions has no score")
    return Scored(
        score_milli=full * got // possible if possible else full,
        correct_count=correct,
        counted_questions=counted,
        is_perfect=correct == counted,
    )
