"""The page "Vì sao?": adds up, for everybody and by everybody, and not before publishing."""

from typing import Any

import pytest
import sqlalchemy as sa

from contest.people.consent.commands import set_name_on_boards
from contest.standings import explanations, queries
from contest.standings.models import Settlement, Standing
from tests.site import Site
from tests.standings.explained import (
    address,
    entry_code,
    officially,
    play_a_tied_round,
    told_place,
    words,
)
from tests.world import World


def test_every_step_says_its_numbers_and_they_add_up(site: Site) -> None:
    """Five had all right, so 5 is true. Bình is 2 off as Chi is, and faster; An is nearer."""
    site.world.open_edition()
    site.world.play("an", prediction=5, minutes=6)
    site.world.play("binh", prediction=3, minutes=4)
    site.world.play("chi", prediction=7, minutes=5)
    site.world.play("diep", prediction=9, minutes=1)
    site.world.play("giang", prediction=None, minutes=1)
    site.world.play("hien", right=9, prediction=5, minutes=1)
    officially(site.world)

    page = site.as_("chi").get(address(site.world, "chi")).text

    assert told_place(page) == 3
    said = words(page)
    assert "Vì sao bạn đứng thứ 3?" in said
    assert "5 người cùng được 10 điểm, kể cả bạn. 1 người ít điểm hơn, đứng sau bạn." in said
    assert "Dự đoán lệch 2 người: bước quyết định" in said
    assert "Bạn đoán 7; thực tế 5 người đúng hết các câu." in said
    assert (
        "Trong 5 người cùng 10 điểm: 1 người đoán gần hơn, 1 người khác lệch đúng 2 như bạn, "
        "2 người đoán xa hơn hoặc không đoán." in said
    )
    assert "Trong 2 người cùng lệch 2: 1 người làm nhanh hơn." in said
    assert "Nộp sớm hơn: không cần dùng tới" in said
    assert "1 + 1 + 1 = 3" in said


def test_no_prediction_is_said_in_words(site: Site) -> None:
    site.world.open_edition()
    site.world.play("an", prediction=9)
    site.world.play("binh", prediction=None, minutes=2)
    site.world.play("chi", prediction=None, minutes=3)
    officially(site.world)

    said = words(site.as_("chi").get(address(site.world, "chi")).text)

    assert "Không ghi dự đoán: bước quyết định" in said
    assert "Bạn không ghi dự đoán; thực tế 3 người đúng hết các câu." in said
    assert "1 người có ghi dự đoán, 1 người khác cũng không ghi như bạn." in said
    assert "Trong 2 người cùng không ghi dự đoán: 1 người làm nhanh hơn." in said


@pytest.mark.parametrize(
    ("prediction", "chain"),
    [
        ({"kind": "none"}, ["score"]),
        ({"kind": "none"}, ["score", "submitted", "time"]),
        (
            {"kind": "perfect-percent", "question": {"vi": "Bao nhiêu?", "en": "How many?"}},
            ["score", "time", "distance"],
        ),
    ],
    ids=["score-alone", "without-prediction", "percent"],
)
def test_every_chain_adds_up_on_its_own_page(site: Site, prediction: Any, chain: Any) -> None:
    site.world.open_edition(prediction=prediction, chain=chain)
    guess = None if prediction["kind"] == "none" else 5_000_000
    for handle, right, minutes in (("an", 10, 3), ("binh", 10, 3), ("chi", 10, 4), ("diep", 9, 3)):
        site.world.play(handle, right=right, prediction=guess, minutes=minutes)
    officially(site.world)

    visitor = site.visitor()
    places = [
        told_place(visitor.get(address(site.world, each)).text)
        for each in ("an", "binh", "chi", "diep")
    ]

    shared = [1, 1, 1, 4] if chain == ["score"] else [1, 1, 3, 4]
    assert places == shared
    said = words(visitor.get(address(site.world, "an")).text)
    assert ("Người kế tiếp đứng thứ 4." in said) == (chain == ["score"])
    assert "khác bằng người này ở mọi bước nên cùng hạng." in said


def test_anybody_sees_anybodys_but_not_the_receipt(site: Site) -> None:
    site.world.open_edition()
    site.world.play("an", prediction=1)
    code = site.world.play("binh", prediction=1, minutes=6)
    officially(site.world)
    receipt = site.world.attempt("binh", code).receipt
    assert receipt is not None
    grouped = f"{receipt[:4]}-{receipt[4:8]}-{receipt[8:12]}"

    own = site.as_("binh").get(address(site.world, "binh")).text
    others = [
        visitor.get(address(site.world, "binh")).text
        for visitor in (site.visitor(), site.as_("an"))
    ]

    assert grouped in own
    assert f"/bai/{code}/khieu-nai" in own
    for page in others:
        assert told_place(page) == 2
        assert "người này" in page
        assert grouped not in page
        assert code not in page


def test_a_name_taken_back_is_gone_from_the_page_at_once(site: Site) -> None:
    site.world.open_edition()
    site.world.play("an", prediction=1)
    site.world.play("binh", prediction=1, minutes=6)
    officially(site.world)
    visitor = site.visitor()
    pages = (address(site.world, "binh"), address(site.world, "an"))
    assert all("N. V. Binh" in visitor.get(path).text for path in pages)

    site.world.db.write(
        set_name_on_boards,
        account_id=site.world.accounts["binh"],
        shown=False,
        by="tests",
        now=site.world.clock(),
    )

    assert all("N. V. Binh" not in visitor.get(path).text for path in pages)
    assert f"Vì sao {entry_code(site.world, 'binh')} đứng thứ 2?" in visitor.get(pages[0]).text


