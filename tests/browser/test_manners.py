"""Keys, colours, language, and what stays when scripts or the server are gone."""

import re

from playwright.sync_api import expect

from tests.browser.people import Door, Watch, follow, sign_in
from tests.browser.site import Site


def test_the_keyboard_searches_goes_and_moves(door: Door) -> None:
    page = door.open("office")
    page.keyboard.press("/")
    expect(page.locator("#global-search")).to_be_focused()
    page.locator("#global-search").blur()
    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_contain_text("经营主体")
    page.wait_for_load_state()  # from then on the page hears keys

    for key in "jjk":
        page.keyboard.press(key)
    expect(page.locator("table[data-rows] tbody tr").first).to_have_class(re.compile("is-current"))
    name = page.locator("tr.is-current > :first-child").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_the_keys_are_listed_on_a_question_mark(door: Door) -> None:
    page = door.open("office")
    page.keyboard.press("?")

    expect(page.get_by_role("dialog")).to_contain_text("我的工作")


def test_dark_is_kept_from_page_to_page(door: Door) -> None:
    page = door.open("office")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="切换深浅色").click()
    page.goto("/operators/")

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_the_language_is_switched_and_switched_back(door: Door) -> None:
    page = door.open("office", "/campaign/?section=1")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile("section=1"))

    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")


def test_without_scripts_filters_lists_and_forms_still_work(door: Door) -> None:
    page = door.open(path="/account/login/?next=/campaign/", java_script_enabled=False)
    sign_in(page, "office", door.site.passwords["office"])
    page.locator("#filter-section").select_option("2")
    follow(page.get_by_role("button", name="筛选", exact=True))
    expect(page).to_have_url(re.compile("section=2"))
    assert all(row.startswith("2.") for row in page.locator("tbody tr > :first-child").all_inner_texts())

    page.goto("/operators/?kind=农贸市场")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.goto("/imports/new/?importer=ledger.budgets")
    page.locator("#id_expected_sums").fill("看不懂的合计")
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("alert")).to_contain_text("看不懂的合计")
    page.locator("summary.sh-user").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("用户名")).to_be_visible()


def test_what_was_typed_survives_a_server_that_dies(door: Door, site: Site, watch: Watch) -> None:
    page = door.open("reviewer", "/campaign/items/1.1.4/verdict/?area=1310&as_of=2022-11-24")
    page.get_by_label("理由").fill("写到一半，服务器没有了。")
    watch.expect("ERR_CONNECTION|chrome-error|net::")
    page.route("**/verdict/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="保存结论").click()
    site.restart()

    page.goto("/campaign/items/1.1.4/verdict/?area=1310&as_of=2022-11-24")
    page.get_by_role("button", name="恢复").click()
    expect(page.get_by_label("理由")).to_have_value("写到一半，服务器没有了。")
    page.unroute("**/verdict/**")
    page.get_by_role("radio", name="达标", exact=True).check()
    page.get_by_role("button", name="保存结论").click()
    expect(page.get_by_text("已保存。")).to_be_visible()


def test_nobody_is_offered_what_another_typed(door: Door) -> None:
    address = "/campaign/items/1.1.4/verdict/?area=1310&as_of=2022-11-24"
    page = door.open("reviewer", address)
    page.get_by_label("理由").fill("只给自己看的半句话。")
    for name, offers in (("office", 0), ("reviewer", 1)):
        page.context.clear_cookies()
        page.goto("/account/login/")
        sign_in(page, name, door.site.passwords[name])
        page.goto(address)
        expect(page.get_by_label("理由")).to_be_visible()
        expect(page.get_by_role("button", name="恢复")).to_have_count(offers)
