"""Signing in with a card: typed at a school's computer, or scanned with a phone."""

import re
from datetime import timedelta

import pytest

from contest.access import Grant, Role, Scope
from contest.people.classes.card_limits import TRIES_OF_CLASS_FROM_BLOCK
from contest.people.classes.cards import Card
from contest.people.classes.queries import ClassView
from contest.people.consent.commands import sign
from contest.people.erasing import erase_account
from contest.people.sign_in.limits import WINDOW
from tests.people.classes.holding import BINH, card_of, class_of_two, renew
from tests.people.classes.lists import row
from tests.people.classes.teaching import bring_in, make_class, pupils, remove
from tests.server import Visitor
from tests.site import Site


def type_card(visitor: Visitor, class_code: str, letters: str, **more: str):
    visitor.get("/the")
    return visitor.post("/the", {"class_code": class_code, "letters": letters, **more})


def name_on(visitor: Visitor) -> str:
    found = re.search(r"<h1>([^<]+)</h1>", visitor.get("/tai-khoan").text)
    return found[1] if found else ""


def test_a_pupil_types_the_card_and_is_led_to_the_consents(site: Site):
    this, lan, _ = class_of_two(site.world)
    card = card_of(this, lan)
    pupil = site.visitor()

    answer = type_card(
        pupil, f" {card.class_code.lower()} ", f"{card.letters[:4]}-{card.letters[4:]}"
    )

    assert answer.status_code == 303
    assert answer.headers["location"] == "/dong-y?tiep=/thi"
    assert name_on(pupil) == "Đỗ Ngọc Lan"


def test_whose_consent_stands_goes_straight_to_the_rounds(site: Site):
    world = site.world
    this = make_class(world)
    bring_in(world, this, [BINH])
    (binh,) = pupils(world, this)
    now = world.clock()
    world.db.write(sign, account_id=binh.account_id, purposes=["take-part"], by=binh.ref, now=now)
    card = card_of(this, binh)

    assert type_card(site.visitor(), *parts(card)).headers["location"] == "/thi"
    wanted = type_card(site.visitor(), *parts(card), tiep="/thi/tuan-1")
    assert wanted.headers["location"] == "/thi/tuan-1"
    elsewhere = type_card(site.visitor(), *parts(card), tiep="//example.org")
    assert elsewhere.headers["location"] == "/thi"


def parts(card: Card) -> tuple[str, str]:
    return card.class_code, card.letters


def test_a_scanned_card_shows_the_given_name_and_signs_in_only_by_its_button(site: Site):
    this, lan, _ = class_of_two(site.world)
    pupil = site.visitor()

    shown = pupil.get(card_of(this, lan).path)

    assert shown.status_code == 200
    assert "Chào Lan!" in shown.text
    assert "Đỗ Ngọc" not in shown.text
    assert "sc_session" not in shown.headers.get("set-cookie", "")
    assert shown.headers["cache-control"] == "private, no-store"
    assert pupil.get("/tai-khoan").status_code == 303
    fields = dict(re.findall(r'name="(class_code|letters)" value="([^"]+)"', shown.text))
    pupil.get(card_of(this, lan).path)
    answer = pupil.post("/the", fields)
    assert answer.status_code == 303
    # Nothing of the card goes on in an address.
    assert answer.headers["location"] == "/dong-y?tiep=/thi"
    assert name_on(pupil) == "Đỗ Ngọc Lan"
    # Scanned once more on the same phone.
    assert pupil.get(card_of(this, lan).path).headers["location"] == "/dong-y?tiep=/thi"


@pytest.mark.slow
def test_looking_at_a_scanned_card_never_uses_the_tries_up(site: Site):
    this, lan, _ = class_of_two(site.world)
    preview = site.visitor()

    for _ in range(TRIES_OF_CLASS_FROM_BLOCK + 5):
        assert preview.get(card_of(this, lan).path).status_code == 200


def test_another_pupil_on_the_same_phone_is_told_who_is_signed_out(site: Site):
    this, lan, an = class_of_two(site.world)
    phone = site.visitor()
    type_card(phone, *parts(card_of(this, lan)))

    shown = phone.get(card_of(this, an).path)
    assert "Máy này đang đăng nhập là Đỗ Ngọc Lan" in shown.text
    phone.post("/the", {"class_code": this.code, "letters": card_of(this, an).letters})

    assert name_on(phone) == "Nguyễn Văn An"


