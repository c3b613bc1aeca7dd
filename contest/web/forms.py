"""Browser forms: text in; a form whose fields one asks for by name out. Keeps what was typed."""

import unicodedata
from collections.abc import Mapping
from urllib.parse import parse_qsl

from multipart import MultipartError, MultipartParser, parse_options_header

from contest.errors import Invalid

MAX_FIELDS = 500
# Control characters but tab and newline have no business in a form.
_CONTROL = {code: None for code in range(32) if code not in (9, 10, 13)} | {127: None}


class Upload:
    """A file sent with a form."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self.content = content


class Form:
    """Fields of a form. Text is NFC, without control characters; names may repeat."""

    def __init__(
        self,
        pairs: list[tuple[str, str]] | None = None,
        uploads: Mapping[str, Upload] | None = None,
    ) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs or []:
            self._values.setdefault(name, []).append(clean(value))
        self.uploads = dict(uploads or {})

    def text(self, name: str, *, limit: int = 500) -> str:
        """The field's text without outer spaces, cut to `limit` characters; "" when absent."""
        values = self._values.get(name)
        return values[0].strip()[:limit] if values else ""

    def secret(self, name: str, *, limit: int = 1000) -> str:
        """A password: outer spaces are part of it."""
        values = self._values.get(name)
        return values[0][:limit] if values else ""

    def all(self, name: str) -> list[str]:
        return [value.strip() for value in self._values.get(name, [])]

    def whole_number(self, name: str, default: int = 0) -> int:
        """The field as an integer of at most 18 digits; Invalid when it is something else."""
        text = self.text(name)
        if not text:
            return default
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
            raise Invalid("not-a-number", field=name)
        return int(text)

    def ticked(self, name: str) -> bool:
        return bool(self.text(name))

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> list[str]:
        return list(self._values)


def clean(text: str) -> str:
    # Nearly every value is plain: numbers, codes, tokens. Both steps would leave it as it is.
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", text).translate(_CONTROL)


def read_form(content_type: str, body: bytes) -> Form:
    """Parses a form's body. Raises Invalid when it is not one."""
    kind, options = parse_options_header(content_type)
    if kind == "application/x-www-form-urlencoded" or (not kind and not body):
        try:
            pairs = parse_qsl(
                body.decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=MAX_FIELDS,
            )
        except (UnicodeDecodeError, ValueError) as error:
            raise Invalid("unreadable-form") from error
        return Form(pairs)
    if kind == "multipart/form-data":
        return _read_multipart(options.get("boundary", ""), body)
    raise Invalid("unreadable-form")


def _read_multipart(boundary: str, body: bytes) -> Form:
    from io import BytesIO

    if not boundary:
        raise Invalid("unreadable-form")
    pairs: list[tuple[str, str]] = []
    uploads: dict[str, Upload] = {}
    try:
        parser = MultipartParser(
            BytesIO(body), boundary, content_length=len(body), part_limit=MAX_FIELDS, strict=True
        )
        for part in parser:
            if part.filename is None:
                pairs.append((part.name, part.raw.decode("utf-8")))
            else:
                uploads[part.name] = Upload(clean(part.filename)[:200], part.raw)
            part.close()
    except (MultipartError, UnicodeDecodeError, ValueError) as error:
        raise Invalid("unreadable-form") from error
    return Form(pairs, uploads)
