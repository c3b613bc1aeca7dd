"""The one place where errors become a status and words that say what to do now."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import msgspec
import structlog
from litestar import Response
from litestar.exceptions import HTTPException

from contest.errors import ContestError, SignInNeeded, TooMany
from contest.web.context import AnyRequest, context_of
from contest.web.templating import page, part, redirect, say

log = structlog.get_logger("problem")

STATUS = {
    "not-found": 404,
    "not-allowed": 403,
    "sign-in-needed": 401,
    "conflict": 409,
    "closed": 409,
    "invalid": 422,
    "too-many": 429,
    "too-large": 413,
    "unavailable": 503,
    "error": 400,
}


class Action(msgspec.Struct, frozen=True):
    """A way on from a problem."""

    href: str
    label: str


class Words(msgspec.Struct, frozen=True):
    title: str
    advice: str
    actions: tuple[tuple[str, str], ...] = (("/", "Về trang chủ"),)


def _(message: str) -> str:
    """Marks a Vietnamese text for translation; it is translated when it is shown."""
    return message


_HOME = ("/", _("Về trang chủ"))
_SIGN_IN = ("/dang-nhap", _("Đăng nhập"))
_QUIZ = ("/thi", _("Xem các vòng thi"))

# code → words. A code without an entry gets the words of its status.
WORDS: dict[str, Words] = {
    "no-page": Words(
        _("Không có trang này"),
        _("Có thể đường dẫn bị gõ thiếu hoặc trang đã đổi chỗ. Hãy đi từ trang chủ."),
    ),
    "no-right": Words(
        _("Trang này không dành cho tài khoản của bạn"),
        _(
            "Nếu bạn cần vào trang này, hãy nhờ ban tổ chức cấp quyền, hoặc đăng nhập bằng tài khoản khác."
        ),
        (_HOME, ("/tai-khoan", _("Tài khoản của tôi"))),
    ),
    "sign-in-needed": Words(
        _("Cần đăng nhập"),
        _(
            "Phiên đăng nhập đã hết hoặc bạn chưa đăng nhập. Hãy đăng nhập rồi làm tiếp; những gì đã lưu vẫn còn."
        ),
        (_SIGN_IN, _HOME),
    ),
    "stale-form": Words(
        _("Trang này đã cũ, xin tải lại"),
        _(
            "Bạn đã đăng nhập hoặc đăng xuất ở một thẻ khác, hoặc trình duyệt chặn cookie. Hãy tải lại trang rồi gửi lại; chưa có gì bị mất."
        ),
    ),
    "foreign-form": Words(
        _("Yêu cầu đến từ một trang khác"),
        _(
            "Để bảo vệ bạn, chúng tôi không nhận biểu mẫu gửi từ trang khác. Hãy mở Sân Chơi rồi làm lại."
        ),
    ),
    "unreadable-form": Words(
        _("Không đọc được nội dung gửi lên"),
        _("Dữ liệu bị hỏng trên đường đi. Hãy quay lại trang trước và gửi lại."),
    ),
    "too-large": Words(
        _("Nội dung gửi lên quá lớn"),
        _("Hãy quay lại và gửi nội dung ngắn hơn hoặc tệp nhỏ hơn."),
    ),
    "too-many-sign-ins": Words(
        _("Thử đăng nhập quá nhiều lần"),
        _(
            "Hãy đợi ít phút rồi thử lại. Nếu quên mật khẩu, dùng mã khôi phục hoặc nhờ ban tổ chức đặt lại."
        ),
        (("/quen-mat-khau", _("Quên mật khẩu")), _HOME),
    ),
    "database-busy": Words(
        _("Máy chủ đang bận"),
        _(
            "Lỗi này ở phía chúng tôi. Hãy thử lại sau ít giây; những gì đã báo “đã lưu” thì vẫn còn."
        ),
    ),
    "files-busy": Words(
        _("Đang có nhiều người tải tệp kết quả"),
        _(
            "Tệp lớn nên mỗi lúc chỉ làm được vài tệp. Hãy đợi khoảng nửa phút rồi tải lại; bảng xếp hạng vẫn xem được ngay."
        ),
        (("/xep-hang", _("Xem bảng xếp hạng")), _HOME),
    ),
    "no-attempt": Words(
        _("Không tìm thấy bài thi"),
        _("Bài thi này không có, hoặc thuộc về tài khoản khác. Hãy mở lại từ trang vòng thi."),
        (_QUIZ, _HOME),
    ),
    "no-unit": Words(
        _("Không có đơn vị này"),
        _("Hãy tìm phường, xã theo tên cũ hoặc tên mới; không cần dấu."),
        (("/don-vi", _("Tra phường, xã")), _HOME),
    ),
    "no-unit-of-yours": Words(
        _("Không có số liệu của đơn vị này cho bạn"),
        _(
            "Trong kỳ này đơn vị không thuộc phần bạn phụ trách. Hãy mở đơn vị của bạn, hoặc nhờ ban tổ chức cấp quyền."
        ),
        (("/don-vi-toi", _("Đơn vị của tôi")), _HOME),
    ),
    "no-ward": Words(
        _("Phường, xã này hôm nay không còn"),
        _("Hãy quay lại và chọn một phường hoặc xã trong danh sách."),
        (("/noi-o", _("Chọn nơi ở")), _HOME),
    ),
    "no-home": Words(
        _("Chưa ghi nơi ở"),
        _("Hãy quay lại và chọn phường, xã, hoặc ghi nơi bạn ở."),
        (("/noi-o", _("Chọn nơi ở")), _HOME),
    ),
    "no-round": Words(
        _("Không có vòng thi này"),
        _("Hãy xem danh sách các vòng thi."),
        (_QUIZ, _HOME),
    ),
    "round-not-open": Words(
        _("Vòng thi chưa mở"),
        _("Hãy xem giờ mở trên trang vòng thi; trong lúc chờ, bạn có thể luyện tập."),
        (_QUIZ, ("/luyen-tap", _("Luyện tập"))),
    ),
    "round-closed": Words(
        _("Vòng thi đã đóng"),
        _("Không nhận bài mới nữa. Bạn có thể luyện tập hoặc xem các vòng khác."),
        (_QUIZ, ("/luyen-tap", _("Luyện tập"))),
    ),
    "attempts-used": Words(
        _("Bạn đã dùng hết lượt thi của vòng này"),
        _(
            "Mỗi người chỉ có số lượt ghi trong thể lệ. Bạn có thể xem lại bài đã nộp hoặc luyện tập."
        ),
        (_QUIZ, ("/luyen-tap", _("Luyện tập"))),
    ),
    "too-young": Words(
        _("Chưa đủ tuổi dự thi"),
        _("Thể lệ quy định tuổi tối thiểu. Bạn vẫn có thể luyện tập thoải mái."),
        (("/the-le", _("Xem thể lệ")), ("/luyen-tap", _("Luyện tập"))),
    ),
    "consent-missing": Words(
        _("Chưa có sự đồng ý tham gia"),
        _(
            "Trước khi thi cần sự đồng ý: của bạn, và của cha mẹ hoặc người giám hộ nếu bạn chưa đủ 16 tuổi."
        ),
        (("/dong-y", _("Tới bước đồng ý")), ("/luyen-tap", _("Luyện tập"))),
    ),
    "barred-role": Words(
        _("Vai trò của bạn không được dự thi"),
        _(
            "Người trong ban tổ chức, ban ra đề và ban giám khảo không dự thi chính thức. Bạn có thể luyện tập."
        ),
        (("/the-le", _("Xem thể lệ")), ("/luyen-tap", _("Luyện tập"))),
    ),
    "not-submitted": Words(
        _("Bài thi chưa nộp"),
        _("Biên nhận có sau khi nộp bài."),
        (_QUIZ,),
    ),
    "not-published": Words(
        _("Kết quả chưa công bố"),
        _(
            "Điểm, thứ hạng và đáp án hiện cùng lúc khi ban tổ chức công bố. Giờ dự kiến có trên trang thể lệ."
        ),
        (("/the-le", _("Xem thể lệ")), _HOME),
    ),
    "no-line": Words(
        _("Không có bài nào mang mã này trên bảng"),
        _("Hãy xem lại mã dự thi, hoặc mở từ một dòng của bảng xếp hạng."),
        (("/xep-hang", _("Xem bảng xếp hạng")), _HOME),
    ),
    "why-not-ready": Words(
        _("Phần giải thích đang được chuẩn bị"),
        _("Kết quả không đổi; từng bước xếp hạng sẽ hiện ở đây sau ít phút. Hãy tải lại trang."),
        (("/xep-hang", _("Xem bảng xếp hạng")), _HOME),
    ),
    "complaint-period-over": Words(
        _("Đã hết hạn khiếu nại"),
        _("Nếu vẫn có điều cần nói, hãy liên hệ ban tổ chức theo cách ghi trong thể lệ."),
        (("/the-le#lien-he", _("Xem thể lệ")), _HOME),
    ),
    "complaints-used": Words(
        _("Đã đủ số khiếu nại cho vòng này"),
        _("Nếu vẫn có điều cần nói, hãy liên hệ ban tổ chức theo cách ghi trong thể lệ."),
        (("/the-le#lien-he", _("Xem thể lệ")), _HOME),
    ),
    "no-complaint": Words(
        _("Không tìm thấy khiếu nại này"),
        _("Khiếu nại này không có, hoặc thuộc về tài khoản khác. Hãy mở lại từ trang kết quả."),
        (_QUIZ, _HOME),
    ),
    "complaint-answered": Words(
        _("Khiếu nại này đã được trả lời"),
        _("Không rút hay trả lời lại được nữa. Hãy tải lại trang để đọc câu trả lời."),
    ),
    "complaint-withdrawn": Words(
        _("Khiếu nại này đã được rút"),
        _("Người dự thi đã rút khiếu nại, không cần trả lời nữa."),
        (("/dieu-hanh/khieu-nai", _("Khiếu nại")),),
    ),
    "not-settled": Words(
        _("Chưa công bố được"),
        _(
            "Vòng này chưa đóng, còn bài chưa nộp hoặc chưa tính xong kết quả. Hãy đợi tính xong rồi công bố."
        ),
        (("/dieu-hanh", _("Bàn điều hành")),),
    ),
    "no-question": Words(
        _("Vòng này không có câu hỏi đó"),
        _(
            "Chưa có bài thi nào của vòng này giữ câu hỏi đó, nên không có gì để sửa. Câu chưa ai nhận thì sửa ngay trong tệp câu hỏi rồi nạp lại."
        ),
        (("/dieu-hanh", _("Bàn điều hành")), ("/dieu-hanh/cau-hoi", _("Nạp câu hỏi"))),
    ),
    "no-ruling": Words(
        _("Không có quyết định này"),
        _("Hãy mở lại từ trang câu hỏi của vòng thi, nơi mọi đề nghị và quyết định được liệt kê."),
        (("/dieu-hanh", _("Bàn điều hành")),),
    ),
    "ruling-dropped": Words(
        _("Đề nghị này đã bị bỏ"),
        _("Chưa có gì thay đổi. Nếu vẫn cần, hãy làm lại đề nghị từ trang câu hỏi của vòng thi."),
        (("/dieu-hanh", _("Bàn điều hành")),),
    ),
    "ruling-decided": Words(
        _("Đề nghị này đã được áp dụng"),
        _("Quyết định đã có hiệu lực thì không bỏ được nữa, chỉ gỡ bỏ bằng một quyết định mới."),
        (("/dieu-hanh", _("Bàn điều hành")),),
    ),
    "ruling-not-in-force": Words(
        _("Quyết định này không còn hiệu lực"),
        _("Có thể người khác vừa gỡ bỏ. Hãy tải lại trang quyết định để xem tình trạng mới nhất."),
        (("/dieu-hanh", _("Bàn điều hành")),),
    ),
    "already-disqualified": Words(
        _("Bài dự thi này đã bị loại"),
        _("Một quyết định khác đã loại bài này khỏi vòng. Hãy bỏ đề nghị thứ hai."),
        (("/dieu-hanh", _("Bàn điều hành")),),
    ),
    "round-published": Words(
        _("Kết quả vòng này đã công bố"),
        _("Giờ đóng và bài thi của vòng không đổi được nữa. Nếu đáp án sai, hãy sửa đáp án."),
        (("/dieu-hanh", _("Bàn điều hành")),),
    ),
    "outage-overlaps": Words(
        _("Khoảng này trùng với một sự cố đã bù giờ"),
        _(
            "Mỗi phút chỉ bù một lần. Hãy xem lại các sự cố đã bù giờ của vòng rồi ghi lại ngày giờ."
        ),
        (("/dieu-hanh", _("Bàn điều hành")),),
    ),
    "no-paper": Words(
        _("Không tìm thấy phiếu này"),
        _("Phiếu không thuộc học sinh này, hoặc lớp không còn của thầy cô. Hãy mở lại từ lớp."),
        (("/lop", _("Lớp của tôi")), _HOME),
    ),
    "no-scan": Words(
        _("Không có ảnh phiếu này"),
        _("Phiếu chưa có ảnh chụp, hoặc học sinh không còn trong lớp của thầy cô."),
        (("/lop", _("Lớp của tôi")), _HOME),
    ),
    "no-file": Words(
        _("Không tìm thấy tệp này"),
        _("Tệp đã bị xoá khỏi kho. Nếu là ảnh phiếu đồng ý, hãy chụp và gửi lại."),
    ),
    "not-own-paper": Words(
        _("Phiếu này do người khác ghi"),
        _("Chỉ người đã ghi hoặc ban tổ chức mới đổi được. Nếu ghi sai, hãy báo ban tổ chức."),
        (("/lop", _("Lớp của tôi")), _HOME),
    ),
    "no-withdrawal": Words(
        _("Không có yêu cầu rút này"),
        _("Hãy mở lại từ danh sách các yêu cầu rút."),
        (("/dieu-hanh/rut", _("Yêu cầu rút đồng ý")), ("/dieu-hanh", _("Bàn điều hành"))),
    ),
    "storage-away": Words(
        _("Kho tệp đang bận"),
        _("Lỗi này ở phía chúng tôi, chưa có gì được ghi. Hãy thử lại sau ít phút."),
    ),
    "erase-with-roles": Words(
        _("Chưa xóa được tài khoản đang giữ vai trò"),
        _("Hãy nhờ ban tổ chức thu lại vai trò trước, rồi xóa tài khoản."),
        (("/tai-khoan", _("Tài khoản của tôi")), _HOME),
    ),
    "erase-while-running": Words(
        _("Chưa xóa được khi đang làm bài"),
        _("Hãy nộp bài hoặc đợi hết giờ làm bài, rồi xóa tài khoản."),
        (_QUIZ, ("/tai-khoan", _("Tài khoản của tôi"))),
    ),
    "no-person": Words(
        _("Không tìm thấy người này"),
        _("Hãy kiểm tra lại mã đăng nhập, số điện thoại hoặc thư điện tử."),
        (("/dieu-hanh", _("Bàn điều hành")),),
    ),
    "no-class": Words(
        _("Không tìm thấy lớp này"),
        _(
            "Lớp này không có, hoặc do thầy cô khác phụ trách. Hãy mở lại từ danh sách lớp của mình."
        ),
        (("/lop", _("Lớp của tôi")), _HOME),
    ),
    "no-pupil": Words(
        _("Em này không có trong lớp"),
        _("Có thể em vừa được đưa ra khỏi lớp. Hãy mở lại lớp để xem danh sách mới nhất."),
        (("/lop", _("Lớp của tôi")), _HOME),
    ),
    "no-class-list": Words(
        _("Danh sách này không còn nữa"),
        _(
            "Danh sách đưa vào chỉ được giữ một ngày, và danh sách mới thay cho danh sách trước. Hãy đưa vào lại từ trang của lớp."
        ),
        (("/lop", _("Lớp của tôi")), _HOME),
    ),
    "class-exists": Words(
        _("Thầy cô đã có lớp mang tên đó"),
        _("Trong cùng một năm học, mỗi lớp của thầy cô cần một tên riêng."),
        (("/lop", _("Lớp của tôi")), ("/lop/moi", _("Thêm lớp"))),
    ),
    "question-in-other-pool": Words(
        _("Có câu hỏi đã nằm trong kho khác"),
        _(
            "Một câu hỏi không bao giờ đổi kho: câu đã luyện tập thì không thể niêm phong lại. Chưa nạp gì cả. Hãy đổi mã câu hỏi rồi nạp lại."
        ),
        (("/dieu-hanh/cau-hoi", _("Nạp câu hỏi")),),
    ),
    "pool-short": Words(
        _("Vòng thi tạm chưa vào được"),
        _(
            "Kho câu hỏi của vòng này chưa đủ, lỗi ở phía ban tổ chức. Lượt thi của bạn chưa bị tính; hãy thử lại sau."
        ),
        (_QUIZ, ("/luyen-tap", _("Luyện tập"))),
    ),
    "reset-by-operator": Words(
        _("Tài khoản này do người vận hành đặt lại"),
        _(
            "Ban tổ chức không tự đặt lại tài khoản của ban tổ chức hoặc người vận hành. Hãy nhờ người vận hành máy chủ."
        ),
        (("/dieu-hanh/nguoi", _("Tìm người khác")), _HOME),
    ),
    "of-age": Words(
        _("Người này đã đủ 16 tuổi"),
        _("Từ 16 tuổi, người dự thi tự ký; cha mẹ không ký thay nữa."),
        (("/dong-y", _("Sự đồng ý của tôi")), _HOME),
    ),
    "too-young-to-sign": Words(
        _("Cần cha, mẹ hoặc người giám hộ ký"),
        _("Người dưới 7 tuổi chưa tự ký; cha, mẹ hoặc người giám hộ ký thay."),
        (("/dong-y", _("Tới bước đồng ý")), _HOME),
    ),
    "already-registered": Words(
        _("Bạn đã đăng ký rồi"),
        _(
            "Biểu mẫu này đã tạo một tài khoản. Hãy đăng nhập bằng mã, số điện thoại hoặc thư điện tử."
        ),
        (_SIGN_IN, _HOME),
    ),
    "no-free-code": Words(
        _("Chưa tạo được tài khoản"),
        _("Lỗi này ở phía chúng tôi. Hãy gửi lại biểu mẫu một lần nữa."),
        (("/dang-ky", _("Đăng ký")), _HOME),
    ),
    "no-edition": Words(
        _("Chưa có cuộc thi nào"),
        _("Ban tổ chức chưa mở cuộc thi. Trong lúc chờ, bạn có thể luyện tập."),
        (("/luyen-tap", _("Luyện tập")), _HOME),
    ),
}

_BY_STATUS: dict[int, Words] = {
    400: Words(
        _("Không hiểu được yêu cầu này"),
        _("Hãy quay lại trang trước và thử lại."),
    ),
    403: WORDS["no-right"],
    404: WORDS["no-page"],
    405: Words(
        _("Không làm như thế được ở trang này"),
        _("Hãy quay lại trang trước và dùng nút trên trang."),
    ),
    409: Words(
        _("Việc này đã thay đổi ở nơi khác"),
        _("Hãy tải lại trang để xem tình trạng mới nhất."),
    ),
    413: WORDS["too-large"],
    422: Words(
        _("Nội dung gửi lên chưa hợp lệ"),
        _("Hãy quay lại, sửa chỗ chưa đúng rồi gửi lại."),
    ),
    429: Words(
        _("Quá nhiều yêu cầu"),
        _("Hãy đợi ít phút rồi thử lại."),
    ),
    500: Words(
        _("Có lỗi ở phía chúng tôi"),
        _("Lỗi đã được ghi lại. Hãy thử lại; nếu vẫn lỗi, gửi mã bên dưới cho ban tổ chức."),
    ),
    503: WORDS["database-busy"],
}


def answer_refusal(request: AnyRequest, error: ContestError) -> Response[Any]:
    """A domain error as a page, or as a short part for a script that asked."""
    if isinstance(error, SignInNeeded) and request.method == "GET" and not _is_script(request):
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return redirect(f"/dang-nhap?tiep={quote(address)}")
    status = STATUS[error.kind]
    response = _problem(request, status, error.code)
    if isinstance(error, TooMany):
        response.headers["retry-after"] = str(error.retry_after_s)
    if status == 503:
        log.error(
            "unavailable",
            code=error.code,
            cause=str(error.facts.get("cause", "")),
            request_id=context_of(request).request_id,
        )
        response.headers["retry-after"] = str(error.facts.get("retry_after_s", 2))
    return response


def answer_http_error(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """What the framework refuses: no such page, wrong method, unreadable parameters."""
    status = error.status_code if error.status_code in _BY_STATUS else 400
    response = _problem(request, status, "")
    response.headers.update(error.headers or {})
    return response


def answer_crash(request: AnyRequest, error: Exception) -> Response[Any]:
    """A fault of ours: logged with the request's id, told without details."""
    context = context_of(request)
    log.error("crash", request_id=context.request_id, action=context.action, exc_info=error)
    return _problem(request, 500, "")


def _is_script(request: AnyRequest) -> bool:
    return request.headers.get("x-requested-by") == "script" or "hx-request" in request.headers


def _problem(request: AnyRequest, status: int, code: str) -> Response[Any]:
    found = WORDS.get(code) or _BY_STATUS.get(status) or _BY_STATUS[400]
    values: dict[str, Any] = {
        "code": code,
        "title": say(request, found.title),
        "advice": say(request, found.advice),
        "actions": [Action(href, say(request, label)) for href, label in found.actions],
        "request_id": context_of(request).request_id,
    }
    if _is_script(request):
        return part(request, "problems/_problem.html", status=status, **values)
    return page(request, "problems/problem.html", status=status, **values)


EXCEPTION_HANDLERS: dict[int | type[Exception], Callable[..., Response[Any]]] = {
    ContestError: answer_refusal,
    HTTPException: answer_http_error,
    Exception: answer_crash,
}
