"""The demo: an edition with an official week, an open one, and invented people who played.

Everybody in it went through the same commands as a real person, with the clock of their day.
"""

import argparse
import secrets
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from contest import paths
from contest.bank import queries as bank
from contest.bank.commands import load_bank
from contest.cli.bank import read_or_stop
from contest.cli.cast import CAST, Member
from contest.cli.editions import read_edition
from contest.cli.invented import Invented, invent
from contest.cli.opened import Families, opened_database, subcommand
from contest.editions.commands import apply_edition
from contest.editions.queries import RoundView, editions
from contest.editions.queries import edition as find_edition
from contest.infra.chance import LETTERS, Chance, SeededChance, grouped
from contest.infra.clock import HANOI
from contest.infra.database import Database, Tx
from contest.infra.passwords import Passwords
from contest.people.commands import grant_role, register_account
from contest.quiz.answering import Save, save_answer
from contest.quiz.commands import SWEEP_LIMIT, Person, start_attempt, submit_attempt, submit_due
from contest.quiz.papers import PREDICTION
from contest.quiz.queries import own_attempt
from contest.rules.document import EditionDocument
from contest.settings import Settings
from contest.standings.commands import publish_round
from contest.standings.settle import settle_round
from contest.units.queries import wards_on

PEOPLE = 3000
PEOPLE_THIS_WEEK = 420
_TOGETHER = 20
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


