"""What standings do in the background: settle a round once it has closed and all attempts ended,
try proposed rulings, tell those whom an adjustment concerns."""

from typing import Any

from contest.errors import Conflict, NotFound
from contest.infra.chance import grouped
from contest.infra.clock import Clock
from contest.infra.database import Database
from contest.infra.jobs import JobFunction, enqueue
from contest.people.consent import queries as consent
from contest.people.consent.commands import finish_followed_withdrawals
from contest.standings import leftovers, letters, names, proposals, queries
from contest.standings.apart import settle_by_size, try_by_size
from contest.standings.commands import TELL_CONCERNED, TRY_RULING
from contest.standings.letters import Addressee, Adjusted, Change, Letter
from contest.web.templating import Templates

SETTLE = "standings.settle"
REFRESH_NAMES = "standings.refresh_names"
# What may take a minute with a million lines, and so keeps nothing else waiting.
SLOW = (SETTLE, TRY_RULING, TELL_CONCERNED, REFRESH_NAMES)
# Commands of one sweep that remove leftovers: about a second.
_PIECES_A_SWEEP = 50


def sweep_closed_rounds(database: Database, clock: Clock) -> None:
    """Asks for the settlement of every round that is over and has none."""
    now = clock()
    with database.read() as tx:
        due = queries.rounds_to_settle(tx, now)
    for round_id in due:
        database.write(enqueue, SETTLE, {"round_id": round_id}, now=now, dedup_key=str(round_id))


def settle_job(database: Database, clock: Clock) -> JobFunction:
    def run(payload: dict[str, object]) -> None:
        round_id = payload["round_id"]
        assert isinstance(round_id, int)
        try:
            settle_by_size(database, round_id, clock)
        except Conflict:
            # Extended or re-opened since it was asked for; the sweep asks again when it is over.
            return

    return run


def sweep_names(database: Database, clock: Clock) -> None:
    """Asks for the names of official results that do not know the newest decision."""
    with database.read() as tx:
        if not names.are_behind(tx):
            return
    database.write(enqueue, REFRESH_NAMES, {}, now=clock(), dedup_key="all")


def refresh_names_job(database: Database, clock: Clock) -> JobFunction:
    def run(_payload: dict[str, object]) -> None:
        names.refresh_names(database, clock)

    return run


def sweep_withdrawals(database: Database, clock: Clock) -> None:
    """Finishes withdrawn consents once everything that was prepared has followed them."""
    with database.read() as tx:
        is_waiting = consent.waits_for_site(tx)
        upto = names.followed(tx) if is_waiting else 0
    if upto:
        database.write(finish_followed_withdrawals, upto=upto, now=clock())


def sweep_proposals(database: Database, clock: Clock) -> None:
    """Asks for the trial of every proposal whose effect is unknown or no longer true."""
    with database.read() as tx:
        due = proposals.proposals_without_trial(tx)
    for code in due:
        database.write(proposals.ask_for_trial, ruling_code=code, now=clock())


def sweep_leftovers(database: Database) -> None:
    """Removes settlements that nobody will look at again, some rows a command, a while a sweep."""
    with database.read() as tx:
        left = leftovers.leftover_settlements(tx)
    pieces = _PIECES_A_SWEEP
    for settlement_id in left:
        while database.write(leftovers.remove_piece, settlement_id=settlement_id):
            pieces -= 1
            if not pieces:
                # A million lines take minutes, and the sweeps that follow must not wait for them.
                return


def try_ruling_job(database: Database, clock: Clock) -> JobFunction:
    def run(payload: dict[str, object]) -> None:
        code = payload["ruling"]
        assert isinstance(code, str)
        try:
            try_by_size(database, code, clock)
        except (Conflict, NotFound):
            # Decided or dropped meanwhile, or the round is not over; the sweep asks again if due.
            return

    return run


def tell_concerned_job(
    database: Database, clock: Clock, templates: Templates, public_url: str
) -> JobFunction:
    """
    Writes to everybody concerned by an adjustment, some letters a command.

    How far it came stands in its own payload, written with the letters: nobody is told twice.
    """

    def run(payload: dict[str, object]) -> None:
        round_id, number = payload["round_id"], payload["number"]
        assert isinstance(round_id, int)
        assert isinstance(number, int)
        with database.read() as tx:
            this = letters.adjusted(tx, round_id, number)
        if this is None:
            return
        done = payload
        upto: int | None = int(str(payload.get("after", 0)))
        while upto is not None:
            with database.read() as tx:
                changes, upto = letters.next_changes(tx, this, after=upto)
                told = letters.addressees(tx, changes)
            to_write = [each for each in changes if each.entrant_id in told]
            for start in range(0, len(to_write), letters.LETTERS_A_COMMAND):
                piece = to_write[start : start + letters.LETTERS_A_COMMAND]
                written = {**payload, "after": piece[-1].entrant_id}
                is_mine = database.write(
                    letters.write_letters,
                    letters=[
                        _letter(templates, public_url, this, each, told[each.entrant_id])
                        for each in piece
                    ],
                    before=done,
                    after=written,
                    now=clock(),
                )
                if not is_mine:
                    # Our lease ran out and another run of this job goes on.
                    return
                done = written

    return run


def _letter(
    templates: Templates, public_url: str, this: Adjusted, change: Change, to: Addressee
) -> Letter:
    board = f"{public_url}/xep-hang/{this.edition.slug}/{this.round.slug}"
    prizes = this.edition.document.rules.prizes.individual
    values: dict[str, Any] = {
        "this": this,
        "change": change,
        "name": to.full_name,
        "entry_code": grouped(to.entry_code),
        "prize_before": prizes[change.prize_before.index] if change.prize_before else None,
        "prize_after": prizes[change.prize_after.index] if change.prize_after else None,
        "why": f"{board}/vi-sao/{to.entry_code}",
        "list": f"{board}/dieu-chinh",
    }

    def text(part: str) -> str:
        return templates.text(to.language, f"mail/standings/adjusted/{part}.txt", values).strip()

    return Letter(to_address=to.email, subject=text("subject"), body=text("body"))
