"""Every route states its action; every role meets on it what the table of rights says."""

import pytest

from contest import access
from contest.access import ACTIONS, Actor, Role, Scope
from contest.cli.cast import BY_HANDLE
from tests.access.routes import PEOPLE, concrete, routes
from tests.server import Visitor
from tests.site import Site

# What must not change by mistake, beside the table itself: who may do what is dangerous.
DANGEROUS = {
    "front.desk": {Role.ORGANISER},
    "front.outbox": {Role.ORGANISER},
    "people.find_person": {Role.ORGANISER},
    "people.reset_sign_in": {Role.ORGANISER},
    "standings.publish": {Role.ORGANISER},
    "standings.settle": {Role.ORGANISER},
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
    site.world.open_edition()
    for handle in PEOPLE:
        if handle:
            site.world.person(handle)
    code = site.world.start("minh").code
    ref = site.world.ref("hoa")
    faults = []
    asked = 0
    for handle in PEOPLE:
        actor = Actor(
            account_id=1 if handle else None, grants=BY_HANDLE[handle].grants if handle else ()
        )
        for method, path, action in routes(site):
            # A visitor each time: signing out is one of the routes.
            visitor = site.as_(handle) if handle else site.visitor()
            address = concrete(path, slug="tuan-1", code=code, ref=ref, version=_version(site))
            status = _ask(visitor, method, address)
            asked += 1
            allowed = access.may(actor, action) is not None
            if not _fits(allowed, bool(handle), method, status):
                faults.append(f"{handle or 'visitor'} {method} {path} ({action}): {status}")
            visitor.close()
    assert faults == []
    assert asked > 200


def _version(site: Site) -> str:
    return site.running.application.site.assets.version


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

    for path in (f"/bai/{code}", f"/bai/{code}/bien-nhan", f"/bai/{code}/ket-qua"):
        assert stranger.get(path).status_code == 404
    stranger.get("/tai-khoan")
    for path in (f"/bai/{code}", f"/bai/{code}/tra-loi", f"/bai/{code}/danh-dau"):
        fields = {"tab": "a", "seq": "1", "position": "1", "based_on": "0"}
        assert stranger.post(path, fields).status_code == 404