class _Progress:
    """A bar on the terminal, or a line now and then where there is none."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._shown = total, 0, -1

    def step(self, count: int, words: str) -> None:
        self._done += count
        percent = 100 * self._done // self._total
        if percent == self._shown or (not sys.stdout.isatty() and percent % 25):
            return
        self._shown = percent
        bar = "█" * (percent // 4) + "░" * (25 - percent // 4)
        end = "\n" if percent >= 100 or not sys.stdout.isatty() else ""
        print(f"\rDemo: {bar} {percent:3d} %  {words:<28}", end=end, flush=True)


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
    progress = _Progress(people + PEOPLE_THIS_WEEK + 60)
    document = moved_to(read_edition(paths.EDITIONS / "demo.yaml"), now)
    first, second = document.rounds[0], document.rounds[_OPEN_ROUND]
    before = first.opens - timedelta(days=7)
    chance = SeededChance(f"{document.edition} {first.opens.date()}")
    database.write(load_bank, bank=read_or_stop(paths.QUESTIONS / "demo"), by="system", now=before)
    _make_cast(settings, database, chance, before)
    progress.step(20, "accounts, questions")
    database.write(apply_edition, document=document, started_rounds=set(), by="system", now=before)
    with database.read() as tx:
        edition = find_edition(tx, document.edition)
        assert edition is not None
        wards = [ward.id for ward in wards_on(tx, first.opens.astimezone(HANOI).date())]
    crowd = invent(
        people, seed=f"week 1 {first.opens}", opens=first.opens, closes=first.closes, wards=wards
    )
    known = _play_all(database, edition.rounds[0], crowd, chance, progress, {})
    _settle_and_publish(database, edition.rounds[0], first.publishes, chance)
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
        _play_all(database, edition.rounds[1], again, chance, progress, known)
    else:
        progress.step(PEOPLE_THIS_WEEK, "week 2")
    progress.step(20, "done")
    return True


def _play_all(
    database: Database,
    this: RoundView,
    crowd: Sequence[Invented],
    chance: Chance,
    progress: _Progress,
    known: Mapping[int, int],
) -> dict[int, int]:
    """Everybody plays the round; returns number in the crowd → account, for the next week."""
    with database.read() as tx:
        candidates = bank.candidates(tx, this.rules.pool)
        keys = {
            revision_id: key.key_mask
            for revision_id, key in bank.keys(tx, [each.revision_id for each in candidates]).items()
        }
    accounts: dict[int, int] = {}
    for start in range(0, len(crowd), _TOGETHER):
        some = {at: crowd[at] for at in range(start, min(start + _TOGETHER, len(crowd)))}
        accounts |= database.write(_play, this, some, keys, chance, known)
        progress.step(len(some), f"{start + len(some)} people of {this.slug}")
    while database.write(submit_due, now=_after(this), chance=chance) == SWEEP_LIMIT:
        pass
    return accounts


def _after(this: RoundView) -> datetime:
    return this.closes_at + timedelta(minutes=1)


def _play(
    tx: Tx,
    this: RoundView,
    crowd: Mapping[int, Invented],
    keys: Mapping[int, int],
    chance: Chance,
    known: Mapping[int, int],
) -> dict[int, int]:
    """Some people register (or come again), start, answer one question after the other, submit."""
    accounts = {}
    for number, each in crowd.items():
        account_id = known.get(number)
        if account_id is None:
            account_id = register_account(
                tx,
                full_name=each.full_name,
                birth_date=each.birth_date,
                phone=each.phone,
                ward_id=each.ward_id,
                shows_name=each.shows_name,
                chance=chance,
                now=each.starts_at - timedelta(minutes=3),
            ).account_id
        accounts[number] = account_id
        started = start_attempt(
            tx,
            round_id=this.id,
            person=Person(
                account_id=account_id,
                birth_date=each.birth_date,
                roles=("entrant",),
                ward_id=each.ward_id,
            ),
            chance=chance,
            now=each.starts_at,
        )
        _answer(tx, started.code, account_id, each, keys, chance)
        if each.submits:
            submit_attempt(
                tx,
                attempt_code=started.code,
                account_id=account_id,
                received=each.starts_at + each.used,
                chance=chance,
            )
    return accounts


def _answer(
    tx: Tx,
    attempt_code: str,
    account_id: int,
    each: Invented,
    keys: Mapping[int, int],
    chance: Chance,
) -> None:
    attempt = own_attempt(tx, attempt_code, account_id)
    assert attempt is not None
    pace = each.used / (len(attempt.items) + 2)
    tab = chance.octets(8).hex()
    for place, item in enumerate(attempt.items, start=1):
        key = keys[item.revision_id]
        # Which ones they miss follows from the draw, so it differs from person to person.
        right = place <= each.right
        mask = key if right else _miss(key, len(item.order), item.type)
        save_answer(
            tx,
            attempt_code=attempt_code,
            account_id=account_id,
            save=Save(position=place, shown=item.to_shown(mask), tab=tab, seq=place, based_on=0),
            received=each.starts_at + pace * place,
        )
    if each.prediction is not None:
        save_answer(
            tx,
            attempt_code=attempt_code,
            account_id=account_id,
            save=Save(
                position=PREDICTION,
                prediction=each.prediction,
                tab=tab,
                seq=len(attempt.items) + 1,
                based_on=0,
            ),
            received=each.starts_at + pace * (len(attempt.items) + 1),
        )


def _miss(key: int, choices: int, kind: str) -> int:
    """A wrong answer: the next choice, or for several a choice too many or too few."""
    if kind == "multiple":
        return key ^ 1 if key ^ 1 else 1
    place = key.bit_length() - 1
    return 1 << ((place + 1) % choices)


def _settle_and_publish(
    database: Database, this: RoundView, published_at: datetime, chance: Chance
) -> None:
    settle_round(database, this.id, lambda: _after(this))
    database.write(publish_round, round_id=this.id, by="system", now=published_at)


def _make_cast(settings: Settings, database: Database, chance: Chance, now: datetime) -> None:
    """One account a role under one random password; told in the terminal and in a file."""
    password = grouped("".join(secrets.choice(LETTERS.lower()) for _ in range(16)))
    passwords = Passwords()
    lines = [
        "Demo accounts, all with the password  " + password,
        "",
        f"  {'role':<38} {'name':<18} {'sign-in code':<14} e-mail or telephone",
    ]
    try:
        for member in CAST:
            code = database.write(_make_member, member, passwords.hash(password), chance, now)
            contact = member.email or member.phone or ""
            lines.append(
                f"  {member.says:<38} {member.full_name:<18} {grouped(code):<14} {contact}"
            )
    finally:
        passwords.close()
    kept = settings.data_dir / ACCOUNTS_FILE
    kept.touch(mode=0o600)
    kept.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _make_member(tx: Tx, member: Member, password_hash: str, chance: Chance, now: datetime) -> str:
    made = register_account(
        tx,
        full_name=member.full_name,
        birth_date=member.birth_date,
        email=member.email,
        phone=member.phone,
        password_hash=password_hash,
        shows_name=member.shows_name,
        chance=chance,
        now=now,
    )
    for grant in member.grants:
        grant_role(tx, account_id=made.account_id, grant=grant, by="system", now=now)
    return made.code
