"""In English no page speaks Vietnamese, but for names and what people wrote themselves."""

import contextlib
import json
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from contest import paths
from contest.people.names import public_name
from tests.measured import Measured
from tests.reach.conftest import Crawled
from tests.reach.looking import told
from tests.reach.markup import SEARCHED, Markup, Said
from tests.reach.places import Place
from tests.reach.sites import PASTED

pytestmark = pytest.mark.journey

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def english(crawled_demo: Crawled, crawled_empty: Crawled) -> list[tuple[Place, Markup]]:
    """All pages once more, as people who chose English."""
    return [
        (place, Markup(place.html))
        for crawled in (crawled_demo, crawled_empty)
        for place in crawled.reached.explore("en").places
    ]


def test_english_pages_say_that_they_are_english(english: list[tuple[Place, Markup]]) -> None:
    assert [place.name for place, markup in english if markup.lang != "en"] == []


@pytest.fixture(scope="module")
def data(
    english: list[tuple[Place, Markup]], crawled_demo: Crawled, crawled_empty: Crawled
) -> "Data":
    """Read after the English walk: it may leave something behind as well."""
    sites = (crawled_demo, crawled_empty)
    folders = [each.reached.running.application.settings.data_dir for each in sites]
    return Data([folder / "contest.db" for folder in folders])


def test_no_vietnamese_text_of_the_site_is_left(
    english: list[tuple[Place, Markup]], data: "Data", measured: Measured
) -> None:
    texts = vietnamese_texts() - data.texts
    faults = _spoken(english, lambda said: said.lang != "vi" and said.text in texts)
    measured("English pages", f"{len(english)}, Vietnamese texts on them: {len(faults)}")

    assert not faults, told(faults)


def test_vietnamese_on_english_pages_is_what_people_wrote(
    english: list[tuple[Place, Markup]], data: "Data"
) -> None:
    """Names, reasons, letters: all of it stands in the database. The rest is marked lang="vi"."""
    faults = _spoken(
        english, lambda said: said.lang != "vi" and is_vietnamese(data.taken_out_of(said.text))
    )

    assert not faults, told(faults)


def test_the_words_of_the_check_are_found(crawled_demo: Crawled) -> None:
    """It can find what it looks for: the same pages in Vietnamese are full of it."""
    texts = vietnamese_texts()
    home = next(each for each in crawled_demo.found.places if each.address == "/")

    assert sum(said.text in texts for said in Markup(home.html).said) > 10


def vietnamese_texts() -> set[str]:
    """Message ids that differ from their English; those with a hole in them are left out."""
    texts = {text for ids, said in _catalogue() for text in ids if text not in said}
    return {text for text in texts if text and not _PLACEHOLDER.search(text)}


def english_texts() -> set[str]:
    return {text for _, said in _catalogue() for text in said}


def _catalogue() -> Iterator[tuple[list[str], list[str]]]:
    """Of each message the Vietnamese and the English, both with single blanks."""
    with (paths.LOCALE / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file, locale="en"):
            texts = [
                [each] if isinstance(each, str) else list(each)
                for each in (message.id, message.string)
            ]
            ids, said = ([" ".join(each.split()) for each in some] for some in texts)
            yield ids, said


def is_vietnamese(text: str) -> bool:
    """Some letter carries a mark that English does not know."""
    return any(
        letter in "đĐ" or unicodedata.combining(unicodedata.normalize("NFD", letter)[-1])
        for letter in text
    )


class Data:
    """
    What is Vietnamese for everybody: what the database holds, short forms of names, what the walk
    itself typed, and what the English translation says in Vietnamese (an example, a name).
    """

    def __init__(self, files: Iterable[Path]) -> None:
        self.texts = {SEARCHED, *PASTED.split("\t"), *PASTED.split()}
        self.texts |= {part for said in english_texts() for part in _PLACEHOLDER.split(said)}
        self._given: set[str] = set()
        for file in files:
            with contextlib.closing(sqlite3.connect(file)) as connection:
                self.texts |= {line for value in _held(connection) for line in value.splitlines()}
                for (name,) in connection.execute("select full_name from accounts"):
                    self.texts.add(public_name(name))
                    self._given.add(name.split()[-1])
        self.texts = {" ".join(each.split()) for each in self.texts if is_vietnamese(each)}
        self._longest_first = sorted(self.texts, key=len, reverse=True)

    def taken_out_of(self, text: str) -> str:
        """What remains of a text without its data."""
        if not is_vietnamese(text) or text in self._given:
            return ""
        for each in self._longest_first:
            if each in text:
                text = text.replace(each, "")
                if not is_vietnamese(text):
                    return ""
        # Long words of somebody, shortened in a list, perhaps behind words of the site.
        parts = [each for each in re.split(r"(?::| ·) ", text) if is_vietnamese(each)]
        is_known = self._is_part(text) or all(self._is_part(each) for each in parts)
        return "" if is_known else text

    def _is_part(self, text: str) -> bool:
        begun = text.strip(" :…").removesuffix("...")
        return len(begun) > 20 and any(begun in each for each in self._longest_first)


def _held(connection: sqlite3.Connection) -> Iterator[str]:
    """Every text of the database; of what is kept in both languages the English."""
    tables = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
    for (table,) in tables:
        for row in connection.execute(f'select * from "{table}"'):
            for value in row:
                if isinstance(value, str) and not value.isascii():
                    yield from _english_of(json.loads(value)) if value[0] in "{[" else (value,)


def _english_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _english_of(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key != "vi" or "en" not in value:
                yield from _english_of(each)


def _spoken(pages: Iterable[tuple[Place, Markup]], is_fault: Callable[[Said], bool]) -> list[str]:
    found: dict[str, str] = {}
    for place, markup in pages:
        for said in markup.said:
            if is_fault(said):
                found.setdefault(f"{said.text[:120]} [{said.where[-60:]}]", place.name)
    return [f"{text}: {name}" for text, name in found.items()]
