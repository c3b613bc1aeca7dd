"""Words, numbers and dates in Vietnamese and English.

Pages are written in Vietnamese, and that text is the gettext message id; English is its
translation in locale/en. So Vietnamese can never be missing. The catalogue is read from its .po
at the start: no compiled file to forget.
"""

import gettext
import unicodedata
from datetime import datetime
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from contest.infra.clock import HANOI

DEFAULT = "vi"
_DAYS = {
    "vi": ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_MONTHS_EN = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def load_translations(locale: Path) -> dict[str, gettext.NullTranslations]:
    """Language → translations; Vietnamese gives every message id back as it is."""
    with (locale / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return {"vi": gettext.NullTranslations(), "en": gettext.GNUTranslations(compiled)}


def number(value: int, lang: str) -> str:
    """15083 → 15.083 in Vietnamese, 15,083 in English."""
    text = f"{value:,}"
    return text.replace(",", ".") if lang == "vi" else text


def score(milli: int, lang: str) -> str:
    """Thousandths of a point → 10, 7,5 or 3,333."""
    whole, rest = divmod(milli, 1000)
    if not rest:
        return number(whole, lang)
    point = "," if lang == "vi" else "."
    return f"{number(whole, lang)}{point}{rest:03d}".rstrip("0")


def duration(ms: int, lang: str) -> str:
    """Milliseconds → 2:41,905 (minutes, seconds, thousandths), with hours where there are any."""
    seconds, thousandths = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    point = "," if lang == "vi" else "."
    hours, below = divmod(minutes, 60)
    head = f"{hours}:{below:02d}" if hours else f"{minutes}"
    return f"{head}:{seconds:02d}{point}{thousandths:03d}"


def clock_time(moment: datetime, lang: str) -> str:
    """14:05, in Hanoi."""
    return moment.astimezone(HANOI).strftime("%H:%M")


def day(moment: datetime, lang: str) -> str:
    """Chủ nhật 29/11 or Sunday 29 Nov."""
    local = moment.astimezone(HANOI)
    name = _DAYS[lang][local.weekday()]
    if lang == "vi":
        return f"{name} {local.day}/{local.month}"
    return f"{name} {local.day} {_MONTHS_EN[local.month - 1]}"


def moment(when: datetime, lang: str) -> str:
    """22:00, Chủ nhật 29/11/2026, for what must be exact."""
    local = when.astimezone(HANOI)
    return f"{clock_time(when, lang)}, {day(when, lang)}{'/' if lang == 'vi' else ' '}{local.year}"


_TONES_AND_MARKS = {"đ": "d", "Đ": "d"}


def without_tones(text: str) -> str:
    """For searching: "Hoà Bình" and "Hòa Bình" → "hoa binh"."""
    plain = "".join(_TONES_AND_MARKS.get(letter, letter) for letter in text)
    split = unicodedata.normalize("NFD", plain)
    kept = "".join(letter for letter in split if not unicodedata.combining(letter))
    return " ".join(kept.lower().split())
