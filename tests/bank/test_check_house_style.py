"""The check of a bank: words, sources, twins, layout and how much there is."""

from pathlib import Path

import pytest

from contest.bank.facts import read_facts
from contest.bank.formats.yaml_files import Bank, BankFile, join, read_bank_bytes
from contest.bank.lint import (
    OUTSIDE,
    REPOSITORY,
    Report,
    Wanted,
    check_bank,
    check_files,
    report_lines,
)

QUESTIONS = Path(__file__).parents[2] / "questions"
FACTS = read_facts(QUESTIONS / "facts.md")

# Line numbers below are counted in this text.
SOUND = """\
pool: practice
questions:
  - id: pr-safety-otp
    domain: safety
    level: basic
    type: single
    text:
      vi: "Một người gọi đến xin mã OTP vừa gửi vào máy. Bạn nên làm gì?"
      en: "Somebody calls and asks for the OTP just sent to you. What should you do?"
    choices:
      - {vi: "Đọc mã cho họ ghi lại", en: "Read it out to them"}
      - {vi: "Giữ kín mã và gác máy", en: "Keep it and hang up", correct: true}
      - {vi: "Nhắn mã qua mạng xã hội", en: "Send it by a chat"}
    explanation:
      vi: "Mã OTP chỉ để chính mình nhập vào."
      en: "An OTP is only for yourself to type."
    source:
      basis: common
      cite: {vi: "Lời khuyên chung", en: "Common advice"}
      fact: 40
"""


def file_of(text: str, name: str = "practice/safety.yaml") -> BankFile:
    file = read_bank_bytes(name, text.encode())
    assert isinstance(file, BankFile), file
    return file


def checked(*texts: str, wanted: Wanted = OUTSIDE) -> Report:
    return check_files([file_of(t, f"{i}.yaml") for i, t in enumerate(texts)], FACTS, wanted)


def changed(old: str, new: str) -> str:
    assert old in SOUND
    return SOUND.replace(old, new, 1)


def test_a_sound_question_has_neither_faults_nor_warnings():
    report = checked(SOUND)

    assert (report.faults, report.warnings) == ((), ())
    assert report.figures.cells == {("practice", "safety", "basic"): 1}
    assert report.figures.types == {"single": 1}


