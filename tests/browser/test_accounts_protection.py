"""Passkeys, authenticator apps, lock-out, sessions and the administration of accounts, as people see them."""

import base64
import hmac
import re
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from shian.config.home import PROJECT
from tests.browser.people import PHONE, Door, sign_in
from tests.browser.site import Site

AXE = (PROJECT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
REAUTHENTICATION = "确认是本人"


@contextmanager
def authenticator_of(page: Page) -> Iterator[Any]:
    """A virtual authenticator that verifies its user, as a laptop with a fingerprint reader does."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield made
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})


def by_name(site: Site) -> str:
    """The site under a name: passkeys belong to names, not to numbers."""
    return site.url.replace("127.0.0.1", "localhost")


def code_of(secret: str) -> str:
    """What an authenticator app shows (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def enter(page: Page, site: Site, account: str, base: str = "") -> None:
    page.goto(f"{base or site.url}/account/login/")
    sign_in(page, account, site.passwords[account])


def confirm(page: Page, site: Site, account: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(REAUTHENTICATION)
    page.get_by_label("密码").fill(site.passwords[account])
    page.get_by_role("button", name="确认").click()


def give_up(page: Page, site: Site, account: str) -> None:
    """Remove the authenticator app again, so that the account is for the next test as it was."""
    page.goto("/account/factors/totp/deactivate/")
    if page.get_by_role("heading", level=1).inner_text() == REAUTHENTICATION:
        confirm(page, site, account)
    page.get_by_role("button", name="停用").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("停用验证器")


def sign_out(page: Page) -> None:
    page.locator("summary.sh-user").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")


def test_a_passkey_is_added_and_opens_the_account_alone(door: Door, site: Site) -> None:
    page, base = door.open(path=""), by_name(site)
    with authenticator_of(page):
        enter(page, site, "county", base)
        page.goto(f"{base}/account/factors/webauthn/add/")
        confirm(page, site, "county")
        page.get_by_label("名称").fill("办公室电脑")
        page.get_by_role("button", name="添加").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("恢复码")
        expect(page.locator(".sh-codes li")).to_have_count(10)
        page.goto(f"{base}/account/factors/webauthn/")
        expect(page.get_by_role("link", name="办公室电脑")).to_be_visible()

        sign_out(page)
        page.get_by_role("button", name="用通行密钥登录").click()

        expect(page.get_by_role("heading", level=1)).to_contain_text("我的工作")
        page.goto(f"{base}/account/factors/webauthn/")
        page.get_by_role("link", name="移除").click()
        confirm(page, site, "county")
        page.get_by_role("button", name="移除").click()
        expect(page.get_by_text("还没有通行密钥")).to_be_visible()


def test_who_breaks_off_a_passkey_is_told(door: Door, site: Site) -> None:
    page = door.open(path="")
    page.goto(f"{by_name(site)}/account/login/")
    with authenticator_of(page):
        page.get_by_role("button", name="用通行密钥登录").click()

        expect(page.get_by_text("没有完成通行密钥的验证")).to_be_visible()


def test_an_authenticator_app_asks_for_its_code_at_the_next_sign_in(door: Door, site: Site) -> None:
    page = door.open(path="")
    enter(page, site, "agriculture")
    page.goto("/account/factors/totp/activate/")
    confirm(page, site, "agriculture")
    secret = page.locator("code[data-copy]").get_attribute("data-copy") or ""
    page.get_by_label("验证器显示的 6 位验证码").fill(code_of(secret))
    page.get_by_role("button", name="启用").click()
    expect(page.locator(".sh-codes code")).to_have_count(10)
    codes = page.locator(".sh-codes code").all_inner_texts()
    sign_out(page)

    enter(page, site, "agriculture")
    expect(page.get_by_role("heading", level=1)).to_have_text("第二因素")
    page.get_by_label("验证码或恢复码").fill("000000")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("验证码不正确")
    page.get_by_label("验证码或恢复码").fill(codes[0])
    page.get_by_role("button", name="登录", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("我的工作")
    give_up(page, site, "agriculture")


def test_five_wrong_passwords_lock_and_the_security_administrator_unlocks(door: Door, site: Site) -> None:
    page = door.open(path="/account/login/")
    door.watch.expect(r"status of 429")
    for _ in range(5):
        enter_wrong(page)
    expect(page.get_by_role("alert")).to_contain_text("15 分钟后再试")

    security = door.open("security", "/account/users/station/")
    security.locator("summary", has_text="解锁").click()
    security.get_by_role("button", name="确认解锁").click()
    expect(security.get_by_text("已解锁")).to_be_visible()

    enter(page, site, "station")
    expect(page.get_by_role("heading", level=1)).to_contain_text("我的工作")


def enter_wrong(page: Page) -> None:
    page.goto("/account/login/")
    sign_in(page, "station", "wrong")


def test_a_session_on_a_phone_is_ended_from_the_desk(door: Door, site: Site) -> None:
    phone = door.open(path="", viewport=PHONE)
    enter(phone, site, "station")
    desk = door.open(path="")
    enter(desk, site, "station")
    desk.goto("/account/")

    desk.get_by_role("button", name="结束其他全部会话").click()
    expect(desk.get_by_text(re.compile("已结束其他"))).to_be_visible()
    phone.goto("/operators/")

    expect(phone).to_have_url(re.compile("/account/login/"))


def test_an_account_is_made_invited_and_closed_by_the_security_administrator(door: Door, site: Site) -> None:
    page = door.open(path="")
    enter(page, site, "security")
    page.goto("/account/users/create/")
    page.get_by_label("用户名").fill("assessor.one")
    page.get_by_label("姓名").fill("评估一组")
    page.get_by_label("角色").select_option("assessor")
    page.get_by_label("停用日期").fill("2099-12-31")
    page.get_by_role("button", name="建立账号").click()
    confirm(page, site, "security")
    expect(page.get_by_text(re.compile("激活码：[2-9A-Z]{4}-"))).to_be_visible()

    page.get_by_role("link", name="停用", exact=True).click()
    page.get_by_label("理由").fill("评估已经结束")
    page.get_by_role("button", name="确认").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("已停用")
    expect(page.get_by_text("评估已经结束")).to_be_visible()


def test_language_and_look_are_kept_with_the_account(door: Door, site: Site) -> None:
    page = door.open(path="")
    enter(page, site, "reviewer")
    page.goto("/account/")
    page.get_by_label("外观").select_option("dark")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")

    other = door.open(path="")
    enter(other, site, "reviewer")
    expect(other.locator("html")).to_have_attribute("data-bs-theme", "dark")


PAGES = [
    "/account/",
    "/account/password/change/",
    "/account/factors/",
    "/account/users/",
    "/account/users/create/",
    "/account/users/office/",
    "/account/users/office/close/",
    "/people/accounts/open/",
    "/account/reauthenticate/",
]


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_account_pages_fit_and_name_their_fields(door: Door, size: Any) -> None:
    """No sideways scrolling; every control has a name; one first heading; axe finds nothing."""
    page = door.open("security", "", **({"viewport": size} if size else {}))
    for path in PAGES:
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        unnamed = page.evaluate(
            """[...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea')]
                .filter(e => !e.labels?.length && !e.getAttribute('aria-label')).map(e => e.name)"""
        )
        assert unnamed == [], path
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.id))")
        assert found == [], path
