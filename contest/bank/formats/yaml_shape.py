"""A YAML tree against the msgspec classes: every misfit with its line, not only the first.

`msgspec.convert` stops at the first error and knows no lines. This walk follows the same classes
(so there is one description of the format), and what it passes, `msgspec.convert` accepts.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import inspect

from contest.bank.formats.yaml_tree import Node, Unclear


class Misfit(msgspec.Struct, frozen=True):
    """`path` from the root of what was surveyed, as in `questions[3].choices[1].en`."""

    path: str
    line: int
    message: str


def survey(node: Node, expected: type[msgspec.Struct]) -> tuple[list[Misfit], Any]:
    """All misfits of a tree, and the tree as plain dicts, lists and scalars."""
    misfits: list[Misfit] = []
    plain = _walk(node, inspect.type_info(expected), "", misfits)
    return misfits, plain


def places(node: Node, path: str = "") -> Iterator[tuple[str, int]]:
    """Each value's path with its line, the root's being ""."""
    yield path, node.line
    if isinstance(node.value, dict):
        for key, below in node.value.items():
            yield from places(below, f"{path}.{key}" if path else key)
    elif isinstance(node.value, list):
        for index, below in enumerate(node.value):
            yield from places(below, f"{path}[{index}]")


def _walk(node: Node, expected: inspect.Type, path: str, misfits: list[Misfit]) -> Any:
    hint = ""
    while isinstance(expected, (inspect.Metadata, inspect.UnionType)):
        if isinstance(expected, inspect.UnionType):
            # Only "or nothing" occurs, and nothing is said by leaving the key out.
            expected = next(t for t in expected.types if not isinstance(t, inspect.NoneType))
        else:
            hint = (expected.extra_json_schema or {}).get("description", hint)
            expected = expected.type
    wrong = _kind_misfit(node.value, expected)
    if wrong:
        misfits.append(Misfit(path, node.line, wrong))
        return None
    if isinstance(expected, inspect.StructType):
        return _walk_struct(node, expected, path, misfits)
    if isinstance(expected, inspect.VarTupleType):
        misfits += [Misfit(path, node.line, m) for m in _length_misfit(node.value, expected)]
        return [
            _walk(below, expected.item_type, f"{path}[{index}]", misfits)
            for index, below in enumerate(node.value)
        ]
    misfits += [Misfit(path, node.line, m) for m in _scalar_misfits(node.value, expected, hint)]
    return node.value


def _walk_struct(
    node: Node, expected: inspect.StructType, path: str, misfits: list[Misfit]
) -> dict[str, Any]:
    fields = {field.encode_name: field for field in expected.fields}
    plain = {}
    for key, below in node.value.items():
        at = f"{path}.{key}" if path else key
        if key not in fields:
            misfits.append(Misfit(at, below.line, f"unknown key; known are {', '.join(fields)}"))
        else:
            plain[key] = _walk(below, fields[key].type, at, misfits)
    for name, field in fields.items():
        if field.required and name not in node.value:
            misfits.append(Misfit(path, node.line, f"{name} is missing"))
    return plain


_KINDS: dict[type, str] = {
    dict: "keys with values",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a whole number",
}


def _kind_misfit(value: Any, expected: inspect.Type) -> str:
    match expected:
        case inspect.StructType():
            wanted: type = dict
        case inspect.VarTupleType():
            wanted = list
        case inspect.BoolType():
            wanted = bool
        case inspect.IntType():
            wanted = int
        case _:
            wanted = str
    if type(value) is wanted:
        return ""
    if value is None:
        return f"is empty; must be {_KINDS[wanted]}"
    if isinstance(value, Unclear):
        quotes = "; put it in quotes" if wanted is str else ""
        return f"must be {_KINDS[wanted]}, and {value.written!r} may be read as another{quotes}"
    quotes = "; put it in quotes" if wanted is str and not isinstance(value, (dict, list)) else ""
    return f"must be {_KINDS[wanted]} (found {_KINDS[type(value)]}{quotes})"


def _length_misfit(value: list[Node], expected: inspect.VarTupleType) -> Iterator[str]:
    least, most = expected.min_length or 0, expected.max_length
    if len(value) < least or (most is not None and len(value) > most):
        wanted = f"at least {least}" if most is None else f"{least} to {most}"
        entries = "entry" if wanted.endswith(" 1") else "entries"
        yield f"must have {wanted} {entries} (found {len(value)})"


def _scalar_misfits(value: Any, expected: inspect.Type, hint: str) -> Iterator[str]:
    match expected:
        case inspect.LiteralType(values=allowed) if value not in allowed:
            names = ", ".join(str(name) for name in allowed)
            yield f"must be one of {names} (found {value!r})"
        case inspect.IntType(ge=least) if least is not None and value < least:
            yield f"must be {least} or more (found {value})"
        case inspect.StrType(pattern=pattern):
            most = expected.max_length
            if not value.strip():
                yield "is empty"
            elif most is not None and len(value) > most:
                yield f"must be at most {most} signs (found {len(value)})"
            elif len(value) < (expected.min_length or 0) or (
                pattern is not None and not re.search(pattern, value)
            ):
                yield f"{value!r} does not fit. {hint}".rstrip()
            yield from _odd_signs(value)


def _odd_signs(text: str) -> Iterator[str]:
    """What looks the same and is not: it breaks search, comparison and the content hash."""
    if text.isascii() and text.isprintable():
        return
    for sign in dict.fromkeys(text):
        category = unicodedata.category(sign)
        if category in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp") and sign != "\n":
            yield f"an invisible or undefined sign (U+{ord(sign):04X})"
        elif category == "Zs" and sign != " ":
            yield f"an unusual space (U+{ord(sign):04X}); use a plain one"
    if not unicodedata.is_normalized("NFC", text):
        yield "not in Unicode NFC: some letters and their tones are stored apart"
