"""The day's check of a kitchen without signal: tapped off line, kept when the page dies, sent once, in time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from shian.config import verbs
from tests.browser.people import Watch, sign_in
from tests.browser.phone import CUT, TERMS, database_of, ready
from tests.browser.site import ARGON2, Site
from tests.browser.wire import Wire

CODE, LOGIN, PASSWORD = "131022-00132", "kitchen", "Kitchen-2026-test"


def kitchen(site: Site) -> str:
    """An officer's account of a business whose list is approved; its name."""
    from shian.domains.selfcontrol.actions.accounts import create_demo_operator
    from shian.domains.selfcontrol.actions.lists import approve_list, write_list
    from shian.domains.selfcontrol.queries.lists import first_items
    from shian.kernel.accounts.models import User
    from shian.registers.operators.models import Operator

    at = verbs.now()
    with database_of(site), override_settings(PASSWORD_HASHERS=ARGON2):
        create_demo_operator(code=CODE, username=LOGIN, by="test", at=at)
        user, operator = User.objects.get(username=LOGIN), Operator.objects.get(code=CODE)
        user.set_password(PASSWORD)
        user.save()
        write_list(operator=operator, items=first_items(operator, verbs.today()), reason="", by=user, at=at)
        approve_list(operator=operator, by=user, at=at)
        return str(operator.name)


def records(site: Site) -> list[Any]:
    from shian.domains.selfcontrol.models import DailyControl, OwnProblem

    with database_of(site):
        days = list(DailyControl.objects.filter(operator__code=CODE))
        return [(each, list(OwnProblem.objects.filter(operator__code=CODE, found_on=each.day))) for each in days]


def test_a_day_tapped_without_a_network_survives_and_comes_in_once_with_its_own_time(
    new_context: Callable[..., Any], watch: Watch, site: Site, wire: Wire
) -> None:
    """The page is closed between the taps; the answer of the first attempt is lost on the way."""
    watch.expect(CUT)
    name = kitchen(site)
    context = new_context(base_url=wire.url, **TERMS)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{wire.url}/account/login/?next=/own/phone/")
    sign_in(page, LOGIN, PASSWORD)
    ready(page)
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    wire.is_down = True
    context.set_offline(True)

    page.goto("/own/")  # whatever page of the portal is opened leads to the one that was kept
    page.get_by_role("link", name="开始今日检查").click()
    cards = page.locator("fieldset.sf-card")
    expect(cards.first).to_be_visible()
    count = cards.count()
    cards.first.get_by_text("合格", exact=True).click()
    expect(page.locator(".sf-saved")).to_contain_text("已保存")
    page.reload()
    expect(cards.first.get_by_role("radio", name="合格")).to_be_checked()
    for number in range(1, count - 1):
        cards.nth(number).get_by_text("无此项", exact=True).click()
    cards.last.get_by_text("有问题", exact=True).click()
    expect(page.get_by_text(f"已检查 {count - 1} / {count}")).to_be_visible()
    page.get_by_role("button", name="下一项").click()
    cards.last.get_by_role("button", name="没有按管控措施做到").click()
    cards.last.get_by_role("button", name="已当场整改").click()
    before = timezone.now()
    page.get_by_role("button", name="完成记录").click()
    waiting = page.locator("li[data-state=waiting]")
    expect(waiting).to_have_count(1)
    assert records(site) == []

    wire.cut("/own/phone/days/", "after")
    wire.is_down = False
    context.set_offline(False)
    wire.wait()
    came = arrived(page)
    expect(page.get_by_text("今日已记录")).to_be_visible()

    [(record, problems)] = records(site)
    assert (record.result, record.problems, record.is_late, len(record.answers)) == ("problem", 1, False, count)
    assert [(each.description, each.measure) for each in problems] == [("没有按管控措施做到", "已当场整改")]
    assert before - timedelta(seconds=5) < record.noted_at <= record.recorded_at < came
    assert abs(record.clock) <= 2
    assert sum("/own/phone/days/" in each for each in wire.posts) >= 2


def arrived(page: Page) -> datetime:
    """When the page has been told that the day was taken."""
    expect(page.locator("li[data-state=sent]")).to_have_count(1, timeout=60_000)
    return timezone.now()
