"""`replay FILE`: a published round computed again from its file, without a database."""

import argparse
import csv
import gzip
import io
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from contest.cli.opened import Families, Stopped, subcommand
from contest.rules.replay import FORMAT, Difference, Head, Line, Replayed, check_rules, replay

SHOWN_AT_MOST: Final = 20
_COLUMNS: Final = Line.__struct_fields__
_HEAD: Final = frozenset(Head.__struct_fields__) - {"corrections"}
_CAN_BE_NONE: Final = frozenset({"prediction", "distance"})


class Unreadable(Exception):
    """The file is none of ours, or damaged; the message names the line where one is to blame."""


class ReadFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was read. `rules` is None in a CSV file, which holds their hash alone."""

    head: Head
    rules: str | None
    lines: list[Line]


class _Json(Head, frozen=True, kw_only=True):
    rules: str
    standings: list[Line]


def add(families: Families) -> None:
    parser = subcommand(
        families,
        "replay",
        "compute a published round again from its CSV or JSON file, and compare every place",
        _replay,
    )
    parser.add_argument("file", help="ket-qua.csv or ket-qua.json, also as .gz; - reads it piped")


def _replay(chosen: argparse.Namespace) -> int:
    name = "the input" if chosen.file == "-" else chosen.file
    try:
        file = read_file(_bytes_of(chosen.file))
        found = [] if file.rules is None else check_rules(file.head, file.rules)
    except (Unreadable, ValueError) as error:
        raise Stopped(f"{name}: {error}") from error
    done = replay(file.head, file.lines)
    different = [*found, *done.differences]
    print("\n".join(_report(file, done, different)))
    return 1 if different else 0


def _bytes_of(name: str) -> bytes:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except FileNotFoundError:
        raise Stopped(f"{name} does not exist.") from None
    except OSError as error:
        raise Stopped(f"{name} cannot be read: {error.strerror}") from error
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable("it was compressed, and is cut short or damaged.") from error


def read_file(content: bytes) -> ReadFile:
    """A published file of either kind. Raises Unreadable."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    start = content[:64].lstrip()[:1]
    if start == b"{":
        return _read_json(content)
    if start in (b"#", b'"'):
        return _read_csv(content)
    raise Unreadable(f"line 1 begins neither a CSV nor a JSON file of format {FORMAT}.")


def _read_json(content: bytes) -> ReadFile:
    try:
        read = msgspec.json.decode(content, type=_Json)
    except msgspec.ValidationError as error:
        _refuse_foreign(content)
        raise Unreadable(_placed(content, str(error))) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        at = re.search(r"byte (\d+)", str(error))
        line = content.count(b"\n", 0, int(at[1]) if at else len(content)) + 1
        raise Unreadable(f"line {line}: not JSON, or cut short ({error}).") from error
    if read.format != FORMAT:
        _refuse_foreign(content)
    facts = {name: getattr(read, name) for name in Head.__struct_fields__}
    return ReadFile(head=Head(**facts), rules=read.rules, lines=read.standings)


def _refuse_foreign(content: bytes) -> None:
    class Named(msgspec.Struct):
        format: Any = None

    named = msgspec.json.decode(content, type=Named).format
    if named != FORMAT:
        told = "names no format" if named is None else f"is of format {named}"
        raise Unreadable(f"the file {told}; this program reads {FORMAT}.")


def _placed(content: bytes, fault: str) -> str:
    """The reader's complaint with the line it is about: our files hold one entrant a line."""
    entrant = re.search(r"\$\.standings\[(\d+)\]", fault)
    field = re.search(r"\$\.(\w+)", fault)
    start = content.find(f'"{field[1]}":'.encode()) if field else -1
    line = content.count(b"\n", 0, max(start, 0)) + 1
    if entrant is None or start < 0:
        return f"line {line}: {fault}."
    return f"line {line + 1 + int(entrant[1])}, entrant {int(entrant[1]) + 1}: {fault}."


def _read_csv(content: bytes) -> ReadFile:
    try:
        rows = csv.reader(io.StringIO(content.decode(), newline=""), strict=True)
        head, columns = _csv_head(rows)
        return ReadFile(head=head, rules=None, lines=list(_csv_lines(rows, columns)))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"line {line}: not UTF-8; a spreadsheet saved it otherwise?") from error
    except csv.Error as error:
        raise Unreadable(f"line {rows.line_num}: {error}.") from error


