"""The bank file's format as a JSON Schema, for editors and for whoever writes sealed sets.

Made from the classes in `question.py`; `questions/schema.json` is its output, kept current by a
test. The rules between fields, which classes cannot say, are added here and are the same as
`_broken_rules` of `yaml_files.py`.
"""

import json
from typing import Any

import msgspec

from contest.bank.formats.question import Document

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CORRECT = {"type": "object", "properties": {"correct": {"const": True}}, "required": ["correct"]}
_WRONG = {"type": "object", "not": _CORRECT}


def schema_bytes() -> bytes:
    """The schema as UTF-8 JSON, ending in a newline; the same bytes each time."""
    made = _tidy(msgspec.json.schema(Document))
    definitions: dict[str, Any] = made["$defs"]
    definitions["Question"]["allOf"] = _rules_between_fields()
    document = definitions.pop("Document")
    schema = {
        "$schema": _DIALECT,
        "$id": "schema.json",
        **document,
        "title": "Question bank file",
        "$defs": dict(sorted(definitions.items())),
    }
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()


def _tidy(part: Any) -> Any:
    """Without nulls and empty defaults: in a file nothing is said by leaving the key out."""
    if isinstance(part, list):
        return [_tidy(below) for below in part]
    if not isinstance(part, dict):
        return part
    if "anyOf" in part:
        options = [option for option in part["anyOf"] if option != {"type": "null"}]
        if len(options) == 1:
            part = {**{k: v for k, v in part.items() if k != "anyOf"}, **options[0]}
    return {
        key: _tidy(below)
        for key, below in part.items()
        if not (key == "default" and (below is None or below == ()))
    }


def _rules_between_fields() -> list[dict[str, Any]]:
    def when(kind: str, then: dict[str, Any]) -> dict[str, Any]:
        return {"if": {"properties": {"type": {"const": kind}}, "required": ["type"]}, "then": then}

    def choices(*rules: dict[str, Any]) -> dict[str, Any]:
        return {
            "required": ["choices"],
            "properties": {"answer": False, "choices": {"allOf": list(rules)}},
        }

    return [
        when("single", choices({"contains": _CORRECT, "minContains": 1, "maxContains": 1})),
        when("multiple", choices({"contains": _CORRECT, "minContains": 2}, {"contains": _WRONG})),
        when("true-false", {"required": ["answer"], "properties": {"choices": False}}),
    ]
