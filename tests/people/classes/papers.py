"""PDFs as a reader sees them, for tests."""

import io
import re
from collections.abc import Sequence

import httpx
from pypdf import PdfReader

from contest.people.classes.cards import Card


def pages(answer: httpx.Response) -> list[str]:
    """The text of each page with single spaces."""
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    return [" ".join(each.extract_text().split()) for each in reader.pages]


def fonts(content: bytes) -> set[str]:
    """The fonts of the first page, by their names without the subset's letters."""
    found = PdfReader(io.BytesIO(content)).pages[0]["/Resources"]["/Font"].values()
    return {str(each.get_object()["/BaseFont"]).rpartition("+")[2] for each in found}


def drawn_modules(svg: str) -> list[list[int]]:
    """
    The dark and light modules of a QR code that segno drew as SVG, its quiet zone left out.

    The drawing is one path of strokes, a unit high: moves ("M", "m") and runs to the right ("h").
    """
    size = int(re.search(r'width="(\d+)"', svg)[1])  # type: ignore[index]
    path = re.search(r' d="([^"]+)"', svg)[1]  # type: ignore[index]
    rows = [[0] * size for _ in range(size)]
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        values = [float(each) for each in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "h":
            for at in range(int(values[0])):
                rows[int(y)][int(x) + at] = 1
            x += values[0]
        elif command == "M":
            x, y = values
        else:
            x, y = x + values[0], y + values[1]
    quiet = 2
    return [row[quiet:-quiet] for row in rows[quiet:-quiet]]


def typed(cards: Sequence[Card]) -> list[str]:
    """Own letters as a card shows them."""
    return [f"{each.letters[:4]}-{each.letters[4:]}" for each in cards]
