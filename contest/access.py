"""Who may do what: one table of actions × roles × scope. Data; imports nothing of ours.

An action's name is the one word that leads through handler, command, template and test.
A route names its action; one without an entry here fails the tests and the start.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class Role(StrEnum):
    """What a person is to the contest. Everybody with an account is an entrant too."""

    VISITOR = "visitor"
    ENTRANT = "entrant"
    TEACHER = "teacher"
    QUESTION_SETTER = "question-setter"
    MODERATOR = "moderator"
    JUROR = "juror"
    UNIT_OFFICER = "unit-officer"
    ORGANISER = "organiser"
    OPERATOR = "operator"


class Scope(StrEnum):
    """How far a right reaches; the query that answers applies it."""

    PUBLIC = "public"
    OWN = "own"
    UNIT = "unit"
    EDITION = "edition"
    ALL = "all"


# From the narrowest to the widest: a person with two roles has the wider right.
_WIDTH = [Scope.PUBLIC, Scope.OWN, Scope.UNIT, Scope.EDITION, Scope.ALL]


class Grant(msgspec.Struct, frozen=True):
    """A role and where it holds: `scope_ref` is a unit's id or an edition's slug, or empty."""

    role: Role
    scope: Scope
    scope_ref: str = ""


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks. `account_id` is None for a visitor."""

    account_id: int | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def roles(self) -> frozenset[Role]:
        everybody = {Role.ENTRANT} if self.is_signed_in else {Role.VISITOR}
        return frozenset(everybody | {grant.role for grant in self.grants})


VISITOR = Actor()

_EVERYBODY: Mapping[Role, Scope] = dict.fromkeys(Role, Scope.PUBLIC)
_ONESELF: Mapping[Role, Scope] = {role: Scope.OWN for role in Role if role is not Role.VISITOR}
_ORGANISER: Mapping[Role, Scope] = {Role.ORGANISER: Scope.EDITION}
# A teacher's classes are their own; the queries join the teacher.
_TEACHER: Mapping[Role, Scope] = {Role.TEACHER: Scope.OWN}
_OPERATOR: Mapping[Role, Scope] = {Role.OPERATOR: Scope.ALL}

ACTIONS: Mapping[str, Mapping[Role, Scope]] = {
    # health and assets
    "web.health": _EVERYBODY,
    "web.static": _EVERYBODY,
    "web.choose_language": _EVERYBODY,
    "web.metrics": {Role.OPERATOR: Scope.ALL},  # and any caller on loopback: web/health.py
    # front
    "front.home": _EVERYBODY,
    "front.privacy": _EVERYBODY,
    "front.accessibility": _EVERYBODY,
    "front.desk": _ORGANISER,
    "front.live_figures": _ORGANISER,
    "front.outbox": _ORGANISER,
    # people
    "people.register": _EVERYBODY,
    "people.sign_in": _EVERYBODY,
    "people.recover": _EVERYBODY,
    "people.account": _ONESELF,
    "people.change_password": _ONESELF,
    "people.change_public_name": _ONESELF,
    "people.renew_recovery_code": _ONESELF,
    "people.sign_out": _ONESELF,
    "people.sign_out_everywhere": _ONESELF,
    "people.find_person": _ORGANISER,
    "people.reset_sign_in": _ORGANISER,
    "people.hide_name": _ORGANISER,
    "people.grant_role": _ORGANISER,
    # consents, one's own data
    "people.own_consents": _ONESELF,
    "people.sign_consent": _ONESELF,
    "people.withdraw_consent": _ONESELF,
    "people.ask_representative": _ONESELF,
    "people.consent_by_link": _EVERYBODY,
    "people.record_paper_consent": {Role.TEACHER: Scope.OWN, Role.ORGANISER: Scope.EDITION},
    "people.see_scan": {Role.TEACHER: Scope.OWN, Role.ORGANISER: Scope.EDITION},
    "people.desk_consents": _ORGANISER,
    "people.withdrawals": _ORGANISER,
    "people.finish_withdrawal": _ORGANISER,
    "people.change_home": _ONESELF,
    "people.own_data": _ONESELF,
    "people.erase_account": _ONESELF,
    # classes
    "people.own_classes": _TEACHER,
    "people.make_class": _TEACHER,
    "people.import_class_list": _TEACHER,
    "people.print_cards": _TEACHER,
    "people.renew_card": _TEACHER,
    "people.remove_pupil": _TEACHER,
    "people.class_consents": _TEACHER,
    "people.card_sign_in": _EVERYBODY,
    "front.class_participation": _TEACHER,
    # units
    "units.search": _EVERYBODY,
    "units.tree": _EVERYBODY,
    "front.unit_figures": {Role.UNIT_OFFICER: Scope.UNIT, Role.ORGANISER: Scope.EDITION},
    # bank
    "bank.load_bank": {Role.ORGANISER: Scope.EDITION, Role.QUESTION_SETTER: Scope.EDITION},
    # editions
    "editions.rules": _EVERYBODY,
    "editions.extend_round": _ORGANISER,
    "editions.grant_extra_time": _ORGANISER,
    # quiz
    "quiz.practise": _EVERYBODY,
    "quiz.rounds": _EVERYBODY,
    "quiz.start_attempt": _ONESELF,
    "quiz.answer_paper": _ONESELF,
    "quiz.save_answer": _ONESELF,
    "quiz.save_paper": _ONESELF,
    "quiz.flag_question": _ONESELF,
    "quiz.receipt": _ONESELF,
    "quiz.make_good_outage": _ORGANISER,
    # standings
    "standings.board": _EVERYBODY,
    "standings.result": _ONESELF,
    "standings.why": _EVERYBODY,
    "standings.own_why": _ONESELF,
    "standings.method": _EVERYBODY,
    "standings.adjustments": _EVERYBODY,
    "standings.published_file": _EVERYBODY,
    "standings.prizes": _EVERYBODY,
    "standings.prize_list": _ORGANISER,
    "standings.questions": _ORGANISER,
    "standings.see_ruling": _ORGANISER,
    "standings.propose_ruling": _ORGANISER,
    "standings.decide_ruling": _ORGANISER,
    "standings.drop_ruling": _ORGANISER,
    "standings.publish": _ORGANISER,
    "standings.settle": _ORGANISER,
    # complaints
    "complaints.own": _ONESELF,
    "complaints.file_complaint": _ONESELF,
    "complaints.withdraw_complaint": _ONESELF,
    "complaints.waiting": _ORGANISER,
    "complaints.answer_complaint": _ORGANISER,
}


def may(actor: Actor, action: str) -> Scope | None:
    """The widest scope in which the actor may do the action, or None. KeyError: no such action."""
    allowed = ACTIONS[action]
    held = [allowed[role] for role in actor.roles if role in allowed]
    return max(held, key=_WIDTH.index, default=None)
