"""The two letters about a complaint, rendered before the command that sends them."""

from datetime import datetime
from typing import Any

from contest.complaints.commands import Letter, written
from contest.infra.chance import grouped
from contest.web.context import AnyRequest, context_of
from contest.web.i18n import DEFAULT
from contest.web.site import site_of


def received(
    request: AnyRequest,
    email: str | None,
    *,
    full_name: str,
    complaint_code: str,
    attempt_code: str,
    round_title: dict[str, str],
    due_at: datetime,
) -> Letter | None:
    """To the entrant, in the language they read here; None without an address."""
    values = {
        "full_name": full_name,
        "code": grouped(complaint_code),
        "round_title": round_title,
        "due_at": due_at,
        "link": _link(request, attempt_code),
    }
    return _letter(request, "received", context_of(request).lang, email, values)


def answered(
    request: AnyRequest,
    email: str | None,
    *,
    full_name: str,
    complaint_code: str,
    attempt_code: str,
    round_title: dict[str, str],
    outcome: str,
    answer: str,
) -> Letter | None:
    """In Vietnamese: no language is kept of the entrant, and the reader here is the organiser."""
    values = {
        "full_name": full_name,
        "code": grouped(complaint_code),
        "round_title": round_title,
        "outcome": outcome,
        "answer": written(answer),
        "link": _link(request, attempt_code),
    }
    return _letter(request, "answered", DEFAULT, email, values)


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
