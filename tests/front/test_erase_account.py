"""An account is erased: nothing tells who it was, and nobody's place moves."""

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.access import VISITOR
from contest.editions.extra_time import extra_time, grant_extra_time
from contest.errors import Conflict, NotFound
from contest.infra import mail
from contest.infra.chance import SeededChance
from contest.infra.database import Database, Tx
from contest.infra.tables import JobRow, MailRow
from contest.migrations import upgrade
from contest.people import queries
from contest.people.consent import NAME_ON_BOARDS, TAKE_PART
from contest.people.consent.models import ConsentPaper, Representative
from contest.people.consent.papers import SignedBy, record_paper
from contest.people.erasing import DELETE_SCAN
from contest.people.jobs import delete_scan_job
from contest.people.models import Account, SessionRow
from contest.people.recovery.commands import reset_sign_in
from contest.standings.boards import board_lines
from contest.standings.names import refresh_names
from contest.standings.queries import publication
from tests.access.routes import entry_code
from tests.clock import MovableClock
from tests.complaints.published import published, the_complaint
from tests.conftest import NOW
from tests.front.erased import erase
from tests.people.consent.families import ELEVEN, make
from tests.world import World

MINHS_MAIL = "minh.nha@example.vn"


def everything_kept(world: World) -> str:
    """Every row of every table as text, but the names of the tables' columns."""
    found = []
    with world.db.read() as tx:
        for table in sa.inspect(tx).get_table_names():
            rows = tx.execute(sa.text(f"select * from {table}"))
            found += [" ".join(map(str, row)) for row in rows]
    return "\n".join(found)


def set_contact(world: World, handle: str, **values: str | None) -> None:
    def write(tx: Tx) -> None:
        tx.execute(sa.update(Account).where(Account.id == world.accounts[handle]).values(**values))

    world.db.write(write)


def letter(world: World, to: str, body: str) -> None:
    world.db.write(
        mail.write_letter,
        kind="people.password_reset",
        to_address=to,
        subject="Thư",
        body=body,
        now=world.clock(),
    )


def bodies(world: World) -> list[str]:
    with world.db.read() as tx:
        return list(tx.execute(sa.select(MailRow.body).order_by(MailRow.id)).scalars())


def places(world: World) -> list[tuple[int, str, int]]:
    with world.db.read() as tx:
        result = publication(tx, world.round().id)
        assert result is not None
        lines = board_lines(tx, result, first=1, last=20, now=world.clock())
    return [(each.place, each.entry_code, each.score_milli) for each in lines]


def test_nothing_that_tells_who_it_was_is_kept_anywhere(world: World) -> None:
    code = published(world, "minh", "hoa")
    set_contact(world, "minh", email=MINHS_MAIL, school_other="Trường Cau Vàng")
    world.session("minh")
    world.complain("minh", code, "Tôi là Trần Đức Minh, nhà ở Cau Vàng, xin xem lại câu 3.")
    world.db.write(
        grant_extra_time,
        edition_id=world.edition().id,
        account_id=world.accounts["minh"],
        percent=25,
        need="mắt kém, không đọc nhanh được",
        by="tests",
        now=world.clock(),
    )
    letter(world, MINHS_MAIL, "Chào Trần Đức Minh")
    refresh_names(world.db, world.clock)
    before = everything_kept(world)
    private = [
        "Trần Đức Minh", "0900000001", MINHS_MAIL, "Cau Vàng", "mắt kém", "2006-03-14",
        world.codes["minh"], "minh d t",
    ]  # fmt: skip
    assert [each for each in private if each not in before] == []

    assert erase(world, "minh")

    after = everything_kept(world)
    assert [each for each in private if each in after] == []
    with world.db.read() as tx:
        assert tx.execute(sa.select(SessionRow.id)).all() == []
        kept = queries.account(tx, world.accounts["minh"])
    assert (kept.full_name, kept.is_erased, kept.birth_date.year) == ("", True, 2006)


def test_erased_twice_is_erased_once(world: World) -> None:
    world.person("minh")

    assert erase(world, "minh")
    assert not erase(world, "minh")


def test_the_board_keeps_the_entry_under_its_code_and_settling_again_is_the_same(
    world: World,
) -> None:
    published(world, "minh", "hoa", "binh")
    before, settled = places(world), world.settle()

    erase(world, "minh")

    again = world.settle()
    assert again.digest == settled.digest
    assert places(world) == before
    with world.db.read() as tx:
        result = publication(tx, world.round().id)
        assert result is not None
        lines = board_lines(tx, result, first=1, last=20, now=world.clock())
    names = {each.entry_code: each.public_name for each in lines}
    assert names[entry_code(world, "minh")] == entry_code(world, "minh")
    assert names[entry_code(world, "hoa")] == "N. T. Hoa"


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(gone=st.sets(st.sampled_from(["minh", "hoa", "binh", "lan"]), min_size=1))
def test_whoever_is_erased_no_score_line_changes(
    tmp_path_factory: pytest.TempPathFactory, gone: set[str]
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('erased')}/contest.db"
    upgrade(url)
    db = Database(url)
    world = World(db, MovableClock(NOW), SeededChance("erase"))
    world.open_edition()
    for at, handle in enumerate(["minh", "hoa", "binh", "lan"]):
        world.play(handle, right=3 + 2 * at, prediction=at, minutes=1 + at)
    world.close()
    before = world.settle()
    world.publish()
    lines = places(world)

    for handle in sorted(gone):
        erase(world, handle)

    assert world.settle().truth == before.truth
    assert places(world) == lines
    db.close()