def session_cookie(answer) -> str:
    return next(
        each for each in answer.headers.get_list("set-cookie") if each.startswith("sc_session=")
    )


def test_at_a_shared_computer_the_session_ends_with_the_browser(site: Site):
    this, lan, _ = class_of_two(site.world)
    shared, own = site.visitor(), site.visitor()
    # Ticked beforehand where one types, not where one scans.
    assert re.search(r'name="shared_device"[^>]* checked', shared.get("/the").text)
    scanned = own.get(card_of(this, lan).path).text
    assert not re.search(r'name="shared_device"[^>]* checked', scanned)

    at_school = type_card(shared, *parts(card_of(this, lan)), shared_device="1")
    at_home = type_card(own, *parts(card_of(this, lan)))

    assert "Max-Age" not in session_cookie(at_school)
    assert "Max-Age" in session_cookie(at_home)
    site.world.clock.tick(minutes=13 * 60)
    assert shared.get("/tai-khoan").status_code == 303
    assert own.get("/tai-khoan").status_code == 200


def test_a_wrong_form_keeps_the_class_code_and_never_the_letters(site: Site):
    this, lan, _ = class_of_two(site.world)
    pupil = site.visitor()

    wrong = type_card(pupil, this.code, "0000-0000")
    short = type_card(pupil, this.code, "7F3")
    empty = type_card(pupil, "", "")
    nowhere = type_card(pupil, "000000", card_of(this, lan).letters)

    for each in (wrong, short, empty, nowhere):
        assert each.status_code == 422
        assert "sc_session" not in each.headers.get("set-cookie", "")
    assert "không khớp với thẻ nào của lớp" in wrong.text
    assert f'value="{this.code}"' in wrong.text
    assert f'value="{this.code}"' in short.text
    assert "7F3K" not in re.sub(r"dạng 7F3K-92QD", "", short.text)
    assert 'href="#f-class_code"' in empty.text
    assert 'href="#f-letters"' in empty.text
    assert "Không có lớp nào mang mã này" in nowhere.text
    assert card_of(this, lan).letters not in nowhere.text


@pytest.mark.parametrize("address", ["/the/x", "/the/ABCDEF-GHJKMNPQ", "/the/%22%3E%3Cb%3E-00"])
def test_an_address_of_no_card_leads_to_typing(site: Site, address: str):
    answer = site.visitor().get(address)

    assert answer.status_code == 404
    assert 'action="/the"' in answer.text
    assert "<b>-" not in answer.text


def test_clear_words_for_a_card_that_was_good_once(site: Site):
    world = site.world
    this, lan, an = class_of_two(world)
    bring_in(world, this, [row("Hồ Chi", "2015-02-02")])
    chi = next(each for each in pupils(world, this) if each.full_name == "Hồ Chi")
    renew(world, this, lan)
    remove(world, this, an.ref)
    world.db.write(
        erase_account,
        account_id=chi.account_id,
        by=chi.ref,
        chance=world.chance,
        now=world.clock(),
    )
    visitor = site.visitor()

    renewed = visitor.get(card_of(this, lan).path)
    left = visitor.get(card_of(this, an).path)
    erased = visitor.get(card_of(this, chi).path)

    assert "đã được thay bằng thẻ mới" in renewed.text
    assert "một lớp mà em không còn học" in left.text
    assert "Tài khoản của thẻ này đã được xóa" in erased.text
    for each in (renewed, left, erased):
        assert each.status_code == 404
        assert "Chào" not in each.text


def test_a_role_is_never_reached_by_a_card(site: Site):
    world = site.world
    this, lan, _ = class_of_two(world)
    world.accounts["lan"] = lan.account_id
    world.grant("lan", Grant(Role.ORGANISER, Scope.EDITION))
    visitor = site.visitor()

    answer = type_card(visitor, *parts(card_of(this, lan)))

    assert answer.status_code == 422
    assert "đăng nhập bằng mật khẩu" in answer.text
    assert "Đỗ" not in answer.text
    assert visitor.get("/tai-khoan").status_code == 303


def miss(site: Site, this: ClassView, times: int) -> None:
    visitor = site.visitor()
    visitor.get("/the")
    for number in range(times):
        visitor.post("/the", {"class_code": this.code, "letters": f"{number:08d}"})


