"""Search by name: what is typed is cut down to what the public may see, then found or not."""

from datetime import date

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from contest.infra.jobs import Worker
from contest.ledger import queries as ledger
from contest.people.commands import hide_name
from contest.people.consent.commands import set_name_on_boards
from contest.people.names import public_name, tidy_name
from contest.standings import jobs, name_rows, names, queries
from contest.standings.boards import Part
from contest.standings.finding import Found, find_lines
from contest.standings.models import BoardName, BoardNames
from contest.standings.names import name_keys, query_key
from contest.web.i18n import without_tones
from tests.standings.board_people import as_printed, enter, entry_code, officially
from tests.world import World

WORDS = st.text("aàảãáạăâbcdđeêghiklmnoôơpqrstuưvxyAĐHNT'’-", min_size=1, max_size=7).filter(
    lambda word: any(letter.isalpha() for letter in word)
)
FULL_NAMES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join).map(tidy_name)
ANYTHING = st.text(max_size=60)


@given(FULL_NAMES)
def test_every_name_is_found_by_its_own_words_however_they_are_typed(full_name: str) -> None:
    keys = name_keys(public_name(full_name))

    for typed in (full_name, full_name.lower(), full_name.upper(), without_tones(full_name)):
        assert query_key(typed) == keys[-1]
    words = full_name.split()
    for kept in range(1, len(words) + 1):
        assert query_key(" ".join(words[-kept:])) in keys
    assert query_key(public_name(full_name)) == keys[-1]


@given(FULL_NAMES, ANYTHING)
def test_no_query_finds_a_name_whose_public_form_it_is_not_the_end_of(
    full_name: str, typed: str
) -> None:
    key = query_key(typed)

    if key is not None and key in name_keys(public_name(full_name)):
        longest = name_keys(public_name(full_name))[-1]
        assert f"{longest} ".startswith(f"{key} ")


@given(FULL_NAMES, FULL_NAMES)
def test_names_with_the_same_public_form_answer_every_query_alike(one: str, other: str) -> None:
    if public_name(one) == public_name(other):
        assert query_key(one) == query_key(other)
    # All that a query keeps of the words before the last is one letter each.
    key = query_key(one)
    assert key is not None
    assert all(len(initial) == 1 for initial in key.split()[1:])


@given(ANYTHING)
def test_anything_may_be_typed(typed: str) -> None:
    key = query_key(typed)

    assert key is None or (key == key.strip() != "" and len(key) <= 120)


def test_the_keys_of_a_name() -> None:
    assert name_keys("N. T. Hà") == ["ha", "ha t", "ha t n"]
    assert name_keys("Đ. Ánh") == ["anh", "anh d"]
    assert [query_key(each) for each in ("hà", "thu ha", "N.T.Hà", "Hoà", "...")] == [
        "ha",
        "ha t",
        "ha t n",
        "hoa",
        None,
    ]


def find(world: World, text: str, part: Part | None = None, after: int = 0) -> Found:
    with world.db.read() as tx:
        result = queries.publication(tx, world.round().id)
        assert result is not None
        return find_lines(
            tx,
            result,
            text,
            part or Part(),
            edition_id=world.edition().id,
            after=after,
            now=world.clock(),
        )


def found(world: World, text: str) -> list[str]:
    return [row.public_name for row in find(world, text).rows]


def a_few(world: World) -> None:
    world.open_edition()
    enter(world, "thu-ha", "Nguyễn Thu Hà", minutes=1)
    enter(world, "thi-ha", "Nguyễn Thị Hạ", minutes=2)
    enter(world, "quiet", "Lê Thu Hà", minutes=3, shows_name=False)
    enter(world, "young", "Trần Thu Hà", minutes=4, born=date(2012, 6, 1))
    enter(world, "hoa", "Phạm Hoà", minutes=5)


def test_a_name_is_found_with_and_without_tones_by_words_and_initials(world: World) -> None:
    a_few(world)
    officially(world)

    # Toneless, Hà and Hạ are one; both spellings of Hoà are one.
    for typed in ("hà", "HA", "thu ha", "Nguyễn Thu Hà", "nguyen thu ha", "N. T. Hà", "n t ha"):
        assert found(world, typed) == ["N. T. Hà", "N. T. Hạ"]
    assert found(world, "Hòa") == found(world, "pham hoa") == ["P. Hoà"]
    assert found(world, "tran thu ha") == found(world, "an") == found(world, "h") == []


def test_what_stands_behind_an_initial_cannot_be_tried_out(world: World) -> None:
    a_few(world)
    officially(world)

    # Thị and Thu, right and wrong guesses: the answer is the same.
    assert len({str(find(world, f"Nguyễn {word} Hà").rows) for word in ("Thu", "Thị", "Tú")}) == 1


def test_a_minor_and_whoever_did_not_agree_are_found_by_code_only(world: World) -> None:
    a_few(world)
    officially(world)

    for handle in ("quiet", "young"):
        code = entry_code(world, handle)
        assert found(world, code) == found(world, as_printed(code)) == [code]
    assert found(world, as_printed(entry_code(world, "thu-ha"))) == ["N. T. Hà"]
    assert found(world, "ABCD-EFGH") == []