def test_a_family_s_address_keeps_the_letters_of_the_others(world: World) -> None:
    world.person("minh")
    world.person("binh")
    set_contact(world, "minh", email="nha@example.vn")
    set_contact(world, "binh", email="nha@example.vn")
    letter(world, "nha@example.vn", "Chào Trần Đức Minh")
    letter(world, "nha@example.vn", "Chào Nguyễn Văn Binh")
    letter(world, "khac@example.vn", "Chào Trần Đức Minh khác")

    erase(world, "minh")

    assert bodies(world) == ["Chào Nguyễn Văn Binh", "Chào Trần Đức Minh khác"]


def test_an_address_of_nobody_else_loses_all_its_letters(world: World) -> None:
    world.person("minh")
    set_contact(world, "minh", email=MINHS_MAIL)
    letter(world, MINHS_MAIL, "Một thư không nêu tên")

    erase(world, "minh")

    assert bodies(world) == []


def test_of_a_child_parents_papers_and_scans_go_and_consents_end(world: World) -> None:
    make(world, "an", ELEVEN)
    world.agree("an", TAKE_PART, NAME_ON_BOARDS)
    key = "private/consents/ab/cdef"
    world.db.write(
        record_paper,
        account_id=world.accounts["an"],
        representative=SignedBy("Đỗ Thị Mai", "mother"),
        signed_on=world.clock().date(),
        place="school",
        kept_where="tủ hồ sơ lớp 6A",
        scan_key=key,
        purposes_of_representative=[TAKE_PART],
        form_key="F" * 16,
        by=world.ref("an"),
        chance=world.chance,
        now=world.clock(),
    )

    erase(world, "an")

    with world.db.read() as tx:
        parents = tx.execute(sa.select(Representative.full_name, Representative.email)).all()
        paper = tx.execute(sa.select(ConsentPaper.scan_key, ConsentPaper.kept_where)).one()
        job = tx.execute(sa.select(JobRow.payload).where(JobRow.kind == DELETE_SCAN)).scalar_one()
        shown = queries.shown(tx, [world.accounts["an"]], on=world.clock().date())
    assert {tuple(each) for each in parents} == {("", None)}
    assert tuple(paper) == ("", "")
    assert shown == {}
    deleted: list[str] = []
    delete_scan_job(deleted.append)(msgspec.json.decode(job))
    assert deleted == [key]


def test_staff_and_somebody_in_the_middle_of_an_attempt_are_refused(world: World) -> None:
    world.open_edition()
    world.person("khanh")
    world.start("minh")

    with pytest.raises(Conflict, match="erase-with-roles"):
        erase(world, "khanh")
    with pytest.raises(Conflict, match="erase-while-running"):
        erase(world, "minh")
    assert "Trần Đức Minh" in everything_kept(world)


def test_an_open_complaint_counts_as_withdrawn_and_an_answered_one_keeps_its_outcome(
    world: World,
) -> None:
    code = published(world)
    filed = world.complain("minh", code)

    erase(world, "minh")

    this = the_complaint(world, filed.complaint.code)
    assert (this.state, this.text) == ("withdrawn", "")


def test_a_need_told_to_the_organiser_goes_and_the_time_stays(world: World) -> None:
    edition = world.open_edition()
    world.person("minh")
    world.db.write(
        grant_extra_time,
        edition_id=edition.id,
        account_id=world.accounts["minh"],
        percent=50,
        need="mắt kém lắm",
        by="tests",
        now=world.clock(),
    )

    erase(world, "minh")

    with world.db.read() as tx:
        held = extra_time(tx, edition.id, world.accounts["minh"])
    assert held is not None
    assert (held.percent, held.need) == (50, "")


def test_the_desk_can_do_nothing_more_for_an_erased_person(world: World) -> None:
    world.person("minh")
    ref = world.ref("minh")
    erase(world, "minh")

    with world.db.read() as tx:
        assert queries.find_people(tx, "minh") == []
        assert queries.person_line(tx, ref).is_erased
        with pytest.raises(NotFound):
            queries.account_id_by_ref(tx, ref)
    with pytest.raises(NotFound):
        world.db.write(
            reset_sign_in,
            account_id=world.accounts["minh"],
            by=VISITOR,
            by_ref="tests",
            chance=world.chance,
            now=world.clock(),
        )
