"""The two responsibilities as their people have them on the phone: letters signed on both sides, invalid at a change,
operators without an official until when, boards posted at the door, help from the station of the own township."""

import io
import re
from pathlib import Path
from typing import Any

import docx
from playwright.sync_api import Page, expect

from shian.config import verbs
from tests.browser.people import PHONE, Door, follow
from tests.browser.phone import database_of, sign
from tests.browser.site import Site

SOONEST = re.compile(r"\d{4}-\d{2}-\d{2}")


def test_a_change_makes_both_letters_invalid_and_the_next_one_is_signed_on_both_sides(door: Door, site: Site) -> None:
    code, other = given_away(site, "village")
    page = door.open("county", f"/duties/operators/{code}/official/", viewport=PHONE)
    page.get_by_label("包保干部").select_option(value=str(other))
    page.get_by_label("原因").fill("调整分工")
    follow(page.get_by_role("button", name="调整", exact=True))
    expect(page.get_by_text("2 份待重新签订")).to_be_visible()
    old, due, moments = letters(site, "village", other)
    assert moments == 1, "both ended and both began at the same moment"

    mine = door.open("village", f"/duties/letters/{old}/", viewport=PHONE)
    expect(mine.get_by_text("已失效").first).to_be_visible()
    mine.goto("/duties/letters/")
    mine.locator(f"tbody a[href='/duties/letters/{due}/']").first.click()
    no_wider_than_the_screen(mine)
    same_operators_on_all_four(mine, site, due)
    signed(mine, site, "village", "签字")
    expect(mine.get_by_text("已签字，待对签。")).to_be_visible()
    page.goto(f"/duties/letters/{due}/")
    signed(page, site, "county", "对签", name="街道主任甲")
    expect(page.get_by_text("已对签，承诺书生效。")).to_be_visible()
    expect(page.get_by_text("已生效").first).to_be_visible()


def signed(page: Page, site: Site, account: str, verb: str, name: str = "") -> None:
    """Drawn with a finger; the own password is asked for where the sign-in is some minutes old."""
    follow(page.get_by_role("link", name=verb, exact=True))
    if name:
        page.locator("#counter-name").fill(name)
    sign(page, page.locator("canvas"))
    no_wider_than_the_screen(page)
    follow(page.get_by_role("button", name=verb, exact=True))
    password = page.locator("input[type=password]")
    if password.count():
        password.fill(site.passwords[account])
        follow(page.locator("form:has(input[type=password]) button[type=submit]"))


def same_operators_on_all_four(page: Page, site: Site, letter: int) -> None:
    """Three lists and the letter, as docx, and where the machine can make one as PDF."""
    with page.expect_download() as told:
        page.get_by_role("link", name="下载三清单一承诺").click()
    paper = docx.Document(io.BytesIO(Path(told.value.path()).read_bytes()))
    listed = [[row.cells[2].text for row in table.rows[1:]] for table in paper.tables]
    assert listed == [subjects(site, letter)] * 4
    pdf = page.get_by_role("link", name="下载 PDF")
    if pdf.count():
        with page.expect_download() as told:
            pdf.click()
        assert Path(told.value.path()).read_bytes().startswith(b"%PDF")


def test_who_has_no_official_is_listed_until_when_and_a_second_person_approves_the_plan(door: Door, site: Site) -> None:
    official, names = somebody(site)
    page = door.open("county", f"/duties/officials/{official}/end/")
    page.get_by_label("原因").fill("调离")
    follow(page.get_by_role("button", name="登记", exact=True))
    page.goto("/duties/matches/?state=unmatched")
    rows = page.locator("tbody tr")
    for name in names:
        expect(rows.filter(has_text=name)).to_contain_text(SOONEST)
    expect(page.get_by_text("户已分级而没有包保干部")).to_be_visible()

    page.goto("/duties/plans/new/")
    page.locator("summary, button").filter(has_text="提交方案").first.click()
    follow(page.get_by_role("button", name="确认提交方案"))
    plan = page.url
    expect(page.get_by_role("button", name="批准")).to_have_count(0)
    office = door.open("office", plan.removeprefix(site.url), viewport=PHONE)
    office.locator("summary").filter(has_text="批准").click()
    follow(office.get_by_role("button", name="确认批准"))
    page.goto("/duties/matches/?state=unmatched")
    for name in names:
        expect(rows.filter(has_text=name)).to_have_count(0)


def test_a_board_is_delivered_posted_by_the_business_and_printed_again_after_a_change(
    door: Door, site: Site, picture: Path
) -> None:
    code = "131022-00131"
    other, name = handed_over(site, code)
    page = door.open("station", f"/duties/boards/?q={name}")
    page.locator("tbody tr").filter(has_text=code).get_by_role("checkbox").check()
    follow(page.get_by_role("button", name="打印所选"))
    expect(page.locator(".sh-board")).to_have_count(1)
    page.goto(f"/duties/boards/?view=made&q={name}")
    page.locator("tbody tr").filter(has_text=code).get_by_role("checkbox").check()
    follow(page.get_by_role("button", name="公示板和台账已送达"))

    shop = door.open("operator", f"/own/{code}/", viewport=PHONE)
    follow(shop.locator("li").filter(has_text="包保责任公示板").get_by_role("link"))
    expect(shop.locator(".sh-board")).to_contain_text("12315")
    no_wider_than_the_screen(shop)
    follow(shop.get_by_role("link", name="登记张贴"))
    shop.get_by_label("张贴照片").set_input_files(picture)
    follow(shop.get_by_role("button", name="登记", exact=True))
    expect(shop.get_by_role("heading", level=1)).to_contain_text("已张贴")

    change(site, code, other)
    shop.reload()
    expect(shop.get_by_role("heading", level=1)).to_contain_text("等新的公示板")
    page.goto(f"/duties/boards/?q={name}")
    expect(page.locator("tbody tr").filter(has_text=code)).to_have_count(1)
    page.goto(f"/duties/operators/{code}/ledger/")
    expect(page.locator("#boards tbody tr").filter(has_text="已张贴")).to_contain_text("有")


