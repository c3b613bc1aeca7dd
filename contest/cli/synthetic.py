"""A synthetic edition of any size: invented entrants, papers and answers, written in bulk.

For measuring only. The papers come from the real draw, times and codes satisfy what the commands
demand, and every constraint of the database is on; but no command was run for anybody, so that a
million attempts take a minute and not hours.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import msgspec
import numpy as np
import sqlalchemy as sa

from contest.bank import queries as bank
from contest.bank.draw import draw
from contest.cli.invented import invent
from contest.editions.models import Entrant
from contest.editions.queries import RoundView
from contest.infra.chance import LETTERS
from contest.infra.clock import to_ms
from contest.infra.database import Database, Model, Tx
from contest.people.consent import NAME_ON_BOARDS, TAKE_PART, WORDING_VERSION
from contest.people.consent.models import Consent
from contest.people.models import Account
from contest.people.names import name_key, name_search_key
from contest.quiz import papers, timing
from contest.quiz.models import COUNTED, Answer, Attempt
from contest.rules.document import EditionDocument
from contest.units.queries import wards_on

PAPERS: Final = 2000
NAMES: Final = 4000
SHARE_PERFECT: Final = 1 / 3
SHARE_NAMED: Final = 0.72
SHARE_CHANGED: Final = 0.05
# One in a hundred did nothing but watch the clock in the same way: the largest tie of the board.
SHARE_TIED: Final = 0.01
_A_PIECE: Final = 10000

_Numbers = np.ndarray[Any, np.dtype[np.int64]]


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """Drawn papers; `right` and `wrong` hold an answer mask for each paper and place."""

    texts: list[str]
    revisions: list[bytes]
    seeds: list[str]
    right: _Numbers
    wrong: _Numbers


class Names(msgspec.Struct, frozen=True, kw_only=True):
    rows: list[tuple[str, str, str, date]]
    wards: list[str]


def draw_papers(tx: Tx, document: EditionDocument, this: RoundView, seed: str) -> Papers:
    """Some thousand papers of a round, by the real draw."""
    candidates = bank.candidates(tx, this.rules.pool)
    ids = [each.revision_id for each in candidates]
    types, keys = bank.types_of(tx, ids), bank.keys(tx, ids)
    texts, packed, seeds, right, wrong = [], [], [], [], []
    for number in range(PAPERS):
        own = random.Random(f"{seed} {number}").randbytes(16).hex()
        items = draw(own, candidates, this.rules.blueprint)
        texts.append(papers.encode(items, types))
        packed.append(papers.packed_revisions(items))
        seeds.append(own)
        masks = [keys[item.revision_id].key_mask for item in items]
        right.append(masks)
        wrong.append(
            [
                _miss(mask, len(item.order), types[item.revision_id])
                for mask, item in zip(masks, items, strict=True)
            ]
        )
    return Papers(
        texts=texts,
        revisions=packed,
        seeds=seeds,
        right=np.array(right, dtype=np.int64),
        wrong=np.array(wrong, dtype=np.int64),
    )


def _miss(key: int, choices: int, kind: str) -> int:
    if kind == "multiple":
        return key ^ 1 if key ^ 1 else 1
    return 1 << (key.bit_length() % choices)


def invent_names(tx: Tx, this: RoundView, seed: str) -> Names:
    """Names, birth dates and wards to choose from."""
    wards = [ward.id for ward in wards_on(tx, this.opens_at.date())]
    crowd = invent(NAMES, seed=seed, opens=this.opens_at, closes=this.closes_at, wards=wards)
    return Names(
        rows=[
            (
                each.full_name,
                name_key(each.full_name),
                name_search_key(each.full_name),
                each.birth_date,
            )
            for each in crowd
        ],
        wards=wards,
    )


def load(
    database: Database, document: EditionDocument, this: RoundView, attempts: int, *, seed: str
) -> Iterator[int]:
    """Writes `attempts` entrants with one submitted attempt each; yields how many are written."""
    with database.read() as tx:
        drawn = draw_papers(tx, document, this, seed)
        names = invent_names(tx, this, seed)
        first = {
            model: 1
            + tx.execute(sa.select(sa.func.coalesce(sa.func.max(model.id), 0))).scalar_one()
            for model in (Account, Consent, Entrant, Attempt)
        }
    made = np.random.default_rng(hash_of(seed))
    for start in range(0, attempts, _A_PIECE):
        count = min(_A_PIECE, attempts - start)
        rows = _piece(made, drawn, names, document, this, attempts, start, count, first)
        database.write(_write_piece, rows=rows)
        yield start + count
    database.write(_catch_up)


def hash_of(seed: str) -> int:
    return int.from_bytes(random.Random(seed).randbytes(7), "big")


def _codes(made: np.random.Generator, count: int, letters: int, unique: _Numbers) -> list[str]:
    """Random codes that differ: their last five letters are the entrant's number."""
    alphabet = np.array(list(LETTERS))
    head = alphabet[made.integers(0, 32, size=(count, letters - 5))]
    tail = alphabet[np.stack([unique >> (5 * at) & 31 for at in range(5)], axis=1)]
    return ["".join(row) for row in np.concatenate([head, tail], axis=1).tolist()]


