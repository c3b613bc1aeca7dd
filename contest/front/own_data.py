"""All that is kept of a person, in one file for them: put together from every room.

Nothing sealed stands in it: marks and results of published rounds only, and no keys at all.
"""

from collections import defaultdict
from datetime import datetime
from typing import Final

import msgspec

from contest.complaints.queries import own_complaints
from contest.editions import own_data as editions
from contest.editions.own_data import OwnExtraTime
from contest.editions.queries import EditionView, RoundView, edition_by_id
from contest.front.erasing import marks_of
from contest.infra.clock import HANOI
from contest.infra.database import Tx
from contest.infra.mail import SentLetter, sent_letters
from contest.ledger import queries as ledger
from contest.people import own_data as people
from contest.people import queries
from contest.people.consent.queries import representatives
from contest.people.erasing import addresses_of
from contest.people.own_data import (
    By,
    OwnAccount,
    OwnClass,
    OwnConsents,
    OwnRepresentative,
    OwnRole,
    OwnSession,
    TaughtClass,
    by_of,
)
from contest.quiz.own_data import OwnAttemptData, OwnQuestion, OwnSave, own_attempts_data
from contest.standings import queries as standings
from contest.standings.own_data import OwnMark, OwnResult, own_marks, own_result

FORM: Final = "sanchoi-own-data/1"


class MarkedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """`question_id` and `mark`: None until the round is published."""

    number: int
    question_id: str | None
    domain: str
    type: str
    text: str
    choices: dict[str, str]
    is_flagged: bool
    saves: list[OwnSave]
    mark: OwnMark | None


