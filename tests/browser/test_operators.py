"""64 thousand operators: found by two characters or initials, paged from either end."""

import re

from playwright.sync_api import Page, expect

from tests.browser.people import Door


def search(page: Page, text: str) -> list[str]:
    whole = page.locator("h1 .sh-heading-count").inner_text()
    page.locator("[data-list-search]").fill(text)
    expect(page).to_have_url(re.compile("q="))
    expect(page.locator("h1 .sh-heading-count")).not_to_have_text(whole)  # heading and rows change at once
    return page.locator("table[data-rows] tbody td[data-label='名称'] a").all_inner_texts()


def test_two_characters_find_names_anywhere(door: Door) -> None:
    found = search(door.open("office", "/operators/"), "鲜果")

    assert found
    assert all("鲜果" in name for name in found)


def test_pinyin_initials_find_names(door: Door) -> None:
    found = search(door.open("office", "/operators/"), "lfxg")

    assert any("廊坊鲜果" in name for name in found)


def test_the_last_page_is_one_click_away_and_leads_back(door: Door) -> None:
    page = door.open("office", "/operators/")
    total = page.locator("h1 .sh-heading-count").inner_text()
    page.get_by_role("link", name="末页").click()
    expect(page.locator(".sh-pager .num")).to_contain_text(f"–{total} / {total}")
    expect(page.get_by_text("下一页")).to_have_attribute("aria-disabled", "true")

    page.get_by_role("link", name="上一页").click()
    expect(page.locator("table[data-rows] tbody tr")).to_have_count(50)
    page.get_by_role("link", name="首页").click()
    expect(page.locator(".sh-pager .num")).to_contain_text("1–50")


def test_the_search_of_the_frame_opens_a_whole_life_on_one_page(door: Door) -> None:
    page = door.open("office")
    page.locator("#global-search").fill("131081-00001")
    page.keyboard.press("Enter")
    page.wait_for_url("**/*131081-00001*")
    page.locator("table[data-rows] tbody tr a").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("廊坊鲜果农产品批发市场有限公司")
    expect(page.locator(".sh-timeline")).to_be_visible()
    expect(page.locator("main")).to_contain_text("131081-00001")