@pytest.mark.slow
def test_forty_children_behind_one_address_who_mistype_twice_all_get_in(site: Site):
    world = site.world
    this = make_class(world)
    given = ["An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khôi", "Lan"]
    names = [f"{family} {name}" for family in ("Lê", "Trần", "Phạm", "Bùi", "Vũ") for name in given]
    bring_in(world, this, [row(name) for name in names])
    children = pupils(world, this)
    assert len(children) == 40

    miss(site, this, 80)

    for child in children:
        assert type_card(site.visitor(), *parts(card_of(this, child))).status_code == 303


@pytest.mark.slow
def test_a_guesser_is_stopped_also_with_a_card_of_their_own(site: Site):
    this, lan, an = class_of_two(site.world)
    own, guesser = parts(card_of(this, lan)), site.visitor()
    guesser.get("/the")
    for number in range(TRIES_OF_CLASS_FROM_BLOCK):
        if number % 40 == 0:
            # A success gives back its own try, not those of the guesses.
            type_card(site.visitor(), *own)
        guesser.post("/the", {"class_code": this.code, "letters": f"{number:08d}"})

    answer = type_card(guesser, *parts(card_of(this, an)))

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) <= WINDOW.total_seconds()
    assert f'value="{this.code}"' in answer.text
    assert "gõ sai quá nhiều lần" in answer.text
    assert guesser.get(card_of(this, an).path).status_code == 429
    # Another class is not locked by it.
    other, chi, _ = class_of_two(site.world, name="5B")
    assert type_card(site.visitor(), *parts(card_of(other, chi))).status_code == 303
    site.world.clock.set(site.world.clock() + WINDOW + timedelta(seconds=1))
    assert type_card(guesser, *parts(card_of(this, an))).status_code == 303


def test_the_sign_in_page_and_the_home_page_show_the_way(site: Site):
    site.world.open_edition()
    visitor = site.visitor()

    assert 'href="/the?tiep=/thi/tuan-1"' in visitor.get("/dang-nhap?tiep=/thi/tuan-1").text
    assert 'href="/the"' in visitor.get("/").text
    assert 'name="tiep" value="/thi/tuan-1"' in visitor.get("/the?tiep=/thi/tuan-1").text


def test_a_new_card_from_the_class_page_ends_the_session_and_offers_the_print(site: Site):
    this, lan, _ = class_of_two(site.world)
    pupil, nam = site.visitor(), site.as_("nam")
    type_card(pupil, *parts(card_of(this, lan)))
    address = f"/lop/{this.ref}/hoc-sinh/{lan.ref}/the-moi"
    nam.get(f"/lop/{this.ref}")

    asked = nam.post(address)
    assert asked.status_code == 200
    assert "Cấp thẻ mới cho Đỗ Ngọc Lan?" in asked.text
    assert pupil.get("/tai-khoan").status_code == 200
    form = {"sure": "1", "serial": "1"}
    done = nam.post(address, form)
    assert done.status_code == 303
    page = nam.get(done.headers["location"]).text
    assert f"/lop/{this.ref}/the.pdf?hs={lan.ref}" in page

    assert pupil.get("/tai-khoan").status_code == 303
    nam.post(address, form)
    assert [each.card_serial for each in pupils(site.world, this)] == [2, 1]
    assert site.visitor().get(card_of(this, lan).path).status_code == 404


def test_only_the_classs_own_teacher_gives_cards(site: Site):
    this, lan, _ = class_of_two(site.world)
    site.world.person("hoa")
    site.world.grant("hoa", Grant(Role.TEACHER, Scope.UNIT, "th-hoa-gao"))
    other = site.as_("hoa")
    address = f"/lop/{this.ref}/hoc-sinh/{lan.ref}/the-moi"
    other.get("/tai-khoan")

    assert other.post(address, {"sure": "1", "serial": "1"}).status_code == 404
    assert other.get(address).status_code == 404
    for paper in ("the.pdf", f"the.pdf?hs={lan.ref}", "phieu-dong-y.pdf"):
        assert other.get(f"/lop/{this.ref}/{paper}").status_code == 404
        assert site.as_("minh").get(f"/lop/{this.ref}/{paper}").status_code == 403
    assert [each.card_serial for each in pupils(site.world, this)] == [1, 1]
