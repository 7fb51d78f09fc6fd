"""Checks on a phone by ordinary pages: an open one to what is put right on the spot, a covert one to its release."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from shian.config import verbs
from tests.browser.people import Door, follow
from tests.browser.phone import TERMS, database_of
from tests.browser.reading import drawn
from tests.browser.site import Site
from tests.browser.test_offline_visits import sign

OPEN, HIDDEN = "明查试验小吃店", "暗访试验小吃店"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A small picture."""
    path = tmp_path / "现场.png"
    Image.new("RGB", (64, 48), "green").save(path)
    return path


def assigned(site: Site, mode: str, name: str, second: str | None) -> int:
    """A visit in 固安 by the city's office; its number."""
    from shian.domains.fieldchecks.actions.visits import Errand, Team, assign_visits
    from shian.domains.fieldchecks.tests.factories import make_point
    from shian.engine.forms.actions import load_packed_forms
    from shian.kernel.accounts.models import User
    from shian.registers.people.models import Organisation

    with database_of(site):
        load_packed_forms(by="test", at=verbs.now())
        users = {each.username: each for each in User.objects.filter(username__in=["office", "agriculture"])}
        issuer = Organisation.objects.filter(posts__person__user__username="office").first()
        point = make_point(f"PAGES-{mode}", mode, name=name)
        team = Team(issuer, users["office"], users.get(second or ""))
        errand = Errand([(point, "open_M19" if mode == "overt" else "covert_A03")])
        return int(assign_visits(errand=errand, team=team, by="test", at=verbs.now())[0].pk)


def answer_all(page: Page, photo: Path, *, failed: int) -> None:
    """Every item passes but one, which gets its photo and words."""
    drawn(page)
    items = page.locator(".sh-item:has(.sh-choices)")
    for number in range(items.count()):
        items.nth(number).locator(f"input[value={'fail' if number == failed else 'pass'}]").check()
    lost = items.nth(failed)
    expect(lost.locator(".is-photo")).to_be_visible()
    lost.locator(".is-photo input").set_input_files(photo)
    lost.locator(".is-note textarea").fill("现场不符合")


def submit(page: Page) -> None:
    follow(page.locator("form.sh-form button[type=submit]"))


def test_an_open_check_is_refused_until_it_is_whole_then_signed_and_put_right(
    door: Door, site: Site, photo: Path
) -> None:
    pk = assigned(site, "overt", OPEN, "agriculture")
    page = door.open("office", "/fieldchecks/visits/", **TERMS)
    follow(page.get_by_role("link", name=OPEN).first)
    follow(page.get_by_role("link", name="到达现场"))
    drawn(page)
    page.get_by_role("button", name="取当前位置").click()
    expect(page.locator("[name=lat]")).to_have_value("39.520000")
    submit(page)
    follow(page.get_by_role("link", name="打开打分表"))

    submit(page)
    expect(page.locator(".sh-errors")).to_contain_text("经营者签名：必须填写")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    answer_all(page, photo, failed=6)
    for canvas in page.locator(".sh-signature canvas").all():
        sign(page, canvas)
    submit(page)

    expect(page.locator("h1")).to_contain_text("已归档")
    follow(page.get_by_role("link", name="立行立改").first)
    page.locator("[name=after]").set_input_files(photo)
    page.locator("[name=note]").fill("当场改正")
    submit(page)
    expect(page.locator("#problems")).to_contain_text("已销号")
    expect(page).to_have_url(f"{site.url}/fieldchecks/visits/{pk}/")


def test_a_covert_check_is_found_by_nobody_it_concerns_until_it_is_released(
    door: Door, site: Site, photo: Path
) -> None:
    pk = assigned(site, "covert", HIDDEN, None)

    def county(path: str) -> Page:
        return door.open("county", path)

    door.watch.expect("404")
    page = door.open("office", f"/fieldchecks/visits/{pk}/sheet/", **TERMS)
    drawn(page)
    page.get_by_role("button", name="取当前位置").click()
    answer_all(page, photo, failed=1)
    submit(page)
    expect(page.locator("h1")).to_contain_text("已打分")

    expect(county("/fieldchecks/visits/?standing=").locator("main")).not_to_contain_text(HIDDEN)
    expect(county(f"/fieldchecks/visits/{pk}/").locator("h1")).not_to_contain_text(HIDDEN)
    page.locator("summary", has_text="公布").click()
    page.get_by_role("button", name="确认公布").click()
    expect(page.locator("h1")).to_contain_text("已公布")
    expect(county("/fieldchecks/visits/?standing=").locator("main")).to_contain_text(HIDDEN)
    expect(county(f"/fieldchecks/visits/{pk}/").locator("#problems")).to_contain_text("待处理")
