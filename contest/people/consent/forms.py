"""What a child, a grown person or a parent typed and ticked under a consent."""

from collections.abc import Collection

import msgspec

from contest.people.consent import PURPOSES, TAKE_PART
from contest.people.consent.commands import RELATIONS
from contest.people.faults import FieldFault
from contest.people.names import is_name, tidy_name
from contest.web.forms import Form

_TAKE_PART_FIRST = "Hãy đánh dấu ô dự thi trước; các ô khác chỉ có nghĩa khi dự thi."
_NO_NAME = "Hãy ghi họ và tên của cha, mẹ hoặc người giám hộ, chỉ gồm chữ cái."
_CHILDS_NAME = "Đây là tên của người dự thi. Hãy ghi tên của cha, mẹ hoặc người giám hộ."
_NO_RELATION = "Hãy chọn quan hệ với người dự thi."
_NOT_TICKED = "Hãy đánh dấu ô này nếu quý vị đồng ý."


class ParentForm(msgspec.Struct, frozen=True, kw_only=True):
    """The texts as they were typed."""

    full_name: str = ""
    relation: str = ""
    agrees: bool = False


def ticked_purposes(form: Form) -> list[str]:
    """In the order of PURPOSES; what is no purpose of ours is left out."""
    return [each for each in PURPOSES if form.ticked(each)]


def purpose_faults(ticked: Collection[str], *, takes_part: bool) -> list[FieldFault]:
    """`takes_part`: whether this signer signed before that one takes part."""
    if takes_part or TAKE_PART in ticked:
        return []
    return [FieldFault(TAKE_PART, _TAKE_PART_FIRST)]


def read_parent(form: Form) -> ParentForm:
    return ParentForm(
        full_name=form.text("full_name", limit=100),
        relation=form.text("relation", limit=20),
        agrees=form.ticked("agrees"),
    )


def parent_faults(typed: ParentForm, child_name: str) -> list[FieldFault]:
    """Of the name and the relation."""
    found = []
    name = tidy_name(typed.full_name)
    if not is_name(name):
        found.append(FieldFault("full_name", _NO_NAME))
    elif name == child_name:
        found.append(FieldFault("full_name", _CHILDS_NAME))
    if typed.relation not in RELATIONS:
        found.append(FieldFault("relation", _NO_RELATION))
    return found


def tick_fault(typed: ParentForm) -> list[FieldFault]:
    return [] if typed.agrees else [FieldFault("agrees", _NOT_TICKED)]
