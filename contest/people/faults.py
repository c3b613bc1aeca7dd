"""What is wrong with a form, field by field, in the reader's language."""

from collections.abc import Sequence

import msgspec

from contest.people import password_policy
from contest.people.password_policy import Fault
from contest.web.context import AnyRequest
from contest.web.templating import say


class FieldFault(msgspec.Struct, frozen=True):
    """`text` is the Vietnamese sentence, translated when it is shown; `facts` fill it."""

    field: str
    text: str
    facts: dict[str, object] = {}


class Line(msgspec.Struct, frozen=True):
    """A line of the list above the form."""

    field: str
    text: str


class Faults(msgspec.Struct, frozen=True):
    """For a template: the list above the form, and the first sentence of each field."""

    lines: list[Line]
    of: dict[str, str]


NONE = Faults([], {})

_PASSWORD_WORDS: dict[Fault, str] = {
    "missing": "Hãy đặt một mật khẩu.",
    "too-short": "Mật khẩu cần ít nhất %(count)d ký tự. Một câu ngắn dễ nhớ là tốt nhất.",
    "too-long": "Mật khẩu dài nhất %(count)d ký tự.",
    "common": "Mật khẩu này nhiều người dùng nên dễ bị đoán ra. Hãy chọn một câu của riêng bạn.",
    "personal": "Mật khẩu này gần như chỉ gồm tên, số điện thoại, thư điện tử hoặc ngày sinh. "
    "Người quen sẽ đoán ra; hãy thêm vài từ khác.",
}


def password_fault(field: str, fault: Fault, *, staff: bool) -> FieldFault:
    count = password_policy.SHORTEST_FOR_STAFF if staff else password_policy.SHORTEST
    facts: dict[str, object] = {}
    if fault == "too-short":
        facts["count"] = count
    elif fault == "too-long":
        facts["count"] = password_policy.LONGEST
    return FieldFault(field, _PASSWORD_WORDS[fault], facts)


def told(request: AnyRequest, found: Sequence[FieldFault]) -> Faults:
    """The faults in words. A field with two faults is told of the first."""
    lines = [Line(each.field, say(request, each.text, **each.facts)) for each in found]
    of: dict[str, str] = {}
    for line in lines:
        of.setdefault(line.field, line.text)
    return Faults(lines, of)
