"""Files make one bank: ids unique, pools without a common question."""

from pathlib import Path

from contest.bank.formats.yaml_files import (
    Bank,
    BankFile,
    Fault,
    join,
    read_bank,
    read_bank_bytes,
    read_bank_file,
    scan_bank,
)

SOUND = """\
pool: practice
questions:
  - id: pr-safety-otp
    domain: safety
    level: basic
    type: true-false
    text: {vi: "Một người hỏi mã OTP thì nên đọc.", en: "When asked for an OTP, read it out."}
    answer: false
    explanation: {vi: "Mã chỉ để mình nhập.", en: "It is for you to type."}
    source: {basis: common, cite: {vi: "Lời khuyên chung", en: "Common advice"}}
  - id: pr-safety-padlock
    domain: safety
    level: basic
    type: true-false
    text: {vi: "Ổ khóa nói chủ trang trung thực.", en: "The padlock proves an honest owner."}
    answer: false
    explanation: {vi: "Nó nói về đường truyền.", en: "It speaks of the connection."}
    source: {basis: common, cite: {vi: "Kiến thức chung", en: "Common knowledge"}}
"""


def sound(text: str = SOUND, name: str = "b.yaml") -> BankFile:
    found = read_bank_bytes(name, text.encode())
    assert isinstance(found, BankFile), found
    return found


def test_a_folder_is_one_bank(tmp_path: Path):
    (tmp_path / "practice").mkdir()
    (tmp_path / "practice" / "safety.yaml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "practice" / "README.md").write_text("no questions", encoding="utf-8")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "safety.yaml").write_text(SOUND, encoding="utf-8")

    bank = read_bank(tmp_path)

    assert isinstance(bank, Bank)
    assert [file.name for file in bank.files] == ["practice/safety.yaml"]
    assert bank.pools == {"practice": bank.questions}
    assert len(bank.questions) == 2


def test_ids_are_unique_in_the_whole_bank(tmp_path: Path):
    (tmp_path / "a.yaml").write_text(SOUND, encoding="utf-8")
    other = SOUND.replace("pool: practice", "pool: demo-week-1").replace("Một người", "Có người")
    (tmp_path / "b.yaml").write_text(other.replace("pr-safety-padlock", "w1-x"), encoding="utf-8")

    a, b = tmp_path / "a.yaml", tmp_path / "b.yaml"
    assert [str(fault) for fault in read_bank(tmp_path)] == [
        f"{b}:3: id: id 'pr-safety-otp' is taken in pool practice ({a}:3)",
        f"{b}:11: the same question as 'pr-safety-padlock' ({a}:11); pools practice and "
        "demo-week-1 must not share one",
    ]


def test_a_folder_without_questions_is_a_fault_and_so_is_a_missing_file(tmp_path: Path):
    assert read_bank(tmp_path) == [Fault(str(tmp_path), 0, "", "no question files (.yaml) here")]
    missing = tmp_path / "missing.yaml"
    assert [str(f) for f in read_bank_file(missing)] == [
        f"{missing}: cannot be read: No such file or directory"
    ]


def test_a_scan_keeps_the_sound_questions_of_a_broken_file(tmp_path: Path):
    (tmp_path / "a.yaml").write_text(SOUND.replace("basic", "easy", 1), encoding="utf-8")

    scan = scan_bank([tmp_path])

    assert [question.id for file in scan.files for question in file.questions] == [
        "pr-safety-padlock"
    ]
    assert scan.files[0].line(0, "answer") == 16
    assert len(scan.faults) == 1


def test_files_from_anywhere_join_to_one_bank():
    second = SOUND.replace("pr-safety", "w1-safety").replace('vi: "', 'vi: "À, ')
    files = [sound(second.replace("pool: practice", "pool: demo-week-1"), "z.yaml")]

    bank = join([*files, sound()])

    assert isinstance(bank, Bank)
    assert list(bank.pools) == ["demo-week-1", "practice"]
    assert [file.name for file in bank.files] == ["b.yaml", "z.yaml"]
