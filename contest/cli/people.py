"""`people create-organiser | grant | end-role`: the first account, and roles from the terminal."""

import argparse
import getpass
import sys
from datetime import date

from contest.access import Grant, Role, Scope
from contest.cli.opened import Families, Stopped, opened_database, subcommand
from contest.errors import Invalid, NotAllowed
from contest.infra.chance import SystemChance, grouped
from contest.infra.clock import system_clock
from contest.infra.database import Database
from contest.infra.passwords import Passwords
from contest.people.commands import end_role, grant_role, register_account
from contest.people.password_policy import SHORTEST_FOR_STAFF, find_fault, personal_texts
from contest.people.queries import find_people

# Where a role holds when nobody says otherwise.
_SCOPES = {
    Role.TEACHER: Scope.UNIT,
    Role.UNIT_OFFICER: Scope.UNIT,
    Role.OPERATOR: Scope.ALL,
}
_STAFF = [role.value for role in Role if role not in (Role.VISITOR, Role.ENTRANT)]
_FAULTS = {
    "missing": "A password is needed.",
    "too-short": f"Whoever holds a role needs a password of {SHORTEST_FOR_STAFF} characters.",
    "too-long": "This password is too long.",
    "common": "This password is among the first that anybody would try.",
    "personal": "This password is made of the person's own name, address or birth date.",
}


def add(families: Families) -> None:
    parser = families.add_parser("people", help="accounts and roles from the terminal")
    own = parser.add_subparsers(required=True, metavar="WHAT")
    make = subcommand(own, "create-organiser", "make an organiser's account", _create_organiser)
    make.add_argument("--name", help="full name; asked for when left out")
    make.add_argument("--birth-date", help="YYYY-MM-DD; asked for when left out")
    make.add_argument("--email", help="may be left out: the sign-in code always works")
    make.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )
    for name, words, run in (
        ("grant", "give a role", _grant),
        ("end-role", "take a role back", _end_role),
    ):
        role = subcommand(own, name, words, run)
        role.add_argument("person", help="sign-in code, e-mail or telephone")
        role.add_argument("role", choices=_STAFF)
        role.add_argument("--where", default="", help="a unit's id or an edition's slug")


def _create_organiser(chosen: argparse.Namespace) -> int:
    name = chosen.name or _asked("Full name: ")
    birth_date = _birth_date(chosen.birth_date or _asked("Birth date (YYYY-MM-DD): "))
    password = _password(from_stdin=chosen.password_stdin)
    fault = find_fault(
        password, staff=True, personal=personal_texts(name, birth_date, chosen.email, None)
    )
    if fault is not None:
        raise Stopped(_FAULTS[fault])
    passwords = Passwords()
    try:
        hashed = passwords.hash(password)
    finally:
        passwords.close()
    now = system_clock()
    with opened_database() as (_settings, database):
        try:
            made = database.write(
                register_account,
                full_name=name,
                birth_date=birth_date,
                email=chosen.email,
                password_hash=hashed,
                chance=SystemChance(),
                now=now,
            )
        except Invalid as error:
            raise Stopped(
                f"The {str(error.facts['field']).replace('_', ' ')} is not valid."
            ) from error
        except NotAllowed as error:
            raise Stopped("An organiser is at least 16 years old.") from error
        database.write(
            grant_role,
            account_id=made.account_id,
            grant=Grant(Role.ORGANISER, Scope.EDITION),
            by="system",
            now=now,
        )
    print(f"{name} is an organiser now. Sign-in code: {grouped(made.code)}")
    return 0


def _asked(words: str) -> str:
    if not sys.stdin.isatty():
        raise Stopped(f"{words.partition(':')[0]} is missing; give it as an option.")
    return input(words).strip()


def _birth_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Stopped(f"{text!r} is not a date like 1980-05-31.") from None


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise Stopped("The two passwords differ.")
    return first


def _grant(chosen: argparse.Namespace) -> int:
    with opened_database() as (_settings, database):
        account_id, name = _one_person(database, chosen.person)
        new = database.write(
            grant_role,
            account_id=account_id,
            grant=_grant_of(chosen),
            by="system",
            now=system_clock(),
        )
    print(f"{name}: {chosen.role}" + ("" if new else " (held already)"))
    return 0


def _end_role(chosen: argparse.Namespace) -> int:
    with opened_database() as (_settings, database):
        account_id, name = _one_person(database, chosen.person)
        ended = database.write(
            end_role,
            account_id=account_id,
            grant=_grant_of(chosen),
            by="system",
            now=system_clock(),
        )
    print(f"{name}: no longer {chosen.role}" if ended else f"{name} does not hold {chosen.role}")
    return 0


def _grant_of(chosen: argparse.Namespace) -> Grant:
    role = Role(chosen.role)
    return Grant(role, _SCOPES.get(role, Scope.EDITION), chosen.where)


def _one_person(database: Database, text: str) -> tuple[int, str]:
    with database.read() as tx:
        found = find_people(tx, text)
    if not found:
        raise Stopped(f"Nobody is found by {text!r}.")
    if len(found) > 1:
        names = ", ".join(f"{each.full_name} ({each.code})" for each in found)
        raise Stopped(f"Several people are found by {text!r}: {names}. Give the sign-in code.")
    return found[0].account_id, found[0].full_name
