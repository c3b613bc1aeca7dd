"""How a class takes part, for its teacher: who may, who has begun, who has handed in; no scores."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from contest.editions.queries import RoundView, current_edition
from contest.people.classes import queries as classes
from contest.people.consent.machine import State
from contest.quiz.taking_part import Stage, stages
from contest.units.pages import today
from contest.web.context import AnyRequest, account_id_of, context_of
from contest.web.site import site_of
from contest.web.templating import page
from contest.web.threads import in_thread


class RoundOfClass(msgspec.Struct, frozen=True, kw_only=True):
    """A round with how many of the class are how far. `state`: of the round."""

    round: RoundView
    state: str
    submitted: int
    started: int
    waiting: int


class PupilLine(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil. `state`: value of the consent to take part; `stages`: one a round, None: not yet."""

    number: int
    full_name: str
    state: str
    stages: list[Stage | None]

    @property
    def may_take_part(self) -> bool:
        return self.state == State.STANDS.value


@get("/lop/{ref:str}/tham-gia", opt={"action": "front.class_participation"})
@in_thread
def class_participation(request: AnyRequest, ref: FromPath[str]) -> Response[Any]:
    """The rounds of the edition that is on; somebody else's class is not found."""
    now = context_of(request).received_at
    with site_of(request).database.read() as tx:
        this = classes.class_of(tx, ref, account_id_of(request))
        pupils = classes.pupils(tx, this.id)
        consents = classes.take_part_states(tx, pupils, on=today(request))
        edition = current_edition(tx, now)
        rounds = edition.rounds if edition else ()
        far = stages(tx, [each.account_id for each in pupils], [each.id for each in rounds])
    lines = [
        PupilLine(
            number=each.number,
            full_name=each.full_name,
            state=consents[each.account_id].value,
            stages=[far.get((each.account_id, this_round.id)) for this_round in rounds],
        )
        for each in pupils
    ]
    told = []
    for place, this_round in enumerate(rounds):
        of_round = [line.stages[place] for line in lines]
        told.append(
            RoundOfClass(
                round=this_round,
                state=this_round.state(now),
                submitted=of_round.count("submitted"),
                started=of_round.count("started"),
                waiting=of_round.count(None),
            )
        )
    return page(
        request,
        "people/classes/participation.html",
        nav="classes",
        this=this,
        edition=edition,
        rounds=told,
        lines=lines,
        may_take_part=sum(line.may_take_part for line in lines),
    )


ROUTES = [class_participation]
