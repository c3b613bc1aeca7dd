"""The shape of a question in a bank file. The published JSON Schema is made from these classes."""

import hashlib
import json
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

DomainName = Literal["information", "communication", "content", "safety", "problem-solving", "ai"]
LevelName = Literal["basic", "intermediate", "advanced"]
TypeName = Literal["single", "multiple", "true-false"]
Basis = Literal["law", "standard", "text", "common"]

DOMAINS: tuple[str, ...] = get_args(DomainName)
LEVELS: tuple[str, ...] = get_args(LevelName)

_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"

PoolName = Annotated[
    str,
    Meta(
        min_length=2,
        max_length=64,
        pattern=_SLUG,
        description="The set these questions belong to: small letters, digits, single hyphens.",
    ),
]
QuestionId = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=64,
        pattern=_SLUG,
        description=(
            "Unique in the whole bank: small letters, digits, single hyphens, at most 64 signs. "
            "It must not hint at the answer."
        ),
    ),
]
# Far above house style (`bank/lint.py`): this only keeps a broken file from becoming a page.
Text = Annotated[str, Meta(min_length=1, max_length=2000)]


class _Shape(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all parts of a bank file share. Defaults stay out of the content hash, so that a new
    optional field does not turn every question into a new revision."""


class Words(_Shape, frozen=True, kw_only=True):
    """The same words in Vietnamese, the original, and in English."""

    vi: Annotated[Text, Meta(description="In Vietnamese, Unicode NFC.")]
    en: Annotated[Text, Meta(description="In English, saying the same.")]


class Choice(_Shape, frozen=True, kw_only=True):
    """One choice; the order in the file is the order of the bits in a key."""

    vi: Annotated[Text, Meta(description="In Vietnamese, Unicode NFC.")]
    en: Annotated[Text, Meta(description="In English, saying the same.")]
    correct: Annotated[bool, Meta(description="Whether this choice belongs to the key.")] = False


class Source(_Shape, frozen=True, kw_only=True):
    """What the key stands on."""

    basis: Annotated[
        Basis,
        Meta(
            description=(
                "law: a legal text; standard: a technical standard or a licence's own text; "
                "text: another text that can be read; common: common technical knowledge or advice."
            )
        ),
    ]
    cite: Annotated[Words, Meta(description="The source as entrants see it beside the answer.")]
    fact: (
        Annotated[
            int, Meta(ge=1, description="Row of facts.md the key stands on: only seen or own.")
        ]
        | None
    ) = None


class Question(_Shape, frozen=True, kw_only=True):
    """A question with its key, its explanation and its source."""

    id: QuestionId
    domain: Annotated[
        DomainName, Meta(description="Domain of competence (Circular 02/2025/TT-BGDĐT).")
    ]
    level: LevelName
    type: Annotated[
        TypeName,
        Meta(
            description=(
                "single: exactly one correct choice; multiple: at least two correct and one wrong; "
                "true-false: a statement with `answer` and without `choices`."
            )
        ),
    ]
    text: Annotated[Words, Meta(description="The question, or the statement to judge.")]
    choices: Annotated[
        tuple[Choice, ...],
        Meta(min_length=3, max_length=6, description="Three to six; four is usual."),
    ] = ()
    answer: Annotated[
        bool | None, Meta(description="Of a true-false question: whether the statement is true.")
    ] = None
    explanation: Annotated[
        Words, Meta(description="Why the key is right; shown once answers may be seen.")
    ]
    source: Source


class Document(_Shape, frozen=True, kw_only=True):
    """A file of the question bank of Sân Chơi: questions of one pool, bilingual, with keys."""

    pool: PoolName
    questions: Annotated[tuple[Question, ...], Meta(min_length=1)]


def content_hash(question: Question) -> str:
    """
    SHA-256, in hex, of everything a reviewer read: all of the question but its id.

    Taken over canonical JSON (sorted keys, no spaces, UTF-8, defaults left out), so that layout,
    comments and quoting in the file do not count. (id, hash) names a revision; two ids with one
    hash are the same question twice.
    """
    content = msgspec.to_builtins(question)
    del content["id"]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def key_mask(question: Question) -> int:
    """The key as bits: bit i is set when choice i, in the file's order, is correct.

    A true-false question has two imagined choices: bit 0 is "true", bit 1 is "false".
    """
    if question.type == "true-false":
        return 0b01 if question.answer else 0b10
    return sum(1 << i for i, choice in enumerate(question.choices) if choice.correct)
