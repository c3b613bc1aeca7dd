"""Lines of class lists for tests, as understanding.py gives them."""

from datetime import date

import msgspec

from contest.people.classes.matching import Known, Where


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What matching.PupilRow asks for."""

    line: int = 0
    full_name: str
    birth_date: date
    birth_is_year: bool = False
    school_number: str = ""
    number: int | None = None
    ward: str = ""


def row(name: str, born: str | int = "2015-03-15", number: str = "") -> Row:
    """`born`: a date, or a year alone. `number`: the school's."""
    is_year = isinstance(born, int)
    day = date(born, 12, 31) if isinstance(born, int) else date.fromisoformat(born)
    return Row(full_name=name, birth_date=day, birth_is_year=is_year, school_number=number)


def known(account_id: int, line: Row, where: Where = "here") -> Known:
    """Somebody who came in by this line."""
    return Known(
        account_id=account_id,
        full_name=line.full_name,
        birth_date=line.birth_date,
        birth_is_year=line.birth_is_year,
        number=line.number or account_id,
        school_number=line.school_number,
        where=where,
    )
