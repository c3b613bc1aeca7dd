"""The paper is light: at most 95 kB with fonts and 25 kB without, as it comes over the wire."""

import re
from urllib.parse import urljoin

from tests.server import Visitor
from tests.site import Site

_LINKED = re.compile(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"')
_IMPORTED = re.compile(r'from "(\./[^"]+)"')
_URL = re.compile(r'url\("?([^)"]+)"?\)')


def weigh(visitor: Visitor, path: str) -> dict[str, int]:
    """Path → compressed bytes of the page and of everything it loads by itself."""
    weights: dict[str, int] = {}
    waiting = [path]
    while waiting:
        address = waiting.pop()
        if address in weights:
            continue
        response = visitor.http.get(address, headers={"accept-encoding": "gzip"})
        assert response.status_code == 200, address
        weights[address] = response.num_bytes_downloaded
        kind = response.headers["content-type"]
        if kind.startswith("text/html"):
            waiting += [each for each in _LINKED.findall(response.text) if "static" in each]
        elif kind.startswith("text/javascript"):
            waiting += [urljoin(address, each) for each in _IMPORTED.findall(response.text)]
        elif kind.startswith("text/css"):
            waiting += [urljoin(address, each) for each in _URL.findall(response.text)]
    return weights


def test_the_paper_weighs_little(site: Site) -> None:
    site.world.open_edition()
    started = site.world.start("minh")
    weights = weigh(site.as_("minh"), f"/bai/{started.code}")

    fonts = {name: weight for name, weight in weights.items() if name.endswith(".woff2")}
    whole, without = sum(weights.values()), sum(weights.values()) - sum(fonts.values())
    print(f"paper: {whole} bytes with fonts, {without} without, in {len(weights)} requests")

    assert len(fonts) == 4, "weights 400 and 600, each latin and vietnamese"
    assert not any("700" in name for name in fonts)
    assert whole <= 95_000
    assert without <= 25_000
