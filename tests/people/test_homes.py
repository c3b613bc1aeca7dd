"""Where somebody lives: asked when nobody knows, or when the ward has become another."""

import re
from html import unescape

import httpx
import pytest
import sqlalchemy as sa

from contest import paths
from contest.editions.queries import entrant
from contest.errors import Invalid
from contest.ledger.models import LedgerEntry
from contest.people import queries
from contest.people.homes import change_home
from contest.people.models import Account
from contest.units.files import load_units
from tests.server import Visitor
from tests.site import Site
from tests.standings.board_people import enter
from tests.world import World

BA_DINH, HO_GUOM = "00004@2025-07-01", "00070@2025-07-01"
TRUC_BACH, CUA_NAM = "00004@2020-03-01", "00073@2020-03-01"


@pytest.fixture
def town(world: World) -> World:
    load_units(world.db, paths.UNITS)
    world.person("minh")
    return world


def move(world: World, ward_id: str | None, other: str = "") -> bool:
    return world.db.write(
        change_home,
        account_id=world.accounts["minh"],
        ward_id=ward_id,
        ward_other=other,
        by=world.ref("minh"),
        now=world.clock(),
    )


def home(world: World) -> tuple[str | None, str]:
    with world.db.read() as tx:
        kept = queries.account(tx, world.accounts["minh"])
    return kept.ward_id, kept.ward_other


def as_before(world: World, ward_id: str) -> None:
    """A home of the time before: no command makes one today."""
    world.db.write(
        lambda tx: tx.execute(
            sa.update(Account)
            .where(Account.id == world.accounts["minh"])
            .values(ward_id=ward_id, ward_other="")
        )
    )


def entries(world: World) -> list[tuple[str, str, str]]:
    with world.db.read() as tx:
        rows = tx.execute(
            sa.select(LedgerEntry.subject, LedgerEntry.by_ref, LedgerEntry.facts).where(
                LedgerEntry.kind == "people.change_home"
            )
        )
        return [(row.subject, row.by_ref, row.facts) for row in rows]


def test_a_home_is_kept_and_the_ledger_does_not_say_where(town: World) -> None:
    assert move(town, BA_DINH)

    assert home(town) == (BA_DINH, "")
    assert entries(town) == [(town.ref("minh"), town.ref("minh"), "{}")]


def test_the_same_home_again_changes_nothing(town: World) -> None:
    move(town, BA_DINH)

    assert not move(town, BA_DINH)
    assert len(entries(town)) == 1


def test_elsewhere_is_kept_in_words(town: World) -> None:
    assert move(town, None, "  Tỉnh   Hưng Yên ")

    assert home(town) == (None, "Tỉnh Hưng Yên")


@pytest.mark.parametrize("ward_id", [TRUC_BACH, "01@2020-03-01", "001@2020-03-01", "nowhere"])
def test_only_a_ward_of_today_is_a_home(town: World, ward_id: str) -> None:
    with pytest.raises(Invalid, match="no-ward"):
        move(town, ward_id)
    with pytest.raises(Invalid, match="no-home"):
        move(town, None, "  ")
    assert entries(town) == []


def test_an_edition_already_entered_keeps_its_unit(town: World) -> None:
    town.open_edition()
    move(town, HO_GUOM)
    enter(town, "minh", "", minutes=1, ward=HO_GUOM)

    move(town, BA_DINH)

    with town.db.read() as tx:
        this = entrant(tx, town.edition().id, town.accounts["minh"])
    assert this is not None
    assert (this.ward_id, home(town)[0]) == (HO_GUOM, BA_DINH)


def words(answer: httpx.Response) -> str:
    main = answer.text.partition("<main ")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture
def minh(site: Site) -> Visitor:
    load_units(site.world.db, paths.UNITS)
    site.world.person("minh")
    visitor = site.as_("minh")
    visitor.get("/noi-o?tiep=/thi/tuan-1")
    return visitor


def offered(answer: httpx.Response) -> list[str]:
    return re.findall(r'name="successor" value="([^"]+)"', answer.text)