def _piece(
    made: np.random.Generator,
    drawn: Papers,
    names: Names,
    document: EditionDocument,
    this: RoundView,
    attempts: int,
    start: int,
    count: int,
    first: dict[Any, int],
) -> dict[type[Model], list[tuple[Any, ...]]]:
    ids = np.arange(start, start + count)
    base_ms = timing.allowed_ms(document.rules.attempt.minutes)
    opens, closes = to_ms(this.opens_at), to_ms(this.closes_at)
    perfect = made.random(count) < SHARE_PERFECT
    tied = made.random(count) < SHARE_TIED
    used = np.clip(made.normal(np.where(perfect, 255e3, 330e3), 95e3, count), 58e3, 598e3)
    used = np.where(tied, base_ms, used.astype(np.int64) + made.integers(0, 1000, count))
    started = np.where(tied, closes - base_ms, made.integers(opens, closes - base_ms, count))
    submitted = started + used
    goal = attempts * SHARE_PERFECT
    guess = np.clip(made.normal(goal, goal / 5, count), 0, None).astype(np.int64)
    has_guess = (made.random(count) > 0.04) & ~tied
    paper = made.integers(0, len(drawn.texts), count)
    questions = drawn.right.shape[1]
    hit = made.random((count, questions)) < 0.71
    hit[perfect | tied] = True
    hit[~(perfect | tied), 0] = False
    values = np.where(hit, drawn.right[paper], drawn.wrong[paper])
    before = np.where(hit, drawn.wrong[paper], drawn.right[paper])
    changed = made.random((count, questions)) < SHARE_CHANGED
    who = made.integers(0, len(names.rows), count).tolist()
    wards = made.integers(0, len(names.wards), count).tolist()
    named = (made.random(count) < SHARE_NAMED).tolist()
    born = made.integers(0, 365, count).tolist()
    refs, codes = (_codes(made, count, letters, ids) for letters in (16, 8))
    entries, addresses = (_codes(made, count, letters, ids) for letters in (8, 16))
    receipts = _codes(made, count, 12, ids)
    grace = document.rules.attempt.grace_seconds * 1000
    rows: dict[type[Model], list[tuple[Any, ...]]] = {
        model: [] for model in (Account, Consent, Entrant, Attempt, Answer)
    }
    lists = zip(
        ids.tolist(), started.tolist(), used.tolist(), submitted.tolist(), paper.tolist(),
        values.tolist(), before.tolist(), changed.tolist(), guess.tolist(), has_guess.tolist(),
        tied.tolist(), strict=True,
    )  # fmt: skip
    for at, (
        number,
        began,
        took,
        ended,
        on,
        right,
        other,
        twice,
        hope,
        hopes,
        by_itself,
    ) in enumerate(lists):
        account, entrant, attempt = (first[each] + number for each in (Account, Entrant, Attempt))
        full_name, key, search, birthday = names.rows[who[at]]
        ward = names.wards[wards[at]]
        entered = began - 60_000
        rows[Account].append(
            (account, refs[at], codes[at], full_name, key, search,
             birthday - timedelta(days=born[at]), ward, entered)
        )  # fmt: skip
        consent = first[Consent] + 2 * number
        rows[Consent].append((consent, account, TAKE_PART, WORDING_VERSION, refs[at], entered))
        if named[at]:
            rows[Consent].append(
                (consent + 1, account, NAME_ON_BOARDS, WORDING_VERSION, refs[at], entered)
            )
        rows[Entrant].append((entrant, this.edition_id, account, entries[at], ward, entered))
        deadline = min(began + base_ms, closes)
        rows[Attempt].append(
            (attempt, addresses[at], this.id, entrant, 1, 1, drawn.seeds[on],
             drawn.texts[on], drawn.revisions[on],
             began, base_ms, base_ms, deadline, deadline + grace, ended, by_itself, took, took,
             receipts[at])
        )  # fmt: skip
        tab = refs[at]
        pace = took // (questions + 2)
        for place, (value, first_thought, again) in enumerate(
            zip(right, other, twice, strict=True), start=1
        ):
            moment = began + pace * place
            if again:
                rows[Answer].append(
                    (attempt, place, 1, first_thought, COUNTED, tab, place, 0, moment - 500)
                )
            rows[Answer].append(
                (attempt, place, 1 + again, value, COUNTED, tab, place + 100 * again, 0, moment)
            )
        if hopes:
            rows[Answer].append(
                (attempt, papers.PREDICTION, 1, hope, COUNTED, tab, questions + 1, 0, ended - 500)
            )
    return rows


