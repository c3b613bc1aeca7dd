"""A sound rule document as a YAML reader would give it; each test bends what it is about."""

from datetime import datetime
from typing import Any

from contest.rules.document import EditionDocument, RulesRefused, parse_edition


def a_round(number: int) -> dict[str, Any]:
    day = 9 + 7 * number
    return {
        "slug": f"tuan-{number}",
        "title": {"vi": f"Tuần {number}", "en": f"Week {number}"},
        # One as an object, the others as text: YAML readers give either.
        "opens": datetime.fromisoformat(f"2026-11-{day:02}T10:00:00+07:00"),
        "closes": f"2026-11-{day + 6:02}T22:00:00+07:00",
        "publishes": f"2026-11-{day + 7:02}T09:00:00+07:00",
        "pool": f"demo-week-{number}",
        "blueprint": [
            {"domain": "safety", "level": "basic", "take": 4},
            {"domain": "any", "level": "intermediate", "take": 5},
            {"domain": "any", "level": "any", "take": 1},
        ],
    }


def an_edition() -> dict[str, Any]:
    return {
        "edition": "cong-dan-so-thu-do-2026",
        "title": {"vi": "Công dân số Thủ đô", "en": "Digital citizens of the capital"},
        "tagline": {"vi": "Học mỗi ngày", "en": "Learn every day"},
        "organiser": {"vi": "Sở Giáo dục và Đào tạo", "en": "Department of Education"},
        "contact": {"email": "hoi@example.vn", "phone": "024 3825 0000"},
        "rules": {
            "entry": {"minimum_age": 16, "barred_roles": ["organiser", "juror"]},
            "attempt": {"minutes": 10, "attempts": 1, "counts": "best", "grace_seconds": 5},
            "marking": {"points_per_question": 1, "multiple_choice": "all-or-nothing"},
            "prediction": {
                "kind": "perfect-count",
                "question": {"vi": "Bao nhiêu người đúng hết?", "en": "How many will be perfect?"},
            },
            "chain": ["score", "distance", "time", "submitted"],
            "own_score": "at-publishing",
            "prizes": {
                "individual": [
                    {"title": {"vi": "Giải Nhất", "en": "First"}, "places": 1, "value_vnd": 5000},
                    {"title": {"vi": "Giải Nhì", "en": "Second"}, "places": 2, "value_vnd": 3000},
                    {"title": {"vi": "Giải Ba", "en": "Third"}, "places": 3, "value_vnd": 1000},
                ],
                "tie_across_edge": "all-higher",
            },
        },
        "rounds": [a_round(1), a_round(2)],
    }


def with_value(raw: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """The document with one value put at `rules.attempt.minutes` or `rounds.0.pool`."""
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    target: Any = raw
    for step in way:
        target = target[step]
    target[last] = value
    return raw


def an_edition_with(**values: object) -> EditionDocument:
    """Keys are paths with `__` for the dots."""
    raw = an_edition()
    for path, value in values.items():
        with_value(raw, path.replace("__", "."), value)
    return parse_edition(raw)


def refusals(raw: object) -> dict[str, str]:
    """Paths and reasons of a document that is refused; empty when it is taken."""
    try:
        parse_edition(raw)
    except RulesRefused as refused:
        return {fault.path: fault.reason for fault in refused.faults}
    return {}
