"""Bad input gets a clear answer, never a 500; forms from elsewhere or of old do nothing."""

import random

import httpx
import pytest

from contest.quiz import queries
from contest.rulings.commands import propose_correction
from tests.access.routes import addresses, entry_code, propose, question_of, routes
from tests.site import Site


@pytest.fixture
def code(site: Site) -> str:
    site.world.open_edition()
    return site.world.start("minh").code


def save(code: str, **more: str) -> dict[str, str | list[str]]:
    return {"tab": "a", "seq": "1", "position": "1", "based_on": "0", "choice": "0", **more}


def answers(site: Site, code: str) -> int:
    attempt = site.world.attempt("minh", code)
    with site.world.db.read() as tx:
        return len(queries.current_answers(tx, attempt.id))


def test_a_form_without_a_token_or_with_anothers_is_refused(site: Site, code: str) -> None:
    minh = site.as_("minh")
    path = f"/bai/{code}/tra-loi"
    assert minh.post(path, save(code)).status_code == 403

    stranger = site.as_("hoa")
    stranger.get("/tai-khoan")
    minh.token = stranger.token
    assert minh.post(path, save(code)).status_code == 403
    assert answers(site, code) == 0

    minh.get(f"/bai/{code}")
    assert minh.post(path, save(code)).status_code == 200
    assert answers(site, code) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_another_site_is_refused(
    site: Site, code: str, headers: dict[str, str]
) -> None:
    minh = site.as_("minh")
    minh.get(f"/bai/{code}")

    assert minh.post(f"/bai/{code}/tra-loi", save(code), **headers).status_code == 403
    assert answers(site, code) == 0


def test_a_planted_pair_of_cookie_and_token_signs_nobody_in(site: Site) -> None:
    """The attacker's own valid pair does not fit another visitor's cookie."""
    attacker, victim = site.visitor(), site.visitor()
    attacker.get("/dang-nhap")
    victim.get("/dang-nhap")
    victim.token = attacker.token
    fields = {"who": "minh@example.vn", "password": "x"}

    assert victim.post("/dang-nhap", fields).status_code == 403


def test_a_page_that_only_reads_sets_no_cookie(site: Site) -> None:
    site.world.open_edition()
    for path in ("/", "/the-le", "/xep-hang", "/thi", "/luyen-tap"):
        assert "set-cookie" not in site.visitor().get(path).headers, path


def test_every_answer_carries_the_security_headers(site: Site) -> None:
    for path in ("/", "/khong-co", "/healthz"):
        headers = site.visitor().get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "'unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-request-id"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"a" * 300_000, "application/x-www-form-urlencoded", 413),
        (b"a=%ff%fe", "application/x-www-form-urlencoded", 422),
        (b"{}", "application/json", 422),
        (b"\x00\x01", "multipart/form-data; boundary=x", 422),
        (b"", "", 403),
    ],
)
def test_a_body_that_is_no_form_is_told_so(
    site: Site, code: str, body: bytes, kind: str, status: int
) -> None:
    minh = site.as_("minh")
    answer = minh.http.post(f"/bai/{code}/tra-loi", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert answers(site, code) == 0


@pytest.mark.parametrize(
    "more",
    [
        {"position": "99"},
        {"position": "-1"},
        {"position": "x"},
        {"choice": "9"},
        {"choice": "-1"},
        {"choice": "abc"},
        {"tab": ""},
        {"tab": "x" * 17},
        {"tab": "a b"},
        {"seq": "9" * 30},
        {"based_on": "-5"},
        {"position": "0", "prediction": "rất nhiều"},
    ],
)
def test_a_wrong_save_gets_a_422_and_loses_nothing(
    site: Site, code: str, more: dict[str, str]
) -> None:
    minh = site.as_("minh")
    minh.get(f"/bai/{code}")
    assert minh.post(f"/bai/{code}/tra-loi", save(code)).status_code == 200

    assert minh.post(f"/bai/{code}/tra-loi", save(code, **more)).status_code == 422
    assert answers(site, code) == 1


def test_a_script_gets_a_short_answer_and_a_person_a_page(site: Site, code: str) -> None:
    visitor = site.visitor()
    visitor.get("/dang-nhap")
    short = visitor.post(f"/bai/{code}/tra-loi", save(code), **{"x-requested-by": "script"})
    page = visitor.post(f"/bai/{code}/tra-loi", save(code))

    assert short.status_code == page.status_code == 401
    assert "<html" not in short.text
    assert "<html" in page.text
    assert "Đăng nhập" in page.text


def test_a_signed_out_reader_is_led_to_sign_in_and_back(site: Site, code: str) -> None:
    answer = site.visitor().get(f"/bai/{code}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/dang-nhap?tiep=/bai/{code}"


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "x"])
def test_no_link_leads_off_the_site(site: Site, to: str) -> None:
    assert site.visitor().get(f"/ngon-ngu/en?next={to}").headers["location"] == "/"


