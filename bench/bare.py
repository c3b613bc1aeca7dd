"""The baseline of the whole way through the site: one route, the same group commit, nothing else.

No session, no CSRF, no rights, no rules, no template: a form comes in, one row is kept in the same
kind of table, a number goes out. What a first draft of an autosave would be.
"""

import argparse
import os
from typing import Any

import sqlalchemy as sa
import uvicorn
from litestar import Litestar, Request, get, post

from contest.infra.database import Database, Tx
from tests.launcher import end_with_parent

_TABLE = """
    CREATE TABLE IF NOT EXISTS kept (
        attempt TEXT, position INTEGER, value INTEGER, seq INTEGER, n INTEGER,
        PRIMARY KEY (attempt, position)
    ) WITHOUT ROWID
"""
_UPSERT = sa.text(
    "INSERT INTO kept VALUES (:attempt, :position, :value, :seq, 1)"
    " ON CONFLICT (attempt, position)"
    " DO UPDATE SET value = excluded.value, seq = excluded.seq, n = n + 1 RETURNING n"
)


def keep(tx: Tx, *, attempt: str, position: int, value: int, seq: int) -> int:
    found: int = tx.execute(
        _UPSERT, {"attempt": attempt, "position": position, "value": value, "seq": seq}
    ).scalar_one()
    return found


@post("/bai/{code:str}/tra-loi", status_code=200)
async def save(request: Request[Any, Any, Any], code: str) -> str:
    form = await request.form()
    n = await request.app.state.database.write_async(
        keep,
        attempt=code,
        position=int(form["position"]),
        value=int(form["choice"]),
        seq=int(form["seq"]),
    )
    return f'data-state="saved" data-n="{n}"'


@get("/readyz")
async def ready() -> str:
    return "ok"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clock", help="not looked at: it keeps no time")
    parser.parse_args()
    end_with_parent()
    database = Database(f"sqlite:///{os.environ['SANCHOI_DATA_DIR']}/bare.db")
    database.write(lambda tx: tx.execute(sa.text(_TABLE)))
    app = Litestar(route_handlers=[save, ready], openapi_config=None)
    app.state.database = database
    uvicorn.run(
        app,
        host=os.environ["SANCHOI_HOST"],
        port=int(os.environ["SANCHOI_PORT"]),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )


if __name__ == "__main__":
    main()
