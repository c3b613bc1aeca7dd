"""
Whom a line of a class list means. Pure: the list and those who are known in, a plan out.

A list comes again every few weeks, with corrections. Each line finds its pupil by the strongest of
four ways: name and birth date with the school's number; both without it; the number with one of
them; the name alone, where one line and one pupil of that name are left. Who cannot be told apart
is taken in the order of the list.

A list of which a part was brought in already has the same plan as before, where no two of its lines
are alike (a property test): so it can be brought in by pieces, and again from its beginning.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal, Protocol

import msgspec

from contest.people.names import name_key, tidy_name

# new: an account is made. back: was removed and is in the list again. moved: from a class of an
# earlier year. changed, same: in the class already.
Kind = Literal["new", "back", "moved", "changed", "same"]
Where = Literal["here", "removed", "earlier"]


class PupilRow(Protocol):
    """
    A line of a list, understood (understanding.py). `number`: of the line in the class, None
    without one; `school_number`, `ward`: as they stand there, "" without one.
    """

    @property
    def full_name(self) -> str: ...
    @property
    def birth_date(self) -> date: ...
    @property
    def birth_is_year(self) -> bool: ...
    @property
    def school_number(self) -> str: ...
    @property
    def number(self) -> int | None: ...
    @property
    def ward(self) -> str: ...


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """
    Somebody a line could mean. `where`: in the class, removed from it, or in a class of the same
    school in an earlier school year.
    """

    account_id: int
    full_name: str
    birth_date: date
    birth_is_year: bool
    number: int
    school_number: str
    where: Where


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """
    What becomes of a line. `known`: whom it means, None for somebody new. `changes`: what the
    list says otherwise: full_name, birth_date, school_number.
    """

    row: PupilRow
    full_name: str
    number: int
    kind: Kind
    known: Known | None
    changes: tuple[str, ...]


class Plan(msgspec.Struct, frozen=True):
    """Steps in the order of the list; `gone`: who is in the class and not in the list."""

    steps: list[Step]
    gone: list[Known]

    def count(self, *kinds: Kind) -> int:
        return sum(step.kind in kinds for step in self.steps)


class _Line(msgspec.Struct, frozen=True):
    place: int
    row: PupilRow
    full_name: str
    key: str


def plan(rows: Sequence[PupilRow], known: Iterable[Known]) -> Plan:
    """`known` in any order: the answer goes by account ids."""
    lines = [
        _Line(place, row, tidy_name(row.full_name), name_key(tidy_name(row.full_name)))
        for place, row in enumerate(rows)
    ]
    everybody = sorted(known, key=lambda each: each.account_id)
    keys = {each.account_id: name_key(each.full_name) for each in everybody}
    found: dict[int, Known] = {}
    taken: set[int] = set()

    def match(where: str, fits: Callable[[_Line, Known], bool], *, by_number: bool) -> None:
        """Lines to people one by one; those who are equal in all that counts, in their order."""
        waiting: dict[str, list[Known]] = defaultdict(list)
        for each in everybody:
            if each.where == where and each.account_id not in taken:
                waiting[each.school_number if by_number else keys[each.account_id]].append(each)
        for line in lines:
            key = line.row.school_number if by_number else line.key
            if line.place in found or not key:
                continue
            fitting = [
                each
                for each in waiting.get(key, ())
                if each.account_id not in taken and fits(line, each)
            ]
            if fitting:
                closest = min(fitting, key=lambda each: each.birth_date != line.row.birth_date)
                found[line.place] = closest
                taken.add(closest.account_id)

    def is_named_so(line: _Line, each: Known) -> bool:
        return keys[each.account_id] == line.key

    def has_number(line: _Line, each: Known) -> bool:
        return bool(line.row.school_number) and line.row.school_number == each.school_number

    for where in ("here", "removed"):
        match(
            where,
            lambda line, each: has_number(line, each) and is_same_birth(line.row, each),
            by_number=False,
        )
        match(where, lambda line, each: is_same_birth(line.row, each), by_number=False)
        # A number alone may be a slip of the pen: one of name and birth date has to agree.
        match(
            where,
            lambda line, each: is_named_so(line, each) or is_same_birth(line.row, each),
            by_number=True,
        )
    _match_by_name(lines, everybody, keys, found, taken)
    _match_earlier(lines, everybody, keys, found, taken)
    gone = [each for each in everybody if each.where == "here" and each.account_id not in taken]
    return Plan([_step(line, found.get(line.place)) for line in lines], gone)


def _match_by_name(
    lines: Sequence[_Line],
    everybody: Sequence[Known],
    keys: dict[int, str],
    found: dict[int, Known],
    taken: set[int],
) -> None:
    """
    A corrected birth date: one line and one pupil of that name are left.

    Lines are counted all, not only those that are left: else bringing in half a list would make
    the other half less ambiguous than it was.
    """
    named = Counter(line.key for line in lines)
    left = defaultdict(list)
    for each in everybody:
        if each.where == "here" and each.account_id not in taken:
            left[keys[each.account_id]].append(each)
    for line in lines:
        same = left.get(line.key, [])
        if line.place in found or named[line.key] != 1 or len(same) != 1:
            continue
        # Two different numbers of the school are two children.
        if line.row.school_number and same[0].school_number not in ("", line.row.school_number):
            continue
        found[line.place] = same[0]
        taken.add(same[0].account_id)


def _match_earlier(
    lines: Sequence[_Line],
    everybody: Sequence[Known],
    keys: dict[int, str],
    found: dict[int, Known],
    taken: set[int],
) -> None:
    """
    A child of an earlier school year: the name, and the school's number or the whole birth date.
    Only where one line and one child fit each other.
    """
    of_name: dict[str, list[Known]] = defaultdict(list)
    for each in everybody:
        if each.where == "earlier" and each.account_id not in taken:
            of_name[keys[each.account_id]].append(each)
    named = Counter((line.key, line.row.birth_date) for line in lines)
    for line in lines:
        if line.place in found or named[line.key, line.row.birth_date] != 1:
            continue
        number = line.row.school_number
        fitting = [
            each
            for each in of_name.get(line.key, ())
            if each.account_id not in taken
            and (
                (number and number == each.school_number and is_same_birth(line.row, each))
                or (
                    each.birth_date == line.row.birth_date
                    and not (each.birth_is_year or line.row.birth_is_year)
                )
            )
        ]
        if len(fitting) == 1:
            found[line.place] = fitting[0]
            taken.add(fitting[0].account_id)


def is_same_birth(row: PupilRow, known: Known) -> bool:
    """Where one of them says the year only, the year counts."""
    if row.birth_is_year or known.birth_is_year:
        return row.birth_date.year == known.birth_date.year
    return row.birth_date == known.birth_date


def _step(line: _Line, known: Known | None) -> Step:
    number = line.row.number or line.place + 1
    changes = [] if known is None else _changes(line, known)
    if known is None:
        kind: Kind = "new"
    elif known.where == "removed":
        kind = "back"
    elif known.where == "earlier":
        kind = "moved"
    else:
        kind = "changed" if changes else "same"
    return Step(
        row=line.row,
        full_name=line.full_name,
        number=number,
        kind=kind,
        known=known,
        changes=tuple(changes),
    )


def _changes(line: _Line, known: Known) -> list[str]:
    row = line.row
    found = []
    if line.full_name != known.full_name:
        found.append("full_name")
    # A list that only knows the year takes no day away from what is kept.
    says_less = row.birth_is_year and row.birth_date.year == known.birth_date.year
    if not says_less and (row.birth_date, row.birth_is_year) != (
        known.birth_date,
        known.birth_is_year,
    ):
        found.append("birth_date")
    if row.school_number and row.school_number != known.school_number:
        found.append("school_number")
    return found
