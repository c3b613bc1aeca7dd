"""The two letters about a complaint, in the entrant's language, rendered before the command that
sends them."""

from datetime import datetime
from typing import Any

from contest.complaints.commands import Letter, written
from contest.infra.chance import grouped
from contest.web.context import AnyRequest
from contest.web.site import site_of


def received(
    request: AnyRequest,
    email: str | None,
    *,
    full_name: str,
    language: str,
    complaint_code: str,
    attempt_code: str,
    round_title: dict[str, str],
    due_at: datetime,
) -> Letter | None:
    """That it was received, and by when it is answered; None without an address."""
    values = {
        "full_name": full_name,
        "code": grouped(complaint_code),
        "round_title": round_title,
        "due_at": due_at,
        "link": _link(request, attempt_code),
    }
    return _letter(request, "received", language, email, values)


def answered(
    request: AnyRequest,
    email: str | None,
    *,
    full_name: str,
    language: str,
    complaint_code: str,
    attempt_code: str,
    round_title: dict[str, str],
    outcome: str,
    answer: str,
) -> Letter | None:
    """The organiser's answer, in the words in which it was written."""
    values = {
        "full_name": full_name,
        "code": grouped(complaint_code),
        "round_title": round_title,
        "outcome": outcome,
        "answer": written(answer),
        "link": _link(request, attempt_code),
    }
    return _letter(request, "answered", language, email, values)


def _link(request: AnyRequest, attempt_code: str) -> str:
    return f"{site_of(request).settings.public_url}/bai/{attempt_code}/khieu-nai"


def _letter(
    request: AnyRequest, name: str, lang: str, email: str | None, values: dict[str, Any]
) -> Letter | None:
    if email is None:
        return None
    text = site_of(request).templates.text
    return Letter(
        to_address=email,
        subject=text(lang, f"mail/complaints/{name}/subject.txt", values).strip(),
        body=text(lang, f"mail/complaints/{name}/body.txt", values).strip(),
    )
