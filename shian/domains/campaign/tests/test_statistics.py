"""Each rate is a part of a whole, and the lists behind it have just those lengths."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.actions import draft_catalogues, issue_catalogue
from shian.domains.campaign.actions.weeks import file_report, open_week
from shian.domains.campaign.models import CatalogueKind, WeekReport
from shian.domains.campaign.queries.evaluations import sight_for
from shian.domains.campaign.queries.standards import standard_in_force
from shian.domains.campaign.queries.statistics import Rate, unit_rates
from shian.domains.campaign.rules.weeks import monday_of
from shian.domains.campaign.tests.factories import AT, make_organisation, make_user
from shian.engine.cases.actions import Opening, open_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.kernel.accounts.models import Role

pytestmark = pytest.mark.django_db
LINE = {"item_code": "", "done": "走访", "planned": "", "problem": "", "help_needed": ""}


@pytest.fixture
def agriculture(city):
    unit = make_organisation("AGRI")
    make_organisation("SAMR")
    made = draft_catalogues(standard=standard_in_force(), area="131000", due_on=date(2026, 12, 31), by="office", at=AT)
    issue_catalogue(catalogue=made[CatalogueKind.DEPARTMENT.value], by="office", at=AT)
    return unit


@pytest.fixture
def office(agriculture):
    return make_user("office", Role.OFFICE)


def card(unit, issuer, days: int) -> Case:
    at = timezone.now() - timedelta(days=20)
    opening = Opening(title="整改", area_key="1310", issuer=issuer, unit=unit, data={"basis": "检查"},
                      due_on=timezone.localdate(at) + timedelta(days=days))  # fmt: skip
    return open_case(declared=case_type("card"), opening=opening, by="test", at=at)


def rates_of(user, name: str):
    found = unit_rates(user, sight_for(user), timezone.localdate())
    return next(each for each in found if each.code == name)


def test_parts_and_wholes(agriculture, office) -> None:
    issuer = make_organisation("CAMPO", is_campaign_department=False)
    closed, _late, _open = card(agriculture, issuer, 30), card(agriculture, issuer, 5), card(agriculture, issuer, 60)
    Case.objects.filter(pk=closed.pk).update(is_open=False, closed_at=timezone.now(), turn="", next_rung_on=None)

    rates = rates_of(office, agriculture.code)
    assert rates.cases == Rate(1, 3)
    assert (rates.overdue, rates.closed_now, rates.closed_before, rates.delta) == (1, 1, 0, 1)
    assert rates.items.whole > 0
    assert Rate().percent is None


def test_the_lists_behind_a_rate_reproduce_it(client, agriculture, office) -> None:
    issuer = make_organisation("CAMPO", is_campaign_department=False)
    closed = card(agriculture, issuer, 30)
    card(agriculture, issuer, 5)
    Case.objects.filter(pk=closed.pk).update(is_open=False, closed_at=timezone.now(), turn="", next_rung_on=None)
    client.force_login(office)
    rates = rates_of(office, agriculture.code)

    def length(**asked: str) -> int:
        page = client.get(reverse("cases:case_list"), {"whose": "all", "unit": agriculture.code, **asked})
        text = re.search(r'sh-heading-count num">([\d,]+)', page.content.decode())
        return int(text[1]) if text else 0

    assert (length(standing="closed"), length()) == (rates.cases.part, rates.cases.whole)
    assert length(standing="overdue") == rates.overdue
    page = client.get(reverse("campaign:rate_list")).content.decode()
    assert f"unit={agriculture.code}" in page


def test_filing_rates_count_weeks_that_have_ended(client, agriculture, office) -> None:
    today = timezone.localdate()
    for back in (2, 1):
        monday = monday_of(today) - timedelta(weeks=back)
        at = timezone.make_aware(datetime.combine(monday, datetime.min.time()))
        open_week(area_key="1310", monday=monday, by="test", at=at)
    report = WeekReport.objects.select_related("week").filter(unit=agriculture).order_by("week__monday").first()
    file_report(report=report, lines=[LINE], by="test", at=timezone.now())

    assert rates_of(office, agriculture.code).weeks == Rate(1, 2)
    client.force_login(office)
    url = reverse("campaign:filing_list", args=[agriculture.code])
    assert client.get(url).content.decode().count("<tr data-href") == 2
    assert client.get(url, {"filed": "1"}).content.decode().count("<tr data-href") == 1


def test_a_push_gives_each_ticked_unit_a_task(client, agriculture, office) -> None:
    client.force_login(office)
    due_on = timezone.localdate() + timedelta(days=7)
    keys = [agriculture.code, "1310-SAMR"]
    form = client.post(reverse("campaign:push_create"), {"key": keys})
    assert form.content.decode().count('name="key"') == 2
    answer = client.post(reverse("campaign:push_create"), {"key": keys, "title": "补齐佐证材料", "due_on": str(due_on)})

    assert answer.status_code == 302
    made = Case.objects.filter(type="task", source="push").order_by("unit_id")
    assert [(each.unit_id, each.due_on) for each in made] == [(code, due_on) for code in sorted(keys)]
