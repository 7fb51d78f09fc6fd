"""An official's own businesses on a phone without a network: a visit is made, stands once, and reaches who must see to
what it found; what the server knows is told before a visit begins."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from shian.config import verbs
from tests.browser.people import PHONE, Door, Watch
from tests.browser.phone import CUT, TERMS, choose, database_of, enter, finish, sent, sign
from tests.browser.site import Site
from tests.browser.wire import Wire

ASKED = ".sf-card:not([hidden])"


def test_a_visit_made_off_line_stands_once_with_its_time_and_what_was_wrong_reaches_the_station(
    new_context: Callable[..., BrowserContext], watch: Watch, site: Site, wire: Wire, picture: Path
) -> None:
    """The answer to the first attempt is lost on its way, so that the phone sends it twice."""
    watch.expect(CUT)
    before, names, code = standing(site, "village")
    context = new_context(base_url=wire.url, **TERMS)
    page = context.new_page()
    enter(page, site, wire.url, "village")
    wire.is_down = True
    context.set_offline(True)

    page.goto("/field/")
    expect(assigned(page)).to_have_count(len(names))
    page.get_by_role("button", name=f"开始 {names[code]}", exact=True).click()
    visited(page, picture)
    finish(page)
    page.goto("/field/#/")
    expect(page.get_by_role("button", name=f"开始 {names[code]}", exact=True)).to_have_count(0)
    back = verbs.now()
    wire.cut("/submissions/", "after")
    wire.is_down = False
    context.set_offline(False)
    wire.wait()
    page.goto("/field/#/queue")
    expect(sent(page)).to_have_count(1)

    visit, after, problem, stations = came_in(site, "village", code, back)
    posts = [each for each in wire.posts if "/submissions/" in each]
    assert len(posts) == 3, "the answers with both signatures, the same again, the photo"
    assert (visit.faults, visit.way, bool(visit.operator_signature_id)) == (1, "onsite", True)
    assert visit.started_at < visit.ended_at < back < visit.recorded_at
    assert (after.in_force, after.visited, after.due) == (before.in_force, before.visited + 1, before.due - 1)
    assert (problem.operator_code, problem.state) == (code, "reported")
    assert stations == ["station"], "who stands for the township sees it among the cases"


def visited(page: Page, picture: Path) -> None:
    """The sheet: all in order but one question, with its photo; both sign."""
    choose(page, "way", "现场督导")
    expect(page.locator("[data-question=place]")).to_contain_text("误差 12 米")
    for item in page.locator(f"[data-question^=item_]{ASKED}").all():
        item.locator(".sf-choice").filter(has_text="是").first.click()
    choose(page, "item_8", "否")
    page.locator("[data-question=item_8_photo] input[type=file]").first.set_input_files(picture)
    expect(page.locator("[data-question=item_8_photo] .sf-photo")).to_be_visible()
    for question, number in (("asked", "3"), ("known", "2")):
        page.locator(f"[data-question={question}] input").fill(number)
    for canvas in page.locator("canvas").all():
        sign(page, canvas)


def assigned(page: Page) -> Locator:
    """The businesses that wait for a visit, each with its way in."""
    return page.get_by_role("button", name="开始 ")


def standing(site: Site, account: str) -> tuple[Any, dict[str, str], str]:
    """How far the official's county is; code → name of the own businesses; the code of one that is due and may be
    visited in either way."""
    from shian.domains.duties.queries.coverage import total
    from shian.domains.duties.queries.visit_numbers import numbers_at
    from shian.domains.duties.queries.visits import businesses_of, due_of, is_remote_allowed
    from shian.kernel.accounts.models import User

    today = verbs.today()
    with database_of(site):
        loaded()
        user = User.objects.get(username=account)
        mine, due = businesses_of(user, today), due_of(user, today)
        chosen = next(each for each in due if is_remote_allowed(each, numbers_at(today)))
        names = {each.operator.code: each.operator.name for each in mine}
        return total(chosen.county, today), names, chosen.operator.code


def loaded() -> None:
    from shian.engine.forms.actions import load_packed_forms

    load_packed_forms(by="test", at=verbs.now())


def came_in(site: Site, account: str, code: str, since: datetime) -> tuple[Any, Any, Any, list[str]]:
    """The only visit of the business since then, how far the county is now, the problem, and which of two accounts at
    stations see it: the one of the township, and one elsewhere."""
    from shian.domains.duties.models import DutyVisit
    from shian.domains.duties.queries.coverage import total
    from shian.engine.cases.models import Case
    from shian.kernel.accounts.models import User

    with database_of(site):
        visit = DutyVisit.objects.get(operator__code=code, recorded_at__gte=since)
        problem = Case.objects.get(type="duty_problem", data__visit=visit.number)
        people = User.objects.filter(username__in=["station", "agriculture"])
        seeing = [each.username for each in people if Case.objects.visible_to(each).filter(pk=problem.pk).exists()]
        return visit, total(visit.county, verbs.today()), problem, seeing


def test_what_the_server_knows_is_told_before_a_visit_begins_and_cannot_be_changed(
    new_context: Callable[..., BrowserContext], watch: Watch, site: Site, wire: Wire
) -> None:
    """A township's official without training, and a canteen, which must be seen on the spot."""
    watch.expect(CUT)
    name = untrained(site, "town")
    context = new_context(base_url=wire.url, **TERMS)
    page = context.new_page()
    enter(page, site, wire.url, "town")
    wire.is_down = True
    context.set_offline(True)

    row = page.locator(".sf-item").filter(has_text=name)
    expect(row).to_contain_text("C级 · 须到现场 · 须有人陪同")
    row.get_by_role("button").click()
    for question, told in (("level", "乡级"), ("is_trained", "尚未参加培训"), ("may_remote", "须到现场")):
        expect(page.locator(f"[data-question={question}]")).to_contain_text(told)
        expect(page.locator(f"[data-question={question}] input")).to_have_count(0)
    expect(page.locator("[data-question=way]")).to_be_hidden()
    expect(page.locator("[data-question=place]")).to_contain_text("误差 12 米")
    page.get_by_role("button", name="完成检查").click()
    expect(page.locator("[data-question=companion] .sf-error")).to_be_visible()
    wire.is_down = False
    context.set_offline(False)


def untrained(site: Site, account: str) -> str:
    """Take the official's trainings away and make one of the due businesses a canteen; its name."""
    from shian.domains.duties.models import TrainingAttendance
    from shian.domains.duties.queries.visits import due_of
    from shian.kernel.accounts.models import User

    with database_of(site):
        loaded()
        user = User.objects.get(username=account)
        TrainingAttendance.objects.filter(official__person__user=user).delete()
        operator = due_of(user, verbs.today())[0].operator
        type(operator).objects.filter(pk=operator.pk).update(kind="餐饮服务", format="学校食堂", small_kind="")
        return str(operator.name)


def test_the_own_businesses_stand_on_a_map_above_their_list(door: Door, site: Site) -> None:
    names = standing(site, "village")[1]
    page = door.open("village", "/duties/mine/", viewport=PHONE)

    page.get_by_role("link", name="看地图").click()

    expect(page.locator("[data-island=map].is-ready canvas")).to_be_visible()
    expect(page.get_by_role("table").first.locator("tbody tr")).to_have_count(len(names))
    expect(page.get_by_role("link", name="只看名单")).to_be_visible()
