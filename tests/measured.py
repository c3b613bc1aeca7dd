"""Figures that tests measure and `make test` prints, beside what they assert of them."""

from dataclasses import dataclass, field

import pytest


@dataclass
class Measured:
    """Called with a name and a figure in words; a later figure of the same name takes its place."""

    lines: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: str, figure: object) -> None:
        self.lines[name] = str(figure)

    def table(self) -> list[str]:
        width = max(map(len, self.lines), default=0)
        return [f"{name:<{width}}  {figure}" for name, figure in self.lines.items()]


FIGURES = pytest.StashKey[Measured]()
