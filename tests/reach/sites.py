"""The demo with things going on in it, an empty site, and the people who look at them."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlsplit

import httpx

from contest.access import Grant, Role, Scope
from contest.cli.cast import CAST
from contest.cli.classroom import LAN
from contest.cli.demo import accounts_table
from contest.infra.chance import SeededChance
from contest.infra.database import Tx
from contest.infra.mail import newest
from contest.people.classes import queries as classes
from contest.people.commands import grant_role, register_account
from contest.people.queries import find_people
from contest.people.sign_in.commands import open_session
from contest.people.tokens import digest, new_session_token
from tests.reach.markup import Form, Markup
from tests.reach.places import Explorer, Found, routes_of
from tests.server import RunningSite, Visitor

# Who looks also at what everybody may see: the shell is the same for all, a page for all as well.
THOROUGH = ("", "minh", "lan")
# Pupils of the demo's class, by their place in its list: all signed on paper and played; the
# parent has not signed yet.
PUPILS = {"pupil": 0, "half-signed pupil": 20}
# Whose card is made anew.
RENEWED = 5
_CARD = re.compile(r"(\w{4})-(\w{2}) \+ (\w{4}-\w{4})")
# A list whose second line has no such day.
PASTED = "Họ tên\tNgày sinh\nĐỗ Ngọc Lan\t12/9/2015\nTrần Văn Tí\t31/2/2015\nLê Na\t3/4/2015"
_LINK = re.compile(r"https?://\S+")


@dataclass
class Reached:
    """
    A running site with people signed in on it.

    `also`: addresses that no link leads to. `once`: pages that are shown a single time, with the
    person and the route.
    """

    running: RunningSite
    cookies: dict[str, str]
    also: dict[str, list[str]] = field(default_factory=dict)
    once: list[tuple[str, str, httpx.Response]] = field(default_factory=list)

    def visitor(self, person: str) -> Visitor:
        made = self.running.visitor()
        return made.use_session(self.cookies[person]) if person else made

    def explore(self, lang: str = "vi") -> Found:
        """All pages of all people, and what they look like when a form came empty."""
        explorer = Explorer(self.running.url, routes_of(self.running.application.litestar))
        asked: set[tuple[str, frozenset[str]]] = set()
        for person in ("", *self.cookies):
            visitor = self.visitor(person)
            visitor.http.cookies.set("sc_lang", lang)
            pages = explorer.explore(
                person, visitor.http, self.also.get(person, []), thorough=person in THOROUGH
            )
            for place, markup in pages:
                kind = (place.route, place.skeleton)
                if kind not in asked:
                    asked.add(kind)
                    explorer.send_blank(visitor.http, place, markup)
            visitor.close()
        for person, address, response in self.once if lang == "vi" else ():
            route = explorer.route_of(address)
            explorer.keep(person, route.path if route else "", address, response, "shown once")
            if route:
                explorer.answers[route.path]["200 html"] += 1
        return explorer.found


def busy_demo(running: RunningSite) -> Reached:
    """The demo, in which somebody is in the middle of something on every path."""
    with running.application.database.read() as tx:
        accounts = {
            member.handle: find_people(tx, member.email or member.phone or "")[0].account_id
            for member in CAST
        } | {"lan": find_people(tx, LAN)[0].account_id}
        [this] = classes.classes_of(tx, accounts["nam"])
        pupils = classes.pupils(tx, this.id)
        accounts |= {name: pupils[at].account_id for name, at in PUPILS.items()}
    reached = Reached(running, {name: sign_in(running, at) for name, at in accounts.items()})
    _papers(reached)
    _letters(reached)
    _class_lists(reached, this.ref)
    _cards(reached, f"/lop/{this.ref}/hoc-sinh/{pupils[RENEWED].ref}/the-moi")
    _visitors(reached)
    return reached


def empty_site(running: RunningSite) -> Reached:
    """No edition, no questions; an organiser, a teacher without a class, one without rounds."""
    grants = {
        "organiser": [Grant(Role.ORGANISER, Scope.EDITION)],
        "teacher": [Grant(Role.TEACHER, Scope.UNIT, "")],
        "entrant": [],
    }
    cookies = {}
    for name, held in grants.items():
        account_id = running.application.database.write(
            make_person, name=f"Lê Văn {name}", grants=held, now=running.application.clock()
        )
        cookies[name] = sign_in(running, account_id)
    return Reached(running, cookies)


def send(visitor: Visitor, page: str, action: str, **typed: str) -> httpx.Response:
    """Fills in the form with this action on a page and sends it; it must not be refused."""
    form = _form(visitor.get(page), action)
    response = visitor.post(action, {**form.untouched(), **typed})
    assert response.status_code < 400, f"{action}: {response.status_code}"
    return response


def _form(response: httpx.Response, action: str) -> Form:
    return next(each for each in Markup(response.text).forms if each.action == action)


def make_person(tx: Tx, *, name: str, grants: list[Grant], now: object) -> int:
    made = register_account(
        tx,
        full_name=name,
        birth_date=date(1980, 1, 1),
        ward_other="Tỉnh Ninh Bình",
        chance=SeededChance(name),
        now=now,
    )
    for grant in grants:
        grant_role(tx, account_id=made.account_id, grant=grant, by="tests", now=now)
    return made.account_id


def sign_in(running: RunningSite, account_id: int) -> str:
    """The cookie of a session of half a year."""
    token = new_session_token()
    now = running.application.clock()
    running.application.database.write(
        open_session,
        account_id=account_id,
        session_id=digest(token),
        expires_at=now + timedelta(days=180),
        now=now,
    )
    return token


def _papers(reached: Reached) -> None:
    """Minh is in the middle of the week's paper, Hoa has handed in hers; practice to its end."""
    for person, intent in (("minh", "save"), ("hoa", "submit")):
        visitor = reached.visitor(person)
        visitor.get("/thi/tuan-2")
        paper = visitor.post("/thi/tuan-2").headers["location"]
        send(visitor, paper, paper, intent=intent, q1="1", q2="1", prediction="985")
        visitor.close()
    visitor = reached.visitor("")
    address = visitor.get("/luyen-tap/luot/moi").headers["location"]
    run = re.compile(r"/luyen-tap/luot/\w+/\d+")
    for _ in range(12):
        onward = [each for each in Markup(visitor.get(address).text).links if run.match(each)]
        if not onward:
            break
        address = onward[-1]
    reached.also["lan"] = [address]
    visitor.close()


