"""Every route states its action; every role meets on it what the table of rights says."""

import pytest

from contest import access
from contest.access import ACTIONS, Actor, Role, Scope
from contest.cli.cast import BY_HANDLE
from contest.rulings.commands import propose_correction
from tests.access.routes import (
    PEOPLE,
    addresses,
    entry_code,
    propose,
    question_of,
    routes,
)
from tests.server import Visitor
from tests.site import Site

# What must not change by mistake, beside the table itself: who may do what is dangerous.
DANGEROUS = {
    "front.desk": {Role.ORGANISER},
    "front.live_figures": {Role.ORGANISER},
    "front.outbox": {Role.ORGANISER},
    "people.find_person": {Role.ORGANISER},
    "people.reset_sign_in": {Role.ORGANISER},
    "people.hide_name": {Role.ORGANISER},
    "editions.extend_round": {Role.ORGANISER},
    "editions.grant_extra_time": {Role.ORGANISER},
    "quiz.make_good_outage": {Role.ORGANISER},
    "standings.publish": {Role.ORGANISER},
    "standings.settle": {Role.ORGANISER},
    "standings.questions": {Role.ORGANISER},
    "standings.see_ruling": {Role.ORGANISER},
    "standings.propose_ruling": {Role.ORGANISER},
    "standings.decide_ruling": {Role.ORGANISER},
    "standings.drop_ruling": {Role.ORGANISER},
    "standings.prize_list": {Role.ORGANISER},
    "complaints.waiting": {Role.ORGANISER},
    "complaints.answer_complaint": {Role.ORGANISER},
    "web.metrics": {Role.OPERATOR},
}


def test_every_route_has_an_action_and_every_action_a_route(site: Site) -> None:
    used = {action for _, _, action in routes(site)}

    # The figures' route is everybody's; whom it answers is decided by the address as well.
    assert used | {"web.metrics"} == set(ACTIONS)


def test_dangerous_actions_belong_to_exactly_these_roles() -> None:
    assert {action: set(ACTIONS[action]) for action in DANGEROUS} == DANGEROUS


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.VISITOR])
def test_no_role_does_anything_of_ones_own_for_others(role: Role) -> None:
    actor = Actor(account_id=1, grants=(access.Grant(role, Scope.ALL),))
    own = [action for action, allowed in ACTIONS.items() if allowed.get(Role.ENTRANT) is Scope.OWN]

    assert {access.may(actor, action) for action in own} == {Scope.OWN}


@pytest.mark.slow
def test_each_role_meets_on_each_route_what_the_table_says(site: Site) -> None:
    holes = _a_published_round(site)
    faults = []
    asked = 0
    for handle in PEOPLE:
        actor = Actor(
            account_id=1 if handle else None, grants=BY_HANDLE[handle].grants if handle else ()
        )
        for method, path, action in routes(site):
            for address in addresses(path, holes):
                # A visitor each time: signing out is one of the routes.
                visitor = site.as_(handle) if handle else site.visitor()
                status = _ask(visitor, method, address)
                asked += 1
                allowed = access.may(actor, action) is not None
                if not _fits(allowed, bool(handle), method, status):
                    faults.append(f"{handle or 'visitor'} {method} {address} ({action}): {status}")
                visitor.close()
    assert faults == []
    assert asked > 200


def _a_published_round(site: Site) -> dict[str, list[str]]:
    """The first round published, with a complaint and a proposal about it; what fills the holes."""
    world = site.world
    world.open_edition()
    for handle in filter(None, PEOPLE):
        world.person(handle)
    code = world.play("minh")
    world.play("hoa", right=4)
    world.close()
    world.settle()
    world.publish()
    complaint = world.complain("minh", code).complaint.code
    question, revision_id = question_of(world, world.attempt("minh", code), 1)
    ruling = propose(world, "tuan-1", propose_correction, kind="void", revision_id=revision_id)
    return {
        "slug": ["tuan-1"],
        "code": [code],
        "ref": [world.ref("hoa")],
        "version": [site.running.application.site.assets.version],
        "entry_code": [entry_code(world, "hoa")],
        "question": [question],
        "ruling": [ruling],
        "complaint": [complaint],
    }


def _ask(visitor: Visitor, method: str, path: str) -> tuple[int, str]:
    if method == "GET":
        response = visitor.get(path)
    else:
        visitor.get("/dang-nhap")
        if not visitor.token:
            visitor.get("/tai-khoan")
        response = visitor.post(path)
    return response.status_code, response.headers.get("location", "")


def _fits(allowed: bool, signed_in: bool, method: str, answer: tuple[int, str]) -> bool:
    status, location = answer
    to_sign_in = status == 303 and location.startswith("/dang-nhap?")
    if status >= 500:
        return False
    if allowed:
        return status not in (401, 403) and not (to_sign_in and not signed_in and method == "GET")
    if signed_in:
        return status == 403
    return to_sign_in if method == "GET" else status == 401


def test_what_is_anothers_does_not_exist(site: Site) -> None:
    site.world.open_edition()
    code = site.world.start("minh").code
    site.world.person("hoa")
    stranger = site.as_("hoa")
    stranger.get("/tai-khoan")

    for path in ("", "/bien-nhan", "/ket-qua", "/vi-sao", "/khieu-nai"):
        assert stranger.get(f"/bai/{code}{path}").status_code == 404
    stranger.get("/tai-khoan")
    for path in ("", "/tra-loi", "/danh-dau", "/khieu-nai"):
        fields = {"tab": "a", "seq": "1", "position": "1", "based_on": "0"}
        assert stranger.post(f"/bai/{code}{path}", fields).status_code == 404


def test_anothers_complaint_does_not_exist_either(site: Site) -> None:
    world = site.world
    world.open_edition()
    mine, theirs = world.play("minh"), world.play("hoa")
    world.close()
    world.settle()
    world.publish()
    filed = world.complain("minh", mine).complaint
    stranger = site.as_("hoa")
    stranger.get("/tai-khoan")

    assert stranger.get(f"/bai/{mine}/khieu-nai").status_code == 404
    assert stranger.get(f"/bai/{mine}/vi-sao").status_code == 404
    assert filed.text not in stranger.get(f"/bai/{theirs}/khieu-nai").text
    text = {"text": "Tôi muốn khiếu nại thay cho một người khác."}
    assert stranger.post(f"/bai/{mine}/khieu-nai", text).status_code == 404
    for of in (mine, theirs):
        withdraw = stranger.post(f"/bai/{of}/khieu-nai/rut", {"complaint": filed.code})
        assert withdraw.status_code == 404
    # Nothing was filed, nothing withdrawn.
    page = site.as_("minh").get(f"/bai/{mine}/khieu-nai").text
    assert filed.text in page
    assert text["text"] not in page
    assert "Rút khiếu nại" in page
