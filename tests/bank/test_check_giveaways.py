"""A key that can be found without knowing is caught; a fair bank is let alone."""

from collections.abc import Callable
from random import Random

import msgspec
import pytest

from contest.bank.formats.question import Choice, Question, Source, Words
from contest.bank.giveaways import WHOLE_BANK, measure, upper_tail
from contest.bank.wording import plain_words

WORDS = plain_words(
    "mật khẩu an toàn thiết bị dữ liệu cá nhân chia sẻ tin nhắn đường dẫn trang web tài khoản "
    "xác thực hình ảnh giấy phép tác giả thư điện tử công cụ tìm kiếm nguồn tin kiểm tra"
)
Text = Callable[[Random, bool], str]


def anything(rng: Random, _: bool) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(4, 9)))


def question(
    rng: Random, number: int, choice: Text = anything, key: int | None = None, width: int = 4
) -> Question:
    at = rng.randrange(width) if key is None else key
    texts = [choice(rng, index == at) for index in range(width)]
    asked = " ".join(rng.choices(WORDS, k=12))
    return Question(
        id=f"q-{number}",
        domain="safety",
        level="basic",
        type="single",
        text=Words(vi=asked, en=asked),
        choices=tuple(Choice(vi=t, en=t, correct=i == at) for i, t in enumerate(texts)),
        explanation=Words(vi="Vì thế.", en="So."),
        source=Source(basis="common", cite=Words(vi="Chung", en="Common")),
    )


def statement(rng: Random, number: int, answer: bool, extra: str = "") -> Question:
    said = " ".join(rng.choices(WORDS, k=12)) + extra
    return Question(
        id=f"s-{number}",
        domain="safety",
        level="basic",
        type="true-false",
        text=Words(vi=said, en=said),
        answer=answer,
        explanation=Words(vi="Vì thế.", en="So."),
        source=Source(basis="common", cite=Words(vi="Chung", en="Common")),
    )


def given_away(questions: list[Question]) -> set[str]:
    figures = measure({"pool": questions}).strategies
    return {figure.strategy for figure in figures if figure.gives_away}


def test_fair_banks_give_nothing_away_but_for_rare_bad_luck():
    """One in forty is expected to be refused; of forty, more than four would be a broken test."""
    refused = []
    for seed in range(40):
        rng = Random(seed)
        fair = [question(rng, n, width=rng.choice([3, 4, 4, 5])) for n in range(80)]
        fair += [statement(rng, n, rng.random() < 0.5) for n in range(30)]
        if given_away(fair):
            refused.append(seed)

    assert len(refused) <= 4, refused


def test_a_bank_with_balanced_keys_passes():
    rng = Random(1)

    assert given_away([question(rng, n, key=n % 4) for n in range(120)]) == set()


def longest_key(rng: Random, is_key: bool) -> str:
    return anything(rng, is_key) + (" và giữ kín mã khi có người lạ gọi đến hỏi" if is_key else "")


def shortest_key(rng: Random, is_key: bool) -> str:
    return "giữ kín" if is_key else anything(rng, is_key)


def absolute_distractors(rng: Random, is_key: bool) -> str:
    return anything(rng, is_key) + (" nay always" if not is_key and rng.random() < 0.6 else "")


def middling_key(rng: Random, is_key: bool) -> str:
    return " ".join(["mã"] * (6 if is_key else rng.choice([4, 5, 7, 8])))


@pytest.mark.parametrize(
    ("choice", "caught"),
    [
        (longest_key, "the longest choice (vi)"),
        (longest_key, "the longest choice (en)"),
        (shortest_key, "the shortest choice (vi)"),
        (absolute_distractors, "without absolute words (en)"),
        (middling_key, "any but the longest (vi)"),
        (middling_key, "neither longest nor shortest (vi)"),
    ],
)
def test_a_planted_giveaway_is_caught_in_thirty_questions(choice, caught):
    rng = Random(3)

    assert caught in given_away([question(rng, n, choice) for n in range(30)])


def test_keys_that_are_always_c_or_never_d_are_caught():
    rng = Random(4)

    assert "choice C" in given_away([question(rng, n, key=2) for n in range(30)])
    never = [question(rng, n, key=rng.randrange(3)) for n in range(60)]
    assert "any but choice D" in given_away(never)


def test_keys_that_repeat_the_question_are_caught():
    rng = Random(5)
    questions = []
    for number in range(30):
        made = question(rng, number)
        asked = " ".join(made.text.vi.split()[:5])
        choices = tuple(
            Choice(vi=asked, en=asked, correct=True) if choice.correct else choice
            for choice in made.choices
        )
        questions.append(msgspec.structs.replace(made, choices=choices))

    assert "most words of the question (vi)" in given_away(questions)


def test_statements_mostly_true_or_false_by_an_absolute_word_are_caught():
    rng = Random(6)
    assert "every statement is true" in given_away(
        [statement(rng, n, n % 6 != 0) for n in range(30)]
    )
    telling = [statement(rng, n, n % 2 == 0, "" if n % 2 == 0 else " luôn") for n in range(60)]
    assert given_away(telling) >= {"absolute words make it false (vi)"}


def test_too_few_questions_prove_nothing():
    rng = Random(7)

    assert given_away([question(rng, n, longest_key) for n in range(19)]) == set()


def test_pools_are_measured_one_by_one_and_together():
    """Small pools that each prove nothing give the bank away together."""
    rng = Random(8)
    pools = {name: [question(rng, n, longest_key) for n in range(15)] for name in "ab"}

    caught = {
        figure.group
        for figure in measure(pools).strategies
        if figure.gives_away and figure.strategy == "the longest choice (vi)"
    }

    assert caught == {WHOLE_BANK}


def test_equal_lengths_are_no_strategy_and_ties_share_the_chance():
    rng = Random(9)
    level = [question(rng, n, lambda _, __: "mã") for n in range(20)]
    two_long = tuple(
        Choice(vi=text, en=text, correct=index == 0)
        for index, text in enumerate(["mã mã", "mã mã", "mã", "mã"])
    )
    tied = [msgspec.structs.replace(made, choices=two_long) for made in level[:3]]

    by_name = {f.strategy: f for f in measure({"pool": [*level, *tied]}).strategies}
    longest = by_name["the longest choice (vi)"]

    assert (longest.tried, longest.hits, longest.expected) == (3, 3, 1.5)
    assert longest.p == pytest.approx(1 / 8)


def test_lengths_are_keys_by_the_mean_of_the_others():
    rng = Random(10)
    made = [question(rng, n, lambda _, is_key: "mãmã" if is_key else "mã") for n in range(4)]

    [vi, en] = measure({"pool": made}).lengths

    assert (vi.ratio, vi.questions, en.language) == (2.0, 4, "en")
    assert not vi.is_uneven


def test_the_tail_is_the_binomials_and_unequal_coins_add_up():
    assert upper_tail([0.25] * 10, 5) == pytest.approx(0.0781269, abs=1e-7)
    assert upper_tail([0.5, 0.25], 1) == pytest.approx(1 - 0.5 * 0.75)
    assert upper_tail([0.5, 0.25], 0) == 1
    assert upper_tail([], 1) == 0
    exact, beyond = upper_tail([0.25] * 400, 115), upper_tail([0.25] * 401, 115)
    assert beyond == pytest.approx(exact, abs=0.005)
