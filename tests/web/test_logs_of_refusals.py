"""What went wrong is in the log; what people typed is not."""

import sqlalchemy as sa
from structlog.testing import capture_logs

from contest.infra.database import Tx
from tests.site import Site

PHONE = "0912345678"


def _put_accounts_away(tx: Tx) -> None:
    tx.execute(sa.text("ALTER TABLE accounts RENAME TO put_away"))


def test_a_database_that_fails_in_a_statement_tells_the_log_nothing_that_was_typed(
    site: Site,
) -> None:
    """SQLAlchemy's words repeat a failed statement with its values, unless told not to."""
    site.world.open_edition()
    visitor = site.visitor()
    visitor.get("/dang-nhap")
    site.world.db.write(_put_accounts_away)

    with capture_logs() as said:
        answer = visitor.post("/dang-nhap", {"who": PHONE, "password": "mật khẩu đủ dài"})

    assert answer.status_code >= 500
    (told,) = [each for each in said if each["event"] in ("unavailable", "crash")]
    assert PHONE not in f"{told} {told.get('exc_info')}"