def test_a_home_is_chosen_from_the_list_and_one_goes_on(site: Site, minh: Visitor) -> None:
    answer = minh.post("/noi-o", {"ward": BA_DINH, "tiep": "/thi/tuan-1"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/thi/tuan-1")
    assert home(site.world) == (BA_DINH, "")


def test_without_a_way_on_the_account_says_that_it_is_kept(site: Site, minh: Visitor) -> None:
    answer = minh.post("/noi-o", {"ward": "khac", "ward_other": "Tỉnh Hưng Yên"})

    assert answer.headers["location"] == "/tai-khoan?xong=noi-o"
    done = words(minh.get("/tai-khoan?xong=noi-o"))
    assert "Đã lưu nơi ở mới." in done
    assert "Tỉnh Hưng Yên" in done


def test_a_ward_that_went_whole_is_offered_and_already_chosen(site: Site, minh: Visitor) -> None:
    as_before(site.world, TRUC_BACH)

    page = minh.get("/noi-o?tiep=/thi")

    assert "Phường Trúc Bạch cũ nay thuộc:" in words(page)
    assert offered(page) == [BA_DINH, "khac-nua"]
    assert re.search(rf'value="{BA_DINH}" checked', page.text)
    minh.post("/noi-o", {"successor": BA_DINH, "tiep": "/thi"})
    assert home(site.world) == (BA_DINH, "")


def test_of_a_divided_ward_nobody_chooses_for_the_person(site: Site, minh: Visitor) -> None:
    as_before(site.world, CUA_NAM)

    page = minh.get("/noi-o")
    refused = minh.post("/noi-o", {"tiep": "/thi"})

    assert "cũ đã chia ra" in words(page)
    assert len(offered(page)) == 5
    assert 'name="successor" value' in page.text
    assert "checked" not in page.text
    assert refused.status_code == 422
    assert "Hãy chọn nơi bạn ở bây giờ." in words(refused)
    assert 'name="tiep" value="/thi"' in refused.text
    assert home(site.world)[0] == CUA_NAM


def test_who_moved_away_takes_the_list_instead(site: Site, minh: Visitor) -> None:
    as_before(site.world, CUA_NAM)

    minh.post("/noi-o", {"successor": "khac-nua", "ward": HO_GUOM})

    assert home(site.world) == (HO_GUOM, "")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Hãy chọn phường hoặc xã nơi bạn ở"),
        ({"ward": TRUC_BACH}, "Hãy chọn phường hoặc xã nơi bạn ở"),
        ({"ward": "khac"}, "vì bạn đã chọn “Khác”"),
        ({"ward": "khac", "ward_other": " "}, "vì bạn đã chọn “Khác”"),
        ({"successor": BA_DINH}, "Hãy chọn phường hoặc xã nơi bạn ở"),
    ],
)
def test_what_is_wrong_is_told_and_kept(
    site: Site, minh: Visitor, typed: dict[str, str], told: str
) -> None:
    answer = minh.post("/noi-o", {**typed, "tiep": "/thi/tuan-1"})

    assert answer.status_code == 422
    assert told in words(answer)
    assert 'value="/thi/tuan-1"' in answer.text
    if typed.get("ward") == "khac":
        assert re.search(r'<option value="khac" selected', answer.text)


def test_one_is_not_led_to_another_site(site: Site, minh: Visitor) -> None:
    answer = minh.post("/noi-o", {"ward": BA_DINH, "tiep": "https://example.com"})

    assert answer.headers["location"] == "/tai-khoan?xong=noi-o"


def test_a_visitor_is_asked_to_sign_in(site: Site) -> None:
    answer = site.visitor().get("/noi-o")

    assert answer.status_code in (303, 401)


def test_who_must_say_where_they_live_comes_here_from_the_round(site: Site, minh: Visitor) -> None:
    site.world.open_edition()
    as_before(site.world, TRUC_BACH)

    before = minh.get("/thi/tuan-1")
    sent = minh.post("/thi/tuan-1")
    minh.post("/noi-o", {"successor": BA_DINH, "tiep": "/thi/tuan-1"})
    started = minh.post("/thi/tuan-1")

    assert 'href="/noi-o?tiep=/thi/tuan-1"' in before.text
    assert sent.headers["location"] == "/noi-o?tiep=/thi/tuan-1"
    assert started.headers["location"].startswith("/bai/")
