"""Prizes of a published round: ties at every edge, names, the organiser's list."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from contest.people.commands import hide_name
from contest.people.consent.commands import set_name_on_boards
from contest.rulings.commands import propose_disqualification
from contest.standings import prizes, queries
from contest.standings.commands import decide_ruling
from contest.standings.prizes import PrizeResult
from contest.standings.settle import try_ruling
from tests.site import Site
from tests.world import World

CHAIN = ["score"]
BOARD = "/xep-hang/thu-nghiem/tuan-1"
PUBLIC = f"{BOARD}/giai-thuong"
DESK = "/dieu-hanh/vong/thu-nghiem/tuan-1/giai-thuong"


def listed(*prizes: tuple[str, int, int], tie: str = "all-higher") -> dict[str, Any]:
    """Prizes as the document has them: title, positions, money."""
    return {
        "individual": [
            {"title": {"vi": title, "en": title}, "places": places, "value_vnd": value}
            for title, places, value in prizes
        ],
        "tie_across_edge": tie,
    }


THREE = (("Giải Nhất", 1, 5_000_000), ("Giải Nhì", 2, 3_000_000), ("Giải Ba", 2, 1_000_000))


def played(world: World, scores: dict[str, int], **rules: Any) -> None:
    """A published round in which each had so many right, ranked by score alone."""
    world.open_edition(chain=CHAIN, prediction={"kind": "none"}, **rules)
    for handle, right in scores.items():
        world.play(handle, right=right)
    world.close()
    world.settle()
    world.publish()


def found(world: World) -> PrizeResult:
    with world.db.read() as tx:
        result = queries.publication(tx, world.round().id)
        assert result is not None
        return prizes.prize_result(tx, result, world.edition())


def told(world: World) -> list[str]:
    """ "an 1 0:5000000" → who, place, prize of the list, money."""
    people = {account: handle for handle, account in world.accounts.items()}
    return sorted(
        f"{people[line.account_id]} {line.place} {line.prize}:{line.value_vnd}"
        for group in found(world).groups
        for line in group.lines
    )


def sentence(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_without_ties_the_prizes_go_down_the_board(world: World) -> None:
    scores = {"an": 10, "binh": 9, "cuc": 8, "dao": 7, "giang": 6, "hanh": 5}
    played(world, scores, prizes=listed(*THREE))

    assert told(world) == [
        "an 1 0:5000000",
        "binh 2 1:3000000",
        "cuc 3 1:3000000",
        "dao 4 2:1000000",
        "giang 5 2:1000000",
    ]
    assert found(world).paid_vnd == found(world).budget_vnd == 13_000_000


@pytest.mark.parametrize(
    ("tie", "scores", "expected", "left"),
    [
        # Across the first edge.
        ("all-higher", (10, 10, 8, 7, 6, 5), ["1 0:5000000"] * 2 + ["3 1:3000000"], 0),
        ("share-money", (10, 10, 8, 7, 6, 5), ["1 0:4000000"] * 2 + ["3 1:3000000"], 0),
        # Across the second edge.
        (
            "all-higher",
            (10, 9, 8, 8, 6, 5),
            ["1 0:5000000", "2 1:3000000"] + ["3 1:3000000"] * 2,
            0,
        ),
        (
            "share-money",
            (10, 9, 8, 8, 6, 5),
            ["1 0:5000000", "2 1:3000000"] + ["3 1:2000000"] * 2,
            0,
        ),
        # Across the last edge: everybody who shares the last place with a prize is there.
        ("all-higher", (10, 9, 8, 7, 6, 6), ["5 2:1000000"] * 2, 0),
        ("share-money", (10, 9, 8, 7, 6, 6), ["5 2:500000"] * 2, 0),
        # All alike: one group over every edge and beyond. 13 million among six.
        ("share-money", (7, 7, 7, 7, 7, 7), ["1 0:2166666"] * 6, 4),
    ],
)
def test_a_tie_across_an_edge_follows_the_rules(
    world: World, tie: str, scores: tuple[int, ...], expected: list[str], left: int
) -> None:
    handles = ["an", "binh", "cuc", "dao", "giang", "hanh"]
    played(world, dict(zip(handles, scores, strict=True)), prizes=listed(*THREE, tie=tie))

    lines = [line.split(" ", 1)[1] for line in told(world)]
    given = found(world)
    assert [line for line in lines if line in set(expected)] == expected
    assert given.left_vnd == left
    assert given.paid_vnd == sum(int(line.split(":")[1]) for line in lines)
    assert given.people == given.listed == len(lines)


def test_the_pages_say_in_words_what_became_of_a_tie(site: Site) -> None:
    scores = {"minh": 10, "hoa": 10, "nam": 8, "cuc": 7, "giang": 7, "hanh": 7}
    played(site.world, scores, prizes=listed(*THREE))
    site.world.person("khanh")

    public = sentence(site.visitor().get(PUBLIC).text)
    desk = sentence(site.as_("khanh").get(DESK).text)

    for text in (public, desk):
        assert "2 người cùng hạng 1: theo thể lệ, cả 2 người cùng nhận Giải Nhất" in text
        assert (
            "3 người cùng hạng 4: theo thể lệ, cả 3 người cùng nhận Giải Ba, "
            "dù từ hạng này chỉ còn 2 giải."
        ) in text
    assert "16.000.000" in desk
    assert "Tiền thưởng ghi trong thể lệ cho mọi hạng có giải: 13.000.000 đồng." in desk


def test_a_prize_used_up_by_a_tie_above_says_so(site: Site) -> None:
    played(site.world, {"minh": 10, "hoa": 10, "nam": 10}, prizes=listed(*THREE, tie="share-money"))

    text = sentence(site.visitor().get(PUBLIC).text)

    assert "cộng lại là 11.000.000 đồng, được chia đều, mỗi người 3.666.666 đồng" in text
    assert "Còn lẻ 2 đồng không chia được, ban tổ chức giữ lại." in text
    assert "các hạng của giải này đã tính cho những người cùng hạng ở giải trên" in text
    assert "không đủ người được xếp hạng" in text


def test_before_publishing_nobody_sees_a_prize(site: Site) -> None:
    site.world.open_edition()
    site.world.play("minh")
    site.world.close()
    site.world.settle()
    site.world.person("khanh")

    for visitor, path in ((site.visitor(), PUBLIC), (site.as_("khanh"), DESK)):
        answer = visitor.get(path)
        assert answer.status_code == 409
        assert "Kết quả chưa công bố" in answer.text
    assert site.visitor().get("/xep-hang/thu-nghiem/tuan-9/giai-thuong").status_code == 404
    assert site.as_("minh").get(DESK).status_code == 403


@pytest.mark.parametrize(
    ("scores", "rules", "words"),
    [
        ({}, {}, "Không có giải nào được trao"),
        ({"minh": 5}, {"prizes": {"individual": []}}, "Vòng này không có giải cá nhân"),
    ],
)
def test_where_there_is_nothing_to_award_the_pages_say_so(
    site: Site, scores: dict[str, int], rules: dict[str, Any], words: str
) -> None:
    site.world.open_edition(**rules)
    for handle, right in scores.items():
        site.world.play(handle, right=right)
    if not scores:
        site.world.start("minh")
    site.world.close()
    site.world.settle()
    site.world.publish()
    site.world.person("khanh")

    assert words in site.visitor().get(PUBLIC).text
    assert words in site.as_("khanh").get(DESK).text


def test_the_public_page_shows_no_name_that_may_not_be_shown(site: Site) -> None:
    world = site.world
    played(world, {"minh": 10, "hoa": 9, "nam": 8}, prizes=listed(*THREE))
    world.person("khanh")
    world.db.write(
        hide_name, account_id=world.accounts["minh"], hidden=True, by="tests", now=world.clock()
    )
    world.db.write(
        set_name_on_boards,
        account_id=world.accounts["hoa"],
        shown=False,
        by="tests",
        now=world.clock(),
    )
    codes = {line.account_id: line.entry_code for line in found_lines(world)}

    public = site.visitor().get(PUBLIC).text
    desk = site.as_("khanh").get(DESK).text

    assert "L. H. Nam" in public
    for handle, full, short in (
        ("minh", "Trần Đức Minh", "T. Đ. Minh"),
        ("hoa", "Nguyễn Thị Hoa", "N. T. Hoa"),
        ("nam", "Lê Hoài Nam", ""),
    ):
        code = codes[world.accounts[handle]]
        assert full not in public
        assert not short or short not in public
        assert f'{BOARD}/vi-sao/{code}"' in public
        assert full in desk
        assert code in desk
    assert "090••••001" in desk
    assert "0900000001" not in desk
    assert "1958" in desk


def found_lines(world: World) -> list[prizes.PrizeLine]:
    with world.db.read() as tx:
        result = queries.publication(tx, world.round().id)
        assert result is not None
        return prizes.prizes_of(tx, result, world.edition())


def test_an_adjusted_result_says_when_and_gives_the_prize_to_the_next(site: Site) -> None:
    world = site.world
    played(world, {"minh": 10, "hoa": 9, "nam": 8}, prizes=listed(("Giải Nhất", 1, 5_000_000)))
    world.person("khanh")
    first = found_lines(world)[0]
    world.clock.tick(days=1)
    proposed = world.db.write(
        propose_disqualification,
        round_id=world.round().id,
        entrant_id=first.entrant_id,
        reason="Hai tài khoản của một người.",
        by="tests",
        chance=world.chance,
        now=world.clock(),
    )
    try_ruling(world.db, proposed.code, world.clock)
    world.db.write(decide_ruling, ruling_code=proposed.code, by="tests", now=world.clock())

    public, desk = site.visitor().get(PUBLIC).text, site.as_("khanh").get(DESK).text

    assert "T. Đ. Minh" not in public
    assert "N. T. Hoa" in public
    assert "Đã điều chỉnh lúc" in public
    assert f'href="{BOARD}/dieu-chinh"' in public
    assert "Đã điều chỉnh lúc" in desk
    assert "Kết quả công bố lần thứ 2" in desk
    assert world.edition().rules_hash in desk


def test_more_people_than_positions_cost_no_more_queries(world: World) -> None:
    played(
        world,
        {f"nguoi{letter}": 7 for letter in "abcdefghijkl"[:12]},
        prizes=listed(("Giải Nhất", 2, 1_000_000)),
    )
    with world.db.read() as tx:
        result = queries.publication(tx, world.round().id)
        assert result is not None
        edition = world.edition()
        asked: list[str] = []

        def note(_c: Any, _k: Any, statement: str, *_more: Any) -> None:
            asked.append(statement)

        sa.event.listen(tx, "before_cursor_execute", note)
        given = prizes.prize_result(tx, result, edition)
        lines = [line for group in given.groups for line in group.lines]
        assert len(prizes.winners(tx, lines)) == 12

    assert given.people == 12
    assert len(asked) == 3


def test_a_list_too_long_to_show_still_counts_everybody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prizes, "LISTED_AT_MOST", 3)
    played(
        world,
        {f"nguoi{letter}": 7 for letter in "abcdefghijkl"[:8]},
        prizes=listed(("Giải Nhất", 2, 1_000_001), tie="share-money"),
    )

    given = found(world)

    assert (given.people, given.listed) == (8, 3)
    assert (given.paid_vnd, given.left_vnd) == (8 * 250_000, 2)
    assert [group.people for group in given.groups] == [8]
