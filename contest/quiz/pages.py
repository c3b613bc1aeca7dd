"""Pages of the official attempt, from the paper to the receipt."""

import asyncio
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from contest.bank import queries as bank
from contest.editions.queries import EditionView, RoundView, round_by_id
from contest.errors import Invalid, NotFound
from contest.infra.chance import grouped
from contest.infra.database import Tx
from contest.quiz import answering, commands, queries, timing
from contest.quiz.answering import Saved
from contest.quiz.own_rounds import own_rounds
from contest.quiz.papers import PREDICTION
from contest.quiz.queries import AttemptView
from contest.quiz.timing import SaveVerdict
from contest.quiz.views import paper_view, save_of_form, saves_of_form
from contest.rules.predictions import (
    NotUnderstood,
    parse_prediction,
    teller,
    typed_prediction,
)
from contest.rules.shape import Prediction, PredictionKind
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, part, redirect, say, stencilled_part
from contest.web.threads import in_thread


def _own_attempt(tx: Tx, request: AnyRequest, code: str) -> AttemptView:
    found = queries.own_attempt(tx, code, account_id_of(request))
    if found is None:
        raise NotFound("no-attempt")
    return found


@get("/bai/{code:str}", opt={"action": "quiz.answer_paper"})
@in_thread
def answer_paper(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The whole paper as one form; a script shows it question by question."""
    return _paper_page(request, code)


def _paper_page(
    request: AnyRequest,
    code: str,
    *,
    saved: list[Saved] | None = None,
    prediction_text: str | None = None,
    prediction_error: str = "",
    status: int = 200,
) -> Response[Any]:
    site, context = site_of(request), context_of(request)
    with site.database.read() as tx:
        attempt = _own_attempt(tx, request, code)
        if attempt.is_over(context.received_at):
            return _to_receipt(request, attempt)
        edition, this = _edition_of(tx, attempt)
        bodies = bank.bodies(tx, [item.revision_id for item in attempt.items])
        answers = queries.current_answers(tx, attempt.id)
    prediction = edition.document.rules.prediction
    predicted = answers.get(PREDICTION)
    value = predicted.value if predicted else None
    understood = _in_words(request, value, prediction.kind)
    last_saved = max((answer.received_at for answer in answers.values()), default=None)
    return page(
        request,
        "quiz/paper.html",
        status=status,
        attempt=attempt,
        round=this,
        questions=paper_view(attempt, bodies, answers, context.lang),
        prediction=prediction,
        prediction_text=_as_typed(value, prediction.kind)
        if prediction_text is None
        else prediction_text,
        prediction_error=prediction_error,
        understood=understood,
        prediction_n=predicted.n if predicted else 0,
        left_ms=max(0, timing.to_ms(attempt.deadline_at - context.received_at)),
        last_saved=last_saved,
        stale=[each for each in saved or [] if each.verdict is SaveVerdict.STALE],
        just_saved=saved is not None and not prediction_error,
        tab=site.chance.octets(8).hex(),
    )


def _edition_of(tx: Tx, attempt: AttemptView) -> tuple[EditionView, RoundView]:
    found = round_by_id(tx, attempt.round_id)
    assert found is not None
    return found


def _to_receipt(request: AnyRequest, attempt: AttemptView) -> Response[Any]:
    if attempt.submitted_at is None:
        # Nothing can count any more and the sweep comes within a second; who looks meanwhile
        # need not wait for it.
        _submit(request, attempt.code)
    return redirect(f"/bai/{attempt.code}/bien-nhan")


def _submit(request: AnyRequest, code: str) -> None:
    site = site_of(request)
    site.database.write(
        commands.submit_attempt,
        attempt_code=code,
        account_id=account_id_of(request),
        received=context_of(request).received_at,
        chance=site.chance,
    )


def _read_prediction(
    request: AnyRequest, prediction: Prediction, text: str
) -> tuple[int | None, str]:
    """The understood value and, where it cannot be understood, the words that say so."""
    if prediction.kind == "none" or not text:
        return None, ""
    read = parse_prediction(text, prediction.kind)
    if isinstance(read, NotUnderstood):
        return None, say(request, _PREDICTION_FAULTS[read.code])
    return read.value, ""


def _(message: str) -> str:
    """Marks a text for translation."""
    return message


_PREDICTION_FAULTS = {
    "empty": _("Hãy ghi một con số, hoặc để trống nếu không dự đoán."),
    "not-a-number": _("Chỉ ghi con số, ví dụ 4971."),
    "not-whole": _("Hãy ghi số nguyên, không có phần lẻ."),
    "bad-thousands": _("Dấu chấm chỉ dùng để tách hàng nghìn, ví dụ 4.971."),
    "too-many-decimals": _("Chỉ ghi tối đa 5 chữ số sau dấu phẩy."),
    "too-large": _("Con số này lớn quá mức có thể."),
}


@post("/bai/{code:str}", opt={"action": "quiz.save_paper"})
@in_thread
def save_paper(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Saves the whole form, or saves and submits it: `intent` is "save" or "submit"."""
    site, context, form = site_of(request), context_of(request), form_of(request)
    with site.database.read() as tx:
        attempt = _own_attempt(tx, request, code)
        edition, _this = _edition_of(tx, attempt)
    rules = edition.document.rules
    text = form.text("prediction")
    value, fault = _read_prediction(request, rules.prediction, text)
    with_prediction = rules.prediction.kind != "none" and not fault
    saves = saves_of_form(
        form, len(attempt.items), with_prediction=with_prediction, prediction=value
    )
    facts: dict[str, Any] = {
        "attempt_code": code,
        "account_id": account_id_of(request),
        "saves": saves,
        "received": context.received_at,
    }
    if form.text("intent") == "submit" and not fault:
        saved, submitted = site.database.write(answering.hand_in, chance=site.chance, **facts)
        if submitted is not None:
            return redirect(f"/bai/{code}/bien-nhan")
        return _paper_page(request, code, saved=saved, status=409)
    saved = site.database.write(answering.save_paper, **facts)
    if fault:
        # The answers are kept all the same; only the prediction must be mended.
        return _paper_page(
            request,
            code,
            saved=saved,
            prediction_text=text,
            prediction_error=fault,
            status=422,
        )
    return _paper_page(request, code, saved=saved)


@post(
    "/bai/{code:str}/tra-loi",
    opt={"action": "quiz.save_answer", "uncompressed": True, "counted_only": True},
)
async def save_answer(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """One answer, saved on every choice; answered after the commit with what became of it."""
    site, context, form = site_of(request), context_of(request), form_of(request)
    value: int | None = None
    kind: PredictionKind = "none"
    if form.whole_number("position", -1) == PREDICTION:
        asked = await asyncio.to_thread(_asked_prediction, request, code)
        value, fault = _read_prediction(request, asked, form.text("prediction"))
        if fault:
            return part(request, "quiz/_not_understood.html", status=422, words=fault)
        kind = asked.kind
    saved = await site.database.write_async(
        answering.save_answer,
        attempt_code=code,
        account_id=account_id_of(request),
        save=save_of_form(form, value),
        received=context.received_at,
    )
    return stencilled_part(
        request,
        "quiz/_saved.html",
        fixed={
            "state": _STATES[saved.verdict],
            "minute": saved.received.replace(second=0, microsecond=0),
        },
        holes={
            "position": saved.position,
            "n": saved.n,
            "left_ms": saved.left_ms,
            "shown": ",".join(map(str, saved.current_shown)),
            "understood": _in_words(request, saved.current_prediction, kind),
            "typed": _as_typed(saved.current_prediction, kind),
        },
    )


def _asked_prediction(request: AnyRequest, code: str) -> Prediction:
    with site_of(request).database.read() as tx:
        edition, _this = _edition_of(tx, _own_attempt(tx, request, code))
    if edition.document.rules.prediction.kind == "none":
        raise Invalid("no-question")
    return edition.document.rules.prediction


def _as_typed(value: int | None, kind: PredictionKind) -> str:
    """A prediction as it stands in its field; "" where there is none."""
    return "" if value is None else typed_prediction(value, kind)


def _in_words(request: AnyRequest, value: int | None, kind: PredictionKind) -> str:
    """A prediction as it was understood; "" where there is none."""
    return teller(kind, context_of(request).lang)(value)


# What the page does with a verdict: a repeated save is a saved one.
_STATES = {
    SaveVerdict.COUNTED: "saved",
    SaveVerdict.REPEATED: "saved",
    SaveVerdict.STALE: "stale",
    SaveVerdict.LATE: "late",
    SaveVerdict.AFTER_SUBMISSION: "submitted",
}


@post("/bai/{code:str}/danh-dau", opt={"action": "quiz.flag_question", "uncompressed": True})
async def flag_question(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Marks a question to look at again, or takes the mark off; follows the person's devices."""
    site, form = site_of(request), form_of(request)
    on = await site.database.write_async(
        commands.flag_question,
        attempt_code=code,
        account_id=account_id_of(request),
        position=form.whole_number("position"),
        on=form.text("on") == "1",
    )
    return part(request, "quiz/_flagged.html", on=on)


@get("/bai/{code:str}/bien-nhan", opt={"action": "quiz.receipt"})
@in_thread
def receipt(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """That the paper was received, when, under which number; no score and no key."""
    context = context_of(request)
    with site_of(request).database.read() as tx:
        attempt = _own_attempt(tx, request, code)
        edition, this = _edition_of(tx, attempt)
        answers = queries.current_answers(tx, attempt.id)
        late = queries.late_answers(tx, attempt.id)
        account_id = account_id_of(request)
        own = own_rounds(tx, account_id, edition, [this], context.received_at)[this.id]
    if attempt.submitted_at is None:
        if not attempt.is_over(context.received_at):
            return redirect(f"/bai/{code}")
        _submit(request, code)
        return redirect(f"/bai/{code}/bien-nhan")
    answered = sum(1 for place, answer in answers.items() if place != PREDICTION and answer.value)
    predicted = answers.get(PREDICTION)
    kind = edition.document.rules.prediction.kind
    return page(
        request,
        "quiz/receipt.html",
        nav="quiz",
        attempt=attempt,
        edition=edition,
        round=this,
        own=own,
        receipt=grouped(attempt.receipt or ""),
        answered=answered,
        late=late,
        prediction=_in_words(request, predicted.value if predicted else None, kind),
    )


ROUTES = [
    answer_paper,
    save_paper,
    save_answer,
    flag_question,
    receipt,
]
