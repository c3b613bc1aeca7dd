"""The demo: an edition with an official week, an open one, and invented people who played.

Week 1 was adjusted after publishing, and complaints wait or were answered: see aftermath.py.

Everybody in it went through the same commands as a real person, with the clock of their day.
"""

import argparse
import secrets
from datetime import datetime, timedelta

import msgspec

from contest import paths
from contest.bank.commands import load_bank
from contest.cli.aftermath import add_aftermath
from contest.cli.bank import read_or_stop
from contest.cli.cast import CAST, Member
from contest.cli.classroom import LAN, make_classroom, pupils_of_week_1, take_press_back
from contest.cli.editions import read_edition
from contest.cli.invented import invent
from contest.cli.opened import Families, opened_database, subcommand
from contest.cli.playing import CAST_PLAYED, Progress, after, play_all, play_cast
from contest.editions.commands import apply_edition
from contest.editions.extra_time import grant_extra_time
from contest.editions.queries import edition as find_edition
from contest.editions.queries import editions
from contest.infra.chance import LETTERS, Chance, SeededChance, grouped
from contest.infra.clock import HANOI
from contest.infra.database import Database, Tx
from contest.infra.passwords import Passwords
from contest.people.commands import Registered, grant_role, register_account
from contest.people.queries import ref_of
from contest.rules.document import EditionDocument
from contest.settings import Settings
from contest.standings.commands import publish_round
from contest.standings.names import refresh_names
from contest.standings.settle import settle_round
from contest.units.queries import wards_on

PEOPLE = 3000
PEOPLE_THIS_WEEK = 420
ACCOUNTS_FILE = "demo-accounts.txt"
_OPEN_ROUND = 1  # the second of the file


def add(families: Families) -> None:
    parser = families.add_parser("demo", help="the demo's accounts")
    own = parser.add_subparsers(required=True, metavar="WHAT")
    subcommand(own, "accounts", "print the demo's accounts", _accounts)


def _accounts(_chosen: argparse.Namespace) -> int:
    with opened_database() as (settings, _database):
        print(accounts_table(settings))
    return 0


def accounts_table(settings: Settings) -> str:
    """The table made when the demo was seeded; "" where there is none."""
    kept = settings.data_dir / ACCOUNTS_FILE
    return kept.read_text(encoding="utf-8").rstrip() if kept.is_file() else ""


def moved_to(document: EditionDocument, now: datetime) -> EditionDocument:
    """
    The demo's document with its rounds moved so that the second is open `now`.

    Weeks run Monday 10:00 to Sunday 22:00; from Sunday noon to Monday 10:00, when none would be
    open, they run from Saturday instead.
    """
    local = now.astimezone(HANOI)
    monday = (local - timedelta(days=local.weekday())).replace(
        hour=10, minute=0, second=0, microsecond=0
    )
    if local < monday:
        monday -= timedelta(days=7)
    if local - monday > timedelta(days=6, hours=2):
        monday += timedelta(days=5)
    by = monday - document.rounds[_OPEN_ROUND].opens
    return msgspec.structs.replace(
        document,
        rounds=tuple(
            msgspec.structs.replace(
                each,
                opens=each.opens + by,
                closes=each.closes + by,
                publishes=each.publishes + by,
            )
            for each in document.rounds
        ),
    )


