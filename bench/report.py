"""The table on the screen and in docs/bench.md."""

import os
import platform
import statistics
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from contest.infra.clock import HANOI

DOCUMENT: Final = Path(__file__).resolve().parents[1] / "docs" / "bench.md"


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """The runs of one side of a comparison."""

    name: str
    values: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def text(self, unit: str) -> str:
        least, most = number(min(self.values)), number(max(self.values))
        return f"{number(self.median)} {unit} ({least}–{most})"


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """`ours` against `baseline`; the ratio of the medians and, where there is one, its bound."""

    what: str
    unit: str
    ours: Series
    baseline: Series
    at_least: float | None = None
    at_most: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours.median / self.baseline.median

    @property
    def is_kept(self) -> bool:
        above = self.at_least is None or self.ratio >= self.at_least
        return above and (self.at_most is None or self.ratio <= self.at_most)

    @property
    def bound(self) -> str:
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return f"at most {self.at_most:g}" if self.at_most is not None else "none"

    @property
    def verdict(self) -> str:
        if self.bound == "none":
            return "shown only"
        return "kept" if self.is_kept else "MISSED"


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that is the same in every run, such as a size."""

    what: str
    value: str
    limit: str = ""


def number(value: float) -> str:
    """Three figures that matter: 3,140 · 31.4 · 3.14."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(comparisons: Sequence[Comparison], facts: Sequence[Fact]) -> str:
    """Markdown that also reads well on a terminal."""
    rows = [
        [
            each.what,
            f"{each.ours.name}: {each.ours.text(each.unit)}",
            f"{each.baseline.name}: {each.baseline.text(each.unit)}",
            f"{each.ratio:.2f}",
            each.bound,
            each.verdict,
        ]
        for each in comparisons
    ]
    text = _rows(["figure", "ours", "baseline", "ratio", "bound", "verdict"], rows)
    if facts:
        text += "\n" + _rows(
            ["figure", "value", "limit"], [[each.what, each.value, each.limit] for each in facts]
        )
    return text


def _rows(head: list[str], rows: list[list[str]]) -> str:
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |\n"
        for line in lines
    )


def write_document(text: str, how: str, now: datetime) -> None:
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(
        f"""# Benchmarks

Written by `make bench` on {now.astimezone(HANOI):%d %b %Y}; do not edit.

{machine()}
The load came from the same machine: {how}

{text}
## How it is measured

- Each figure is the median of runs that alternate with those of its baseline, with the smallest and
  the largest in brackets; the ratio is that of the two medians. Compare ratios, not machines.
- **Autosave**: people at keep-alive connections save one answer after the other through the real
  server, signed in, with a CSRF token, each as soon as the last one is acknowledged; an
  acknowledgement means that the answer is on the disk (`make faults` proves it).
- **Slow disk**: a preloaded library makes every disk sync of the process 3 ms longer
  (`tests/faults/sync_shim.c`). The baseline is the same site whose writer gives each command a
  commit of its own (`bench/one_commit.py`).
- **Bare route**: `bench/bare.py`, one Litestar route with the same group commit and neither
  session, CSRF, rights, rules nor template.
- **Sign-ins**: the same load while 20 people sign in at once (argon2id, 19 MiB, two passes), each
  again as soon as they are in, during the whole run.
- **Start**: from the command to the first ready answer, on a data folder of an earlier start with
  the demo's data; the baseline imports the libraries and nothing else.
- **A million**: two synthetic rounds of 1,000,000 and 10,000 attempts with ten answers each
  (`contest bench load`), settled and published. Pages are asked for one after the other by 40
  signed-in people from all over the board, in turn at both sites; a value is the median of a run.
- **Exact rank**: place and number of those who share it, 300 people a run, against 300 look-ups of
  an attempt by its unique code through the same connection.
- **Settlement**: from the start of its process to the last line written, against one statement in
  which SQLite itself computes every place from the same facts (newest counted answers, the keys of
  each paper, predictions, one window) into a table in a file of its own; both must agree in every
  place, or the bench stops. Memory is the peak of the process, as the kernel tells it.
- **Quiz page**: the page with all styles, scripts, pictures and fonts that it names, compressed as
  they are served.
""",
        encoding="utf-8",
    )


def machine() -> str:
    """In general words: a name of the machine would say less."""
    cores = os.cpu_count() or 1
    python = ".".join(platform.python_version_tuple()[:2])
    return f"{cores} cores, {platform.system()}, Python {python}, SQLite in WAL with full sync."
