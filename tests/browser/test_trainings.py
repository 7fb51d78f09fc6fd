"""A training of officials is run from a phone, and whom it recorded may visit alone from then on; its test is taken on
the official's own phone."""

import re

from playwright.sync_api import Page, expect

from shian.config import verbs
from tests.browser.people import PHONE, Door, follow
from tests.browser.phone import database_of
from tests.browser.site import Site

WARNED = "您还没有参加包保培训"


def test_a_training_from_plan_to_record_lets_an_official_go_alone(door: Door, site: Site) -> None:
    name, code = untrained(site, "town")
    mine = door.open("town", "/duties/mine/", viewport=PHONE)
    expect(mine.get_by_text(WARNED)).to_be_visible()

    page = door.open("county", "/duties/trainings/", viewport=PHONE)
    planned(page)
    number = held(page)
    came(page, name, code)
    scored(page, name)
    recorded(page)

    assert not is_untrained(site, code)
    expect(page.get_by_text("培训归档")).to_be_visible()
    mine.reload()
    expect(mine.get_by_text(WARNED)).to_have_count(0)
    page.goto("/duties/trainings/")
    expect(page.locator("tbody tr").filter(has_text=number)).to_contain_text("已归档")


def test_an_official_reads_on_the_phone_and_passes_at_the_second_try(door: Door, site: Site) -> None:
    name, code = untrained(site, "village")
    number = held_for(site, "village")
    page = door.open("village", "/duties/mine/", viewport=PHONE)
    expect(page.get_by_text(WARNED)).to_be_visible()
    follow(page.locator(".sh-callout", has_text="月初培训").get_by_role("link", name="学习并测试"))
    expect(page.get_by_role("heading", name="培训讲义")).to_be_visible()
    no_wider_than_the_screen(page)

    follow(page.get_by_role("button", name="开始测试"))
    expect(page.locator("form.sh-form fieldset")).to_have_count(10)
    no_wider_than_the_screen(page)
    follow(page.get_by_role("button", name="交卷"))
    expect(page.get_by_text("还可以再测 2 次")).to_be_visible()
    follow(page.get_by_role("button", name="再测一次"))
    for question, right in right_answers(site, code):
        page.locator(f"input[name={question}][value='{right}']").check()
    follow(page.get_by_role("button", name="交卷"))
    expect(page.locator("#test-result")).to_contain_text("合格")
    expect(page.get_by_role("button", name="再测一次")).to_have_count(0)

    keeper = door.open("county", "/duties/trainings/", viewport=PHONE)
    keeper.locator("tbody tr").filter(has_text=number).get_by_role("link").first.click()
    row = keeper.locator("#attended tbody tr").filter(has_text=name)
    for told in ("手机学习", "100", "合格"):
        expect(row).to_contain_text(told)
    recorded(keeper)
    page.goto("/duties/mine/")
    expect(page.get_by_text(WARNED)).to_have_count(0)
    expect(page.locator(".sh-callout", has_text="月初培训")).to_have_count(0)


def held_for(site: Site, account: str) -> str:
    """A training that the official's county holds today; its number."""
    from shian.domains.duties.actions.trainings import hold_training, plan_training
    from shian.domains.duties.queries.trainings import packed_handout
    from shian.domains.duties.queries.visits import own_officials
    from shian.kernel.accounts.models import User

    now, today = verbs.now(), verbs.today()
    with database_of(site):
        county = next(iter(own_officials(User.objects.get(username=account), today))).county
        planned = plan_training(
            topic="月初培训", area=county, level="village", planned_on=today, place="", trainer="县食安办",
            handout=packed_handout(), by="test", at=now,
        )  # fmt: skip
        return hold_training(training=planned, held_on=today, by="test", at=now).number


def right_answers(site: Site, code: str) -> list[tuple[str, int]]:
    """(question, position) of the right options of the official's open try."""
    from shian.domains.duties.models import TrainingTest
    from shian.domains.duties.queries.trainings import bank

    with database_of(site):
        test = TrainingTest.objects.get(official__code=code, score=None)
        return [(key, position) for key in test.questions for position in bank().questions[key].right]


def no_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def planned(page: Page) -> None:
    """Without a topic it is refused; then it stands in the list."""
    follow(page.get_by_role("link", name="计划培训"))
    page.get_by_label("培训主题").fill("")
    follow(page.get_by_role("button", name="计划", exact=True))
    expect(page.get_by_role("alert")).to_contain_text("培训主题")
    page.get_by_label("培训主题").fill("季度督导怎么做")
    follow(page.get_by_role("button", name="计划", exact=True))
    follow(page.get_by_role("link", name="季度督导怎么做").first)


def held(page: Page) -> str:
    """Its number; the paper has the questions of the bank, ten of them, the answers apart."""
    detail = page.url
    number = re.search(r"PX-\d{4}-\d{4}", page.inner_text("body"))
    follow(page.get_by_role("link", name="打印试卷"))
    expect(page.locator(".sh-paper").first.locator("> li")).to_have_count(10)
    page.goto(detail)
    follow(page.get_by_role("link", name="登记举办"))
    follow(page.get_by_role("button", name="登记", exact=True))
    assert number is not None
    return number[0]


def came(page: Page, name: str, code: str) -> None:
    """One of several hundred is found by code and ticked."""
    follow(page.get_by_role("link", name="登记到场"))
    page.get_by_placeholder("姓名、单位或编号").fill(code)
    page.get_by_placeholder("姓名、单位或编号").press("Enter")
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(name)
    row.get_by_role("checkbox").check()
    follow(page.get_by_role("button", name="登记所选"))
    expect(page.locator("#attended")).to_contain_text(name)


def scored(page: Page, name: str) -> None:
    """Nine of ten right are ninety points; eleven are refused."""
    follow(page.get_by_role("link", name="录入得分"))
    points = page.get_by_label(re.compile(f"^{name}"))
    points.fill("11")
    follow(page.get_by_role("button", name="保存"))
    points.fill("9")
    follow(page.get_by_role("button", name="保存"))
    expect(page.locator("#attended")).to_contain_text("90")


def recorded(page: Page) -> None:
    page.locator("summary").filter(has_text="归档").click()
    follow(page.get_by_role("button", name="确认归档"))
    expect(page.get_by_role("link", name="登记到场")).to_have_count(0)


def untrained(site: Site, account: str) -> tuple[str, str]:
    """Take the official's trainings away; name and code."""
    from shian.domains.duties.models import TrainingAttendance
    from shian.domains.duties.queries.visits import own_officials
    from shian.kernel.accounts.models import User

    with database_of(site):
        user = User.objects.get(username=account)
        official = next(iter(own_officials(user, verbs.today())))
        TrainingAttendance.objects.filter(official=official).delete()
        return official.name, official.code


def is_untrained(site: Site, code: str) -> bool:
    """Does the list of the untrained have this official?"""
    from shian.domains.duties.models import Official
    from shian.domains.duties.queries.visits import untrained as without

    with database_of(site):
        return bool(without(Official.objects.filter(code=code), verbs.today()).exists())
