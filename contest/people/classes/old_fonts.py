"""Vietnamese typed for the fonts of the 1990s (TCVN3 "ABC", VNI), or in a wrong encoding. Pure.

Such a text is Latin letters that only those fonts draw as Vietnamese: "NguyÔn ThÞ Hµ" is Nguyễn
Thị Hà. It is recognised by turning it: when the words are no Vietnamese as they stand, and all are
after turning, the font is known. One name may read well both ways ("Vò" is Vũ in TCVN3); a whole
list does not, and so `font_of_list` looks at all of it. Names are never turned silently: whoever
has the list is asked.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal

Font = Literal["tcvn3", "vni"]

_TCVN3: Final = str.maketrans(
    "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢§£¤¥¦",
    "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂĐÊÔƠƯ",
)
_VNI_SINGLE: Final = dict(zip("íìæóòîñôöÍÌÆÓÒÎÑÔÖ", "íìỉĩịỵđơưÍÌỈĨỊỴĐƠƯ", strict=True))
_VNI_MARKS: Final[dict[str, dict[str, str]]] = {
    "a": dict(zip("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
    "y": dict(zip("ùøûõï", "ýỳỷỹỵ", strict=True)),
}
_VNI_PAIR: Final = re.compile(r"([aeoôuöyAEOÔUÖY])([ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË])")

_TONES: Final = {chr(code) for code in (0x300, 0x301, 0x303, 0x309, 0x323)}
_SYLLABLE: Final = re.compile(
    r"(b|ch?|d|đ|gi|gh?|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th|tr|t|v|x)?"
    r"(iêu|yêu|ươu|uôi|ươi|oai|oao|oay|oeo|uây|uya|uyu|uêu|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui"
    r"|ưi|ưu|ua|ưa|ia|uơ"
    r"|(uyê|iê|yê|uô|ươ|uâ|uê|uy|oa|oă|oe|oo(?=ng|c)|[aăâeêioôơuưy])(ch|ng|nh|c|m|n|p|t)?)"
)
_TONE_ON_CONSONANT: Final = re.compile("[b-df-hj-np-tv-xz][\u0300\u0301\u0303\u0309\u0323]")
# UTF-8 that was opened as a Western European text, and letters that were lost on the way.
_BROKEN: Final = re.compile(
    r"á[º»]|Ä[\u0080-\u009f‘ƒ]|Æ[°¡]|Ã[\u00a1-\u00bf\u0080-\u009f€-™]|[^\W\d_]\?|\?[^\W\d_]|\ufffd"
)


def is_broken(text: str) -> bool:
    """Letters lost or doubled by a wrong encoding: "Nguy?n", "Nguyá»…n"."""
    return bool(_BROKEN.search(text)) or any(
        # A mark that found no letter to stand on: bytes of a font read as Windows-1258.
        unicodedata.category(letter) == "Mn"
        for letter in unicodedata.normalize("NFC", text)
    )


def turned(text: str, font: Font) -> str:
    """The text in Unicode if it was typed for that font."""
    if font == "tcvn3":
        return text.translate(_TCVN3)
    paired = _VNI_PAIR.sub(_of_pair, text)
    made = "".join(_VNI_SINGLE.get(letter, letter) for letter in paired)
    return unicodedata.normalize("NFC", made)


def _of_pair(found: re.Match[str]) -> str:
    base, mark = found.groups()
    letter = _VNI_MARKS[base.lower()].get(mark.lower())
    if letter is None:
        return found[0]
    # In two parts, so that what a pair gave ("ò") is not taken for a sign of the font afterwards.
    return unicodedata.normalize("NFD", letter.upper() if base.isupper() else letter)


_FONTS: Final[tuple[Font, Font]] = ("tcvn3", "vni")


def font_of(text: str) -> Font | None:
    """The font that alone makes Vietnamese of this text; None for what is Vietnamese or neither."""
    return next((font for font in _FONTS if _fits(text, font)), None)


def font_of_list(names: Iterable[str]) -> Font | None:
    """The font of a list of names: a quarter of those with marks can be read in no other way."""
    marked = [name for name in names if not name.isascii()]
    fitting = {font: sum(_fits(name, font) for name in marked) for font in _FONTS}
    font = max(_FONTS, key=lambda each: fitting[each])
    return font if fitting[font] >= 2 and fitting[font] * 4 >= len(marked) else None


def _fits(text: str, font: Font) -> bool:
    """Whether some word is no Vietnamese as it stands, and all are once they are turned."""
    words = [word for word in re.findall(r"[^\s.,\-()]+", text) if not word.isascii()]
    if all(_is_syllable(word) for word in words):
        return False
    return all(_is_syllable(turned(word, font)) for word in words)


# Words, never whole names: those of a list share few.
@lru_cache(maxsize=4000)
def _is_syllable(word: str) -> bool:
    """Whether the sounds can be one Vietnamese syllable with one tone at most."""
    split = unicodedata.normalize("NFD", word.lower())
    if sum(letter in _TONES for letter in split) > 1 or _TONE_ON_CONSONANT.search(split):
        return False
    plain = unicodedata.normalize("NFC", "".join(each for each in split if each not in _TONES))
    return bool(_SYLLABLE.fullmatch(plain))
