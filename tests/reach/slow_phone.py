"""A cheap phone far from the mast: DevTools' "Slow 3G" with a processor four times slower."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from tests.browser import PHONE

KBIT_S, LATENCY_MS, CPU_SLOWER = 400, 400, 4

_WATCH = Path(__file__).with_name("first-question.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class FirstQuestion:
    """Seconds since the press: the question is on the screen; it can be answered and saves."""

    seen: float
    answerable: float
    requests: int
    kilobytes: float


class SlowPhone:
    def __init__(self, browser: Browser, url: str, session: str) -> None:
        self._context: BrowserContext = browser.new_context(base_url=url, locale="vi-VN", **PHONE)
        self._context.set_default_timeout(60_000)
        self._context.add_cookies([{"name": "sc_session", "value": session, "url": url}])
        self._context.add_init_script(_WATCH)
        self.page: Page = self._context.new_page()
        self._tools: CDPSession = self._context.new_cdp_session(self.page)
        self._tools.send("Network.enable")

    def slow_down(self) -> None:
        """From now on everything is slow, and nothing is kept from before."""
        self._tools.send("Network.clearBrowserCache")
        per_second = KBIT_S * 1024 // 8
        self._tools.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": per_second,
                "uploadThroughput": per_second,
            },
        )
        self._tools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})

    def open(self, address: str) -> float:
        """Seconds until a page is there with all it needs."""
        self.page.goto(address)
        return float(self.page.evaluate("performance.now()")) / 1000

    def start_paper(self, button: str) -> FirstQuestion:
        """Presses the button of the round's page; waits for the first question."""
        self.page.locator(button).click(no_wait_after=True)
        self.page.wait_for_url("**/bai/**", wait_until="commit")
        self.page.locator(".quiz.js-steps .step.is-current .choice").first.wait_for()
        while (ready := self.page.evaluate("globalThis.reachReady")) is None:
            self.page.wait_for_timeout(20)
        requests, octets = self.page.evaluate("globalThis.reachWeight()")
        return FirstQuestion(
            ready["seen"] / 1000, ready["answerable"] / 1000, requests, octets / 1000
        )

    def close(self) -> None:
        self._context.close()
