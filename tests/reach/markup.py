"""What a page is made of, read without a browser: its skeleton, links, forms and texts."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

SEARCHED = "Nguyễn"
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# Attributes that people read or hear; `data-words-…` is what a script will put on the page.
_SPOKEN = ("alt", "title", "aria-label", "placeholder", "aria-description", "label")
_SPOKEN_DATA = ("word", "words", "label", "confirm")
_STATES = (
    "class",
    "id",
    "role",
    "type",
    "hidden",
    "disabled",
    "open",
    "aria-invalid",
    "aria-current",
)
# A number in an id or class tells rows apart, not kinds of things.
_DIGITS = str.maketrans("", "", "0123456789")


@dataclass
class Control:
    tag: str
    attributes: dict[str, str]
    options: list[str] = field(default_factory=list)
    selected: str = ""

    @property
    def name(self) -> str:
        return self.attributes.get("name", "")

    @property
    def kind(self) -> str:
        return self.attributes.get("type", "text") if self.tag == "input" else self.tag


@dataclass
class Form:
    action: str
    method: str
    encoding: str
    controls: list[Control] = field(default_factory=list)

    @property
    def asks_for_something(self) -> bool:
        """There is a field that must be filled: sent empty, the form has to be refused."""
        return any("required" in each.attributes for each in self.controls)

    def blank(self) -> dict[str, str]:
        """What a browser sends when nothing was filled in: what is hidden, and empty lines."""
        sent = {}
        for each in self.controls:
            if each.kind == "hidden":
                sent[each.name] = each.attributes.get("value", "")
            elif each.kind not in ("submit", "button", "checkbox", "radio", "file") and each.name:
                sent[each.name] = ""
        return sent

    def untouched(self) -> dict[str, str]:
        """What a browser sends when the form goes as it came; without text areas."""
        sent = self.blank()
        for each in self.controls:
            if each.name in sent:
                sent[each.name] = each.attributes.get("value", each.selected)
        return sent

    def searched(self) -> str:
        """The query of a GET form: words typed, the last of each list and a first box chosen."""
        sent = {}
        for each in self.controls:
            if not each.name or each.kind in ("submit", "button"):
                continue
            if each.kind in ("text", "search"):
                sent[each.name] = each.attributes.get("value") or SEARCHED
            elif each.tag == "select" and each.options:
                sent[each.name] = each.options[-1]
            elif each.kind in ("hidden", "date") or "checked" in each.attributes:
                sent[each.name] = each.attributes.get("value", "")
            elif each.kind in ("radio", "checkbox"):
                sent.setdefault(each.name, each.attributes.get("value", ""))
        return urlencode(sent)


@dataclass
class Said:
    """A text that stands on a page. `lang`: of the nearest element that names one."""

    text: str
    lang: str
    where: str


class Markup(HTMLParser):
    """
    `skeleton`: chains of tags and their states within <main>, without what repeats; `shell`: those
    around it, with where their links lead.
    """

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.said: list[Said] = []
        self.lang = ""
        self._chain: list[tuple[str, str, str, bool]] = []
        self._skeleton: set[str] = set()
        self._shell: set[str] = set()
        self._form: Form | None = None
        self.feed(text)
        self.close()

    @property
    def skeleton(self) -> frozenset[str]:
        return frozenset(self._skeleton)

    @property
    def shell(self) -> frozenset[str]:
        return frozenset(self._shell)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        lang = given.get("lang", self._chain[-1][2] if self._chain else "")
        if tag == "html":
            self.lang = lang
        states = "".join(
            f"[{name}={given[name].translate(_DIGITS)}]" for name in _STATES if name in given
        )
        is_main = tag == "main" or bool(self._chain and self._chain[-1][3])
        # Two levels of parents tell where a thing stands; the whole chain would tell rows apart.
        chain = "/".join(each[1] for each in self._chain[-2:]) + f"/{tag}{states}"
        if is_main:
            self._skeleton.add(chain)
        else:
            self._shell.add(chain + given.get("href", "").partition("?")[0])
        for name, value in given.items():
            is_data = name.startswith("data-") and any(
                part in _SPOKEN_DATA for part in name.split("-")
            )
            is_button = tag == "input" and name == "value" and given.get("type") == "submit"
            is_description = tag == "meta" and given.get("name") == "description"
            if name in _SPOKEN or is_data or is_button or (is_description and name == "content"):
                self._say(value, lang, f"{chain}@{name}")
        self._collect(tag, given)
        if tag not in _VOID:
            self._chain.append((tag, f"{tag}{states}", lang, is_main))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        for at in range(len(self._chain) - 1, -1, -1):
            if self._chain[at][0] == tag:
                del self._chain[at:]
                return

    def handle_data(self, data: str) -> None:
        if self._chain and self._chain[-1][0] not in ("script", "style"):
            chain = "/".join(each[1] for each in self._chain[-3:])
            self._say(data, self._chain[-1][2], chain)

    def _say(self, text: str, lang: str, where: str) -> None:
        words = " ".join(text.split())
        if words:
            self.said.append(Said(words, lang, where))

    def _collect(self, tag: str, given: dict[str, str]) -> None:
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif tag == "form":
            self._form = Form(
                given.get("action", ""),
                given.get("method", "get").lower(),
                given.get("enctype", ""),
            )
            self.forms.append(self._form)
        elif self._form is not None and tag in ("input", "select", "textarea", "button"):
            self._form.controls.append(Control(tag, given))
        elif self._form is not None and tag == "option" and self._form.controls:
            control = self._form.controls[-1]
            control.options.append(given.get("value", ""))
            if "selected" in given:
                control.selected = given.get("value", "")
