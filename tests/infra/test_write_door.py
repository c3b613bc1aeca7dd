"""The write door: what was acknowledged is there; one command's failure is its own."""

import asyncio
import threading

import pytest
import sqlalchemy as sa

from contest.errors import Unavailable
from contest.infra.database import Database, Tx
from contest.infra.tables import MailRow
from tests.conftest import NOW


def write_letter(tx: Tx, subject: str) -> int:
    return tx.execute(
        sa.insert(MailRow)
        .values(kind="test", to_address="a@example.vn", subject=subject, body="", written_at=NOW)
        .returning(MailRow.id)
    ).scalar_one()


def subjects(db: Database) -> list[str]:
    with db.read() as tx:
        return list(tx.execute(sa.select(MailRow.subject).order_by(MailRow.id)).scalars())


def test_a_command_answers_with_its_result_after_the_commit(db: Database) -> None:
    assert db.write(write_letter, "one") > 0
    assert subjects(db) == ["one"]


def test_a_command_that_fails_rolls_back_alone(db: Database) -> None:
    def half(tx: Tx) -> None:
        write_letter(tx, "half")
        raise KeyError("no")

    gate = threading.Event()
    results: list[object] = []

    def slow(tx: Tx) -> None:
        gate.wait(5)
        write_letter(tx, "slow")

    def run(command: object) -> None:
        try:
            results.append(db.write(command))  # type: ignore[arg-type]
        except KeyError as error:
            results.append(error)

    # The slow one holds the writer, so that the other two share the next commit.
    threads = [threading.Thread(target=run, args=(command,)) for command in (slow, half)]
    for thread in threads:
        thread.start()
    last = threading.Thread(target=run, args=(lambda tx: write_letter(tx, "whole"),))
    last.start()
    gate.set()
    for thread in (*threads, last):
        thread.join()

    assert sorted(subjects(db)) == ["slow", "whole"]
    assert sum(isinstance(result, KeyError) for result in results) == 1


def test_many_commands_from_the_event_loop_are_all_answered(db: Database) -> None:
    async def everybody() -> list[int]:
        return await asyncio.gather(
            *(db.write_async(write_letter, f"letter {number}") for number in range(300))
        )

    ids = asyncio.run(everybody())

    assert len(set(ids)) == 300
    assert len(subjects(db)) == 300


def test_a_database_error_is_told_to_the_one_who_caused_it(db: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        db.write(lambda tx: tx.execute(sa.insert(MailRow).values(kind="test")))
    assert db.write(write_letter, "after") > 0


def test_the_read_door_writes_nothing(db: Database) -> None:
    with pytest.raises((sa.exc.DBAPIError, Unavailable)), db.read() as tx:
        write_letter(tx, "through the wrong door")
    assert subjects(db) == []


def test_a_naive_time_never_reaches_the_database(db: Database) -> None:
    with pytest.raises(sa.exc.StatementError):
        db.write(
            lambda tx: tx.execute(
                sa.insert(MailRow).values(
                    kind="t",
                    to_address="",
                    subject="",
                    body="",
                    written_at=NOW.replace(tzinfo=None),
                )
            )
        )
