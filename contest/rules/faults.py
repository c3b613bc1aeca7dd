"""
Reads plain data (what a YAML or JSON reader gives) into typed structs, and names every fault.

msgspec alone stops at the first fault, with a sentence for programmers. An organiser who writes
a rule document wants the whole list, each with what is allowed there: hence this reader. It
walks the struct's fields, leaves each single value to msgspec, and goes on after a fault.
"""

import types
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

S = TypeVar("S", bound=Struct)

_UNREAD: Final = object()


class Fault(Struct, frozen=True, kw_only=True):
    """One thing wrong with a document: where (`rounds[1].closes`, counted from 0) and why."""

    path: str
    reason: str


class RulesRefused(Exception):
    """The document cannot be executed as written; `faults` lists all that was found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.path}: {fault.reason}" for fault in faults))


def join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def read_struct(kind: type[S], raw: object, path: str, faults: list[Fault]) -> S | None:
    """
    The struct, or None when something in it was refused; the reasons are added to `faults`.

    A field left out gets its default; one that is not known is refused.
    """
    if not isinstance(raw, Mapping):
        faults.append(Fault(path=path or "document", reason=f"must be a mapping, {_not(raw)}"))
        return None
    fields = msgspec.structs.fields(kind)
    allowed = [field.name for field in fields]
    unknown = [name for name in raw if name not in allowed]
    for name in unknown:
        reason = f"is not known here; allowed are: {', '.join(allowed)}"
        faults.append(Fault(path=join(path, str(name)), reason=reason))
    values: dict[str, Any] = {}
    for field in fields:
        if field.name in raw:
            value = _read(field.type, raw[field.name], join(path, field.name), faults)
            if value is not _UNREAD:
                values[field.name] = value
        elif field.required:
            faults.append(Fault(path=join(path, field.name), reason="is missing"))
    needed = [field.name for field in fields if field.required or field.name in raw]
    if unknown or any(name not in values for name in needed):
        return None
    return kind(**values)


def read_items(
    kind: Any, raw: object, path: str, faults: list[Fault]
) -> tuple[list[tuple[int, Any]], bool]:
    """The readable items of a list with their positions, and whether all could be read."""
    if not isinstance(raw, (list, tuple)):
        faults.append(Fault(path=path, reason=f"must be a list, {_not(raw)}"))
        return [], False
    read = [(at, _read(kind, item, f"{path}[{at}]", faults)) for at, item in enumerate(raw)]
    good = [(at, item) for at, item in read if item is not _UNREAD]
    return good, len(good) == len(read)


def _read(kind: Any, raw: object, path: str, faults: list[Fault]) -> Any:
    meta: Meta | None = None
    inner = kind
    if get_origin(kind) is Annotated:
        inner, meta = get_args(kind)[0], get_args(kind)[1]
    origin = get_origin(inner)
    if origin in (Union, types.UnionType):
        if raw is None:
            return None
        present = next(arg for arg in get_args(inner) if arg is not type(None))
        return _read(present, raw, path, faults)
    if isinstance(inner, type) and issubclass(inner, Struct):
        struct = read_struct(inner, raw, path, faults)
        return _UNREAD if struct is None else struct
    if origin is tuple:
        items, whole = read_items(get_args(inner)[0], raw, path, faults)
        return tuple(item for _, item in items) if whole else _UNREAD
    if origin is Literal:
        return _read_word(get_args(inner), meta, raw, path, faults)
    if inner is datetime:
        return _read_moment(raw, path, faults)
    return _read_value(kind, meta, raw, path, faults)


def _read_word(
    allowed: tuple[str, ...], meta: Meta | None, raw: object, path: str, faults: list[Fault]
) -> Any:
    if isinstance(raw, str) and raw in allowed:
        return raw
    refused: dict[str, str] = (meta.extra or {}).get("refused", {}) if meta else {}
    if isinstance(raw, str) and raw in refused:
        faults.append(Fault(path=path, reason=refused[raw]))
        return _UNREAD
    one_of = allowed[0] if len(allowed) == 1 else f"one of: {', '.join(allowed)}"
    faults.append(Fault(path=path, reason=f"must be {one_of}; {_not(raw)}"))
    return _UNREAD


def _read_moment(raw: object, path: str, faults: list[Fault]) -> Any:
    moment = raw
    if isinstance(raw, str):
        try:
            moment = datetime.fromisoformat(raw.strip())
        except ValueError:
            moment = None
    if not isinstance(moment, datetime):
        reason = f"must be a date and time such as 2026-11-16T10:00:00+07:00, {_not(raw)}"
    elif moment.utcoffset() is None:
        # A naive time would mean another instant on a server set to another zone.
        reason = "must say its offset from UTC, such as +07:00 at the end"
    elif moment.microsecond:
        reason = "must be whole seconds"
    elif not 2000 <= moment.year <= 2199:
        reason = f"must lie in the years 2000 to 2199, {_not(raw)}"
    else:
        return moment.astimezone(UTC)
    faults.append(Fault(path=path, reason=reason))
    return _UNREAD


def _read_value(kind: Any, meta: Meta | None, raw: object, path: str, faults: list[Fault]) -> Any:
    if isinstance(raw, str):
        # A folded YAML block ends with a line break that nobody meant.
        raw = raw.strip()
        if not unicodedata.is_normalized("NFC", raw):
            reason = "must be written in Unicode's composed form (NFC)"
            faults.append(Fault(path=path, reason=reason))
            return _UNREAD
        if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in raw):
            reason = "must be one line of text without control characters"
            faults.append(Fault(path=path, reason=reason))
            return _UNREAD
    try:
        # msgspec would take 16.0 for 16; a document that is hashed has one way to write a number.
        if isinstance(raw, float):
            raise msgspec.ValidationError
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError:
        what = meta.description if meta and meta.description else _plain(kind)
        faults.append(Fault(path=path, reason=f"must be {what}, {_not(raw)}"))
        return _UNREAD


def _plain(kind: Any) -> str:
    return {bool: "true or false", int: "a whole number", str: "text"}.get(kind, "of another kind")


def _not(raw: object) -> str:
    """What was found instead, short enough for one line."""
    if raw is None or raw == "":
        return "not empty"
    if isinstance(raw, Mapping):
        return "not a mapping"
    if isinstance(raw, (list, tuple)):
        return "not a list"
    shown = str(raw) if isinstance(raw, (str, int, float)) else type(raw).__name__
    kind = "the text " if isinstance(raw, str) else ""
    return f"not {kind}{shown if len(shown) <= 40 else shown[:39] + '…'}"
