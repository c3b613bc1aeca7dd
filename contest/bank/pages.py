"""Loading a question set through the browser: a file is checked whole, then taken whole."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post

from contest.bank import queries
from contest.bank.commands import Loaded, load_bank
from contest.bank.formats.yaml_files import Fault, join, read_bank_bytes
from contest.people import queries as people
from contest.web.context import AnyRequest, account_id_of, context_of, form_of
from contest.web.site import site_of
from contest.web.templating import page, say
from contest.web.threads import in_thread

_MOST_FAULTS = 50


@get("/dieu-hanh/cau-hoi", opt={"action": "bank.load_bank"})
@in_thread
def bank_page(request: AnyRequest) -> Response[Any]:
    """The pools with their sizes, and the form. No question is shown: sealed sets stay sealed."""
    return _bank_page(request)


def _bank_page(
    request: AnyRequest,
    *,
    loaded: Loaded | None = None,
    faults: Sequence[Fault] = (),
    problem: str = "",
    file_name: str = "",
) -> Response[Any]:
    with site_of(request).database.read() as tx:
        pools = queries.pools(tx)
    return page(
        request,
        "bank/load.html",
        nav="desk",
        status=422 if faults or problem else 200,
        pools=pools,
        loaded=loaded,
        faults=faults[:_MOST_FAULTS],
        more=max(0, len(faults) - _MOST_FAULTS),
        problem=problem,
        file_name=file_name,
    )


@post("/dieu-hanh/cau-hoi", opt={"action": "bank.load_bank"})
@in_thread
def load(request: AnyRequest) -> Response[Any]:
    """Names every fault with its line, or loads the file; sent again it changes nothing."""
    site = site_of(request)
    upload = form_of(request).uploads.get("file")
    if upload is None or not upload.name:
        return _bank_page(request, problem=say(request, "Hãy chọn một tệp câu hỏi (.yaml)."))
    file = read_bank_bytes(upload.name, upload.content)
    bank = file if isinstance(file, list) else join([file])
    if isinstance(bank, list):
        return _bank_page(request, faults=bank, file_name=upload.name)
    with site.database.read() as tx:
        by = people.ref_of(tx, account_id_of(request))
    loaded = site.database.write(load_bank, bank=bank, by=by, now=context_of(request).received_at)
    return _bank_page(request, loaded=loaded, file_name=upload.name)


ROUTES = [bank_page, load]
