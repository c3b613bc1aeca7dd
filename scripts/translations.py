"""The English catalogue: is it complete, and bring it up to date.

    python scripts/translations.py            exit 1, naming every text without English
    python scripts/translations.py --update   add new texts with an empty translation, drop unused

A text to translate is
- in a template: `_("…")`, `gettext`, `ngettext`, `{% trans %}`;
- in Python: the message given to `say(request, "…")` or `translate(lang, "…")`, and every literal
  in Vietnamese letters, because those reach pages by way of a table or a form's errors. Docstrings,
  texts that stand beside their own English ({"vi": …, "en": …}) and the modules in SPEAKS_ITSELF
  are left out.
"""

import argparse
import ast
import re
import sys
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "messages.po"

# Modules whose Vietnamese is chosen by language in place, or is not for pages.
SPEAKS_ITSELF = (
    "contest/web/i18n.py",
    "contest/settings.py",
    "contest/cli/",
    # The linter's word lists and patterns.
    "contest/bank/facts.py",
    "contest/bank/formats/",
    "contest/bank/giveaways.py",
    "contest/bank/lint.py",
    "contest/bank/similarity.py",
    "contest/bank/wording.py",
    # Patterns and passwords.
    "contest/people/classes/dates.py",
    "contest/people/classes/headers.py",
    "contest/people/classes/old_fonts.py",
    "contest/people/classes/remarks.py",
    "contest/people/common_passwords.py",
    "contest/units/sorting.py",
)

TEMPLATE_CALLS = ("_", "gettext", "ngettext")
# Function name → position of the message among its arguments.
PYTHON_CALLS = {"_": 0, "gettext": 0, "say": 1, "translate": 1}
# As contest/web/templating.py sets its environment: {% trans %} blocks depend on it.
TEMPLATE_OPTIONS = {
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "newstyle_gettext": "true",
    "silent": "false",
}

Message = str | tuple[str, str]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--update", action="store_true", help="write what changed")
    options = parser.parse_args()
    wanted = collect()
    if options.update:
        catalogue = update(wanted)
        print(f"translations: {len(catalogue)} texts in {CATALOGUE.relative_to(ROOT)}")
        missing = [message for message in catalogue if message.id and not message.string]
        if missing:
            print(f"translations: {len(missing)} of them wait for their English")
        return 0
    faults = find_faults(wanted)
    for fault in faults:
        print(f"translations: {fault}", file=sys.stderr)
    if not faults:
        print(f"translations: {len(wanted)} texts, each with its English")
    return 1 if faults else 0


def collect() -> dict[Message, list[tuple[str, int]]]:
    """Every text to translate → where it stands: (file, line)."""
    found: dict[Message, list[tuple[str, int]]] = {}
    # What is printed is Vietnamese and has typst's own syntax; fonts lie there too.
    sources = [
        (file, template_texts(file))
        for file in _files("templates", "*")
        if "print" not in file.parts
    ]
    sources += [(file, python_texts(file)) for file in _files("contest", "*.py")]
    for file, texts in sources:
        for line, message in texts:
            found.setdefault(message, []).append((file.relative_to(ROOT).as_posix(), line))
    return found


def template_texts(file: Path) -> Iterator[tuple[int, Message]]:
    source = BytesIO(file.read_bytes())
    for line, function, found, _comments in babel_extract(
        source, TEMPLATE_CALLS, [], TEMPLATE_OPTIONS
    ):
        # Values for placeholders follow as None.
        texts = [found] if isinstance(found, str) else [text for text in found or () if text]
        if function == "ngettext" and len(texts) > 1:
            yield line, (texts[0], texts[1])
        elif texts and texts[0]:
            yield line, texts[0]


