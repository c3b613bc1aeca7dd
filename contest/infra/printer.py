"""Papers to print: a Typst template and what stands in it → a PDF with its fonts inside."""

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import typst

P = ParamSpec("P")

# Typst keeps what it laid out until so many papers later (half a megabyte a page).
_PAPERS_REMEMBERED = 12
_EMPTY = "empty.typ"


class Printer:
    """
    Compiles the templates of `folder`, one paper at a time: the processors belong to the quiz.
    Handlers wait with `in_turn`, which holds no thread that other pages need; Typst lets go of the
    interpreter while it works.

    Fonts are read once and a compiler is kept for each template. Nothing comes from the network or
    from the machine's own fonts, so a paper looks alike everywhere.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fonts: typst.Fonts | None = None
        self._compilers: dict[str, typst.Compiler] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")
        self._one_at_a_time = threading.Lock()

    async def in_turn(
        self, make: Callable[Concatenate["Printer", P], bytes], *args: P.args, **kwargs: P.kwargs
    ) -> bytes:
        """`make(printer, …)` in the printer's own thread, after those who came before."""
        future = self._thread.submit(make, self, *args, **kwargs)
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        self._thread.shutdown(wait=False)

    def pdf(self, template: str, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
        """
        `template`: a file of the folder, e.g. "cards.typ". `data` goes in as JSON and is only ever
        text there: nothing a person wrote becomes markup or code. The same data and `made_at` make
        the same PDF.
        """
        # Escaped to ASCII: half of a letter (a lone surrogate) would not go into Typst at all.
        text = json.dumps(_whole_letters(data))
        with self._one_at_a_time:
            made = self._compiler(template).compile(
                format="pdf", sys_inputs={"data": text}, timestamp=int(made_at.timestamp())
            )
            self._forget()
        assert isinstance(made, bytes)
        return made

    def _forget(self) -> None:
        """
        No paper is printed twice, and the names on it need not stay in memory: empty papers push
        it out. Without this, four files of 200 pages held half a gigabyte.
        """
        for _ in range(_PAPERS_REMEMBERED):
            self._compiler(_EMPTY).compile(format="pdf")

    def _compiler(self, template: str) -> typst.Compiler:
        if self._fonts is None:
            self._fonts = typst.Fonts(
                include_system_fonts=False,
                # Behind our own, for a letter that it lacks.
                include_embedded_fonts=True,
                font_paths=[str(self._folder / "fonts")],
            )
        found = self._compilers.get(template)
        if found is None:
            found = typst.Compiler(
                str(self._folder / template),
                root=str(self._folder),
                font_paths=self._fonts,
                sys_inputs={"data": "{}"},
            )
            self._compilers[template] = found
        return found


def _whole_letters(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {key: _whole_letters(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_whole_letters(each) for each in value]
    return value
