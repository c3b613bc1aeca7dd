"""A small contest for tests, made by the same commands as a real one, so that facts agree.

Round `tuan-1` is open at the fixture's clock; its pool holds questions whose key is always the
first choice of the file (the draw shuffles them). The cast is contest/cli/cast.py's.
"""

from datetime import datetime, timedelta
from typing import Any

from contest.access import Grant
from contest.bank import queries as bank
from contest.bank.commands import load_bank
from contest.bank.formats.yaml_files import Bank, join, read_bank_bytes
from contest.cli.cast import BY_HANDLE, Member
from contest.complaints.commands import CODE_LETTERS, Filed, Letter, file_complaint
from contest.editions import queries as editions
from contest.editions.commands import apply_edition
from contest.editions.queries import EditionView, RoundView
from contest.infra.chance import Chance
from contest.infra.chance import code as random_code
from contest.infra.clock import HANOI
from contest.infra.database import Database
from contest.people import queries as people
from contest.people.commands import grant_role, register_account
from contest.people.consent import commands as consent
from contest.people.consent.machine import Proof, band
from contest.people.sign_in.commands import open_session
from contest.people.tokens import digest, new_session_token
from contest.quiz import answering, commands, queries
from contest.quiz.answering import Save, Saved
from contest.quiz.commands import Person, Started, Submitted
from contest.quiz.papers import PREDICTION
from contest.quiz.queries import AttemptView
from contest.rules.document import parse_edition
from contest.standings.commands import publish_round
from contest.standings.settle import Settled, settle_round
from tests.clock import MovableClock

DOMAINS = ("information", "communication", "content", "safety", "problem-solving", "ai")
PASSWORD = "sen-ho-guom-4821"


def question(id: str, domain: str, kind: str = "single", *, flipped: bool = False) -> str:
    """
    A question whose key is its first choice (the first two of a multiple choice; "true").

    `flipped`: the same to whoever may not see keys, with another key, explanation and source.
    """
    why = "Không phải vậy" if flipped else "Vì là thế"
    head = (
        f"  - id: {id}\n    domain: {domain}\n    level: basic\n    type: {kind}\n"
        f'    text: {{vi: "Câu hỏi {id} là gì?", en: "What is question {id}?"}}\n'
    )
    tail = (
        f'    explanation: {{vi: "{why}: {id}.", en: "{why} ({id})."}}\n'
        f'    source: {{basis: common, cite: {{vi: "{why}", en: "Common: {why}"}}}}\n'
    )
    if kind == "true-false":
        return head + f"    answer: {str(not flipped).lower()}\n" + tail
    right = {0, 1} if kind == "multiple" else {0}
    if flipped:
        right = {at + 1 for at in right}
    choices = "    choices:\n" + "".join(
        f'      - {{vi: "Phương án {at} của {id}", en: "Choice {at} of {id}"'
        + (", correct: true" if at in right else "")
        + "}\n"
        for at in range(4)
    )
    return head + choices + tail


def bank_of(pool: str, per_domain: int = 3, *, flipped: bool = False) -> Bank:
    """A pool with `per_domain` questions a domain: a single, a multiple choice, a true-false."""
    kinds = ("single", "multiple", "true-false")
    text = f"pool: {pool}\nquestions:\n" + "".join(
        question(f"{pool}-{domain}-{number}", domain, kinds[number % 3], flipped=flipped)
        for domain in DOMAINS
        for number in range(per_domain)
    )
    file = read_bank_bytes(f"{pool}.yaml", text.encode())
    assert not isinstance(file, list), file
    joined = join([file])
    assert not isinstance(joined, list), joined
    return joined


def edition_document(opens: datetime, *, take: int = 10, **rules: Any) -> dict[str, Any]:
    """
    Two rounds of a week: the first open at `opens`, the second after it; `rules` override.

    `take`: how many of the pool's 18 questions make a paper.
    """

    def words(text: str) -> dict[str, str]:
        return {"vi": text, "en": text}

    def this(number: int) -> dict[str, Any]:
        start = opens + timedelta(days=7 * (number - 1))
        return {
            "slug": f"tuan-{number}",
            "title": words(f"Tuần {number}"),
            "opens": start,
            "closes": start + timedelta(days=6),
            "publishes": start + timedelta(days=7),
            "pool": f"sealed-{number}",
            "blueprint": [{"domain": "any", "level": "any", "take": take}],
        }

    made: dict[str, Any] = {
        "entry": {"minimum_age": 6},
        "attempt": {"minutes": 10},
        "prediction": {"kind": "perfect-count", "question": words("Bao nhiêu người đúng hết?")},
        "chain": ["score", "distance", "time", "submitted"],
        "prizes": {
            "individual": [{"title": words("Giải Nhất"), "places": 1, "value_vnd": 5_000_000}]
        },
    }
    return {
        "edition": "thu-nghiem",
        "title": words("Thử nghiệm"),
        "tagline": words("Mười câu hỏi, mười phút."),
        "organiser": words("Ban tổ chức thử nghiệm"),
        "rules": made | rules,
        "rounds": [this(1), this(2)],
    }