def test_figures_are_for_loopback_and_not_through_a_proxy(site: Site) -> None:
    visitor = site.visitor()
    assert "sanchoi_requests_total" in visitor.get("/metrics").text
    assert visitor.get("/metrics", **{"x-forwarded-for": "203.0.113.7"}).status_code == 403


@pytest.mark.slow
def test_nothing_that_is_thrown_at_any_route_makes_it_crash(site: Site) -> None:
    """2,000 requests of rubbish, seeded: wrong methods, paths, queries, fields and types."""
    world = site.world
    world.open_edition()
    code = world.play("minh")
    world.play("hoa", right=3, prediction=1)
    world.close()
    world.settle()
    world.publish()
    question, revision_id = question_of(world, world.attempt("minh", code), 1)
    real = {
        "slug": "tuan-1",
        "code": code,
        "ref": world.ref("hoa"),
        "entry_code": entry_code(world, "hoa"),
        "question": question,
        "ruling": propose(
            world, "tuan-1", propose_correction, kind="void", revision_id=revision_id
        ),
        "complaint": world.complain("minh", code).complaint.code,
        "version": "any",
    }
    chance = random.Random(4971)
    rubbish = ["", "0", "-1", "9" * 25, "é", "%00", "' or 1=1 --", "<script>", "any", "A" * 300]
    people = {handle: site.as_(handle) for handle in ("minh", "khanh")}
    people[""] = site.visitor()
    crashed = []
    every = routes(site)
    for _ in range(2000):
        method, path, _action = chance.choice(every)
        if "dang-xuat" in path:
            continue
        visitor = people[chance.choice(list(people))]
        holes = {
            hole: [value if chance.random() < 0.7 else chance.choice(rubbish[1:])]
            for hole, value in real.items()
        }
        (address,) = addresses(path, holes)
        names = (
            "q tiep muc linh-vuc tra-loi chon trang ky next xong tim don-vi tuoi sau truoc ma ban"
        ).split()
        query = {chance.choice(names): chance.choice(rubbish) for _ in range(2)}
        fields = {
            chance.choice(
                (
                    "tab seq position choice q1 r1 day who reason kind choices entry_code percent "
                    "need hidden outcome answer text complaint ruling began ended reopen closes "
                    "publishes confirm"
                ).split()
            ): chance.choice(rubbish)
            for _ in range(5)
        }
        try:
            url = httpx.URL(address, params=query)
        except httpx.InvalidURL:
            continue
        if chance.random() < 0.1:
            method = chance.choice(("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"))
        data = {"csrf_token": visitor.token, **fields} if method == "POST" else None
        answer = visitor.http.request(method, url, data=data)
        if answer.status_code >= 500:
            crashed.append(f"{method} {url} {fields}: {answer.status_code}")
        if method == "GET" and 'name="csrf_token"' in answer.text:
            visitor.token = answer.text.split('name="csrf_token" value="')[1].split('"')[0]
    assert crashed == []
