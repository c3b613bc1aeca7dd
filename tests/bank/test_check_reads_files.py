"""A bank file is read whole, or every fault in it is told with its file and line."""

import unicodedata

import pytest

from contest.bank.formats.question import content_hash, key_mask
from contest.bank.formats.yaml_files import BankFile, read_bank_bytes

# Line numbers below are counted in this text.
SOUND = """\
pool: practice
questions:
  - id: pr-safety-otp
    domain: safety
    level: basic
    type: single
    text:
      vi: "Một người gọi đến xin mã OTP. Nên làm gì?"
      en: "Somebody calls and asks for your OTP. What to do?"
    choices:
      - {vi: "Đọc mã cho họ", en: "Read it to them"}
      - {vi: "Không đọc mã", en: "Keep it", correct: true}
      - {vi: "Nhắn mã qua mạng", en: "Send it by chat"}
    explanation:
      vi: "Mã OTP chỉ để mình nhập."
      en: "An OTP is for you to type."
    source:
      basis: common
      cite: {vi: "Lời khuyên chung", en: "Common advice"}
      fact: 40
  - id: pr-safety-padlock
    domain: safety
    level: basic
    type: true-false
    text:
      vi: "Ổ khóa chứng minh người chủ trang trung thực."
      en: "The padlock proves that a site's owner is honest."
    answer: false
    explanation:
      vi: "Ổ khóa chỉ nói đường truyền được mã hóa."
      en: "The padlock only speaks of the connection."
    source:
      basis: common
      cite: {vi: "Kiến thức chung", en: "Common knowledge"}
"""

CHOICES = SOUND[SOUND.index("    choices:") : SOUND.index("    explanation:")]


def broken(old: str, new: str) -> bytes:
    assert old in SOUND
    return SOUND.replace(old, new, 1).encode()


def told(data: bytes) -> list[tuple[int, str, str]]:
    found = read_bank_bytes("b.yaml", data)
    assert isinstance(found, list), "the file was taken as sound"
    assert {fault.file for fault in found} == {"b.yaml"}
    return [(fault.line, fault.path, fault.message) for fault in found]


def sound(data: bytes = SOUND.encode(), name: str = "b.yaml") -> BankFile:
    found = read_bank_bytes(name, data)
    assert isinstance(found, BankFile), found
    return found


def test_a_sound_file_gives_questions_lines_and_its_own_bytes():
    file = sound()

    assert [question.id for question in file.questions] == ["pr-safety-otp", "pr-safety-padlock"]
    assert [key_mask(question) for question in file.questions] == [0b010, 0b10]
    assert (file.line(0, "choices[1].en"), file.line(1, "answer")) == (12, 28)
    assert file.line(0, "choices[1].nowhere") == 12
    assert file.content == SOUND.encode()


