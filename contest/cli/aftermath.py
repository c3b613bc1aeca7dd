"""What happened in the demo after its first week was published: complaints, and a corrected key.

Through the commands of the pages, with the times of that week: on the Monday, or within the first
hour or so where the Monday is not over yet.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec

from contest.bank import queries as bank
from contest.complaints.commands import CODE_LETTERS, answer_complaint, file_complaint
from contest.editions.queries import RoundView
from contest.infra.chance import Chance, code
from contest.infra.clock import HANOI
from contest.infra.database import Database, Tx
from contest.people.queries import ref_of
from contest.quiz.queries import AttemptView, current_answers, own_attempt, own_attempts
from contest.rulings.commands import propose_correction
from contest.standings import proposals
from contest.standings.commands import decide_ruling
from contest.standings.settle import try_ruling

CORRECTED: Final = "w1-safety-new-payee"
_DOUBTED: Final = "w1-ai-fair-visitors"

_REASON = (
    "Câu về e-mail báo đổi số tài khoản: gọi lại theo số trong hợp đồng và tạm hoãn lệnh chuyển đã "
    "đủ để tiền không tới tay kẻ gian; so tên miền và cách viết là việc nên làm thêm. Đề không nói "
    "phải chọn đủ cả ba, nên câu trả lời chỉ gồm hai việc ấy cũng được tính là đúng."
)
_ABOUT_CORRECTED = (
    "Câu kế toán nhận e-mail báo đổi số tài khoản: tôi chọn gọi lại theo số trong hợp đồng và tạm "
    "hoãn lệnh chuyển. Hai việc ấy đã giữ được tiền rồi, còn thư giả thì có khi viết giống hệt thư "
    "thật. Đề nghị ban tổ chức xem lại đáp án."
)
_UPHELD = (
    "Cảm ơn bạn. Ban ra đề đã xem lại và đồng ý: hai việc bạn chọn đã đủ để tiền không bị chuyển "
    "nhầm. Câu trả lời ấy được nhận thêm, bài của mọi người được chấm lại và bảng đã thay."
)
_ABOUT_TIME = (
    "Tôi nhớ lúc bấm nộp đồng hồ còn nhiều thời gian hơn con số trên trang kết quả. Đề nghị ban tổ "
    "chức kiểm tra lại thời gian làm bài của tôi."
)
_REJECTED = (
    "Ban tổ chức đã đối chiếu giờ bắt đầu và giờ nhận bài được lưu trên máy chủ; thời gian trên "
    "bảng khớp tới từng phần nghìn giây. Theo thể lệ, đồng hồ vẫn chạy khi trang bị ẩn hoặc mất "
    "mạng, nên kết quả được giữ nguyên."
)
_ABOUT_DOUBTED = (
    "Câu về số người dự hội sách: ghi rõ “theo AI” rồi nêu cả hai số cũng là nói thật với người "
    "đọc, họ tự cân nhắc được. Tôi nghĩ phương án này nên được chấp nhận."
)


class Moments(msgspec.Struct, frozen=True, kw_only=True):
    """When each thing happened, in this order; never after the demo's own time."""

    first_filed: datetime
    second_filed: datetime
    proposed: datetime
    decided: datetime
    upheld: datetime
    rejected: datetime
    third_filed: datetime


def moments(published: datetime, now: datetime) -> Moments:
    """The Monday's afternoon; pushed together where the Monday is not so far yet."""
    minutes = (65, 140, 340, 390, 410, 440, 480)
    last = timedelta(minutes=minutes[-1])
    pace = 1.0
    if now < published + last:
        # Adjusted one hour after publishing; within that hour, as far as time has come.
        pace = min(60 / 390, (now - published) / last)
    at = [published + timedelta(milliseconds=round(each * 60_000 * pace)) for each in minutes]
    # A complaint that waits is a fresh one, so that its answer is not overdue.
    local = now.astimezone(HANOI)
    evening = (local - timedelta(days=1)).replace(hour=20, minute=10, second=0, microsecond=0)
    return Moments(
        first_filed=at[0],
        second_filed=at[1],
        proposed=at[2],
        decided=at[3],
        upheld=at[4],
        rejected=at[5],
        third_filed=max(at[6], evening),
    )


