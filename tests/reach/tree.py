"""What a screen reader meets on a page: Chromium's accessibility tree, read from top to bottom.

One line a thing: role, name, state; indented where it stands in a landmark, a group or a list.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import CDPSession, Page

Node = dict[str, Any]

# Roles whose name is all that is read: their children say the same words again.
_WHOLE = frozenset(
    "button link radio checkbox textbox searchbox spinbutton combobox option image switch "
    "DisclosureTriangle".split()
)
# Roles that are told, and then what is in them.
_BOXES = frozenset(
    "banner navigation main contentinfo complementary form search region group radiogroup list "
    "table row status alert log dialog article figure Details".split()
)
_SILENT = frozenset("InlineTextBox ListMarker LineBreak".split())
_THROUGH = frozenset("none generic LayoutTable Section".split())
_PLAIN = (
    _SILENT | _THROUGH | frozenset("StaticText paragraph strong emphasis mark code time".split())
)
_SAID = {
    "RootWebArea": "page",
    "StaticText": "text",
    "DisclosureTriangle": "button",
    "contentinfo": "footer",
    "banner": "header",
    "complementary": "aside",
    "listitem": "item",
}
# Property → the words for it when it is on.
_STATES = {
    "checked": {"true": "chosen", "false": "not chosen"},
    "pressed": {"true": "pressed", "false": "not pressed"},
    "expanded": {"True": "open", "False": "closed"},
    "disabled": {"True": "not available"},
    "required": {"True": "must be filled in"},
    "invalid": {"true": "wrong"},
}
# Listens to live regions: an init script of the reader's context.
LISTEN: Final = Path(__file__).with_name("listen.js").read_text(encoding="utf-8")


class Reader:
    """Reads a page of the browser. Needs LISTEN as an init script of its context."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._tools: CDPSession = page.context.new_cdp_session(page)
        self._tools.send("Accessibility.enable")

    def whole(self) -> list[str]:
        """The page, everything on it."""
        nodes = self._nodes()
        return list(_read(nodes, next(iter(nodes.values())), 0))

    def under(self, role: str) -> list[str]:
        """What is within the first thing with this role, such as "main"."""
        nodes = self._nodes()
        found = next(each for each in nodes.values() if _value(each, "role") == role)
        return list(_read(nodes, found, 0))

    def focused(self) -> list[str]:
        """What the focus is on, with all in it."""
        nodes = self._nodes()
        has_focus = [each for each in nodes.values() if "focused" in _properties(each)]
        return list(_read(nodes, has_focus[-1], 0)) if has_focus else []

    def said(self) -> list[str]:
        """What live regions said since the last time."""
        found: list[str] = self._page.evaluate("globalThis.reachSaid.splice(0)")
        return found

    def _nodes(self) -> dict[str, Node]:
        found = self._tools.send("Accessibility.getFullAXTree")["nodes"]
        return {each["nodeId"]: each for each in found}


def _value(node: Node, key: str) -> str:
    return str(node.get(key, {}).get("value", ""))


def _properties(node: Node) -> dict[str, str]:
    found = {
        each["name"]: str(each["value"].get("value", "")) for each in node.get("properties", [])
    }
    if found.get("focused") == "False":
        del found["focused"]
    return found


def _read(nodes: dict[str, Node], node: Node, depth: int) -> Iterator[str]:
    role = _value(node, "role")
    indent = "  " * depth
    name = " ".join(_value(node, "name").split())
    if role in _SILENT:
        return
    if role == "StaticText":
        if name:
            yield indent + name
    elif node.get("ignored") or role in _THROUGH:
        yield from _children(nodes, node, depth)
    elif role in _WHOLE or role == "heading":
        yield indent + _told(node, role, name)
    elif role == "LabelText":
        # The control in it, or before it, has said these words as its name.
        inner = [each for each in _below(nodes, node) if _value(each, "role") in _WHOLE]
        for each in inner:
            yield from _read(nodes, each, depth)
    elif _is_only_words(nodes, node):
        words = " ".join(each.strip() for each in _children(nodes, node, 0))
        if words:
            said = _told(node, role, "") + ": " if role in _BOXES or role == "listitem" else ""
            yield indent + said + words
    elif role in _BOXES or role in ("RootWebArea", "listitem"):
        inner_lines = list(_children(nodes, node, depth + (role != "RootWebArea")))
        if role == "listitem" and len(inner_lines) == 1:
            yield f"{indent}item, {inner_lines[0].strip()}"
        elif inner_lines:
            yield indent + _told(node, role, name)
            yield from inner_lines
    else:
        yield from _children(nodes, node, depth)


def _children(nodes: dict[str, Node], node: Node, depth: int) -> Iterator[str]:
    for child in node.get("childIds", []):
        if child in nodes:
            yield from _read(nodes, nodes[child], depth)


def _below(nodes: dict[str, Node], node: Node) -> Iterator[Node]:
    for child in node.get("childIds", []):
        if child in nodes:
            yield nodes[child]
            yield from _below(nodes, nodes[child])


def _is_only_words(nodes: dict[str, Node], node: Node) -> bool:
    """Nothing in it has a name or a state of its own."""
    return _value(node, "role") not in ("RootWebArea", "list") and all(
        each.get("ignored") or _value(each, "role") in _PLAIN for each in _below(nodes, node)
    )


def _told(node: Node, role: str, name: str) -> str:
    properties = _properties(node)
    said = _SAID.get(role, role)
    if role == "heading":
        said = f"heading {properties.get('level', '')}"
    states = [
        words[properties[state]]
        for state, words in _STATES.items()
        if state in properties and properties[state] in words
    ]
    value = _value(node, "value")
    if value and role in ("textbox", "searchbox", "spinbutton", "combobox"):
        states.append(f"holds “{value}”")
    description = " ".join(_value(node, "description").split())
    if description and description != name:
        states.append(f"also: {description}")
    return said + (f": {name}" if name else "") + (f" ({', '.join(states)})" if states else "")