class World:
    """An edition, its bank and people; every method is one intention of somebody."""

    def __init__(self, db: Database, clock: MovableClock, chance: Chance) -> None:
        self.db, self.clock, self.chance = db, clock, chance
        self.accounts: dict[str, int] = {}
        self.codes: dict[str, str] = {}
        self.seqs: dict[str, int] = {}
        # Who and which round → the attempt's code, for tests that come back to it.
        self.attempts: dict[tuple[str, str], str] = {}

    def open_edition(
        self, *, opened: timedelta = timedelta(days=1), flipped: bool = False, **rules: Any
    ) -> EditionView:
        """Loads both pools and practice, applies the edition; the first round is open.

        `flipped` flips the keys of the sealed pools.
        """
        now = self.clock()
        opens = (now - opened).replace(microsecond=0)
        for pool in ("practice", "sealed-1", "sealed-2"):
            made = bank_of(pool, flipped=flipped and pool != "practice")
            self.db.write(load_bank, bank=made, by="tests", now=now)
        self.db.write(
            apply_edition,
            document=parse_edition(edition_document(opens, **rules)),
            started_rounds=set(),
            by="tests",
            now=now,
        )
        return self.edition()

    def edition(self) -> EditionView:
        with self.db.read() as tx:
            found = editions.edition(tx, "thu-nghiem")
        assert found is not None
        return found

    def round(self, slug: str = "tuan-1") -> RoundView:
        found = self.edition().round(slug)
        assert found is not None
        return found

    def person(self, handle: str, password_hash: str | None = None) -> int:
        """Registers a member of the cast, or anybody by a name of their own; gives the account."""
        if handle in self.accounts:
            return self.accounts[handle]
        member = BY_HANDLE.get(handle)
        made = self.db.write(
            register_account,
            full_name=member.full_name if member else f"Nguyễn Văn {handle.capitalize()}",
            birth_date=(member or BY_HANDLE["minh"]).birth_date,
            email=member.email if member else None,
            phone=member.phone if member else None,
            ward_other="Tỉnh Ninh Bình",
            password_hash=password_hash,
            shows_name=True,
            chance=self.chance,
            now=self.clock() - timedelta(days=30),
        )
        self.accounts[handle] = made.account_id
        self.codes[handle] = made.code
        for grant in (member or _NOBODY).grants:
            self.grant(handle, grant)
        return made.account_id

    def agree(
        self, handle: str, *purposes: str, proof: Proof = "link", at: datetime | None = None
    ) -> None:
        """A child and their mother sign under these purposes, she with this proof."""
        account_id, now = self.accounts[handle], at or self.clock()
        by = self.ref(handle)
        with self.db.read() as tx:
            born = people.account(tx, account_id).birth_date
        if band(born, now.astimezone(HANOI).date()) == "both":
            self.db.write(consent.sign, account_id=account_id, purposes=purposes, by=by, now=now)
        mother = self.db.write(
            consent.add_representative,
            account_id=account_id,
            full_name="Đỗ Thị Mai",
            relation="mother",
            email="mai@example.vn",
            by=by,
            chance=self.chance,
            now=now,
        )
        self.db.write(
            consent.sign,
            account_id=account_id,
            purposes=purposes,
            signer="representative",
            proof=proof,
            representative_id=mother,
            by=by,
            now=now,
        )

    def grant(self, handle: str, grant: Grant) -> None:
        self.db.write(
            grant_role,
            account_id=self.accounts[handle],
            grant=grant,
            by="tests",
            now=self.clock() - timedelta(days=30),
        )

    def ref(self, handle: str) -> str:
        self.person(handle)
        with self.db.read() as tx:
            return people.ref_of(tx, self.accounts[handle])

    def session(self, handle: str) -> str:
        """Signs somebody in; gives the cookie's token."""
        token = new_session_token()
        self.db.write(
            open_session,
            account_id=self.person(handle),
            session_id=digest(token),
            # Sessions end by the same clock; tests move it by weeks.
            expires_at=self.clock() + timedelta(days=400),
            now=self.clock(),
        )
        return token

    def start(self, handle: str, slug: str = "tuan-1") -> Started:
        member = BY_HANDLE.get(handle) or BY_HANDLE["minh"]
        return self.db.write(
            commands.start_attempt,
            round_id=self.round(slug).id,
            person=Person(
                account_id=self.person(handle),
                birth_date=member.birth_date,
                roles={"entrant", *(grant.role.value for grant in member.grants)},
            ),
            chance=self.chance,
            now=self.clock(),
        )

    def attempt(self, handle: str, code: str) -> AttemptView:
        with self.db.read() as tx:
            found = queries.own_attempt(tx, code, self.accounts[handle])
        assert found is not None
        return found

    def key(self, attempt: AttemptView, place: int) -> tuple[int, ...]:
        """The right choices of a question as its entrant sees them."""
        item = attempt.items[place - 1]
        with self.db.read() as tx:
            found = bank.keys(tx, [item.revision_id])[item.revision_id]
        return item.to_shown(found.key_mask)

    def wrong(self, attempt: AttemptView, place: int) -> tuple[int, ...]:
        """A wrong answer to a question, as its entrant sees it."""
        item, right = attempt.items[place - 1], self.key(attempt, place)
        return (next(at for at in range(len(item.order)) if at not in right),)

    def save(
        self,
        handle: str,
        code: str,
        place: int,
        shown: tuple[int, ...] = (),
        *,
        prediction: int | None = None,
        tab: str = "tab1",
        seq: int | None = None,
        based_on: int = 0,
        received: datetime | None = None,
    ) -> Saved:
        if seq is None:
            seq = self.seqs[tab] = self.seqs.get(tab, 0) + 1
        return self.db.write(
            answering.save_answer,
            attempt_code=code,
            account_id=self.accounts[handle],
            save=Save(
                position=place,
                shown=shown,
                prediction=prediction,
                tab=tab,
                seq=seq,
                based_on=based_on,
            ),
            received=received or self.clock(),
        )

    def submit(self, handle: str, code: str) -> Submitted:
        return self.db.write(
            commands.submit_attempt,
            attempt_code=code,
            account_id=self.accounts[handle],
            received=self.clock(),
            chance=self.chance,
        )

    def sweep(self) -> int:
        return self.db.write(commands.submit_due, now=self.clock(), chance=self.chance)

    def play(
        self, handle: str, *, right: int = 10, prediction: int | None = None, minutes: float = 5
    ) -> str:
        """Starts, answers `right` questions rightly and the others wrongly, submits."""
        code = self.start(handle).code
        attempt = self.attempt(handle, code)
        for place in range(1, len(attempt.items) + 1):
            chosen = self.key(attempt, place) if place <= right else self.wrong(attempt, place)
            self.save(handle, code, place, chosen, tab=handle)
        if prediction is not None:
            self.save(handle, code, PREDICTION, prediction=prediction, tab=handle)
        began = self.clock()
        self.clock.tick(minutes=minutes)
        self.submit(handle, code)
        self.clock.set(began)
        return code

    def close(self, slug: str = "tuan-1") -> datetime:
        """Lets the round end, with every attempt that is still open."""
        self.clock.set(self.round(slug).closes_at + timedelta(minutes=1))
        self.sweep()
        return self.clock()

    def settle(self, slug: str = "tuan-1") -> Settled:
        return settle_round(self.db, self.round(slug).id, self.clock)

    def publish(self, slug: str = "tuan-1") -> datetime:
        return self.db.write(
            publish_round, round_id=self.round(slug).id, by="tests", now=self.clock()
        )

    def complain(
        self,
        handle: str,
        attempt_code: str,
        text: str = "Câu 3 có hai phương án đúng, xin xem lại nguồn.",
        *,
        letter: Letter | None = None,
    ) -> Filed:
        return self.db.write(
            file_complaint,
            attempt_code=attempt_code,
            account_id=self.accounts[handle],
            text=text,
            new_code=random_code(self.chance, CODE_LETTERS),
            letter=letter,
            by=self.ref(handle),
            now=self.clock(),
        )


_NOBODY = Member(
    handle="",
    full_name="",
    birth_date=BY_HANDLE["minh"].birth_date,
    email=None,
    phone=None,
    says="",
)
