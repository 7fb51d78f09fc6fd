"""Getting in, and staying out."""

from playwright.sync_api import expect

from tests.browser.people import Door, follow, sign_in
from tests.browser.site import Site

PASSWORD = "一把足够长的新钥匙-2026"


def test_an_officer_signs_in_and_lands_where_the_link_led(door: Door, site: Site) -> None:
    page = door.open(path="/campaign/vetoes/")
    expect(page).to_have_url(f"{site.url}/account/login/?next=/campaign/vetoes/")

    sign_in(page, "office", site.passwords["office"])

    expect(page.get_by_role("heading", level=1)).to_contain_text("否决项")


def test_a_wrong_password_is_told_and_the_name_stays(door: Door) -> None:
    page = door.open(path="/account/login/")

    sign_in(page, "office", "wrong password")

    expect(page.get_by_role("alert")).to_contain_text("不正确")
    expect(page.get_by_label("用户名")).to_have_value("office")


def test_an_imported_person_opens_the_account_with_the_activation_code(door: Door, site: Site) -> None:
    page = door.open(path="/account/login/")
    follow(page.get_by_role("link", name="首次使用"))

    def fill(code: str) -> None:
        page.get_by_label("用户名").fill(site.accounts.newcomer)
        page.get_by_label("激活码").fill(code)
        page.get_by_label("新密码", exact=True).fill(PASSWORD)
        page.get_by_label("再次输入新密码").fill(PASSWORD)
        page.get_by_role("button", name="激活").click()

    fill("WRONG-CODES")
    expect(page.get_by_role("alert")).to_contain_text("激活码不正确")
    fill(site.accounts.activation_code)
    expect(page.get_by_text("账号已激活")).to_be_visible()
    sign_in(page, site.accounts.newcomer, PASSWORD)

    expect(page.get_by_role("heading", level=1)).to_contain_text("我的工作")


def test_signing_out_closes_the_pages(door: Door, site: Site) -> None:
    page = door.open(path="/account/login/")
    sign_in(page, "station", site.passwords["station"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("我的工作")

    page.locator("summary.sh-user").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("用户名")).to_be_visible()
    page.goto("/operators/")

    expect(page).to_have_url(f"{site.url}/account/login/?next=/operators/")
