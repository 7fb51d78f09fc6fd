"""A visit that is assigned to an inspector is made without a network and becomes the visit's record."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, expect

from shian.config import verbs
from tests.browser.people import Watch
from tests.browser.phone import (
    CUT,
    SURVEY,
    TERMS,
    begin,
    choose,
    database_of,
    enter,
    fill,
    finish,
    issue_form,
    sent,
    sign,
)  # fmt: skip
from tests.browser.site import Site
from tests.browser.wire import Wire

NAME = "离线试验小吃店"


def test_an_assigned_visit_is_made_off_line_and_becomes_its_record_with_what_was_put_right(
    new_context: Callable[..., BrowserContext], watch: Watch, site: Site, wire: Wire, picture: Path
) -> None:
    """One item fails: its photo, and a second one after it was put right before the group left."""
    watch.expect(CUT)
    number = assigned(site)
    context = new_context(base_url=wire.url, **TERMS)
    page = context.new_page()
    enter(page, site, wire.url)
    wire.is_down = True
    context.set_offline(True)

    page.get_by_role("button", name=f"开始 {NAME}").click()
    expect(page.locator("[data-question=operator] input:checked + span")).to_have_text(NAME)
    expect(page.locator("[data-question=place]")).to_contain_text("误差 12 米")
    for item in page.locator("[data-question^=item_]:not([hidden]).sf-card").all():
        item.locator(".sf-choice").first.click()
    expect(page.locator("[data-question=item_2_after]")).to_be_hidden()
    choose(page, "item_2", "不合格")
    for question in ("item_2_photo", "item_2_after"):
        page.locator(f"[data-question={question}] input[type=file]").first.set_input_files(picture)
        expect(page.locator(f"[data-question={question}] .sf-photo")).to_be_visible()
    for canvas in page.locator("canvas").all():
        sign(page, canvas)
    finish(page)
    page.goto("/field/#/")
    expect(page.get_by_role("button", name=f"开始 {NAME}")).to_have_count(0)  # it is on its way
    wire.is_down = False
    context.set_offline(False)
    page.goto("/field/#/queue")
    expect(sent(page)).to_have_count(1)

    state, sheet, problems = record_of(site, number)
    assert (state, problems) == ("uploaded", ["closed"])
    assert sheet.percent < 100
    assert sheet.assignment.startswith("visit:")
    photos = [sheet.photos[sheet.answers[f"item_2_{each}"]] for each in ("photo", "after")]
    before, after = (datetime.fromisoformat(each["taken_at"]) for each in photos)
    assert sheet.started_at < before < after <= sheet.ended_at
    assert sheet.completed_at


def assigned(site: Site) -> int:
    """A visit of the station's inspector, sent by the city's office; its number."""
    from shian.domains.fieldchecks.actions.visits import Errand, Team, assign_visits
    from shian.domains.fieldchecks.tests.factories import make_point
    from shian.engine.forms.actions import load_packed_forms
    from shian.kernel.accounts.models import User
    from shian.registers.people.models import Organisation

    with database_of(site):
        load_packed_forms(by="test", at=verbs.now())
        users = {each.username: each for each in User.objects.filter(username__in=["station", "county"])}
        issuer = Organisation.objects.filter(posts__person__user__username="office").first()
        point = make_point("OFFLINE-1", name=NAME)
        team = Team(issuer, users["station"], users["county"])
        errand = Errand([(point, "open_M19")])
        return int(assign_visits(errand=errand, team=team, by="test", at=verbs.now())[0].pk)


def record_of(site: Site, number: int) -> tuple[Any, Any, list[str]]:
    """State and sheet of the visit, states of its problems."""
    from shian.domains.fieldchecks.models import FieldVisit

    with database_of(site):
        found = FieldVisit.objects.select_related("submission").get(pk=number)
        assert found.submission is not None
        return found.state, found.submission, [each.problem.state for each in found.findings.all() if each.problem]


def test_a_check_that_nobody_assigned_is_made_off_line_of_an_operator_of_the_own_area(
    new_context: Callable[..., BrowserContext], watch: Watch, site: Site, wire: Wire
) -> None:
    watch.expect(CUT)
    listed = {"type": "select_one_from_file operators.csv", "name": "operator", "label": "检查对象", "required": "yes"}
    issue_form(site, "off_free", [listed, *SURVEY])
    code, name, township = neighbour(site)
    context = new_context(base_url=wire.url, **TERMS)
    page = context.new_page()
    enter(page, site, wire.url)
    page.goto("/field/#/forms")
    expect(page.locator("[data-near]")).to_be_visible()
    wire.is_down = True
    context.set_offline(True)

    begin(page, "off_free")
    search = page.locator("[data-question=operator] input[type=search]")
    search.fill(name[1:])
    page.locator("[data-question=operator] .sf-choice").filter(has_text=name).first.click()
    fill(page, "free", None)
    choose(page, "records", "合格")
    finish(page)
    wire.is_down = False
    context.set_offline(False)

    expect(sent(page)).to_have_count(1)
    assert entity_of(site, "off_free") == ({"operator": code}, township)


def neighbour(site: Site) -> tuple[str, str, str]:
    """An operator of the station's township whom nobody was sent to: code, name, area."""
    from shian.kernel.accounts.models import User
    from shian.registers.operators.models import Operator

    with database_of(site):
        station = User.objects.get(username="station")
        found = Operator.objects.visible_to(station).filter(closed_on=None).latest("pk")
        return found.code, found.name, found.township


def entity_of(site: Site, key: str) -> tuple[Any, str]:
    """Whom the form's only sheet is about, and where."""
    from shian.engine.forms.models import FormSubmission

    with database_of(site):
        found = FormSubmission.objects.get(version__form__key=key)
        return found.entities, found.township
