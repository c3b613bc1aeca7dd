"""One's own page: who I am here, how I get in, my rounds and results, my complaints."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from contest.complaints.queries import own_complaints
from contest.editions.queries import EditionView, RoundView, editions, entrant
from contest.infra.chance import grouped
from contest.infra.database import Tx
from contest.people import password_policy, queries
from contest.people.consent.overview import overview
from contest.people.names import public_name
from contest.quiz.own_rounds import OwnRound, own_rounds
from contest.standings import queries as standings
from contest.standings.queries import OwnStanding, Published
from contest.units import queries as units
from contest.units.pages import today
from contest.web.context import AnyRequest, account_id_of, context_of
from contest.web.site import site_of
from contest.web.templating import page
from contest.web.threads import in_thread

_SAYS_DONE = {
    "mat-khau": "Đã đổi mật khẩu. Mọi thiết bị khác đã được đăng xuất.",
    "hien-ten": "Đã lưu. Từ giờ bảng xếp hạng hiện tên viết tắt của bạn.",
    "noi-o": "Đã lưu nơi ở mới.",
    "an-ten": "Đã lưu. Từ giờ bảng xếp hạng chỉ hiện mã bài thi của bạn.",
}


class OwnResult(msgspec.Struct, frozen=True, kw_only=True):
    """
    A round in which a person has attempts. `official` once published, `standing` with a place.

    `attempt_code`: of the attempt that its links lead to.
    """

    edition: EditionView
    round: RoundView
    own: OwnRound
    attempt_code: str
    official: Published | None
    standing: OwnStanding | None


@get("/tai-khoan", opt={"action": "people.account"})
@in_thread
def account_page(request: AnyRequest, xong: FromQuery[str] = "") -> Response[Any]:
    """Who I am here, what I took part in, and how I get in. `xong` names what was just done."""
    account_id = account_id_of(request)
    with site_of(request).database.read() as tx:
        account = queries.account(tx, account_id)
        grants = queries.grants_of(tx, account_id)
        ward = units.unit_name(tx, account.ward_id) or account.ward_other
        school = units.school_name(tx, account.school_id) or account.school_other
        consents = overview(tx, account_id, account.birth_date, on=today(request))
        shows_name = bool(queries.shown_names(tx, [account_id], on=today(request)))
        results = _own_results(tx, account_id, context_of(request).received_at)
        complaints = own_complaints(tx, account_id)
    return page(
        request,
        "people/account.html",
        nav="account",
        account=account,
        code=grouped(account.code),
        ward=ward,
        school=school,
        roles=sorted({grant.role.value for grant in grants}),
        roles_sleep=bool(grants) and account.password_is_short,
        staff_length=password_policy.SHORTEST_FOR_STAFF,
        consents=consents,
        signs_alone=consents.band == "self",
        shows_name=shows_name,
        public_name=public_name(account.full_name),
        results=results,
        complaints=complaints,
        round_titles={each.id: each.title for one in results for each in one.edition.rounds},
        done=_SAYS_DONE.get(xong),
    )


def _own_results(tx: Tx, account_id: int, now: datetime) -> list[OwnResult]:
    """The rounds the person took part in, the newest edition first, each with its result."""
    found = []
    for edition in editions(tx):
        this = entrant(tx, edition.id, account_id)
        if this is None:
            continue
        own = own_rounds(tx, account_id, edition, edition.rounds, now)
        taken = [each for each in edition.rounds if own[each.id].attempts]
        official = standings.publications(tx, [each.id for each in taken])
        for each in reversed(taken):
            mine, result = own[each.id], official.get(each.id)
            shown = mine.running or mine.done or mine.attempts[-1]
            standing = standings.own_standing(tx, result, this.id) if result else None
            found.append(
                OwnResult(
                    edition=edition,
                    round=each,
                    own=mine,
                    attempt_code=shown.code,
                    official=result,
                    standing=standing,
                )
            )
    return found


ROUTES = [account_page]
