"""Ways to find the key without knowing the answer, measured as strategies against chance.

A strategy names, for a single-choice question, the choices it would pick from, or passes. Were the
key placed without regard to it, it would lie among s named out of k choices with chance s/k; the
number of hits is then a sum of unequal coins (Poisson binomial), whose upper tail is the p-value.
A strategy gives the bank away when luck hardly explains its hits and following it pays.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from contest.bank.formats.question import Question
from contest.bank.wording import plain_words

LEAST_QUESTIONS = 20
# Some forty strategies are tried on each group: at 0.01 one fair bank in ten would be refused (of
# 120 simulated, with 190 questions each), at 0.002 one in forty. That the key is the longest of
# four choices is still noticed from 12 in 20 or 38 in 100 on.
SURE_P = 0.002
LIKELY_P = 0.01
# Below this gain over guessing nobody profits, however certain the statistics of a large bank are.
LEAST_GAIN = 1.2
WHOLE_BANK = "whole bank"

_EXACT_UP_TO = 400

Language = Literal["vi", "en"]

ABSOLUTES: Mapping[Language, re.Pattern[str]] = {
    "vi": re.compile(
        r"\b(?:luôn|mọi|tất cả|không bao giờ|bao giờ cũng|chỉ cần|chỉ có|tuyệt đối|hoàn toàn"
        r"|bất kỳ|bất kì|bất cứ|duy nhất|chắc chắn|mãi mãi|vĩnh viễn|toàn bộ|100 ?%)(?!\w)",
        re.I,
    ),
    "en": re.compile(
        r"\b(?:always|never|all|every|everyone|everything|only|any|anyone|anything|absolutely"
        r"|completely|entirely|totally|certainly|guaranteed?s?|forever|impossible|100 ?%)(?!\w)",
        re.I,
    ),
}
# Words too common to link a choice with its question.
_IDLE = frozenset(
    plain_words(
        "là và của cho có không được bị một các những để khi nào sau đây thì ở trong với hay hoặc"
        " vì do này bạn người nên cần phải từ đến ra vào đi gì việc nếu mà theo trên đã sẽ đang"
        " the a an of to in on is are be and or for with it you your that this which what when"
        " if from by as at do does should can not no has have its they their he she his her"
    )
)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """How a strategy did in a group (a pool, or the whole bank): `tried` questions, `hits`, the
    hits chance would bring, and the p-value of at least so many."""

    group: str
    strategy: str
    tried: int
    hits: int
    expected: float
    p: float

    @property
    def gain(self) -> float:
        """Times better than guessing."""
        return self.hits / self.expected if self.expected else 1.0

    @property
    def pays(self) -> bool:
        return self.tried >= LEAST_QUESTIONS and self.gain >= LEAST_GAIN

    @property
    def gives_away(self) -> bool:
        return self.pays and self.p < SURE_P

    @property
    def is_suspect(self) -> bool:
        return self.pays and SURE_P <= self.p < LIKELY_P


class Lengths(msgspec.Struct, frozen=True, kw_only=True):
    """Mean, over single-choice questions, of the key's length by the mean of the others'."""

    group: str
    language: Language
    questions: int
    ratio: float

    @property
    def is_uneven(self) -> bool:
        return self.questions >= LEAST_QUESTIONS and not 0.85 <= self.ratio <= 1.18


class Absolutes(msgspec.Struct, frozen=True, kw_only=True):
    """Share of right and of wrong choices that hold an absolute word (always, mọi …)."""

    group: str
    language: Language
    in_keys: float
    in_distractors: float


class Giveaways(msgspec.Struct, frozen=True, kw_only=True):
    strategies: tuple[Figure, ...]
    lengths: tuple[Lengths, ...]
    absolutes: tuple[Absolutes, ...]


# The choices, by index, that a strategy would pick from.
Pick = Callable[[Question], set[int]]


def measure(pools: Mapping[str, Sequence[Question]]) -> Giveaways:
    """All strategies on each pool with enough questions, and on the bank as a whole."""
    groups = dict(pools)
    if len(groups) != 1:
        groups[WHOLE_BANK] = [question for pool in pools.values() for question in pool]
    figures: list[Figure] = []
    lengths: list[Lengths] = []
    absolutes: list[Absolutes] = []
    for group, questions in groups.items():
        single = [question for question in questions if question.type == "single"]
        figures += [_try(group, name, pick, single) for name, pick in strategies()]
        figures += _statements(group, [q for q in questions if q.type == "true-false"])
        for language in _languages():
            lengths += _lengths(group, language, single)
            absolutes += _absolutes(group, language, questions)
    return Giveaways(strategies=tuple(figures), lengths=tuple(lengths), absolutes=tuple(absolutes))


def strategies() -> Iterator[tuple[str, Pick]]:
    for language in _languages():
        longest = _extreme(language, _length, max)
        shortest = _extreme(language, _length, min)
        absolute = _with_absolutes(language)
        yield f"the longest choice ({language})", longest
        yield f"any but the longest ({language})", _all_but(longest)
        yield f"the shortest choice ({language})", shortest
        yield f"any but the shortest ({language})", _all_but(shortest)
        yield (
            f"neither longest nor shortest ({language})",
            _both(_all_but(longest), _all_but(shortest)),
        )
        yield f"most words of the question ({language})", _shares_most_words(language)
        yield f"with absolute words ({language})", absolute
        yield f"without absolute words ({language})", _all_but(absolute)
    for position, letter in enumerate("ABCDEF"):
        yield f"choice {letter}", _at(position)
        yield f"any but choice {letter}", _all_but(_at(position))


def upper_tail(chances: Sequence[float], hits: int) -> float:
    """
    The chance of at least `hits` successes of independent trials with these chances.

    Exact up to 400 trials; beyond, the normal approximation with continuity correction, whose
    error is then far below what any threshold here can notice.
    """
    if hits <= 0:
        return 1.0
    if len(chances) > _EXACT_UP_TO:
        spread = math.sqrt(sum(p * (1 - p) for p in chances))
        if spread == 0:
            return 1.0 if hits <= sum(chances) else 0.0
        return 0.5 * math.erfc((hits - 0.5 - sum(chances)) / spread / math.sqrt(2))
    exactly = [1.0]
    for p in chances:
        grown = [value * (1 - p) for value in exactly]
        grown.append(0.0)
        for count, value in enumerate(exactly):
            grown[count + 1] += value * p
        exactly = grown
    return min(1.0, sum(exactly[hits:]))


def _languages() -> tuple[Language, Language]:
    return "vi", "en"


def _words(question: Question, language: Language) -> list[str]:
    return [choice.vi if language == "vi" else choice.en for choice in question.choices]


def _length(text: str, _: Question) -> int:
    return len(text)


def _extreme(
    language: Language,
    measured: Callable[[str, Question], int],
    which: Callable[[Iterable[int]], int],
) -> Pick:
    def pick(question: Question) -> set[int]:
        values = [measured(text, question) for text in _words(question, language)]
        wanted = which(values)
        return {index for index, value in enumerate(values) if value == wanted}

    return pick


def _shares_most_words(language: Language) -> Pick:
    def shared(text: str, question: Question) -> int:
        asked = question.text.vi if language == "vi" else question.text.en
        return len(set(plain_words(text)) & set(plain_words(asked)) - _IDLE)

    return _extreme(language, shared, max)


def _with_absolutes(language: Language) -> Pick:
    return lambda question: {
        index
        for index, text in enumerate(_words(question, language))
        if ABSOLUTES[language].search(text)
    }


def _at(position: int) -> Pick:
    return lambda question: {position} & set(range(len(question.choices)))


def _all_but(pick: Pick) -> Pick:
    return lambda question: set(range(len(question.choices))) - pick(question)


def _both(one: Pick, other: Pick) -> Pick:
    return lambda question: one(question) & other(question)


def _try(group: str, name: str, pick: Pick, questions: Iterable[Question]) -> Figure:
    hits = 0
    chances: list[float] = []
    for question in questions:
        named = pick(question)
        if not named or len(named) == len(question.choices):
            continue
        chances.append(len(named) / len(question.choices))
        hits += any(question.choices[index].correct for index in named)
    return _figure(group, name, chances, hits)


def _figure(group: str, name: str, chances: list[float], hits: int) -> Figure:
    return Figure(
        group=group,
        strategy=name,
        tried=len(chances),
        hits=hits,
        expected=sum(chances),
        p=upper_tail(chances, hits),
    )


def _statements(group: str, questions: Sequence[Question]) -> Iterator[Figure]:
    """Strategies for true-false: a constant guess, absolute words, the length of the statement.

    The latter two are measured against the share of true (false) statements in the group, so that
    an uneven share is not blamed on them.
    """
    true = sum(1 for question in questions if question.answer)
    total = len(questions)
    yield _figure(group, "every statement is true", [0.5] * total, true)
    yield _figure(group, "every statement is false", [0.5] * total, total - true)
    if not total:
        return
    for language in _languages():
        said = [q.text.vi if language == "vi" else q.text.en for q in questions]
        absolute = [
            question
            for question, text in zip(questions, said, strict=True)
            if ABSOLUTES[language].search(text)
        ]
        false = sum(1 for question in absolute if not question.answer)
        name = f"absolute words make it false ({language})"
        yield _figure(group, name, [1 - true / total] * len(absolute), false)
        middle = sorted(map(len, said))[total // 2]
        long = [q for q, text in zip(questions, said, strict=True) if len(text) > middle]
        hits = sum(1 for question in long if question.answer)
        name = f"long statements are true ({language})"
        yield _figure(group, name, [true / total] * len(long), hits)


def _lengths(group: str, language: Language, single: Iterable[Question]) -> Iterator[Lengths]:
    ratios = []
    for question in single:
        sides: dict[bool, list[int]] = defaultdict(list)
        for choice, text in zip(question.choices, _words(question, language), strict=True):
            sides[choice.correct].append(len(text))
        others = sides[False]
        ratios.append(sides[True][0] * len(others) / sum(others))
    if ratios:
        ratio = sum(ratios) / len(ratios)
        yield Lengths(group=group, language=language, questions=len(ratios), ratio=ratio)


def _absolutes(
    group: str, language: Language, questions: Iterable[Question]
) -> Iterator[Absolutes]:
    all_of: Counter[bool] = Counter()
    with_one: Counter[bool] = Counter()
    for question in questions:
        for choice, text in zip(question.choices, _words(question, language), strict=True):
            all_of[choice.correct] += 1
            with_one[choice.correct] += bool(ABSOLUTES[language].search(text))
    if all_of:
        yield Absolutes(
            group=group,
            language=language,
            in_keys=with_one[True] / max(1, all_of[True]),
            in_distractors=with_one[False] / max(1, all_of[False]),
        )
