"""The office issues the catalogues, a department signs from its work list, the office sees it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.people import Door, follow

KIND = "市直部门分解目录"


def confirmed(page: Page, verb: str) -> None:
    """An official act names its consequence and asks once."""
    page.locator("summary", has_text=verb).click()
    page.get_by_role("button", name=f"确认{verb}").click()


def test_a_department_signs_from_my_work_for_what_the_office_issued(door: Door) -> None:
    office = door.open("office", "/campaign/catalogues/draft/")
    office.get_by_role("button", name="草拟", exact=True).click()
    follow(office.get_by_role("row", name=KIND).filter(has_text="草拟").get_by_role("link").first)
    address = office.url.split("?")[0]
    department = door.open("agriculture", "/campaign/catalogues/")
    expect(department.get_by_role("row", name=KIND).filter(has_text="草拟")).to_have_count(0)

    confirmed(office, "下发")
    expect(office.get_by_text("目录已下发。")).to_be_visible()
    department.goto("/")
    note = department.locator(".sh-callout", has_text=f"待签收：{KIND}")
    expect(note).to_be_visible()
    note.get_by_role("button", name="签收").click()

    expect(department.get_by_text("已签收", exact=False).first).to_be_visible()
    expect(department).to_have_url(re.compile(rf"{re.escape(address)}(\?|$)"))
    expect(department.locator("td[data-label='签收']", has_text="未签收")).to_have_count(0)
    expect(department.get_by_role("button", name="签收")).to_have_count(0)
    department.goto("/")
    expect(department.locator(".sh-callout", has_text="待签收")).to_have_count(0)
    office.goto(f"{address}?audience=AGRI")
    expect(office.locator("td[data-label='签收']", has_text="已签收").first).to_be_visible()
    expect(office.locator("td[data-label='签收']", has_text="未签收")).to_have_count(0)
    office.goto(address)
    expect(office.locator("td[data-label='签收']", has_text="未签收").first).to_be_visible()
