"""The quiz as a screen reader meets it, from the round's page to the receipt, in words.

    .venv/bin/python -m tests.reach.transcript     writes docs/accessibility/quiz-transcript.*.txt

Everything is pressed with the keyboard. The person, the clock and the drawn paper are always the
same; what still changes (time left, codes) is replaced by a mark.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, expect

from contest.cli import serve
from contest.infra.chance import SeededChance
from tests.browser import open_browser, phone
from tests.clock import MovableClock
from tests.demo import NOW, demo_settings
from tests.reach.sites import make_person, sign_in
from tests.reach.tree import LISTEN, Reader
from tests.server import RunningSite, running

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "accessibility"
LANGUAGES: Final = ("vi", "en")
PERSON: Final = "Nguyễn Thị Hoài"
_VOLATILE: Final = (
    # The time left: alone on its line.
    (re.compile(r"^( *)(?:0\d:\d\d|10:00)$", re.MULTILINE), r"\1MM:SS"),
    (re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b"), "XXXX-XXXX-XXXX"),
    (re.compile(r"\b(?=[0-9A-Z]*\d)[0-9A-Z]{8}\b"), "XXXXXXXX"),
    # The time used, to the thousandth.
    (re.compile(r"\b\d:\d\d[.,]\d{3}\b"), "M:SS,mmm"),
)


def file_of(lang: str) -> Path:
    return FOLDER / f"quiz-transcript.{lang}.txt"


def transcript(browser: Browser, site: RunningSite, lang: str) -> str:
    """One person's whole way. The site must be one on which nobody did anything before."""
    account_id = site.application.database.write(
        make_person, name=PERSON, grants=[], now=site.application.clock()
    )
    with phone(browser, site.url, reduced_motion="reduce") as (context, watch):
        context.add_init_script(LISTEN)
        for name, value in (("sc_session", sign_in(site, account_id)), ("sc_lang", lang)):
            context.add_cookies([{"name": name, "value": value, "url": site.url}])
        lines = list(_way(context.new_page()))
        watch.assert_quiet(expected_statuses=frozenset({422}))
    text = "\n".join([*_HEAD, *lines]) + "\n"
    for pattern, mark in _VOLATILE:
        text = pattern.sub(mark, text)
    return text


_HEAD: Final = (
    "What a screen reader meets in the quiz, from top to bottom: role, name, state.",
    "Lines with = tell what the person does; lines with > what is said by itself.",
    "Made by `.venv/bin/python -m tests.reach.transcript`; see README.md beside it.",
)


def _way(page: Page) -> Iterator[str]:
    page.goto("/thi/tuan-2")
    reader = Reader(page)
    yield from _told("opens the round's page", reader.whole())
    _press(page, "main form button[type=submit]")
    page.locator(".quiz.js-steps").wait_for()
    yield from _told("presses the button; the paper opens", reader.whole())
    yield from _told("is taken by the focus to", reader.focused()[:1])
    yield from _said(reader)
    for number in range(1, 11):
        step = page.locator(".step.is-current")
        step.locator(".choice input").first.focus()
        page.keyboard.press("Space")
        expect(page.locator("[data-save-state][data-state=saved]")).to_be_attached()
        if number <= 2:
            yield from _told("chooses the first answer with the space bar", reader.focused())
            yield from _said(reader)
        _press(page, "[data-go=next]")
        if number <= 2 or number == 10:
            yield from _told(
                "presses “next”; the focus goes to" if number < 10 else "… and so on, until",
                reader.focused(),
            )
        reader.said()
    page.locator("#f-prediction").focus()
    page.keyboard.type("khoảng trăm")
    expect(page.locator("#f-prediction-error")).to_be_visible()
    yield from _told("types words where a number is asked for", reader.focused())
    yield from _said(reader)
    page.locator("#f-prediction").fill("1234")
    expect(page.locator("[data-understood] b")).to_be_visible()
    yield from _told("types 1234 instead", reader.focused())
    yield from _said(reader)
    _press(page, "[data-go=next]")
    yield from _told("presses “next”; the focus goes to", reader.focused())
    buttons = [each for each in reader.under("form") if "button" in each]
    yield from _told("finds these buttons below", buttons)
    _press(page, "[data-submit]")
    page.wait_for_url("**/bien-nhan")
    yield from _told("hands in; the receipt opens", [reader.whole()[0], *reader.under("main")])


def _press(page: Page, selector: str) -> None:
    page.locator(selector).first.focus()
    page.keyboard.press("Enter")


def _told(deed: str, lines: list[str]) -> Iterator[str]:
    yield ""
    yield f"= {deed}"
    yield from lines


def _said(reader: Reader) -> Iterator[str]:
    for each in reader.said():
        yield f"> {each}"


@contextmanager
def quiz_site(seed: Path, folder: Path) -> Iterator[RunningSite]:
    """The demo, where chance draws the same paper each time."""
    shutil.copytree(seed, folder, dirs_exist_ok=True)
    chance = SeededChance("transcript")
    with running(demo_settings(folder), clock=MovableClock(NOW), chance=chance) as site:
        yield site


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary, open_browser() as browser:
        seed = Path(temporary) / "seed"
        seed.mkdir()
        serve.prepare(demo_settings(seed), lambda: NOW)
        FOLDER.mkdir(parents=True, exist_ok=True)
        for lang in LANGUAGES:
            with quiz_site(seed, Path(temporary) / lang) as site:
                file_of(lang).write_text(transcript(browser, site, lang), encoding="utf-8")
            print(f"written: {file_of(lang).relative_to(FOLDER.parents[1])}")


if __name__ == "__main__":
    main()