def test_help_is_asked_for_on_the_phone_and_reaches_the_station_of_the_township_only(door: Door, site: Site) -> None:
    page = door.open("village", "/duties/mine/", viewport=PHONE)
    follow(page.get_by_role("link", name="请监管所支持"))
    page.get_by_label("情况").fill("小作坊的添加剂看不懂，请派人同去")
    follow(page.get_by_role("button", name="提交"))
    expect(page.get_by_text("已交给对接的监管所。")).to_be_visible()
    township, reached, stations = support(site)
    assert stations > 10, "one of many"
    assert reached == [township]

    station = door.open("station", "/cases/?type=duty_support", viewport=PHONE)
    expect(station.get_by_text("小作坊的添加剂看不懂").or_(station.get_by_text("联合督导")).first).to_be_visible()


def no_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def given_away(site: Site, account: str) -> tuple[str, int]:
    """A business of the account's official, and another official of the township who may have it."""
    from shian.domains.duties.models import Official
    from shian.domains.duties.queries.visits import businesses_of, own_officials
    from shian.kernel.accounts.models import User

    with database_of(site):
        user = User.objects.get(username=account)
        official = next(iter(own_officials(user, verbs.today())))
        others = Official.objects.filter(township=official.township, level=official.level, valid_to=None)
        other = others.exclude(pk=official.pk).filter(letters__state="in_force").order_by("code").first()
        assert other is not None
        return businesses_of(user, verbs.today())[0].operator.code, other.pk


def letters(site: Site, account: str, other: int) -> tuple[int, int, int]:
    """The account's letter that ended last and the one that is due, and at how many moments the letters of both sides
    ended and began."""
    from shian.domains.duties.models import Letter

    with database_of(site):
        mine = Letter.objects.filter(official__person__user__username=account)
        due = mine.get(state="due")
        old = mine.get(pk=due.replaces_id)
        theirs = Letter.objects.get(official=other, state="due")
        assert theirs.replaces is not None
        moments = {old.ended_at, due.issued_at, theirs.issued_at, theirs.replaces.ended_at}
        return old.pk, due.pk, len(moments)


def subjects(site: Site, letter: int) -> list[str]:
    """Codes of the operators that a letter stands for, in its order."""
    from shian.domains.duties.models import Letter
    from shian.domains.duties.queries.letters import subjects_of

    with database_of(site):
        return [each.operator.code for each in subjects_of(Letter.objects.get(pk=letter))]


def somebody(site: Site) -> tuple[int, list[str]]:
    """A village's official of the county without an account and with two businesses, and their names."""
    from django.db.models import Count

    from shian.domains.duties.models import Match, Official

    with database_of(site):
        rows = Match.objects.filter(county="131022", level="village", valid_to=None, official__person__user=None)
        found = rows.values("official").annotate(count=Count("pk")).filter(count=2).order_by("-official").first()
        assert found is not None
        names = [each.operator.name for each in Match.objects.filter(official=found["official"], valid_to=None)]
        return Official.objects.get(pk=found["official"]).pk, names


def handed_over(site: Site, code: str) -> tuple[int, str]:
    """Another official for the business, and its name; its boards so far are replaced, so that one must be printed."""
    from shian.domains.duties.models import Board, Match, Official

    with database_of(site):
        match = Match.objects.select_related("operator").get(operator__code=code, valid_to=None)
        Board.objects.filter(operator=match.operator).update(state="replaced")
        column = "township" if match.level == "village" else match.level
        others = Official.objects.filter(level=match.level, valid_to=None, **{column: getattr(match, column)})
        other = others.exclude(pk=match.official_id).order_by("code").first()
        assert other is not None
        return other.pk, match.operator.name


def change(site: Site, code: str, official: int) -> None:
    from shian.domains.duties.actions.matches import change_match
    from shian.domains.duties.models import Official
    from shian.registers.operators.models import Operator

    with database_of(site):
        change_match(
            operator=Operator.objects.get(code=code), official=Official.objects.get(pk=official), reason="调整分工",
            by="test", at=verbs.now(),
        )  # fmt: skip


def support(site: Site) -> tuple[str, list[str], int]:
    """The township of the unit that has the newest request, the townships of the stations whose head would see it, and
    how many stations there are."""
    from shian.engine.cases.models import Case
    from shian.registers.people.models import Organisation

    with database_of(site):
        case: Any = Case.objects.filter(type="duty_support").select_related("unit").order_by("-pk").first()
        stations = Organisation.objects.filter(kind="监管所")
        reached = [each.township for each in stations if each.code in {case.unit.code, case.issuer_id}]
        return case.township, reached, stations.count()