CASES = {
    "wrong type": ("level: basic", "level: [basic]", 5, "level", "must be text (found a list)"),
    "number for text": (
        'en: "Common advice"',
        "en: 12",
        19,
        "source.cite.en",
        "must be text (found a whole number; put it in quotes)",
    ),
    "truth for text": (
        'en: "Keep it"',
        "en: true",
        12,
        "choices[1].en",
        "must be text (found true or false; put it in quotes)",
    ),
    "unquoted no": (
        'en: "Keep it"',
        "en: no",
        12,
        "choices[1].en",
        "must be text, and 'no' may be read as another; put it in quotes",
    ),
    "unquoted date": (
        'en: "Keep it"',
        "en: 2026-11-24",
        12,
        "choices[1].en",
        "must be text, and '2026-11-24' may be read as another; put it in quotes",
    ),
    "text for truth": (
        "answer: false",
        "answer: 'false'",
        28,
        "answer",
        "must be true or false (found text)",
    ),
    "yes for truth": (
        "answer: false",
        "answer: yes",
        28,
        "answer",
        "must be true or false, and 'yes' may be read as another",
    ),
    "nothing": (
        "answer: false",
        "answer:",
        28,
        "answer",
        "is empty; must be true or false",
    ),
    "fact as text": (
        "fact: 40",
        "fact: 'forty'",
        20,
        "source.fact",
        "must be a whole number (found text)",
    ),
    "fact zero": ("fact: 40", "fact: 0", 20, "source.fact", "must be 1 or more (found 0)"),
    "missing en": (', en: "Send it by chat"', "", 13, "choices[2]", "en is missing"),
    "missing key": ("    level: basic\n", "", 3, "", "level is missing"),
    "empty text": ('vi: "Đọc mã cho họ"', 'vi: " "', 11, "choices[0].vi", "is empty"),
    "two correct": (
        'en: "Read it to them"',
        'en: "Read it to them", correct: true',
        10,
        "choices",
        "exactly one choice must be correct (found 2)",
    ),
    "none correct": (
        ", correct: true",
        "",
        10,
        "choices",
        "exactly one choice must be correct (found 0)",
    ),
    "multiple with one": (
        "type: single",
        "type: multiple",
        10,
        "choices",
        "at least two choices must be correct (found 1)",
    ),
    "too few choices": (
        '      - {vi: "Đọc mã cho họ", en: "Read it to them"}\n',
        "",
        10,
        "choices",
        "must have 3 to 6 entries (found 2)",
    ),
    "single with answer": (
        "type: single",
        "type: single\n    answer: true",
        7,
        "answer",
        "belongs to true-false only; a single question marks its choices",
    ),
    "true-false without answer": (
        "    answer: false\n",
        "",
        21,
        "",
        "a true-false question needs `answer: true` or `answer: false`",
    ),
    "true-false with choices": (
        "type: single",
        "type: true-false\n    answer: true",
        11,
        "choices",
        "a true-false question has none; say `answer: true` or `false`",
    ),
    "single without choices": (CHOICES, "", 3, "", "choices is missing"),
    "duplicate key": (
        "level: basic",
        "level: basic\n    level: advanced",
        6,
        "",
        "key 'level' is given twice (first in 5)",
    ),
    "wrong domain": (
        "domain: safety",
        "domain: security",
        4,
        "domain",
        "must be one of ai, communication, content, information, problem-solving, safety "
        "(found 'security')",
    ),
    "anchor": (
        "domain: safety",
        "domain: &d safety",
        4,
        "",
        "an anchor (&d); write values out where they are",
    ),
    "alias": ("domain: safety", "domain: *d", 4, "", "an alias (*d); write the value out"),
    "merge key": (
        "domain: safety",
        "<<: {domain: safety}",
        4,
        "",
        "a merge key (<<); write values out where they are",
    ),
    "tag": (
        "domain: safety",
        "domain: !!python/name:os.system safety",
        4,
        "",
        "a tag (tag:yaml.org,2002:python/name:os.system); put text in quotes instead",
    ),
    "plain tag": (
        "domain: safety",
        "domain: !!str safety",
        4,
        "",
        "a tag (tag:yaml.org,2002:str); put text in quotes instead",
    ),
    "key that is no word": ("domain: safety", "[a]: safety", 4, "", "a key must be a word"),
    "tab": ("    domain", "\tdomain", 4, "", "a tab; use spaces"),
    "control character": (
        "Send it",
        "Send\x07it",
        13,
        "",
        "a control character (U+0007)",
    ),
    "text apart from its tones": (
        "Đọc mã cho họ",
        unicodedata.normalize("NFD", "Đọc mã cho họ"),
        11,
        "choices[0].vi",
        "not in Unicode NFC: some letters and their tones are stored apart",
    ),
    "invisible sign": (
        "Send it",
        "Send\u200b it",
        13,
        "choices[2].en",
        "an invisible or undefined sign (U+200B)",
    ),
    "escaped direction": (
        "Send it",
        "Send\\u202e it",
        13,
        "choices[2].en",
        "an invisible or undefined sign (U+202E)",
    ),
    "unbreakable space": (
        "Send it",
        "Send\u00a0it",
        13,
        "choices[2].en",
        "an unusual space (U+00A0); use a plain one",
    ),
    "too long": (
        "Send it by chat",
        "a" * 2001,
        13,
        "choices[2].en",
        "must be at most 2000 signs (found 2001)",
    ),
    "second document": ("pool: practice", "a: 1\n---\nb: 1", 2, "", "a second document; one file"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_with_its_line(case):
    old, new, line, path, message = CASES[case]

    [fault] = told(broken(old, new))

    assert fault[:2] == (line, path)
    assert fault[2].startswith(message)


@pytest.mark.parametrize("wrong", ["Pr-A", "pr_a", "pr--a", "-pr", "ab", "pr a", "a" * 65, "mã"])
def test_an_id_of_other_signs_is_refused(wrong):
    [(line, path, message)] = told(broken("id: pr-safety-otp", f'id: "{wrong}"'))

    assert (line, path) == (3, "id")
    assert "small letters, digits" in message or "at most 64" in message


def test_an_unknown_key_is_told_with_the_known_ones():
    [(line, path, message)] = told(broken("fact: 40", "facts: 40"))

    assert (line, path) == (20, "source.facts")
    assert message == "unknown key; known are basis, cite, fact"


def test_all_faults_of_a_file_are_told():
    data = SOUND.replace("level: basic", "level: easy").replace(", correct: true", "").encode()

    assert [(line, path) for line, path, _ in told(data)] == [(5, "level"), (23, "level")]
    data = SOUND.replace("answer: false", "answer: 1").replace(", correct: true", "").encode()
    assert [(line, path) for line, path, _ in told(data)] == [(10, "choices"), (28, "answer")]


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", 1, "the file is empty"),
        (b"# only a comment\n", 1, "the file is empty"),
        (b"pool: practice\nquestions:\n  id: a\n", 2, "must be a list (found keys with values)"),
        (b"- a\n", 1, "must be keys with values (found a list)"),
        (b"pool: practice\nquestions: ]\n", 2, "not YAML: did not find expected node content"),
        (b"pool: practice\nquestions: []\n", 2, "must have at least 1 entry (found 0)"),
        (b"pool: a\npool: \xff\n", 2, "not UTF-8 (byte 0xff)"),
        (SOUND.encode("utf-16"), 1, "not UTF-8 (byte 0xff)"),
        (b"pool: p\rquestions: []\n", 1, "a control character (U+000D)"),
        (b"[" * 100, 1, "nested too deeply"),
        (b"a: [" + b"1," * 300_000 + b"]", 1, "more than 200000 values"),
        (b"#" * (2 * 1024 * 1024 + 1), 1, "the file is larger than 2 MiB"),
    ],
)
def test_what_is_no_bank_file_at_all_is_refused(data, line, message):
    [fault] = told(data)

    assert (fault[0], fault[2]) == (line, message)


def test_an_alias_bomb_ends_at_its_first_anchor():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcd", "bcde", strict=True)
    )

    assert told(bomb.encode()) == [(1, "", "an anchor (&a); write values out where they are")]


def test_windows_line_ends_and_a_byte_order_mark_are_taken_and_kept():
    data = b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode()

    file = sound(data)

    assert file.content == data
    assert file.questions == sound().questions


def test_the_hash_is_of_content_alone():
    first, second = sound().questions
    relaid = sound(
        broken(
            '{vi: "Đọc mã cho họ", en: "Read it to them"}',
            "{en: Read it to them,   vi: Đọc mã cho họ, correct: false}",
        )
    )
    renamed = sound(broken("pr-safety-otp", "pr-safety-renamed"))
    reworded = sound(broken("An OTP is for you to type.", "Only you type an OTP."))

    assert content_hash(relaid.questions[0]) == content_hash(first)
    assert content_hash(renamed.questions[0]) == content_hash(first)
    assert content_hash(reworded.questions[0]) != content_hash(first)
    assert content_hash(second) == (
        "6affa86a85238e70328c2f4195f95dc059333ea0d7387aa1723c885f735187df"
    ), "hashes name revisions in databases: a change makes every question new"
