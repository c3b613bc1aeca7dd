"""What a phone downloads to see the quiz, with nothing in its cache."""

import re
from posixpath import dirname, normpath
from typing import Final
from urllib.parse import urljoin, urlsplit

import msgspec

from tests.crowd import Runner
from tests.launcher import Site
from tests.load import Connection, connected, get

_IN_PAGE: Final = re.compile(rb'<(?:link|script|img)\b[^>]*?\b(?:href|src)="(/static/[^"]+)"')
_IN_STYLE: Final = re.compile(rb'url\(\s*["\']?([^"\')]+)|@import\s+["\']([^"\']+)')
_IN_SCRIPT: Final = re.compile(rb'\b(?:from|import)\s*\(?\s*["\'](\.[^"\']+)["\']')


class Weight(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes on the wire, compressed as served; heads of the answers not counted."""

    fonts: int
    rest: int
    files: int

    @property
    def whole(self) -> int:
        return self.fonts + self.rest


async def weigh_quiz(site: Site, runner: Runner) -> Weight:
    """The paper's page and everything that it, its styles and its scripts ask for."""
    address = (site.host, site.port)
    async with connected(address, 1) as (connection,):
        page = await connection.ask(get(address, f"/bai/{runner.attempt_code}", runner.cookie))
        assert page.status == 200, page.text()
        fonts, rest = 0, len(page.body)
        found = {path.decode() for path in _IN_PAGE.findall(page.content())}
        waiting, seen = sorted(found), set(found)
        while waiting:
            path = waiting.pop()
            size, asks_for = await _fetch(connection, site, path)
            if path.endswith(".woff2"):
                fonts += size
            else:
                rest += size
            waiting += sorted(asks_for - seen)
            seen |= asks_for
    return Weight(fonts=fonts, rest=rest, files=len(seen) + 1)


async def _fetch(connection: Connection, site: Site, path: str) -> tuple[int, set[str]]:
    reply = await connection.ask(get((site.host, site.port), path))
    assert reply.status == 200, f"{path}: {reply.status}"
    if path.endswith(".css"):
        named = [one or other for one, other in _IN_STYLE.findall(reply.content())]
    elif path.endswith(".js"):
        named = _IN_SCRIPT.findall(reply.content())
    else:
        named = []
    paths = {urlsplit(urljoin(path, name.decode())).path for name in named if name[:5] != b"data:"}
    return len(reply.body), {normpath(each) for each in paths if dirname(each)}
