"""Scans in the private storage, and how one is given out: with a fixed type, in a sandbox."""

from typing import Any

from litestar import Response

from contest.errors import NotFound
from contest.infra.storage import PRIVATE, new_key
from contest.people.consent.scans import ENDINGS, kind_of
from contest.web.forms import Upload
from contest.web.site import Site

_FOLDER = "consents"


def keep_scan(site: Site, upload: Upload | None) -> str:
    """Puts the file away, before and outside the command. Returns its key, "" without a file."""
    if upload is None:
        return ""
    key = new_key(site.chance, PRIVATE, _FOLDER)
    site.storage.put(key, upload.content)
    return key


def drop_scan(site: Site, key: str) -> None:
    """The paper did not come about, or another file took its place."""
    if key:
        site.storage.delete(key)


def scan_answer(content: bytes, paper_ref: str) -> Response[Any]:
    """A picture to look at or a PDF to save; nobody on the way keeps it."""
    kind = kind_of(content)
    if kind is None:
        raise NotFound("no-scan")
    way = "attachment" if kind == "application/pdf" else "inline"
    return Response(
        content,
        media_type=kind,
        headers={
            # Beside the site's own policy: both hold.
            "content-security-policy": "sandbox; default-src 'none'",
            "content-disposition": f'{way}; filename="phieu-{paper_ref}.{ENDINGS[kind]}"',
            "cache-control": "private, no-store",
            "vary": "Cookie",
        },
    )