FAULTS = {
    "two spaces": ("Một người", "Một  người", 8, "text.vi", "two spaces in a row"),
    "space at the end": (
        "Read it out to them",
        "Read it out to them ",
        11,
        "choices[0].en",
        "begins or ends with a space or an empty line",
    ),
    "space before a sign": ("làm gì?", "làm gì ?", 8, "text.vi", "a space before '?'"),
    "two lines in a choice": (
        "Send it by a chat",
        "Send it\\nby a chat",
        13,
        "choices[2].en",
        "a choice is one line",
    ),
    "long question": (
        "Bạn nên làm gì?",
        "Rồi họ xin nữa. " * 16 + "Sao?",
        8,
        "text.vi",
        "must be at most 300 signs (found 306)",
    ),
    "long choice": (
        "Read it out to them",
        "Read it " + "slowly " * 22 + "out",
        11,
        "choices[0].en",
        "must be at most 160 signs (found 165)",
    ),
    "same choice twice": (
        "Send it by a chat",
        "read it out to THEM",
        13,
        "choices[2].en",
        "the same as choices[0].en",
    ),
    "Vietnamese without tones": (
        "Mã OTP chỉ để chính mình nhập vào.",
        "Ma OTP chi de chinh minh nhap vao.",
        15,
        "explanation.vi",
        "has no Vietnamese letter; is it Vietnamese?",
    ),
    "choice without tones": (
        "Nhắn mã qua mạng xã hội",
        "Nhan ma qua mang xa hoi",
        13,
        "choices[2].vi",
        "has no Vietnamese letter; is it Vietnamese?",
    ),
    "English that is Vietnamese": (
        "An OTP is only for yourself to type.",
        "Mã chỉ để chính mình nhập.",
        16,
        "explanation.en",
        "most words are Vietnamese; is it English?",
    ),
    "same in both languages": (
        "An OTP is only for yourself to type.",
        "Mã OTP chỉ để chính mình nhập vào.",
        16,
        "explanation.en",
        "the same as the Vietnamese",
    ),
    "Vietnamese citation": (
        'en: "Common advice"',
        'en: "Luật 91/2025/QH15, Điều 9"',
        19,
        "source.cite.en",
        "cites in Vietnamese; write Law, Decree, Article, clause",
    ),
    "all of the above": (
        "Send it by a chat",
        "All of the above",
        13,
        "choices[2].en",
        "points at other choices, whose order changes on the paper",
    ),
    "tất cả đáp án trên": (
        "Nhắn mã qua mạng xã hội",
        "Cả ba đáp án trên",
        13,
        "choices[2].vi",
        "points at other choices, whose order changes on the paper",
    ),
    "cả A và B": (
        "Nhắn mã qua mạng xã hội",
        "Cả A và B",
        13,
        "choices[2].vi",
        "points at other choices, whose order changes on the paper",
    ),
    "unknown fact": ("fact: 40", "fact: 99", 20, "source.fact", "there is no fact 99"),
    "doubtful fact": (
        "fact: 40",
        "fact: 39",
        20,
        "source.fact",
        "fact 39 is marked verify: never a key",
    ),
    "retired law by number": (
        "Lời khuyên chung",
        "Luật 24/2018/QH14, Điều 16",
        19,
        "source.cite.vi",
        "Luật An ninh mạng 2018 is no longer in force: "
        "Luật An ninh mạng 116/2025/QH15 since 1 July 2026",
    ),
    "retired law by name": (
        "Lời khuyên chung",
        "Luật an ninh mạng năm 2018, Điều 16",
        19,
        "source.cite.vi",
        "Luật An ninh mạng 2018 is no longer in force: "
        "Luật An ninh mạng 116/2025/QH15 since 1 July 2026",
    ),
    "retired decree in English": (
        "Common advice",
        "Decree No. 13/2023/ND-CP, Article 2",
        19,
        "source.cite.en",
        "Nghị định 13/2023/NĐ-CP is no longer in force: "
        "Nghị định 356/2025/NĐ-CP since 1 January 2026",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_of_style_or_source_is_told_with_its_line(case):
    old, new, line, path, message = FAULTS[case]

    [fault] = checked(changed(old, new)).faults

    assert (fault.line, fault.path, fault.message) == (line, path, message)


WARNINGS = {
    "telling id": ("pr-safety-otp", "pr-safety-true", 3, "id", "may hint at the answer (true)"),
    "old unit": (
        "Một người gọi",
        "Một người ở huyện gọi",
        8,
        "text.vi",
        "'huyện': such units ended with 30 June 2025",
    ),
    "uneven full stops": (
        "Read it out to them",
        "Read it out to them.",
        10,
        "choices",
        "some choices end in a full stop and some do not (en)",
    ),
    "fact with a reservation": (
        "fact: 40",
        "fact: 52",
        20,
        "source.fact",
        "fact 52 has a point to check: check the 2022 and 2025 amendments",
    ),
    "law without number": (
        "basis: common",
        "basis: law",
        19,
        "source.cite.vi",
        "a law is cited by its number",
    ),
    "retired law in the words": (
        "Mã OTP chỉ để chính mình nhập vào.",
        "Theo Luật An ninh mạng 2018, mã chỉ để chính mình nhập.",
        15,
        "explanation.vi",
        "names Luật An ninh mạng 2018, no longer in force; does it say so?",
    ),
}


@pytest.mark.parametrize("case", WARNINGS)
def test_what_a_person_should_look_at_is_a_warning(case):
    old, new, line, path, message = WARNINGS[case]

    report = checked(changed(old, new))

    assert report.faults == ()
    [warning] = report.warnings
    assert (warning.line, warning.path, warning.message) == (line, path, message)


def test_names_terms_and_addresses_may_be_the_same_in_both_languages():
    text = SOUND
    for vi, en, same in (
        ("Đọc mã cho họ ghi lại", "Read it out to them", "CC BY-NC-ND 4.0"),
        ("Giữ kín mã và gác máy", "Keep it and hang up", "Hà Nội"),
        ("Nhắn mã qua mạng xã hội", "Send it by a chat", "https://dichvucong.gov.vn/a_b_c_d"),
    ):
        text = text.replace(vi, same).replace(en, same)

    assert checked(text).faults == ()


def test_a_question_said_twice_is_a_fault_and_one_alike_a_warning():
    twin = SOUND.replace("pr-safety-otp", "pr-safety-twin").replace("vừa gửi", "mới gửi")
    alike = (
        SOUND.replace("pr-safety-otp", "pr-safety-alike")
        .replace("Một người gọi đến xin mã OTP vừa gửi vào máy.", "Có bạn xin mã OTP.")
        .replace("Đọc mã cho họ ghi lại", "Đọc mã cho họ nghe")
    )

    report = checked(SOUND, twin)
    [fault] = report.faults
    assert (fault.file, fault.line, fault.path) == ("1.yaml", 7, "text")
    assert fault.message.endswith("like 'pr-safety-otp' in its question and choices (0.yaml:7)")

    report = checked(SOUND, alike)
    assert report.faults == ()
    [warning] = report.warnings
    assert (warning.file, warning.line) == ("1.yaml", 7)


def test_the_same_question_with_other_choices_is_found_by_what_it_asks():
    other = SOUND.replace("pr-safety-otp", "pr-safety-other")
    for old, new in (
        ("Đọc mã cho họ ghi lại", "Hỏi xem họ là ai đã"),
        ("Giữ kín mã và gác máy", "Từ chối rồi ngừng nói"),
        ("Nhắn mã qua mạng xã hội", "Chụp màn hình gửi đi"),
    ):
        other = other.replace(old, new)

    [fault] = checked(SOUND, other).faults

    assert fault.message == "1.00 like 'pr-safety-otp' in its question (0.yaml:7)"


def test_a_sealed_set_is_checked_beside_the_public_bank():
    sealed = SOUND.replace("pool: practice", "pool: tuan-1").replace("pr-safety", "s1-safety")
    public = join([file_of(SOUND)])
    bank = join([file_of(sealed, "sealed.yaml")])
    assert isinstance(bank, Bank)
    assert isinstance(public, Bank)

    [fault] = check_bank(bank, FACTS, beside=public).faults

    assert str(fault) == (
        "sealed.yaml:3: the same question as 'pr-safety-otp' (practice/safety.yaml:3); "
        "pools practice and tuan-1 must not share one"
    )
    assert check_bank(bank, FACTS).faults == ()


def test_the_repository_wants_folders_prefixes_and_numbers_and_others_do_not():
    stray = file_of(SOUND.replace("pr-safety", "w1-safety"), "demo/week-1/ai.yaml")

    assert check_files([stray], FACTS).faults == ()
    told = [str(fault) for fault in check_files([stray], FACTS, REPOSITORY).faults]
    assert "demo/week-1/ai.yaml:1: pool: pool 'practice' lies in folder 'demo/week-1'" in told
    assert "demo/week-1/ai.yaml:3: id: must begin with 'pr-' in pool practice" in told
    assert "demo/week-1/ai.yaml:4: domain: is safety in the file for ai" in told
    assert "whole bank: 1 questions; at least 120 are wanted" in told
    assert "practice: 1 questions of safety, basic; at least 3 are wanted" in told
    assert "whole bank: 0 questions of ai, advanced; at least 6 are wanted" in told
    assert len(told) == 4 + 18 + 18


def test_the_report_shows_faults_counts_and_strategies():
    lines = report_lines(checked(changed("fact: 40", "fact: 39")))

    assert lines[0] == ("fault    0.yaml:20: source.fact: fact 39 is marked verify: never a key")
    assert (
        "practice                safety                        1             0             0"
        in (lines)
    )
    assert any("key ÷ other choices, length (vi)" in line for line in lines)
    assert lines[-1] == "1 faults, 0 warnings"
