"""Whose ward was divided says where they live now, typing without tones and by keyboard."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from contest import paths
from contest.people.models import Account
from contest.units.files import load_units
from tests.browser import phone
from tests.journeys.steps import assert_fits, button
from tests.site import Site

pytestmark = pytest.mark.journey

CUA_NAM = "00073@2020-03-01"


def test_the_new_home_is_found_by_a_few_letters(site: Site, browser: Browser) -> None:
    load_units(site.world.db, paths.UNITS)
    token = site.world.session("minh")
    site.world.db.write(
        lambda tx: tx.execute(
            sa.update(Account)
            .where(Account.id == site.world.accounts["minh"])
            .values(ward_id=CUA_NAM, ward_other="")
        )
    )
    with phone(browser, site.running.url) as (context, _watch):
        context.add_cookies([{"name": "sc_session", "value": token, "url": site.running.url}])
        page = context.new_page()
        page.goto("/noi-o")
        expect(page.get_by_text("cũ đã chia ra")).to_be_visible()
        expect(page.locator("#f-ward")).to_be_hidden()

        page.get_by_label("Nơi khác").check()
        finder = page.get_by_role("combobox", name="Gõ để tìm, không cần dấu")
        finder.fill("hoa lac")
        offered = page.get_by_role("listbox").get_by_role("option")
        expect(offered).to_have_text(["Xã Hoà Lạc"])
        assert_fits(page)
        finder.fill("quoc tu giam")
        finder.press("ArrowDown")
        finder.press("Enter")
        expect(page.locator("#f-ward")).to_be_focused()
        expect(page.locator("#f-ward option:checked")).to_have_text(
            "Phường Văn Miếu - Quốc Tử Giám"
        )

        button(page, "Lưu nơi ở").click()
        expect(page.get_by_text("Đã lưu nơi ở mới.")).to_be_visible()
        expect(page.get_by_text("Phường Văn Miếu - Quốc Tử Giám")).to_be_visible()
