"""Bringing a class list in: sent or pasted, looked at, brought in; failed lines back as a file."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from contest.people import faults, queries
from contest.people.classes import commands, preview, uploads
from contest.people.classes import queries as classes
from contest.people.classes.failed_rows import faults_workbook
from contest.people.classes.look import columns_of, look
from contest.people.classes.plain_lists import MAX_ROWS
from contest.people.classes.preview import Read
from contest.people.classes.queries import ClassView
from contest.people.classes.sheets import UNREADABLE_WORDS, Unreadable, read_list, read_pasted
from contest.people.faults import FieldFault, told
from contest.units.pages import today
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, redirect, say
from contest.web.threads import in_thread

_NO_FILE = "Hãy chọn tệp danh sách lớp, hoặc dán các ô ở bên cạnh."
_NOTHING_PASTED = "Hãy dán các ô của danh sách, mỗi em một dòng."
# Some thousand lines; more than that comes as a file.
_PASTED_AT_MOST = 1_000_000
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get("/lop/{ref:str}/danh-sach", opt={"action": "people.import_class_list"})
@in_thread
def list_page(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    return _list_page(request, _own_class(request, ref))


def _own_class(request: AnyRequest, ref: str) -> ClassView:
    with site_of(request).database.read() as tx:
        return classes.class_of(tx, ref, account_id_of(request))


def _list_page(
    request: AnyRequest, this: ClassView, found: Sequence[FieldFault] = (), pasted: str = ""
) -> Response[Any]:
    return page(
        request,
        "people/classes/list.html",
        nav="classes",
        status=422 if found else 200,
        this=this,
        pasted=pasted,
        most_rows=MAX_ROWS,
        faults=told(request, found) if found else faults.NONE,
    )


@post("/lop/{ref:str}/danh-sach", opt={"action": "people.import_class_list"})
@in_thread
def read_class_list(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    """Reads the file or what was pasted; goes on to the page of how it is understood."""
    site, form = site_of(request), form_of(request)
    this = _own_class(request, ref)
    upload = form.uploads.get("file")
    # Not stripped: the first cell of a list may be empty.
    pasted = form.secret("pasted", limit=_PASTED_AT_MOST)
    field = "pasted" if "pasted" in form else "file"
    if field == "pasted":
        if not pasted.strip():
            return _list_page(request, this, [FieldFault(field, _NOTHING_PASTED)])
        sheets, file_name = read_pasted(pasted), ""
    else:
        if upload is None or not upload.content:
            return _list_page(request, this, [FieldFault(field, _NO_FILE)])
        sheets, file_name = read_list(upload.name, upload.content), upload.name
    if isinstance(sheets, Unreadable):
        fault = FieldFault(field, UNREADABLE_WORDS[sheets.code], sheets.facts)
        return _list_page(request, this, [fault], pasted)
    kept = site.database.write(
        uploads.keep_upload,
        class_id=this.id,
        file_name=file_name,
        cells=msgspec.json.encode(sheets).decode(),
        chosen=preview.written(preview.first_guess(sheets, this)),
        chance=site.chance,
        now=context_of(request).received_at,
    )
    return redirect(f"/lop/{ref}/danh-sach/{kept}")


@get("/lop/{ref:str}/danh-sach/{upload:str}", opt={"action": "people.import_class_list"})
@in_thread
def preview_page(
    request: AnyRequest, ref: FromPath[str], upload: FromPath[str], doi: FromQuery[str] = ""
) -> Response[Any]:
    """What the list means and what it would change. `doi`: it is read otherwise than was seen."""
    day = today(request)
    with site_of(request).database.read() as tx:
        this = classes.class_of(tx, ref, account_id_of(request))
        read = preview.read_upload(tx, this, upload, today=day)
        found = preview.outcome(tx, this, read, today=day)
    return page(
        request,
        "people/classes/preview.html",
        nav="classes",
        this=this,
        upload=read.upload,
        look=look(read, found, partial(say, request)),
        changed=doi == "1",
    )


@post("/lop/{ref:str}/danh-sach/{upload:str}", opt={"action": "people.import_class_list"})
@in_thread
def import_class_list(
    request: AnyRequest, ref: FromPath[str], upload: FromPath[str]
) -> Response[Any]:
    """`do=read`: reads it again with other columns; `do=bring`: brings it in as it was shown."""
    site, form = site_of(request), form_of(request)
    with site.database.read() as tx:
        this = classes.class_of(tx, ref, account_id_of(request))
        by = queries.ref_of(tx, account_id_of(request))
        read = preview.read_upload(tx, this, upload, today=today(request))
    here = f"/lop/{ref}/danh-sach/{upload}"
    if form.text("do") != "bring":
        site.database.write(
            uploads.choose_columns,
            class_id=this.id,
            upload=upload,
            chosen=preview.written(columns_of(form, read.sheets)),
        )
        return redirect(here)
    if read.understood is None or not read.understood.pupils:
        return redirect(here)
    if form.text("seen") != preview.seen(read.upload):
        # Another tab reads it otherwise: nothing goes in that nobody has looked at.
        return redirect(f"{here}?doi=1")
    return redirect(f"/lop/{ref}?xong={_bring_in(request, this, read, by)}")


def _bring_in(request: AnyRequest, this: ClassView, read: Read, by: str) -> str:
    """Piece by piece, so that an answer of somebody in the quiz never waits long behind it."""
    site, now = site_of(request), context_of(request).received_at
    assert read.understood is not None
    pupils = read.understood.pupils
    came = changed = same = 0
    for first in range(0, len(pupils), commands.PIECE):
        done = site.database.write(
            commands.import_list,
            class_id=this.id,
            pupils=pupils,
            columns=preview.written(read.columns),
            secret_key=site.settings.secret_key,
            first=first,
            by=by,
            chance=site.chance,
            now=now,
        )
        came += done.new + done.back + done.moved
        changed += done.changed
        same += done.same
    site.database.write(uploads.mark_brought_in, class_id=this.id, upload=read.upload.ref, now=now)
    return f"{came}-{changed}-{same}"


@get(
    "/lop/{ref:str}/danh-sach/{upload:str}/dong-loi.xlsx",
    opt={"action": "people.import_class_list"},
)
@in_thread
def failed_lines(request: AnyRequest, ref: FromPath[str], upload: FromPath[str]) -> Response[Any]:
    """The lines that have faults, as they stood, each with what is wrong in words."""
    with site_of(request).database.read() as tx:
        this = classes.class_of(tx, ref, account_id_of(request))
        read = preview.read_upload(tx, this, upload, today=today(request))
    if read.understood is None or read.columns is None:
        return redirect(f"/lop/{ref}/danh-sach/{upload}")
    sheet = read.sheets[read.columns.sheet]
    content = faults_workbook(sheet, read.columns, read.understood, partial(say, request))
    return Response(
        content,
        media_type=_WORKBOOK,
        headers={
            "content-disposition": 'attachment; filename="dong-can-sua.xlsx"',
            "cache-control": "no-store",
        },
    )


ROUTES = [list_page, read_class_list, preview_page, import_class_list, failed_lines]
