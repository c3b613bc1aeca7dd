"""What somebody agreed to, purpose by purpose, and the one thing that is missing. For pages."""

from datetime import date
from typing import Literal

import msgspec

from contest.infra.database import Tx
from contest.people.consent import PUBLIC_PURPOSES, PURPOSES, TAKE_PART, queries
from contest.people.consent.machine import NEEDED_IN_PUBLIC, STRENGTH, Band, State, band
from contest.people.consent.queries import RepresentativeView, SignatureLine

# child: the child signs; representative: a parent signs, on this phone; proof: a parent's own
# contact or paper is missing for what others would see; self: one signs alone.
Next = Literal["self", "child", "representative", "proof", ""]


class PurposeView(msgspec.Struct, frozen=True, kw_only=True):
    """One purpose: what it amounts to, and the signatures that were not withdrawn."""

    purpose: str
    state: State
    own: SignatureLine | None
    representative: SignatureLine | None

    @property
    def is_signed(self) -> bool:
        return self.own is not None or self.representative is not None

    @property
    def waits_for_parent(self) -> bool:
        """The child wishes it, and a parent's signature is missing or too weak for it."""
        return self.state in (State.NEEDS_REPRESENTATIVE, State.NEEDS_PROOF)

    @property
    def representative_is_sure(self) -> bool:
        signed = self.representative
        return signed is not None and STRENGTH[signed.proof] >= NEEDED_IN_PUBLIC


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """All purposes of a person on a day, in the order of PURPOSES. `band`: who signs."""

    band: Band
    purposes: list[PurposeView]
    representatives: list[RepresentativeView]

    def of(self, purpose: str) -> PurposeView:
        return next(each for each in self.purposes if each.purpose == purpose)

    @property
    def takes_part(self) -> bool:
        return self.of(TAKE_PART).state is State.STANDS

    @property
    def is_asked_again(self) -> bool:
        """Turned 16: what was signed before holds no longer."""
        return any(each.state is State.ASK_AGAIN for each in self.purposes)

    @property
    def next(self) -> Next:
        """The one step that is missing, "" where nothing is."""
        if not self.takes_part:
            if self.band == "self":
                return "self"
            needs_child = self.band == "both" and self.of(TAKE_PART).own is None
            return "child" if needs_child else "representative"
        waits = any(self.of(each).waits_for_parent for each in PUBLIC_PURPOSES)
        return "proof" if waits else ""


def overview(tx: Tx, account_id: int, birth_date: date, *, on: date) -> Overview:
    """Three statements, whatever the history."""
    states = queries.states(tx, account_id, birth_date, on=on)
    standing = {
        (line.purpose, line.signer): line
        for line in queries.history(tx, account_id)
        if line.withdrawn_at is None
    }
    return Overview(
        band=band(birth_date, on),
        purposes=[
            PurposeView(
                purpose=each,
                state=states[each],
                own=standing.get((each, "self")),
                representative=standing.get((each, "representative")),
            )
            for each in PURPOSES
        ],
        representatives=queries.representatives(tx, account_id),
    )
