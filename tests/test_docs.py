"""The docs say what is there: settings, targets, commands, files and keys by their names."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from contest import settings
from contest.bank.formats.question import Choice, Document, Question, Source
from contest.infra import metrics
from contest.rules import shape

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
# Pictures are taken from the running site and may come later than the page that shows them.
PICTURES = {"docs/pictures/home.png", "docs/pictures/quiz.png"}
FOLDERS = ("docs", "questions", "static", "units", "editions", "tests")

_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
_TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
_COMMAND = re.compile(
    r"(?:-m contest|(?<![\w/.-])sanchoi)((?: [a-z][a-z-]*(?![\w./:=]))+)([^\n|;&#]*)"
)
_OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")


def pages() -> list[Path]:
    """Every page that is read, not only those in docs/."""
    found = list(ROOT.glob("*.md"))
    for folder in FOLDERS:
        found += (ROOT / folder).rglob("*.md")
    return sorted(found)


def shown(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def code_of(page: Path) -> Iterator[str]:
    """Fenced blocks, and spans outside of them."""
    text = page.read_text(encoding="utf-8")
    yield from _FENCE.findall(text)
    yield from _SPAN.findall(_FENCE.sub("", text))


def anchors_of(page: Path) -> set[str]:
    """Headings as links name them: small letters, hyphens for spaces, no other signs."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return {
        re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).strip().replace(" ", "-")
        for heading in _HEADING.findall(text)
    }


def test_operations_names_every_setting_and_no_other():
    named = re.findall(
        r"^\| `(SANCHOI_\w+)` \|", (DOCS / "operations.md").read_text(encoding="utf-8"), re.M
    )

    assert named == list(settings.NAMES)


def test_no_page_names_a_setting_that_does_not_exist():
    unknown = {
        (shown(page), name)
        for page in pages()
        for name in re.findall(r"SANCHOI_[A-Z_]*[A-Z]", page.read_text(encoding="utf-8"))
        if name not in settings.NAMES
    }

    assert unknown == set()


def test_every_make_target_in_the_docs_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):(?!=)", makefile, re.MULTILINE))
    named = {
        (shown(page), target)
        for page in pages()
        for code in code_of(page)
        for target in _TARGET.findall(code)
    }

    assert ("README.md", "run") in named
    assert {each for each in named if each[1] not in targets} == set()


def test_every_relative_link_leads_to_a_file():
    broken = []
    for page in pages():
        text = _FENCE.sub("", page.read_text(encoding="utf-8"))
        for link in _LINK.findall(text):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            inside = target.is_relative_to(ROOT)
            if inside and shown(target) in PICTURES:
                continue
            if not inside or not target.exists():
                broken.append(f"{shown(page)}: {link}")
            elif anchor and anchor not in anchors_of(target):
                broken.append(f"{shown(page)}: {link} (no such heading)")

    assert broken == []


def test_every_decision_is_in_the_index_and_has_all_its_parts():
    folder = DOCS / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    parts = ["## Context", "## Choice", "## Rejected", "## The figure that decided"]
    decisions = sorted(folder.glob("20*.md"))

    assert decisions
    assert [page.name for page in decisions if f"({page.name})" not in index] == []
    for page in decisions:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d-[a-z0-9-]+\.md", page.name)
        headings = re.findall(r"^## .+$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == parts, page.name


def test_every_page_that_the_code_points_to_exists():
    places = [
        *(ROOT / "contest").rglob("*.py"),
        *(ROOT / "static").rglob("*.js"),
        ROOT / "Dockerfile",
        ROOT / "Makefile",
    ]
    missing = {
        (shown(place), page)
        for place in places
        for page in re.findall(r"docs/[\w./-]+\.md", place.read_text(encoding="utf-8"))
        if not (ROOT / page).is_file()
    }

    assert missing == set()


def commands_in_docs() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(page, words, options) of every `python -m contest …`; at most two words name a command."""
    found = set()
    for page in pages():
        for code in code_of(page):
            for words, rest in _COMMAND.findall(code):
                named = tuple(words.split()[:2])
                found.add((shown(page), named, tuple(_OPTION.findall(rest))))
    return sorted(found)


def test_every_command_in_the_docs_exists(capsys: pytest.CaptureFixture[str]):
    from contest.cli import main

    found = commands_in_docs()
    wrong = []
    for page, words, options in found:
        with pytest.raises(SystemExit) as left:
            main([*words, "--help"])
        told = capsys.readouterr().out
        if left.value.code != 0:
            wrong.append(f"{page}: {' '.join(words)}")
        wrong += [f"{page}: {' '.join(words)} {each}" for each in options if each not in told]

    assert ("docs/first-edition.md", ("people", "create-organiser")) in [each[:2] for each in found]
    assert wrong == []


def test_formats_names_every_key_of_an_edition():
    """By its last name: `rounds[].opens` names `opens`."""
    told = set(re.findall(r"\w+", (DOCS / "formats.md").read_text(encoding="utf-8")))
    kinds = [
        kind
        for kind in vars(shape).values()
        if isinstance(kind, type)
        and issubclass(kind, msgspec.Struct)
        and kind is not msgspec.Struct
    ]
    keys = {field.encode_name for kind in kinds for field in msgspec.structs.fields(kind)}

    assert len(keys) > 30
    assert keys - told == set()


def test_formats_names_every_key_of_a_question():
    told = set(re.findall(r"\w+", (DOCS / "formats.md").read_text(encoding="utf-8")))
    keys = {
        field.encode_name
        for kind in (Document, Question, Choice, Source)
        for field in msgspec.structs.fields(kind)
    }

    assert keys - told == set()


def test_operations_names_every_figure():
    told = (DOCS / "operations.md").read_text(encoding="utf-8")
    figures = {family.name for family in metrics.REGISTRY.collect()}

    assert {name for name in figures if name not in told} == set()
