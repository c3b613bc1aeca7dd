"""The list of facts is read whole, and tells laws in force from those that are not."""

from pathlib import Path

import pytest

from contest.bank.facts import parse_facts, read_facts

QUESTIONS = Path(__file__).parents[2] / "questions"
FACTS = read_facts(QUESTIONS / "facts.md")


def test_the_facts_are_read_whole():
    """The list's own count: 35 + 7 + 10 + 3 rows."""
    standings = [fact.standing for fact in FACTS.rows.values()]

    assert [standings.count(s) for s in ("seen", "own", "verify")] == [42, 10, 3]
    assert sorted(n for n, fact in FACTS.rows.items() if fact.reservation) == [
        16, 21, 26, 27, 33, 41, 52,
    ]  # fmt: skip
    assert len(FACTS.retired) == 6


def test_laws_in_force_are_not_taken_for_retired_ones():
    for cite in (
        "Luật An ninh mạng 116/2025/QH15, Điều 7",
        "Law on Cybersecurity 116/2025/QH15, Article 7",
        "Luật Giao dịch điện tử 20/2023/QH15",
        "Luật Căn cước 26/2023/QH15",
        "Nghị định 356/2025/NĐ-CP",
        "113/2023/NĐ-CP",
    ):
        assert FACTS.retired_in(cite) is None


def test_a_broken_list_of_facts_is_refused_with_its_line():
    text = (QUESTIONS / "facts.md").read_text(encoding="utf-8")
    line = next(i for i, row in enumerate(text.splitlines(), start=1) if row.startswith("| 9 |"))

    with pytest.raises(ValueError, match=f"line {line}: 3 cells instead of 5"):
        parse_facts(text.replace("| 9 | safety |", "| 9 "))
    with pytest.raises(ValueError, match="'8' is no new row number"):
        parse_facts(text.replace("| 9 | safety |", "| 8 | safety |"))
    with pytest.raises(ValueError, match="must begin with seen, own or verify"):
        parse_facts(text.replace("common advice | own |", "common advice | sure |"))
    with pytest.raises(ValueError, match="is missing"):
        parse_facts("no table")
