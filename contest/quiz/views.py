"""A paper as its page shows it, and what its form sends back. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from contest.bank.queries import QuestionBody
from contest.errors import Invalid
from contest.quiz.answering import Save
from contest.quiz.papers import PREDICTION, Item
from contest.quiz.queries import AttemptView, CurrentAnswer
from contest.web.forms import Form

LETTERS = "ABCDEF"
_TRUE_FALSE = ({"vi": "Đúng", "en": "True"}, {"vi": "Sai", "en": "False"})


class ChoiceView(msgspec.Struct, frozen=True, kw_only=True):
    """`place` is what the form sends: the place as shown to this person."""

    place: int
    letter: str
    text: str
    chosen: bool


class QuestionView(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    domain: str
    type: str
    text: str
    choices: list[ChoiceView]
    answered: bool
    flagged: bool
    n: int


def shown_choices(item: Item, body: QuestionBody, lang: str) -> list[str]:
    """The choices' texts in the order of this paper."""
    texts: Sequence[Mapping[str, str]] = body.body.choices or _TRUE_FALSE
    return [texts[original][lang] for original in item.order]


def paper_view(
    attempt: AttemptView,
    bodies: Mapping[int, QuestionBody],
    answers: Mapping[int, CurrentAnswer],
    lang: str,
) -> list[QuestionView]:
    """The questions of a paper with what is chosen now, in one language."""
    questions = []
    for number, item in enumerate(attempt.items, start=1):
        body = bodies[item.revision_id]
        answer = answers.get(number)
        chosen = item.to_shown(answer.value) if answer else ()
        questions.append(
            QuestionView(
                number=number,
                domain=body.domain,
                type=item.type,
                text=body.body.text[lang],
                choices=[
                    ChoiceView(
                        place=place, letter=LETTERS[place], text=text, chosen=place in chosen
                    )
                    for place, text in enumerate(shown_choices(item, body, lang))
                ],
                answered=bool(chosen),
                flagged=attempt.is_flagged(number),
                n=answer.n if answer else 0,
            )
        )
    return questions


def tab_of(form: Form) -> str:
    """The tab's own name: 1 to 16 letters and digits. Raises Invalid."""
    tab = form.text("tab")
    if not (0 < len(tab) <= 16 and tab.isascii() and tab.isalnum()):
        raise Invalid("unreadable-form")
    return tab


def _small(form: Form, name: str) -> int:
    value = form.whole_number(name)
    if not 0 <= value <= 1_000_000:
        raise Invalid("not-a-number", field=name)
    return value


def _places(form: Form, name: str) -> tuple[int, ...]:
    places = []
    for text in form.all(name):
        if not (text.isascii() and text.isdigit() and len(text) == 1):
            raise Invalid("no-choice")
        places.append(int(text))
    return tuple(places)


def save_of_form(form: Form, prediction: int | None) -> Save:
    """One answer, as a script sends it: place, choices or prediction, tab, seq, based_on."""
    return Save(
        position=_small(form, "position"),
        shown=_places(form, "choice"),
        prediction=prediction,
        tab=tab_of(form),
        seq=_small(form, "seq"),
        based_on=_small(form, "based_on"),
    )


def saves_of_form(
    form: Form, questions: int, *, with_prediction: bool, prediction: int | None
) -> list[Save]:
    """All answers of a paper's form; `r3` says which answer to question 3 the page had shown."""
    tab, seq = tab_of(form), _small(form, "seq")
    saves = [
        Save(
            position=number,
            shown=_places(form, f"q{number}"),
            tab=tab,
            seq=seq,
            based_on=_small(form, f"r{number}"),
        )
        for number in range(1, questions + 1)
    ]
    if with_prediction:
        saves.append(
            Save(
                position=PREDICTION,
                prediction=prediction,
                tab=tab,
                seq=seq,
                based_on=_small(form, f"r{PREDICTION}"),
            )
        )
    return saves
