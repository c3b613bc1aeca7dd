"""Who of a class has agreed to what. For the teacher's pages."""

from datetime import date

import msgspec

from contest.infra.database import Tx
from contest.people.classes import queries as classes
from contest.people.classes.queries import ClassView, PupilView
from contest.people.consent import PURPOSES, TAKE_PART, paper_queries
from contest.people.consent.machine import Band, State, band
from contest.people.consent.paper_queries import KnownParent
from contest.people.consent.queries import signatures, state_of


class PupilConsents(msgspec.Struct, frozen=True, kw_only=True):
    """
    A pupil with the state of each purpose, in the order of PURPOSES. `papers`, `scans`: how many
    were recorded. `parent`: whoever was named last.
    """

    pupil: PupilView
    band: Band
    states: tuple[State, ...]
    papers: int
    scans: int
    parent: KnownParent | None

    @property
    def is_missing(self) -> bool:
        """Something is missing before the pupil may take part."""
        return self.states[PURPOSES.index(TAKE_PART)] is not State.STANDS


def class_consents(tx: Tx, this: ClassView, on: date) -> list[PupilConsents]:
    """Everybody in the class, in its order; four statements however many they are."""
    present = classes.pupils(tx, this.id)
    ids = [each.account_id for each in present]
    of = signatures(tx, ids, PURPOSES)
    counts = paper_queries.paper_counts(tx, ids)
    parents = paper_queries.known_parents(tx, ids)
    return [
        PupilConsents(
            pupil=each,
            band=band(each.birth_date, on),
            states=tuple(
                state_of(of, each.account_id, purpose, each.birth_date, on=on)
                for purpose in PURPOSES
            ),
            papers=counts.get(each.account_id, (0, 0))[0],
            scans=counts.get(each.account_id, (0, 0))[1],
            parent=parents.get(each.account_id),
        )
        for each in present
    ]
