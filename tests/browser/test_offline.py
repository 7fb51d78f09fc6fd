"""The field page without a network: made off line, sent once; two tabs, another version, a wrong clock, no room."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import Watch, follow, sign_in
from tests.browser.phone import (
    CUT,
    TERMS,
    begin,
    enter,
    fill,
    finish,
    issue_form,
    kept,
    made,
    ready,
    received,
    sent,
    unsent,
)  # fmt: skip
from tests.browser.site import Site
from tests.browser.wire import Wire

TEN = 10
ROOM = 5_000_000  # bytes: the page itself takes two of them
AHEAD = """(() => {
  const real = Date
  const ahead = 3 * 3600 * 1000
  globalThis.Date = class extends real {
    constructor(...given) { given.length ? super(...given) : super(real.now() + ahead) }
    static now() { return real.now() + ahead }
  }
})()"""


@pytest.fixture
def context(new_context: Callable[..., BrowserContext], watch: Watch, wire: Wire) -> BrowserContext:
    watch.expect(CUT)
    wire.is_down = False
    found = new_context(base_url=wire.url, **TERMS)
    found.set_default_timeout(30_000)
    watch.follow(found)
    return found


def entered(context: BrowserContext, site: Site, wire: Wire) -> Page:
    page = context.new_page()
    enter(page, site, wire.url)
    return page


def cut(context: BrowserContext, wire: Wire) -> None:
    wire.is_down = True
    context.set_offline(True)


def mend(context: BrowserContext, wire: Wire) -> None:
    wire.is_down = False
    context.set_offline(False)


def test_ten_checks_made_off_line_come_in_once_each_with_their_times_and_photos(
    context: BrowserContext, site: Site, wire: Wire, picture: Path
) -> None:
    issue_form(site, "off_ten")
    page = entered(context, site, wire)
    cut(context, wire)
    page.reload()  # the page itself comes from what is kept
    ready(page)
    for number in range(TEN):
        made(page, "off_ten", f"{number:02d}", picture)
    expect(unsent(page)).to_have_count(TEN)
    assert received(site, "off_ten") == []

    mend(context, wire)
    expect(sent(page)).to_have_count(TEN, timeout=90_000)

    found = received(site, "off_ten")
    assert [each["number"] for each in found] == [f"{number:02d}" for number in range(TEN)]
    for each in found:
        assert each["is_whole"], each
        assert each["who"]  # known without a network too
        assert each["percent"] == "60.00"
        assert each["ended_at"] < each["sent_at"] <= each["received_at"] + timedelta(seconds=1)
        assert len(each["files"]) == 1
        photo = each["photos"][each["files"][0]]
        assert (photo["lat"], photo["accuracy"]) == (39.52, 12)
        assert photo["taken_at"]
    assert len({each["ended_at"] for each in found}) == TEN


def test_photos_are_shrunk_on_the_phone(context: BrowserContext, site: Site, wire: Wire, picture: Path) -> None:
    issue_form(site, "off_small")
    page = entered(context, site, wire)
    begin(page, "off_small")
    fill(page, "1", picture)

    shown = page.locator(".sf-photo img")
    expect(shown).to_have_js_property("naturalWidth", 1600)
    page.locator("[data-question=records_photo] input[type=file]").first.set_input_files(
        {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    )
    expect(page.get_by_text("不是能读取的照片")).to_be_visible()
    expect(shown).to_be_visible()


def test_two_tabs_never_send_twice_and_never_write_the_same_draft(
    context: BrowserContext, site: Site, wire: Wire, picture: Path
) -> None:
    issue_form(site, "off_tabs")
    page = entered(context, site, wire)
    cut(context, wire)
    for number in ("1", "2", "3"):
        made(page, "off_tabs", number, picture)
    begin(page, "off_tabs")
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("已在另一个标签页打开")).to_be_visible()
    page.goto("/field/#/queue")
    other.goto("/field/#/queue")
    expect(unsent(other)).to_have_count(3)
    wire.posts.clear()

    mend(context, wire)
    for tab in (page, other):
        tab.evaluate("document.querySelector('.sf-view .btn-primary')?.click()")
    expect(sent(page)).to_have_count(3)
    expect(sent(other)).to_have_count(3)

    assert len([path for path in wire.posts if "/submissions/" in path]) == 6  # answers and a photo each
    assert len(received(site, "off_tabs")) == 3


def test_a_session_that_is_over_keeps_everything_and_goes_on_after_a_sign_in(
    context: BrowserContext, site: Site, wire: Wire, picture: Path
) -> None:
    issue_form(site, "off_over")
    page = entered(context, site, wire)
    cut(context, wire)
    made(page, "off_over", "1", picture)
    context.clear_cookies()

    mend(context, wire)
    page.reload()
    expect(page.get_by_text("登录已过期")).to_be_visible()
    expect(unsent(page)).to_have_count(1)
    follow(page.get_by_role("link", name="登录"))
    sign_in(page, "station", site.passwords["station"])
    ready(page)
    page.goto("/field/#/queue")

    expect(sent(page)).to_have_count(1)
    assert [each["number"] for each in received(site, "off_over")] == ["1"]


def test_another_user_sees_and_sends_nothing_of_what_waits(
    context: BrowserContext, site: Site, wire: Wire, picture: Path
) -> None:
    issue_form(site, "off_other")
    page = entered(context, site, wire)
    cut(context, wire)
    made(page, "off_other", "1", picture)
    context.clear_cookies()
    mend(context, wire)

    page.goto("/account/login/?next=/field/")
    enter(page, site, wire.url, "county")
    page.goto("/field/#/queue")
    expect(page.get_by_text("没有待发送的检查")).to_be_visible()
    assert received(site, "off_other") == []

    context.clear_cookies()
    enter(page, site, wire.url)
    page.goto("/field/#/queue")
    expect(sent(page)).to_have_count(1)
    assert [each["user"] for each in received(site, "off_other")] == ["station"]


def test_a_form_that_changed_meanwhile_takes_the_check_as_it_was_begun(
    context: BrowserContext, site: Site, wire: Wire, picture: Path
) -> None:
    issue_form(site, "off_new")
    page = entered(context, site, wire)
    cut(context, wire)
    begin(page, "off_new")
    fill(page, "old", picture)
    where = page.url
    issue_form(site, "off_new", version="2", pass_mark="90")

    mend(context, wire)
    page.goto("/field/")
    page.reload()
    ready(page)
    page.goto(where)
    expect(page.get_by_text("此表已有新版本")).to_be_visible()
    finish(page)
    expect(sent(page)).to_have_count(1)
    made(page, "off_new", "new", picture)
    expect(sent(page)).to_have_count(2)

    assert [(each["number"], each["version"]) for each in received(site, "off_new")] == [("new", "2"), ("old", "1")]


def test_a_wrong_clock_is_told_and_recorded_not_corrected(
    context: BrowserContext, site: Site, wire: Wire, picture: Path
) -> None:
    issue_form(site, "off_clock")
    context.add_init_script(AHEAD)
    page = entered(context, site, wire)
    expect(page.get_by_text("手机时间比服务器快 180 分钟")).to_be_visible()
    made(page, "off_clock", "1", picture)
    expect(sent(page)).to_have_count(1)

    found = received(site, "off_clock")[0]
    assert found["clock"] == pytest.approx(3 * 3600, abs=60)
    assert timedelta(hours=2, minutes=59) < found["ended_at"] - found["received_at"] < timedelta(hours=3, minutes=1)


def test_a_full_phone_says_so_and_loses_nothing(context: BrowserContext, site: Site, wire: Wire, picture: Path) -> None:
    issue_form(site, "off_full")
    page = context.new_page()
    quota = context.new_cdp_session(page)
    quota.send("Storage.overrideQuotaForOrigin", {"origin": wire.url, "quotaSize": ROOM})
    enter(page, site, wire.url)
    cut(context, wire)
    full = page.locator(".sf-saved[data-tone=overdue]")
    number = 0
    while not full.count():
        number += 1
        assert number < 15, "the phone is never full"
        begin(page, "off_full")
        fill(page, str(number), None)
        page.locator("[data-question=records_photo] input[type=file]").first.set_input_files(picture)
        expect(page.locator(".sf-photo").or_(full).first).to_be_visible()
        if not full.count():
            finish(page)

    expect(page.get_by_text("手机存储空间已满")).to_be_visible()
    expect(page.locator(".sf-photo")).to_have_count(0)
    quota.send("Storage.overrideQuotaForOrigin", {"origin": wire.url})
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".sf-saved")).to_contain_text("已保存")
    page.reload()
    expect(page.locator("[data-question=number] input")).to_have_value(str(number))
    fill(page, str(number), picture)
    finish(page)
    mend(context, wire)
    expect(sent(page)).to_have_count(number, timeout=90_000)
    assert [each["is_whole"] for each in received(site, "off_full")] == [True] * number


def test_signing_out_asks_first_then_leaves_no_key(
    context: BrowserContext, site: Site, wire: Wire, picture: Path, tmp_path: Path
) -> None:
    issue_form(site, "off_leave")
    page = entered(context, site, wire)
    cut(context, wire)
    made(page, "off_leave", "1", picture)
    page.route("**/submissions/**", lambda route: route.abort())  # what is unsent stays so
    mend(context, wire)
    page.goto("/forms/phones/")  # any page of the office asks before it signs out
    page.locator(".sh-user").click()
    page.get_by_role("button", name="退出登录").click()
    page.locator("dialog[open]").get_by_role("button", name="返回").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.goto("/field/")
    ready(page)
    page.locator(".sf-bar summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.locator("dialog")).to_contain_text("还有 1 份检查没有发送")
    page.get_by_role("button", name="先导出").click()
    page.locator("dialog input").fill("口令就是这八个字")
    with page.expect_download() as download:
        page.get_by_role("button", name="继续", exact=True).click()
    file = tmp_path / "checks.shian"
    download.value.save_as(file)
    assert b"off_leave" not in file.read_bytes()
    page.get_by_role("button", name="删除并退出").click()
    page.wait_for_url("**/account/login/")
    page.unroute("**/submissions/**")
    assert kept(page) == []
    assert received(site, "off_leave") == []

    enter(page, site, wire.url)
    page.goto("/field/#/queue")
    taken_in(page, file, "不是这个口令")
    expect(page.get_by_text("口令不正确")).to_be_visible()
    taken_in(page, file, "口令就是这八个字")
    expect(sent(page)).to_have_count(1)
    assert [each["is_whole"] for each in received(site, "off_leave")] == [True]


def taken_in(page: Page, file: Path, passphrase: str) -> None:
    page.locator(".sf-view input[type=file]").set_input_files(file)
    page.locator("dialog input").fill(passphrase)
    page.get_by_role("button", name="继续", exact=True).click()


def test_what_lies_in_the_browser_cannot_be_read_there(
    context: BrowserContext, site: Site, wire: Wire, picture: Path
) -> None:
    issue_form(site, "off_seal")
    page = entered(context, site, wire)
    cut(context, wire)
    made(page, "off_seal", "机密编号", picture)
    told: Any = page.evaluate(READ_ALL)

    assert told["records"] >= 3
    assert told["plain"] == []
    assert told["exportable"] is False


READ_ALL = """async () => {
  const name = (await indexedDB.databases()).map((each) => each.name).find((each) => each.startsWith('shian-field-'))
  const open = await new Promise((done) => {
    const asked = indexedDB.open(name)
    asked.onsuccess = () => done(asked.result)
  })
  const all = (store) => new Promise((done) => {
    const asked = open.transaction(store).objectStore(store).getAll()
    asked.onsuccess = () => done(asked.result)
  })
  const stores = [...open.objectStoreNames].filter((each) => each !== 'keys')
  const records = (await Promise.all(stores.map(all))).flat()
  const isPlain = (record) => JSON.stringify(Object.keys(record).sort()) !== '["data","iv"]'
    || new TextDecoder().decode(record.data).includes('机密编号')
  const [key] = await all('keys')
  return { records: records.length, plain: records.filter(isPlain), exportable: key.extractable }
}"""
