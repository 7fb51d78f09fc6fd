"""The campaign day by day: the wall colours by itself, a decision is a task, evidence is judged and pinned, a sheet is
printed at the door."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from playwright.sync_api import FilePayload, Locator, Page, expect

from shian.config import verbs
from tests.browser.people import PHONE, Door
from tests.browser.site import Site
from tests.browser.test_codes import address
from tests.city import connected_to

__all__ = ["address"]
UNIT = "1310-AGRI"
AHEAD = verbs.today() + timedelta(days=60)  # weeks that no other journey has its meeting in
PAPER: FilePayload = {"name": "总结.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n% summary\n%%EOF\n"}


@contextmanager
def database(site: Site) -> Iterator[None]:
    """Where the site keeps its rows: to find the record that a journey is about."""
    with connected_to(urlsplit(site.environment["DATABASE_URL"]).path.lstrip("/")):
        yield


def first_case(site: Site, **terms: Any) -> Any:
    from shian.engine.cases.models import Case

    with database(site):
        return Case.objects.filter(**terms).order_by("due_on", "pk")[0]


def path(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def confirmed(page: Page, verb: str) -> None:
    """An official act names its consequence and asks once."""
    page.locator("summary", has_text=verb).click()
    page.get_by_role("button", name=f"确认{verb}").click()


def unit_row(wall: Page) -> Locator:
    return wall.locator("#war tr", has=wall.locator(f"a[href*='unit={UNIT}']").first)


def test_the_wall_colours_by_itself_when_a_unit_reports_a_step(door: Door, site: Site) -> None:
    step = first_case(site, type="step", unit=UNIT, state__in=("planned", "working"))
    wall = door.open("office", "")
    wall.clock.install()
    wall.goto(path("campaign:war_live"))
    whole = unit_row(wall).locator("td.is-whole .num")
    done, steps = (int(each) for each in whole.inner_text().split("/"))
    wall.evaluate("globalThis.isSameLoad = true")

    unit = door.open("agriculture", path("cases:step_take", step.pk, "submit"))
    unit.get_by_label("办理情况").fill("已完成")
    unit.locator("input[type=file]").set_input_files(PAPER)
    unit.get_by_role("button", name="报完成").click()
    expect(unit.get_by_text("报完成：已办理并留存证。")).to_be_visible()
    wall.clock.fast_forward(59_000)

    expect(whole).to_have_text(f"{done + 1}/{steps}")
    assert wall.evaluate("globalThis.isSameLoad")


def test_a_decision_of_the_friday_meeting_is_a_task_and_comes_again(door: Door, site: Site) -> None:
    card = first_case(site, type="card", is_open=True, due_on__lt=verbs.today())
    office = door.open("office", path("campaign:meeting_create"))
    scheduled(office, "一次调度会", AHEAD)
    expect(office.locator("#agenda")).to_contain_text(card.title)
    confirmed(office, "确定议程")
    expect(office.locator("#agenda")).to_contain_text(card.title)
    office.get_by_role("link", name="记录决定").click()
    office.get_by_label("决定").fill("两周内完成粮油仓库复检")
    office.get_by_label("承办单位").select_option(UNIT)
    expect(office.get_by_label("责任人")).to_be_visible()
    office.get_by_label("完成期限").fill((verbs.today() + timedelta(days=14)).isoformat())
    office.get_by_role("button", name="保存").click()
    expect(office.locator("#decisions")).to_contain_text("两周内完成粮油仓库复检")

    unit = door.open("agriculture", "/cases/?type=task", viewport=PHONE)
    expect(unit.locator("main")).to_contain_text("两周内完成粮油仓库复检")
    office.goto(path("campaign:meeting_create"))
    scheduled(office, "下一次调度会", AHEAD + timedelta(days=7))
    expect(office.locator("#agenda tbody tr", has_text="两周内完成粮油仓库复检")).to_have_count(1)


def scheduled(page: Page, title: str, held_on: date) -> None:
    page.get_by_label("名称").fill(title)
    page.get_by_label("日期").fill(held_on.isoformat())
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def test_a_reviewer_passes_a_document_by_key_and_its_content_is_pinned(door: Door, site: Site) -> None:
    from shian.domains.campaign.models import ReviewRound

    with database(site):
        review = ReviewRound.objects.filter(closed_at=None).latest("pk")
    page = door.open("reviewer", path("campaign:round_review", review.pk))
    title = page.locator(".sh-review-open .sh-card-title a").first
    name, record = title.inner_text(), title.get_attribute("href") or ""
    page.keyboard.press("p")
    expect(page.get_by_text(f"“{name}”已审核。")).to_be_visible()

    page.goto(record)
    expect(page.locator("#items tbody tr").first).to_contain_text("通过")
    pinned = page.locator("#versions").inner_text()
    assert re.search(r"[0-9a-f]{12}", pinned), pinned


def test_a_county_knows_what_it_lacks_and_the_sheet_of_a_format_is_printed_at_the_door(
    door: Door, address: str
) -> None:
    county = door.open("county", path("campaign:benchmark_list"))
    rows = county.locator("main table tbody tr")
    expect(rows.first).to_be_visible()
    sites = rows.locator("td[data-label='标杆点位']").all_inner_texts()
    lacking = sum("暂无" in each for each in sites)
    assert lacking
    assert all(sites)
    value = county.locator(".sh-stat", has_text="暂无标杆").locator(".sh-stat-value")
    expect(value).to_have_text(re.compile(rf"^\s*{lacking}\b"))

    visitor = door.open("", address, viewport=PHONE)
    visitor.get_by_role("link", name="打印本业态明白纸").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("食用农产品批发市场")
    visitor.emulate_media(media="print")
    expect(visitor.get_by_role("listitem").first).to_be_visible()


def test_a_department_does_not_open_what_is_anothers(door: Door, site: Site, watch: Any) -> None:
    other = first_case(site, type="card", is_open=True, unit__city="1310", unit__county="131081")
    page = door.open("agriculture", "")
    watch.expect("404")
    answer = page.goto(path("cases:case_detail", other.pk))
    assert answer is not None
    assert answer.status == 404
