"""The demo: what its first week shows after publishing, the same for the same seed and day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from contest import paths
from contest.cli import demo
from contest.cli.aftermath import accepted_too, moments
from contest.cli.serve import load_units, migrate
from contest.complaints.queries import closed, waiting
from contest.editions.extra_time import extra_time
from contest.editions.queries import EditionView, current_edition, entrant
from contest.infra.database import Database, Tx
from contest.people.models import Account
from contest.rulings.queries import decided_rulings
from contest.standings import boards, names, queries
from tests.server import settings_for

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
PEOPLE = 90


@pytest.fixture(scope="module")
def two_demos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Database]]:
    made = []
    for number in range(2):
        folder = tmp_path_factory.mktemp(f"demo {number}")
        settings = settings_for(f"sqlite:///{folder}/contest.db", folder, SANCHOI_DEMO="1")
        migrate(settings)
        database = Database(settings.database_url)
        load_units(database, paths.UNITS, with_schools=True)
        assert demo.seed(settings, database, NOW, people=PEOPLE)
        assert not demo.seed(settings, database, NOW, people=PEOPLE)
        made.append(database)
    yield made
    for each in made:
        each.close()


def edition_of(tx: Tx) -> EditionView:
    found = current_edition(tx, NOW)
    assert found is not None
    return found


@pytest.mark.slow
def test_the_first_week_was_adjusted_and_its_names_can_be_searched(
    two_demos: list[Database],
) -> None:
    with two_demos[0].read() as tx:
        edition = edition_of(tx)
        first = edition.rounds[0]
        before, now = queries.publication_history(tx, [first.id])
        ruling = decided_rulings(tx, first.id)[0]
        assert (now.number, now.ruling_id) == (2, ruling.id)
        assert ruling.kind == "accept-also"
        assert now.adjusted_at == first.publishes_at + timedelta(hours=6, minutes=30)
        assert now.valid == before.valid
        assert names.are_prepared(tx, now.settlement_id)
        assert not names.are_behind(tx)


@pytest.mark.slow
def test_three_people_complained_and_one_waits_within_its_time(two_demos: list[Database]) -> None:
    with two_demos[0].read() as tx:
        answered = {each.complaint.outcome: each.complaint for each in closed(tx)}
        (open_one,) = waiting(tx)
    assert set(answered) == {"upheld", "rejected"}
    assert answered["upheld"].ruling
    assert not answered["rejected"].ruling
    assert open_one.complaint.filed_at < NOW < open_one.complaint.due_at


@pytest.mark.slow
def test_two_of_the_cast_have_a_result_and_one_of_them_had_more_time(
    two_demos: list[Database],
) -> None:
    with two_demos[0].read() as tx:
        edition = edition_of(tx)
        result = queries.publication(tx, edition.rounds[0].id)
        assert result is not None
        stands = {}
        for name in ("Trần Đức Minh", "Nguyễn Thị Hoa"):
            # Of the crowd one may have the same name: the cast came first.
            account_id = tx.execute(
                sa.select(sa.func.min(Account.id)).where(Account.full_name == name)
            ).scalar_one()
            me = entrant(tx, edition.id, account_id)
            assert me is not None
            stands[name] = queries.own_standing(tx, result, me.id)
            held = extra_time(tx, edition.id, account_id)
            assert (held.percent if held else 0) == (50 if "Hoa" in name else 0)
    minh, hoa = stands.values()
    assert minh is not None
    assert hoa is not None
    assert (minh.correct, minh.prediction, hoa.correct) == (9, 1010, 8)
    assert hoa.ranking_time_ms == 700_120 * 10 // 15


@pytest.mark.slow
def test_the_same_seed_and_day_give_the_same(two_demos: list[Database]) -> None:
    boards_ = []
    for database in two_demos:
        with database.read() as tx:
            result = queries.publication(tx, edition_of(tx).rounds[0].id)
            assert result is not None
            rows = boards.board_lines(tx, result, first=1, last=PEOPLE + 2, now=NOW)
            told = [each.complaint for each in [*waiting(tx), *closed(tx)]]
        boards_.append((result, rows, told))
    assert boards_[0] == boards_[1]


@pytest.mark.parametrize(
    "after", [timedelta(0), timedelta(minutes=5), timedelta(hours=7), timedelta(days=6, hours=1)]
)
def test_nothing_happens_after_the_demos_own_time_or_out_of_order(after: timedelta) -> None:
    published = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    now = published + after
    made = moments(published, now)
    each = [getattr(made, name) for name in made.__struct_fields__]
    assert each == sorted(each)
    assert published <= each[0]
    assert each[-1] <= now
    if after == timedelta(hours=7):
        assert made.decided == published + timedelta(hours=1)


@pytest.mark.parametrize(("key", "mask"), [(0b10101, 0b10001), (0b0101, 0b0001), (0b1000, 0b1000)])
def test_a_key_without_its_second_right_choice(key: int, mask: int) -> None:
    assert accepted_too(key) == mask
