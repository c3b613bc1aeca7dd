"""Reads the numbers of every step off a page "Vì sao?", as somebody with a pencil would."""

import re

import msgspec
from playwright.sync_api import Page

from tests.journeys.steps import whole_number, words

_N = r"([\d.]+)"
_AHEAD = re.compile(
    _N + r" người (?:nhiều điểm hơn|đoán gần hơn|có ghi dự đoán|làm nhanh hơn|nộp sớm hơn)"
)
_BEHIND = re.compile(_N + r" người (?:ít điểm hơn|đoán xa hơn|làm chậm hơn|nộp muộn hơn)")
_SAME_SCORE = re.compile(_N + r" người cùng được [\d.,]+ điểm, kể cả")
_OTHERS = re.compile(_N + r" người khác ")
_AMONG = re.compile(r"Trong " + _N + r" người ")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was needed: how many were still equal before it, and where they went."""

    among: int
    ahead: int
    equal: int
    behind: int


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """`score` and `adjusted` as the page writes them, `adjusted` "" without; `total`: the sum."""

    place: int
    valid: int
    score: str
    adjusted: str
    steps: list[Step]
    unused: int
    total: str


def read_why(page: Page) -> Why:
    main = words(page.locator("main"))
    place = re.search(r"đứng thứ " + _N + r"\?", words(page.locator("h1")))
    valid = re.search(r"trên " + _N + r" người", words(page.locator(".stat-strip").first))
    score = re.search(r"([\d,]+)/10", words(page.locator(".stat-strip").first))
    assert place
    assert valid
    assert score
    adjusted = re.search(r"Đã điều chỉnh lúc \S+, [^\d]+[\d/]+", main)
    told = page.locator(".chain > li:not(.is-unused)")
    total = page.locator(".chain-total")
    steps: list[Step] = []
    for number in range(told.count()):
        steps.append(_step(words(told.nth(number)), None if steps else whole_number(valid[1])))
    return Why(
        place=whole_number(place[1]),
        valid=whole_number(valid[1]),
        score=score[1],
        adjusted=adjusted[0] if adjusted else "",
        steps=steps,
        unused=page.locator(".chain > li.is-unused").count(),
        total=words(total) if total.count() else "",
    )


def _step(text: str, everybody: int | None) -> Step:
    if everybody is None:
        among = _number(_AMONG, text)
        equal = _number(_OTHERS, text) + 1
    else:
        among = everybody
        equal = _number(_SAME_SCORE, text) or 1
    return Step(
        among=among, ahead=_number(_AHEAD, text), equal=equal, behind=_number(_BEHIND, text)
    )


def _number(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return whole_number(found[1]) if found else 0


def assert_adds_up(why: Why) -> None:
    """All that are told of account for everybody, and those ahead for the place."""
    equal = why.valid
    for step in why.steps:
        assert step.among == equal, why
        assert step.ahead + step.equal + step.behind == step.among, why
        equal = step.equal
    assert sum(step.ahead for step in why.steps) + 1 == why.place, why
    assert not why.unused or equal == 1, why
    if why.total:
        terms, _, place = why.total.partition(" = ")
        assert sum(map(whole_number, terms.split(" + "))) == whole_number(place) == why.place, why
    else:
        assert why.place == 1, why
