"""An account is erased in every room at once, and children for whom nobody signed are forgotten."""

from collections.abc import Sequence
from datetime import datetime

from contest.complaints import erasing as complaints
from contest.editions import erasing as editions
from contest.editions.queries import entry_codes
from contest.errors import Conflict
from contest.infra.chance import Chance, grouped
from contest.infra.clock import Clock
from contest.infra.database import Database, Tx
from contest.infra.mail import forget_letters
from contest.people import erasing as people
from contest.people.queries import account
from contest.people.unconsented import unconsented
from contest.quiz.queries import has_unsubmitted
from contest.standings import names

# Accounts looked at, and erased, at a time: an answer of somebody waits no longer than that.
A_PIECE = 50
SITE = "site"


def erase_account(
    tx: Tx,
    *,
    account_id: int,
    by: str,
    by_whom: str = "self",
    why: str = "asked",
    chance: Chance,
    now: datetime,
) -> bool:
    """
    Takes all that tells who somebody is: search keys, complaints' words, needs, letters, the
    account itself (people/erasing.py). Answers, score and place stay under the entry's code.

    False when it was erased before. Raises NotFound("no-person"), Conflict("erase-with-roles"),
    Conflict("erase-while-running") while an attempt of theirs has not ended.
    """
    person = account(tx, account_id)
    if person.is_erased:
        return False
    if has_unsubmitted(tx, account_id):
        raise Conflict("erase-while-running")
    # While the name is still there to be found.
    names.forget_person(tx, account_id)
    complaint_codes = complaints.forget_person(
        tx, account_id=account_id, full_name=person.full_name, by=by, now=now
    )
    marks = marks_of(person.full_name, person.code, entry_codes(tx, account_id), complaint_codes)
    addresses = people.addresses_of(tx, account_id)
    shared = people.shared_addresses(tx, account_id, addresses)
    for each in addresses:
        forget_letters(tx, to_address=each, marks=marks if each in shared else None)
    editions.forget_person(tx, account_id=account_id)
    return people.erase_account(
        tx, account_id=account_id, by=by, by_whom=by_whom, why=why, chance=chance, now=now
    )


def marks_of(
    full_name: str, code: str, entry_codes: Sequence[str], complaint_codes: Sequence[str]
) -> list[str]:
    """What in a letter says that it is about the person; codes as letters print them."""
    codes = [code, *entry_codes, *complaint_codes]
    return [each for each in (full_name, *map(grouped, codes)) if each]


def forget_unconsented(tx: Tx, *, account_ids: Sequence[int], chance: Chance, now: datetime) -> int:
    """Erases those of these accounts of whom it is still so. Returns how many."""
    still, _ = unconsented(tx, now=now, only=account_ids, limit=len(account_ids) or 1)
    for account_id in still:
        erase_account(
            tx,
            account_id=account_id,
            by=SITE,
            by_whom=SITE,
            why="unconsented",
            chance=chance,
            now=now,
        )
    return len(still)


def sweep_unconsented(database: Database, clock: Clock, chance: Chance) -> int:
    """
    Looks through all accounts of minors, some at a time, and erases those for whom nobody signed
    in time and who never entered anything. Returns how many.
    """
    now, erased = clock(), 0
    after: int | None = 0
    while after is not None:
        with database.read() as tx:
            found, after = unconsented(tx, now=now, after=after, limit=A_PIECE * 10)
            entered = editions.have_entered(tx, found)
        due = [each for each in found if each not in entered]
        for start in range(0, len(due), A_PIECE):
            erased += database.write(
                forget_unconsented,
                account_ids=due[start : start + A_PIECE],
                chance=chance,
                now=now,
            )
    return erased
