"""Goods that may not go on: imported food without a release, a certificate at the gate, a chain that does not close."""

import re

import pytest
from playwright.sync_api import expect

from shian.config import verbs
from tests.browser.people import PHONE, Door
from tests.browser.phone import database_of
from tests.browser.site import LANGFANG, Site
from tests.browser.test_trade import no_wider_than_the_screen

HOSTS = {"gate": "1310-NP1", "warehouse": "1310-JG1"}


@pytest.fixture(scope="module", autouse=True)
def hosts(site: Site) -> None:
    """The accounts of whoever runs the largest market and the central warehouse, as the demo has them."""
    import yaml
    from django.test import override_settings

    from tests.browser.site import ARGON2

    told = yaml.safe_load(LANGFANG.read_text(encoding="utf-8"))["demo_hosts"]
    with database_of(site), override_settings(PASSWORD_HASHERS=ARGON2):
        for each in verbs.demo_hosts(told):
            site.passwords[each["username"]] = each["password"]


def home_of(site: Site, place: str) -> str:
    """The page on which whoever runs a market or a warehouse traces."""
    from shian.domains.tracing.queries.coldstores import host_of

    with database_of(site):
        return f"/own/{host_of(place)}/trade/"


def test_imported_food_leaves_the_warehouse_after_its_release_only(door: Door, site: Site) -> None:
    own = door.open("warehouse", home_of(site, HOSTS["warehouse"]), viewport=PHONE)
    no_wider_than_the_screen(own)
    coming = own.locator("li a[href*='?code=']").first
    code = (coming.get_attribute("href") or "").partition("=")[2]
    coming.click()
    own.get_by_label("库位").fill("B-07")
    own.get_by_role("button", name="登记到仓").click()
    expect(own.get_by_text("已登记到仓，等待查验")).to_be_visible()
    expect(own.locator("main")).to_contain_text(f"{code} · B-07")

    staff = door.open("office", f"/tracing/cold/batches/{code}/check/")
    staff.get_by_label("暂扣", exact=True).check()
    staff.get_by_label("暂扣原因").fill("单证不符")
    staff.get_by_role("button", name="确定").click()
    expect(staff.locator("h1")).to_contain_text("暂扣")
    retailer = door.open("operator", "/own/131022-00131/cold/verify/", viewport=PHONE)
    retailer.get_by_label("追溯码").fill(code)
    retailer.get_by_role("button", name="查验").click()
    expect(retailer.get_by_role("alert")).to_contain_text("没有放行：暂扣")
    staff.get_by_role("link", name="查验", exact=True).click()
    staff.get_by_label("放行：").check()
    staff.get_by_role("button", name="确定").click()
    expect(staff.locator("main")).to_contain_text("放行编号")
    retailer.get_by_label("追溯码").fill(code)
    retailer.get_by_role("button", name="查验").click()
    expect(retailer.get_by_role("status")).to_contain_text("可以销售")


def test_the_gate_reads_a_label_and_lets_its_goods_in(door: Door, site: Site) -> None:
    from django.db.models import F

    from shian.domains.tracing.models import Certificate

    with database_of(site):
        rows = Certificate.objects.filter(quantity__gt=F("used") + 30, revoked_at=None)
        found = rows.select_related("variety").order_by("pk")[0]
        token, variety = found.token, found.variety.name
    stranger = door.open("", f"/tracing/scan/{token}/", viewport=PHONE)
    expect(stranger.locator("main")).to_contain_text("有效")
    page = door.open("gate", home_of(site, HOSTS["gate"]), viewport=PHONE)
    page.get_by_role("link", name="登记入场").click()
    page.get_by_label("合格证编号").fill(stranger.url)
    page.get_by_role("button", name="核验").click()
    expect(page.get_by_role("status")).to_contain_text("有效")
    expect(page.get_by_label("品种")).to_have_value(variety)
    no_wider_than_the_screen(page)
    page.get_by_label("商户").select_option(index=1)
    page.get_by_label("数量（千克）").fill("30")
    page.get_by_role("button", name="登记入场").click()
    expect(page.locator("main")).to_contain_text(f"{variety} · 30 千克")


def test_a_chain_that_does_not_close_opens_its_records_until_it_is_handled(door: Door, site: Site) -> None:
    from shian.domains.tracing.actions.anomalies import find_anomalies

    with database_of(site):
        find_anomalies(by="test", at=verbs.now())
    page = door.open("office", "/tracing/anomalies/?check=overdrawn")
    page.locator("table tbody a").first.click()
    expect(page.locator("main")).to_contain_text("账面结存")
    page.locator("#movements tbody a").first.click()
    expect(page).to_have_url(re.compile("/tracing/out-orders/"))
    page.go_back()
    page.get_by_role("link", name="核查", exact=True).click()
    page.get_by_label("已说明").check()
    page.get_by_label("核查情况").fill("录入时多写一位，商户已更正台账")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已记录核查结果")).to_be_visible()
    page.goto("/tracing/anomalies/?check=overdrawn")
    expect(page.locator("main")).to_contain_text("没有符合条件的异常")