def seed(settings: Settings, database: Database, now: datetime, *, people: int = PEOPLE) -> bool:
    """Fills an empty database with the demo; False when there is an edition already."""
    with database.read() as tx:
        if editions(tx):
            return False
    progress = Progress(people + PEOPLE_THIS_WEEK + 75)
    document = moved_to(read_edition(paths.EDITIONS / "demo.yaml"), now)
    first, second = document.rounds[0], document.rounds[_OPEN_ROUND]
    before = first.opens - timedelta(days=7)
    chance = SeededChance(f"{document.edition} {first.opens.date()}")
    database.write(load_bank, bank=read_or_stop(paths.QUESTIONS / "demo"), by="system", now=before)
    with database.read() as tx:
        wards = [ward.id for ward in wards_on(tx, first.opens.astimezone(HANOI).date())]
    cast = _make_cast(settings, database, chance, before, home=wards[0])
    classroom = make_classroom(settings, database, cast, chance, before)
    _tell(settings, "pupil of 5A, 11: card, at /the", LAN, classroom.card)
    progress.step(20, "accounts, questions")
    database.write(apply_edition, document=document, started_rounds=set(), by="system", now=before)
    with database.read() as tx:
        edition = find_edition(tx, document.edition)
        assert edition is not None
        organiser = ref_of(tx, cast["khanh"])
    crowd = invent(
        people, seed=f"week 1 {first.opens}", opens=first.opens, closes=first.closes, wards=wards
    )
    database.write(
        grant_extra_time,
        edition_id=edition.id,
        account_id=cast["hoa"],
        percent=50,
        need="Thị lực kém, đọc đề ở cỡ chữ lớn nên cần thêm thời gian.",
        by=organiser,
        now=first.opens - timedelta(days=3),
    )
    play_cast(database, edition.rounds[0], cast, wards[0], chance)
    known = play_all(database, edition.rounds[0], crowd, chance, progress, {})
    pupils, accounts_of_pupils = pupils_of_week_1(classroom, edition.rounds[0])
    play_all(database, edition.rounds[0], pupils, chance, progress, accounts_of_pupils)
    settle_round(database, edition.rounds[0].id, lambda: after(edition.rounds[0]))
    database.write(publish_round, round_id=edition.rounds[0].id, by=organiser, now=first.publishes)
    add_aftermath(
        database,
        edition.rounds[0],
        known.values(),
        published=first.publishes,
        by=organiser,
        chance=chance,
        now=now,
    )
    progress.step(20, "results of week 1")
    this_morning = now.astimezone(HANOI).replace(hour=0, minute=0, second=0, microsecond=0)
    if this_morning - second.opens > timedelta(hours=6):
        again = invent(
            PEOPLE_THIS_WEEK,
            seed=f"week 2 {second.opens}",
            opens=second.opens,
            closes=this_morning,
            wards=wards,
        )
        play_all(database, edition.rounds[1], again, chance, progress, known)
    else:
        progress.step(PEOPLE_THIS_WEEK, "week 2")
    take_press_back(database, classroom, now - timedelta(hours=20))
    # The search by name works at the first page view.
    refresh_names(database, lambda: now)
    progress.step(20, "done")
    return True


def _make_cast(
    settings: Settings, database: Database, chance: Chance, now: datetime, *, home: str
) -> dict[str, int]:
    """
    One account a role under one random password, told in the terminal and in a file.

    Gives handle → account; `home`: where those live who take part.
    """
    accounts = {}
    password = grouped("".join(secrets.choice(LETTERS.lower()) for _ in range(16)))
    passwords = Passwords()
    lines = [
        "Demo accounts, all with the password  " + password,
        "",
        f"  {'role':<38} {'name':<18} {'sign-in code':<14} e-mail or telephone",
    ]
    try:
        for member in CAST:
            made = database.write(
                _make_member,
                member,
                passwords.hash(password),
                chance,
                now,
                ward_id=home if member.handle in CAST_PLAYED else None,
            )
            accounts[member.handle] = made.account_id
            contact = member.email or member.phone or ""
            lines.append(
                f"  {member.says:<38} {member.full_name:<18} {grouped(made.code):<14} {contact}"
            )
    finally:
        passwords.close()
    kept = settings.data_dir / ACCOUNTS_FILE
    kept.touch(mode=0o600)
    kept.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return accounts


def _tell(settings: Settings, says: str, name: str, card: str) -> None:
    kept = settings.data_dir / ACCOUNTS_FILE
    with kept.open("a", encoding="utf-8") as file:
        file.write(f"  {says:<38} {name:<18} {card}\n")


def _make_member(
    tx: Tx,
    member: Member,
    password_hash: str,
    chance: Chance,
    now: datetime,
    *,
    ward_id: str | None,
) -> Registered:
    made = register_account(
        tx,
        full_name=member.full_name,
        birth_date=member.birth_date,
        email=member.email,
        phone=member.phone,
        password_hash=password_hash,
        ward_id=ward_id,
        shows_name=member.shows_name,
        chance=chance,
        now=now,
    )
    for grant in member.grants:
        grant_role(tx, account_id=made.account_id, grant=grant, by="system", now=now)
    return made
