"""The facts questions stand on, read out of `questions/facts.md`: two Markdown tables."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from contest.bank.wording import plain_words

Standing = Literal["seen", "own", "verify"]

_FACTS_HEAD = ("#", "domain", "statement", "source", "how sure")
_RETIRED_HEAD = ("law", "how it is cited", "replaced by", "since")
# Words that come and go in the name of a law without making it another one.
_FILLERS = frozenset({"nam", "so", "no", "of", "the", "on"})


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """`reservation` is what is still to check about a fact that may be used, or ""."""

    number: int
    domain: str
    statement: str
    source: str
    standing: Standing
    reservation: str


class RetiredLaw(msgspec.Struct, frozen=True, kw_only=True):
    """A law no longer in force; `forms` are the ways it is cited, as plain words."""

    law: str
    forms: tuple[tuple[str, ...], ...]
    replaced_by: str
    since: str


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    rows: dict[int, Fact]
    retired: tuple[RetiredLaw, ...]

    def retired_in(self, text: str) -> RetiredLaw | None:
        """The first law no longer in force that a text names."""
        words = _law_words(text)
        for law in self.retired:
            for form in law.forms:
                width = len(form)
                if any(words[at : at + width] == form for at in range(len(words) - width + 1)):
                    return law
        return None


def read_facts(path: Path) -> Facts:
    """The facts of a file. Raises ValueError, with the line, where a table is not as expected:
    a fact silently passed over would let a doubtful key through."""
    return parse_facts(path.read_text(encoding="utf-8"))


def parse_facts(text: str) -> Facts:
    rows: dict[int, Fact] = {}
    for line, cells in _table(text, _FACTS_HEAD):
        number, domain, statement, source, sure = cells
        standing, _, reservation = sure.partition(";")
        standing = re.split("[ ,:]", standing)[0]
        if not number.isdecimal() or int(number) in rows:
            raise ValueError(f"line {line}: {number!r} is no new row number")
        if standing not in ("seen", "own", "verify"):
            raise ValueError(f"line {line}: must begin with seen, own or verify: {sure!r}")
        rows[int(number)] = Fact(
            number=int(number),
            domain=domain,
            statement=statement,
            source=source,
            standing=msgspec.convert(standing, Standing),
            reservation=reservation.strip(),
        )
    retired = tuple(
        RetiredLaw(
            law=law,
            forms=tuple(_law_words(form) for form in forms.split(";")),
            replaced_by=replaced_by,
            since=since,
        )
        for _, (law, forms, replaced_by, since) in _table(text, _RETIRED_HEAD)
    )
    if not rows or not retired:
        raise ValueError("the table of facts or that of laws no longer in force is missing")
    return Facts(rows=rows, retired=retired)


def _table(text: str, head: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows, with their lines, of the Markdown table that has this head."""
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        if not line.startswith("|"):
            inside = False
        elif cells == head:
            inside = True
        elif inside and not re.fullmatch(r"[|:\- ]+", line):
            if len(cells) != len(head):
                raise ValueError(f"line {number}: {len(cells)} cells instead of {len(head)}")
            yield number, cells


def _law_words(text: str) -> tuple[str, ...]:
    return tuple(word for word in plain_words(text) if word not in _FILLERS)
