"""A signed paper as it is typed in: one with its scan, or a row each of a whole class."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from contest.people.birthdays import read_birth_date
from contest.people.classes.queries import PupilView
from contest.people.consent import PURPOSES
from contest.people.consent.commands import RELATIONS
from contest.people.consent.machine import band
from contest.people.consent.paper_queries import KnownParent
from contest.people.consent.papers import (
    LONGEST_KEPT_WHERE,
    SignedBy,
    age_forbids,
    earliest_day,
)
from contest.people.consent.scans import Fault, fault_of
from contest.people.faults import FieldFault
from contest.people.names import is_name, tidy_name
from contest.web.forms import Form, Upload

PARENT, CHILD = "parent", "child"

_NO_DAY = "Hãy ghi ngày ký trên phiếu."
_DAY_TO_COME = "Ngày ký ở tương lai. Hãy ghi đúng ngày trên phiếu."
_DAY_LONG_AGO = "Ngày ký trước %(day)s là quá cũ. Hãy xin gia đình ký phiếu mới."
_NO_PLACE = "Hãy ghi phiếu giấy cất ở đâu, ví dụ “tủ hồ sơ lớp 5A, phòng giáo viên”."
_NO_EVIDENCE = "Hãy ghi phiếu cất ở đâu, hoặc chọn ảnh chụp của phiếu."
_PLACE_TOO_LONG = "Chỗ cất phiếu dài nhất %(most)d ký tự."
_NO_NAME = "Hãy ghi họ và tên người ký, chỉ gồm chữ cái."
_OWN_NAME = "Đây là tên của học sinh. Hãy ghi tên cha, mẹ hoặc người giám hộ đã ký."
_NO_RELATION = "Hãy chọn quan hệ của người ký với học sinh."
_NO_PURPOSE = "Hãy đánh dấu điều được đồng ý trên phiếu."
_NO_SIGNATURE = "Hãy đánh dấu ai đã ký trên phiếu."
_NOTHING = "Hãy đánh dấu ít nhất một điều có chữ ký trên phiếu."
_OTHER_AGE = "Phiếu này ký khi em ở tuổi khác; nay pháp luật cần chữ ký khác. Hãy xin ký phiếu mới."
_NOT_CHECKED = "Hãy xác nhận đã kiểm tra giấy tờ của người ký."
_EMPTY_FORM = "Chưa có phiếu nào được ghi. Hãy điền ít nhất một em."

_SCAN_WORDS: dict[Fault, str] = {
    "empty": "Tệp này trống. Hãy chụp lại phiếu rồi chọn tệp mới.",
    "too-large": "Tệp lớn hơn 3 MB. Hãy chụp ở cỡ nhỏ hơn rồi chọn lại.",
    "not-a-scan": "Tệp này không phải ảnh JPG, PNG hay PDF, dù tên tệp thế nào. "
    "Ảnh HEIC của iPhone: hãy chụp màn hình ảnh ấy rồi gửi ảnh chụp.",
    "broken": "Tệp bị hỏng hoặc thiếu một phần. Hãy chụp lại phiếu rồi chọn tệp mới.",
    "hides-something": "Tệp này chứa thêm nội dung khác ngoài ảnh của phiếu nên không nhận. "
    "Hãy chụp lại phiếu bằng điện thoại rồi chọn ảnh đó.",
}

# What the commands refuse, told at the form.
REFUSALS: dict[str, str] = {
    "withdrawn-since": "Một điều trên phiếu đã được rút sau ngày ký hoặc trong ngày ký. "
    "Muốn đồng ý lại thì gia đình ký phiếu mới vào ngày sau đó.",
    "signed-at-other-age": _OTHER_AGE,
    "paper-adds-nothing": "Mọi điều trên phiếu đã có chữ ký còn hiệu lực, không cần ghi lại.",
    "wrong-signer": "Ở tuổi này cần chữ ký của người khác. Hãy tải lại trang rồi ghi lại.",
}


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """What the papers of one form have in common, as typed."""

    form_key: str
    signed_on: str = ""
    kept_where: str = ""


class PaperRow(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil's row in the form of a class. `purposes`: ticked for all who signed."""

    full_name: str = ""
    relation: str = ""
    purposes: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()


