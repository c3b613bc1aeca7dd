"""The static tree, read into memory once and served under one hash of the whole.

One hash as a path prefix: relative imports and `url()` keep working, a browser may keep every
file for a year, and there is no build. Text is compressed once, at the start.
"""

import gzip
import hashlib
from mimetypes import guess_type
from pathlib import Path

import msgspec
from litestar import Response, get
from litestar.datastructures import ResponseHeader
from litestar.params import FromPath

from contest.errors import NotFound
from contest.web.context import AnyRequest

_COMPRESSED = {".css", ".js", ".svg", ".txt", ".md", ".json"}
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".md": "text/plain"}


class Asset(msgspec.Struct, frozen=True):
    content: bytes
    gzipped: bytes | None
    media_type: str
    etag: str


class Assets:
    """All files below `root`, by their path in it."""

    def __init__(self, root: Path) -> None:
        whole = hashlib.sha256()
        self._files: dict[str, Asset] = {}
        for path in sorted(root.rglob("*")):
            if not path.is_file():
                continue
            name = path.relative_to(root).as_posix()
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            whole.update(f"{name}\0{digest}\n".encode())
            kind = _TYPES.get(path.suffix) or guess_type(name)[0] or "application/octet-stream"
            packed = gzip.compress(content, 9, mtime=0) if path.suffix in _COMPRESSED else None
            self._files[name] = Asset(content, packed, kind, f'"{digest[:20]}"')
        self.version = whole.hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address of a file; a name that does not exist is a fault of ours and raises."""
        if name not in self._files:
            raise KeyError(f"no static file {name}")
        return f"/static/{self.version}/{name}"

    def get(self, name: str) -> Asset | None:
        return self._files.get(name)


def _never_changes(version: str, current: str) -> str:
    # Under an old hash the file may be a newer one: usable for a page still open, not to be kept.
    return "public, max-age=31536000, immutable" if version == current else "no-cache"


@get(
    "/static/{version:str}/{name:path}",
    opt={"action": "web.static"},
    response_headers=[ResponseHeader(name="vary", value="accept-encoding")],
)
async def static(
    request: AnyRequest, version: FromPath[str], name: FromPath[str]
) -> Response[bytes]:
    assets: Assets = request.app.state.site.assets
    asset = assets.get(name.lstrip("/"))
    if asset is None:
        raise NotFound("no-page")
    headers = {"etag": asset.etag, "cache-control": _never_changes(version, assets.version)}
    if request.headers.get("if-none-match") == asset.etag:
        return Response(b"", status_code=304, headers=headers)
    content = asset.content
    if asset.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        content = asset.gzipped
        headers["content-encoding"] = "gzip"
    return Response(content, media_type=asset.media_type, headers=headers)
