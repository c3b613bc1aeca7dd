"""A class list as a file or as pasted cells, read into rows of texts. Files are read in a child."""

import os
import subprocess
import sys
import threading
from typing import Any, Final

import msgspec

from contest.people.classes import plain_lists
from contest.people.classes.plain_lists import NotReadable

LARGEST: Final = 3 * 1024 * 1024
_TIMEOUT_S: Final = 20
# A child may take some hundred megabytes: a hundred teachers at once wait for each other.
_ROOM: Final = threading.BoundedSemaphore(3)


class Sheet(msgspec.Struct, frozen=True):
    """
    A sheet as a person sees it: texts in NFC, dates as dd/mm/yyyy, whole numbers without a point.

    Row n of `rows` (from 0) is line n + 1 of the file.
    """

    name: str
    rows: list[list[str]]


class Unreadable(msgspec.Struct, frozen=True):
    """Why a file gives no list; `code` is one of UNREADABLE_WORDS, `facts` fill its words."""

    code: str
    facts: dict[str, object] = {}


UNREADABLE_WORDS: Final = {
    "empty": "Tệp này không có gì trong đó. Hãy mở ra xem lại, lưu rồi gửi lên lần nữa.",
    "not-a-list": "Tệp này không phải danh sách. Hãy gửi tệp Excel (.xlsx, .xls), LibreOffice (.ods) "
    "hoặc CSV; danh sách là ảnh hay PDF thì gõ lại vào bảng tính rồi gửi.",
    "broken": "Tệp bị hỏng hoặc tải lên chưa hết. Hãy mở bằng Excel, lưu lại rồi gửi lên lần nữa.",
    "password-protected": "Tệp có đặt mật khẩu. Hãy mở tệp, bỏ mật khẩu (Tệp → Thông tin → Bảo vệ), "
    "lưu lại rồi gửi lên.",
    "too-large": "Tệp lớn bất thường so với một danh sách lớp. Hãy chép các ô của danh sách sang tệp "
    "mới, hoặc dán thẳng vào ô bên dưới.",
    "too-many-rows": "Danh sách dài quá %(most)s dòng. Hãy tách theo từng lớp rồi gửi từng tệp.",
    "too-spread-out": "Danh sách có ô nằm rất xa nhau nên không đọc được. Hãy chép các ô của danh sách "
    "sang tệp mới, hoặc dán thẳng vào ô bên dưới.",
    "html-without-table": "Tệp này là một trang web không có bảng nào. Hãy mở bằng Excel, lưu thành "
    ".xlsx rồi gửi lên.",
}  # fmt: skip


class _Said(msgspec.Struct):
    sheets: list[Sheet] = []
    code: str = ""
    facts: dict[str, Any] = {}


def read_list(file_name: str, content: bytes) -> list[Sheet] | Unreadable:
    """
    Reads a file, whatever its name says it is; blocks for a fraction of a second.

    The child has limits on memory and time; one that ends otherwise than by answering was given a
    file made to break it, or a broken one.
    """
    if len(content) > LARGEST:
        return Unreadable("too-large")
    try:
        with _ROOM:
            done = subprocess.run(
                [sys.executable, "-m", "contest.people.classes.sheet_child"],
                input=content,
                capture_output=True,
                timeout=_TIMEOUT_S,
                check=False,
                env=_nothing_secret(),
            )
    except subprocess.TimeoutExpired:
        return Unreadable("too-large")
    if done.returncode < 0:
        # By a signal: the limit on time, or memory that could not be had.
        return Unreadable("too-large")
    try:
        said = msgspec.json.decode(done.stdout, type=_Said)
    except msgspec.MsgspecError:
        return Unreadable("too-large" if b"MemoryError" in done.stderr else "broken")
    return Unreadable(said.code, said.facts) if said.code else said.sheets


def _nothing_secret() -> dict[str, str]:
    """The child's environment: who breaks it finds neither keys nor the database's address."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SANCHOI_")}


def read_pasted(text: str) -> list[Sheet] | Unreadable:
    """Cells copied out of a spreadsheet: tabs between them, or what a CSV file has."""
    try:
        found = plain_lists.separated(text)
    except NotReadable as error:
        return Unreadable(error.code, error.facts)
    return [Sheet(each["name"], each["rows"]) for each in found]
