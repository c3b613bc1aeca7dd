"""A line of a list means one child or nobody; what is brought in already changes no other line."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contest.people.classes.matching import Known, Plan, plan
from tests.people.classes.lists import Row, known, row

AN, BINH = row("Nguyễn Văn An", "2015-03-15", "HS01"), row("Trần Bình", "2015-07-02", "HS02")


def kinds(made: Plan) -> list[str]:
    return [step.kind for step in made.steps]


def who(made: Plan) -> list[int | None]:
    return [step.known.account_id if step.known else None for step in made.steps]


def test_the_same_list_again_means_the_same_children():
    made = plan([AN, BINH], [known(1, AN), known(2, BINH)])

    assert (kinds(made), who(made), made.gone) == (["same", "same"], [1, 2], [])


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        (row("Nguyễn Văn Ân", "2015-03-15", "HS01"), ("full_name",)),
        (row("Nguyễn Văn An", "2015-03-16", "HS01"), ("birth_date",)),
        (row("Nguyễn Văn An", "2015-03-15", "HS77"), ("school_number",)),
        (row("Nguyễn Văn An", "2016-01-01"), ("birth_date",)),
        (row("NGUYỄN VĂN AN", "2015-03-15"), ()),
        # A list that knows less takes nothing away.
        (row("Nguyễn Văn An", 2015), ()),
    ],
)
def test_a_corrected_line_means_the_same_child(line: Row, changes: tuple[str, ...]):
    made = plan([line], [known(1, AN)])

    assert (who(made), made.steps[0].changes) == ([1], changes)


def test_a_year_alone_becomes_a_date_when_the_list_knows_it():
    made = plan([row("Nguyễn Văn An", "2015-03-15")], [known(1, row("Nguyễn Văn An", 2015))])

    assert (who(made), made.steps[0].changes) == ([1], ("birth_date",))


def test_two_of_one_name_are_told_apart_by_birth_date_and_by_number():
    other = row("Nguyễn Văn An", "2015-11-20", "HS09")
    people = [known(1, AN), known(2, other)]

    assert who(plan([other, AN], people)) == [2, 1]
    assert who(plan([row("Nguyễn Văn An", "2015-11-20"), row("Nguyễn Văn An")], people)) == [2, 1]


def test_a_name_that_fits_two_is_somebody_new():
    people = [known(1, AN), known(2, row("Nguyễn Văn An", "2015-11-20"))]

    assert kinds(plan([row("Nguyễn Văn An", "2015-05-05")], people)) == ["new"]


def test_the_number_of_another_child_is_a_slip_and_gives_nobody_an_account():
    made = plan([row("Lê Thị Cúc", "2015-01-01", "HS01")], [known(1, AN)])

    assert (kinds(made), [each.account_id for each in made.gone]) == (["new"], [1])


def test_who_is_missing_is_named_and_who_was_removed_comes_back():
    made = plan([AN], [known(1, AN, "removed"), known(2, BINH)])

    assert (kinds(made), [each.account_id for each in made.gone]) == (["back"], [2])


def test_a_child_of_an_earlier_year_moves_with_the_account():
    assert kinds(plan([AN], [known(7, AN, "earlier")])) == ["moved"]
    # A year alone is not enough to be sure.
    year = row("Nguyễn Văn An", 2015)
    assert kinds(plan([year], [known(7, year, "earlier")])) == ["new"]


def test_two_children_of_earlier_years_are_not_guessed_between():
    twin = row("Nguyễn Văn An", "2015-03-15", "HS55")
    people = [known(7, AN, "earlier"), known(8, twin, "earlier")]

    assert kinds(plan([row("Nguyễn Văn An")], people)) == ["new"]


def test_the_place_in_the_list_stands_where_the_list_gives_no_number():
    made = plan([row("An Bê"), msgspec.structs.replace(row("An Xê"), number=7)], [])

    assert [step.number for step in made.steps] == [1, 7]


NAMES = st.sampled_from(["An Bê", "An Bể", "Chi Dê"])
BORN = st.sampled_from(["2015-01-01", "2015-02-02", "2016-03-03", 2015, 2016])
NUMBERS = st.sampled_from(["", "", "1", "2", "3"])
ROWS = st.builds(row, NAMES, BORN, NUMBERS)


def brought_in(rows: Sequence[Row], people: list[Known], upto: int) -> list[Known]:
    """The class after the first lines of the list were brought in, as the command does it."""
    return _applied(plan(rows, people), people, range(upto))


def _applied(made: Plan, people: list[Known], places: range) -> list[Known]:
    after = {each.account_id: each for each in people}
    for place in places:
        step = made.steps[place]
        if step.known is None:
            account_id = max(after, default=0) + 1
            after[account_id] = known(account_id, step.row)  # type: ignore[arg-type]
            continue
        old = step.known
        line = row(
            step.full_name if "full_name" in step.changes else old.full_name,
            "2000-01-01",
            step.row.school_number or old.school_number,
        )
        as_said = "birth_date" in step.changes
        after[old.account_id] = Known(
            account_id=old.account_id,
            full_name=line.full_name,
            birth_date=step.row.birth_date if as_said else old.birth_date,
            birth_is_year=step.row.birth_is_year if as_said else old.birth_is_year,
            number=old.number,
            school_number=line.school_number,
            where="here",
        )
    return list(after.values())


def tells_apart(lines: Sequence[Row]) -> bool:
    """No number twice, and no two lines of one name and year, which nobody could tell apart."""
    numbers = [line.school_number for line in lines if line.school_number]
    named = [(line.full_name, line.birth_date.year) for line in lines]
    return len(set(numbers)) == len(numbers) and len(set(named)) == len(named)


@given(
    st.lists(ROWS, max_size=6),
    st.lists(st.tuples(ROWS, st.sampled_from(["here", "here", "removed"])), max_size=4),
    st.data(),
)
def test_a_list_brought_in_by_pieces_means_what_it_meant_as_a_whole(
    rows: list[Row], people: list[tuple[Row, str]], data: st.DataObject
):
    assume(tells_apart(rows) and tells_apart([line for line, _ in people]))
    before = [known(at + 1, line, where) for at, (line, where) in enumerate(people)]
    whole = plan(rows, before)
    upto = data.draw(st.integers(0, len(rows)))

    rest = plan(rows, brought_in(rows, before, upto))

    for place in range(upto):
        assert rest.steps[place].kind == "same"
    assert who(whole)[upto:] == who(rest)[upto:]


@given(st.lists(ROWS, max_size=6), st.lists(ROWS, max_size=4))
def test_no_child_is_meant_twice(rows: list[Row], people: list[Row]):
    made = plan(rows, [known(at + 1, line) for at, line in enumerate(people)])

    meant = [each for each in who(made) if each is not None]
    assert len(meant) == len(set(meant))
    assert sorted([*meant, *(each.account_id for each in made.gone)]) == list(
        range(1, len(people) + 1)
    )