def _letters(reached: Reached) -> None:
    """A forgotten password, and a parent who is asked for a signature: by links in letters."""
    visitor = reached.visitor("")
    send(visitor, "/quen-mat-khau", "/quen-mat-khau", email="minh@example.vn")
    visitor.close()
    pupil = reached.visitor("half-signed pupil")
    send(pupil, "/dong-y/phu-huynh", "/dong-y/lien-ket", email="me.cua.em@example.vn")
    pupil.close()
    reached.running.application.worker.run_until_idle()
    with reached.running.application.database.read() as tx:
        texts = [each.body for each in newest(tx, limit=2)]
    links = [urlsplit(found).path for text in texts for found in _LINK.findall(text)]
    made_up = "x" * 43
    reached.also[""] = [
        *links,
        f"/dat-lai-mat-khau/{made_up}",
        f"/dong-y/xac-nhan/{made_up}",
        "/quen-mat-khau/da-gui",
    ]


def _class_lists(reached: Reached, ref: str) -> None:
    """A list that waits to be looked through, and a class without pupils."""
    teacher = reached.visitor("nam")
    page = f"/lop/{ref}/danh-sach"
    form = _form(teacher.get(page), page)
    read = teacher.http.post(
        page,
        data={**form.untouched(), "pasted": PASTED},
        files={"": ""},
        headers={"origin": reached.running.url},
    )
    reached.also["nam"] = [read.headers["location"]]
    send(teacher, "/lop/moi", "/lop/moi", name="5B")
    teacher.close()


def _cards(reached: Reached, renewal: str) -> None:
    """A card's QR code leads to its own page; the teacher is asked before a card is replaced."""
    accounts = accounts_table(reached.running.application.settings)
    [(first, second, letters)] = _CARD.findall(accounts)
    reached.also[""].append(f"/the/{first}{second}-{letters.replace('-', '')}")
    reached.also["nam"] += [renewal, f"{renewal}?xong=1"]


def _visitors(reached: Reached) -> None:
    """What is not there, what one may not see, and the codes of somebody who registers."""
    visitor = reached.visitor("")
    missing = visitor.get("/khong-co-trang-nay")
    reached.once.append(("", "/khong-co-trang-nay", missing))
    typed = {
        "full_name": "Nguyễn Thị Xuân Hoa",
        "day": "2",
        "month": "9",
        "year": "1958",
        "ward": "00004@2025-07-01",
        "password": "chim-en-ve-to-1958",
        "takes_part": "1",
    }
    done = send(visitor, "/dang-ky", "/dang-ky", **typed).headers["location"]
    reached.once.append(("", urlsplit(done).path, visitor.get(done)))
    visitor.close()
    minh = reached.visitor("minh")
    reached.once.append(("minh", "/dieu-hanh", minh.get("/dieu-hanh")))
    minh.close()
