"""`replay FILE` at the terminal: agreement, differences, and files that are none of ours."""

import gzip
import io
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contest.cli import main
from contest.rules.document import rules_hash
from contest.rules.replay import FORMAT
from contest.standings.published_files import PublishedLine, RoundFile, written
from tests.rules.test_replay import DOCUMENT, EDITION, LINES, head

FILE = RoundFile(settlement_id=1, head=head(), rules=DOCUMENT)
NAMED = [
    PublishedLine(*msgspec.structs.astuple(line), f"=N. T. Hà {at}", "Phường Ba Đình")
    for at, line in enumerate(LINES)
]


def content(kind: Any, *, board: list[PublishedLine] | None = None, **facts: Any) -> bytes:
    file = msgspec.structs.replace(FILE, head=head(**facts))
    return b"".join(written(kind, file, [NAMED if board is None else board]))


def run(folder: Path, data: bytes, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    path = folder / "ket-qua"
    path.write_bytes(data)
    status = main(["replay", str(path)])
    said = capsys.readouterr()
    return status, said.out + said.err


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_sound_file_agrees_and_needs_no_settings(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANCHOI_DATABASE_URL", "no such thing")

    for data in (content(kind), gzip.compress(content(kind))):
        status, said = run(tmp_path, data, capsys)
        assert status == 0
        assert "Every place agrees." in said
        assert "score, then distance, then time, then submitted" in said
        assert "2 (2 with the full score)" in said
        assert "Hà" not in said


def test_a_file_can_be_piped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content("json"))))

    assert main(["replay", "-"]) == 0
    assert "Every place agrees." in capsys.readouterr().out


def test_a_file_that_a_spreadsheet_saved_again_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It fills every row up to the same width."""
    rows = content("csv").decode("utf-8-sig").splitlines()
    saved = "\r\n".join(row + "," * (8 - row.count(",")) for row in rows) + "\r\n,,,,,,,,\r\n"

    assert run(tmp_path, saved.encode("utf-8-sig"), capsys)[0] == 0


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_differences_are_told_in_a_table(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bent = [msgspec.structs.replace(NAMED[0], place=2), *NAMED[1:]]

    status, said = run(tmp_path, content(kind, board=bent), capsys)

    assert status == 1
    assert "1 difference:" in said
    assert ["AAAA", "place", "2", "1"] in [line.split() for line in said.splitlines()]


def test_only_the_first_differences_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = [PublishedLine(9, f"E{at:03}", 0, None, None, at, at + 1) for at in range(50)]

    status, said = run(tmp_path, content("csv", board=many, lines=50, truth=0), capsys)

    assert status == 1
    assert "49 differences, the first 20:" in said
    assert said.count(" place ") == 20


def test_a_changed_rule_document_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = run(tmp_path, content("json", rules_hash="0" * 64), capsys)

    assert status == 1
    assert "rules_hash" in said
    assert rules_hash(EDITION) in said


def bent(kind: str, old: str, new: str) -> bytes:
    whole = content(kind).decode()
    assert old in whole
    return whole.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "line 1 begins neither a CSV nor a JSON file"),
        (b"%PDF-1.7", "line 1 begins neither a CSV nor a JSON file"),
        (b'{"a": 1}', "the file names no format; this program reads sanchoi-round/1"),
        (b"# something: else\r\na,b\r\n", "the file names no format"),
        (bent("json", FORMAT, "sanchoi-round/9"), "is of format sanchoi-round/9"),
        (bent("csv", FORMAT, "sanchoi-round/9"), "is of format sanchoi-round/9"),
        (content("json")[:-40], "line 21: not JSON, or cut short"),
        (gzip.compress(content("json"))[:-40], "compressed, and is cut short or damaged"),
        (bent("json", '"score_milli":9000', '"score_milli":"x"'), "line 20, entrant 3: Expected"),
        (bent("json", '"truth": 2', '"truth": "two"'), "line 12: Expected"),
        (bent("csv", "3,CCCC,9000", "3,CCCC,nine"), 'line 17: score_milli is "nine"'),
        (bent("csv", "3,CCCC,9000,3,1,70000,2", "3,CCCC"), "line 17: 4 cells where 7 are needed"),
        (bent("csv", "# truth: 2\r\n", ""), "no line before it says # truth"),
        (bent("csv", "# truth: 2", "# truth: two"), "line 11: Expected"),
        (bent("csv", "# act: 1", "# act: 1\r\n# act: 2"), "line 5: act stands twice"),
        (bent("csv", "submission_order", "order"), "line 14: there is no column submission_order"),
        (content("csv").replace("Phường".encode(), b"Ph\xff"), "line 15: not UTF-8"),
        (content("csv")[:200], "the columns' names are missing"),
    ],
)
def test_an_unreadable_file_is_refused_in_one_sentence(
    data: bytes, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = run(tmp_path, data, capsys)

    assert status == 2
    assert told in said
    assert said.count("\n") == 1


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "no-such-file.csv"]) == 2
    assert "no-such-file.csv does not exist." in capsys.readouterr().err
