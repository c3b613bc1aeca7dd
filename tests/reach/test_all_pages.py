"""Axe, zoom, spacing, targets and motion: on every page, as everybody who may see it."""

from collections import Counter
from collections.abc import Iterable

import pytest
from playwright.sync_api import Browser

from tests.browser import desktop
from tests.measured import Measured
from tests.reach.conftest import Crawled
from tests.reach.looking import Look, inject, run_axe, told

pytestmark = pytest.mark.journey

# What answers but is no page: for machines, parts that a script swaps in, files of the site.
NO_PAGES = {
    "/dieu-hanh/so-lieu",
    "/don-vi/tim",
    "/giay-dong-y/{paper:str}",
    "/healthz",
    "/metrics",
    "/ngon-ngu/{lang:str}",
    "/readyz",
    "/static/{version:str}/{name:path}",
}
GRAVE = ("critical", "serious")


def test_every_route_was_met(crawled_demo: Crawled) -> None:
    """A page that no link leads to: link to it, or name it in sites.py."""
    met = {
        route
        for route, answers in crawled_demo.found.answers.items()
        if any(answer.startswith(("200", "3")) for answer in answers)
    }

    assert set(crawled_demo.found.answers) - met - NO_PAGES == set()


def test_no_page_breaks(crawled_demo: Crawled, crawled_empty: Crawled) -> None:
    places = [*crawled_demo.found.places, *crawled_empty.found.places]

    faults = [each.name for each in places if each.status >= 500]
    assert not faults, told(faults)


def test_a_form_that_asks_for_something_says_what_is_missing(
    crawled_demo: Crawled, crawled_empty: Crawled
) -> None:
    faults = [*crawled_demo.found.taken_empty, *crawled_empty.found.taken_empty]
    assert not faults, told(faults)


def test_axe_finds_nothing_grave(looks: list[Look], measured: Measured) -> None:
    found = [
        (violation, f"{look.place.name} [{state}]: {violation['id']}: {violation['nodes'][0]}")
        for look in looks
        for state, violations in look.axe.items()
        for violation in violations
    ]
    by_impact = Counter(str(violation["impact"]) for violation, _ in found)
    rules = sorted({violation["id"] for violation, _ in found})
    shown = ", ".join(f"{name} {by_impact[name]}" for name in (*GRAVE, "moderate", "minor"))
    measured("violations", f"{shown} {' '.join(rules)}".rstrip())
    for violation, words in found:
        if violation["impact"] not in GRAVE:
            print("not grave:", words)

    faults = [words for violation, words in found if violation["impact"] in GRAVE]
    assert not faults, told(faults)


def test_nothing_scrolls_sideways_when_zoomed(looks: list[Look], measured: Measured) -> None:
    faults = _faults(
        (look, f"{zoom}: {', '.join(wide)}")
        for look in looks
        for zoom, wide in look.zoom.items()
        if wide
    )
    measured("sideways scroll at 200 % and 400 %", f"{len(faults)} pages of {len(looks)}")

    assert not faults, told(faults)


def test_wider_spacing_hides_no_words(looks: list[Look], measured: Measured) -> None:
    faults = _faults((look, each) for look in looks for each in look.spacing)
    measured("words lost to wider spacing (1.4.12)", f"{len(faults)} in {len(looks)} pages")

    assert not faults, told(faults)


def test_what_is_pressed_most_is_44_pixels_high(looks: list[Look]) -> None:
    faults = _faults((look, each) for look in looks for each in look.targets)

    assert not faults, told(faults)


def test_who_asks_for_no_motion_gets_none(looks: list[Look], measured: Measured) -> None:
    faults = _faults((look, each) for look in looks for each in look.motion)
    measured("motion under prefers-reduced-motion", f"{len(faults)} in {len(looks)} pages")

    assert not faults, told(faults)


def test_the_harness_finds_planted_faults(browser: Browser, crawled_demo: Crawled) -> None:
    with desktop(browser, crawled_demo.url, reduced_motion="reduce") as (context, _):
        page = context.new_page()
        page.goto("/dang-nhap")
        inject(page)
        assert [each for each in run_axe(page) if each["impact"] in GRAVE] == []
        page.evaluate("""() => {
            const main = document.querySelector("main .card");
            const picture = document.createElement("img");
            picture.src = "/static/x.png";
            const pale = document.createElement("p");
            pale.textContent = "Chữ quá nhạt";
            pale.style.color = "#ddd";
            pale.style.transition = "color 1s";
            const wide = document.createElement("p");
            wide.textContent = "Quá rộng";
            wide.style.inlineSize = "2000px";
            const low = document.createElement("div");
            low.textContent = "Hai dòng chữ trong một hộp thấp";
            low.style.cssText = "overflow: hidden; block-size: 8px; inline-size: 60px";
            const small = document.createElement("button");
            small.className = "button";
            small.textContent = "Nhỏ";
            small.style.cssText = "min-block-size: 20px; block-size: 20px; padding: 0";
            main.append(picture, pale, wide, low, small);
        }""")

        assert {"image-alt", "color-contrast"} <= {each["id"] for each in run_axe(page)}
        assert page.evaluate("reach.sideways()")
        assert any("Quá" not in each for each in page.evaluate("reach.clipped()"))
        assert page.evaluate("reach.smallTargets()")
        assert page.evaluate("reach.moving()")
        page.emulate_media(media="print")
        assert any("pale" in each for each in page.evaluate("reach.printed()"))


def _faults(found: Iterable[tuple[Look, str]]) -> list[str]:
    return sorted({f"{look.place.name}: {words}" for look, words in found})
