"""Words of a question: what is compared, and what house style refuses in one text."""

import re
import unicodedata
from collections.abc import Iterator

from contest.bank.formats.question import Question

MOST_TEXT = 300
MOST_CHOICE = 160

_WORD = re.compile(r"[^\W_]+")
_TONES = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.I)
_SPACE_BEFORE_SIGN = re.compile(r" [,;:?!…](?:\s|$)| \.(?:\s|$)")
# Choices are shuffled on the paper: "the above" points nowhere, letters name others.
_POINTS_AT_OTHERS = {
    "vi": re.compile(
        r"\b(?:tất cả|cả (?:hai|ba|bốn)|không|mọi)(?: có| các)?"
        r" (?:đáp án|phương án|lựa chọn|ý|câu|điều)(?: nào)?(?: (?:ở )?trên| đều| đúng| sai|\.?$)"
        r"|\bcả [A-F](?:,| và) ?[B-F]\b|\b(?:đáp án|phương án) [A-F]\b",
        re.I,
    ),
    "en": re.compile(
        r"\b(?:all|none|both|any) of the (?:above|choices|answers)\b"
        r"|\bboth [A-F] and [B-F]\b|\b(?:answer|choice|option)s? [A-F]\b",
        re.I,
    ),
}
_OLD_UNITS = re.compile(r"\b(?:quận|huyện|63 tỉnh)\b", re.I)
_VIETNAMESE_CITE = re.compile(r"\b(?:Điều|khoản|Luật|Nghị định|Thông tư|Bộ luật)\b", re.I)
_TELLING_ID = frozenset(
    {"true", "false", "right", "wrong", "correct", "incorrect", "dung", "sai", "myth"}
)


def plain_words(text: str) -> tuple[str, ...]:
    """Words and numbers of a text in small letters without tones; đ counts as d."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return tuple(_WORD.findall("".join(c for c in letters if not unicodedata.combining(c))))


def texts(question: Question) -> Iterator[tuple[str, str, str]]:
    """Path, Vietnamese and English of everything bilingual in a question."""
    yield "text", question.text.vi, question.text.en
    for index, choice in enumerate(question.choices):
        yield f"choices[{index}]", choice.vi, choice.en
    yield "explanation", question.explanation.vi, question.explanation.en
    yield "source.cite", question.source.cite.vi, question.source.cite.en


def wording_faults(question: Question) -> Iterator[tuple[str, str]]:
    """Path and message of every breach of house style in a question's words."""
    for path, vi, en in texts(question):
        for language, text in (("vi", vi), ("en", en)):
            at = f"{path}.{language}"
            yield from ((at, told) for told in _spacing(text, path))
            is_choice = path.startswith("choices")
            most = MOST_CHOICE if is_choice else MOST_TEXT
            if (is_choice or path == "text") and len(text) > most:
                yield at, f"must be at most {most} signs (found {len(text)})"
            if is_choice and _POINTS_AT_OTHERS[language].search(text):
                yield at, "points at other choices, whose order changes on the paper"
        yield from _languages(path, vi, en)
    yield from _repeated_choices(question)


def wording_warnings(question: Question) -> Iterator[tuple[str, str]]:
    """What may be meant and usually is not."""
    if telling := _TELLING_ID.intersection(question.id.split("-")):
        yield "id", f"may hint at the answer ({', '.join(sorted(telling))})"
    if "không còn" not in question.explanation.vi:
        for path, vi, _ in texts(question):
            if found := _OLD_UNITS.search(vi):
                yield f"{path}.vi", f"{found[0]!r}: such units ended with 30 June 2025"
                break
    if question.type == "true-false" and question.text.vi.rstrip().endswith("?"):
        yield "text.vi", "a statement to judge ends in a question mark"
    for language in ("vi", "en"):
        stops = {getattr(choice, language).endswith(".") for choice in question.choices}
        if len(stops) > 1:
            yield "choices", f"some choices end in a full stop and some do not ({language})"
    if question.source.basis == "law" and not re.search("[0-9]", question.source.cite.vi):
        yield "source.cite.vi", "a law is cited by its number"


def _spacing(text: str, path: str) -> Iterator[str]:
    if text != text.strip():
        yield "begins or ends with a space or an empty line"
    if "  " in text:
        yield "two spaces in a row"
    if path.startswith("choices") and "\n" in text:
        yield "a choice is one line"
    if found := _SPACE_BEFORE_SIGN.search(text):
        yield f"a space before {found[0].strip()!r}"


def _languages(path: str, vi: str, en: str) -> Iterator[tuple[str, str]]:
    """Rough on purpose: names, addresses and terms are the same in both languages."""
    long = path in ("text", "explanation")
    # File names and addresses are no words: only what stands alone between spaces counts.
    bare = (word.strip(".,;:?!…()“”\"'") for word in vi.split())
    words = [word for word in bare if word.isalpha() and word.islower()]
    sentence = long or len(words) >= 4
    if sentence and vi == en:
        yield f"{path}.en", "the same as the Vietnamese"
        return
    if sentence and path != "source.cite" and not _TONES.search(vi):
        yield f"{path}.vi", "has no Vietnamese letter; is it Vietnamese?"
    english = _WORD.findall(en)
    marked = sum(1 for word in english if _TONES.search(word))
    if path == "source.cite":
        if _VIETNAMESE_CITE.search(en):
            yield f"{path}.en", "cites in Vietnamese; write Law, Decree, Article, clause"
    elif (long or len(english) >= 4) and marked > 0.4 * len(english):
        yield f"{path}.en", "most words are Vietnamese; is it English?"


def _repeated_choices(question: Question) -> Iterator[tuple[str, str]]:
    for language in ("vi", "en"):
        seen: dict[str, int] = {}
        for index, choice in enumerate(question.choices):
            text: str = getattr(choice, language)
            first = seen.setdefault(" ".join(text.casefold().split()).rstrip(".").strip(), index)
            if first != index:
                yield f"choices[{index}].{language}", f"the same as choices[{first}].{language}"