def python_texts(file: Path) -> Iterator[tuple[int, Message]]:
    name = file.relative_to(ROOT).as_posix()
    if name.startswith(SPEAKS_ITSELF):
        return
    tree = ast.parse(file.read_bytes(), filename=name)
    apart = _untranslated(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else None
            called = node.func.id if isinstance(node.func, ast.Name) else called
            position = PYTHON_CALLS.get(called or "")
            if position is not None and position < len(node.args):
                text = node.args[position]
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value:
                    yield node.lineno, text.value
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in apart
            and is_vietnamese(node.value)
        ):
            yield node.lineno, node.value


def _untranslated(tree: ast.Module) -> set[int]:
    """The literals that are docstrings or stand beside their own English."""
    apart: set[int] = set()
    for node in ast.walk(tree):
        beside: list[ast.AST] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            beside = [node.value]  # docstrings, also those under attributes
        elif isinstance(node, ast.Dict):
            keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
            if {"vi", "en"} <= keys:
                beside = list(node.values)
        elif isinstance(node, ast.Call) and {"vi", "en"} <= {word.arg for word in node.keywords}:
            beside = [word.value for word in node.keywords]
        for part in beside:
            apart.update(id(inner) for inner in ast.walk(part) if isinstance(inner, ast.Constant))
    return apart


def is_vietnamese(text: str) -> bool:
    """Whether a text has a letter of Vietnamese that English lacks."""
    letters = unicodedata.normalize("NFD", text)
    # A mark counts only on a letter; U+0300 to U+036F are the combining marks.
    return "đ" in letters.lower() or any("\u0300" <= mark <= "\u036f" for mark in letters)


def update(wanted: dict[Message, list[tuple[str, int]]]) -> Catalog:
    old = _read()
    new = Catalog(locale="en", project="sanchoi", charset="utf-8", fuzzy=False)
    for message, places in sorted(wanted.items(), key=lambda item: item[1]):
        kept = old.get(message if isinstance(message, str) else message[0]) if old else None
        string = kept.string if kept is not None and isinstance(kept.id, type(message)) else None
        files = sorted({file for file, _ in places})
        new.add(message, string or "", locations=[(file, 0) for file in files])
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        # Neither dates nor line numbers: a change of one word is to be a change of one line.
        write_po(file, new, omit_header=True, include_lineno=False, width=96)
    return new


def find_faults(wanted: dict[Message, list[tuple[str, int]]]) -> list[str]:
    catalogue = _read()
    if catalogue is None:
        return [f"{CATALOGUE.relative_to(ROOT)} is missing: run `make translations`"]
    faults: list[str] = []
    for message, places in wanted.items():
        first = message if isinstance(message, str) else message[0]
        where = f"{places[0][0]}:{places[0][1]}: {first!r}"
        entry = catalogue.get(first)
        strings = [] if entry is None else _strings(entry.string)
        if entry is None or not strings or not all(strings):
            faults.append(f"{where} has no English")
            continue
        if entry.fuzzy:
            faults.append(f"{where} has English marked as a guess (fuzzy)")
        allowed = set(PLACEHOLDER.findall(" ".join(_strings(message))))
        used = set(PLACEHOLDER.findall(" ".join(strings)))
        if used != allowed:
            faults.append(f"{where}: placeholders {sorted(allowed)} became {sorted(used)}")
        if unicodedata.normalize("NFC", first) != first:
            faults.append(f"{where} is not in Unicode's composed form (NFC)")
    ids = {message if isinstance(message, str) else message[0] for message in wanted}
    for entry in catalogue:
        first = _strings(entry.id)[0]
        if first and first not in ids:
            faults.append(f"{first!r} is used nowhere: run `make translations`")
    return faults


def _read() -> Catalog | None:
    if not CATALOGUE.is_file():
        return None
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en", charset="utf-8")


def _strings(text: object) -> list[str]:
    if isinstance(text, str):
        return [text] if text else [""]
    if isinstance(text, (tuple, list)):
        return [str(part or "") for part in text]
    return []


def _files(folder: str, pattern: str) -> list[Path]:
    found = (file for file in (ROOT / folder).rglob(pattern) if file.is_file())
    return sorted(file for file in found if "__pycache__" not in file.parts)


if __name__ == "__main__":
    sys.exit(main())