def accepted_too(key_mask: int) -> int:
    """The key of several choices without its second right one: what most who miss it have given."""
    rest = key_mask & (key_mask - 1)
    return key_mask & ~(rest & -rest)


def add_aftermath(
    database: Database,
    this: RoundView,
    accounts: Iterable[int],
    *,
    published: datetime,
    by: str,
    chance: Chance,
    now: datetime,
) -> None:
    """Complaints of three of these people, and the ruling that one of them led to."""
    when = moments(published, now)
    with database.read() as tx:
        found = {each.question_id: each for each in bank.candidates(tx, this.rules.pool)}
        corrected = found[CORRECTED].revision_id
        mask = accepted_too(bank.keys(tx, [corrected])[corrected].key_mask)
        doubted = found[_DOUBTED].revision_id
        attempts = _submitted(tx, this, accounts)
        first = _who_missed(tx, attempts, corrected)
        third = _who_missed(tx, attempts, doubted)
        account_id, attempt = next(attempts, (0, None))
        second = (account_id, attempt.code) if attempt else None

    def file(of: tuple[int, str] | None, text: str, at: datetime) -> str:
        if of is None:
            return ""
        account_id, attempt_code = of
        with database.read() as tx:
            author = ref_of(tx, account_id)
        filed = database.write(
            file_complaint,
            attempt_code=attempt_code,
            account_id=account_id,
            text=text,
            new_code=code(chance, CODE_LETTERS),
            by=author,
            now=at,
        )
        return filed.complaint.code

    def answer(complaint: str, outcome: str, words: str, at: datetime, ruling: str = "") -> None:
        if complaint:
            database.write(
                answer_complaint,
                complaint_code=complaint,
                outcome=outcome,
                answer=words,
                ruling_code=ruling,
                by=by,
                now=at,
            )

    about_key = file(first, _ABOUT_CORRECTED, when.first_filed)
    about_time = file(second, _ABOUT_TIME, when.second_filed)
    ruling = _correct(database, this, corrected, mask, when, by=by, chance=chance)
    answer(about_key, "upheld", _UPHELD, when.upheld, ruling)
    answer(about_time, "rejected", _REJECTED, when.rejected)
    file(third, _ABOUT_DOUBTED, when.third_filed)


def _correct(
    database: Database,
    this: RoundView,
    revision_id: int,
    mask: int,
    when: Moments,
    *,
    by: str,
    chance: Chance,
) -> str:
    """Accepts an answer as well, as the desk does it; gives the ruling's code."""
    proposed = database.write(
        proposals.propose,
        proposal=propose_correction,
        facts={
            "round_id": this.id,
            "kind": "accept-also",
            "revision_id": revision_id,
            "masks": [mask],
            "reason": _REASON,
        },
        chance=chance,
        by=by,
        now=when.proposed,
    )
    try_ruling(database, proposed.code, lambda: when.proposed)
    database.write(decide_ruling, ruling_code=proposed.code, by=by, now=when.decided)
    return proposed.code


def _submitted(
    tx: Tx, this: RoundView, accounts: Iterable[int]
) -> Iterator[tuple[int, AttemptView]]:
    """People who handed in by themselves, with their attempts, one after the other."""
    for account_id in accounts:
        for each in own_attempts(tx, account_id, [this.id]):
            attempt = own_attempt(tx, each.code, account_id)
            if attempt is not None and attempt.submitted_by_itself is False:
                yield account_id, attempt


def _who_missed(
    tx: Tx, attempts: Iterator[tuple[int, AttemptView]], revision_id: int
) -> tuple[int, str] | None:
    """The next of them who answered this question wrongly: account and attempt code."""
    right = bank.keys(tx, [revision_id])[revision_id].key_mask
    for account_id, attempt in attempts:
        for place, item in enumerate(attempt.items, start=1):
            if item.revision_id == revision_id:
                given = current_answers(tx, attempt.id).get(place)
                if given is not None and given.value not in (None, 0, right):
                    return account_id, attempt.code
    return None
