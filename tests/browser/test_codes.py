"""A code at the door: the citizen reads what is public, the inspector gets the file, a revoked code says so."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import PHONE, Door

OPERATOR = "/operators/131081-00001/"
NAME = "廊坊鲜果农产品批发市场有限公司"


@pytest.fixture
def address(door: Door) -> str:
    """The path in the operator's code, which the office issues if need be."""
    page = door.open("office", f"{OPERATOR}?tab=code")
    if page.get_by_role("button", name="生成二维码").count():
        page.get_by_role("button", name="生成二维码").click()
    return path_of(page)


def path_of(page: Page) -> str:
    expect(page.locator(".sh-codecard-picture svg")).to_be_visible()
    href = page.get_by_role("link", name="打开", exact=True).get_attribute("href") or ""
    found = re.search(r"/c/[\w-]{102}$", href)
    assert found, href
    return found.group()


def test_citizen_reads_the_public_part_on_a_phone_in_either_language(door: Door, address: str) -> None:
    page = door.open("", address, viewport=PHONE)

    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(page.locator("main")).to_contain_text("12315")
    text = page.locator("body").inner_text()
    assert not re.search(r"联系电话|法定代表人|\b1[3-9]\d{9}\b|131081-00001|经纬度", text)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)


def test_staff_of_the_area_get_the_file(door: Door, address: str) -> None:
    page = door.open("office", address, viewport=PHONE)

    expect(page).to_have_url(re.compile(rf"{OPERATOR}$"))
    expect(page.locator("main")).to_contain_text("扫码打开")
    expect(page.locator(".sh-timeline").first).to_be_attached()


def test_replaced_code_says_that_it_is_void(door: Door, address: str) -> None:
    office = door.open("office", f"{OPERATOR}?tab=code")
    office.get_by_role("link", name="换发").click()
    office.get_by_label("理由").fill("标签破损")
    office.get_by_role("button", name="换发二维码").click()
    new = path_of(office)

    old = door.open("", address)
    expect(old.get_by_role("heading", level=1)).to_have_text("二维码已作废")
    assert NAME not in old.locator("body").inner_text()
    old.goto(new)
    expect(old.get_by_role("heading", level=1)).to_have_text(NAME)


def test_labels_fill_sheets_of_twelve(door: Door, address: str) -> None:
    page = door.open("office", "/operators/codes/sheets/?q=鲜果")
    page.locator(".sh-parts a").first.click()
    expect(page.locator(".sh-sheet .sh-label").first).to_be_visible()
    sheets = page.locator(".sh-sheet")

    assert all(sheet.locator(".sh-label").count() <= 12 for sheet in sheets.all())
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == sheets.count()


def test_forged_address_is_not_found(door: Door, address: str) -> None:
    door.watch.expect("404")
    changed = address[:-2] + ("AA" if address[-2:] != "AA" else "BA")

    page = door.open("", changed)

    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到这一页")
