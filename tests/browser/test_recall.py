"""A recall from the search to its end: one proposes, another decides, a holder answers on its phone, the till stands
still, everybody reads the notice, the sheet leaves. Notices are queued by the worker's own function: no worker runs."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

from shian.config import verbs
from tests.browser.own_records import CODE
from tests.browser.people import PHONE, Door, follow
from tests.browser.phone import database_of
from tests.browser.reading import drawn, too_wide
from tests.browser.site import Site

PAUSE = 10_000  # milliseconds: a page that stays open asks again at least so often
GOODS, ADVICE = "召回试验西芹", "立即停止销售和食用，封存后等待上门处理"


def in_database(site: Site, work: Callable[[], Any]) -> Any:
    """What is done there, beyond every reach, as the worker does."""
    from shian.kernel.scope.walls import system_scope

    with database_of(site), system_scope():
        return work()


def _sold() -> tuple[str, int]:
    """80 kg at the demo's stall, of which two shops and a walk-in got some: the in-order's number and its key."""
    from shian.domains.tracing.actions.orders import Arrival, record_arrival, record_sale
    from shian.domains.tracing.models import Merchant, Proof
    from shian.registers.operators.models import Operator

    stall, now = Merchant.objects.get(operator__code=CODE), verbs.now()
    arrival = Arrival(GOODS, Decimal(80), Proof.TEST, origin="永清县")
    order = record_arrival(merchant=stall, arrival=arrival, by="tests", at=now)
    shops = Operator.objects.filter(county="131022", closed_on=None).exclude(code=CODE).order_by("code")[:2]
    for buyer, kilos in zip([*shops, None], (20, 10, 5), strict=True):
        record_sale(order=order, quantity=Decimal(kilos), buyer=buyer, buyer_name="" if buyer else "某饭馆", by="tests",
                    at=verbs.now())  # fmt: skip
    return order.number, order.pk


def _tell(number: str) -> int:
    from shian.domains.tracing.actions.recall_notices import tell_holders
    from shian.domains.tracing.queries.recalls import recall_number

    return tell_holders(recall=recall_number(number), at=verbs.now())


def proposed(page: Page, lot: str) -> str:
    """From the lot's number to a recall that waits for its decision; the recall's number."""
    page.goto("/tracing/chains/")
    search = page.get_by_role("searchbox", name="搜索", exact=True)
    search.fill(lot)
    search.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(GOODS)
    drawn(page)
    follow(page.get_by_role("link", name="发起召回"))

    drawn(page)
    reach = page.locator(".sh-stats")
    expect(reach).to_contain_text(re.compile(r"确认的持有\s*4\s*处"))
    expect(page.locator("#reach-map")).to_contain_text("固安县")
    page.get_by_label("一级召回").check()
    page.get_by_label("来源", exact=True).select_option(label="抽检不合格")
    page.get_by_label("来源编号").fill("CJ-2026-001")
    page.get_by_label("原因和危害").fill("毒死蜱残留超标")
    page.get_by_label("告知内容").fill(ADVICE)
    follow(page.get_by_role("button", name="提交决定"))
    expect(page.locator("main")).to_contain_text("等待另一人决定")
    expect(page.get_by_role("link", name="决定", exact=True)).to_have_count(0)
    return page.url.rstrip("/").rpartition("/")[2]


def decide(page: Page, number: str) -> None:
    page.goto("/tracing/recalls/")
    follow(page.get_by_role("link", name=GOODS).first)
    expect(page.locator("main")).to_contain_text(number)
    follow(page.get_by_role("link", name="决定", exact=True))
    page.get_by_label("同意，立即通知持有者").check()
    page.get_by_label("意见").fill("同意")
    follow(page.get_by_role("button", name="提交决定"))


def answer(phone: Page, *, on_hand: str, returned: str = "", destroyed: str = "") -> None:
    """What the business has, and what became of it."""
    follow(phone.get_by_role("link", name=re.compile("确认并填报库存|更新数量")))
    phone.get_by_label("现存数量（千克）").fill(on_hand)
    phone.get_by_label("其中已退回（千克）").fill(returned)
    phone.get_by_label("其中已销毁（千克）").fill(destroyed)
    follow(phone.get_by_role("button", name="确认", exact=True))


def sell(phone: Page, lot: int) -> None:
    phone.goto(f"/own/{CODE}/trade/lots/{lot}/sell/")
    phone.get_by_label("数量（千克）").fill("1")
    phone.get_by_label("购货者名称").fill("某饭馆")
    follow(phone.get_by_role("button", name="出库"))


def counted(page: Page, label: str, value: int) -> None:
    """The tile says so at the next look, without the page being loaded anew."""
    page.clock.fast_forward(PAUSE)
    tile = page.locator("#recall-live .sh-stat").filter(has_text=label)
    expect(tile.locator(".sh-stat-value").first).to_have_text(re.compile(rf"^\s*{value}\s"))


def test_a_recall_goes_from_the_search_to_its_end(door: Door, site: Site, tmp_path: Path) -> None:
    lot, key = in_database(site, _sold)
    county = door.open("county", f"/tracing/chains/?q={lot}")
    expect(county.get_by_role("heading", level=1)).to_contain_text("2 批")  # the shops there; the market lies elsewhere
    number = proposed(door.open("office"), lot)
    second = door.open("admin", "")
    second.clock.install()
    decide(second, number)
    expect(second.locator("#recall-live")).to_contain_text("正在通知")
    second.evaluate("window.isTheSamePage = true")

    assert in_database(site, lambda: _tell(number)) == 4
    counted(second, "已通知持有者", 4)
    expect(second.locator("#recall-live")).to_contain_text("通知完毕")
    counted(second, "已确认", 0)

    phone = door.open("operator", f"/own/{CODE}/", viewport=PHONE)
    follow(phone.get_by_role("link", name=GOODS))
    expect(phone.locator("main")).to_contain_text("请立即停止销售")
    expect(phone.locator("main")).to_contain_text(lot)
    assert too_wide(phone) == []
    answer(phone, on_hand="30", returned="20", destroyed="20")
    expect(phone.locator("form.sh-form")).to_contain_text("不能超过现存的 30 千克")
    phone.get_by_label("其中已退回（千克）").fill("")
    phone.get_by_label("其中已销毁（千克）").fill("")
    follow(phone.get_by_role("button", name="确认", exact=True))
    expect(phone.locator("h1")).to_contain_text("已确认")
    counted(second, "已确认", 1)
    counted(second, "现存并停售", 30)

    sell(phone, key)
    expect(phone.locator("main")).to_contain_text(f"这批货正在召回（{number}），停止销售")
    assert too_wide(phone) == []
    phone.goto(f"/own/{CODE}/")
    follow(phone.get_by_role("link", name=GOODS))
    answer(phone, on_hand="30", returned="10", destroyed="20")
    expect(phone.locator("h1")).to_contain_text("已处置")
    counted(second, "已退回和销毁", 30)
    assert second.evaluate("window.isTheSamePage")

    second.locator("summary", has_text="发布公告").click()
    follow(second.get_by_role("button", name=re.compile("^确认发布公告")))
    stranger = door.open("", "/tracing/notices/", viewport=PHONE)
    follow(stranger.get_by_role("link", name=GOODS))
    expect(stranger.locator("main")).to_contain_text(ADVICE)
    expect(stranger.locator("main")).not_to_contain_text("凉皮店")  # nobody who holds it is named
    assert too_wide(stranger) == []

    with second.expect_download() as sheet:
        second.get_by_role("link", name="导出 XLSX").click()
    sheet.value.save_as(tmp_path / "sheet.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "sheet.xlsx").worksheets[0].values)
    held = [[str(cell) for cell in row] for row in rows if row and number in row]
    assert len(held) == 4
    assert sum(CODE in row and "30" in row for row in held) == 1

    follow(second.get_by_role("link", name="办结", exact=True))
    expect(second.locator("main")).to_contain_text("2 家没有确认")
    second.get_by_label("总结").fill("现存 30 千克已退回、销毁，其余已食用。")
    follow(second.get_by_role("button", name="办结", exact=True))
    expect(second.get_by_role("heading", level=1)).to_contain_text("已办结")
    stranger.reload()
    expect(stranger.locator("main")).to_contain_text("已办结")
    sell(phone, key)
    expect(phone.locator(".sh-board")).to_contain_text("食用农产品销售凭证")