class AttemptFile(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    number: int
    receipt: str | None
    started_at: datetime
    deadline_at: datetime
    allowed_ms: int
    submitted_at: datetime | None
    submitted_by_itself: bool | None
    time_used_ms: int | None
    annulled_at: datetime | None
    is_counted: bool | None
    questions: list[MarkedQuestion]
    prediction: list[OwnSave]


class ComplaintFile(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    text: str
    filed_at: datetime
    due_at: datetime
    withdrawn_at: datetime | None
    outcome: str | None
    answer: str
    answered_at: datetime | None


class RoundFile(msgspec.Struct, frozen=True, kw_only=True):
    """`result`: None until the round is published."""

    round: str
    title: str
    attempts: list[AttemptFile]
    result: OwnResult | None
    complaints: list[ComplaintFile]


class EntryFile(msgspec.Struct, frozen=True, kw_only=True):
    edition: str
    title: str
    entry_code: str
    entered_at: datetime
    ward_id: str | None
    ward: str
    school_id: str | None
    school: str
    rounds: list[RoundFile]


class ExtraTimeFile(msgspec.Struct, frozen=True, kw_only=True):
    edition: str
    grants: list[OwnExtraTime]


class LedgerFile(msgspec.Struct, frozen=True, kw_only=True):
    """A decision about the person or one of their complaints; `by`: never who else."""

    height: int
    at: datetime
    kind: str
    subject: str
    by: By
    facts: dict[str, object]


class OwnDataFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file, form `sanchoi-own-data/1` (docs/formats.md)."""

    form: str
    made_at: datetime
    language: str
    account: OwnAccount
    roles: list[OwnRole]
    teaches: list[TaughtClass]
    classes: list[OwnClass]
    representatives: list[OwnRepresentative]
    consents: OwnConsents
    entries: list[EntryFile]
    extra_time: list[ExtraTimeFile]
    letters: list[SentLetter]
    sessions: list[OwnSession]
    ledger: list[LedgerFile]


def own_data(tx: Tx, account_id: int, *, lang: str, now: datetime) -> OwnDataFile:
    """The file of one person, in one moment of the database. Raises NotFound("no-person")."""
    kept = queries.account(tx, account_id)
    entries = editions.own_entries(tx, account_id)
    extra = editions.own_extra_times(tx, account_id)
    of_editions: dict[int, EditionView] = {}
    for edition_id in {each.edition_id for each in entries} | set(extra):
        found = edition_by_id(tx, edition_id)
        assert found is not None
        of_editions[edition_id] = found
    rounds = _rounds(tx, account_id, of_editions, lang)
    codes = [each.complaint.code for each in own_complaints(tx, account_id)]
    marks = marks_of("", kept.code, [each.entry_code for each in entries], codes)
    return OwnDataFile(
        form=FORM,
        made_at=now,
        language=lang,
        account=people.own_account(tx, kept),
        roles=people.own_roles(tx, account_id),
        teaches=people.taught_classes(tx, account_id),
        classes=people.own_classes(tx, account_id),
        representatives=people.own_representatives(tx, account_id),
        consents=people.own_consents(tx, kept, on=now.astimezone(HANOI).date()),
        entries=[
            EntryFile(
                edition=of_editions[each.edition_id].slug,
                title=of_editions[each.edition_id].title[lang],
                entry_code=each.entry_code,
                entered_at=each.entered_at,
                ward_id=each.ward_id,
                ward=each.ward,
                school_id=each.school_id,
                school=each.school,
                rounds=rounds.get(each.entrant_id, []),
            )
            for each in entries
        ],
        extra_time=[
            ExtraTimeFile(edition=of_editions[edition_id].slug, grants=grants)
            for edition_id, grants in sorted(extra.items())
        ],
        # By codes and not by the name: somebody else may have the same one.
        letters=sent_letters(tx, addresses_of(tx, account_id), marks),
        sessions=people.own_sessions(tx, account_id, now),
        ledger=_ledger(tx, account_id, kept.ref, codes),
    )


def _rounds(
    tx: Tx, account_id: int, of_editions: dict[int, EditionView], lang: str
) -> dict[int, list[RoundFile]]:
    """Entrant → the rounds with attempts, in the order of the rounds."""
    attempts: dict[tuple[int, int], list[OwnAttemptData]] = defaultdict(list)
    for attempt in own_attempts_data(tx, account_id, lang):
        attempts[attempt.entrant_id, attempt.round_id].append(attempt)
    complaints: dict[tuple[int, int], list[ComplaintFile]] = defaultdict(list)
    for one in own_complaints(tx, account_id):
        c = one.complaint
        complaints[c.entrant_id, c.round_id].insert(
            0,
            ComplaintFile(
                code=c.code,
                text=c.text,
                filed_at=c.filed_at,
                due_at=c.due_at,
                withdrawn_at=c.withdrawn_at,
                outcome=c.outcome,
                answer=c.answer,
                answered_at=c.answered_at,
            ),
        )
    official = standings.publications(tx, {round_id for _, round_id in attempts})
    places: dict[int, tuple[EditionView, RoundView]] = {
        this.id: (edition, this) for edition in of_editions.values() for this in edition.rounds
    }
    found: dict[int, list[RoundFile]] = defaultdict(list)
    for entrant_id, round_id in sorted(attempts, key=lambda key: places[key[1]][1].number):
        edition, this = places[round_id]
        published = official.get(round_id)
        result = own_result(tx, published, entrant_id) if published else None
        found[entrant_id].append(
            RoundFile(
                round=this.slug,
                title=this.title[lang],
                attempts=[
                    _attempt(
                        each,
                        own_marks(tx, published, edition, each.items, each.values)
                        if published and each.submitted_at
                        else None,
                        result,
                    )
                    for each in attempts[entrant_id, round_id]
                ],
                result=result,
                complaints=complaints.get((entrant_id, round_id), []),
            )
        )
    return found


def _attempt(
    this: OwnAttemptData, marks: list[OwnMark] | None, result: OwnResult | None
) -> AttemptFile:
    return AttemptFile(
        code=this.code,
        number=this.number,
        receipt=this.receipt,
        started_at=this.started_at,
        deadline_at=this.deadline_at,
        allowed_ms=this.allowed_ms,
        submitted_at=this.submitted_at,
        submitted_by_itself=this.submitted_by_itself,
        time_used_ms=this.time_used_ms,
        annulled_at=this.annulled_at,
        is_counted=None if result is None else result.counted_attempt == this.code,
        questions=[
            _question(each, marks[at] if marks else None) for at, each in enumerate(this.questions)
        ],
        prediction=this.prediction,
    )


def _question(each: OwnQuestion, mark: OwnMark | None) -> MarkedQuestion:
    facts = {name: getattr(each, name) for name in each.__struct_fields__}
    if mark is None:
        facts["question_id"] = None
    return MarkedQuestion(**facts, mark=mark)


def _ledger(tx: Tx, account_id: int, ref: str, complaint_codes: list[str]) -> list[LedgerFile]:
    parents = {each.ref for each in representatives(tx, account_id)}
    subjects = [ref, *(f"complaint:{code}" for code in complaint_codes)]
    return sorted(
        (
            LedgerFile(
                height=each.height,
                at=each.at,
                kind=each.kind,
                subject=each.subject,
                by=by_of(each.by, ref, parents),
                facts=each.facts,
            )
            for subject in subjects
            for each in ledger.entries_of(tx, subject)
        ),
        key=lambda each: each.height,
    )
