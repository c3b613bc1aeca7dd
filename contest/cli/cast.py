"""The named cast of the demo and of the tests: one person a role. Fictitious, all of them."""

from datetime import date

import msgspec

from contest.access import Grant, Role, Scope


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """`handle` is how tests call the person; `says` is what the table of accounts tells."""

    handle: str
    full_name: str
    birth_date: date
    email: str | None
    phone: str | None
    grants: tuple[Grant, ...] = ()
    shows_name: bool = True
    says: str


CAST = (
    Member(
        handle="minh",
        full_name="Trần Đức Minh",
        birth_date=date(2006, 3, 14),
        email="minh@example.vn",
        phone="0900000001",
        says="entrant, a student",
    ),
    Member(
        handle="hoa",
        full_name="Nguyễn Thị Hoa",
        birth_date=date(1958, 9, 2),
        email=None,
        phone="0900000002",
        says="entrant, 68, low vision",
    ),
    Member(
        handle="nam",
        full_name="Lê Hoài Nam",
        birth_date=date(1984, 5, 20),
        email="nam@example.vn",
        phone="0900000003",
        grants=(Grant(Role.TEACHER, Scope.UNIT, "th-hoa-gao"),),
        says="teacher",
    ),
    Member(
        handle="dung",
        full_name="Phạm Thùy Dung",
        birth_date=date(1990, 1, 8),
        email="dung@example.vn",
        phone=None,
        grants=(Grant(Role.QUESTION_SETTER, Scope.EDITION),),
        says="question setter",
    ),
    Member(
        handle="thu",
        full_name="Vũ Minh Thu",
        birth_date=date(1993, 11, 30),
        email="thu@example.vn",
        phone=None,
        grants=(Grant(Role.MODERATOR, Scope.EDITION),),
        says="moderator",
    ),
    Member(
        handle="son",
        full_name="Đặng Hải Sơn",
        birth_date=date(1979, 7, 7),
        email="son@example.vn",
        phone=None,
        grants=(Grant(Role.JUROR, Scope.EDITION),),
        says="juror",
    ),
    Member(
        handle="ha",
        full_name="Bùi Thu Hà",
        birth_date=date(1988, 2, 17),
        email="ha@example.vn",
        phone=None,
        grants=(Grant(Role.UNIT_OFFICER, Scope.UNIT, "00004@2025-07-01"),),
        says="unit officer (a ward)",
    ),
    Member(
        handle="khanh",
        full_name="Hoàng Vân Khánh",
        birth_date=date(1975, 12, 1),
        email="khanh@example.vn",
        phone=None,
        grants=(Grant(Role.ORGANISER, Scope.EDITION),),
        says="organiser: desk, publishing, outbox",
    ),
    Member(
        handle="phuc",
        full_name="Ngô Bảo Phúc",
        birth_date=date(1991, 6, 25),
        email="phuc@example.vn",
        phone=None,
        grants=(Grant(Role.OPERATOR, Scope.ALL),),
        says="operator: figures at /metrics",
    ),
)

BY_HANDLE = {member.handle: member for member in CAST}
