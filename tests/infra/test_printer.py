"""Papers: one at a time, nothing kept of them, nothing from outside."""

import io
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import normalize

import pytest
import typst
from pypdf import PdfReader

from contest import paths
from contest.infra.printer import Printer

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FOLDER = paths.TEMPLATES / "print"
WORDS = "#set page(height: 2cm)\n#json(bytes(sys.inputs.data)).words.join(pagebreak())\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "words.typ").write_text(WORDS)
    (tmp_path / "empty.typ").write_text("")
    (tmp_path / "fonts").mkdir()
    return tmp_path


def words(content: bytes) -> list[str]:
    return [page.extract_text().strip() for page in PdfReader(io.BytesIO(content)).pages]


def test_what_is_given_is_text_and_never_code(folder: Path):
    given = ['#eval("1+1")', "#import", "$x$", '"', "\\", "[a]", "Ưỡ"]

    assert words(Printer(folder).pdf("words.typ", {"words": given}, made_at=NOW)) == given


def test_many_at_once_get_each_their_own(folder: Path):
    printer = Printer(folder)

    def print_one(number: int) -> list[str]:
        return words(printer.pdf("words.typ", {"words": [f"so {number}"]}, made_at=NOW))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(print_one, range(40))) == [[f"so {number}"] for number in range(40)]


def test_half_a_letter_does_not_stop_the_paper(folder: Path):
    content = Printer(folder).pdf("words.typ", {"words": ["a\ud83db"]}, made_at=NOW)

    assert words(content) == ["a?b"]


def test_a_template_reads_nothing_outside_its_folder(folder: Path):
    outside = folder.parent / "outside.txt"
    outside.write_text("secret")
    (folder / "bad.typ").write_text('#read("../outside.txt")')

    with pytest.raises(typst.TypstError):
        Printer(folder).pdf("bad.typ", {}, made_at=NOW)


def test_our_templates_ask_for_no_package_from_the_network():
    for file in FOLDER.glob("*.typ"):
        assert "@preview" not in file.read_text(encoding="utf-8")
        assert "@local" not in file.read_text(encoding="utf-8")


def test_the_fonts_of_our_papers_have_every_vietnamese_letter(tmp_path: Path):
    letters, tones = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", ("", *"\u0300\u0301\u0303\u0309\u0323")
    every = [normalize("NFC", each + tone) for each in letters for tone in tones]
    text = "".join([*every, "đĐ₫"])
    folder = tmp_path / "print"
    shutil.copytree(FOLDER, folder)
    (folder / "letters.typ").write_text(
        '#import "look.typ": *\n'
        '#set text(font: "Be Vietnam Pro", fallback: false, size: 8pt)\n'
        "#for weight in (400, 600, 700) { text(weight: weight, data.text); parbreak() }"
    )

    found = words(Printer(folder).pdf("letters.typ", {"text": text}, made_at=NOW))

    assert "".join("".join(found).split()) == text * 3
