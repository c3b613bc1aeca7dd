"""What a blind resident hears in the quiz is written down, was read by people, and stays so."""

import difflib
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.measured import Measured
from tests.reach.transcript import LANGUAGES, file_of, quiz_site, transcript

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_quiz_sounds_as_it_is_written_down(
    browser: Browser, seed: Path, tmp_path: Path, measured: Measured, lang: str
) -> None:
    with quiz_site(seed, tmp_path) as site:
        heard = transcript(browser, site, lang)
    kept = file_of(lang).read_text(encoding="utf-8")
    measured(f"transcript of the quiz ({lang})", f"{len(heard.splitlines())} lines")

    difference = difflib.unified_diff(
        kept.splitlines(), heard.splitlines(), "written down", "heard now", lineterm="", n=2
    )
    assert heard == kept, (
        "\n".join(difference)
        + "\n\nIf that is better, write it down: .venv/bin/python -m tests.reach.transcript"
    )
