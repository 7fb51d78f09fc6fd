"""The self-assessment: refused while an item has neither score nor reason, then written, checked and downloaded."""

import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.people import Door


def ask(page: Page) -> None:
    page.goto("/reports/new/")
    page.get_by_label("报告种类").select_option(index=0)
    page.get_by_label("地区").select_option("131000")
    page.get_by_label("数据时点").fill("2022-11-24")
    page.get_by_role("button", name="起草", exact=True).click()


def test_a_report_is_refused_until_every_item_has_a_score_or_a_reason(door: Door) -> None:
    page = door.open("office")
    door.watch.expect("status of 409")
    ask(page)
    blockers = page.locator(".sh-blockers li")
    expect(page.get_by_role("alert")).to_contain_text("不能起草")
    assert blockers.count() > 0
    expect(page.get_by_label("数据时点")).to_have_value("2022-11-24")

    page.goto("/campaign/")
    page.locator("summary", has_text="采用系统列明的原因").click()
    page.get_by_role("button", name="确认采用系统列明的原因").click()
    ask(page)

    expect(page.get_by_text("草稿已写成，请核对文中数据。")).to_be_visible()
    expect(page.locator(".sh-document")).to_contain_text("64,098家")
    with page.expect_download() as waited:
        page.get_by_role("link", name="下载文稿").click()
    with zipfile.ZipFile(Path(waited.value.path())) as archive:
        assert "64,098" in archive.read("word/document.xml").decode()
    page.get_by_role("link", name="文中数据").click()
    expect(page.locator("table[data-rows]")).to_contain_text("在册食品生产经营单位")
