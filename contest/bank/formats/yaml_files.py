"""Bank files and folders: from bytes to questions, or to every fault with its file and line.

A fault here holds for every bank, also for a sealed set from outside: what cannot be understood,
or could not be asked fairly. House style is `bank/lint.py`'s.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from contest.bank.formats.question import Document, Question, content_hash
from contest.bank.formats.yaml_shape import places, survey
from contest.bank.formats.yaml_tree import MAX_BYTES, read_tree

_ENDINGS = (".yaml", ".yml")
_IN_QUESTION = re.compile(r"questions\[([0-9]+)\]\.?")


class Fault(msgspec.Struct, frozen=True, order=True):
    """What is wrong where. `path` is inside the question (`choices[1].en`) or the file (`pool`).
    Line 0: it is wrong with the whole of what `file` names, a file, a folder or a pool."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        return f"{place}{self.path}: {self.message}" if self.path else f"{place}{self.message}"


class BankFile(msgspec.Struct, frozen=True, kw_only=True):
    """
    A bank file that was understood.

    `name` is relative to the bank's folder (`demo/week-1/ai.yaml`) and names the file in the
    database; `shown` is how it was reached and stands in faults. `content` are the bytes as they
    came: an export gives these back. `lines[i]` holds the lines of question i by path, "" for
    its first line.
    """

    name: str
    shown: str
    pool: str
    questions: tuple[Question, ...]
    lines: tuple[dict[str, int], ...]
    content: bytes

    def line(self, index: int, path: str = "") -> int:
        """The line of a value of question `index`, or of the nearest value around it."""
        lines = self.lines[index]
        while path not in lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return lines[path]

    def fault(self, index: int, path: str, message: str) -> Fault:
        return Fault(self.shown, self.line(index, path), path, message)


class Bank(msgspec.Struct, frozen=True, kw_only=True):
    """Files whose ids are unique and whose pools share no question; `pools` by name, in order."""

    files: tuple[BankFile, ...]
    questions: tuple[Question, ...]
    pools: dict[str, tuple[Question, ...]]


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """What could be read, also out of broken files, beside all that was wrong in each: for checking
    only, never for an import. Clashes between files are not looked for yet."""

    files: tuple[BankFile, ...]
    faults: tuple[Fault, ...]


def read_bank_bytes(name: str, data: bytes) -> BankFile | list[Fault]:
    """A file sent by a browser, or any bytes; `name` is used as name and in faults."""
    file, faults = _read(name, name, data)
    return faults if faults else file


def read_bank_file(path: Path) -> BankFile | list[Fault]:
    """One file by its path; its name in the bank is the last part of the path."""
    shown = path.as_posix()
    data = _bytes_of(path)
    if isinstance(data, str):
        return [Fault(shown, 0, "", data)]
    file, faults = _read(path.name, shown, data)
    return faults if faults else file


def read_bank(folder: Path) -> Bank | list[Fault]:
    """All .yaml files below a folder as one bank. Hidden names (`.git`, `..data` of a mounted
    secret) are passed over; a folder without question files is a fault."""
    scan = scan_bank([folder])
    if scan.faults:
        return sorted([*scan.faults, *clashes(scan.files)])
    return join(scan.files)


def join(files: Iterable[BankFile]) -> Bank | list[Fault]:
    """Files from anywhere as one bank: ids unique, pools disjoint."""
    ordered = tuple(sorted(files, key=lambda file: file.name))
    if faults := clashes(ordered):
        return faults
    pools: dict[str, tuple[Question, ...]] = {}
    for file in ordered:
        pools[file.pool] = pools.get(file.pool, ()) + file.questions
    return Bank(
        files=ordered,
        questions=tuple(question for file in ordered for question in file.questions),
        pools=dict(sorted(pools.items())),
    )


def scan_bank(paths: Iterable[Path]) -> Scan:
    """Reads folders and single files, gathering what is sound and everything that is wrong."""
    files: list[BankFile] = []
    faults: list[Fault] = []
    for path in paths:
        found = list(_files_of(path))
        if not found:
            faults.append(Fault(path.as_posix(), 0, "", "no question files (.yaml) here"))
        for name, place in found:
            data = _bytes_of(place)
            if isinstance(data, str):
                faults.append(Fault(place.as_posix(), 0, "", data))
                continue
            file, wrong = _read(name, place.as_posix(), data)
            faults += wrong
            if file.questions:
                files.append(file)
    return Scan(files=tuple(files), faults=tuple(sorted(faults)))


