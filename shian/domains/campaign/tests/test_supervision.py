"""Paired supervision (A-12) and inspection rounds (A-19): who was not visited is flagged, what is late counts."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.queries.inspections import in_limit, points_by_format
from shian.domains.campaign.queries.visits import supervised_counties
from shian.domains.campaign.tests.factories import make_areas
from shian.domains.campaign.tests.loops import AT, opened, photo, took
from shian.engine.cases.models import Case
from shian.engine.cases.tests.cast import Cast
from shian.engine.ledgers.models import LedgerRow
from shian.kernel.scope.rules import columns_of_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    make_areas()
    return Cast()


def row(ledger: str, key: str, **data: object) -> None:
    LedgerRow.objects.create(
        ledger=ledger, key=f'["{key}"]', data=data, valid_from=date(2022, 1, 1), updated_at=AT, updated_by="test",
        organisation_code=str(data.get("org_code", "")), **columns_of_key(str(data["area_code"])),
    )  # fmt: skip


def visited(cast: Cast, county: str, on: date) -> Case:
    visit = opened(cast, "visit", area_key=county, due_on=on, title=f"到{county}督导", at=AT)
    took(visit, "visit", "test", data={"visited_on": on.isoformat()})
    return visit


def test_a_county_without_a_visit_in_the_period_is_flagged(cast: Cast) -> None:
    row("supervision_pairs", "131022", area_code="131022", position="分管副市长", org_code=cast.other.code)
    visited(cast, "131022", date(2023, 3, 6))
    finding = opened(cast, "problem", source="visit", data={"severity": "一般"})

    def told(today: date) -> dict[str, tuple[object, ...]]:
        return {
            each.area: (each.positions, each.visited_on, each.findings, each.late_since)
            for each in supervised_counties(cast.office, today)
        }

    assert told(date(2023, 4, 5))["131022"] == ("分管副市长", date(2023, 3, 6), 1, None)
    assert told(date(2023, 4, 6))["131022"][3] == date(2023, 4, 5)
    assert all(late for area, (*_rest, late) in told(date(2023, 3, 7)).items() if area != "131022")
    took(finding, "dismiss", "test", note="不属实")
    assert told(date(2023, 4, 5))["131022"][2] == 0


def test_the_page_names_the_supervisor_and_flags_the_county(cast: Cast, client: Client) -> None:
    row("supervision_pairs", "131022", area_code="131022", position="分管副市长", org_code=cast.other.code)
    visited(cast, "131022", timezone.localdate() - timedelta(days=31))
    client.force_login(cast.office)

    shown = client.get(reverse("campaign:visit_board")).content.decode()

    for word in ("分管副市长", "超期未督导", "没有督导记录"):
        assert word in shown


def test_a_visit_ends_only_when_its_findings_are_closed(cast: Cast, client: Client) -> None:
    visit = visited(cast, "131022", date(2023, 3, 6))
    took(visit, "report", "test", note="两个问题")
    client.force_login(cast.office)
    tab = client.get(reverse("cases:case_detail", args=[visit.pk]), {"tab": "findings"}).content.decode()
    opened(cast, "problem", source="visit", parent=visit, data={"severity": "一般"}, title="未公示许可证")

    assert f"parent={visit.pk}&amp;source=visit" in tab
    with pytest.raises(ValueError, match="下级事项"):
        took(visit, "close", cast.office)
    assert (
        "未公示许可证"
        in client.get(reverse("cases:case_detail", args=[visit.pk]), {"tab": "findings"}).content.decode()
    )


@pytest.fixture
def inspection(cast: Cast) -> Case:
    return opened(cast, "inspection", due_on=date(2023, 4, 14), data={"started_on": "2023-03-06"}, area_key="131022")


def problem_of(cast: Cast, round_: Case, *, days: int) -> Case:
    """Due on the tenth day and reported after so many."""
    case = opened(cast, "problem", source="inspection", parent=round_, data={"severity": "一般"}, unit=None)
    took(case, "assign", "test", unit=cast.bureau, due_on=date(2023, 3, 16))
    at = AT + timedelta(days=days)
    took(case, "submit", cast.officer, at, note="已改", files=[photo(at=at)], data={"measures": "补记"})
    took(case, "close", cast.office, at)
    return case


def test_the_share_inside_the_limit_reads_the_clock_of_the_rectification(cast: Cast, inspection: Case) -> None:
    problem_of(cast, inspection, days=10)
    problem_of(cast, inspection, days=11)
    opened(cast, "problem", source="inspection", parent=inspection, data={"severity": "一般"})

    found = in_limit(inspection, cast.office, date(2023, 3, 31))

    assert (found.total, found.closed, found.in_limit) == (3, 2, 1)


def test_a_rounds_page_shows_points_by_format_and_the_share_in_time(
    cast: Cast, inspection: Case, client: Client
) -> None:
    for number, (name, points) in enumerate((("小餐饮", 7), ("学校幼儿园食堂", 4), ("小餐饮", 2))):
        row("inspection_points", str(number), round_no=inspection.number, area_code="131022", format=name,
            points=points)  # fmt: skip
    row("inspection_points", "other", round_no="另一轮", area_code="131022", format="小餐饮", points=90)
    problem_of(cast, inspection, days=10)
    problem_of(cast, inspection, days=11)
    client.force_login(cast.office)

    shown = client.get(reverse("cases:case_detail", args=[inspection.pk]), {"tab": "findings"}).content.decode()

    assert points_by_format(inspection, cast.office) == {"小餐饮": 9, "学校幼儿园食堂": 4}
    for word in ("限期内整改销号", "50%", "学校幼儿园食堂"):
        assert word in shown