class PaperForm(msgspec.Struct, frozen=True, kw_only=True):
    """One paper, as typed; each signer's purposes by themselves."""

    common: Common
    full_name: str = ""
    relation: str = ""
    of_parent: tuple[str, ...] = ()
    of_child: tuple[str, ...] = ()
    checked: bool = False


def read_common(form: Form) -> Common:
    return Common(
        form_key=form.text("form_key", limit=40),
        signed_on=form.text("signed_on", limit=20),
        # Longer than may be kept: what is too long is told, not cut.
        kept_where=form.text("kept_where", limit=4 * LONGEST_KEPT_WHERE),
    )


def read_paper(form: Form) -> PaperForm:
    return PaperForm(
        common=read_common(form),
        full_name=form.text("full_name", limit=100),
        relation=form.text("relation", limit=20),
        of_parent=_known(form.all("of_parent"), PURPOSES),
        of_child=_known(form.all("of_child"), PURPOSES),
        checked=form.ticked("checked"),
    )


def read_rows(
    form: Form, pupils: Sequence[PupilView], known: Mapping[int, KnownParent]
) -> dict[str, PaperRow]:
    """Pupil's ref → the row, of those in which somebody wrote something."""
    found = {}
    for pupil in pupils:
        row = PaperRow(
            full_name=form.text(f"ten.{pupil.ref}", limit=100),
            relation=form.text(f"qh.{pupil.ref}", limit=20),
            purposes=_known(form.all(f"muc.{pupil.ref}"), PURPOSES),
            signers=_known(form.all(f"ky.{pupil.ref}"), (PARENT, CHILD)),
        )
        parent = known.get(pupil.account_id)
        # A name that we filled in ourselves is nothing that somebody wrote.
        is_ours = parent is not None and row.full_name == parent.full_name
        if row.purposes or row.signers or (row.full_name and not is_ours):
            found[pupil.ref] = row
    return found


def _known(sent: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in words if each in sent)


def day_of(typed: Common) -> date | None:
    return read_birth_date(typed.signed_on, "", "")


def common_faults(
    typed: Common, today: date, *, not_before: date | None = None, has_scan: bool = False,
    may_scan: bool = False,
) -> list[FieldFault]:  # fmt: skip
    """`not_before`: the first day that makes sense for this class."""
    found = []
    signed_on, first = day_of(typed), earliest_day(today)
    if not_before is not None:
        first = max(first, not_before)
    if signed_on is None:
        found.append(FieldFault("signed_on", _NO_DAY))
    elif signed_on > today:
        found.append(FieldFault("signed_on", _DAY_TO_COME))
    elif signed_on < first:
        facts: dict[str, object] = {"day": first.strftime("%d/%m/%Y")}
        found.append(FieldFault("signed_on", _DAY_LONG_AGO, facts))
    if len(" ".join(typed.kept_where.split())) > LONGEST_KEPT_WHERE:
        found.append(FieldFault("kept_where", _PLACE_TOO_LONG, {"most": LONGEST_KEPT_WHERE}))
    elif not typed.kept_where and not has_scan:
        found.append(FieldFault("kept_where", _NO_EVIDENCE if may_scan else _NO_PLACE))
    return found