def clashes(files: Iterable[BankFile]) -> list[Fault]:
    """Ids given twice, and questions with the same content under two ids, in or across pools."""
    faults: list[Fault] = []
    by_id: dict[str, tuple[BankFile, int]] = {}
    by_content: dict[str, tuple[BankFile, int]] = {}
    for file in files:
        for index, question in enumerate(file.questions):
            here = (file, index)
            other, at = by_id.setdefault(question.id, here)
            if (other, at) != here:
                place = f"{other.shown}:{other.line(at, 'id')}"
                pools = "" if other.pool == file.pool else f" in pool {other.pool}"
                message = f"id {question.id!r} is taken{pools} ({place})"
                faults.append(file.fault(index, "id", message))
            other, at = by_content.setdefault(content_hash(question), here)
            if (other, at) != here:
                twin = other.questions[at].id
                message = f"the same question as {twin!r} ({other.shown}:{other.line(at)})"
                if other.pool != file.pool:
                    message += f"; pools {other.pool} and {file.pool} must not share one"
                faults.append(file.fault(index, "", message))
    return faults


def _files_of(path: Path) -> Iterator[tuple[str, Path]]:
    if not path.is_dir():
        yield path.name, path
        return
    for folder, below, names in os.walk(path):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith(_ENDINGS) and not name.startswith("."):
                place = Path(folder, name)
                yield place.relative_to(path).as_posix(), place


def _bytes_of(path: Path) -> bytes | str:
    """The file's bytes, or why not. One byte over the limit is read: enough to refuse it."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"


def _read(name: str, shown: str, data: bytes) -> tuple[BankFile, list[Fault]]:
    """The file with those of its questions that are sound, and all faults."""
    tree, troubles = read_tree(data)
    faults = [Fault(shown, trouble.line, "", trouble.message) for trouble in troubles]
    misfits, plain = survey(tree, Document) if tree is not None else ([], None)
    spoilt = set()
    for misfit in misfits:
        # Faults are told by their place in the question: the line says which question.
        inside = _IN_QUESTION.match(misfit.path)
        if inside:
            spoilt.add(int(inside[1]))
        path = misfit.path[inside.end() :] if inside else misfit.path
        faults.append(Fault(shown, misfit.line, path, misfit.message))
    questions: list[Question] = []
    lines: list[dict[str, int]] = []
    pool = (plain or {}).get("pool") or ""
    for index, content in enumerate((plain or {}).get("questions") or ()):
        if tree is None or index in spoilt:
            continue
        question = msgspec.convert(content, Question)
        where = dict(places(tree.value["questions"].value[index]))
        broken = list(_broken_rules(question))
        faults += [Fault(shown, where.get(path, where[""]), path, told) for path, told in broken]
        if not broken:
            questions.append(question)
            lines.append(where)
    file = BankFile(
        name=name,
        shown=shown,
        pool=pool,
        questions=tuple(questions),
        lines=tuple(lines),
        content=data,
    )
    return file, sorted(faults)


def _broken_rules(question: Question) -> Iterator[tuple[str, str]]:
    """What the classes cannot say: which fields go with which type, and how many are correct."""
    if question.type == "true-false":
        if question.choices:
            yield "choices", "a true-false question has none; say `answer: true` or `false`"
        if question.answer is None:
            yield "", "a true-false question needs `answer: true` or `answer: false`"
        return
    if question.answer is not None:
        yield "answer", f"belongs to true-false only; a {question.type} question marks its choices"
    if not question.choices:
        yield "", "choices is missing"
        return
    correct = sum(choice.correct for choice in question.choices)
    if question.type == "single" and correct != 1:
        yield "choices", f"exactly one choice must be correct (found {correct})"
    if question.type == "multiple" and correct < 2:
        yield "choices", f"at least two choices must be correct (found {correct})"
    if question.type == "multiple" and correct == len(question.choices):
        yield "choices", "at least one choice must be wrong (found none)"
