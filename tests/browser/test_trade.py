"""Goods traced from hand to hand: a farm promises on the phone, the market's gate admits or refuses, a stall sells."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.own_records import CODE
from tests.browser.people import PHONE, Door
from tests.browser.phone import database_of
from tests.browser.site import Site

VARIETY = "试验黄瓜"


def trade(door: Door) -> Page:
    """The page of a business that traces, on its phone."""
    return door.open("operator", f"/own/{CODE}/trade/", viewport=PHONE)


def issue(page: Page, kilos: str) -> str:
    """A certificate by three taps and two words; its number."""
    page.get_by_role("link", name="开具合格证").click()
    page.get_by_label("产品名称").fill(VARIETY)
    page.get_by_label("数量（千克）").fill(kilos)
    page.get_by_role("button", name="承诺并开具").click()
    label = page.locator(".sh-board")
    expect(label).to_contain_text(VARIETY)
    expect(label.locator("svg")).to_be_visible()
    return label.locator(".sh-note").inner_text()


def token_of(site: Site, number: str) -> str:
    """What the code on the label holds."""
    from shian.domains.tracing.models import Certificate

    with database_of(site):
        return str(Certificate.objects.get(number=number).token)


def no_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_farm_promises_on_the_phone_and_everybody_reads_the_label(door: Door, site: Site) -> None:
    page = trade(door)
    number = issue(page, "120")
    no_wider_than_the_screen(page)

    page.get_by_role("link", name="拆分").click()
    page.get_by_label("每份数量（千克）").fill("70 50")
    page.get_by_role("button", name="拆分").click()
    expect(page.get_by_role("status").or_(page.get_by_role("alert")).first).to_contain_text("已拆分为 2 张")
    gate = door.open("office", "/tracing/certificates/check/", viewport=PHONE)
    gate.get_by_label("合格证编号").fill(number)
    gate.get_by_role("button", name="核验").click()
    expect(gate.get_by_role("status")).to_contain_text("已用完")
    stranger = door.open("", f"/tracing/scan/{token_of(site, number)}/", viewport=PHONE)
    expect(stranger.get_by_role("heading", level=1)).to_contain_text(VARIETY)
    no_wider_than_the_screen(stranger)


def test_a_promise_is_taken_back_by_whoever_made_it(door: Door) -> None:
    page = trade(door)
    number = issue(page, "30")

    page.get_by_role("link", name="作废").click()
    page.get_by_label("作废原因").fill("数量写错")
    page.get_by_role("button", name="作废").click()
    expect(page.locator(".sh-board")).to_contain_text("已作废 数量写错")
    gate = door.open("office", f"/tracing/certificates/check/?number={number}", viewport=PHONE)
    expect(gate.get_by_role("status")).to_contain_text("已作废")


def test_a_stall_sells_a_lot_by_tap_and_hands_out_its_voucher(door: Door) -> None:
    page = trade(door)
    lots = page.locator("section[aria-labelledby=own-stock] li a")
    lot: Locator = lots.last  # the demo's; what came after it is recalled
    variety = lot.inner_text()
    lot.click()
    page.get_by_label("数量（千克）").fill("999999")
    page.get_by_role("button", name="出库").click()
    expect(page.locator("form.sh-form")).to_contain_text("这一批还剩")

    page.get_by_label("数量（千克）").fill("1.5")
    page.get_by_label("购货者名称").fill("某饭馆")
    page.get_by_role("button", name="出库").click()
    voucher = page.locator(".sh-board")
    expect(voucher).to_contain_text("食用农产品销售凭证")
    expect(voucher).to_contain_text(variety)
    expect(voucher).to_contain_text("某饭馆")
    no_wider_than_the_screen(page)


def test_the_gate_admits_with_a_certificate_or_a_test_and_refuses_without(door: Door) -> None:
    number = issue(trade(door), "40")
    page = door.open("office", "/tracing/markets/")
    page.locator("table tbody a").first.click()
    page.get_by_role("link", name="登记入场").click()
    address = page.url

    def arrive(proof: str, *, number: str = "", reason: str = "") -> None:
        page.goto(address)
        page.get_by_label("商户").select_option(index=1)
        page.get_by_label("品种").fill(VARIETY)
        page.get_by_label("数量（千克）").fill("25")
        page.get_by_label("凭证", exact=True).select_option(label=proof)
        page.get_by_label("凭证编号").fill(number)
        page.get_by_label("拒入原因").fill(reason)
        page.get_by_role("button", name="登记入场").click()

    arrive("合格证", number=number)
    expect(page.get_by_text(re.compile("已登记：准入"))).to_be_visible()
    arrive("合格证", number=number)
    expect(page.locator("form.sh-form")).to_contain_text("只剩 15 千克")
    arrive("入场快检合格")
    expect(page.get_by_text(re.compile("已登记：准入"))).to_be_visible()
    arrive("无凭证")
    expect(page.locator("form.sh-form")).to_contain_text("不能准入")
    arrive("无凭证", reason="快检不合格")
    expect(page.get_by_text(re.compile("已登记：拒入"))).to_be_visible()
    expect(page.locator("table tbody")).to_contain_text("快检不合格")
