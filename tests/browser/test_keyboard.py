"""Everything by keyboard: the way past the navigation, a focus that is always seen, dialogs that keep and return it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.people import PHONE, Door

STOPS = 40
# What the focused element shows of itself; nothing when it is seen.
UNSEEN = """() => {
  const element = document.activeElement
  if (element === document.body) return ''
  const style = getComputedStyle(element), box = element.getBoundingClientRect()
  const isMarked = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none'
  const isThere = box.width > 0 && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight
  return isMarked && isThere ? '' : element.outerHTML.slice(0, 160)
}"""
INSIDE = "(dialog) => document.activeElement === document.body || dialog.contains(document.activeElement)"


def test_the_first_stop_leads_past_the_navigation(door: Door) -> None:
    page = door.open("office", "/operators/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Tab")
    expect(page.locator(".sh-skip")).to_be_focused()
    expect(page.locator(".sh-skip")).to_be_in_viewport(ratio=1)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)
    assert not [each for each in asked if "/operators/" in each]


def test_the_focus_is_seen_at_every_stop(door: Door) -> None:
    page = door.open("office")
    for path in ("/operators/", "/operators/131081-00001/", "/imports/new/"):
        page.goto(path)
        unseen = []
        for _stop in range(STOPS):
            page.keyboard.press("Tab")
            unseen.append(page.evaluate(UNSEEN))
        assert [each for each in unseen if each] == []


def test_the_dialog_of_keys_keeps_the_focus_and_gives_it_back(door: Door) -> None:
    page = door.open("office")
    link = page.locator(".sh-sidebar a").nth(2)
    link.focus()
    page.keyboard.press("?")

    stays_inside(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(link).to_be_focused()


def test_the_question_before_an_act_keeps_the_focus_and_gives_it_back(door: Door) -> None:
    page = door.open("admin", "/ui/list/")
    page.locator("[data-tick]").first.check()
    button = page.get_by_role("button", name="注销")
    button.press("Enter")

    expect(page.get_by_role("dialog")).to_contain_text("注销后不再计入统计")
    stays_inside(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()
    expect(page).to_have_url(re.compile("/ui/list/$"))


def test_escape_closes_a_menu_and_the_sidebar_and_returns_to_what_opened_them(door: Door) -> None:
    page = door.open("office", "/operators/")
    summary = page.locator("summary", has_text="列")
    summary.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(page.locator("details[data-menu][open]")).to_have_count(0)

    page.set_viewport_size(PHONE)
    opener = page.get_by_role("button", name="菜单")
    opener.press("Enter")
    expect(page.locator(".sh-sidebar a").first).to_be_focused()
    expect(page.locator("main")).to_have_attribute("inert", "")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(page.locator("main[inert]")).to_have_count(0)


def stays_inside(page: Page) -> None:
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for _stop in range(6):
        page.keyboard.press("Tab")
        assert dialog.evaluate(INSIDE)
