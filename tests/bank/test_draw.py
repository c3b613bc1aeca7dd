from collections import Counter

import pytest

from contest.bank.draw import Candidate, NotEnough, PaperItem, Shortage, check_blueprint, draw
from contest.rules.document import BlueprintCell


def pool(*cells: str) -> list[Candidate]:
    """ "safety/basic*3" → three questions of that cell, ids safety-basic-0 and on."""
    found = []
    for cell in cells:
        name, _, count = cell.partition("*")
        domain, _, level = name.partition("/")
        for number in range(int(count or 1)):
            found.append(
                Candidate(
                    question_id=f"{domain}-{level}-{number}",
                    revision_id=1000 + len(found),
                    domain=domain,
                    level=level,
                    choice_count=4,
                    shuffles=True,
                )
            )
    return found


def blueprint(*lines: str) -> list[BlueprintCell]:
    """ "2 safety/basic" → take two."""
    cells = []
    for line in lines:
        take, _, name = line.partition(" ")
        domain, _, level = name.partition("/")
        cells.append(BlueprintCell(domain=domain, level=level, take=int(take)))  # type: ignore[arg-type]
    return cells


POOL = pool("safety/basic*8", "safety/advanced*8", "ai/basic*8", "ai/advanced*8")
TEN = blueprint("3 safety/basic", "3 any/advanced", "2 ai/any", "2 any/any")


def cells_of(paper: list[PaperItem], candidates: list[Candidate]) -> Counter[str]:
    by_revision = {each.revision_id: each for each in candidates}
    drawn = [by_revision[item.revision_id] for item in paper]
    return Counter(f"{each.domain}/{each.level}" for each in drawn)


def test_a_paper_holds_what_the_blueprint_asks():
    candidates = pool("safety/basic*5", "ai/basic*5", "ai/advanced*5")
    paper = draw("seed", candidates, blueprint("3 safety/basic", "2 ai/advanced"))

    assert cells_of(paper, candidates) == {"safety/basic": 3, "ai/advanced": 2}


def test_the_same_seed_gives_the_same_paper():
    """Pinned: a change of the draw would rewrite papers that people have before them."""
    paper = draw("a seed", pool("safety/basic*4"), blueprint("2 safety/basic"))

    assert paper == draw(b"a seed", pool("safety/basic*4"), blueprint("2 safety/basic"))
    assert [(each.revision_id, each.order) for each in paper] == [
        (1003, (3, 0, 1, 2)),
        (1001, (0, 2, 1, 3)),
    ]


def test_other_seeds_give_other_papers():
    papers = {tuple(draw(f"seed {number}", POOL, TEN)) for number in range(20)}

    assert len(papers) == 20


def test_the_order_of_candidates_and_lines_decides_nothing():
    assert draw("seed", POOL[::-1], TEN[::-1]) == draw("seed", POOL, TEN)


def test_true_stands_before_false():
    candidate = Candidate(
        question_id="t", revision_id=1, domain="ai", level="basic", choice_count=2, shuffles=False
    )
    papers = [draw(f"{seed}", [candidate], blueprint("1 any/any")) for seed in range(20)]

    assert {paper[0].order for paper in papers} == {(0, 1)}


def test_every_order_of_choices_comes_up():
    candidates = pool("ai/basic")
    orders = {draw(f"{seed}", candidates, blueprint("1 ai/basic"))[0].order for seed in range(200)}

    assert len(orders) == 24


def test_every_question_is_drawn_about_equally_often():
    """400 papers of 2 out of 8: each question is expected 100 times."""
    candidates = pool("ai/basic*8")
    lines = blueprint("2 ai/basic")
    drawn = Counter(
        item.revision_id for seed in range(400) for item in draw(f"{seed}", candidates, lines)
    )

    assert len(drawn) == 8
    assert 70 < min(drawn.values()) <= max(drawn.values()) < 130


def test_a_reopened_attempt_gets_questions_not_used_before():
    candidates = pool("ai/basic*4")
    lines = blueprint("2 ai/basic")
    seen = {each.revision_id for each in draw("first", candidates, lines)}
    used = {each.question_id for each in candidates if each.revision_id in seen}
    again = {each.revision_id for each in draw("again", candidates, lines, exclude=used)}

    assert len(again) == 2
    assert not again & seen


def test_a_pool_too_small_is_refused_with_the_line():
    candidates = pool("ai/basic*3", "safety/basic*5")
    with pytest.raises(NotEnough, match="ai, basic: 4 questions wanted, 3 to be had") as refused:
        draw("seed", candidates, blueprint("2 safety/basic", "4 ai/basic"))

    assert refused.value.cell == blueprint("4 ai/basic")[0]


def test_the_check_names_every_line_that_cannot_be_filled():
    lines = blueprint("2 safety/basic", "2 ai/basic", "2 any/any")
    found = check_blueprint(pool("ai/basic*3", "safety/basic"), lines)

    assert found == [
        Shortage(cell=lines[0], wanted=2, had=1),
        Shortage(cell=lines[2], wanted=2, had=1),
    ]
    assert check_blueprint(POOL, TEN) == []


@pytest.mark.parametrize("seed", range(20))
def test_overlapping_lines_give_way_to_each_other(seed: int):
    """Greedily, any/basic may take the one question that safety/any can have."""
    candidates = pool("safety/basic", "ai/basic")
    paper = draw(f"{seed}", candidates, blueprint("1 any/basic", "1 safety/any"))

    assert cells_of(paper, candidates) == {"safety/basic": 1, "ai/basic": 1}


def test_a_seed_is_needed_and_a_question_comes_in_one_revision():
    with pytest.raises(ValueError, match="empty seed"):
        draw("", POOL, TEN)
    with pytest.raises(ValueError, match="listed twice"):
        draw("seed", [*POOL, POOL[0]], TEN)
