"""A published round as a file: everything that ranks, so that anybody can compute it again.

Pieces of some thousand lines, each read in a transaction of its own: a settlement never changes, so
they agree, and no reader is kept waiting by a download. `cli/replay.py` reads what is written here.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
import sqlalchemy as sa

from contest.bank import queries as bank
from contest.editions.models import EditionVersion, Entrant
from contest.editions.queries import EditionView, RoundView, document_of_version
from contest.infra.clock import HANOI
from contest.infra.database import Database, Tx
from contest.ledger.queries import newest_of_kinds
from contest.people import queries as people
from contest.rules.document import max_score_milli
from contest.rules.replay import FORMAT, Corrected, Head, Line
from contest.rulings import queries as rulings
from contest.standings.models import Settlement, Standing
from contest.standings.names import KINDS
from contest.standings.queries import Published
from contest.units import queries as units

LINES_A_PIECE: Final = 4000
Kind = Literal["csv", "json"]


class PublishedLine(Line, frozen=True, gc=False):
    """An entrant's line; `name` only as the person consents to today, else ""."""

    name: str = ""
    ward: str = ""


COLUMNS: Final = PublishedLine.__struct_fields__

_LINES = (
    sa.select(
        Standing.place,
        Entrant.entry_code,
        Standing.score_milli,
        Standing.prediction,
        Standing.distance,
        Standing.ranking_time_ms,
        Standing.submission_order,
        Entrant.account_id,
        Standing.ward_id,
    )
    .join(Entrant, Entrant.id == Standing.entrant_id)
    .where(
        Standing.settlement_id == sa.bindparam("settlement"),
        Standing.line.between(sa.bindparam("first"), sa.bindparam("last")),
    )
    .order_by(Standing.line)
)


class RoundFile(msgspec.Struct, frozen=True, kw_only=True):
    """What stands before the lines; `rules` is the canonical document, as it was hashed."""

    settlement_id: int
    head: Head
    rules: str


def tag_of(tx: Tx, result: Published, now: datetime) -> str:
    """
    Names one state of the file: its result, and what people wish for their names today.

    The day belongs to it: whoever comes of age may be shown from that day on.
    """
    height = newest_of_kinds(tx, KINDS)
    day = now.astimezone(HANOI).date()
    return f"{result.settlement_id}-{result.number}-{height}-{day:%Y%m%d}"


def round_file(tx: Tx, edition: EditionView, this: RoundView, result: Published) -> RoundFile:
    """The head of a published round, with the rules its settlement was computed by."""
    kept = tx.execute(
        sa.select(EditionVersion.version, EditionVersion.document, EditionVersion.rules_hash)
        .join(Settlement, Settlement.rules_version == EditionVersion.version)
        .where(EditionVersion.edition_id == edition.id, Settlement.id == result.settlement_id)
    ).one()
    document = document_of_version(tx, edition.id, kept.version)
    rules = document.rules
    of_round = next(each for each in document.rounds if each.slug == this.slug)
    return RoundFile(
        settlement_id=result.settlement_id,
        rules=kept.document,
        head=Head(
            format=FORMAT,
            edition=edition.slug,
            round=this.slug,
            act=result.number,
            published_at=result.published_at,
            adjusted_at=result.adjusted_at,
            rules_hash=kept.rules_hash,
            chain=rules.chain,
            prediction_kind=rules.prediction.kind,
            max_score_milli=max_score_milli(document, of_round),
            truth=result.truth,
            corrections=_corrections(tx, this.id),
            disqualified=result.disqualified,
            lines=result.valid,
        ),
    )


def _corrections(tx: Tx, round_id: int) -> tuple[Corrected, ...]:
    """In force, each once: deciding the same a second time changes nothing."""
    held = [
        each
        for each in rulings.decided_rulings(tx, round_id)
        if each.state == "in-force" and each.revision_id is not None
    ]
    bodies = bank.bodies(tx, {each.revision_id for each in held if each.revision_id is not None})
    made = (
        Corrected(kind=each.kind, question=bodies[each.revision_id].question_id, masks=each.masks)
        for each in held
        if each.revision_id is not None
    )
    return tuple({msgspec.json.encode(each): each for each in made}.values())


def pieces_of_lines(
    database: Database, file: RoundFile, now: datetime
) -> Iterator[list[PublishedLine]]:
    """All lines in order, some thousand at a time; nothing stays open between two pieces."""
    wards: dict[str, str] = {}
    for first in range(1, file.head.lines + 1, LINES_A_PIECE):
        with database.read() as tx:
            rows = tx.execute(
                _LINES,
                {
                    "settlement": file.settlement_id,
                    "first": first,
                    "last": first + LINES_A_PIECE - 1,
                },
            ).all()
            names = people.shown_names(
                tx, [row.account_id for row in rows], on=now.astimezone(HANOI).date()
            )
            unknown = {row.ward_id for row in rows if row.ward_id} - wards.keys()
            wards.update(units.unit_names(tx, unknown))
        yield [
            # By position: a million of them.
            PublishedLine(*row[:7], names.get(row[7], ""), wards.get(row[8] or "", ""))
            for row in rows
        ]


def written(kind: Kind, file: RoundFile, pieces: Iterable[list[PublishedLine]]) -> Iterator[bytes]:
    """The bytes of a file, a piece of lines at a time."""
    writers: dict[Kind, Callable[..., Iterator[bytes]]] = {"csv": _csv, "json": _json}
    return writers[kind](file, pieces)


def _csv(file: RoundFile, pieces: Iterable[list[PublishedLine]]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, without which Excel misreads Vietnamese."""
    head = [[f"# {name}: {value}"] for name, value in _told(file.head)]
    yield "\ufeff".encode() + _rows([*head, list(COLUMNS)])
    for lines in pieces:
        yield _rows([safe_cell(value) for value in msgspec.structs.astuple(line)] for line in lines)


def _told(head: Head) -> Iterator[tuple[str, str]]:
    """Names and values as text; no commas, so that each stays in the first cell of its row."""
    plain: dict[str, Any] = msgspec.to_builtins(head)
    for name, value in plain.items():
        if name == "corrections":
            for each in head.corrections:
                yield "correction", " ".join([each.kind, each.question, *map(str, each.masks)])
        elif name == "chain":
            yield name, " ".join(value)
        else:
            yield name, "" if value is None else str(value)


def _rows(rows: Iterable[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def safe_cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(value, str) and value[:1] in _FORMULA:
        return f"'{value}"
    return value


_FORMULA: Final = frozenset("=+-@\t\r\n")


def _json(file: RoundFile, pieces: Iterable[list[PublishedLine]]) -> Iterator[bytes]:
    """One value a line, so that a fault has a line; the lines of the board come last."""
    facts = {**msgspec.structs.asdict(file.head), "rules": file.rules}
    told = [f'"{name}": '.encode() + msgspec.json.encode(value) for name, value in facts.items()]
    yield b"{\n" + b",\n".join(told) + b',\n"standings": ['
    between = b"\n"
    encode = msgspec.json.Encoder().encode
    for lines in pieces:
        if lines:
            yield between + b",\n".join(map(encode, lines))
            between = b",\n"
    yield b"\n]\n}\n"