_COLUMNS: Final[dict[type[Model], tuple[str, ...]]] = {
    Account: ("id", "ref", "code", "full_name", "name_key", "search_key", "birth_date", "ward_id",
              "created_at"),
    Consent: ("id", "account_id", "purpose", "wording_version", "given_by", "given_at"),
    Entrant: ("id", "edition_id", "account_id", "entry_code", "ward_id", "entered_at"),
    Attempt: ("id", "code", "round_id", "entrant_id", "number", "rules_version", "seed", "paper",
              "revisions",
              "started_at", "base_ms", "allowed_ms", "deadline_at", "final_at", "submitted_at",
              "submitted_by_itself", "time_used_ms", "ranking_time_ms", "receipt"),
    Answer: ("attempt_id", "position", "n", "value", "verdict", "tab", "seq", "based_on",
             "received_at"),
}  # fmt: skip


def _write_piece(tx: Tx, *, rows: dict[type[Model], list[tuple[Any, ...]]]) -> None:
    for model, found in rows.items():
        table, columns = model.__tablename__, ", ".join(_COLUMNS[model])
        if tx.dialect.name == "sqlite":
            marks = ", ".join("?" * len(_COLUMNS[model]))
            plain = [
                tuple(each.isoformat() if isinstance(each, date) else each for each in row)
                for row in found
            ] if model is Account else found  # fmt: skip
            tx.exec_driver_sql(f"insert into {table} ({columns}) values ({marks})", plain)
            continue
        driver: Any = tx.connection.driver_connection
        with driver.cursor().copy(f"copy {table} ({columns}) from stdin") as copy:
            for row in found:
                copy.write_row(row)


def _catch_up(tx: Tx) -> None:
    """PostgreSQL's sequences know nothing of rows that brought their own id."""
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql("analyze")
        return
    for model in (Account, Consent, Entrant, Attempt):
        table = model.__tablename__
        tx.exec_driver_sql(
            f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))"
        )
    tx.exec_driver_sql("analyze")
