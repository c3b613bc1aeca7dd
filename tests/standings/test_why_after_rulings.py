"""Corrections and disqualifications: the page adds up again, and tells each what concerns them."""

import sqlalchemy as sa

from contest.rulings import commands as rulings
from contest.standings import queries
from contest.standings.models import Standing
from tests.site import Site
from tests.standings.explained import (
    REASON,
    address,
    correct,
    disqualify,
    officially,
    play_a_tied_round,
    rule,
    told_place,
    words,
)


def test_a_corrected_key_adds_up_again_and_says_what_changed(site: Site) -> None:
    """An had nine right of ten; the question he missed is given to all, and he overtakes Bình."""
    site.world.open_edition()
    site.world.play("binh", right=9, prediction=2, minutes=3)
    code = site.world.play("an", right=9, prediction=2, minutes=4)
    officially(site.world)
    an, visitor = site.as_("an"), site.visitor()
    before = an.get(address(site.world, "an")).text

    correct(site.world, "an", code, 10, "give-all")
    after = an.get(address(site.world, "an")).text

    assert "Đã điều chỉnh lúc" not in before
    assert (told_place(before), told_place(after)) == (2, 1)
    said = words(after)
    assert "Trước: thứ 2, 9 điểm. Nay: thứ 1, 10 điểm." in said
    assert "Câu 10. Ai có câu này trong đề đều được trọn điểm của câu." in said
    assert said.count(REASON) == 2
    # Others see that and why the result changed, and nothing of anybody's paper.
    public = words(visitor.get(address(site.world, "an")).text)
    assert "Trước: thứ 2, 9 điểm." in public
    assert "Câu 10." not in public
    result = words(an.get(f"/bai/{code}/ket-qua").text)
    assert "Được trọn điểm" in result
    assert "đã điều chỉnh lúc" in result
    assert REASON in result


def test_a_void_question_is_marked_on_the_own_result(site: Site) -> None:
    site.world.open_edition()
    code = site.world.play("an", right=9, prediction=2, minutes=4)
    officially(site.world)

    correct(site.world, "an", code, 10, "void")
    said = words(site.as_("an").get(f"/bai/{code}/ket-qua").text)

    assert "Câu đã hủy" in said
    assert "9 trong 9 câu" in said
    assert "Câu này bị hủy, không tính vào điểm của ai." in said


def test_a_disqualification_moves_those_behind_and_is_told_to_the_entrant_alone(
    site: Site,
) -> None:
    """With An out three are perfect, so Bình's 3 is true now."""
    site.world.open_edition()
    out = site.world.play("an", prediction=4, minutes=3)
    site.world.play("binh", prediction=3, minutes=3)
    site.world.play("chi", prediction=4, minutes=4)
    site.world.play("diep", prediction=None, minutes=4)
    officially(site.world)
    visitor = site.visitor()
    handles = ("binh", "chi", "diep")

    def places() -> list[int]:
        return [told_place(visitor.get(address(site.world, each)).text) for each in handles]

    assert places() == [3, 2, 4]
    disqualify(site.world, "an")
    assert places() == [1, 2, 3]
    assert "Trước: thứ 3, 10 điểm. Nay: thứ 1, 10 điểm." in words(
        visitor.get(address(site.world, "binh")).text
    )

    public = visitor.get(address(site.world, "an"))
    assert public.status_code == 200
    assert "không có trên bảng theo quyết định của ban tổ chức" in words(public.text)
    assert "N. V. An" not in public.text
    assert REASON not in public.text
    an = site.as_("an")
    own = an.get(an.get(f"/bai/{out}/vi-sao").headers["location"]).text
    assert REASON in own
    assert "Bài của bạn đã bị loại" in words(own)
    result = words(an.get(f"/bai/{out}/ket-qua").text)
    assert "Bài của bạn đã bị loại" in result
    assert REASON in result


def test_every_page_of_a_round_full_of_ties_adds_up_before_and_after_rulings(site: Site) -> None:
    world = site.world
    world.open_edition()
    handles = play_a_tied_round(world, people=8)
    code = world.play("an", right=9, prediction=4, minutes=3)
    officially(world)
    visitor = site.visitor()

    def add_up(of: list[str]) -> None:
        told = sorted(told_place(visitor.get(address(world, each)).text) for each in of)
        with world.db.read() as tx:
            result = queries.publication(tx, world.round().id)
            assert result is not None
            kept = tx.execute(
                sa.select(Standing.place)
                .where(Standing.settlement_id == result.settlement_id)
                .order_by(Standing.line)
            ).scalars()
            assert told == list(kept)

    add_up([*handles, "an"])
    correct(world, "an", code, 10, "give-all")
    add_up([*handles, "an"])
    disqualify(world, handles[0])
    add_up([*handles[1:], "an"])


def test_an_answer_accepted_later_is_marked_as_right(site: Site) -> None:
    """The tenth question was answered with another choice, which is accepted as well."""
    site.world.open_edition()
    code = site.world.play("an", right=9, prediction=2, minutes=4)
    officially(site.world)
    attempt = site.world.attempt("an", code)
    item = attempt.items[9]
    chosen = site.world.wrong(attempt, 10)
    an = site.as_("an")
    before = words(an.get(f"/bai/{code}/ket-qua").text)

    rule(
        site.world,
        rulings.propose_correction,
        round_id=site.world.round().id,
        kind="accept-also",
        revision_id=item.revision_id,
        masks=[item.to_original(chosen)],
    )
    after = words(an.get(f"/bai/{code}/ket-qua").text)

    assert (before.count("Chưa đúng"), after.count("Chưa đúng")) == (1, 0)
    assert f"Đáp án {'ABCD'[chosen[0]]} cũng được nhận là đúng." in after
    assert "Bạn đã chọn" not in after
