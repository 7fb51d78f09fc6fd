"""The week of an operator's people on the phone: list, month, day, week, self-examination, test (C-17 … C-21)."""

import re
from typing import Any

from django.test import override_settings
from playwright.sync_api import Page, expect

from shian.config import verbs
from tests.browser.people import PHONE, Door, follow
from tests.browser.phone import database_of
from tests.browser.site import ARGON2, Site

PRINCIPAL, OFFICER = "factory-boss", "factory-officer"
DECISION = "更换二号冷库温度计"


def test_a_factory_s_week_from_the_list_to_the_test(door: Door, site: Site) -> None:
    code = factory(site)
    own = f"/own/{code}/"
    boss, officer = (door.open(each, own, viewport=PHONE) for each in (PRINCIPAL, OFFICER))
    listed(boss)
    month_decided(boss, own)
    day_recorded(officer, boss, own)
    week_signed(officer, own)
    self_examined(boss, own)
    examined(officer, own, site, code)


def listed(page: Page) -> None:
    """C-19: from the template, approved today."""
    follow(page.get_by_role("link", name="编制清单"))
    follow(page.get_by_role("link", name="从模板编制"))
    follow(page.get_by_role("button", name="保存草稿"))
    follow(page.get_by_role("button", name="批准执行"))
    expect(page.get_by_text("第 1 版")).to_be_visible()


def month_decided(page: Page, own: str) -> None:
    """C-18: minutes with one decision, signed by the principal."""
    day = verbs.today()
    page.goto(f"{own}months/{day:%Y-%m}/")
    for label, text in (("参加人员", "主要负责人、食品安全员"), ("听取汇报", "二号冷库温度计读数偏高")):
        page.get_by_label(label).fill(text)
    page.get_by_label("召开日期").fill(day.isoformat())
    page.get_by_label("决定事项 1").fill(DECISION)
    page.get_by_label("完成期限").first.fill(day.isoformat())
    follow(page.get_by_role("button", name="保存草稿"))
    follow(page.get_by_role("button", name="签字"))
    expect(page.get_by_text("已签字", exact=True)).to_be_visible()
    no_wider_than_the_screen(page)


def day_recorded(page: Page, boss: Page, own: str) -> None:
    """C-16: every item by a tap, a problem in words; the month's decision is asked for until it is done."""
    page.goto(f"{own}days/{verbs.today().isoformat()}/")
    items = page.locator("fieldset.sh-item")
    expect(items.filter(has_text=DECISION)).to_have_count(1)
    for number in range(items.count()):
        is_decision = DECISION in items.nth(number).inner_text()
        items.nth(number).get_by_text("未完成" if is_decision else "合格", exact=True).click()
    wrong = items.filter(has_not_text=DECISION).first
    wrong.get_by_text("有问题", exact=True).click()
    wrong.get_by_label("发现什么问题").fill("原料未离地存放")
    no_wider_than_the_screen(page)
    follow(page.get_by_role("button", name="提交记录"))
    page.goto(own)
    expect(page.locator("li").filter(has_text=DECISION).get_by_role("button")).to_have_count(0)
    boss.goto(own)
    follow(boss.locator("li").filter(has_text=DECISION).get_by_role("button", name="完成"))
    expect(boss.locator("li").filter(has_text=DECISION)).to_have_count(0)


def week_signed(page: Page, own: str) -> None:
    """C-17: opened with what the days found; once signed it stands."""
    follow(page.get_by_role("link", name=re.compile("周排查")).last)
    expect(page.get_by_text("原料未离地存放").first).to_be_visible()
    expect(page.get_by_label("本周情况")).to_have_value(re.compile("发现问题 1 个"))
    follow(page.get_by_role("button", name="保存草稿"))
    follow(page.get_by_role("button", name="签字"))
    expect(page.get_by_text("已签字", exact=True)).to_be_visible()
    no_wider_than_the_screen(page)


def self_examined(page: Page, own: str) -> None:
    """C-20: one problem of two is put right, later both."""
    for rectified, word in (("1", "整改中"), ("2", "已报告")):
        page.goto(own)
        follow(page.get_by_role("link", name=re.compile("自查报告")))
        page.get_by_label("发现问题数").fill("2")
        page.get_by_label("已整改数").fill(rectified)
        page.get_by_label("自查情况").fill("车间和仓库各自查一遍")
        no_wider_than_the_screen(page)
        follow(page.get_by_role("button", name="提交报告"))
        expect(page.locator("li").filter(has_text="自查报告")).to_contain_text(word)


def examined(page: Page, own: str, site: Site, code: str) -> None:
    """C-21: called by the station, begun and answered on the phone, judged at once."""
    page.goto(f"{own}staff/")
    follow(page.get_by_role("link", name="参加抽考"))
    follow(page.get_by_role("button", name="开始抽考"))
    for question, right in right_answers(site, code):
        page.locator(f"input[name={question}][value='{right}']").check()
    no_wider_than_the_screen(page)
    follow(page.get_by_role("button", name="交卷"))
    expect(page.get_by_text("合格", exact=True)).to_be_visible()
    expect(page.get_by_text("100", exact=True).or_(page.get_by_text("100.0", exact=True))).to_be_visible()


def no_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def factory(site: Site) -> str:
    """A producer without a list of its own, with accounts of its principal and its officer, who is called to a test."""
    from shian.domains.selfcontrol.actions.accounts import open_operator_account
    from shian.domains.selfcontrol.actions.exams import call_exam
    from shian.domains.selfcontrol.actions.staff import Named, appoint
    from shian.domains.selfcontrol.models import Duty, RiskList, SafetyStaff
    from shian.kernel.accounts.actions import give_demo_password
    from shian.registers.operators.models import Operator

    at, today = verbs.now(), verbs.today()
    with database_of(site), override_settings(PASSWORD_HASHERS=ARGON2):
        known = RiskList.objects.values("operator").union(SafetyStaff.objects.values("operator"))
        free = Operator.objects.filter(kind="食品生产", county="131022", closed_on=None).exclude(pk__in=known)
        operator = free.order_by("code").first()
        assert operator is not None
        users: dict[str, Any] = {}
        for name, duty in ((PRINCIPAL, Duty.PRINCIPAL), (OFFICER, Duty.OFFICER)):
            user, _code = open_operator_account(
                operator=operator, name=str(duty.label), duty=duty, by="test", at=at, username=name
            )
            users[name], site.passwords[name] = user, give_demo_password(user=user, by="test", at=at)
        named = Named("FACTORY-1", "周五", "", Duty.OFFICER, "任〔2026〕1号", today)
        post = appoint(operator=operator, named=named, by=users[PRINCIPAL], at=at)
        call_exam(staff=post.staff, by="test", at=at)
        return str(operator.code)


def right_answers(site: Site, code: str) -> list[tuple[str, int]]:
    """(question, position) of the right options of the test that is open."""
    from shian.domains.selfcontrol.models import Exam
    from shian.domains.selfcontrol.queries.numbers import bank

    with database_of(site):
        exam = Exam.objects.get(operator__code=code, score=None)
        return [(key, position) for key in exam.questions for position in sorted(bank().questions[key].right)]
