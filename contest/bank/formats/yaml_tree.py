"""YAML read as a plain tree in which every value knows its line.

PyYAML's own `compose` expands aliases and forgets anchors, so the tree is built from parser events:
the first anchor, alias or tag ends the reading, before anything could be expanded.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

MAX_BYTES = 2 * 1024 * 1024
_MAX_VALUES = 200_000
_MAX_DEPTH = 16

# libyaml is about eight times as fast; its absence costs time only.
_Loader: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

# Line breaks of YAML 1.1 that no editor counts as lines are refused with the control characters.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|\r(?!\n)")
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})")


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """
    A value at a line (from 1); under a key, at the key's line.

    `value` is a dict of nodes by key, a list of nodes, or a scalar: str, bool, int, None, or
    `Unclear`.
    """

    line: int
    value: Any


class Unclear(msgspec.Struct, frozen=True):
    """An unquoted scalar that YAML readers take for different things: `no`, `1:30`, `1.0`."""

    written: str


class Trouble(msgspec.Struct, frozen=True):
    line: int
    message: str


class _Refused(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.trouble = Trouble(line, message)


def read_tree(data: bytes) -> tuple[Node | None, list[Trouble]]:
    """The tree of one YAML document, or None, and what is wrong with the file as YAML.

    A duplicate key leaves the tree whole (the first value stands), so that a caller can go on
    looking for faults; anything worse gives no tree.
    """
    if len(data) > MAX_BYTES:
        return None, [Trouble(1, f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, [Trouble(line, f"not UTF-8 (byte 0x{data[error.start]:02x})")]
    troubles = list(_unreadable(text))
    if troubles:
        return None, troubles
    builder = _Builder()
    try:
        root = builder.build(iter(yaml.parse(text, Loader=_Loader)))
    except _Refused as refused:
        return None, [*builder.troubles, refused.trouble]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        return None, [*builder.troubles, Trouble(line, f"not YAML: {error.problem}")]
    except yaml.YAMLError as error:
        return None, [*builder.troubles, Trouble(1, f"not YAML: {error}")]
    return root, builder.troubles


def _unreadable(text: str) -> Iterator[Trouble]:
    if "\t" not in text and not _UNREADABLE.search(text):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line:
            yield Trouble(number, "a tab; use spaces")
        # The break itself was cut off: a carriage return at the end of the line was CR LF.
        if found := _UNREADABLE.search(line + "\n"):
            yield Trouble(number, f"a control character (U+{ord(found[0]):04X})")


class _Builder:
    """Builds nodes with an own stack, so that deep nesting cannot exhaust Python's."""

    def __init__(self) -> None:
        self.troubles: list[Trouble] = []
        self._resolver: Any = yaml.SafeLoader("")

    def build(self, events: Iterator[Any]) -> Node:
        root: Node | None = None
        open_nodes: list[Node] = []
        open_keys: list[tuple[str, int] | None] = []
        values = 0
        for event in events:
            line = event.start_mark.line + 1
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise _Refused(line, "a second document; one file holds one")
            if isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
                open_nodes.pop()
                open_keys.pop()
                continue
            if not isinstance(event, yaml.NodeEvent):
                continue
            values += 1
            self._refuse_machinery(event, line, values)
            parent = open_nodes[-1] if open_nodes else None
            if parent is not None and isinstance(parent.value, dict) and open_keys[-1] is None:
                open_keys[-1] = self._key(event, line, parent), line
                continue
            open_key = open_keys[-1] if open_keys else None
            node = self._node(event, open_key[1] if open_key else line)
            if parent is None:
                root = node
            elif open_key:
                parent.value.setdefault(open_key[0], node)
                open_keys[-1] = None
            else:
                parent.value.append(node)
            if not isinstance(event, yaml.ScalarEvent):
                if len(open_nodes) == _MAX_DEPTH:
                    raise _Refused(line, "nested too deeply")
                open_nodes.append(node)
                open_keys.append(None)
        if root is None:
            raise _Refused(1, "the file is empty")
        return root

    def _refuse_machinery(self, event: Any, line: int, values: int) -> None:
        if values > _MAX_VALUES:
            raise _Refused(line, f"more than {_MAX_VALUES} values")
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(line, f"an alias (*{event.anchor}); write the value out")
        if event.anchor is not None:
            raise _Refused(line, f"an anchor (&{event.anchor}); write values out where they are")
        if event.tag is not None:
            raise _Refused(line, f"a tag ({event.tag}); put text in quotes instead")

    def _key(self, event: Any, line: int, parent: Node) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise _Refused(line, "a key must be a word")
        key: str = event.value
        if not event.style and key == "<<":
            raise _Refused(line, "a merge key (<<); write values out where they are")
        if key in parent.value:
            first = parent.value[key].line
            self.troubles.append(Trouble(line, f"key {key!r} is given twice (first in {first})"))
        return key

    def _node(self, event: Any, line: int) -> Node:
        if isinstance(event, yaml.MappingStartEvent):
            return Node(line=line, value={})
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(line=line, value=[])
        return Node(line=line, value=self._scalar(event))

    def _scalar(self, event: Any) -> object:
        written: str = event.value
        if not event.implicit[0]:
            return written
        tag = self._resolver.resolve(yaml.ScalarNode, written, (True, False))
        kind = tag.rpartition(":")[2]
        if kind == "str":
            return written
        if kind == "null" and written in ("", "~", "null"):
            return None
        if kind == "bool" and written in ("true", "false"):
            return written == "true"
        if kind == "int" and _WHOLE_NUMBER.fullmatch(written):
            return int(written)
        return Unclear(written)
