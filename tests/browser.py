"""A real browser for the journeys: Debian's Chromium, driven by Playwright, watched for complaints.

    missing = why_missing()          # a sentence for pytest.skip, or None
    with open_browser() as browser:
        with phone(browser, site) as (context, watch):
            page = context.new_page()
            page.goto("/")
            watch.assert_quiet()

Nothing is downloaded: Playwright brings its driver, the system its Chromium.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Request,
    Response,
    WebError,
    sync_playwright,
)

PROGRAMS: Final = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Small shared memory is the rule in containers; a temporary file does as well.
    "--disable-dev-shm-usage",
)
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 900}}

POLICY_MARK: Final = "policy violation:"
# Runs before the page's own scripts, outside the reach of its content security policy.
LISTEN_FOR_VIOLATIONS: Final = f"""
document.addEventListener("securitypolicyviolation", (event) => console.error(
  "{POLICY_MARK}", event.effectiveDirective, event.blockedURI,
  event.sourceFile || "", String(event.lineNumber || "")));
"""


@dataclass
class Watch:
    """What the pages of one context complained about."""

    site: str
    console: list[str] = field(default_factory=list)
    """Errors in scripts, thrown or printed."""
    policy: list[str] = field(default_factory=list)
    """What the content security policy refused."""
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Answers of 400 and above: (status, "METHOD path")."""
    foreign: list[str] = field(default_factory=list)
    """Addresses asked for beyond the site itself."""

    def attach(self, context: BrowserContext) -> None:
        context.add_init_script(LISTEN_FOR_VIOLATIONS)
        context.on("console", self._heard)
        context.on("weberror", self._thrown)
        context.on("response", self._answered)
        context.on("request", self._asked)

    def assert_quiet(self, *, expected_statuses: frozenset[int] = frozenset()) -> None:
        """Fail unless nothing was complained of but answers with the expected statuses."""
        complaints = [
            *self.console,
            *self.policy,
            *(f"asked elsewhere: {url}" for url in self.foreign),
            *(
                f"{status} {what}"
                for status, what in self.refused
                if status not in expected_statuses
            ),
        ]
        assert not complaints, "the browser complains:\n" + "\n".join(complaints)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        text = message.text
        if text.startswith(POLICY_MARK) or "Content Security Policy" in text:
            # Chromium's own words too: without JavaScript there is no listener.
            self.policy.append(text)
        elif not text.startswith("Failed to load resource"):  # is in `refused`, with its path
            self.console.append(text)

    def _thrown(self, problem: WebError) -> None:
        self.console.append(str(problem.error))

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            path = urlsplit(response.url).path
            self.refused.append((response.status, f"{response.request.method} {path}"))

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and (
            address.netloc != urlsplit(self.site).netloc
        ):
            self.foreign.append(request.url)


def find_program() -> str | None:
    for name in PROGRAMS:
        found = shutil.which(name)
        if found:
            return found
    return None


def why_missing() -> str | None:
    """None when a browser can be opened here, else a sentence that says what to install."""
    if find_program() is None:
        return "no Chromium is installed (Debian: apt-get install chromium)"
    node, _script = compute_driver_executable()
    try:
        asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    except OSError as problem:
        return f"Playwright's driver does not start: {problem}"
    if asked.returncode != 0:
        # Such as a missing libatomic.so.1 on a bare Debian.
        return f"Playwright's driver does not start: {asked.stderr.strip()}"
    return None


@contextlib.contextmanager
def open_browser() -> Iterator[Browser]:
    """One browser for many contexts; takes about half a second to start."""
    program = find_program()
    if program is None:
        raise FileNotFoundError(why_missing())
    flags = list(FLAGS)
    if os.geteuid() == 0:
        # Chromium refuses to run its sandbox as root.
        flags.append("--no-sandbox")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=flags)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def visitor(browser: Browser, site: str, **options: Any) -> Iterator[tuple[BrowserContext, Watch]]:
    """A person with a fresh profile; `options` are those of Playwright's `new_context`."""
    settings = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "base_url": site, **options}
    context = browser.new_context(**settings)
    context.set_default_timeout(10_000)
    watch = Watch(site)
    watch.attach(context)
    try:
        yield context, watch
    finally:
        context.close()


def phone(
    browser: Browser, site: str, **options: Any
) -> contextlib.AbstractContextManager[tuple[BrowserContext, Watch]]:
    """390 × 844 points at two pixels each, with touch."""
    return visitor(browser, site, **{**PHONE, **options})


def desktop(
    browser: Browser, site: str, **options: Any
) -> contextlib.AbstractContextManager[tuple[BrowserContext, Watch]]:
    """1280 × 900 pixels and a mouse."""
    return visitor(browser, site, **{**DESKTOP, **options})


def take_picture(context: BrowserContext, file: Path) -> None:
    """The whole of the newest page as a PNG, for people to look at."""
    file.parent.mkdir(parents=True, exist_ok=True)
    context.pages[-1].screenshot(path=file, full_page=True)
