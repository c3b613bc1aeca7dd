"""A report's lines add up to its sum, and few minors are told of nowhere."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from contest.front.unit_figures import (
    Counts,
    Line,
    Part,
    minors_of,
    sum_of_minors,
    table,
)
from contest.front.unit_reports import report, subject_of
from contest.rules.ages import FEWEST_MINORS
from contest.rules.eligibility import age_on
from contest.standings.unit_counts import Entered, Place, Placed, TookPart, born_after
from contest.units.queries import SchoolLine
from contest.units.tree import Branch, DatedUnit, Tree

DAY = date(2026, 11, 16)


def unit(id: str, kind: str) -> DatedUnit:
    return DatedUnit(
        id=id, name=id, kind=kind, parent_id=None, code=id, valid_from=DAY, valid_to=None
    )


def school(id: str, ward_id: str, level: str) -> SchoolLine:
    return SchoolLine(id=id, name=id, level=level, ward_id=ward_id, label=id, size=100)


WARDS = [unit(f"w{at}", "ward") for at in range(6)]
CITY = unit("city", "city")
TODAY = Tree(day=DAY, city=CITY, branches=[], wards=WARDS)
OF_2022 = Tree(
    day=DAY,
    city=CITY,
    branches=[
        Branch(district=unit("d0", "district"), wards=WARDS[:3]),
        Branch(district=unit("d1", "district"), wards=WARDS[3:]),
    ],
    wards=[],
)
SCHOOLS = [
    school("s0", "w0", "primary"),
    school("s1", "w0", "upper-secondary"),
    school("s2", "w1", "lower-secondary"),
]

places = st.builds(
    lambda ward, typed, at, school_typed: Place(
        ward, ward is None and typed, at, at is None and school_typed
    ),
    st.sampled_from([None, "gone", *(each.id for each in WARDS)]),
    st.booleans(),
    st.sampled_from([None, "s0", "s1", "s2", "s9"]),
    st.booleans(),
)


@st.composite
def counted(draw: st.DrawFn) -> Counts:
    """An edition with two rounds, of which the first is published."""
    entered, took, board = [], [], []
    for place in draw(st.lists(places, max_size=25)):
        people = draw(st.integers(1, 30))
        entered.append(Entered(place=place, people=people, minors=draw(st.integers(0, people))))
        took.append(TookPart(place=place, round_id=1, submitted=draw(st.integers(0, people))))
        valid = draw(st.integers(1, people))
        board.append(
            Placed(
                place=place,
                valid=valid,
                score_milli=draw(st.integers(0, 10_000 * valid)),
                best=draw(st.integers(1, 999)),
                prizes=draw(st.integers(0, 3)),
            )
        )
    return Counts(entered=entered, took_part=took, placed={1: board})


@given(counted(), st.sampled_from([TODAY, OF_2022]))
def test_the_lines_of_the_city_hold_everybody_once(counts: Counts, tree: Tree):
    city = subject_of(CITY, None, tree)
    assert city is not None
    told = report(city, counts, tree, SCHOOLS)

    people = sum(each.people for each in counts.entered)
    submitted = sum(each.submitted for each in counts.took_part)
    assert told.schools is not None
    for made in (told.parts, told.schools):
        assert sum(line.people for line in made.lines) == made.total.people == people
        assert sum(line.submitted.get(1, 0) for line in made.lines) == submitted
        assert made.total.submitted.get(1, 0) == submitted
        valid = sum(line.results[1].valid for line in made.lines)
        assert made.total.results[1].valid == valid == sum(x.valid for x in counts.placed[1])
        assert made.total.results[1].prizes == sum(x.prizes for x in counts.placed[1])


@given(counted())
def test_a_district_is_its_wards_and_the_city_its_districts(counts: Counts):
    city = subject_of(CITY, None, OF_2022)
    assert city is not None
    lines = {line.part.key: line for line in report(city, counts, OF_2022, SCHOOLS).parts.lines}
    for branch in OF_2022.branches:
        subject = subject_of(branch.district, None, OF_2022)
        assert subject is not None
        own = report(subject, counts, OF_2022, SCHOOLS).parts
        line = lines[branch.district.id]
        assert own.total.people == line.people == sum(each.people for each in own.lines)
        assert own.total.submitted.get(1, 0) == line.submitted.get(1, 0)
        assert own.total.minors is not None
        assert line.minors is not None
        assert own.total.minors.count == line.minors.count
        # The one page withholds what the other does: between them nothing is to be inferred.
        assert own.total.minors.is_told == line.minors.is_told


@given(counted(), st.sampled_from(WARDS))
def test_a_ward_is_the_same_on_its_own_page_and_in_the_city(counts: Counts, ward: DatedUnit):
    city, subject = subject_of(CITY, None, TODAY), subject_of(ward, None, TODAY)
    assert city is not None
    assert subject is not None
    own = report(subject, counts, TODAY, SCHOOLS).parts
    lines = report(city, counts, TODAY, SCHOOLS).parts.lines
    line = next(each for each in lines if each.part.key == ward.id)

    assert own.total.people == line.people == sum(each.people for each in own.lines)
    assert own.total.results[1].valid == line.results[1].valid
    assert own.total.minors == line.minors


@given(st.lists(st.integers(0, 12), max_size=12))
def test_no_few_minors_can_be_inferred_from_a_sum(numbers: list[int]):
    parts = [minors_of(number) for number in numbers]
    total = sum_of_minors(parts)

    assert total.count == sum(numbers)
    withheld = [number for number in numbers if 0 < number < FEWEST_MINORS]
    if total.is_told and withheld:
        assert len(withheld) > 1
        assert sum(withheld) >= FEWEST_MINORS
    if not total.is_told:
        assert total.at_least == sum(numbers) - sum(withheld)


def test_a_school_of_few_tells_no_score():
    one = Place("w0", False, "s0", False)
    board = [Placed(place=one, valid=FEWEST_MINORS - 1, score_milli=9000, best=3, prizes=1)]
    counts = Counts(entered=[], took_part=[], placed={1: board})
    parts = [Part(key="s0", kind="school")]

    made = table(counts, parts, lambda place: place.school_id, total=Part(key="t", kind="school"))

    [line] = made.lines
    assert (line.results[1].mean_milli, line.results[1].best) == (None, None)
    assert (line.results[1].valid, line.results[1].prizes) == (FEWEST_MINORS - 1, 1)


def test_the_mean_is_rounded_half_up():
    board = [
        Placed(place=Place("w0", False, None, False), valid=6, score_milli=55, best=1, prizes=0)
    ]
    counts = Counts(entered=[], took_part=[], placed={1: board})
    made = table(
        counts,
        [Part(key="w0", kind="ward")],
        lambda place: place.ward_id,
        total=Part(key="t", kind="ward"),
    )

    assert made.total.results[1].mean_milli == 9


def test_participation_is_at_most_the_roll():
    def line(people: int, size: int | None) -> Line:
        part = Part(key="s", kind="school", size=size)
        return Line(part=part, people=people, minors=None, submitted={}, results={})

    assert line(1, 3).share_percent == 33.3
    assert line(5, 4).share_percent == 100.0
    assert line(5, None).share_percent is None


@given(
    st.dates(date(1990, 1, 1), date(2020, 12, 31)),
    st.dates(date(2022, 1, 1), date(2040, 12, 31)),
)
def test_a_minor_is_one_as_the_rules_count_years(born: date, on: date):
    assert (born > born_after(on)) == (age_on(born, on) < 18)


def test_who_reports_to_whom_follows_the_line_of_today():
    ward, city = subject_of(WARDS[0], None, TODAY), subject_of(CITY, None, TODAY)
    assert ward is not None
    assert city is not None
    counts = Counts(entered=[], took_part=[], placed={})

    def of(subject: object) -> Counter[str]:
        told = report(subject, counts, TODAY, SCHOOLS).schools  # type: ignore[arg-type]
        assert told is not None
        return Counter(line.part.key for line in told.lines if line.part.kind == "school")

    # An upper-secondary school reports straight to the department.
    assert of(ward) == Counter({"s0": 1})
    assert of(city) == Counter({"s0": 1, "s1": 1, "s2": 1})
