"""The bank in this repository passes its own check, and its schema is what the code says."""

from pathlib import Path

from contest.bank.facts import read_facts
from contest.bank.formats.schema import schema_bytes
from contest.bank.formats.yaml_files import scan_bank
from contest.bank.lint import REPOSITORY, check_files

QUESTIONS = Path(__file__).parents[2] / "questions"
FACTS = read_facts(QUESTIONS / "facts.md")


def test_the_repositorys_bank_passes():
    scan = scan_bank([QUESTIONS])

    report = check_files(scan.files, FACTS, REPOSITORY, unreadable=scan.faults)

    assert [str(fault) for fault in report.faults] == []


def test_the_published_schema_is_current():
    assert (QUESTIONS / "schema.json").read_bytes() == schema_bytes(), (
        "run: python -m contest bank schema > questions/schema.json"
    )
