"""A token for a program: made from the reference, shown once, used, revoked, refused from then on."""

from playwright.sync_api import APIResponse, Page, expect

from tests.browser.people import Door, follow
from tests.browser.test_accounts_protection import confirm

NAME = "气象局数据交换"


def asked(page: Page, key: str) -> APIResponse:
    """What a program with the key gets; it carries no session."""
    return page.request.get("/api/v1/areas?limit=3", headers={"Authorization": f"Bearer {key}", "Cookie": ""})


def test_a_token_is_made_used_and_revoked(door: Door) -> None:
    page = door.open("office", "/api/docs")
    expect(page.get_by_role("heading", level=1)).to_contain_text("接口说明")
    page.get_by_placeholder("地址或说明").fill("/areas")
    page.get_by_placeholder("地址或说明").press("Enter")
    page.get_by_role("row").filter(has_text="/areas").first.get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("limit")

    page.goto("/api/tokens/create/")
    page.get_by_label("名称").fill(NAME)
    page.get_by_role("button", name="建立", exact=True).click()
    confirm(page, door.site, "office")  # once more, and what was typed goes on from there
    expect(page.get_by_label("名称")).to_have_value(NAME)  # no scope was chosen: said, and nothing is lost
    page.get_by_label("（read:areas）").check()
    page.get_by_role("button", name="建立", exact=True).click()
    key = page.locator("code[data-copy]").inner_text()

    answer = asked(page, key)
    assert answer.status == 200
    assert len(answer.json()["items"]) == 3
    follow(page.get_by_role("link", name="已保存"))
    assert key not in page.content()

    page.get_by_role("row").filter(has_text=NAME).get_by_role("link", name="撤销").click()
    page.get_by_role("button", name="撤销").click()
    assert asked(page, key).status == 401
    expect(page.get_by_role("row").filter(has_text=NAME)).to_contain_text("已撤销")
