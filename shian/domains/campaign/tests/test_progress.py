"""The campaign on one page (A-01): the three parts add up, and an open item leads to its page with its deadline."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from shian.domains.campaign.models import Duty
from shian.domains.campaign.queries.evaluations import sight_for
from shian.domains.campaign.queries.progress import assigned_items, progress_of
from shian.domains.campaign.rules.progress import DONE, OPEN, OVERDUE, standing
from shian.domains.campaign.tables.progress import unit_row
from shian.domains.campaign.tests.test_unit_scores import made
from shian.engine.cases.declarations import case_type
from shian.kernel.accounts.models import Role, User
from shian.registers.people.models import Organisation
from shian.registers.people.tests.factories import reach_user

DAY = date(2022, 11, 24)


@pytest.mark.parametrize(
    ("is_met", "due_on", "expected"),
    [
        (True, date(2022, 11, 1), DONE),
        (False, date(2022, 11, 24), OPEN),
        (False, date(2022, 11, 23), OVERDUE),
    ],
)
def test_an_item_is_late_from_the_day_after_its_last(is_met: bool, due_on: date, expected: str) -> None:
    assert standing(is_met=is_met, due_on=due_on, on=DAY) == expected


@pytest.mark.django_db
@pytest.mark.usefixtures("langfang")
class TestCity:
    @pytest.fixture
    def office(self, client: Client) -> User:
        user = reach_user("office", "131000", Role.OFFICE)
        client.force_login(user)
        return user

    def test_done_open_and_overdue_add_up_to_what_each_unit_was_assigned(self, office: User) -> None:
        late = Duty.objects.filter(catalogue__kind="department", audience="AGRI").order_by("pk")[:3]
        Duty.objects.filter(pk__in=list(late.values_list("pk", flat=True))).update(due_on=date(2022, 6, 30))
        sight = sight_for(office)

        units = progress_of(assigned_items(office, sight, DAY), sight, office, DAY)

        lines = Duty.objects.filter(catalogue__state="issued", catalogue__kind__in=("department", "county"))
        assert sum(each.assigned for each in units) == lines.count()
        assert {each.audience for each in units} == set(lines.values_list("audience", flat=True))
        for each in units:
            assert each.done + each.open + each.overdue == lines.filter(audience=each.audience).count()
        assert any(each.done for each in units)
        assert any(each.open for each in units)

    def test_an_open_item_leads_to_its_evidence_owner_and_deadline(self, office: User, client: Client) -> None:
        board = client.get(reverse("campaign:progress_list")).content.decode()
        unit = re.search(r'href="([^"]*progress/department/AGRI/[^"]*standing=open[^"]*)"', board)
        assert unit
        items = client.get(unit[1].replace("&amp;", "&")).content.decode()
        item = re.search(r'href="(/campaign/items/[^"]+)"', items)
        assert item
        shown = client.get(item[1].replace("&amp;", "&")).content.decode()

        assert "创建工作联络员" in items
        for word in ("佐证材料", "牵头单位", "完成期限", "2022-11-24"):
            assert word in shown

    def test_a_day_after_the_evaluation_shows_its_results_and_what_became_late_since(
        self, office: User, client: Client
    ) -> None:
        def totals(**asked: str) -> dict[str, int]:
            told = client.get(reverse("campaign:progress_list"), asked).context["list"].table.totals
            return {key: told[key] for key in ("assigned", "done", "open", "overdue")}

        then, later = totals(), totals(as_of="2023-03-01")

        assert later["done"] == then["done"] > 0
        assert later["overdue"] == then["open"] + then["overdue"] > 0
        assert totals(as_of="2021-01-01")["done"] == 0
        unit = client.get(reverse("campaign:progress_detail", args=["department", "AGRI"]), {"as_of": "2023-03-01"})
        assert "standing=overdue" in unit.content.decode()
        item = re.search(r'href="(/campaign/items/[^"]+)"', unit.content.decode())
        assert item
        assert "as_of=2022-11-24" in item[1]

    def test_the_number_of_open_work_opens_the_cases_that_it_counts(self, office: User, client: Client) -> None:
        unit = Organisation.objects.get(department_code="AGRI", city="1310", county="")
        for kind in ("task", "problem", "score_appeal"):
            made(unit, f"新的{kind}", kind=kind, state=case_type(kind).states[0].key)
        own = progress_of(assigned_items(office, sight_for(office), DAY), sight_for(office), office, DAY)

        found = next(each for each in own if each.audience == "AGRI")
        listed = client.get(unit_row(found, {}).cells["work"].url)

        shown = listed.content.decode()
        assert listed.context["list"].table.page.total == found.work.open
        assert "新的task" in shown
        assert "新的problem" in shown
        assert "新的score_appeal" not in shown
        found.unit = ""
        assert unit_row(found, {}).cells["work"].url == ""

    def test_a_county_sees_its_own_line_only(self, client: Client) -> None:
        client.force_login(reach_user("county", "131022", Role.COUNTY))

        shown = client.get(reverse("campaign:progress_list")).content.decode()

        assert "progress/county/131022/" in shown
        assert "progress/county/131023/" not in shown
        assert client.get(reverse("campaign:progress_detail", args=["county", "131023"])).status_code == 404
