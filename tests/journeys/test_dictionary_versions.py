"""A score of 2022 still shows the format names of 2022 (N-02): a city renames a format, pages of both days are read."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.actions import evaluate_area
from shian.domains.campaign.tests.factories import AT, make_areas, make_standard
from shian.kernel.accounts.models import Role, User
from shian.kernel.imports.actions import ImportSummary, import_path
from shian.kernel.imports.models import ImportBatch
from shian.registers.dictionaries.actions import confirm_entry, draft_entry
from shian.registers.operators.tests.files import operator, workbook

pytestmark = pytest.mark.django_db
SCORED, RENAMED, AFTER = date(2022, 11, 24), date(2023, 1, 1), date(2023, 6, 30)
OLD, NEW = "食杂店", "社区便民店"
SHOP = operator(code="Z1", area_code="131022100", opened_on="2020-01-01", format=OLD)


def bring(folder: Path, name: str, day: date) -> ImportSummary:
    path = workbook(folder / f"{name}-{day}.xlsx", [{**SHOP, "format": name}])
    (summary,) = import_path(path=path, by="carol", at=timezone.now(), importer="operators", effective_on=day)
    return summary


@pytest.fixture
def admin(client: Client) -> User:
    user = User.objects.create(username="alice", role=Role.ADMIN)
    client.force_login(user)
    return user


@pytest.fixture
def renamed(admin: User, tmp_path: Path) -> None:
    """Imported under the old name, scored, renamed by the city, imported under the new name."""
    make_areas()
    make_standard()
    assert bring(tmp_path, OLD, date(2022, 1, 1)).state == "accepted"
    evaluate_area(area="131022", as_of=SCORED, by="office", at=AT)
    entry = draft_entry(
        key="formats", code="12", name=NEW, area_code="131000", valid_from=RENAMED, reason="某文件",
        details={"kind": "食品销售", "stage": "流通"}, by=admin, at=timezone.now(),
    )  # fmt: skip
    confirm_entry(entry=entry, by=admin, at=timezone.now())
    assert bring(tmp_path, NEW, RENAMED).state == "accepted"


def rows_page(client: Client, as_of: date) -> str:
    """The rows behind the number of operators, as the page of the figure shows them."""
    query = {"area": "131022", "as_of": as_of.isoformat(), "side": "part", "cols": ["name", "format"]}
    return client.get(reverse("figures:figure_rows", args=["operators.total"]), query).content.decode()


def test_the_figure_of_each_day_opens_rows_with_the_names_of_that_day(renamed: None, client: Client) -> None:
    before, after = rows_page(client, SCORED), rows_page(client, AFTER)

    assert OLD in before
    assert NEW not in before
    assert NEW in after
    assert OLD not in after


def test_the_score_of_2022_stays_and_leads_to_the_names_of_2022(renamed: None, client: Client) -> None:
    first = evaluate_area(area="131022", as_of=SCORED, by="office", at=AT)
    page = client.get(reverse("campaign:item_list"), {"area": "131022", "as_of": SCORED.isoformat()})

    again = evaluate_area(area="131022", as_of=SCORED, by="office", at=AT)

    assert page.status_code == 200
    assert again == first
    assert NEW not in page.content.decode()
    assert OLD in rows_page(client, again.as_of)


def test_each_name_is_taken_on_its_own_days_only(renamed: None, tmp_path: Path) -> None:
    late, early = bring(tmp_path, OLD, date(2023, 3, 1)), bring(tmp_path, NEW, date(2022, 6, 1))

    assert (late.accepted, early.accepted) == (0, 0)
    reasons = [
        batch.problems.get(column="业态", severity="error").reason for batch in ImportBatch.objects.order_by("-id")[:2]
    ]
    assert OLD in reasons[0]
    assert NEW in reasons[1]


def test_a_new_format_of_the_city_is_offered_by_the_template_and_taken(
    admin: User, client: Client, tmp_path: Path
) -> None:
    make_areas()
    entry = draft_entry(
        key="formats", code="43", name="社区食堂", area_code="131000", valid_from=RENAMED, reason="某文件",
        details={"kind": "餐饮服务", "stage": "餐饮"}, by=admin, at=timezone.now(),
    )  # fmt: skip
    assert bring(tmp_path, "社区食堂", AFTER).accepted == 0

    confirm_entry(entry=entry, by=admin, at=timezone.now())

    assert bring(tmp_path, "社区食堂", date(2023, 7, 1)).accepted == 1
    assert "社区食堂" in client.get(reverse("census:operator_list")).content.decode()
