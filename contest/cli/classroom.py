"""The demo's class 5A: pupils with cards, consents in every state, some of whom played week 1.

Lan, of eleven, is among them: her card is told with the accounts, her mother has not signed yet.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from contest.cli.invented import Invented
from contest.editions.queries import RoundView
from contest.infra.chance import Chance, grouped
from contest.infra.clock import HANOI
from contest.infra.database import Database
from contest.people.classes import queries as classes
from contest.people.classes.cards import card_letters
from contest.people.classes.commands import import_list, make_class
from contest.people.classes.queries import ClassView
from contest.people.classes.understanding import PupilRow
from contest.people.consent import NAME_ON_BOARDS, PRESS, SCHOOL_ON_BOARDS, TAKE_PART
from contest.people.consent.commands import add_representative, sign, withdraw
from contest.people.consent.machine import Proof
from contest.people.consent.papers import SignedBy, record_paper
from contest.people.consent.queries import representatives
from contest.people.queries import ref_of
from contest.settings import Settings
from contest.units.queries import schools

TEACHER: Final = "nam"
LAN: Final = "Đỗ Ngọc Lan"
_SCHOOL = "th-hoa-gao"
_FAMILY = "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Hồ Ngô Dương Lý".split()
_MIDDLE = "Gia Bảo Minh Anh Ngọc Khánh Hải Đức Thu Phương".split()
_GIVEN = (
    "An Bách Châu Dũng Đan Giang Hân Khôi Linh Minh Ngân Phúc Quân Sơn Thảo Uyên Việt Yến".split()
)
_SIZE = 28
# The place in the list → who signed for what, and how the parent was identified.
_BY_PAPER, _BY_LINK, _SAME_PHONE, _CHILD_ONLY = range(0, 12), (12, 15), (16, 17, 18), (20, 21)
# Who played week 1, with how many right answers.
_PLAYED = {at: 4 + at % 7 for at in (*range(0, 12), 12, 15, 16)}


class Classroom(msgspec.Struct, frozen=True, kw_only=True):
    """`accounts`: of the pupils in the order of the list. `card`: what Lan types to sign in."""

    accounts: list[int]
    ward_id: str
    card: str


def make_classroom(
    settings: Settings,
    database: Database,
    cast: Mapping[str, int],
    chance: Chance,
    now: datetime,
) -> Classroom:
    """The class as its teacher brought it in, and the consents that have come so far."""
    teacher_id = cast[TEACHER]
    with database.read() as tx:
        by = ref_of(tx, teacher_id)
        school = next(each for each in schools(tx) if each.id == _SCHOOL)
    year = now.year if now.month >= 8 else now.year - 1
    this = database.write(
        make_class,
        teacher_id=teacher_id,
        name="5A",
        school_id=_SCHOOL,
        school_year=f"{year}-{year + 1}",
        by=by,
        chance=chance,
        now=now,
    )
    database.write(
        import_list,
        class_id=this.id,
        pupils=_list(year, school.label),
        columns="{}",
        secret_key=settings.secret_key,
        by=by,
        chance=chance,
        now=now,
    )
    with database.read() as tx:
        pupils = classes.pupils(tx, this.id)
    for at, pupil in enumerate(pupils):
        _consents(database, at, pupil.account_id, pupil.full_name, by, chance, now)
    lan = next(each for each in pupils if each.full_name == LAN)
    return Classroom(
        accounts=[each.account_id for each in pupils],
        ward_id=school.ward_id,
        card=_card(settings, this, lan.ref, lan.card_serial),
    )


def _card(settings: Settings, this: ClassView, ref: str, serial: int) -> str:
    letters = card_letters(settings.secret_key, ref, serial)
    return f"{grouped(this.code)} + {grouped(letters)}"


def _list(year: int, school_label: str) -> list[PupilRow]:
    # The ward in which the school lies: its pupils live around it.
    ward = school_label.rpartition("(")[2].rstrip(")")
    rows = [
        PupilRow(
            line=5 + at,
            number=at + 1,
            full_name=f"{_FAMILY[at % 12]} {_MIDDLE[(at * 7 + at // 12) % 10]} {_GIVEN[at % 18]}",
            birth_date=date(year - 11, 1 + at * 5 % 12, 1 + at * 11 % 28),
            birth_is_year=False,
            school_number=f"HG5A{at + 1:02d}",
            ward=ward,
        )
        for at in range(_SIZE - 1)
    ]
    lan = PupilRow(
        line=5 + _SIZE,
        number=_SIZE,
        full_name=LAN,
        birth_date=date(year - 11, 9, 12),
        birth_is_year=False,
        school_number=f"HG5A{_SIZE:02d}",
        ward=ward,
    )
    return [*rows, lan]


def _consents(
    database: Database,
    at: int,
    account_id: int,
    full_name: str,
    by: str,
    chance: Chance,
    now: datetime,
) -> None:
    family = full_name.split()[0]
    parent_name = f"{family} Thị Hằng" if at % 3 else f"{family} Văn Thành"
    relation = "mother" if at % 3 else "father"
    proof: Proof
    if at in _BY_PAPER:
        signed = [TAKE_PART, *([NAME_ON_BOARDS] if at % 2 else [])]
        database.write(
            record_paper,
            account_id=account_id,
            representative=SignedBy(parent_name, relation),
            signed_on=now.astimezone(HANOI).date(),
            kept_where="Sổ chủ nhiệm lớp 5A",
            purposes_of_child=signed,
            purposes_of_representative=signed,
            form_key=f"demo {at}",
            by=by,
            chance=chance,
            now=now,
        )
        return
    if at in _BY_LINK:
        proof, purposes = "link", [TAKE_PART, NAME_ON_BOARDS, SCHOOL_ON_BOARDS, PRESS]
    elif at in _SAME_PHONE:
        proof, purposes = "same-phone", [TAKE_PART]
    elif at in _CHILD_ONLY:
        proof, purposes = "same-phone", []
    else:
        return
    with database.read() as tx:
        ref = ref_of(tx, account_id)
    database.write(sign, account_id=account_id, purposes=purposes or [TAKE_PART], by=ref, now=now)
    if not purposes:
        return
    parent = database.write(
        add_representative,
        account_id=account_id,
        full_name=parent_name,
        relation=relation,
        by=by,
        chance=chance,
        now=now,
    )
    database.write(
        sign,
        account_id=account_id,
        purposes=purposes,
        signer="representative",
        proof=proof,
        representative_id=parent,
        by=ref,
        now=now,
    )


def take_press_back(database: Database, classroom: Classroom, now: datetime) -> None:
    """A parent withdraws the consent for the press, so that a case waits on the desk."""
    account_id = classroom.accounts[_BY_LINK[0]]
    with database.read() as tx:
        parent = representatives(tx, account_id)[0]
    database.write(
        withdraw,
        account_id=account_id,
        purposes=[PRESS],
        by=parent.ref,
        by_whom="representative",
        now=now,
    )


def pupils_of_week_1(
    classroom: Classroom, this: RoundView
) -> tuple[list[Invented], dict[int, int]]:
    """How they played, and their accounts by the place in that list; see playing.play_all."""
    played: list[Invented] = []
    accounts: dict[int, int] = {}
    for at, right in _PLAYED.items():
        accounts[len(played)] = classroom.accounts[at]
        played.append(
            Invented(
                full_name="",
                birth_date=date(this.opens_at.year - 11, 6, 1),
                phone="",
                ward_id=classroom.ward_id,
                school_id=_SCHOOL,
                shows_name=False,
                starts_at=this.opens_at + timedelta(days=1, hours=4, minutes=3 * at, seconds=7),
                used=timedelta(seconds=200 + 23 * at, milliseconds=71 * at),
                right=right,
                prediction=700 + 31 * at,
                submits=True,
            )
        )
    return played, accounts
