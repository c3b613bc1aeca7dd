"""People of the demo who play: the invented crowd of a week, and two of the cast."""

import sys
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from contest.bank import queries as bank
from contest.cli.aftermath import CORRECTED, accepted_too
from contest.cli.cast import BY_HANDLE
from contest.cli.invented import Invented
from contest.editions.entering import Person
from contest.editions.queries import RoundView
from contest.infra.chance import Chance
from contest.infra.database import Database, Tx
from contest.people.commands import register_account
from contest.quiz.answering import Save, save_answer
from contest.quiz.commands import SWEEP_LIMIT, start_attempt, submit_attempt, submit_due
from contest.quiz.papers import PREDICTION
from contest.quiz.queries import own_attempt

_TOGETHER = 20


class Progress:
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


# How two of the cast did in week 1: who signs in as one of them has a result to look at.
# Handle: how long after the opening, time used, right answers, prediction.
CAST_PLAYED = {
    "minh": (timedelta(days=2, hours=10, minutes=15), timedelta(seconds=252.345), 9, 1010),
    "hoa": (timedelta(days=3, hours=5, minutes=40), timedelta(seconds=700.12), 8, 850),
}


def play_cast(
    database: Database, this: RoundView, cast: Mapping[str, int], home: str, chance: Chance
) -> None:
    keys = keys_of(database, this)
    with database.read() as tx:
        found = bank.candidates(tx, this.rules.pool)
    # What is corrected later they have right: their wrong answers stay wrong.
    sure = {each.revision_id for each in found if each.question_id == CORRECTED}
    for handle, (starts, used, right, prediction) in CAST_PLAYED.items():
        member = BY_HANDLE[handle]
        played = Invented(
            full_name=member.full_name,
            birth_date=member.birth_date,
            phone="",
            ward_id=home,
            shows_name=member.shows_name,
            starts_at=this.opens_at + starts,
            used=used,
            right=right,
            prediction=prediction,
            submits=True,
        )
        database.write(_play, this, {0: played}, keys, chance, {0: cast[handle]}, sure)


def keys_of(database: Database, this: RoundView) -> dict[int, int]:
    """Revision → key mask, of all that a round's papers may hold."""
    with database.read() as tx:
        found = bank.candidates(tx, this.rules.pool)
        keys = bank.keys(tx, [each.revision_id for each in found])
    return {revision_id: key.key_mask for revision_id, key in keys.items()}


def play_all(
    database: Database,
    this: RoundView,
    crowd: Sequence[Invented],
    chance: Chance,
    progress: Progress,
    known: Mapping[int, int],
) -> dict[int, int]:
    """Everybody plays the round; returns number in the crowd → account, for the next week."""
    keys = keys_of(database, this)
    accounts: dict[int, int] = {}
    for start in range(0, len(crowd), _TOGETHER):
        some = {at: crowd[at] for at in range(start, min(start + _TOGETHER, len(crowd)))}
        accounts |= database.write(_play, this, some, keys, chance, known)
        progress.step(len(some), f"{start + len(some)} people of {this.slug}")
    while database.write(submit_due, now=after(this), chance=chance) == SWEEP_LIMIT:
        pass
    return accounts


def after(this: RoundView) -> datetime:
    return this.closes_at + timedelta(minutes=1)


def _play(
    tx: Tx,
    this: RoundView,
    crowd: Mapping[int, Invented],
    keys: Mapping[int, int],
    chance: Chance,
    known: Mapping[int, int],
    sure: Collection[int] = (),
) -> dict[int, int]:
    """Some people register (or come again), start, answer one question after the other, submit.

    `sure`: revisions that they have right.
    """
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
                school_id=each.school_id,
            ),
            chance=chance,
            now=each.starts_at,
        )
        _answer(tx, started.code, account_id, each, keys, chance, sure)
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
    sure: Collection[int],
) -> None:
    attempt = own_attempt(tx, attempt_code, account_id)
    assert attempt is not None
    pace = each.used / (len(attempt.items) + 2)
    tab = chance.octets(8).hex()
    # Which ones they miss follows from the draw, so it differs from person to person.
    places = range(1, len(attempt.items) + 1)
    known = sorted(places, key=lambda at: attempt.items[at - 1].revision_id not in sure)
    for place, item in enumerate(attempt.items, start=1):
        key = keys[item.revision_id]
        mask = key if place in known[: each.right] else _miss(key, len(item.order), item.type)
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
    """A wrong answer: the next choice, or one too few of several."""
    if kind == "multiple":
        fewer = accepted_too(key)
        return fewer if fewer != key else key | (key + 1)
    place = key.bit_length() - 1
    return 1 << ((place + 1) % choices)
