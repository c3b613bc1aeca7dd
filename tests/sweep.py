"""Looks for words in everything that a visitor of the site can get at: pages, files, answers that
a cache may keep. Used to show that a name is gone, after it was shown that the sweep can find it.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx

from contest.people.names import public_name

_LINK = re.compile(r'(?:href|src|action)="([^"]+)"')
# Too many of one kind, and none of them holds a person: the stylesheets, the dated units.
SKIPPED = ("/static/", "/don-vi/", "/ngon-ngu/", "/luyen-tap/")
LONGEST_KEPT_S = 60


@dataclass
class Sweep:
    """
    What a sweep met: addresses with their texts, the ETags they came with, and answers that a
    cache may keep too long.
    """

    texts: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    kept_too_long: list[str] = field(default_factory=list)

    def holding(self, words: Iterable[str]) -> dict[str, str]:
        """Address → the first of the words that stands there, with what is around it."""
        found = {}
        for address, text in self.texts.items():
            for word in words:
                at = text.find(word)
                if at >= 0:
                    found[address] = text[max(0, at - 40) : at + len(word) + 40]
                    break
        return found


def forms_of(full_name: str) -> list[str]:
    """In which forms a person's name could stand somewhere."""
    words = full_name.split()
    return [full_name, public_name(full_name), " ".join(words[1:]), " ".join(words[-2:])]


def sweep(
    get: Callable[..., httpx.Response],
    *,
    earlier: Sweep | None = None,
    start: Sequence[str] = ("/",),
    also: Sequence[str] = (),
    at_most: int = 3000,
) -> Sweep:
    """
    Follows every link from `start`, and looks at `also` without following them.

    With an `earlier` sweep each address is asked for once more as a cache would, by the ETag of
    that time: "not modified" lets the cache go on with the text of that time, so it counts too.
    """
    met, waiting, seen = Sweep(), list(start), set(start)
    while waiting and len(seen) <= at_most:
        address = waiting.pop(0)
        response = look(get, address, met, earlier)
        if "html" not in response.headers.get("content-type", ""):
            continue
        for link in _LINK.findall(response.text):
            found = urldefrag(urljoin(str(response.url), html.unescape(link))).url
            parts = urlsplit(found)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc != response.url.netloc.decode() or path in seen:
                continue
            if not path.startswith(SKIPPED):
                seen.add(path)
                waiting.append(path)
    for address in also:
        look(get, address, met, earlier)
    return met


def look(
    get: Callable[..., httpx.Response], address: str, met: Sweep, earlier: Sweep | None = None
) -> httpx.Response:
    response = get(address)
    kind = response.headers.get("content-type", "")
    if kind.startswith(("text/", "application/json", "application/atom", "image/svg")):
        text = html.unescape(response.text) if "html" in kind else response.text
        met.texts[address] = unicodedata.normalize("NFC", text).replace("\xa0", " ")
    else:
        met.texts[address] = response.content.decode("utf-8", "replace")
    if "etag" in response.headers:
        met.tags[address] = response.headers["etag"]
    tag = earlier.tags.get(address) if earlier else None
    if earlier and tag and get(address, **{"if-none-match": tag}).status_code == 304:
        met.texts[address] += earlier.texts[address]
    allowed = re.search(r"max-age=(\d+)", response.headers.get("cache-control", ""))
    stale = re.search(r"stale-while-revalidate=(\d+)", response.headers.get("cache-control", ""))
    seconds = sum(int(each[1]) for each in (allowed, stale) if each)
    if seconds > LONGEST_KEPT_S:
        met.kept_too_long.append(f"{address}: {response.headers['cache-control']}")
    return response
