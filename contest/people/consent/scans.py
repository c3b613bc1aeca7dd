"""What a scan of a signed paper is, by its bytes and never by its name. Pure.

A scan is given back with the type found here, in a sandbox. So it is enough that nothing of another
kind hides in it: no page, no archive, no program of a PDF. Nothing is decoded.
"""

from typing import Final, Literal
from zlib import crc32

Kind = Literal["image/jpeg", "image/png", "application/pdf"]
Fault = Literal["empty", "too-large", "not-a-scan", "broken", "hides-something"]

# A form with a file may have 3 MiB in all (web/gate.py); this is what is left for the file.
MOST_BYTES: Final = 3 * 1024 * 1024
ENDINGS: Final[dict[Kind, str]] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/pdf": "pdf",
}
_PNG = b"\x89PNG\r\n\x1a\n"
_MARKUP = (b"<html", b"<script", b"<svg", b"<!doctype", b"<iframe", b"<?php")
# What makes a PDF do something by itself, or carry another file.
_PDF_DEEDS = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
_ZIP_END = b"PK\x05\x06"
_AT_THE_HEAD = 4096
_AT_THE_END = 66_000


def kind_of(content: bytes) -> Kind | None:
    """The kind by the first bytes."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(_PNG):
        return "image/png"
    if content.startswith((b"%PDF-1.", b"%PDF-2.")):
        return "application/pdf"
    return None


def fault_of(content: bytes) -> Fault | None:
    """Why this is not taken; None for a scan."""
    if not content:
        return "empty"
    if len(content) > MOST_BYTES:
        return "too-large"
    kind = kind_of(content)
    if kind is None:
        return "not-a-scan"
    whole = {
        "image/jpeg": _is_whole_jpeg,
        "image/png": _is_whole_png,
        "application/pdf": _is_whole_pdf,
    }[kind]
    if not whole(content):
        return "broken"
    head = content[:_AT_THE_HEAD].lower()
    if any(mark in head for mark in _MARKUP) or _ZIP_END in content[-_AT_THE_END:]:
        return "hides-something"
    if kind == "application/pdf" and any(deed in content for deed in _PDF_DEEDS):
        return "hides-something"
    return None


def _is_whole_jpeg(content: bytes) -> bool:
    """Segment after segment up to the picture's data, a frame among them, and an end behind it."""
    at, has_frame = 2, False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = int.from_bytes(content[at + 2 : at + 4])
        if length < 2 or marker in (0xD8, 0xD9):
            return False
        has_frame = has_frame or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC))
        at += 2 + length
        if marker == 0xDA:
            # Telephones put more pictures behind the first, so the end need not be the last bytes.
            return has_frame and content.find(b"\xff\xd9", at) > 0
    return False


def _is_whole_png(content: bytes) -> bool:
    """Chunk after chunk with right sums, from IHDR to IEND, and nothing behind it."""
    at, name, first = len(_PNG), b"", True
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4])
        name = content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content) or (first and name != b"IHDR"):
            return False
        if crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end]):
            return False
        if name == b"IEND":
            return end == len(content)
        at, first = end, False
    return False


def _is_whole_pdf(content: bytes) -> bool:
    return b"%%EOF" in content[-1024:]
