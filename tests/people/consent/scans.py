"""Scans as telephones and printers make them, and files that only pretend to be one."""

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*more: bytes) -> bytes:
    """One white pixel."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    picture = _chunk(b"IDAT", zlib.compress(b"\0\xff"))
    return _SIGNATURE + head + b"".join(more) + picture + _chunk(b"IEND", b"")


def jpeg(comment: bytes = b"", behind: bytes = b"") -> bytes:
    """The segments of a picture; its data is noise, which nobody decodes."""

    def segment(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body

    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + (segment(0xFE, comment) if comment else b"")
        + segment(0xC0, b"\x08\0\x01\0\x01\x01\x01\x11\0")
        + segment(0xDA, b"\x01\x01\0\0\x3f\0")
        + b"\x12\x34\x56"
        + b"\xff\xd9"
        + behind
    )


def pdf(inside: bytes = b"<< /Type /Catalog >>") -> bytes:
    return b"%PDF-1.4\n1 0 obj\n" + inside + b"\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


_HTML = b"<!doctype html><html><script>alert(1)</script></html>"
_ZIP = b"PK\x03\x04" + b"\0" * 26 + b"PK\x05\x06" + b"\0" * 18
_SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'

GOOD = {
    "jpeg": (jpeg(), "image/jpeg"),
    "a telephone's jpeg with a second picture behind": (jpeg(behind=jpeg()), "image/jpeg"),
    "png": (png(), "image/png"),
    "pdf": (pdf(), "application/pdf"),
}

HOSTILE = {
    "empty": (b"", "empty"),
    "html": (_HTML, "not-a-scan"),
    "svg": (_SVG, "not-a-scan"),
    "zip": (_ZIP, "not-a-scan"),
    "gif": (b"GIF89a" + b"\0" * 40, "not-a-scan"),
    "heic": (b"\0\0\0\x18ftypheic" + b"\0" * 40, "not-a-scan"),
    "pdf with something before it": (b"<html>" + pdf(), "not-a-scan"),
    "four mebibytes": (jpeg(behind=b"\0" * 4 * 1024 * 1024), "too-large"),
    "first bytes of a jpeg and then a page": (b"\xff\xd8\xff" + _HTML, "broken"),
    "half a jpeg": (jpeg()[:20], "broken"),
    "jpeg without a picture": (b"\xff\xd8\xff\xe0\0\x04ab\xff\xd9", "broken"),
    "half a png": (png()[:-6], "broken"),
    "png with a wrong sum": (png().replace(b"IDAT", b"IDAU"), "broken"),
    "png with something behind": (png() + _HTML, "broken"),
    "pdf without an end": (b"%PDF-1.4\nhello", "broken"),
    "jpeg and page at once": (jpeg(comment=_HTML), "hides-something"),
    "jpeg and zip at once": (jpeg(behind=_ZIP), "hides-something"),
    "png and page at once": (png(_chunk(b"tEXt", b"a\0" + _HTML)), "hides-something"),
    "pdf and page at once": (pdf(_HTML), "hides-something"),
    "pdf and zip at once": (pdf().replace(b"%%EOF", _ZIP + b"%%EOF"), "hides-something"),
    "pdf with a program": (pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "hides-something"),
    "pdf that starts something": (pdf(b"<< /S /Launch /F (cmd.exe) >>"), "hides-something"),
    "pdf with another file": (pdf(b"<< /Type /EmbeddedFile >>"), "hides-something"),
}