def row_faults(
    row: PaperRow, pupil: PupilView, signed_on: date | None, today: date
) -> list[FieldFault]:
    """What is missing in a row in which something was written."""
    ref, who = pupil.ref, band(pupil.birth_date, today)
    found = []
    by_parent, by_child = _signed(row, who)
    if not row.purposes:
        found.append(FieldFault(f"muc.{ref}", _NO_PURPOSE))
    if not by_parent and not by_child:
        found.append(FieldFault(f"ky.{ref}", _NO_SIGNATURE))
    if by_parent:
        found += _parent_faults(row.full_name, row.relation, pupil.full_name, f".{ref}")
    if signed_on is not None and age_forbids(
        pupil.birth_date, signed_on, today, child_signed=by_child
    ):
        found.append(FieldFault(f"ten.{ref}", _OTHER_AGE))
    return found


def _signed(row: PaperRow, who: str) -> tuple[bool, bool]:
    """Whether the parent's and the child's own signatures count, by who signs at that age."""
    return (
        PARENT in row.signers and who != "self",
        CHILD in row.signers and who != "representative",
    )


def row_facts(row: PaperRow, pupil: PupilView, today: date) -> dict[str, Any]:
    """What record_paper asks for, out of a row without faults."""
    by_parent, by_child = _signed(row, band(pupil.birth_date, today))
    return {
        "representative": SignedBy(row.full_name, row.relation) if by_parent else None,
        "purposes_of_representative": row.purposes if by_parent else (),
        "purposes_of_child": row.purposes if by_child else (),
    }


def paper_faults(
    typed: PaperForm, full_name: str, birth_date: date, today: date, *, at_desk: bool
) -> list[FieldFault]:
    """Of who signed what; the day and the place are `common_faults`."""
    found = []
    of_parent, of_child = signed_purposes(typed, birth_date, today)
    if not of_parent and not of_child:
        found.append(FieldFault("purposes", _NOTHING))
    if of_parent:
        found += _parent_faults(
            typed.full_name, typed.relation, full_name, "", ("full_name", "relation")
        )
    signed_on = day_of(typed.common)
    if signed_on is not None and age_forbids(
        birth_date, signed_on, today, child_signed=bool(of_child)
    ):
        found.append(FieldFault("signed_on", _OTHER_AGE))
    if at_desk and not typed.checked:
        found.append(FieldFault("checked", _NOT_CHECKED))
    return found


def signed_purposes(
    typed: PaperForm, birth_date: date, today: date
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parent's and the child's own, as far as they sign at that age."""
    who = band(birth_date, today)
    return (
        typed.of_parent if who != "self" else (),
        typed.of_child if who != "representative" else (),
    )


def paper_facts(typed: PaperForm, birth_date: date, today: date) -> dict[str, Any]:
    of_parent, of_child = signed_purposes(typed, birth_date, today)
    return {
        "representative": SignedBy(typed.full_name, typed.relation) if of_parent else None,
        "purposes_of_representative": of_parent,
        "purposes_of_child": of_child,
        "kept_where": typed.common.kept_where,
        "form_key": typed.common.form_key,
    }


def _parent_faults(
    full_name: str,
    relation: str,
    child_name: str,
    suffix: str,
    fields: tuple[str, str] = ("ten", "qh"),
) -> list[FieldFault]:
    found = []
    name = tidy_name(full_name)
    if not is_name(name):
        found.append(FieldFault(f"{fields[0]}{suffix}", _NO_NAME))
    elif name == child_name:
        found.append(FieldFault(f"{fields[0]}{suffix}", _OWN_NAME))
    if relation not in RELATIONS:
        found.append(FieldFault(f"{fields[1]}{suffix}", _NO_RELATION))
    return found


def scan_of(form: Form) -> Upload | None:
    """The file, None where none was chosen (a browser then sends an empty one without a name)."""
    upload = form.uploads.get("scan")
    return upload if upload is not None and upload.name else None


def scan_faults(upload: Upload | None) -> list[FieldFault]:
    fault = fault_of(upload.content) if upload is not None else None
    return [FieldFault("scan", _SCAN_WORDS[fault])] if fault else []


def refusal_fault(code: str, field: str = "") -> FieldFault:
    return FieldFault(field, REFUSALS[code])


EMPTY_FORM = FieldFault("", _EMPTY_FORM)