def _csv_head(rows: Any) -> tuple[Head, list[str]]:
    """The lines that begin with #, and the names of the columns in the line after them."""
    facts: dict[str, Any] = {"corrections": []}
    stood: dict[str, int] = {}
    for row in rows:
        if not row or not row[0].startswith("#"):
            break
        name, colon, value = row[0][1:].strip().partition(":")
        value = value.strip()
        if not colon:
            raise Unreadable(f'line {rows.line_num}: "{row[0]}" is no "# name: value".')
        if name == "correction":
            facts["corrections"].append(_correction(value, rows.line_num))
        elif name in stood:
            raise Unreadable(f"line {rows.line_num}: {name} stands twice.")
        else:
            stood[name] = rows.line_num
            facts[name] = value.split() if name == "chain" else (value or None)
    else:
        raise Unreadable(f"line {rows.line_num + 1}: the columns' names are missing.")
    if facts.get("format") != FORMAT:
        told = f"is of format {facts['format']}" if facts.get("format") else "names no format"
        raise Unreadable(f"line 1: the file {told}; this program reads {FORMAT}.")
    missing = sorted(_HEAD - stood.keys())
    if missing:
        raise Unreadable(f"line {rows.line_num}: no line before it says # {missing[0]}.")
    lacking = [name for name in _COLUMNS if name not in row]
    if lacking:
        raise Unreadable(f"line {rows.line_num}: there is no column {lacking[0]}.")
    known = {name: facts[name] for name in Head.__struct_fields__}
    try:
        return msgspec.convert(known, Head, strict=False), row
    except msgspec.ValidationError as error:
        field = re.search(r"\$\.(\w+)", str(error))
        line = stood.get(field[1], 1) if field else 1
        raise Unreadable(f"line {line}: {error}.") from error


def _correction(value: str, line: int) -> dict[str, Any]:
    kind, *rest = value.split()
    question, masks = (rest[0] if rest else ""), rest[1:]
    if not all(each.isdigit() for each in masks):
        raise Unreadable(f'line {line}: the answers of "{value}" are no numbers.')
    return {"kind": kind, "question": question, "masks": [int(each) for each in masks]}


def _csv_lines(rows: Any, columns: list[str]) -> Iterator[Line]:
    where = [(name, columns.index(name)) for name in _COLUMNS]
    needed = max(at for _, at in where) + 1
    place, code, score, guess, distance, time, order = (at for _, at in where)
    for row in rows:
        try:
            yield Line(
                int(row[place]),
                row[code],
                int(row[score]),
                int(row[guess]) if row[guess] else None,
                int(row[distance]) if row[distance] else None,
                int(row[time]),
                int(row[order]),
            )
        except (ValueError, IndexError) as error:
            if not any(row):
                continue
            raise Unreadable(_csv_fault(row, where, needed, rows.line_num)) from error


def _csv_fault(row: list[str], where: list[tuple[str, int]], needed: int, line: int) -> str:
    if len(row) < needed:
        return f"line {line}: {len(row)} cells where {needed} are needed."
    for name, at in where:
        if name != "entry_code" and not re.fullmatch(r"\s*[+-]?\d+\s*", row[at]):
            if name in _CAN_BE_NONE and not row[at]:
                continue
            return f'line {line}: {name} is "{row[at][:40]}" and no whole number.'
    return f"line {line}: a number in it is too long."


def _report(file: ReadFile, done: Replayed, different: list[Difference]) -> Iterator[str]:
    head = file.head
    adjusted = f", adjusted {_at(head.adjusted_at)}" if head.adjusted_at else ""
    yield f"Round        {head.edition} / {head.round}, act {head.act}"
    yield f"Published    {_at(head.published_at)}{adjusted}"
    yield f"Rules        SHA-256 {head.rules_hash}"
    if file.rules is None:
        yield "             not in a CSV file; the JSON file of the round holds and proves them"
    yield f"Chain        {', then '.join(head.chain)}"
    yield f"Corrections  {len(head.corrections)}; disqualified {head.disqualified}"
    yield f"Lines        {len(file.lines)}"
    if head.prediction_kind != "none":
        yield f"Truth        {done.truth} ({done.perfect} with the full score)"
    if not different:
        yield "Every place agrees."
        return
    number = len(different)
    yield f"{number} difference{'s' if number > 1 else ''}" + (
        f", the first {SHOWN_AT_MOST}:" if number > SHOWN_AT_MOST else ":"
    )
    rows = [("entrant", "what", "in the file", "computed")]
    rows += [
        (each.entry_code or "(whole file)", each.what, each.stands, each.computed)
        for each in different[:SHOWN_AT_MOST]
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(3)]
    for *cells, last in rows:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield "  " + "  ".join([*padded, last])


def _at(moment: Any) -> str:
    return str(msgspec.to_builtins(moment))
