"""Browser forms: read whole, refused whole, text made safe to keep."""

import unicodedata

import pytest

from contest.errors import Invalid
from contest.web import csrf
from contest.web.forms import Form, read_form

URLENCODED = "application/x-www-form-urlencoded"


def test_text_is_nfc_without_control_characters() -> None:
    decomposed = unicodedata.normalize("NFD", "Hoà")
    form = Form([("name", f" {decomposed}\x00\x07 ")])

    assert form.text("name") == "Hoà"
    assert unicodedata.is_normalized("NFC", form.text("name"))


def test_repeated_names_are_all_there() -> None:
    form = read_form(URLENCODED, b"q1=0&q1=2&q2=")
    assert form.all("q1") == ["0", "2"]
    assert form.text("q2") == ""
    assert form.text("q3") == ""


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (URLENCODED, b"a=%FF%FE"),
        (URLENCODED, "a=é".encode()),
        (URLENCODED, b"&".join(b"a=1" for _ in range(501))),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n"),
        ("text/plain", b"a=1"),
        ("application/json", b"{}"),
    ],
)
def test_what_is_no_form_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(Invalid):
        read_form(kind, body)


@pytest.mark.parametrize("text", ["1.5", "x", "９", "1" * 19, "--1"])
def test_whole_numbers_are_ascii_digits(text: str) -> None:
    with pytest.raises(Invalid):
        Form([("n", text)]).whole_number("n")


def test_multipart_gives_fields_and_files() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="q.yaml"\r\n\r\npool: p\r\n'
        b"--x--\r\n"
    )
    form = read_form("multipart/form-data; boundary=x", body)
    assert form.text("a") == "b"
    assert (form.uploads["f"].name, form.uploads["f"].content) == ("q.yaml", b"pool: p")


def test_a_token_fits_what_it_was_made_for_and_looks_new_each_time() -> None:
    key = b"k" * 32
    one, two = csrf.token_for(key, "session-1"), csrf.token_for(key, "session-1")

    assert one != two
    assert csrf.is_valid(key, "session-1", one)
    assert csrf.is_valid(key, "session-1", two)
    assert not csrf.is_valid(key, "session-2", one)
    assert not csrf.is_valid(b"other" * 8, "session-1", one)
    for broken in ("", "x", one[:-2], one + "A", "é" * 10, "=" * 43):
        assert not csrf.is_valid(key, "session-1", broken)
    assert not csrf.is_valid(key, "", csrf.token_for(key, ""))