def test_a_withdrawn_name_is_gone_at_once_and_a_given_one_comes_with_the_next_refresh(
    world: World,
) -> None:
    a_few(world)
    result = officially(world)
    by = {"by": "tests", "now": world.clock()}

    world.db.write(set_name_on_boards, account_id=world.accounts["thu-ha"], shown=False, **by)
    assert found(world, "thu ha") == ["N. T. Hạ"]
    world.db.write(hide_name, account_id=world.accounts["thi-ha"], hidden=True, **by)
    assert found(world, "thu ha") == []
    world.db.write(set_name_on_boards, account_id=world.accounts["quiet"], shown=True, **by)
    assert found(world, "le thu ha") == []

    names.refresh_names(world.db, world.clock)

    assert found(world, "ha") == ["L. T. Hà"]
    assert prepared(world, result.settlement_id) == {
        ("ha", 3),
        ("ha t", 3),
        ("ha t l", 3),
        ("hoa", 5),
        ("hoa p", 5),
    }

    world.db.write(hide_name, account_id=world.accounts["thi-ha"], hidden=False, **by)
    names.refresh_names(world.db, world.clock)
    assert found(world, "ha") == ["N. T. Hạ", "L. T. Hà"]


def prepared(world: World, settlement_id: int) -> set[tuple[str, int]]:
    with world.db.read() as tx:
        rows = tx.execute(
            sa.select(BoardName.key, BoardName.line).where(BoardName.settlement_id == settlement_id)
        )
        return {(row.key, row.line) for row in rows}


def test_names_that_are_not_prepared_yet_are_said_to_be_so_and_codes_work(world: World) -> None:
    a_few(world)
    officially(world, prepared=False)

    assert (find(world, "ha").by_name, found(world, "ha")) == (False, [])
    assert found(world, entry_code(world, "thu-ha")) == ["N. T. Hà"]


def test_preparing_again_ends_in_the_same_rows_even_after_an_interruption(world: World) -> None:
    a_few(world)
    result = officially(world)
    first = prepared(world, result.settlement_id)
    withdrawn = {"account_id": world.accounts["hoa"], "by": "tests", "now": world.clock()}

    # As if the one before had been killed before it wrote its height, and somebody withdrew.
    world.db.write(name_rows.forget_height, settlement_id=result.settlement_id)
    world.db.write(set_name_on_boards, shown=False, **withdrawn)
    with world.db.read() as tx:
        assert names.are_behind(tx)
    names.refresh_names(world.db, world.clock)

    assert prepared(world, result.settlement_id) == first - {("hoa", 5), ("hoa p", 5)}
    world.db.write(set_name_on_boards, shown=True, **withdrawn)
    names.prepare_names(world.db, result.settlement_id, world.clock)
    names.prepare_names(world.db, result.settlement_id, world.clock)
    assert prepared(world, result.settlement_id) == first


def test_the_nudge_brings_names_and_the_sweep_repairs_a_missed_one(world: World) -> None:
    a_few(world)
    officially(world, prepared=False)
    background = Worker(
        world.db,
        world.clock,
        {jobs.REFRESH_NAMES: jobs.refresh_names_job(world.db, world.clock)},
        [lambda: jobs.sweep_names(world.db, world.clock)],
    )

    background.run_until_idle()

    assert found(world, "pham hoa") == ["P. Hoà"]
    with world.db.read() as tx:
        assert not names.are_behind(tx)
    # An entry that is about no name only moves the height.
    hoa = {"account_id": world.accounts["hoa"], "by": "tests", "now": world.clock()}
    world.db.write(set_name_on_boards, shown=False, **hoa)
    with world.db.read() as tx:
        assert names.are_behind(tx)
    background.run_until_idle()
    with world.db.read() as tx:
        assert set(tx.execute(sa.select(BoardNames.height)).scalars()) == {ledger.height(tx)}


def test_names_of_a_result_that_holds_no_more_are_dropped(world: World) -> None:
    a_few(world)
    result = officially(world)
    world.db.write(_another_publication, result=result, now=world.clock())

    names.refresh_names(world.db, world.clock)

    assert prepared(world, result.settlement_id) == set()
    with world.db.read() as tx:
        assert not names.are_prepared(tx, result.settlement_id)


def _another_publication(tx: sa.Connection, *, result: queries.Published, now: object) -> None:
    """A second act with an empty settlement: only that another result holds matters here."""
    tables = queries.Settlement.metadata.tables
    old = (
        tx.execute(
            sa.select(tables["settlements"]).where(
                tables["settlements"].c.id == result.settlement_id
            )
        )
        .mappings()
        .one()
    )
    facts = {name: value for name, value in old.items() if name != "id"} | {"valid": 0}
    new = tx.execute(
        sa.insert(tables["settlements"]).values(facts).returning(tables["settlements"].c.id)
    ).scalar_one()
    tx.execute(
        sa.insert(tables["publications"]).values(
            round_id=result.round_id,
            number=2,
            settlement_id=new,
            published_at=now,
            published_by="tests",
            height=result.height + 1,
        )
    )
