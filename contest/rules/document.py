"""
The rule document of a whole edition: read, checked, hashed.

`parse_edition` takes what a safe YAML or JSON reader gave. What it returns can be executed as
written; whatever cannot is refused with the reason. The canonical form is what is hashed,
stored and published: `parse_edition(json.loads(canonical(document)))` gives the document back.
"""

import hashlib
from collections.abc import Mapping

import msgspec

from contest.rules import checks
from contest.rules.changes import Change, changes, locked_changes
from contest.rules.faults import Fault, RulesRefused, read_items, read_struct
from contest.rules.shape import (
    AttemptRules,
    BlueprintCell,
    ChainStep,
    Complaints,
    Contact,
    EditionDocument,
    EntryRules,
    IndividualPrize,
    Marking,
    MarkingPolicy,
    Prediction,
    PredictionKind,
    Prizes,
    Round,
    Rules,
    TiePolicy,
    Words,
)

__all__ = [
    "AttemptRules",
    "BlueprintCell",
    "ChainStep",
    "Change",
    "Complaints",
    "Contact",
    "EditionDocument",
    "EntryRules",
    "Fault",
    "IndividualPrize",
    "Marking",
    "MarkingPolicy",
    "Prediction",
    "PredictionKind",
    "Prizes",
    "Round",
    "Rules",
    "RulesRefused",
    "TiePolicy",
    "Words",
    "canonical",
    "changes",
    "locked_changes",
    "max_score_milli",
    "parse_edition",
    "points_milli",
    "questions_in",
    "rules_hash",
]


def parse_edition(raw: object) -> EditionDocument:
    """
    The document, or `RulesRefused` with every fault that could be found in one reading.

    Parts that can be read are checked against each other even where other parts cannot, so that
    one misspelt line does not hide what else is wrong.
    """
    faults: list[Fault] = []
    document = read_struct(EditionDocument, raw, "", faults)
    rules, rounds = _readable_parts(raw)
    if rules is not None:
        faults += checks.check_rules(rules)
    faults += checks.check_rounds(rounds, rules.attempt.minutes if rules else None)
    if isinstance(raw, Mapping) and isinstance(raw.get("rounds"), list):
        faults += checks.check_number_of_rounds(len(raw["rounds"]))
    if faults or document is None:
        raise RulesRefused(faults)
    return document


def _readable_parts(raw: object) -> tuple[Rules | None, list[tuple[int, Round]]]:
    """The rules and those rounds that are sound in themselves; their faults are known already."""
    if not isinstance(raw, Mapping):
        return None, []
    known: list[Fault] = []
    rules = read_struct(Rules, raw.get("rules"), "rules", known)
    rounds, _ = read_items(Round, raw.get("rounds"), "rounds", known)
    return rules, rounds


def canonical(document: EditionDocument) -> bytes:
    """Compact JSON in UTF-8, keys sorted, defaults written out, times in UTC ending in Z."""
    return msgspec.json.encode(document, order="sorted")


def rules_hash(document: EditionDocument) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(document)).hexdigest()


def questions_in(this: Round) -> int:
    return sum(cell.take for cell in this.blueprint)


def points_milli(document: EditionDocument) -> int:
    """What one question is worth, in thousandths of a point."""
    return document.rules.marking.points_per_question * 1000


def max_score_milli(document: EditionDocument, this: Round) -> int:
    return questions_in(this) * points_milli(document)