def test_nothing_is_told_before_publishing(site: Site) -> None:
    site.world.open_edition()
    code = site.world.play("an", prediction=1)
    site.world.close()
    site.world.settle()

    assert site.visitor().get(address(site.world, "an")).status_code == 409
    assert site.as_("an").get(f"/bai/{code}/vi-sao").status_code == 409
    # Nor is it told whether somebody takes part at all.
    unknown = site.visitor().get("/xep-hang/thu-nghiem/tuan-1/vi-sao/AAAAAAAA")
    assert unknown.status_code == 409
    assert "Kết quả chưa công bố" in unknown.text


def test_an_unknown_code_and_an_entry_without_a_line_are_not_told_apart(site: Site) -> None:
    site.world.open_edition()
    site.world.play("an", prediction=1)
    code = site.world.start("binh").code
    officially(site.world)
    visitor = site.visitor()

    answers = [
        visitor.get(path).status_code
        for path in (
            "/xep-hang/thu-nghiem/tuan-1/vi-sao/AAAAAAAA",
            address(site.world, "binh"),
            "/xep-hang/thu-nghiem/tuan-9/vi-sao/AAAAAAAA",
        )
    ]
    assert answers == [404, 404, 404]

    binh = site.as_("binh")
    own = binh.get(binh.get(f"/bai/{code}/vi-sao").headers["location"])
    assert own.status_code == 200
    assert "Bài của bạn không có câu nào được trả lời" in words(own.text)


def test_an_attempt_that_does_not_count_leads_to_the_line_that_does(site: Site) -> None:
    site.world.open_edition(attempt={"minutes": 10, "attempts": 2})
    first = site.world.play("an", right=4, prediction=1)
    site.world.clock.tick(minutes=30)
    second = site.world.play("an", right=10, prediction=1)
    officially(site.world)
    an = site.as_("an")

    for code in (first, second):
        answer = an.get(f"/bai/{code}/vi-sao")
        assert (answer.status_code, answer.headers["location"]) == (302, address(site.world, "an"))
    assert site.as_("binh").get(f"/bai/{first}/vi-sao").status_code == 404
    assert f"/bai/{second}/ket-qua" in an.get(address(site.world, "an")).text


def test_the_prize_of_a_place_is_told(site: Site) -> None:
    site.world.open_edition()
    site.world.play("an", prediction=2, minutes=3)
    site.world.play("binh", prediction=2, minutes=4)
    officially(site.world)
    visitor = site.visitor()

    assert "Giải thưởng: Giải Nhất 5.000.000 đồng." in words(
        visitor.get(address(site.world, "an")).text
    )
    assert "Giải thưởng" not in words(visitor.get(address(site.world, "binh")).text)


def test_every_line_of_a_round_full_of_ties_adds_up_to_its_place(world: World) -> None:
    """What is read from the ranges agrees with counting the board line by line."""
    world.open_edition()
    play_a_tied_round(world)
    officially(world)
    chain = world.edition().document.rules.chain
    with world.db.read() as tx:
        result = queries.publication(tx, world.round().id)
        assert result is not None
        lines = tx.execute(
            sa.select(Standing).where(Standing.settlement_id == result.settlement_id)
        ).all()
        explained = {row.line: explanations.steps_of(tx, result, row.line, chain) for row in lines}
    keys = {
        row.line: (
            -row.score_milli,
            float("inf") if row.distance is None else row.distance,
            row.ranking_time_ms,
            row.submitted_at,
        )
        for row in lines
    }
    assert len(lines) == 12
    for row in lines:
        steps, sharing = explained[row.line]
        key = keys[row.line]
        assert row.place == 1 + sum(step.ahead for step in steps)
        assert sharing == sum(other == key for other in keys.values())
        for at, step in enumerate(steps):
            rivals = [other for other in keys.values() if other[:at] == key[:at]]
            assert step.ahead == sum(other[at] < key[at] for other in rivals)
            assert step.equal == sum(other[at] == key[at] for other in rivals)


def test_the_number_of_queries_does_not_grow_with_the_entrants(site: Site) -> None:
    world = site.world
    world.open_edition()
    world.play("an", prediction=1)
    officially(world)
    of_one = statements(site, "an")
    other = world.round("tuan-2")
    world.clock.set(other.opens_at)
    for at in range(7):
        play_in(world, f"ban{chr(ord('a') + at)}", "tuan-2", minutes=3 + at % 2)
    world.close("tuan-2")
    world.settle("tuan-2")
    world.publish("tuan-2")

    assert statements(site, "banc", slug="tuan-2") == of_one


def play_in(world: World, handle: str, slug: str, *, minutes: float) -> None:
    """Answers one question of a round and submits."""
    code = world.start(handle, slug).code
    world.save(handle, code, 1, world.key(world.attempt(handle, code), 1), tab=handle)
    began = world.clock()
    world.clock.tick(minutes=minutes)
    world.submit(handle, code)
    world.clock.set(began)


def statements(site: Site, handle: str, slug: str = "tuan-1") -> int:
    """How many statements a visitor's look at a line costs."""
    path = address(site.world, handle).replace("tuan-1", slug)
    visitor = site.visitor()
    assert visitor.get(path).status_code == 200
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        assert visitor.get(path).status_code == 200
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return len([each for each in seen if each.lstrip().lower().startswith("select")])


def test_a_result_of_an_older_form_says_that_its_explanation_is_on_the_way(site: Site) -> None:
    site.world.open_edition()
    site.world.play("an", prediction=1)
    officially(site.world)
    site.world.db.write(lambda tx: tx.execute(sa.update(Settlement).values(form=1)) and None)

    answer = site.visitor().get(address(site.world, "an"))

    assert answer.status_code == 503
    assert "Phần giải thích đang được chuẩn bị" in answer.text
