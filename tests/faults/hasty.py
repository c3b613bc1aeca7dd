"""The site with a writer that answers before it commits: another fault the proof must catch."""

from contest.infra import database
from contest.infra.database import _Job, _OneWriter
from tests import launcher


def _answer_first(self: _OneWriter, connection: database.Tx, batch: list[_Job]) -> None:
    driver = database._driver(connection)
    with connection.begin():
        driver.execute("BEGIN IMMEDIATE")
        for job in batch:
            database._run_in_savepoint(connection, driver, job)
        database._answer(batch)


if __name__ == "__main__":
    _OneWriter._run_batch = _answer_first  # type: ignore[method-assign]
    launcher.main()
