"""The self-assessment: refused while an item has neither score nor reason, then taken the whole way to publication."""

import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.people import DESKTOP, PHONE, Door, follow
from tests.browser.reading import findings
from tests.browser.sheets import csv_bytes

REASON = "以自评时点对外报送的数据为准"


def ask(page: Page) -> None:
    page.goto("/reports/new/")
    page.get_by_label("报告种类").select_option(index=0)
    page.get_by_label("地区").select_option("131000")
    page.get_by_label("数据时点").fill("2022-11-24")
    follow(page.get_by_role("button", name="起草", exact=True))


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
    follow(page.get_by_role("button", name="确认采用系统列明的原因"))
    ask(page)

    expect(page.get_by_text("草稿已写成，请核对文中数据。")).to_be_visible()
    expect(page.locator(".sh-document")).to_contain_text("64,098家")
    assert findings(page, PHONE) == []
    with page.expect_download() as waited:
        page.get_by_role("link", name="下载文稿").click()
    with zipfile.ZipFile(Path(waited.value.path())) as archive:
        assert "64,098" in archive.read("word/document.xml").decode()
    page.get_by_role("link", name="文中数据").click()
    expect(page.locator("table[data-rows]")).to_contain_text("在册食品生产经营单位")


def press(page: Page, verb: str) -> None:
    """A step of the document: the button names its consequence and asks once, inside the window at any width."""
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        page.locator("summary", has_text=verb).click()
        expect(page.get_by_role("button", name=f"确认{verb}")).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        if size is PHONE:
            page.get_by_role("button", name="不，返回").locator("visible=true").click()
    follow(page.get_by_role("button", name=f"确认{verb}"))


def import_budget(page: Page, line: str, amount: int) -> None:
    page.goto("/imports/new/?importer=ledger.budgets")
    content = csv_bytes([["131000", 2022, "日常监管", line, amount, None, "2022-03-01"]])
    page.locator("input[type=file]").set_input_files({"name": f"{line}.csv", "mimeType": "text/csv", "buffer": content})
    follow(page.get_by_role("button", name="上传并检查"))
    page.locator("summary", has_text="接收").click()
    page.get_by_role("button", name="确认接收").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已接收")


def test_a_draft_is_checked_accepted_signed_and_published(door: Door) -> None:
    page = door.open("office", "/campaign/")
    if page.locator("summary", has_text="采用系统列明的原因").count():
        page.locator("summary", has_text="采用系统列明的原因").click()
        follow(page.get_by_role("button", name="确认采用系统列明的原因"))
    ask(page)
    draft = page.url
    import_budget(page, "写稿后补报", 100)

    page.goto(draft)
    press(page, "核对数据")
    changes = page.locator("#changes")
    expect(changes).to_contain_text("食品安全经费预算")
    changes.get_by_label("采用写稿值的理由").fill(REASON)
    follow(changes.get_by_role("button", name="采用写稿时的值"))
    expect(page.get_by_text("理由已记入附件")).to_be_visible()
    expect(changes).to_have_count(0)

    press(page, "核对数据")
    expect(page.get_by_text("仍按已写明的理由采用写稿值，可以签发。")).to_be_visible()
    expect(changes).to_have_count(0)
    import_budget(page, "写稿后再报", 50)
    page.goto(draft)
    press(page, "核对数据")
    expect(changes).to_contain_text("食品安全经费预算")
    changes.get_by_label("采用写稿值的理由").fill(REASON)
    follow(changes.get_by_role("button", name="采用写稿时的值"))

    press(page, "签发")
    expect(page.get_by_text("已签发，可以公布。")).to_be_visible()
    press(page, "公布")
    expect(page.get_by_text("已公布，文中数据已冻结。")).to_be_visible()
    expect(page.locator("summary", has_text="重写")).to_have_count(0)
    with page.expect_download() as waited:
        page.get_by_role("link", name="下载文稿").click()
    with zipfile.ZipFile(Path(waited.value.path())) as archive:
        text = archive.read("word/document.xml").decode()
    assert "6,922.6万元" in text
    assert f"采用写稿值：{REASON}" in text
